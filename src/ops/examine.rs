//! What `shipit doctor` looks at: the manifest, the engine, git, the state, each registry's credentials.

use super::contexts;
use super::doctor::{Check, CheckStatus, Probe, check_git, check_state_folder, doctor};
use super::load::{LoadRequest, Loaded, load};
use super::{Error, state_folder};
use crate::image::engine::{Engine, EngineSettings};
use crate::manifest::Diagnostics;
use crate::model::{Name, RegistryKind};
use crate::oci::keychain::{Keychain, KeychainSources};
use crate::oci::{self, Client, ClientOptions};
use crate::resolve::{self, Inputs, Needs, ResolvedRegistry};
use crate::util::{FailureClass, Progress};
use std::path::PathBuf;
use std::time::Duration;

/// The longest that anything may take to answer.
const LIMIT: Duration = Duration::from_secs(20);

/// What is to be looked at, and with what.
#[derive(Debug)]
pub struct Examination<'a> {
    pub load: LoadRequest,
    pub inputs: Inputs<'a>,
    pub engine: EngineSettings,
    pub keychain: KeychainSources,
    pub state: Option<PathBuf>,
    pub version: String,
}

/// Looks at everything at once; changes nothing.
pub async fn examine(examination: Examination<'_>) -> Vec<Check> {
    let Examination { load: request, inputs, engine, keychain, state, version } = examination;
    let mut checks = vec![Check::new("shipit", CheckStatus::Ok, version)];
    let loaded = load(&request);
    checks.push(manifest(&loaded));
    let keychain = Keychain::new(keychain);
    let mut probes: Vec<(String, Probe<'_>)> =
        vec![("engine".to_owned(), Box::pin(check_engine(&engine))), ("git".to_owned(), Box::pin(check_git()))];
    if let Ok(loaded) = &loaded {
        checks.push(check_state_folder(&state_folder(state.as_deref(), &loaded.root)));
        for (name, resolved) in registries(loaded, inputs) {
            let title = format!("registry {name}");
            match resolved {
                Ok(registry) => probes.push((title.clone(), Box::pin(check_registry(title, registry, &keychain)))),
                Err(check) => checks.push(check),
            }
        }
    }
    checks.extend(doctor(probes, LIMIT).await);
    checks
}

fn manifest(loaded: &Result<Loaded, Error>) -> Check {
    let check = |status, detail: String| Check::new("manifest", status, detail);
    match loaded {
        Ok(loaded) => {
            let problems = contexts::check_paths(&loaded.application, &loaded.root).len();
            let name = &loaded.application.source.name;
            match problems {
                0 => check(CheckStatus::Ok, name.clone()),
                _ => check(CheckStatus::Fail, format!("{problems} things that {name} names are not there"))
                    .help("run `shipit check` to see them"),
            }
        }
        Err(Error::Invalid(diagnostics)) => {
            let first = diagnostics.first().map_or_else(|| "cannot be read".to_owned(), |first| first.message.clone());
            // Where there is no place in a file, there is no file; the message has advice of its own.
            let advice =
                diagnostics.first().filter(|first| first.labels.is_empty()).and_then(|first| first.help.clone());
            check(CheckStatus::Fail, first)
                .help(advice.unwrap_or_else(|| "run `shipit check` to see all that is wrong".to_owned()))
        }
        Err(Error::Failed { message, .. } | Error::Locked(message)) => check(CheckStatus::Fail, message.clone()),
    }
}

async fn check_engine(settings: &EngineSettings) -> Check {
    match Engine::connect(settings).await {
        Ok(engine) => {
            let info = engine.describe();
            let builder = if info.buildkit { "BuildKit" } else { "the classic builder" };
            let detail = format!(
                "{} {} with {builder}, API {}, {}/{}, at {} ({})",
                info.kind, info.version, info.api_version, info.os, info.architecture, info.address, info.origin
            );
            Check::new("engine", CheckStatus::Ok, detail)
        }
        Err(error) => {
            let check = Check::new("engine", CheckStatus::Fail, error.to_string());
            match error.help() {
                Some(help) => check.help(help),
                None => check,
            }
        }
    }
}

/// Each registry that is signed in to, with its values; or why they are not known.
fn registries(loaded: &Loaded, mut inputs: Inputs<'_>) -> Vec<(Name, Result<ResolvedRegistry, Check>)> {
    inputs.project = loaded.root.clone();
    // Nobody is asked, and nothing is generated for a look.
    inputs.prompt = None;
    let mut list = Vec::new();
    for (name, registry) in &loaded.application.registries {
        if !matches!(registry.kind, RegistryKind::Oci { .. }) {
            continue;
        }
        let needs = Needs { registries: vec![name.clone()], ..Needs::default() };
        let mut problems = Diagnostics::default();
        let resolved = resolve::resolve(&loaded.application, &needs, &inputs, &mut problems);
        let resolved = resolved.and_then(|mut resolved| resolved.registries.remove(name)).ok_or_else(|| {
            let first = problems.into_sorted().into_iter().next();
            let (detail, help) = first.map_or_else(Default::default, |problem| (problem.message, problem.help));
            let check = Check::new(format!("registry {name}"), CheckStatus::Fail, detail);
            help.into_iter().fold(check, Check::help)
        });
        list.push((name.clone(), resolved));
    }
    list
}

async fn check_registry(title: String, resolved: ResolvedRegistry, keychain: &Keychain) -> Check {
    let failed = |error: oci::Error| {
        if error.class == FailureClass::Passing {
            let check = Check::new(&title, CheckStatus::Warn, &error.message);
            return check.help("see that the registry runs and that this machine reaches it");
        }
        let status = CheckStatus::Fail;
        error.help.iter().fold(Check::new(&title, status, &error.message), |check, help| check.help(help))
    };
    let endpoint: oci::Endpoint = resolved.endpoint.parse().expect("checked when it was resolved");
    let login = match resolved.login {
        Some(login) => {
            oci::Login::Password { username: login.username, password: login.password, origin: login.origin }
        }
        None => match keychain.login(&endpoint, None).await {
            Ok(login) => login,
            Err(error) => return failed(error.into()),
        },
    };
    let who = match &login {
        oci::Login::Anonymous => "without credentials".to_owned(),
        oci::Login::Password { username, origin, .. } => format!("as `{username}` from {origin}"),
        oci::Login::IdentityToken { origin, .. } => format!("with a token from {origin}"),
    };
    // Somebody waits for the answer: one failure is enough to tell.
    let client = match Client::new(ClientOptions { tries: 2, ..ClientOptions::default() }) {
        Ok(client) => client,
        Err(error) => return failed(error),
    };
    let (insecure, trust_realms) = (resolved.insecure, resolved.trust_realms);
    let registry = client.registry(oci::RegistryOptions { endpoint: endpoint.clone(), login, insecure, trust_realms });
    match registry.sign_in(&[], &Progress::none()).await {
        Ok(()) => Check::new(&title, CheckStatus::Ok, format!("{endpoint} answers, {who}")),
        Err(error) => failed(error),
    }
}
