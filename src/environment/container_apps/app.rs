//! The module of an app, a job or a service.

use super::container::Container;
use super::ingress;
use super::workload::Workload;
use crate::azure::{Builder, Cx, Failure, Module, Stage, Value, pull};
use crate::manifest::Spanned;
use crate::model::environment::ContainerAppsEnvironment;
use crate::model::{Environment, Job, JobTrigger};
use serde_json::{Map, Value as Json, json};

/// Seconds that a run of a job may take when nothing is said.
const TIMEOUT: u32 = 1800;

/// What is deployed for a workload.
pub(super) fn modules(
    cx: &Cx<'_>,
    environment: &Environment,
    settings: &ContainerAppsEnvironment,
    workload: &Workload<'_>,
) -> Result<Vec<Module>, Failure> {
    let builder = Builder::new(cx, workload.name.as_str(), Stage::Apps, workload.span);
    let mut builder = builder.at_home(&environment.name).in_scope(pull::scope(&settings.azure.placement));
    let mut container = Container::new(&mut builder, environment, settings, workload);
    let mut rest = Map::new();
    let template = match workload.job {
        Some(job) => {
            rest.insert("job".to_owned(), container.job(job));
            "azure-container-apps/job.bicep.hbs"
        }
        None => {
            let domains = container.domains();
            let ingress = ingress::data(workload, settings, &domains);
            rest.insert("ingress".to_owned(), ingress);
            rest.insert("scale".to_owned(), json!(container.scale()));
            "azure-container-apps/app.bicep.hbs"
        }
    };
    let data = container.data(rest);
    Ok(vec![builder.finish(template, &data)?])
}

impl Container<'_, '_, '_> {
    fn job(&mut self, job: &Job) -> Json {
        let number = |written: &Option<Spanned<u32>>| written.as_ref().map(|number| *number.get_ref());
        let parallel =
            [("parallelism", number(&job.parallelism)), ("replicaCompletionCount", number(&job.completions))];
        let parallel: Vec<(&str, Value)> =
            parallel.into_iter().filter_map(|(key, number)| Some((key, Value::from(number?)))).collect();
        let mut data = json!({
            "timeout": number(&job.timeout).unwrap_or(TIMEOUT),
            "retries": number(&job.retries),
            "manual": null,
            "schedule": null,
            "event": null,
        });
        let (trigger, key, config) = match &job.trigger {
            JobTrigger::Manual => ("Manual", "manual", Value::object(parallel)),
            JobTrigger::Schedule(cron) => {
                let own = ("cronExpression", Value::from(cron.as_str()));
                ("Schedule", "schedule", Value::object([own].into_iter().chain(parallel)))
            }
            JobTrigger::Event(event) => {
                let scale = ("scale", self.event_scale(event));
                ("Event", "event", Value::object(parallel.into_iter().chain([scale])))
            }
        };
        data["trigger"] = Json::from(trigger);
        data[key] = json!(config);
        data
    }

    /// Domains of the user's own. Without a certificate a domain is known and not yet secured.
    fn domains(&mut self) -> Value {
        let environment_id = super::container::ENVIRONMENT_ID;
        let domains = self.workload.domains.iter().map(|domain| {
            let name = ("name", self.builder.lower(&domain.name).value);
            let certificate = domain.certificate.as_ref().map(|certificate| self.builder.lower(certificate).value);
            let disabled = ("bindingType", Value::from("Disabled"));
            let Some(certificate) = certificate else { return Value::object([name, disabled]) };
            let environment = self.builder.output(self.environment.name.as_str(), environment_id);
            let mut id = crate::azure::Text::default();
            id.push(environment);
            id.literal("/managedCertificates/");
            id.push(certificate.clone());
            let id = Value::from(id);
            match certificate.as_literal() {
                Some("") => Value::object([name, disabled]),
                Some(_) => Value::object([name, ("bindingType", Value::from("SniEnabled")), ("certificateId", id)]),
                None => {
                    let has = format!("!empty({})", certificate.code());
                    let binding = Value::expression(format!("{has} ? 'SniEnabled' : 'Disabled'"));
                    let id = Value::expression(format!("{has} ? {} : null", id.code()));
                    Value::object([name, ("bindingType", binding), ("certificateId", id)])
                }
            }
        });
        Value::Array(domains.collect())
    }
}
