//! How a plan is run.

use super::script::{Load, lines, log, steps, steps_with_load, summary};
use shipit::pipeline::{Event, ExecuteOptions, Outcome, Plan, StepState, execute};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;

fn options(jobs: usize) -> ExecuteOptions {
    ExecuteOptions { jobs, ..ExecuteOptions::default() }
}

/// Runs a script; `cancel_at` is the line of the log after which the run is cancelled.
fn run(script: &str, options: ExecuteOptions, cancel_at: Option<&str>) -> (String, Outcome) {
    let plan = Plan::new(steps(script)).unwrap();
    run_plan(plan, options, cancel_at)
}

fn run_plan(plan: Plan, options: ExecuteOptions, cancel_at: Option<&str>) -> (String, Outcome) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let cancel = CancellationToken::new();
    let events: Arc<Mutex<Vec<Event>>> = Arc::default();
    let (seen, token, cancel_at) = (events.clone(), cancel.clone(), cancel_at.map(ToOwned::to_owned));
    let outcome = runtime.block_on(execute(plan, options, cancel, move |event| {
        let line = log(std::slice::from_ref(&event));
        seen.lock().unwrap().push(event);
        if Some(line.trim_end()) == cancel_at.as_deref() {
            token.cancel();
        }
    }));
    runtime.shutdown_timeout(Duration::from_secs(1));
    let log = log(&events.lock().unwrap());
    (log, outcome)
}

#[track_caller]
fn check(script: &str, options: ExecuteOptions, expect: &str) -> Outcome {
    let (log, outcome) = run(script, options, None);
    assert_eq!(log, lines(expect));
    outcome
}

#[test]
fn a_diamond_is_run_from_its_source_to_its_sink() {
    let outcome = check(
        "sink after left right: ok
         left after source: ok
         right after source: cached
         source: ok
         all after sink",
        options(1),
        "plan of 1 jobs: source left right sink
         source starts
         source done
         left starts
         left done
         right starts
         right cached
         sink starts
         sink done
         all done",
    );
    assert_eq!(outcome.exit_status(), 0);
    assert!(outcome.steps[4].gathers && !outcome.steps[3].gathers);
}

#[test]
fn required_by_waits_like_a_dependency() {
    check(
        "push: ok
         first before push: ok",
        options(1),
        "plan of 1 jobs: first push
         first starts
         first done
         push starts
         push done",
    );
}

#[test]
fn a_failure_skips_what_depends_on_it_and_nothing_else() {
    let outcome = check(
        "build-a: fail
         build-b: ok
         push-a after build-a: ok
         push-b after build-b: ok
         push after push-a push-b
         deploy-a after push-a: ok",
        options(1),
        "plan of 1 jobs: build-a build-b push-a push-b deploy-a
         build-a starts
         build-a failed: build-a broke
         push-a skipped because of build-a
         push skipped because of build-a
         deploy-a skipped because of build-a
         build-b starts
         build-b done
         push-b starts
         push-b done",
    );
    assert_eq!(outcome.exit_status(), 1);
    let expect = "build-a failed: build-a broke
        build-b done
        push-a skipped because of build-a
        push-b done
        push skipped because of build-a
        deploy-a skipped because of build-a
        exit 1";
    assert_eq!(summary(&outcome), lines(expect));
}

#[test]
fn a_step_that_needs_one_of_several_waits_for_all_and_runs_with_what_is_left() {
    let outcome = check(
        "near: ok
         far: fail
         push after build any near far: ok
         build: ok
         all after push",
        options(1),
        "plan of 1 jobs: near far build push
         near starts
         near done
         far starts
         far failed: far broke
         build starts
         build done
         push starts
         push done
         all done",
    );
    assert_eq!(outcome.exit_status(), 1);
}

#[test]
fn a_step_that_needs_one_of_several_is_skipped_when_none_is_left_or_something_else_fails() {
    check(
        "near: fail
         far: fail
         push any near far: ok
         all after push",
        options(1),
        "plan of 1 jobs: near far push
         near starts
         near failed: near broke
         far starts
         far failed: far broke
         push skipped because of far
         all skipped because of far",
    );
    check(
        "far: fail
         near: ok
         build after far: ok
         push after build any near far: ok",
        options(1),
        "plan of 1 jobs: far near build push
         far starts
         far failed: far broke
         build skipped because of far
         push skipped because of far
         near starts
         near done",
    );
}

