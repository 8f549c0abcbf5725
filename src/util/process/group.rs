//! Ends a process with everything that it started.

use rustix::process::{Pid, Signal, kill_process_group, test_kill_process_group};
use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::io::{copy, sink};
use tokio::process::{Child, ChildStderr, ChildStdout};

/// How long a program may take to end by itself after SIGTERM.
pub(super) const GRACE: Duration = Duration::from_secs(5);

/// How often it is looked at meanwhile.
const POLL: Duration = Duration::from_millis(10);

/// The groups that run now, by the ids of their leaders.
static RUNNING: Mutex<BTreeSet<i32>> = Mutex::new(BTreeSet::new());

/// Kills everything that runs, for a process that ends at once and drops nothing.
pub fn kill_all() {
    for leader in std::mem::take(&mut *running()) {
        if let Some(id) = Pid::from_raw(leader) {
            signal(id, Signal::KILL);
        }
    }
}

fn running() -> std::sync::MutexGuard<'static, BTreeSet<i32>> {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A child that does not outlive this value for longer than the grace.
#[derive(Debug)]
pub(super) struct Group(Option<Ending>);

/// A group that is killed at once when this is dropped.
#[derive(Debug)]
struct Ending {
    child: Child,
    /// Kept open and read to the last: a program that cannot write any more would be ended by
    /// SIGPIPE before it could tidy up. `None` where somebody else reads.
    output: Option<(ChildStdout, ChildStderr)>,
    /// `None` when there is nothing left to kill.
    id: Option<Pid>,
}

impl Group {
    /// Takes a child over, with what is left of its output.
    pub(super) fn new(mut child: Child) -> Self {
        let id = child.id().and_then(group_id);
        running().extend(id.map(Pid::as_raw_pid));
        let output = child.stdout.take().zip(child.stderr.take());
        Self(Some(Ending { child, output, id }))
    }

    pub(super) fn child(&mut self) -> &mut Child {
        &mut self.ending().child
    }

    /// Of a child whose output went to pipes that nobody took.
    pub(super) fn parts(&mut self) -> (&mut Child, &mut ChildStdout, &mut ChildStderr) {
        let Ending { child, output, .. } = self.ending();
        let (stdout, stderr) = output.as_mut().expect("its output are pipes");
        (child, stdout, stderr)
    }

    fn ending(&mut self) -> &mut Ending {
        self.0.as_mut().expect("only methods that consume the group take the child")
    }

    /// The leader ended by itself: what it left in the background is its own business.
    pub(super) fn release(mut self) {
        if let Some(mut ending) = self.0.take() {
            ending.forget();
        }
    }

    /// Asks the whole group to end and waits for it; after the grace it is killed.
    pub(super) async fn end(mut self) {
        if let Some(ending) = self.0.take() {
            ending.finish().await;
        }
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        let Some(ending) = self.0.take() else { return };
        // In the background; without a runtime, and when it is shut down meanwhile, `ending` is
        // dropped and kills.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(ending.finish());
        }
    }
}

impl Ending {
    async fn finish(mut self) {
        let Some(id) = self.id else { return };
        signal(id, Signal::TERM);
        let Self { child, output, .. } = &mut self;
        let gone = tokio::select! {
            () = ended(child, id) => true,
            () = drain(output.as_mut()) => false,
            () = tokio::time::sleep(GRACE) => false,
        };
        if gone {
            self.forget();
        }
    }

    /// There is nothing left to kill.
    fn forget(&mut self) {
        if let Some(id) = self.id.take() {
            running().remove(&id.as_raw_pid());
        }
    }
}

/// Never ends.
async fn drain(output: Option<&mut (ChildStdout, ChildStderr)>) {
    if let Some((stdout, stderr)) = output {
        let (mut first, mut second) = (sink(), sink());
        let _ = tokio::join!(copy(stdout, &mut first), copy(stderr, &mut second));
    }
    std::future::pending().await
}

/// Waits until no process of the group is left.
async fn ended(child: &mut Child, id: Pid) {
    // A leader that nobody waited for is still a member of its group.
    let _ = child.wait().await;
    while test_kill_process_group(id).is_ok() {
        tokio::time::sleep(POLL).await;
    }
}

impl Drop for Ending {
    fn drop(&mut self) {
        if let Some(id) = self.id {
            signal(id, Signal::KILL);
            self.forget();
        }
    }
}

pub(super) fn group_id(leader: u32) -> Option<Pid> {
    i32::try_from(leader).ok().and_then(Pid::from_raw)
}

/// A group that is gone already is what was wanted.
pub(super) fn signal(id: Pid, signal: Signal) {
    let _ = kill_process_group(id, signal);
}
