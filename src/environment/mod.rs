//! Where apps run. One folder a kind; [`KINDS`] names them.
//!
//! A kind says what it cannot do ([`Kind::check`]) and what is written for it. A kind that runs in
//! Azure makes modules ([`AzureKind`]); `azure` puts them together with those of registries and
//! resources. Other kinds make files of their own ([`FileKind`]). The reference `$<api.url>` is lowered here too: only the kind knows addresses.

mod app_service;
pub mod compose;
mod container_apps;
mod files;
pub mod kubernetes;
mod lookup;
mod lowering;
mod place;

pub use files::{FileCx, FileKind, Files};
pub use lookup::lower;

use crate::azure::{Builder, Cx, Failure, Lowered, Module};
use crate::manifest::{Diagnostics, Span};
use crate::model::{App, Application, Environment, EnvironmentKind, Name, Resource};

/// A kind of environment.
pub trait Kind: Sync {
    /// What a manifest calls it.
    fn name(&self) -> &'static str;

    /// Reports what is declared and this kind cannot do, each at its place: an error where the app
    /// would not work, a warning where it would work without.
    fn check(&self, application: &Application, environment: &Environment, problems: &mut Diagnostics);

    /// `None`: nothing of this kind runs in Azure.
    fn azure(&self) -> Option<&dyn AzureKind>;

    /// `None`: nothing is written beside what `azure` puts together.
    fn files(&self) -> Option<&dyn FileKind> {
        None
    }
}

/// A kind of environment that is provisioned in Azure.
pub trait AzureKind: Sync {
    /// The environment itself, with its identity: one module, or several where the registry is
    /// elsewhere. The registry is a module of its own and never part of these.
    fn environment(&self, cx: &Cx<'_>, environment: &Environment) -> Result<Vec<Module>, Failure>;

    /// An app: its own module, which is deployed once its image is there.
    /// Its identity and roles come from `azure::identity`.
    fn app(&self, cx: &Cx<'_>, environment: &Environment, app: &App) -> Result<Vec<Module>, Failure>;

    /// A backing service that runs in a container here.
    fn service(&self, cx: &Cx<'_>, environment: &Environment, resource: &Resource) -> Result<Vec<Module>, Failure>;

    /// `domain`, `id` or `name` of the environment.
    fn property(&self, builder: &mut Builder<'_>, environment: &Environment, property: &str) -> Option<Lowered>;

    /// An address of an app or a service that runs here: `url`, `host`, `port`, `<endpoint>.url` ….
    /// `span` is where it is asked for.
    fn address(
        &self,
        builder: &mut Builder<'_>,
        environment: &Environment,
        of: Workload<'_>,
        property: &str,
        span: &Span,
    ) -> Option<Lowered>;
}

/// What runs in an environment.
#[derive(Clone, Copy, Debug)]
pub enum Workload<'a> {
    App(&'a App),
    Service(&'a Resource),
}

/// The kinds that can be published.
pub const KINDS: &[&dyn Kind] =
    &[&container_apps::ContainerApps, &app_service::AppService, &compose::Compose, &kubernetes::Kubernetes];

/// How a kind is published; `None`: this version does not.
pub fn kind(kind: &EnvironmentKind) -> Option<&'static dyn Kind> {
    KINDS.iter().find(|known| known.name() == kind.name()).copied()
}

/// Everything declared that an environment cannot do.
pub fn check(application: &Application, problems: &mut Diagnostics) {
    for environment in application.environments.values() {
        if let Some(kind) = kind(environment.kind.get_ref()) {
            kind.check(application, environment, problems);
        }
    }
}

/// The apps that run in an environment, in the order of their names.
pub fn apps<'a>(application: &'a Application, environment: &Name) -> impl Iterator<Item = &'a App> {
    let environment = environment.clone();
    application.apps.values().filter(move |app| app.environments.iter().any(|name| *name.get_ref() == environment))
}