#[test]
fn a_step_that_two_failures_forbid_names_the_first() {
    check(
        "a: fail
         b: fail
         c after a b: ok",
        options(1),
        "plan of 1 jobs: a b c
         a starts
         a failed: a broke
         c skipped because of a
         b starts
         b failed: b broke",
    );
}

#[test]
fn failing_fast_starts_nothing_new() {
    let outcome = check(
        "a: fail
         b: ok
         c after a: ok
         d after b: ok",
        ExecuteOptions { fail_fast: true, ..options(1) },
        "plan of 1 jobs: a b c d
         a starts
         a failed: a broke
         c skipped because of a
         b cancelled
         d cancelled",
    );
    assert!(!outcome.cancelled);
    assert_eq!(outcome.exit_status(), 1);
}

#[test]
fn failing_fast_finishes_what_runs() {
    let (log, outcome) =
        run("a: fail\n b: brief\n c after b: ok", ExecuteOptions { fail_fast: true, ..options(2) }, None);
    assert!(log.contains("b done\nc cancelled\n"), "{log}");
    assert_eq!(outcome.exit_status(), 1);
}

#[test]
fn the_longest_way_starts_first_and_is_gone_to_its_end() {
    check(
        "short: ok
         long-1: ok
         long-2 after long-1: ok
         long-3 after long-2: ok",
        options(1),
        "plan of 1 jobs: short long-1 long-2 long-3
         long-1 starts
         long-1 done
         long-2 starts
         long-2 done
         long-3 starts
         long-3 done
         short starts
         short done",
    );
}

#[test]
fn what_was_begun_is_finished_before_other_things_begin() {
    // What many wait for comes first of all, and no push waits for the builds of others.
    check(
        "engine: ok
         build-a after engine parameters: ok
         build-b after engine parameters: ok
         parameters: ok
         login after parameters: ok
         push-a after build-a login: ok
         push-b after build-b login: ok
         push after push-a push-b",
        options(1),
        "plan of 1 jobs: engine parameters build-a build-b login push-a push-b
         parameters starts
         parameters done
         login starts
         login done
         engine starts
         engine done
         build-a starts
         build-a done
         push-a starts
         push-a done
         build-b starts
         build-b done
         push-b starts
         push-b done
         push done",
    );
}

#[test]
fn no_more_actions_than_jobs_run_at_once() {
    for jobs in [0, 1, 3] {
        let load = Arc::new(Load::default());
        let script: String = (0..12).map(|step| format!("s{step}: brief\n")).collect();
        let plan = Plan::new(steps_with_load(&script, &load)).unwrap();
        let (_, outcome) = run_plan(plan, options(jobs), None);
        assert_eq!(outcome.exit_status(), 0);
        assert_eq!(load.most.load(Ordering::SeqCst), jobs.max(1));
    }
}

#[test]
fn independent_steps_run_at_once() {
    let start = Instant::now();
    let (_, outcome) = run("a: busy\n b: busy\n c: busy\n d: busy\n e: busy\n f: busy", options(6), None);
    assert_eq!(outcome.exit_status(), 0);
    assert!(start.elapsed() < Duration::from_millis(500), "{:?}", start.elapsed());
}

#[test]
fn gathering_steps_take_no_job_and_wait_for_each_other() {
    check(
        "inner
         outer after inner
         work after outer: ok
         end after work
         all after end outer",
        options(1),
        "plan of 1 jobs: work
         inner done
         outer done
         work starts
         work done
         end done
         all done",
    );
}

#[test]
fn cancelling_ends_running_steps_and_starts_nothing() {
    let (log, outcome) = run(
        "a: waits
         b: ok
         c after a: ok
         all after b c",
        options(1),
        Some("a starts"),
    );
    let expect = "plan of 1 jobs: a b c
        a starts
        cancelling
        b cancelled
        c cancelled
        all cancelled
        a cancelled";
    assert_eq!(log, lines(expect));
    assert!(outcome.cancelled);
    assert_eq!(outcome.exit_status(), 130);
}

#[test]
fn a_run_that_is_cancelled_before_it_starts_starts_nothing() {
    let (log, outcome) = run("gather\n a after gather: ok", options(1), Some("plan of 1 jobs: a"));
    assert_eq!(log, lines("plan of 1 jobs: a\n cancelling\n gather cancelled\n a cancelled"));
    assert_eq!(outcome.exit_status(), 130);
}

