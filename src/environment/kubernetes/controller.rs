//! What keeps pods running: Deployment, StatefulSet, Job, CronJob, and what changes their number.

use super::input::{Input, InputInfo, Replicas, key};
use super::names::{MAKER, dns};
use super::node::{Map, Node};
use super::pod::{Pod, pod};
use super::release::{Document, Rank};
use super::storage::Claims;
use super::text::Text;
use super::workload::{What, Workload};
use super::writer::Writer;
use crate::environment::lowering::{Lowering as _, Text as _};
use crate::model::{App, Job, JobTrigger, Name, ParameterType, ScaleTrigger, VolumeSource};
use crate::render::yaml;
use crate::util::text::short_hash;

/// Old versions that can be gone back to.
const HISTORY: u32 = 3;
/// Percent of the processors, where nothing else says when more are needed.
const UTILIZATION: u32 = 80;
/// How often a failed pod of a job is tried again, where nothing is said.
const RETRIES: u32 = 0;
/// Seconds after its end until a job that a deployment ran is taken away: a day.
const KEPT: u32 = 86_400;
/// Never: what starts a job is not the time.
const BY_HAND: &str = "0 0 31 2 *";

/// The objects of a workload that run it.
pub(super) fn documents(
    lowering: &mut Writer<'_>,
    claims: &mut Claims,
    workload: &Workload<'_>,
    is_awaited: bool,
) -> Vec<Document> {
    let Pod { template, keeps, mut documents } = pod(lowering, claims, workload);
    documents.push(account(lowering, workload));
    let document = match (workload.job(), workload.what) {
        (Some(job), _) => self::job(lowering, workload, job, template, is_awaited),
        (None, What::Service(_)) if keeps => stateful_set(lowering, workload, template),
        (None, What::Service(_)) => {
            let strategy = Map::new().with("type", "Recreate");
            deployment(lowering, workload, template, Some(Node::from(1_u32)), strategy)
        }
        (None, What::App(app)) => {
            let (replicas, scaler) = replicas(lowering, workload, app);
            documents.extend(scaler);
            let strategy = strategy(claims, app);
            deployment(lowering, workload, template, replicas, strategy)
        }
    };
    documents.push(document);
    documents
}

fn account(lowering: &Writer<'_>, workload: &Workload<'_>) -> Document {
    let body = Map::new().with("automountServiceAccountToken", false);
    let metadata = workload.metadata(lowering, &workload.object);
    Document::new("v1", "ServiceAccount", metadata, body).at(&workload.object, "serviceaccount", Rank::Account)
}

fn deployment(
    lowering: &Writer<'_>,
    workload: &Workload<'_>,
    template: Map,
    replicas: Option<Node>,
    strategy: Map,
) -> Document {
    let spec = Map::new()
        .some("replicas", replicas)
        .with("revisionHistoryLimit", HISTORY)
        .with("strategy", strategy)
        .with("selector", Map::new().with("matchLabels", workload.selector()))
        .with("template", template);
    let metadata = workload.metadata(lowering, &workload.object);
    Document::new("apps/v1", "Deployment", metadata, Map::new().with("spec", spec)).at(
        &workload.object,
        "deployment",
        Rank::Workload,
    )
}

/// A volume that one machine has at a time cannot go to the next pod before the last one is gone.
fn strategy(claims: &Claims, app: &App) -> Map {
    let holds = app.volumes.iter().any(|volume| match &volume.source {
        VolumeSource::Named(name) => !claims.is_shared(&dns(name.get_ref(), super::names::LABEL)),
        VolumeSource::Folder(_) | VolumeSource::Temporary => false,
    });
    if holds {
        return Map::new().with("type", "Recreate");
    }
    let rolling = Map::new().with("maxSurge", 1_u32).with("maxUnavailable", 0_u32);
    Map::new().with("type", "RollingUpdate").with("rollingUpdate", rolling)
}

