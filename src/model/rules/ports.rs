//! A port of the host has one user.

use super::Facts;
use crate::manifest::Span;
use crate::model::{App, EnvironmentKind, Name, Scheme};
use std::collections::HashMap;

/// The machine, the port, and whether it is UDP's.
type Socket<'n> = (Option<&'n Name>, u16, bool);

pub(super) fn check(facts: &mut Facts<'_, '_>) {
    let mut seen: HashMap<Socket<'_>, (&Name, &str, Span)> = HashMap::new();
    let mut apps: Vec<&App> = facts.application.apps.values().collect();
    apps.sort_by_key(|app| app.span.start);
    for app in apps {
        let hosts = hosts(facts, app);
        for (endpoint, settings) in &app.endpoints {
            let Some(port) = &settings.port else { continue };
            let is_udp = *settings.scheme.get_ref() == Scheme::Udp;
            for host in &hosts {
                let user = (&app.name, endpoint.as_str(), port.span());
                let Some((other, other_endpoint, span)) = seen.insert((*host, *port.get_ref(), is_udp), user) else {
                    continue;
                };
                let message = format!("port {} has two users", port.get_ref());
                let label = format!("endpoint `{endpoint}` of `{}`", app.name);
                let other = format!("endpoint `{other_endpoint}` of `{other}`");
                facts
                    .cx
                    .error("duplicate-port", message, port.span(), label)
                    .also(&span, other)
                    .help("choose another `port` for one of them; `target-port` may stay as it is")
                    .push();
                break;
            }
        }
    }
}

/// The environments in which the app's ports are those of one machine. Without any, there is one.
fn hosts<'f>(facts: &Facts<'f, '_>, app: &'f App) -> Vec<Option<&'f Name>> {
    if app.environments.is_empty() {
        return vec![None];
    }
    let environments = &facts.application.environments;
    app.environments
        .iter()
        .filter(|name| {
            environments
                .get(name.get_ref())
                .is_some_and(|environment| matches!(environment.kind.get_ref(), EnvironmentKind::DockerCompose(_)))
        })
        .map(|name| Some(name.get_ref()))
        .collect()
}
