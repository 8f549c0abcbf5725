//! Which steps an application has, what each waits for and what it is there to do.

use crate::environment;
use crate::manifest::Spanned;
use crate::model::environment::KubernetesFormat;
use crate::model::{
    App, AppKind, Application, AzureRegistry, CustomStep, Environment, EnvironmentKind, Name, Registry, RegistryKind,
    Target,
};
use crate::pipeline::{Step, StepId};

/// A step before it is known how to do it.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) step: Step,
    /// `None`: only gathers others.
    pub(super) work: Option<Work>,
}

/// What a step is there to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Work {
    ProcessParameters,
    CheckEngine,
    Build(Name),
    /// Creates or updates a registry in Azure.
    Provision(Name),
    SignIn(Name),
    /// Pushes a built image.
    Push(Name),
    /// Copies an image that exists into the app's registries.
    Mirror(Name),
    /// Writes the files of an environment; `None`: of what there is without one.
    Publish(Option<Name>),
    /// Makes what is deployed to an environment, with all values.
    Prepare(Name),
    ComposeUp(Name),
    ComposeDown(Name),
    /// Sees that the cluster of an environment answers.
    CheckCluster(Name),
    /// Brings a release in a cluster up to date.
    ClusterUp(Name),
    ClusterDown(Name),
    Custom(Name),
}

const PARAMETERS: &str = "process-parameters";
const ENGINE: &str = "check-engine";
/// Gathers all that provision.
pub(super) const PROVISION: &str = "provision";

/// Every step of the application, in an order that people like to read: first what others need.
pub(super) fn drafts(application: &Application) -> Vec<Draft> {
    let mut drafts = vec![
        draft(PARAMETERS, "find the values of the parameters that are needed", [], Work::ProcessParameters),
        draft(ENGINE, "see that Docker or Podman answers", [], Work::CheckEngine),
    ];
    let (mut builds, mut pushes) = (Vec::new(), Vec::new());
    for app in application.apps.values() {
        if let AppKind::Dockerfile(_) = app.kind {
            let id = format!("build-{}", app.name);
            drafts.push(draft(
                &id,
                format!("build the image of `{}`", app.name),
                [PARAMETERS, ENGINE],
                Work::Build(app.name.clone()),
            ));
            builds.push(id);
        }
    }
    let mut provisions = Vec::new();
    for registry in application.registries.values() {
        let name = &registry.name;
        let provision = provision_step(registry);
        if let Some(id) = &provision {
            let description = format!("create or update the registry `{name}` in Azure");
            drafts.push(draft(id, description, [PARAMETERS], Work::Provision(name.clone())));
        }
        let after = [PARAMETERS].into_iter().chain(provision.as_deref());
        let description = format!("sign in to `{name}`");
        drafts.push(draft(&format!("login-{name}"), description, after, Work::SignIn(name.clone())));
        provisions.extend(provision);
    }
    for app in application.apps.values().filter(|app| is_pushed(app)) {
        let id = format!("push-{}", app.name);
        drafts.push(push(&id, app));
        pushes.push(id);
    }
    if !provisions.is_empty() {
        drafts.push(gather(PROVISION, "create or update everything in Azure", provisions));
    }
    drafts.push(gather("build", "build every image", builds));
    drafts.push(gather("push", "build and push every image", pushes));
    drafts.extend(publishing(application));
    drafts.extend(deploying(application));
    drafts.extend(application.steps.values().map(|step| custom(application, step)));
    drafts
}

/// The step that provisions a registry; none for one that exists already or is not Azure's.
pub(super) fn provision_step(registry: &Registry) -> Option<String> {
    match &registry.kind {
        RegistryKind::Azure(azure) => match azure.as_ref() {
            AzureRegistry::Provisioned(_) => Some(format!("{PROVISION}-{}", registry.name)),
            AzureRegistry::Existing(_) => None,
        },
        RegistryKind::Oci { .. } | RegistryKind::Local { .. } => None,
    }
}

/// Whether the app's image goes into a registry.
pub(super) fn is_pushed(app: &App) -> bool {
    app.is_pushed() && !app.registries.is_empty()
}

/// Whether files are written for an environment.
pub(super) fn is_published(environment: &Environment) -> bool {
    environment::kind(environment.kind.get_ref()).is_some()
}

/// A step for each environment that is published, and one that gathers them.
fn publishing(application: &Application) -> Vec<Draft> {
    let mut drafts = Vec::new();
    let mut ids = Vec::new();
    for environment in application.environments.values().filter(|environment| is_published(environment)) {
        let id = format!("publish-{}", environment.name);
        let description = format!("write the files of `{}`", environment.name);
        drafts.push(draft(&id, description, [], Work::Publish(Some(environment.name.clone()))));
        ids.push(id);
    }
    if !ids.is_empty() {
        drafts.push(gather("publish", "write the files of every environment", ids));
    } else if application.registries.values().any(|registry| matches!(registry.kind, RegistryKind::Azure(_))) {
        drafts.push(draft("publish", "write the files of the registries", [], Work::Publish(None)));
    }
    drafts
}

