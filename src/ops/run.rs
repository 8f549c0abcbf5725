//! One run of a pipeline: what its steps share, made before the first of them starts.

use super::actions;
use super::deploy::kubernetes::Release;
use super::deploy::{Address, ClusterRequest, Deploying, Deployment, Wishes};
use super::images::PushedImage;
use super::load::{LoadRequest, Loaded, load};
use super::local_registry::LocalRegistry;
use super::publishing::Publishing;
use super::steps::{PROVISION, Work, deploy_steps, provision_step};
use super::{Error, contexts, plan};
use crate::image::BuiltImage;
use crate::image::build::BuildMemory;
use crate::image::engine::{Engine, EngineSettings};
use crate::image::push::Pusher;
use crate::manifest::{Diagnostic, Diagnostics};
use crate::model::{Application, Environment, Name, RegistryKind};
use crate::oci::keychain::{Keychain, KeychainSources};
use crate::oci::{self, Client, ClientOptions};
use crate::pipeline::{Failure, Plan};
use crate::resolve::{self, Inputs, Needs, ResolvedApplication, ResolvedRegistryKind};
use crate::state::{self, State, StateError};
use crate::util::lock::{Holder, Lock};
use crate::util::redact::{Maskable, Redactor};
use crate::util::{FailureClass, Secret};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{OnceCell, Semaphore, SemaphorePermit};

/// How long another run is waited for: one that is just ending.
const LOCK_PATIENCE: Duration = Duration::from_millis(200);
/// How long cancelled uploads may take to be taken back.
const CLEANING_LIMIT: Duration = Duration::from_millis(1500);

/// What is to be run, and with what.
#[derive(Debug)]
pub struct RunRequest<'a> {
    pub load: LoadRequest,
    /// Names of steps; never empty.
    pub steps: Vec<String>,
    /// Where parameters come from, but for what the state has.
    pub inputs: Inputs<'a>,
    pub engine: EngineSettings,
    pub keychain: KeychainSources,
    /// Folder of the state; `None`: `.shipit` beside the manifest.
    pub state: Option<PathBuf>,
    /// This program, to start the local registry with.
    pub program: PathBuf,
    /// What is run, for those who find the lock held.
    pub command: String,
    /// The time, for the same.
    pub now: String,
    /// Builds at once.
    pub builds: usize,
    /// Volumes go too when a deployment is taken down.
    pub volumes: bool,
    pub cluster: ClusterRequest,
}

/// A run that can begin: everything that could be wrong before is right.
#[derive(Debug)]
pub struct Prepared {
    pub plan: Plan,
    pub warnings: Vec<Diagnostic>,
    /// Every secret, for the redactor.
    pub secrets: Vec<Secret>,
    run: Arc<Run>,
}

/// What the steps of one run share.
pub(super) struct Run {
    pub(super) application: Application,
    pub(super) resolved: ResolvedApplication,
    pub(super) root: PathBuf,
    pub(super) redactor: Redactor,
    program: PathBuf,
    engine_settings: EngineSettings,
    engine: OnceCell<Arc<Engine>>,
    client: Client,
    pub(super) keychain: Arc<Keychain>,
    registries: BTreeMap<Name, OnceCell<oci::Registry>>,
    local: BTreeMap<Name, (LocalRegistry, u16)>,
    cache: PathBuf,
    pub(super) memory: BuildMemory,
    pusher: OnceCell<Pusher>,
    builds: Semaphore,
    built: Mutex<BTreeMap<Name, Arc<BuiltImage>>>,
    pushed: Mutex<Vec<PushedImage>>,
    /// Registries that could not be signed in to, and why.
    closed: Mutex<BTreeMap<Name, FailureClass>>,
    state: State,
    pub(super) publishing: Option<Publishing>,
    pub(super) deploying: Option<Deploying>,
    /// What was prepared for Docker Compose, by environment.
    deployments: Mutex<BTreeMap<Name, Deployment>>,
    /// What was prepared for Kubernetes, by environment.
    releases: Mutex<BTreeMap<Name, Arc<Release>>>,
    addresses: Mutex<Vec<Address>>,
    _lock: Lock,
}