fn stateful_set(lowering: &Writer<'_>, workload: &Workload<'_>, template: Map) -> Document {
    let name = dns(&workload.object, MAKER);
    let spec = Map::new()
        .with("replicas", 1_u32)
        .with("serviceName", &workload.object)
        .with("revisionHistoryLimit", HISTORY)
        .with("selector", Map::new().with("matchLabels", workload.selector()))
        .with("template", template);
    let metadata = workload.metadata(lowering, &name);
    Document::new("apps/v1", "StatefulSet", metadata, Map::new().with("spec", spec)).at(
        &workload.object,
        "statefulset",
        Rank::Workload,
    )
}

fn job(lowering: &mut Writer<'_>, workload: &Workload<'_>, job: &Job, template: Map, is_awaited: bool) -> Document {
    let number = |written: &Option<crate::manifest::Spanned<u32>>| written.as_ref().map(|number| *number.get_ref());
    let spec = Map::new()
        .some("activeDeadlineSeconds", number(&job.timeout))
        .with("backoffLimit", number(&job.retries).unwrap_or(RETRIES))
        .some("parallelism", number(&job.parallelism))
        .some("completions", number(&job.completions));
    let (schedule, suspended) = match &job.trigger {
        JobTrigger::Schedule(schedule) => (schedule.get_ref().as_str(), false),
        JobTrigger::Manual if is_awaited => {
            return once(lowering, workload, spec.with("ttlSecondsAfterFinished", KEPT), template);
        }
        JobTrigger::Manual => (BY_HAND, true),
        JobTrigger::Event(_) => {
            let message = format!("Kubernetes starts `{}` at no event", workload.name);
            let object = dns(&workload.object, MAKER);
            let help = format!("start it by hand: `kubectl create job --from=cronjob/{object} {object}-1`");
            lowering.warning("no-effect", message, &job.span, help);
            (BY_HAND, true)
        }
    };
    let spec = Map::new()
        .with("schedule", schedule)
        .with("timeZone", "Etc/UTC")
        .some("suspend", suspended.then_some(true))
        .with("concurrencyPolicy", "Forbid")
        .with("successfulJobsHistoryLimit", HISTORY)
        .with("failedJobsHistoryLimit", HISTORY)
        .with("jobTemplate", Map::new().with("spec", spec.with("template", template)));
    let metadata = workload.metadata(lowering, &dns(&workload.object, MAKER));
    Document::new("batch/v1", "CronJob", metadata, Map::new().with("spec", spec)).at(
        &workload.object,
        "cronjob",
        Rank::Workload,
    )
}

/// A job that others wait for runs once with every deployment that changes it: a job cannot be
/// changed, so its name is.
fn once(lowering: &Writer<'_>, workload: &Workload<'_>, spec: Map, template: Map) -> Document {
    let spec = spec.with("template", template);
    let printed = yaml::document(&Node::Map(spec.clone()).template(&lowering.inputs));
    let changes = workload.image.clone().and(Text::literal(format!(" {}", short_hash(&printed))));
    let name = Text::literal(format!("{}-", dns(&workload.object, MAKER))).and(Text::digest(changes, 10));
    let metadata = super::workload::metadata(name, workload.labels(lowering));
    let body = Map::new().with("spec", spec);
    Document::new("batch/v1", "Job", metadata, body).at(&workload.object, "job", Rank::Workload)
}

