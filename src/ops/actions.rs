//! What the steps do. Each action is a future that is safe to drop at any await point.

use super::contexts;
use super::images::PushedImage;
use super::run::Run;
use super::steps::Work;
use crate::image::build::CredentialSource;
use crate::image::mirror::Original;
use crate::image::push::{BlobCounts, Destination, Outcome};
use crate::image::{self, BuildSpec};
use crate::model::Name;
use crate::oci::{self, keychain::Keychain};
use crate::pipeline::{Action, Failure, StepContext, StepOutput};
use crate::resolve::ResolvedAppKind;
use crate::util::{FailureClass, Secret, text};
use futures_util::future::BoxFuture;
use std::sync::Arc;

type Done = Result<StepOutput, Failure>;

/// The action of a step.
pub(super) fn action(run: &Arc<Run>, work: &Work) -> Action {
    let (run, work) = (run.clone(), work.clone());
    Arc::new(move |cx| {
        let (run, work) = (run.clone(), work.clone());
        Box::pin(async move { perform(&run, &work, &cx).await })
    })
}

async fn perform(run: &Arc<Run>, work: &Work, cx: &StepContext) -> Done {
    let done = async {
        match work {
            Work::ProcessParameters => Ok(StepOutput::default()),
            Work::CheckEngine => check_engine(run).await,
            Work::Build(app) => build(run, app, cx).await,
            // Asked for by name it is refused before anything runs; here others wait for a registry that
            // has a name, and their sign-in finds out whether it is there.
            Work::Provision(_) => Ok(summary("left as it is: this version does not provision")),
            Work::SignIn(registry) => sign_in(run, registry, cx).await,
            Work::Push(app) => push(run, app, cx).await,
            Work::Mirror(app) => mirror(run, app, cx).await,
            Work::Publish(_) => return super::publishing::publish(run).await,
            Work::Prepare(name) => return super::deploy::prepare_environment(run, name).await,
            // Compose is asked to end, and given time to.
            Work::ComposeUp(name) => return super::deploy::up(run, name, cx).await,
            Work::ComposeDown(name) => return super::deploy::down(run, name, cx).await,
            Work::CheckCluster(name) => super::deploy::kubernetes::check_cluster(run, name, cx).await,
            // Helm is asked to end too.
            Work::ClusterUp(name) => return super::deploy::kubernetes::up(run, name, cx).await,
            Work::ClusterDown(name) => return super::deploy::kubernetes::down(run, name, cx).await,
            // A command of the user's is asked to end, and given time to.
            Work::Custom(step) => return super::custom::custom(run, step, cx).await,
        }
    };
    let cancelled = async {
        match work {
            Work::Custom(_)
            | Work::Publish(_)
            | Work::Prepare(_)
            | Work::ComposeUp(_)
            | Work::ComposeDown(_)
            | Work::ClusterUp(_)
            | Work::ClusterDown(_) => std::future::pending().await,
            _ => cx.cancel.cancelled().await,
        }
    };
    // Dropping a build or a push is safe at any point, and what it waits for may take long.
    tokio::select! {
        done = done => done,
        () = cancelled => Err(Failure::new(FailureClass::Permanent, "cancelled")),
    }
}

fn summary(text: impl Into<String>) -> StepOutput {
    StepOutput { summary: Some(text.into()), ..StepOutput::default() }
}

async fn check_engine(run: &Run) -> Done {
    let engine = run.engine().await?;
    let info = engine.describe();
    super::deploy::refuse_remote(run, &info.address)?;
    Ok(summary(format!("{} {} ({}/{})", info.kind, info.version, info.os, info.architecture)))
}

async fn build(run: &Run, name: &Name, cx: &StepContext) -> Done {
    let engine = run.engine().await?;
    let spec = build_spec(run, name);
    let _slot = run.build_slot().await;
    let credentials = Arc::new(BaseImages(run.keychain.clone()));
    let built = engine.build_unless_done(&spec, &run.memory, credentials, &cx.progress).await;
    let (image, cached) = built.map_err(|error| failure(error.class(), &error, error.help()))?;
    let mut output = summary(match image.platforms.as_slice() {
        [only] => short(&only.id).to_owned(),
        several => format!("{} platforms", several.len()),
    });
    output.cached = cached;
    run.keep_built(name, image);
    Ok(output)
}

