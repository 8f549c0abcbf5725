//! Names that Kubernetes takes.

use crate::environment::place::folder_of;
use crate::model::environment::KubernetesEnvironment;
use crate::model::{Application, Environment, EnvironmentKind};
use crate::util::text::short_hash;

/// The most characters of a label of DNS (RFC 1123), of a label's value and of most objects' names.
pub(super) const LABEL: usize = 63;
/// The most characters of a CronJob's name, and of a StatefulSet's: those of what it makes are longer
/// (Kubernetes, "CronJob limitations"; `controller-revision-hash`).
pub(super) const MAKER: usize = 52;
/// The most characters of the name of a release (Helm).
const RELEASE: usize = 53;
/// The most characters of the name of a port (RFC 6335, section 5.1).
const PORT: usize = 15;

/// A name in lower-case letters, digits and hyphens; one that is too long is cut, and stays different
/// from others by a hash.
pub(super) fn dns(name: &str, limit: usize) -> String {
    let clean: String =
        name.to_ascii_lowercase().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let clean = clean.trim_matches('-');
    if clean.len() <= limit {
        return clean.to_owned();
    }
    let hash = short_hash(name);
    let cut = clean[..limit - hash.len() - 1].trim_end_matches('-');
    format!("{cut}-{hash}")
}

/// The name of a port: it has a letter, and no two hyphens next to each other.
pub(super) fn port(name: &str) -> String {
    let mut clean = dns(name, PORT);
    while clean.contains("--") {
        clean = clean.replace("--", "-");
    }
    if clean.contains(|c: char| c.is_ascii_lowercase()) { clean } else { dns(&format!("p-{clean}"), PORT) }
}

/// A text as a label's value.
pub(super) fn label(text: &str) -> String {
    let clean: String =
        text.chars().map(|c| if c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-') { c } else { '-' }).collect();
    let clean = clean.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    if clean.len() <= LABEL {
        return clean.to_owned();
    }
    let hash = short_hash(text);
    let cut = clean[..LABEL - hash.len() - 1].trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
    format!("{cut}-{hash}")
}

/// The settings of an environment of this kind.
pub fn settings(environment: &Environment) -> Option<&KubernetesEnvironment> {
    match environment.kind.get_ref() {
        EnvironmentKind::Kubernetes(settings) => Some(settings),
        EnvironmentKind::AzureContainerApps(_)
        | EnvironmentKind::AzureAppService(_)
        | EnvironmentKind::DockerCompose(_) => None,
    }
}

/// What the release is called: as the manifest says, else after the application, the environment where
/// there are several, and the profile.
pub(super) fn release(application: &Application, environment: &Environment) -> String {
    if let Some(name) = settings(environment).and_then(|settings| settings.release.as_ref()) {
        return name.get_ref().clone();
    }
    let clusters = application.environments.values().filter(|it| settings(it).is_some()).count();
    let mut name = folder_of(&application.name);
    if clusters > 1 {
        name.push_str(&format!("-{}", environment.name));
    }
    if let Some(profile) = &application.profile {
        name.push_str(&format!("-{profile}"));
    }
    dns(&name, RELEASE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_dns() {
        assert_eq!(dns("Api-2", LABEL), "api-2");
        let long = dns(&"a-".repeat(40), 20);
        assert_eq!((long.len(), dns(&"a-".repeat(41), 20) == long), (20, false), "{long}");
        assert_eq!(port("metrics--and-more-of-it"), port("metrics--and-more-of-it"));
        assert!(port("metrics--and-more-of-it").len() <= PORT);
        assert_eq!((port("http").as_str(), port("80").as_str()), ("http", "p-80"));
        assert_eq!(label("My Shop!"), "My-Shop");
        assert!(label(&"x".repeat(100)).len() <= LABEL);
    }
}