/// Loads, plans, checks, resolves, locks. Touches nothing when anything of that is wrong.
pub fn prepare(request: RunRequest<'_>) -> Result<Prepared, Error> {
    let Loaded { application, root, warnings } = load(&request.load)?;
    refuse_deploying_nowhere(&application, &request.steps)?;
    let (_, works) = plan::select(&application, &request.steps, |_| None)?;
    let mut needs = needs(works.values());
    refuse_push_to_nowhere(&application, &request.steps)?;
    refuse_provisioning(&application, &request.steps)?;
    let folder = super::state_folder(request.state.as_deref(), &root);
    let profile = application.profile.as_ref().map(Name::as_str);
    let (state, opening) = State::open(&folder, profile).map_err(state_failure)?;
    let mut diagnostics = Diagnostics::default();
    diagnostics.extend(warnings);
    diagnostics.extend(opening.iter().map(|warning| Diagnostic::warning("state-permissions", warning.to_string())));
    let local = local_registries(&application, &needs, &folder)?;
    let mut inputs = request.inputs;
    inputs.project = root.clone();
    inputs.state = state.parameters().map_err(state_failure)?;
    // A file that could not be written to after the push is found before it.
    state.images().map_err(state_failure)?;
    inputs.local_endpoints =
        local.iter().map(|(name, (_, port))| (name.clone(), format!("localhost:{port}"))).collect();
    diagnostics.extend(contexts::check(&application, &root, &needs.built));
    let wishes = Wishes { volumes: request.volumes, cluster: &request.cluster };
    let deploying =
        Deploying::prepare(&application, &state, &inputs, works.values(), &mut needs, wishes, &mut diagnostics)?;
    let resolved = resolve::resolve(&application, &needs, &inputs, &mut diagnostics);
    let Some(mut resolved) = resolved.filter(|_| !diagnostics.has_errors()) else {
        return Err(diagnostics.into());
    };
    let publishing = Publishing::prepare(&application, &root, &state, &inputs, works.values(), &mut diagnostics)?;
    let keychain = Arc::new(Keychain::new(request.keychain));
    check_credentials(&application, &resolved, &keychain, &mut diagnostics);
    if diagnostics.has_errors() {
        return Err(diagnostics.into());
    }
    let holder = Holder::this_process(&request.command, &request.now);
    let lock = state.lock(&holder, LOCK_PATIENCE).map_err(state_failure)?;
    // Another run may have generated values since they were read.
    let kept = state.parameters().map_err(state_failure)?;
    if kept != inputs.state {
        inputs.state = kept;
        let again = resolve::resolve(&application, &needs, &inputs, &mut diagnostics);
        let Some(again) = again.filter(|_| !diagnostics.has_errors()) else { return Err(diagnostics.into()) };
        resolved = again;
    }
    state.keep_parameters(&resolved.kept).map_err(state_failure)?;
    let redactor = redactor(&resolved, &mut diagnostics);
    let client = Client::new(ClientOptions::default());
    let client =
        client.map_err(|error| Error::Failed { class: error.class, message: error.message, help: error.help })?;
    let secrets = resolved.secrets.clone();
    let run = Arc::new(Run {
        registries: resolved.registries.keys().map(|name| (name.clone(), OnceCell::new())).collect(),
        application,
        resolved,
        root,
        redactor,
        program: request.program,
        engine_settings: request.engine,
        engine: OnceCell::new(),
        client,
        keychain,
        local,
        memory: BuildMemory::new(folder.join("cache/builds")),
        cache: folder.join("cache"),
        pusher: OnceCell::new(),
        builds: Semaphore::new(request.builds),
        built: Mutex::default(),
        pushed: Mutex::default(),
        closed: Mutex::default(),
        state,
        publishing,
        deploying,
        deployments: Mutex::default(),
        releases: Mutex::default(),
        addresses: Mutex::default(),
        _lock: lock,
    });
    let (plan, _) = plan::select(&run.application, &request.steps, |work| Some(actions::action(&run, work)))?;
    Ok(Prepared { plan, warnings: diagnostics.into_sorted(), secrets, run })
}

/// Masks the secrets of a run; warns of one that is too short for that.
fn redactor(resolved: &ResolvedApplication, diagnostics: &mut Diagnostics) -> Redactor {
    let redactor = Redactor::default();
    for secret in &resolved.secrets {
        if redactor.add(secret) == Maskable::TooShort {
            let message = "a secret is shorter than 4 characters: it cannot be masked in what is shown";
            diagnostics.push(Diagnostic::warning("short-secret", message).help("use a longer one"));
        }
    }
    redactor
}