async fn sign_in(run: &Run, name: &Name, cx: &StepContext) -> Done {
    let signed_in = try_sign_in(run, name, cx).await;
    if let Err(failure) = &signed_in {
        run.keep_closed(name, failure.class);
    }
    signed_in
}

async fn try_sign_in(run: &Run, name: &Name, cx: &StepContext) -> Done {
    if let Some(notice) = run.start_local_registry(name).await? {
        cx.progress.notice(notice);
    }
    let registry = run.registry(name).await?;
    let destinations = run.resolved.apps.values().flat_map(|app| &app.destinations);
    let repositories: Vec<oci::Repository> = destinations
        .filter(|destination| destination.registry == *name)
        .map(|destination| destination.repository.parse().expect("checked when it was resolved"))
        .collect();
    registry.sign_in(&repositories, &cx.progress).await.map_err(oci_failure)?;
    Ok(summary(registry.endpoint().to_string()))
}

async fn push(run: &Run, name: &Name, cx: &StepContext) -> Done {
    let image = run.built_image(name);
    let (destinations, closed) = destinations(run, name).await?;
    let pushed = run.pusher().await?.push(&image, &destinations, &cx.progress).await;
    let pushed = pushed.map_err(|error| failure(error.class(), &error, error.help()))?;
    record(run, name, &pushed.outcomes, closed)
}

async fn mirror(run: &Run, name: &Name, cx: &StepContext) -> Done {
    let ResolvedAppKind::Mirror { image } = &run.resolved.apps[name].kind else {
        unreachable!("only an app with `mirror` has this step")
    };
    let source: oci::Reference = image.parse().expect("checked when it was resolved");
    let reference = match (&source.digest, &source.tag) {
        (Some(digest), _) => digest.to_string(),
        (None, Some(tag)) => tag.to_string(),
        (None, None) => "latest".to_owned(),
    };
    let registry = run.foreign_registry(&source.endpoint).await?;
    let original = Original { registry, repository: source.repository, reference };
    let (destinations, closed) = destinations(run, name).await?;
    let copied = image::mirror::mirror(name.as_str(), &original, &destinations, &cx.progress).await;
    let copied = copied.map_err(|error| failure(error.class(), &error, error.help()))?;
    record(run, name, &copied.outcomes, closed)
}

fn build_spec(run: &Run, name: &Name) -> BuildSpec {
    let ResolvedAppKind::Build(build) = &run.resolved.apps[name].kind else {
        unreachable!("only an app that is built has this step")
    };
    let app = &run.application.apps[name];
    let written = contexts::build_of(app).expect("an app that is built says how");
    let tag = run.resolved.apps[name].destinations.first().and_then(|destination| destination.tags.first());
    BuildSpec {
        target: build.target.clone(),
        build_args: build.build_args.clone(),
        build_secrets: build.build_secrets.clone(),
        platforms: build.platforms.clone(),
        labels: build.labels.clone(),
        cache_from: build.cache_from.clone(),
        no_cache: build.no_cache,
        pull: build.pull,
        network: build.network.clone(),
        is_checked: true,
        redactor: run.redactor.clone(),
        tag: format!("{}:{}", engine_name(&run.resolved.name, name), tag.map_or("latest", String::as_str)),
        ..contexts::paths(app, written, &run.root)
    }
}

/// What an app's image is called in the engine: `<application>/<app>`, in the letters that it allows.
pub(super) fn engine_name(application: &str, app: &Name) -> String {
    let clean: String =
        application.to_ascii_lowercase().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let parts: Vec<&str> = clean.split('-').filter(|part| !part.is_empty()).collect();
    let folder = if parts.is_empty() { "shipit".to_owned() } else { parts.join("-") };
    format!("{folder}/{}", app.as_str().to_ascii_lowercase())
}

