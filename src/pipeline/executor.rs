//! Runs a plan: each step as soon as what it depends on is done. Prints nothing and tries nothing
//! again; what happens is told as [`Event`]s.

use super::{Event, Failure, Outcome, Plan, StepContext, StepId, StepOutput, StepResult, StepState, panic};
use crate::util::{FailureClass, Progress};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::task::{AbortHandle, JoinError, JoinSet};
use tokio::time::{Instant, sleep_until, timeout};
use tokio_util::sync::CancellationToken;

/// How long dropped actions may take to tidy up.
const DROP_TIME: Duration = Duration::from_millis(250);

/// How a plan is run.
#[derive(Clone, Debug)]
pub struct ExecuteOptions {
    /// The most actions that run at once; 0 counts as 1.
    pub jobs: usize,
    /// Start nothing new after the first failure.
    pub fail_fast: bool,
    /// How long running actions may take to end after `cancel`; then they are dropped.
    pub grace: Duration,
}

impl Default for ExecuteOptions {
    fn default() -> Self {
        Self { jobs: 4, fail_fast: false, grace: Duration::from_secs(2) }
    }
}

/// Runs every step of a plan, at most [`jobs`](ExecuteOptions::jobs) at once; steps that only gather
/// others take no job.
///
/// A failure skips what waits for the failed step, directly or not, and nothing else; a step that
/// waits for several of which one is enough ([`Step::after_any`](super::Step)) is skipped when none is left. After `cancel`
/// nothing new starts and running actions are told to end; what they return as a failure then counts
/// as cancelled. A panic of an action is a failure of its step.
///
/// `events` is called from several threads, for one step from one thread at a time and in order:
/// `Started`, `Progress`…, `Ended`, and nothing after that. A step that did not run has only `Ended`,
/// as has one that gathers. `events` must be quick and must not report progress itself.
pub async fn execute(
    plan: Plan,
    options: ExecuteOptions,
    cancel: CancellationToken,
    events: impl Fn(Event) + Send + Sync + 'static,
) -> Outcome {
    let mut run = Run::new(plan, options, cancel, Arc::new(events));
    run.announce();
    run.work().await;
    run.outcome()
}

type Events = Arc<dyn Fn(Event) + Send + Sync>;

/// The position of a step and what its action returned, or the text of its panic.
type Returned = (usize, Result<Result<StepOutput, Failure>, String>);

/// What is known of a run; the only owner of the steps' states.
struct Run {
    plan: Plan,
    options: ExecuteOptions,
    cancel: CancellationToken,
    events: Events,
    began: Instant,
    dependents: Vec<Vec<usize>>,
    /// How many steps each one still waits for.
    waiting: Vec<usize>,
    /// How urgent each step is.
    urgency: Vec<Urgency>,
    /// What can start: the most urgent first, then by the plan's order.
    ready: BinaryHeap<(Urgency, Reverse<usize>)>,
    /// For each step what of its `after_any` has not failed.
    alternatives: Vec<BTreeSet<usize>>,
    results: Vec<Option<StepResult>>,
    running: BTreeMap<usize, Running>,
    tasks: JoinSet<Returned>,
    failed: bool,
    /// When running actions are dropped; `Some` once the run was cancelled.
    deadline: Option<Instant>,
}

/// What is compared first stands first; more is more urgent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Urgency {
    /// Actions on the longest way through the whole plan that leads over the step.
    way: usize,
    /// Those of it that are done before the step can start: what was begun is finished before other
    /// things begin, so that e.g. the network has something to do while others still compute.
    done: usize,
    /// Steps that wait for it.
    dependents: usize,
}

struct Running {
    started: Instant,
    gate: Arc<Gate>,
    abort: AbortHandle,
}

/// Lets a step's progress through until the step has ended.
struct Gate {
    open: Mutex<bool>,
}

impl Run {
    fn new(plan: Plan, options: ExecuteOptions, cancel: CancellationToken, events: Events) -> Self {
        let dependents = plan.dependents();
        Self {
            urgency: urgency(&plan, &dependents),
            waiting: plan.dependencies().iter().map(Vec::len).collect(),
            alternatives: plan.alternatives(),
            results: vec![None; plan.len()],
            dependents,
            ready: BinaryHeap::new(),
            running: BTreeMap::new(),
            tasks: JoinSet::new(),
            failed: false,
            deadline: None,
            began: Instant::now(),
            plan,
            options,
            cancel,
            events,
        }
    }

