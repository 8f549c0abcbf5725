//! `replicas`, `scale` and `job`.

use super::super::registry::not_empty;
use super::super::{Cx, values};
use crate::manifest::{Span, Spanned};
use crate::model::scope::Table;
use crate::model::written::{self, JobWord, QueueScales};
use crate::model::{CustomTrigger, EventTrigger, Job, JobTrigger, Replicas, Scale, ScaleRule, ScaleTrigger};
use std::collections::HashMap;

/// What KEDA's users take for granted (Azure Container Apps, "Set scaling rules").
const REQUESTS: u32 = 10;
const MESSAGES: u32 = 5;

pub(super) fn replicas(cx: &mut Cx<'_>, written: Option<&written::Replicas>) -> Replicas {
    let Some(written) = written else { return Replicas::default() };
    if let (Some(min), Some(max)) = (&written.min, &written.max)
        && min.get_ref().get() > max.get_ref().get()
    {
        let message = format!("`min` is {}, more than `max`, which is {}", min.get_ref().get(), max.get_ref().get());
        cx.error("bad-value", message, min.span(), "").also(&max.span(), "`max`").push();
    }
    Replicas { min: super::count(&written.min), max: super::count(&written.max) }
}

pub(super) fn scale(cx: &mut Cx<'_>, written: &Spanned<written::Scale>) -> Scale {
    let mut rules: Vec<ScaleRule> = Vec::new();
    let mut rule = |name: &str, span: Span, trigger: ScaleTrigger| {
        rules.push(ScaleRule { name: name.to_owned(), span, trigger });
    };
    let number = |value: &Option<Spanned<written::Int<1, 100_000>>>| super::count(value).map(Spanned::into_inner);
    if let Some(http) = &written.http {
        let concurrent_requests = number(&http.concurrent_requests).unwrap_or(REQUESTS);
        rule("http", http.span(), ScaleTrigger::Http { concurrent_requests });
    }
    if let Some(tcp) = &written.tcp {
        let concurrent_connections = number(&tcp.concurrent_connections).unwrap_or(REQUESTS);
        rule("tcp", tcp.span(), ScaleTrigger::Tcp { concurrent_connections });
    }
    if let Some(load) = &written.cpu
        && let Some(utilization) = utilization(cx, "cpu", load)
    {
        rule("cpu", load.span(), ScaleTrigger::Cpu { utilization });
    }
    if let Some(load) = &written.memory
        && let Some(utilization) = utilization(cx, "memory", load)
    {
        rule("memory", load.span(), ScaleTrigger::Memory { utilization });
    }
    rules.extend(counted(cx, written.queue.as_ref(), written.rules.as_deref().unwrap_or_default()));
    unique(cx, &rules);
    Scale {
        span: written.span(),
        rules,
        cooldown: super::count(&written.cooldown),
        polling_interval: super::count(&written.polling_interval),
    }
}

fn utilization(cx: &mut Cx<'_>, key: &str, load: &Spanned<written::LoadScale>) -> Option<u32> {
    let percent = super::count(&load.utilization);
    if percent.is_none() && !cx.is_reported(&load.span()) {
        cx.error("missing-key", format!("`{key}` has no `utilization`"), load.span(), "needs `utilization`")
            .help("write a percentage: `{ utilization = 70 }`")
            .push();
    }
    percent.map(Spanned::into_inner)
}

/// Rules that count something outside of the app: queues and KEDA's own.
fn counted(cx: &mut Cx<'_>, queues: Option<&QueueScales>, custom: &[Spanned<written::ScaleRule>]) -> Vec<ScaleRule> {
    let queues: Vec<&Spanned<written::QueueScale>> = match queues {
        None => Vec::new(),
        Some(QueueScales::Table(one)) => vec![one],
        Some(QueueScales::Array(many)) => many.iter().collect(),
    };
    let mut rules = Vec::new();
    for (index, queue) in queues.iter().enumerate() {
        let name = if queues.len() == 1 { "queue".to_owned() } else { format!("queue-{}", index + 1) };
        if let Some(trigger) = self::queue(cx, queue) {
            rules.push(ScaleRule { name, span: queue.span(), trigger });
        }
    }
    rules.extend(custom.iter().filter_map(|rule| self::custom(cx, rule)));
    rules
}

fn queue(cx: &mut Cx<'_>, written: &Spanned<written::QueueScale>) -> Option<ScaleTrigger> {
    let (Some(resource), Some(name)) = (&written.resource, &written.name) else {
        if cx.is_reported(&written.span()) {
            return None;
        }
        let lacks = if written.resource.is_none() { "resource" } else { "name" };
        cx.error("missing-key", format!("`queue` has no `{lacks}`"), written.span(), format!("needs `{lacks}`"))
            .help("write `{ resource = \"…\", name = \"…\", length = 5 }`")
            .push();
        return None;
    };
    let item = cx.named(resource, &[Table::Resources]);
    let queue = not_empty(cx, "name", name);
    let item = item?;
    cx.edge(&item.name, &resource.span());
    let length = super::count(&written.length).map_or(MESSAGES, Spanned::into_inner);
    Some(ScaleTrigger::Queue { resource: Spanned::new(resource.span(), item.name.clone()), queue: queue?, length })
}