/// Where an app's image goes, and a failure for each of its registries that nobody could sign in to.
async fn destinations(run: &Run, name: &Name) -> Result<(Vec<Destination>, Vec<Failure>), Failure> {
    let (mut destinations, mut closed) = (Vec::new(), Vec::new());
    for destination in &run.resolved.apps[name].destinations {
        if let Some(class) = run.closed(&destination.registry) {
            let message = format!("not pushed to `{0}`: login-{0} failed", destination.registry);
            closed.push(Failure::new(class, message));
            continue;
        }
        destinations.push(Destination {
            registry: run.registry(&destination.registry).await?.for_image(),
            repository: destination.repository.parse().expect("checked when it was resolved"),
            tags: destination.tags.iter().map(|tag| tag.parse().expect("checked when it was resolved")).collect(),
        });
    }
    Ok((destinations, closed))
}

/// Keeps what arrived; fails with what did not.
fn record(run: &Run, name: &Name, outcomes: &[Outcome], mut failed: Vec<Failure>) -> Done {
    let mut images = Vec::new();
    let mut output = StepOutput { cached: true, ..StepOutput::default() };
    let mut counts = BlobCounts::default();
    for outcome in outcomes {
        match &outcome.result {
            Ok(delivered) => {
                output.cached &= delivered.unchanged;
                output.bytes_sent += delivered.bytes_sent;
                counts.uploaded += delivered.blobs.uploaded;
                counts.mounted += delivered.blobs.mounted;
                images.extend(outcome.tags.iter().map(|tag| PushedImage {
                    app: name.to_string(),
                    reference: format!("{}/{}:{tag}", outcome.endpoint, outcome.repository),
                    digest: delivered.digest.to_string(),
                    unchanged: delivered.unchanged,
                    bytes_sent: delivered.bytes_sent,
                }));
            }
            Err(error) => failed.push(failure(error.class(), error, error.help())),
        }
    }
    output.digests = images.iter().map(|image| (image.reference.clone(), image.digest.clone())).collect();
    output.summary = Some(match images.first() {
        Some(image) if output.cached => format!("{} unchanged", short(&image.digest)),
        Some(image) => format!("{} {}", short(&image.digest), sent(&counts, output.bytes_sent)),
        None => String::new(),
    });
    run.keep_pushed(name, images).map_err(|error| Failure::from_error(FailureClass::Permanent, &error))?;
    let Some(mut failure) = failed.into_iter().reduce(both) else { return Ok(output) };
    let arrived = outcomes.iter().filter(|outcome| outcome.result.is_ok());
    let arrived: Vec<String> = arrived.map(|outcome| format!("`{}`", outcome.endpoint)).collect();
    if !arrived.is_empty() {
        failure.message = format!("pushed to {}, but not everywhere: {}", arrived.join(" and "), failure.message);
    }
    Err(failure)
}

/// Two failures of one step: the worse class, the first message, the other as a cause.
fn both(mut one: Failure, other: Failure) -> Failure {
    if one.class != other.class {
        one.class = FailureClass::Permanent;
    }
    one.causes.push(format!("and {}", other.message));
    one.causes.extend(other.causes);
    one
}

fn sent(counts: &BlobCounts, bytes: u64) -> String {
    let mut text = format!("{} sent", text::bytes(bytes));
    if counts.mounted > 0 {
        text.push_str(&format!(", {} mounted", counts.mounted));
    }
    text
}

/// The first twelve digits of a digest, as Docker shows them.
fn short(digest: &str) -> &str {
    let hex = digest.split_once(':').map_or(digest, |(_, hex)| hex);
    hex.get(..12).unwrap_or(hex)
}

/// A step's failure out of an error with a class and advice of its own.
pub(super) fn failure(class: FailureClass, error: &(dyn std::error::Error + 'static), help: Option<String>) -> Failure {
    Failure { help, ..Failure::from_error(class, error) }
}

pub(super) fn oci_failure(error: oci::Error) -> Failure {
    failure(error.class, &error, error.help.clone())
}

/// Credentials for the images that Dockerfiles begin with.
struct BaseImages(Arc<Keychain>);

impl CredentialSource for BaseImages {
    fn credentials<'a>(&'a self, host: &'a str) -> BoxFuture<'a, Option<(String, Secret)>> {
        Box::pin(async move {
            // What cannot be read here makes the pull fail, with the engine's words.
            match self.0.login(&host.parse().ok()?, None).await.ok()? {
                oci::Login::Anonymous => None,
                oci::Login::Password { username, password, .. } => Some((username, password)),
                oci::Login::IdentityToken { token, .. } => Some((String::new(), token)),
            }
        })
    }
}
