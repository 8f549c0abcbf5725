//! What a plan accepts, its order, its selections and its drawings.

use super::script::{lines, steps};
use shipit::pipeline::{Plan, StepId, graph};
use std::time::{Duration, Instant};

const SHOP: &str = "
    params: ok
    engine: ok
    build-api after params engine: ok
    build-worker after params engine: ok
    login-main after params: ok
    push-api after build-api login-main: ok
    push-worker after build-worker login-main: ok
    push after push-api push-worker
    note before push-worker: ok
    other: ok
";

fn plan(script: &str) -> Plan {
    Plan::new(steps(script)).unwrap()
}

fn mistakes(script: &str, expect: &str) {
    let error = Plan::new(steps(script)).unwrap_err();
    assert_eq!(lines(&error.to_string()), lines(expect));
}

fn ids(plan: &Plan) -> String {
    plan.steps().iter().map(|step| step.id.as_str()).collect::<Vec<_>>().join(" ")
}

#[test]
fn steps_are_ordered_by_level_then_by_declaration() {
    let plan = plan(SHOP);
    assert_eq!(ids(&plan), "params engine note other build-api build-worker login-main push-api push-worker push");
    let levels: Vec<Vec<&str>> =
        plan.levels().iter().map(|level| level.iter().map(|step| step.id.as_str()).collect()).collect();
    assert_eq!(
        levels,
        [
            vec!["params", "engine", "note", "other"],
            vec!["build-api", "build-worker", "login-main"],
            vec!["push-api", "push-worker"],
            vec!["push"],
        ]
    );
}

#[test]
fn before_becomes_after() {
    let plan = plan(SHOP);
    let worker = plan.get("push-worker").unwrap();
    assert_eq!(worker.after, ["build-worker", "login-main", "note"].map(StepId::new));
    assert!(plan.steps().iter().all(|step| step.before.is_empty()));
}

#[test]
fn what_one_of_is_enough_is_waited_for_and_selected_too() {
    let plan = plan("near: ok\nfar: ok\npush any near far: ok\nother: ok").select(&["push"]).unwrap();
    assert_eq!(ids(&plan), "near far push");
    assert_eq!(plan.get("push").unwrap().after, ["near", "far"].map(StepId::new));
    mistakes("push any nowhere: ok", "step `push` is to run after `nowhere`, which is no step");
    mistakes("a any b: ok\nb after a: ok", "steps wait for each other: `a` after `b` after `a`");
}

#[test]
fn a_selection_is_what_was_named_and_what_it_needs() {
    let plan = plan(SHOP);
    assert_eq!(ids(&plan.select(&["push-api"]).unwrap()), "params engine build-api login-main push-api");
    assert_eq!(ids(&plan.select(&["build-worker", "other"]).unwrap()), "params engine other build-worker");
    assert_eq!(
        ids(&plan.select(&["push"]).unwrap()),
        "params engine note build-api build-worker login-main push-api push-worker push"
    );
    assert!(plan.select(&[]).unwrap().is_empty());
    let again = plan.select(&["push"]).unwrap().select(&["push-api"]).unwrap();
    assert_eq!(ids(&again), "params engine build-api login-main push-api");
    assert_eq!(again.get("push-api").unwrap().after, ["build-api", "login-main"].map(StepId::new));
}

#[test]
fn an_unknown_step_is_reported_with_the_nearest_names() {
    let unknown = plan(SHOP).select(&["psh", "push", "api", "zzzzzz"]).unwrap_err();
    let messages: Vec<String> = unknown.iter().map(ToString::to_string).collect();
    assert_eq!(
        messages,
        [
            "there is no step `psh` (did you mean `push`?)",
            "there is no step `api` (near: `build-api` and `push-api`)",
            "there is no step `zzzzzz`",
        ]
    );
}