fn custom(cx: &mut Cx<'_>, written: &Spanned<written::ScaleRule>) -> Option<ScaleRule> {
    let (Some(name), Some(kind)) = (&written.name, &written.r#type) else {
        if cx.is_reported(&written.span()) {
            return None;
        }
        let lacks = if written.name.is_none() { "name" } else { "type" };
        cx.error("missing-key", format!("a scale rule has no `{lacks}`"), written.span(), format!("needs `{lacks}`"))
            .help("write `{ name = \"…\", type = \"cron\", metadata = { … } }`")
            .push();
        return None;
    };
    let (name, kind) = (cx.plain("name", name), cx.plain("type", kind));
    let metadata = values(cx, written.metadata.iter().flatten(), |_, _| true);
    let auth = values(cx, written.auth.iter().flatten(), |_, _| true);
    let trigger = CustomTrigger { kind: kind?, metadata, auth, identity: written.identity.unwrap_or(false) };
    Some(ScaleRule { name: name?.into_inner(), span: written.span(), trigger: ScaleTrigger::Custom(trigger) })
}

fn unique(cx: &mut Cx<'_>, rules: &[ScaleRule]) {
    let mut seen: HashMap<&str, &Span> = HashMap::new();
    for rule in rules {
        if let Some(first) = seen.insert(&rule.name, &rule.span) {
            cx.error("duplicate-name", format!("two scale rules are called `{}`", rule.name), rule.span.clone(), "")
                .also(first, "the first")
                .help("give one of them another `name`")
                .push();
        }
    }
}

pub(super) fn job(cx: &mut Cx<'_>, written: &written::Job) -> Option<Job> {
    let table = match written {
        written::Job::String(word) => {
            let JobWord::Manual = word.get_ref();
            return Some(Job {
                span: word.span(),
                trigger: JobTrigger::Manual,
                timeout: None,
                retries: None,
                parallelism: None,
                completions: None,
            });
        }
        written::Job::Table(table) => table,
    };
    let manual = table.manual.as_ref().filter(|manual| *manual.get_ref()).map(Spanned::span);
    let starts = [manual.clone(), table.schedule.as_ref().map(Spanned::span), table.event.as_ref().map(Spanned::span)];
    let starts: Vec<Span> = starts.into_iter().flatten().collect();
    match starts.as_slice() {
        [_] => {}
        [] if cx.is_reported(&table.span()) => return None,
        [] => {
            cx.error("missing-key", "`job` does not say what starts it", table.span(), "")
                .help("write `manual = true`, `schedule = \"0 1 * * *\"` or `event = { … }`")
                .push();
            return None;
        }
        [first, second, ..] => cx
            .error("exclusive-keys", "a job is started by one thing", second.clone(), "")
            .also(first, "started by this too")
            .help("keep one of `manual`, `schedule` and `event`")
            .push(),
    }
    let trigger = match (&table.schedule, &table.event) {
        (Some(schedule), _) => {
            JobTrigger::Schedule(Spanned::new(schedule.span(), super::super::schedule::schedule(cx, schedule)?))
        }
        (None, Some(event)) => JobTrigger::Event(self::event(cx, event)),
        (None, None) => JobTrigger::Manual,
    };
    Some(Job {
        span: table.span(),
        trigger,
        timeout: super::count(&table.timeout),
        retries: super::count(&table.retries),
        parallelism: super::count(&table.parallelism),
        completions: super::count(&table.completions),
    })
}

fn event(cx: &mut Cx<'_>, written: &Spanned<written::JobEvent>) -> EventTrigger {
    let rules = counted(cx, written.queue.as_ref(), written.rules.as_deref().unwrap_or_default());
    unique(cx, &rules);
    if written.queue.is_none() && written.rules.is_none() && !cx.is_reported(&written.span()) {
        cx.error("missing-key", "`event` does not say what is counted", written.span(), "needs `queue` or `rules`")
            .help("write `queue = { resource = \"…\", name = \"…\" }` or `rules = [{ name = \"…\", type = \"…\" }]`")
            .push();
    }
    let (min, max) = (super::count(&written.min), super::count(&written.max));
    if let (Some(min), Some(max)) = (&min, &max)
        && min.get_ref() > max.get_ref()
    {
        let message = format!("`min` is {}, more than `max`, which is {}", min.get_ref(), max.get_ref());
        cx.error("bad-value", message, min.span(), "").also(&max.span(), "`max`").push();
    }
    let polling_interval = super::count(&written.polling_interval);
    let scale = Scale { span: written.span(), rules, cooldown: None, polling_interval };
    EventTrigger { scale, min, max }
}
