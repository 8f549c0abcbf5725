//! Probes and scale rules (Microsoft Learn, "Health probes in Azure Container Apps", "Set scaling rules in
//! Azure Container Apps").

use super::super::ingress::{Port, Ports};
use super::super::workload::Workload;
use super::all::Cx;
use crate::manifest::Spanned;
use crate::model::{JobTrigger, Probe, Scale, ScaleTrigger};

/// The most seconds before the first probe.
const INITIAL_DELAY: u32 = 60;
/// The most seconds between probes, and for an answer.
const PERIOD: u32 = 240;
/// The most failures or successes in a row.
const THRESHOLD: u32 = 10;
/// The most failures while an app starts, which is what Azure itself takes for granted.
const SLOW_START: u32 = 240;

pub(super) fn check(cx: &mut Cx<'_>, workload: &Workload<'_>) {
    let health = workload.health;
    // Failures and successes in a row.
    let probes =
        [(&health.startup, SLOW_START, 1), (&health.liveness, THRESHOLD, 1), (&health.readiness, THRESHOLD, THRESHOLD)];
    for (probe, failures, successes) in probes {
        if let Some(probe) = probe {
            self::probe(cx, workload, probe, failures, successes);
        }
    }
    if let Some(scale) = workload.scale {
        self::scale(cx, workload, scale);
    }
    if let Some(JobTrigger::Event(event)) = workload.job.map(|job| &job.trigger) {
        queues(cx, &event.scale);
    }
}

fn probe(cx: &mut Cx<'_>, workload: &Workload<'_>, probe: &Probe, failures: u32, successes: u32) {
    if probe.is_only_a_command() {
        let message = "Container Apps runs no command in a container to see how it is: this probe is left out";
        cx.warning("no-effect", message, &probe.span, "give it a `path` or `tcp = true` beside its `command`");
        return;
    }
    let limits = [
        ("initial-delay", &probe.initial_delay, INITIAL_DELAY),
        ("period", &probe.period, PERIOD),
        ("timeout", &probe.timeout, PERIOD),
        ("failure-threshold", &probe.failure_threshold, failures),
        ("success-threshold", &probe.success_threshold, successes),
    ];
    for (key, number, most) in limits {
        let Some(number) = number.as_ref().filter(|number| *number.get_ref() > most) else { continue };
        let message = format!("`{key}` is {}, Container Apps takes {most} at most here", number.get_ref());
        cx.error("bad-value", message, &number.span(), format!("write {most} or less"));
    }
    if probe.port.is_none() && Ports::of(workload).main.is_none() {
        let message = format!("a probe of `{}` does not know which port to ask", workload.name);
        cx.error("no-port", message, &probe.span, "write its `port`, or give the app an endpoint");
    }
}

fn scale(cx: &mut Cx<'_>, workload: &Workload<'_>, scale: &Scale) {
    let main = Ports::of(workload).main;
    let is_http = main.as_ref().is_some_and(Port::is_http);
    for rule in &scale.rules {
        let (fits, what) = match &rule.trigger {
            ScaleTrigger::Http { .. } => (is_http, "HTTP"),
            ScaleTrigger::Tcp { .. } => (main.is_some() && !is_http, "TCP"),
            ScaleTrigger::Cpu { .. }
            | ScaleTrigger::Memory { .. }
            | ScaleTrigger::Queue { .. }
            | ScaleTrigger::Custom(_) => (true, ""),
        };
        if !fits {
            let message = format!(
                "`{}` does not mainly serve {what}: the rule `{}` would count nothing",
                workload.name, rule.name
            );
            cx.error(
                "bad-scale-rule",
                message,
                &rule.span,
                format!("give it an endpoint that speaks {what}, or take the rule out"),
            );
        }
    }
    queues(cx, scale);
    let is_load = |trigger: &ScaleTrigger| matches!(trigger, ScaleTrigger::Cpu { .. } | ScaleTrigger::Memory { .. });
    let never_starts = !scale.rules.is_empty() && scale.rules.iter().all(|rule| is_load(&rule.trigger));
    if let (true, Some(min)) = (never_starts, workload.replicas.min.as_ref().filter(|min| *min.get_ref() == 0)) {
        let message = format!("`{}` would never start again: load cannot be seen where nothing runs", workload.name);
        cx.error("bad-scale-rule", message, &min.span(), "set `min` to 1 or more, or scale by requests or a queue");
    }
}

fn queues(cx: &mut Cx<'_>, scale: &Scale) {
    for rule in &scale.rules {
        let ScaleTrigger::Queue { resource, .. } = &rule.trigger else { continue };
        let Some(declared) = cx.application.resources.get(resource.get_ref()) else { continue };
        let kind = declared.kind.name();
        if !matches!(kind, "azure-storage" | "azure-service-bus") {
            let message = format!("`{}` is of kind `{kind}`, whose queues cannot be counted here", declared.name);
            let help = "name a resource of kind `azure-storage` or `azure-service-bus`, or write a rule in `rules`";
            cx.error("bad-scale-rule", message, &Spanned::span(resource), help);
        }
    }
}