fn state_failure(error: StateError) -> Error {
    if error.is_locked() {
        return Error::Locked(error.to_string());
    }
    Error::Failed { class: FailureClass::Permanent, message: chain(&error), help: error.help() }
}

/// An error with its causes, on one line.
fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source()).map(ToString::to_string);
    causes.collect::<Vec<_>>().join(": ")
}

fn needs<'a>(works: impl Iterator<Item = &'a Work>) -> Needs {
    let mut needs = Needs::default();
    for work in works {
        match work {
            Work::ProcessParameters | Work::CheckEngine | Work::Provision(_) => {}
            Work::Build(app) => needs.built.push(app.clone()),
            Work::SignIn(registry) => needs.registries.push(registry.clone()),
            Work::Push(app) | Work::Mirror(app) => needs.pushed.push(app.clone()),
            Work::Custom(step) => needs.steps.push(step.clone()),
            // What has no value becomes an input of the files.
            Work::Publish(_) => {}
            // Their parameters are found out when they are prepared.
            Work::Prepare(_)
            | Work::ComposeUp(_)
            | Work::ComposeDown(_)
            | Work::CheckCluster(_)
            | Work::ClusterUp(_)
            | Work::ClusterDown(_) => {}
        }
    }
    needs
}

/// `shipit deploy` where nothing can be deployed.
fn refuse_deploying_nowhere(application: &Application, steps: &[String]) -> Result<(), Error> {
    let is_deployed = |environment: &Environment| deploy_steps(environment).is_some();
    for step in steps {
        if matches!(step.as_str(), "deploy" | "destroy") && !application.environments.values().any(is_deployed) {
            let help = "declare one, for example `[environments.local]` with `kind = \"docker-compose\"`";
            let message = format!("there is no environment to {step}");
            return Err(Diagnostic::error("nothing-to-deploy", message).within(&application.source).help(help).into());
        }
        let prefixes = ["deploy-", "destroy-", "compose-up-", "compose-down-"];
        let Some(name) = prefixes.iter().find_map(|prefix| step.strip_prefix(prefix)) else { continue };
        let found = application.environments.get(name);
        if found.is_some_and(|found| !is_deployed(found)) {
            let span = application.environments[name].kind.span();
            let message = format!("`{name}` is not deployed by this version");
            let diagnostic = Diagnostic::error("nothing-to-deploy", message).within(&application.source);
            return Err(diagnostic.at(span, "").help("write its files with `shipit publish`").into());
        }
    }
    Ok(())
}

/// `shipit do push` where an app has no registry to go to would do less than it says.
fn refuse_push_to_nowhere(application: &Application, steps: &[String]) -> Result<(), Error> {
    if !steps.iter().any(|step| step == "push") || !application.registries.is_empty() {
        return Ok(());
    }
    let built = application.apps.values().find(|app| contexts::build_of(app).is_some());
    let diagnostic = Diagnostic::error("no-registry", "there is no registry to push to")
        .within(&application.source)
        .help("declare one, for example `[registries.local]` with `kind = \"local\"`");
    Err(match built {
        Some(app) => diagnostic.at(app.span.clone(), "this app has an image"),
        None => diagnostic,
    }
    .into())
}

/// Provisioning is the business of what `shipit publish` writes.
fn refuse_provisioning(application: &Application, steps: &[String]) -> Result<(), Error> {
    let mut own = application.registries.values().filter_map(|registry| Some((registry, provision_step(registry)?)));
    let asked = own.find(|(_, id)| steps.iter().any(|step| step == id || step == PROVISION));
    let Some((registry, _)) = asked else { return Ok(()) };
    let message = format!("this version does not provision `{}` by itself", registry.name);
    Err(Diagnostic::error("not-supported", message)
        .within(&application.source)
        .at(registry.span.clone(), "a registry in Azure")
        .help("run `shipit publish`, then the `az deployment sub create` that its README shows")
        .into())
}