#[test]
fn every_mistake_is_reported_at_once() {
    mistakes(
        "a after bild: ok
         a: ok
         a: ok
         build before pish: ok
         push: ok
         x after z: ok
         y after x: ok
         z after y: ok
         self after self: ok",
        "step `a` is declared more than once
         step `a` is to run after `bild`, which is no step (did you mean `build`?)
         step `build` is to run before `pish`, which is no step (did you mean `push`?)
         steps wait for each other: `x` after `z` after `y` after `x`
         steps wait for each other: `self` after `self`",
    );
}

#[test]
fn a_cycle_is_found_through_before_and_behind_other_cycles() {
    mistakes(
        "a after b: ok
         b: ok
         a2 before b after a: ok
         c after a d: ok
         d after c: ok
         e after d: ok",
        "steps wait for each other: `a` after `b` after `a2` after `a`
         steps wait for each other: `c` after `d` after `c`",
    );
}

#[test]
fn a_dependency_that_is_declared_twice_counts_once() {
    let plan = plan("a before b: ok\n b after a a: ok");
    assert_eq!(plan.get("b").unwrap().after, [StepId::new("a")]);
}

#[test]
fn ten_thousand_steps_are_planned_quickly() {
    let mut script = String::from("s0: ok\n");
    for step in 1..10_000 {
        script += &format!("s{step} after s{} s{}: ok\n", step - 1, step / 2);
    }
    let steps = steps(&script);
    let start = Instant::now();
    let plan = Plan::new(steps).unwrap();
    let chosen = plan.select(&["s9998"]).unwrap();
    let elapsed = start.elapsed();
    assert_eq!((plan.levels().len(), chosen.len()), (10_000, 9_999));
    // Without optimisation and on a busy machine; a quadratic way would take minutes.
    assert!(elapsed < Duration::from_secs(3), "{elapsed:?}");

    let mut steps = plan.steps().to_vec();
    steps[0].after.push(StepId::new("s9999"));
    let error = Plan::new(steps).unwrap_err();
    assert_eq!(error.problems.len(), 1);
}

const SMALL: &str = "
    engine: ok
    build-api after engine: ok
    build-\"b\" after engine: ok
    push after build-api build-\"b\"
";

#[test]
fn a_plan_is_drawn_as_a_tree() {
    let expect = "\
push
├── build-api
│   └── engine
└── build-\"b\"
    └── engine
";
    assert_eq!(graph::text(&plan(SMALL)), expect);
    let expect = "\
other
push
├── push-api
│   ├── build-api
│   │   ├── params
│   │   └── engine
│   └── login-main
│       └── params
└── push-worker
    ├── build-worker
    │   ├── params
    │   └── engine
    ├── login-main (above)
    └── note
";
    assert_eq!(graph::text(&plan(SHOP)), expect);
}

#[test]
fn a_plan_is_drawn_for_mermaid_and_graphviz() {
    let expect = "\
flowchart LR
    s0[\"engine\"]
    s1[\"build-api\"]
    s2[\"build-#quot;b#quot;\"]
    s3([\"push\"])
    s0 --> s1
    s0 --> s2
    s1 --> s3
    s2 --> s3
";
    assert_eq!(graph::mermaid(&plan(SMALL)), expect);
    let expect = "\
digraph shipit {
    rankdir=LR;
    node [shape=box];
    \"engine\";
    \"build-api\";
    \"build-\\\"b\\\"\";
    \"push\" [shape=ellipse];
    \"engine\" -> \"build-api\";
    \"engine\" -> \"build-\\\"b\\\"\";
    \"build-api\" -> \"push\";
    \"build-\\\"b\\\"\" -> \"push\";
}
";
    assert_eq!(graph::dot(&plan(SMALL)), expect);
}

#[test]
fn a_plan_is_written_as_json() {
    let plan = plan("a: ok\n b after a");
    let expect = serde_json::json!({"steps": [
        {"id": "a", "description": "does a", "after": [], "level": 0, "gathers": false},
        {"id": "b", "description": "does b", "after": ["a"], "level": 1, "gathers": true},
    ]});
    assert_eq!(graph::json(&plan), expect);
}