    fn announce(&mut self) {
        let steps = self.plan.steps().iter().filter(|step| step.action.is_some()).map(|step| step.id.clone()).collect();
        (self.events)(Event::Planned { steps, jobs: self.options.jobs.max(1) });
        if self.cancel.is_cancelled() {
            return;
        }
        for position in 0..self.plan.len() {
            if self.plan.dependencies()[position].is_empty() {
                self.make_ready(position);
            }
        }
    }

    async fn work(&mut self) {
        let cancel = self.cancel.clone();
        loop {
            if cancel.is_cancelled() && self.is_unfinished() {
                self.stop();
            }
            self.start_ready();
            if self.tasks.is_empty() {
                break;
            }
            let deadline = self.deadline;
            let end_of_grace = deadline.unwrap_or_else(Instant::now);
            tokio::select! {
                biased;
                Some(joined) = self.tasks.join_next() => self.joined(joined),
                () = cancel.cancelled(), if deadline.is_none() => {}
                () = sleep_until(end_of_grace), if deadline.is_some() => return self.drop_running().await,
            }
        }
        self.cancel_rest();
    }

    fn start_ready(&mut self) {
        while self.running.len() < self.options.jobs.max(1) && self.may_start() {
            let Some((_, Reverse(position))) = self.ready.pop() else { return };
            self.start(position);
        }
    }

    fn may_start(&self) -> bool {
        self.deadline.is_none() && !(self.failed && self.options.fail_fast)
    }

    fn is_unfinished(&self) -> bool {
        self.results.iter().any(Option::is_none)
    }

    fn start(&mut self, position: usize) {
        let step = &self.plan.steps()[position];
        let action = step.action.clone().expect("only steps with an action are made ready");
        let gate = Arc::new(Gate { open: Mutex::new(true) });
        let cx = StepContext {
            id: step.id.clone(),
            progress: progress(step.id.clone(), gate.clone(), self.events.clone()),
            cancel: self.cancel.child_token(),
        };
        (self.events)(Event::Started { step: step.id.clone() });
        let started = Instant::now();
        // The action is called inside of the task too: it may panic before it gives a future.
        let abort = self.tasks.spawn(async move { (position, panic::catch(async move { action(cx).await }).await) });
        self.running.insert(position, Running { started, gate, abort });
    }

    fn joined(&mut self, joined: Result<Returned, JoinError>) {
        let (position, state) = match joined {
            Ok((position, Ok(Ok(output)))) => (position, StepState::Done(output)),
            Ok((position, Ok(Err(_)))) if self.cancel.is_cancelled() => {
                self.stop();
                (position, StepState::Cancelled)
            }
            Ok((position, Ok(Err(failure)))) => (position, StepState::Failed(failure)),
            Ok((position, Err(text))) => (position, StepState::Failed(internal_error(text))),
            // A task ends so only when dropping what an action left behind panics.
            Err(error) => {
                let lost = self.running.iter().find(|(_, running)| running.abort.id() == error.id());
                let Some(position) = lost.map(|(position, _)| *position) else { return };
                (position, StepState::Failed(internal_error(error.to_string())))
            }
        };
        self.end(position, state);
    }

    fn end(&mut self, position: usize, state: StepState) {
        let Some(running) = self.running.remove(&position) else { return };
        running.gate.close();
        let failed = matches!(state, StepState::Failed(_));
        let done = matches!(state, StepState::Done(_));
        let started = running.started.duration_since(self.began);
        self.record(position, state, started, running.started.elapsed());
        if done {
            self.release(position);
        } else if failed {
            self.failed = true;
            self.skip_dependents(position);
        }
    }

    /// Makes ready what waited for nothing but this step.
    fn release(&mut self, position: usize) {
        for index in 0..self.dependents[position].len() {
            let dependent = self.dependents[position][index];
            self.waiting[dependent] -= 1;
            if self.waiting[dependent] == 0 && self.results[dependent].is_none() {
                self.make_ready(dependent);
            }
        }
    }

    /// A step with an action is queued; one without is done, as are those that waited only for it.
    fn make_ready(&mut self, position: usize) {
        let mut stack = vec![position];
        while let Some(position) = stack.pop() {
            if self.plan.steps()[position].action.is_some() {
                self.ready.push((self.urgency[position], Reverse(position)));
                continue;
            }
            let now = self.began.elapsed();
            self.record(position, StepState::Done(StepOutput::default()), now, Duration::ZERO);
            for dependent in &self.dependents[position] {
                self.waiting[*dependent] -= 1;
                if self.waiting[*dependent] == 0 {
                    stack.push(*dependent);
                }
            }
        }
    }

