//! A build by BuildKit: the request, its answer, what it tells on the way.

use super::lines::Lines;
use super::memory::Loaded;
use super::output::{Output, failure};
use super::run::Job;
use super::session::Session;
use super::{BuildError, query};
use crate::image::engine::{EngineError, empty};
use crate::util::{Progress, Redactor, Unit};
use bollard::models::BuildInfoAux;
use bollard_buildkit_proto::moby::buildkit::v1::{StatusResponse, Vertex, VertexLog, VertexStatus};
use hyper::Method;
use hyper::header::HeaderMap;
use std::collections::{BTreeMap, BTreeSet};

/// The end of a step that took longer than this is told, in seconds.
const SLOW: f64 = 1.0;

pub(super) enum Error {
    /// The engine opened no session: it may build in another way.
    NoSession(EngineError),
    Build(BuildError),
}

impl<E: Into<BuildError>> From<E> for Error {
    fn from(error: E) -> Self {
        Self::Build(error.into())
    }
}

/// Builds and returns the image's id.
pub(super) async fn build(job: &Job<'_>, loaded: &mut Loaded) -> Result<String, Error> {
    let session = Session::open(job).await.map_err(Error::NoSession)?;
    let result = run(job, &session, loaded).await;
    session.sent.finish();
    match result {
        Ok(id) => Ok(id),
        // The cause on this side says more than what the engine made of it.
        Err(error) => Err(session.sent.failure().map_or(error, BuildError::Sending).into()),
    }
}

async fn run(job: &Job<'_>, session: &Session, loaded: &mut Loaded) -> Result<String, BuildError> {
    let id = session.id.as_str();
    let more = [("version", "2"), ("remote", "client-session"), ("session", id), ("buildid", id)];
    let path = query::path(job, &job.inputs.name, &more);
    let reply = job.engine.http.send("build the image", Method::POST, &path, HeaderMap::new(), empty()).await;
    let reply = reply.map_err(|error| job.refused(error))?;
    let mut output = Output::new(reply);
    let mut display = Display::new(job.progress, &job.spec.redactor);
    let mut id = None;
    while let Some(message) = output.next().await? {
        if let Some(words) = failure(&message) {
            display.end();
            return Err(BuildError::failed(words, job, display.failed.as_deref()));
        }
        match message.aux {
            Some(BuildInfoAux::BuildKit(status)) => {
                status.vertexes.iter().for_each(|vertex| loaded.step(&vertex.name));
                display.show(status);
            }
            Some(BuildInfoAux::Default(image)) => id = image.id.or(id),
            None => {}
        }
    }
    display.end();
    id.ok_or(BuildError::NoImage)
}

/// Turns BuildKit's status into lines and tasks.
struct Display<'a> {
    progress: &'a Progress,
    redactor: &'a Redactor,
    /// By digest.
    steps: BTreeMap<String, Step>,
    /// How many steps have a number.
    shown: usize,
    tasks: BTreeSet<String>,
    /// The name of the step that failed.
    failed: Option<String>,
}

#[derive(Default)]
struct Step {
    /// In the order in which steps begin, from 1; 0 before.
    number: usize,
    named: bool,
    ended: bool,
    /// `None` before it prints anything.
    lines: Option<Lines>,
}

impl<'a> Display<'a> {
    fn new(progress: &'a Progress, redactor: &'a Redactor) -> Self {
        Self { progress, redactor, steps: BTreeMap::new(), shown: 0, tasks: BTreeSet::new(), failed: None }
    }

    fn show(&mut self, status: StatusResponse) {
        for vertex in status.vertexes {
            self.vertex(&vertex);
        }
        for status in status.statuses {
            self.status(&status);
        }
        for log in status.logs {
            self.log(&log);
        }
        for warning in status.warnings {
            self.progress.notice(String::from_utf8_lossy(&warning.short));
        }
    }

    fn step(&mut self, digest: &str) -> &mut Step {
        let step = self.steps.entry(digest.to_owned()).or_default();
        if step.number == 0 {
            self.shown += 1;
            step.number = self.shown;
        }
        step
    }

    fn vertex(&mut self, vertex: &Vertex) {
        let progress = self.progress;
        // All steps are announced at once, long before most of them begin.
        if vertex.started.is_none() && vertex.completed.is_none() && !vertex.cached {
            return;
        }
        let is_own = is_of_the_builder(&vertex.name);
        let say = |text: String| if is_own { progress.detail(text) } else { progress.log(text) };
        let step = self.step(&vertex.digest);
        let number = step.number;
        let name = if std::mem::replace(&mut step.named, true) { String::new() } else { format!(" {}", vertex.name) };
        if step.ended || vertex.completed.is_none() {
            if !name.is_empty() {
                say(format!("#{number}{name}"));
            }
            return;
        }
        step.ended = true;
        step.flush(progress);
        let took = seconds(vertex);
        if !vertex.error.is_empty() {
            self.failed = Some(vertex.name.clone());
            // Why is said by the failure of the build.
            progress.log(format!("#{number}{name} failed"));
        } else if vertex.cached {
            say(format!("#{number}{name} cached"));
        } else if took >= SLOW {
            progress.log(format!("#{number} {} done {took:.1}s", vertex.name));
        } else if !name.is_empty() {
            say(format!("#{number}{name}"));
        }
    }

    /// What has an extent, e.g. a layer of a base image that is fetched.
    fn status(&mut self, status: &VertexStatus) {
        // Our own transfers are told by the side that sends.
        if status.total <= 0 || status.id.starts_with("transferring") {
            return;
        }
        let task = format!("{}/{}", status.vertex, status.id);
        let number = |value: i64| u64::try_from(value).unwrap_or_default();
        if self.tasks.insert(task.clone()) {
            self.progress.start(&task, &status.id, Unit::Bytes, Some(number(status.total)));
        }
        self.progress.advance(&task, number(status.current));
        if status.completed.is_some() && self.tasks.contains(&task) {
            self.progress.finish(&task, None);
        }
    }

    fn log(&mut self, log: &VertexLog) {
        let (progress, redactor) = (self.progress, self.redactor);
        let step = self.step(&log.vertex);
        let number = step.number;
        let lines = step.lines.get_or_insert_with(|| Lines::new(redactor));
        lines.push(&log.msg, |line| print(progress, number, line));
    }

    fn end(&mut self) {
        for step in self.steps.values_mut() {
            step.flush(self.progress);
        }
    }
}

impl Step {
    fn flush(&mut self, progress: &Progress) {
        if let Some(mut lines) = self.lines.take() {
            lines.finish(|line| print(progress, self.number, line));
        }
    }
}

fn print(progress: &Progress, number: usize, line: &str) {
    // What is written over the line keeps the number before it.
    let line = line.replace('\r', &format!("\r#{number} "));
    progress.log(format!("#{number} {line}"));
}

/// Whether a step is the builder's own, and not a line of a Dockerfile.
fn is_of_the_builder(name: &str) -> bool {
    name.starts_with("[internal]") || name.starts_with("exporting to ")
}

fn seconds(vertex: &Vertex) -> f64 {
    let (Some(start), Some(end)) = (&vertex.started, &vertex.completed) else { return 0.0 };
    let at = |seconds: i64, nanos: i32| seconds as f64 + f64::from(nanos) / 1e9;
    (at(end.seconds, end.nanos) - at(start.seconds, start.nanos)).max(0.0)
}
