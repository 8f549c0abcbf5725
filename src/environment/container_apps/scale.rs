//! Scale rules of apps and of jobs that start for events.

use super::container::Container;
use crate::azure::{Value, resource};
use crate::manifest::Spanned;
use crate::model::{CustomTrigger, EventTrigger, Expression, Name, Replicas, Scale, ScaleRule, ScaleTrigger};

/// The fewest replicas when nothing is said.
const FEWEST: u32 = 1;
/// The most replicas that Azure takes for granted.
const MOST: u32 = 10;

/// A rule as both apps and jobs have it.
struct Rule {
    kind: String,
    metadata: Vec<(String, Value)>,
    auth: Value,
    identity: Option<Value>,
}

impl Container<'_, '_, '_> {
    /// The section `scale` of an app.
    pub(super) fn scale(&mut self) -> Value {
        let Replicas { min, max } = &self.workload.replicas;
        let fewest = min.as_ref().map_or(FEWEST, |min| *min.get_ref());
        let most = max.as_ref().map(|max| *max.get_ref()).or((fewest > MOST).then_some(fewest));
        let mut entries = vec![("minReplicas", Value::from(fewest))];
        if let Some(most) = most {
            entries.push(("maxReplicas", Value::from(most)));
        }
        if let Some(scale) = self.workload.scale {
            let seconds =
                |written: &Option<Spanned<u32>>| written.as_ref().map(|number| Value::from(*number.get_ref()));
            entries.extend(seconds(&scale.cooldown).map(|seconds| ("cooldownPeriod", seconds)));
            entries.extend(seconds(&scale.polling_interval).map(|seconds| ("pollingInterval", seconds)));
            let rules: Vec<Value> = scale.rules.iter().filter_map(|rule| self.app_rule(rule)).collect();
            if !rules.is_empty() {
                entries.push(("rules", Value::Array(rules)));
            }
        }
        Value::object(entries)
    }

    fn app_rule(&mut self, rule: &ScaleRule) -> Option<Value> {
        let name = ("name", Value::from(rule.name.as_str()));
        let counted = |key: &str, count: u32| {
            Value::object([("metadata", Value::object([(key, Value::from(count.to_string()))]))])
        };
        let (key, value) = match &rule.trigger {
            ScaleTrigger::Http { concurrent_requests } => ("http", counted("concurrentRequests", *concurrent_requests)),
            ScaleTrigger::Tcp { concurrent_connections } => {
                ("tcp", counted("concurrentConnections", *concurrent_connections))
            }
            ScaleTrigger::Queue { resource, queue, length } if self.is_storage(resource) => {
                let queue_name = self.builder.lower(queue).value;
                let account = self.account(resource);
                let entries = [
                    ("accountName", account),
                    ("queueName", queue_name),
                    ("queueLength", Value::from(*length)),
                    ("identity", self.own_identity(resource)?),
                ];
                ("azureQueue", Value::object(entries))
            }
            ScaleTrigger::Cpu { .. }
            | ScaleTrigger::Memory { .. }
            | ScaleTrigger::Queue { .. }
            | ScaleTrigger::Custom(_) => {
                let Rule { kind, metadata, auth, identity } = self.rule(rule)?;
                let mut entries = vec![("type", Value::from(kind)), ("metadata", Value::Object(metadata))];
                entries.extend((auth != Value::Array(Vec::new())).then_some(("auth", auth)));
                entries.extend(identity.map(|identity| ("identity", identity)));
                ("custom", Value::object(entries))
            }
        };
        Some(Value::object([name, (key, value)]))
    }

    /// The section `scale` of a job that starts for events.
    pub(super) fn event_scale(&mut self, event: &EventTrigger) -> Value {
        let EventTrigger { scale: Scale { rules, polling_interval, .. }, min, max } = event;
        let numbers = [("minExecutions", min), ("maxExecutions", max), ("pollingInterval", polling_interval)];
        let mut entries: Vec<(&str, Value)> = numbers
            .into_iter()
            .filter_map(|(key, number)| Some((key, Value::from(*number.as_ref()?.get_ref()))))
            .collect();
        let rules = rules.iter().filter_map(|rule| {
            let Rule { kind, metadata, auth, identity } = self.rule(rule)?;
            let mut entries = vec![
                ("name", Value::from(rule.name.as_str())),
                ("type", Value::from(kind)),
                ("metadata", Value::Object(metadata)),
            ];
            entries.extend((auth != Value::Array(Vec::new())).then_some(("auth", auth)));
            entries.extend(identity.map(|identity| ("identity", identity)));
            Some(Value::object(entries))
        });
        entries.push(("rules", Value::Array(rules.collect())));
        Value::object(entries)
    }

    /// A rule as KEDA has it; `None` if a mistake was reported.
    fn rule(&mut self, rule: &ScaleRule) -> Option<Rule> {
        let load = |kind: &str, utilization: u32| Rule {
            kind: kind.to_owned(),
            metadata: vec![
                ("type".to_owned(), Value::from("Utilization")),
                ("value".to_owned(), Value::from(utilization.to_string())),
            ],
            auth: Value::Array(Vec::new()),
            identity: None,
        };
        match &rule.trigger {
            ScaleTrigger::Cpu { utilization } => Some(load("cpu", *utilization)),
            ScaleTrigger::Memory { utilization } => Some(load("memory", *utilization)),
            ScaleTrigger::Queue { resource, queue, length } => self.queue(resource, queue, *length),
            ScaleTrigger::Custom(custom) => self.custom(custom, rule),
            // Only apps have these.
            ScaleTrigger::Http { .. } | ScaleTrigger::Tcp { .. } => None,
        }
    }

    fn queue(&mut self, resource: &Spanned<Name>, queue: &Expression, length: u32) -> Option<Rule> {
        let queue = self.builder.lower(queue).value;
        let account = self.account(resource);
        let (kind, owner, count) = match self.is_storage(resource) {
            true => ("azure-queue", "accountName", "queueLength"),
            false => ("azure-servicebus", "namespace", "messageCount"),
        };
        Some(Rule {
            kind: kind.to_owned(),
            metadata: vec![
                (owner.to_owned(), account),
                ("queueName".to_owned(), queue),
                (count.to_owned(), Value::from(length.to_string())),
            ],
            auth: Value::Array(Vec::new()),
            identity: Some(self.own_identity(resource)?),
        })
    }

    fn custom(&mut self, custom: &CustomTrigger, rule: &ScaleRule) -> Option<Rule> {
        let mut metadata = Vec::new();
        for (key, value) in &custom.metadata {
            let lowered = self.builder.lower(value);
            if lowered.is_secret {
                let message = "a secret may not appear in the `metadata` of a scale rule: it is kept in the open";
                self.builder.error("secret-exposed", message, &value.span, "pass it in the rule's `auth`");
            }
            metadata.push((key.clone(), lowered.value));
        }
        let auth = custom.auth.iter().map(|(key, value)| {
            let lowered = self.builder.lower(value);
            let secret = self.secrets.add(&format!("{}-{key}", rule.name), &lowered);
            Value::object([("secretRef", Value::from(secret)), ("triggerParameter", Value::from(key.as_str()))])
        });
        let auth = Value::Array(auth.collect());
        let identity = match (custom.identity, &self.identity) {
            (false, _) => None,
            (true, Some(identity)) => Some(identity.id.clone()),
            (true, None) => {
                let message = format!("`{}` has no identity for its scale rule `{}`", self.workload.name, rule.name);
                let help = "give it a role on what is counted, in `references` or in `roles`";
                self.builder.error("no-identity", message, &rule.span, help);
                return None;
            }
        };
        Some(Rule { kind: custom.kind.get_ref().clone(), metadata, auth, identity })
    }

    fn is_storage(&self, resource: &Name) -> bool {
        let declared = self.builder.cx.application.resources.get(resource);
        declared.is_some_and(|declared| declared.kind.name() == "azure-storage")
    }

    /// The name in Azure of what has a queue.
    fn account(&mut self, name: &Spanned<Name>) -> Value {
        let application = self.builder.cx.application;
        let Some(declared) = application.resources.get(name.get_ref()) else { return Value::Null };
        let lowered = resource::property(self.builder, declared, "name", &name.span(), &|_, _, _, _| None);
        lowered.map_or(Value::Null, |lowered| lowered.value)
    }

    fn own_identity(&mut self, on: &Spanned<Name>) -> Option<Value> {
        if self.identity.is_none() {
            let message =
                format!("`{}` may not look at the queue: it has no role on `{}`", self.workload.name, on.get_ref());
            let help = format!("list `{}` in `references`, or give a role on it in `roles`", on.get_ref());
            self.builder.error("no-identity", message, &on.span(), help);
        }
        self.identity.as_ref().map(|identity| identity.id.clone())
    }
}