/// How many run: a number, or `None` and what changes it.
fn replicas(lowering: &mut Writer<'_>, workload: &Workload<'_>, app: &App) -> (Option<Node>, Option<Document>) {
    let min = app.replicas.min.as_ref().map_or(1, |min| *min.get_ref());
    let max = app.replicas.max.as_ref().map(|max| *max.get_ref());
    let metrics = metrics(lowering, workload, app);
    let is_scaled = max.is_some_and(|max| max > min.max(1)) || (!metrics.is_empty() && max.is_none());
    if !is_scaled {
        return (Some(count(lowering, &app.name, Replicas::Fixed, min)), None);
    }
    if let (0, Some(written)) = (min, &app.replicas.min) {
        let message = format!("Kubernetes keeps at least one of `{}` running", app.name);
        lowering.warning("no-effect", message, &written.span(), "write `min = 1`, or scale to none with KEDA");
    }
    let metrics = match metrics.is_empty() {
        true => vec![resource_metric("cpu", UTILIZATION)],
        false => metrics,
    };
    for (name, known) in [("cpu", workload.cpu.is_some()), ("memory", workload.memory.is_some())] {
        let is_counted = metrics.contains(&resource_metric_of(name, app));
        if is_counted && !known {
            let message =
                format!("`{}` grows with its use of {name}, and says not how much of it one replica has", app.name);
            lowering.warning("no-request", message, &app.span, format!("write `{name}`"));
        }
    }
    let target = Map::new().with("apiVersion", "apps/v1").with("kind", "Deployment").with("name", &workload.object);
    let mut spec = Map::new()
        .with("scaleTargetRef", target)
        .with("minReplicas", count(lowering, &app.name, Replicas::Min, min.max(1)))
        .with("maxReplicas", count(lowering, &app.name, Replicas::Max, max.unwrap_or_else(|| (min * 10).max(10))))
        .with("metrics", metrics);
    if let Some(cooldown) = app.scale.as_ref().and_then(|scale| scale.cooldown.as_ref()) {
        let down = Map::new().with("stabilizationWindowSeconds", (*cooldown.get_ref()).min(3600));
        spec.put("behavior", Map::new().with("scaleDown", down));
    }
    let body = Map::new().with("spec", spec);
    let metadata = workload.metadata(lowering, &workload.object);
    let scaler = Document::new("autoscaling/v2", "HorizontalPodAutoscaler", metadata, body);
    (None, Some(scaler.at(&workload.object, "horizontalpodautoscaler", Rank::Scaler)))
}

/// A number of replicas: a value of the chart.
fn count(lowering: &mut Writer<'_>, app: &Name, which: Replicas, number: u32) -> Node {
    let (ending, about) = match which {
        Replicas::Fixed => ("replicas", "How many"),
        Replicas::Min => ("minReplicas", "The fewest"),
        Replicas::Max => ("maxReplicas", "The most"),
    };
    let about = format!("{about} of `{app}` that run.");
    let mut info = InputInfo::plain(&["parameters", &key(app), ending], about, Some(number.to_string()));
    info.kind = ParameterType::Int;
    Node::Count(lowering.input(Input::Replicas(app.clone(), which), info))
}

fn resource_metric(name: &str, utilization: u32) -> Node {
    let target = Map::new().with("type", "Utilization").with("averageUtilization", utilization);
    Map::new().with("type", "Resource").with("resource", Map::new().with("name", name).with("target", target)).into()
}

fn resource_metric_of(name: &str, app: &App) -> Node {
    let rules = app.scale.iter().flat_map(|scale| &scale.rules);
    let mut utilization = rules.filter_map(|rule| match (&rule.trigger, name) {
        (ScaleTrigger::Cpu { utilization }, "cpu") | (ScaleTrigger::Memory { utilization }, "memory") => {
            Some(*utilization)
        }
        _ => None,
    });
    resource_metric(name, utilization.next().unwrap_or(UTILIZATION))
}

fn metrics(lowering: &mut Writer<'_>, workload: &Workload<'_>, app: &App) -> Vec<Node> {
    let mut metrics = Vec::new();
    let Some(scale) = &app.scale else { return metrics };
    for rule in &scale.rules {
        let what = match &rule.trigger {
            ScaleTrigger::Cpu { .. } => {
                metrics.push(resource_metric_of("cpu", app));
                continue;
            }
            ScaleTrigger::Memory { .. } => {
                metrics.push(resource_metric_of("memory", app));
                continue;
            }
            ScaleTrigger::Http { .. } => "requests",
            ScaleTrigger::Tcp { .. } => "connections",
            ScaleTrigger::Queue { .. } => "messages of a queue",
            ScaleTrigger::Custom(_) => "what a scaler of KEDA counts",
        };
        let message = format!("Kubernetes does not scale `{}` by {what}", workload.name);
        let help = "scale by `cpu` or `memory`, or write a `ScaledObject` of KEDA's yourself";
        lowering.warning("no-effect", message, &rule.span, help);
    }
    if let Some(polling) = &scale.polling_interval {
        let message = "how often the cluster looks is a setting of the cluster";
        lowering.warning("no-effect", message, &polling.span(), "take it out");
    }
    metrics
}