/// The steps that deploy and that take down again, and two that gather them.
fn deploying(application: &Application) -> Vec<Draft> {
    let (mut drafts, mut ups, mut downs) = (Vec::new(), Vec::new(), Vec::new());
    for environment in application.environments.values() {
        let Some((up, down)) = deploy_steps(environment) else { continue };
        let name = &environment.name;
        let prepare = format!("prepare-{name}");
        let mut after = vec![PARAMETERS.to_owned()];
        for app in environment::apps(application, name) {
            match &app.kind {
                _ if is_pushed(app) => after.push(format!("push-{}", app.name)),
                AppKind::Dockerfile(_) => after.push(format!("build-{}", app.name)),
                AppKind::Image { .. } => {}
            }
        }
        let after: Vec<&str> = after.iter().map(String::as_str).collect();
        let description = format!("make what `{name}` runs with, with all values");
        drafts.push(draft(&prepare, description, after, Work::Prepare(name.clone())));
        if let EnvironmentKind::Kubernetes(_) = environment.kind.get_ref() {
            let check = format!("check-cluster-{name}");
            let description = format!("see that the cluster of `{name}` answers");
            drafts.push(draft(&check, description, [], Work::CheckCluster(name.clone())));
            let description = format!("bring `{name}` up to date in its cluster and wait until it runs");
            drafts.push(draft(&up, description, [check.as_str(), &prepare], Work::ClusterUp(name.clone())));
            let description = format!("take `{name}` out of its cluster");
            drafts.push(draft(&down, description, [], Work::ClusterDown(name.clone())));
        } else {
            let description = format!("start `{name}` with Docker Compose and wait until it is healthy");
            drafts.push(draft(&up, description, [ENGINE, &prepare], Work::ComposeUp(name.clone())));
            let description = format!("stop `{name}` and remove its containers");
            drafts.push(draft(&down, description, [ENGINE], Work::ComposeDown(name.clone())));
        }
        ups.push(up);
        downs.push(down);
    }
    if !ups.is_empty() {
        drafts.push(gather("deploy", "deploy every environment", ups));
        drafts.push(gather("destroy", "take every deployment down", downs));
    }
    drafts
}

/// The steps that deploy to environments, or take them down; of those that this version cannot deploy
/// to, a name that is not known.
pub fn deployment_steps(
    application: &Application,
    environments: &[String],
    down: bool,
) -> Result<Vec<String>, super::Error> {
    let steps = environments.iter().map(|name| {
        let environment = application.environments.get(name.as_str());
        let environment = environment.ok_or_else(|| super::publish::unknown_environment(application, name))?;
        let verb = if down { "destroy" } else { "deploy" };
        let steps = deploy_steps(environment);
        Ok(steps.map_or_else(|| format!("{verb}-{name}"), |(up, undo)| if down { undo } else { up }))
    });
    steps.collect()
}

/// The steps that deploy to an environment and take it down; `None`: this version does neither.
pub(super) fn deploy_steps(environment: &Environment) -> Option<(String, String)> {
    let (up, down) = match environment.kind.get_ref() {
        EnvironmentKind::DockerCompose(_) => ("compose-up", "compose-down"),
        EnvironmentKind::Kubernetes(settings) => match settings.format {
            KubernetesFormat::Helm => ("helm-upgrade", "helm-uninstall"),
            KubernetesFormat::Manifests => ("apply", "delete"),
        },
        EnvironmentKind::AzureContainerApps(_) | EnvironmentKind::AzureAppService(_) => return None,
    };
    Some((format!("{up}-{}", environment.name), format!("{down}-{}", environment.name)))
}

fn push(id: &str, app: &App) -> Draft {
    let name = &app.name;
    let mut after = Vec::new();
    let (description, work) = match &app.kind {
        AppKind::Dockerfile(_) => {
            after.push(format!("build-{name}"));
            (format!("push the image of `{name}`"), Work::Push(name.clone()))
        }
        AppKind::Image { .. } => {
            after.push(PARAMETERS.to_owned());
            (format!("copy the image of `{name}` into its registries"), Work::Mirror(name.clone()))
        }
    };
    let mut draft = draft(id, description, after.iter().map(String::as_str), work);
    // Where one registry cannot be reached, the image still goes to the others.
    let logins = app.registries.iter().map(|registry| StepId::new(format!("login-{}", registry.get_ref())));
    draft.step = draft.step.after_any(logins);
    draft
}

fn custom(application: &Application, step: &CustomStep) -> Draft {
    let ids = |names: &[Spanned<String>]| names.iter().map(|name| StepId::new(name.get_ref())).collect::<Vec<_>>();
    let mut after = vec![StepId::new(PARAMETERS)];
    after.extend(ids(&step.after));
    // A value that only a push knows makes the step wait for it.
    let values = step.run.iter().chain(step.env.values());
    for reference in values.flat_map(|value| value.references()) {
        if let Target::App { name, property } = &reference.target
            && property == "image"
            && application.apps.get(name).is_some_and(is_pushed)
        {
            after.push(StepId::new(format!("push-{name}")));
        }
    }
    let description = step.description.clone().unwrap_or_else(|| "run a command of your own".to_owned());
    let gathering = Step::gathering(StepId::new(step.name.as_str()), description);
    Draft { step: gathering.after(after).before(ids(&step.before)), work: Some(Work::Custom(step.name.clone())) }
}

fn gather(id: &str, description: &str, after: Vec<String>) -> Draft {
    Draft { work: None, ..draft(id, description, after.iter().map(String::as_str), Work::ProcessParameters) }
}

fn draft<'a>(id: &str, description: impl Into<String>, after: impl IntoIterator<Item = &'a str>, work: Work) -> Draft {
    let step = Step::gathering(StepId::new(id), description).after(after.into_iter().map(StepId::new));
    Draft { step, work: Some(work) }
}