/// What is wrong with Docker's own configuration, as far as a registry of this run depends on it.
fn check_credentials(
    application: &Application,
    resolved: &ResolvedApplication,
    keychain: &Keychain,
    diagnostics: &mut Diagnostics,
) {
    for (name, registry) in &resolved.registries {
        if registry.login.is_some() || registry.kind == ResolvedRegistryKind::Local {
            continue;
        }
        let endpoint: oci::Endpoint = registry.endpoint.parse().expect("checked when it was resolved");
        if let Err(error) = keychain.check(&endpoint) {
            let span = application.registries[name].span.clone();
            let diagnostic = Diagnostic::error("credentials", error.to_string()).help(error.help());
            diagnostics.push(diagnostic.within(&application.source).at(span, "for this registry"));
        }
    }
}

fn local_registries(
    application: &Application,
    needs: &Needs,
    folder: &Path,
) -> Result<BTreeMap<Name, (LocalRegistry, u16)>, Error> {
    let mut local = BTreeMap::new();
    for registry in needs.registries.iter().filter_map(|name| application.registries.get(name)) {
        match &registry.kind {
            RegistryKind::Local { port } => {
                let served =
                    LocalRegistry::new(super::registry_folder(folder), port.as_ref().map(|port| *port.get_ref()));
                let port = served.reserve_port()?;
                local.insert(registry.name.clone(), (served, port));
            }
            RegistryKind::Oci { .. } | RegistryKind::Azure(_) => {}
        }
    }
    Ok(local)
}

impl Prepared {
    /// What was pushed until now, in the order of the apps' names.
    pub fn pushed(&self) -> Vec<PushedImage> {
        let mut pushed = lock(&self.run.pushed).clone();
        pushed.sort_by(|one, other| (&one.app, &one.reference).cmp(&(&other.app, &other.reference)));
        pushed
    }

    /// Where what was deployed is reached.
    pub fn addresses(&self) -> Vec<Address> {
        let mut addresses = lock(&self.run.addresses).clone();
        addresses.sort();
        addresses
    }

    /// Takes back what a cancelled run began to upload; a moment at most. Keeps what pushing found out.
    pub async fn close(&self) {
        if let Some(pusher) = self.run.pusher.get() {
            // What could not be remembered is found out again next time.
            let _ = pusher.close();
        }
        self.run.client.close(CLEANING_LIMIT).await;
    }
}

impl Run {
    pub(super) async fn engine(&self) -> Result<&Arc<Engine>, Failure> {
        self.engine
            .get_or_try_init(|| async {
                let engine = Engine::connect(&self.engine_settings).await;
                engine.map(Arc::new).map_err(|error| actions::failure(error.class(), &error, error.help()))
            })
            .await
    }

    pub(super) async fn pusher(&self) -> Result<&Pusher, Failure> {
        self.pusher
            .get_or_try_init(|| async {
                let threads = std::thread::available_parallelism().map_or(2, usize::from);
                Pusher::new(self.engine().await?.clone(), &self.cache, threads)
                    .map_err(|error| actions::failure(error.class(), &error, error.help()))
            })
            .await
    }

    /// The registry, signed in to with what the manifest says, else what Docker's configuration has.
    pub(super) async fn registry(&self, name: &Name) -> Result<&oci::Registry, Failure> {
        let cell = self.registries.get(name).expect("every registry of the run was resolved");
        cell.get_or_try_init(|| async {
            let resolved = &self.resolved.registries[name];
            let endpoint: oci::Endpoint = resolved.endpoint.parse().expect("checked when it was resolved");
            let login = match &resolved.login {
                Some(login) => oci::Login::Password {
                    username: login.username.clone(),
                    password: login.password.clone(),
                    origin: login.origin.clone(),
                },
                None if self.local.contains_key(name) => oci::Login::Anonymous,
                None => self.keychain_login(&endpoint, None).await?,
            };
            let (insecure, trust_realms) = (resolved.insecure, resolved.trust_realms.clone());
            Ok(self.client.registry(oci::RegistryOptions { endpoint, login, insecure, trust_realms }))
        })
        .await
    }

    async fn keychain_login(
        &self,
        endpoint: &oci::Endpoint,
        repository: Option<&oci::Repository>,
    ) -> Result<oci::Login, Failure> {
        let login = self.keychain.login(endpoint, repository).await;
        login.map_err(|error| actions::oci_failure(error.into()))
    }

    /// A registry that is only read, for `mirror`.
    pub(super) async fn foreign_registry(&self, endpoint: &oci::Endpoint) -> Result<oci::Registry, Failure> {
        for (name, registry) in &self.resolved.registries {
            if registry.endpoint == endpoint.to_string() {
                return self.registry(name).await.cloned();
            }
        }
        let login = self.keychain_login(endpoint, None).await?;
        let options =
            oci::RegistryOptions { endpoint: endpoint.clone(), login, insecure: false, trust_realms: Vec::new() };
        Ok(self.client.registry(options))
    }

