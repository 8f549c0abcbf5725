//! Steps from a few lines of text, and events back to text.
//!
//! `NAME [after NAME…] [any NAME…] [before NAME…][: BEHAVIOUR]`; without a behaviour the step only gathers.

use shipit::pipeline::{
    Action, Event, Failure, Outcome, Step, StepContext, StepId, StepOutput, StepState, hide_panic_of_action,
};
use shipit::util::{FailureClass, Unit, Update};
use std::fmt::Write as _;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Once};
use std::time::Duration;

/// Counts how many actions run at once.
#[derive(Default)]
pub(crate) struct Load {
    now: AtomicUsize,
    pub(crate) most: AtomicUsize,
    pub(crate) calls: AtomicUsize,
}

/// Panics of actions are not printed, as in the program.
fn quiet_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let hook = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if !hide_panic_of_action(info) {
                hook(info);
            }
        }));
    });
}

pub(crate) fn steps(script: &str) -> Vec<Step> {
    steps_with_load(script, &Arc::default())
}

pub(crate) fn steps_with_load(script: &str, load: &Arc<Load>) -> Vec<Step> {
    quiet_panics();
    script.lines().map(str::trim).filter(|line| !line.is_empty()).map(|line| step(line, load)).collect()
}

fn step(line: &str, load: &Arc<Load>) -> Step {
    let (declaration, behaviour) = match line.split_once(':') {
        Some((declaration, behaviour)) => (declaration, Some(behaviour.trim().to_owned())),
        None => (line, None),
    };
    let mut words = declaration.split_whitespace();
    let id = StepId::new(words.next().expect("a step has a name"));
    let [mut after, mut any, mut before] = [const { Vec::new() }; 3];
    let mut list = &mut after;
    for word in words {
        match word {
            "after" => list = &mut after,
            "any" => list = &mut any,
            "before" => list = &mut before,
            name => list.push(StepId::new(name)),
        }
    }
    let description = format!("does {id}");
    let action = behaviour.map(|behaviour| action(behaviour, load.clone()));
    Step { id, description, after, after_any: any, before, action }
}

fn action(behaviour: String, load: Arc<Load>) -> Action {
    assert!(is_known(&behaviour), "{behaviour}");
    Arc::new(move |cx| {
        assert!(behaviour != "panic at once", "{} fell over at once", cx.id);
        let (behaviour, load) = (behaviour.clone(), load.clone());
        Box::pin(async move {
            load.calls.fetch_add(1, Ordering::SeqCst);
            let now = load.now.fetch_add(1, Ordering::SeqCst) + 1;
            load.most.fetch_max(now, Ordering::SeqCst);
            let result = behave(&behaviour, cx).await;
            load.now.fetch_sub(1, Ordering::SeqCst);
            result
        })
    })
}

fn is_known(behaviour: &str) -> bool {
    ["ok", "cached", "fail", "refused", "passing", "panic", "panic at once", "brief", "busy", "noisy", "late"]
        .contains(&behaviour)
        || ["waits", "finishes", "deaf"].contains(&behaviour)
}

async fn behave(behaviour: &str, cx: StepContext) -> Result<StepOutput, Failure> {
    let failure = |class| Err(Failure::new(class, format!("{} broke", cx.id)));
    match behaviour {
        "cached" => return Ok(StepOutput { cached: true, ..StepOutput::default() }),
        "fail" => return failure(FailureClass::Permanent),
        "refused" => return failure(FailureClass::Refused),
        "passing" => return failure(FailureClass::Passing),
        "panic" => panic!("{} fell over", cx.id),
        "brief" => tokio::time::sleep(Duration::from_millis(5)).await,
        "busy" => tokio::time::sleep(Duration::from_millis(100)).await,
        "noisy" => {
            cx.progress.start("t", "layer", Unit::Bytes, Some(2));
            cx.progress.advance("t", 1);
            cx.progress.finish("t", None);
            cx.progress.log("hello");
        }
        "late" => {
            // Outlives the step that it reports for.
            let progress = cx.progress.clone();
            tokio::spawn(async move {
                for _ in 0..50 {
                    tokio::time::sleep(Duration::from_millis(1)).await;
                    progress.notice("too late");
                }
            });
        }
        // Ends by itself when it is told to.
        "waits" => {
            cx.cancel.cancelled().await;
            return failure(FailureClass::Permanent);
        }
        // Is told to end just when it is done.
        "finishes" => cx.cancel.cancelled().await,
        // Does not listen.
        "deaf" => std::future::pending().await,
        _ => {}
    }
    Ok(StepOutput::default())
}

/// One line an event; times are left out.
pub(crate) fn log(events: &[Event]) -> String {
    let mut text = String::new();
    for event in events {
        match event {
            Event::Planned { steps, jobs } => {
                let steps: Vec<&str> = steps.iter().map(StepId::as_str).collect();
                writeln!(text, "plan of {jobs} jobs: {}", steps.join(" ")).unwrap();
            }
            Event::Started { step } => writeln!(text, "{step} starts").unwrap(),
            Event::Progress { step, update } => writeln!(text, "{step} {}", progress(update)).unwrap(),
            Event::Ended { step, state, .. } => writeln!(text, "{step} {}", ended(state)).unwrap(),
            Event::Cancelling => text.push_str("cancelling\n"),
        }
    }
    text
}

fn progress(update: &Update) -> String {
    match update {
        Update::TaskStarted { task, total, .. } => format!("task {task} of {}", total.unwrap_or_default()),
        Update::TaskAdvanced { task, done } => format!("task {task} at {done}"),
        Update::TaskFinished { task, .. } => format!("task {task} over"),
        Update::Log(line) => format!("says {line}"),
        Update::Notice(text) | Update::Detail(text) => format!("notes {text}"),
    }
}

pub(crate) fn ended(state: &StepState) -> String {
    match state {
        StepState::Done(output) if output.cached => "cached".to_owned(),
        StepState::Done(_) => "done".to_owned(),
        StepState::Failed(failure) => {
            let causes: String = failure.causes.iter().map(|cause| format!(": {cause}")).collect();
            format!("failed: {}{causes}", failure.message)
        }
        StepState::Skipped { because } => format!("skipped because of {because}"),
        StepState::Cancelled => "cancelled".to_owned(),
    }
}

pub(crate) fn summary(outcome: &Outcome) -> String {
    let lines = outcome.steps.iter().map(|step| format!("{} {}\n", step.id, ended(&step.state)));
    lines.collect::<String>() + &format!("exit {}\n", outcome.exit_status())
}

/// Without the indentation of the test.
pub(crate) fn lines(text: &str) -> String {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(|line| format!("{line}\n")).collect()
}
