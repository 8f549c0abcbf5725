//! Engines on other machines: what of this machine they cannot see.

use crate::environment;
use crate::model::{Name, RegistryKind};
use crate::ops::run::Run;
use crate::pipeline::Failure;
use crate::util::{FailureClass, text};

/// Refuses to deploy where a service would start without its files, or an image could not be pulled:
/// an engine makes an empty folder of a path that it does not have, and says nothing.
pub(in crate::ops) fn refuse(run: &Run, address: &str) -> Result<(), Failure> {
    let Some(deploying) = &run.deploying else { return Ok(()) };
    if !is_remote(address) {
        return Ok(());
    }
    for (name, services) in &deploying.of_this_machine {
        if !services.is_empty() {
            let services = text::list(services.iter().map(String::as_str));
            let message = format!(
                "the engine at `{address}` is on another machine, where the files that {services} mount are not"
            );
            let help = "put them into the images, use a volume, or an absolute path of that machine";
            return Err(Failure::new(FailureClass::Permanent, message).help(help));
        }
        if let Some(registry) = served_here(run, name) {
            let message = format!(
                "the engine at `{address}` is on another machine: it cannot pull from `{registry}`, which is served here"
            );
            let help =
                "use a registry of kind `oci`; or take it away: an engine that builds images runs them as they are";
            return Err(Failure::new(FailureClass::Permanent, message).help(help));
        }
    }
    Ok(())
}

/// A registry on the loopback interface that images of an environment are pulled from.
fn served_here<'r>(run: &'r Run, environment: &Name) -> Option<&'r Name> {
    let apps = environment::apps(&run.application, environment).filter(|app| app.is_pushed());
    let mut registries = apps.filter_map(|app| run.application.registries.get(app.registries.first()?.get_ref()));
    registries.find(|registry| matches!(registry.kind, RegistryKind::Local { .. })).map(|registry| &registry.name)
}

/// Whether an engine is on another machine, as far as its address tells.
fn is_remote(address: &str) -> bool {
    let host = host(address);
    host != "localhost" && host != "[::1]" && !host.starts_with("127.")
}

/// The machine of an engine.
pub(super) fn host(address: &str) -> String {
    let Some((scheme, rest)) = address.split_once("://") else { return "localhost".to_owned() };
    if matches!(scheme, "unix" | "npipe") {
        return "localhost".to_owned();
    }
    let rest = rest.split('/').next().unwrap_or(rest);
    let rest = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
    let host = match rest.rsplit_once(':') {
        Some((host, port)) if port.chars().all(|c| c.is_ascii_digit()) => host,
        _ => rest,
    };
    host.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_name_the_machine_of_the_engine() {
        assert_eq!(host("unix:///var/run/docker.sock"), "localhost");
        assert_eq!(host("ssh://ci@build.example:22"), "build.example");
        assert_eq!(host("tcp://10.0.0.1:2376"), "10.0.0.1");
        assert_eq!(host("tcp://[::1]:2376"), "[::1]");
    }

    #[test]
    fn an_engine_behind_a_port_of_this_machine_is_not_remote() {
        assert!(is_remote("ssh://ci@build.example"));
        assert!(is_remote("tcp://10.0.0.1:2376"));
        for here in ["unix:///run/docker.sock", "npipe:////./pipe/docker", "tcp://127.0.0.1:2375", "tcp://[::1]:1"] {
            assert!(!is_remote(here), "{here}");
        }
    }
}