    /// Starts what serves a `local` registry if nothing does. Gives what to tell the user.
    pub(super) async fn start_local_registry(&self, name: &Name) -> Result<Option<String>, Failure> {
        let Some((registry, port)) = self.local.get(name) else { return Ok(None) };
        match registry.ensure(*port, &self.program).await {
            Ok(None) => Ok(None),
            Ok(Some(_)) => {
                Ok(Some(format!("serves the local registry on localhost:{port}; `shipit registry stop` ends it")))
            }
            Err(Error::Failed { class, message, help }) => Err(Failure { class, message, causes: Vec::new(), help }),
            Err(Error::Locked(message)) => Err(Failure::new(FailureClass::Permanent, message)),
            Err(Error::Invalid(_)) => unreachable!("starting a server reads no manifest"),
        }
    }

    pub(super) fn state(&self) -> &State {
        &self.state
    }

    pub(super) fn engine_settings(&self) -> &EngineSettings {
        &self.engine_settings
    }

    pub(super) fn keep_deployment(&self, environment: &Name, deployment: Deployment) {
        lock(&self.deployments).insert(environment.clone(), deployment);
    }

    /// What was prepared; nothing where that was not part of this run.
    pub(super) fn deployment(&self, environment: &Name) -> Deployment {
        lock(&self.deployments).get(environment).cloned().unwrap_or_default()
    }

    pub(super) fn keep_release(&self, environment: &Name, release: Release) {
        lock(&self.releases).insert(environment.clone(), Arc::new(release));
    }

    pub(super) fn release(&self, environment: &Name) -> Arc<Release> {
        lock(&self.releases).get(environment).cloned().expect("a deployment waits for its preparation")
    }

    pub(super) fn keep_addresses(&self, addresses: Vec<Address>) {
        lock(&self.addresses).extend(addresses);
    }

    pub(super) async fn build_slot(&self) -> SemaphorePermit<'_> {
        self.builds.acquire().await.expect("the semaphore is never closed")
    }

    pub(super) fn keep_closed(&self, registry: &Name, class: FailureClass) {
        lock(&self.closed).insert(registry.clone(), class);
    }

    /// Why a registry of this run takes nothing, if it could not be signed in to.
    pub(super) fn closed(&self, registry: &Name) -> Option<FailureClass> {
        lock(&self.closed).get(registry).copied()
    }

    pub(super) fn keep_built(&self, app: &Name, image: BuiltImage) {
        lock(&self.built).insert(app.clone(), Arc::new(image));
    }

    pub(super) fn built_image(&self, app: &Name) -> Arc<BuiltImage> {
        lock(&self.built).get(app).cloned().expect("a push waits for its build")
    }

    /// Remembers what was pushed, here and in `images.json`.
    pub(super) fn keep_pushed(&self, app: &Name, images: Vec<PushedImage>) -> Result<(), StateError> {
        let kept: Vec<state::PushedImage> = images
            .iter()
            .map(|image| state::PushedImage { reference: image.reference.clone(), digest: image.digest.clone() })
            .collect();
        let written = if kept.is_empty() { Ok(()) } else { self.state.record_images(app.as_str(), &kept) };
        lock(&self.pushed).extend(images);
        written
    }

    /// The pushed image of each app, by digest: what `$<app.image>` means.
    pub(super) fn images_by_digest(&self) -> BTreeMap<Name, String> {
        let pushed = lock(&self.pushed);
        let images = pushed.iter().filter_map(|image| {
            let name = self.application.apps.keys().find(|name| name.as_str() == image.app)?;
            let (repository, _) = image.reference.rsplit_once(':')?;
            Some((name.clone(), format!("{repository}@{}", image.digest)))
        });
        // The first registry of an app is the one that it is pulled from.
        let mut first = BTreeMap::new();
        images.for_each(|(name, image)| {
            first.entry(name).or_insert(image);
        });
        first
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // What is guarded is only added to: a panic cannot leave it half changed.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl std::fmt::Debug for Run {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Run").field("application", &self.application.name).finish_non_exhaustive()
    }
}