    fn skip_dependents(&mut self, failed: usize) {
        let because = self.plan.steps()[failed].id.clone();
        let mut stack = vec![failed];
        let mut skipped = BTreeSet::new();
        let mut ready = Vec::new();
        while let Some(lost) = stack.pop() {
            for index in 0..self.dependents[lost].len() {
                let dependent = self.dependents[lost][index];
                if self.results[dependent].is_some() || skipped.contains(&dependent) {
                    continue;
                }
                if self.does_without(dependent, lost) {
                    self.waiting[dependent] -= 1;
                    ready.push(dependent);
                } else {
                    skipped.insert(dependent);
                    stack.push(dependent);
                }
            }
        }
        ready.retain(|position| self.waiting[*position] == 0 && !skipped.contains(position));
        for position in skipped {
            let state = StepState::Skipped { because: because.clone() };
            self.record(position, state, Duration::ZERO, Duration::ZERO);
        }
        for position in ready {
            self.make_ready(position);
        }
    }

    /// Whether a step has another choice than the one that is lost.
    fn does_without(&mut self, position: usize, lost: usize) -> bool {
        let alternatives = &mut self.alternatives[position];
        alternatives.remove(&lost) && !alternatives.is_empty()
    }

    fn stop(&mut self) {
        if self.deadline.is_some() {
            return;
        }
        self.deadline = Some(Instant::now() + self.options.grace);
        self.ready.clear();
        (self.events)(Event::Cancelling);
        self.cancel_rest();
    }

    /// Ends what has neither ended nor started.
    fn cancel_rest(&mut self) {
        for position in 0..self.plan.len() {
            if self.results[position].is_none() && !self.running.contains_key(&position) {
                self.record(position, StepState::Cancelled, Duration::ZERO, Duration::ZERO);
            }
        }
    }

    async fn drop_running(&mut self) {
        self.tasks.abort_all();
        for position in self.running.keys().copied().collect::<Vec<_>>() {
            self.end(position, StepState::Cancelled);
        }
        // An action that blocks its thread cannot be dropped; it is left behind.
        let _ = timeout(DROP_TIME, async { while self.tasks.join_next().await.is_some() {} }).await;
    }

    fn record(&mut self, position: usize, state: StepState, started: Duration, elapsed: Duration) {
        let step = &self.plan.steps()[position];
        let gathers = step.action.is_none();
        (self.events)(Event::Ended { step: step.id.clone(), state: state.clone(), elapsed });
        self.results[position] = Some(StepResult { id: step.id.clone(), state, started, elapsed, gathers });
    }

    fn outcome(self) -> Outcome {
        let elapsed = self.began.elapsed();
        Outcome { steps: self.results.into_iter().flatten().collect(), cancelled: self.deadline.is_some(), elapsed }
    }
}

/// For each step, in the plan's order.
fn urgency(plan: &Plan, dependents: &[Vec<usize>]) -> Vec<Urgency> {
    let own = |position: usize| usize::from(plan.steps()[position].action.is_some());
    let mut urgency = vec![Urgency::default(); plan.len()];
    for position in 0..plan.len() {
        let before = plan.dependencies()[position].iter();
        let done = before.map(|before| urgency[*before].done + own(*before)).max().unwrap_or(0);
        urgency[position] = Urgency { done, way: 0, dependents: dependents[position].len() };
    }
    let mut left = vec![0; plan.len()];
    for position in (0..plan.len()).rev() {
        let after = dependents[position].iter().map(|after| left[*after]).max().unwrap_or(0);
        left[position] = after + own(position);
        urgency[position].way = urgency[position].done + left[position];
    }
    urgency
}

impl Gate {
    fn close(&self) {
        *self.open.lock().unwrap_or_else(PoisonError::into_inner) = false;
    }
}

fn progress(step: StepId, gate: Arc<Gate>, events: Events) -> Progress {
    Progress::new(move |update| {
        // Held while the event is told: the end of the step comes after it.
        let open = gate.open.lock().unwrap_or_else(PoisonError::into_inner);
        if *open {
            events(Event::Progress { step: step.clone(), update });
        }
    })
}

fn internal_error(text: String) -> Failure {
    Failure {
        class: FailureClass::Permanent,
        message: "internal error".to_owned(),
        causes: vec![text],
        help: Some("report this: it is a mistake in shipit".to_owned()),
    }
}