#[test]
fn a_step_that_is_done_when_it_is_told_to_end_is_done() {
    let (log, outcome) = run("a: finishes\n b after a: ok", options(1), Some("a starts"));
    // Whether the end of the step or the signal is seen first is up to the machine.
    let ends = ["cancelling\nb cancelled\na done\n", "a done\ncancelling\nb cancelled\n"];
    assert!(ends.iter().any(|end| log.contains(end)) && !log.contains("b starts"), "{log}");
    assert_eq!(outcome.exit_status(), 130);
}

#[test]
fn a_signal_after_the_last_step_changes_nothing() {
    let (log, outcome) = run("a: ok", options(1), Some("a done"));
    assert_eq!(log, lines("plan of 1 jobs: a\n a starts\n a done"));
    assert_eq!((outcome.cancelled, outcome.exit_status()), (false, 0));
}

#[test]
fn an_action_that_ignores_cancellation_is_dropped_after_the_grace() {
    let options = ExecuteOptions { grace: Duration::from_millis(50), ..options(2) };
    let start = Instant::now();
    let (log, outcome) = run("a: deaf\n b: waits", options, Some("b starts"));
    assert!(log.contains("b cancelled\na cancelled\n"), "{log}");
    assert!(start.elapsed() >= Duration::from_millis(50));
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
    assert!(outcome.steps.iter().all(|step| step.state == StepState::Cancelled));
}

#[test]
fn a_panic_is_a_failure_of_its_step() {
    let (log, outcome) = run("a: panic\n b: panic at once\n c after a: ok\n d: ok", options(1), None);
    // Where in the source it was stands behind the text.
    let is_place = |c: char| c.is_ascii_digit() || c == ':';
    let log: String = log
        .lines()
        .map(|line| match line.split_once(" (tests/it/pipeline/script.rs:") {
            Some((text, place)) => {
                assert!(place.trim_end_matches(')').chars().all(is_place), "{place}");
                format!("{text}\n")
            }
            None => format!("{line}\n"),
        })
        .collect();
    let expect = "plan of 1 jobs: a b d c
        a starts
        a failed: internal error: a fell over
        c skipped because of a
        b starts
        b failed: internal error: b fell over at once
        d starts
        d done";
    assert_eq!(log, lines(expect));
    assert_eq!(outcome.exit_status(), 1);
}

#[test]
fn progress_stays_between_the_start_and_the_end_of_its_step() {
    check(
        "a: noisy",
        options(1),
        "plan of 1 jobs: a
         a starts
         a task t of 2
         a task t at 1
         a task t over
         a says hello
         a done",
    );
    check(
        "a: late
         b after a: busy",
        options(1),
        "plan of 1 jobs: a b
         a starts
         a done
         b starts
         b done",
    );
}

#[test]
fn the_exit_status_tells_refusals_and_passing_faults() {
    let status = |script| run(script, options(2), None).1.exit_status();
    assert_eq!(status("a: refused\n b: refused\n c after a: ok"), 3);
    assert_eq!(status("a: passing\n b: ok"), 4);
    assert_eq!(status("a: passing\n b: refused"), 1);
    assert_eq!(status("a: refused\n b: fail"), 1);
    assert_eq!(status("a\n b after a"), 0);
    assert_eq!(run("", options(2), None).1.exit_status(), 0);
}

#[test]
fn a_thousand_steps_run_once_each() {
    let load = Arc::new(Load::default());
    let script: String = (0..1000)
        .map(|step| if step < 10 { format!("s{step}: ok\n") } else { format!("s{step} after s{}: ok\n", step - 10) })
        .collect();
    let plan = Plan::new(steps_with_load(&script, &load)).unwrap();
    let (log, outcome) = run_plan(plan, options(8), None);
    assert_eq!(outcome.exit_status(), 0);
    assert_eq!(load.calls.load(Ordering::SeqCst), 1000);
    assert_eq!(log.lines().count(), 2001);
    for step in 10..1000 {
        let place = |line: String| log.find(&line).unwrap_or_else(|| panic!("no line {line:?}"));
        assert!(place(format!("s{} done\n", step - 10)) < place(format!("\ns{step} starts\n")));
    }
}
