//! Names that an environment must shorten stay different.

use super::Facts;
use crate::model::{App, EnvironmentKind, Name};
use std::collections::HashMap;

/// Characters that a container app's name may have (Microsoft Learn, "Naming rules and restrictions
/// for Azure resources": 2 to 32).
const CONTAINER_APP: usize = 32;

pub(super) fn check(facts: &mut Facts<'_, '_>) {
    let mut seen: HashMap<(&Name, String), &App> = HashMap::new();
    let mut apps: Vec<&App> = facts.application.apps.values().collect();
    apps.sort_by_key(|app| app.span.start);
    for app in apps {
        for environment in app.environments.iter().filter_map(|name| facts.application.environments.get(name.get_ref()))
        {
            let limit = match environment.kind.get_ref() {
                EnvironmentKind::AzureContainerApps(_) => CONTAINER_APP,
                EnvironmentKind::AzureAppService(_)
                | EnvironmentKind::DockerCompose(_)
                | EnvironmentKind::Kubernetes(_) => {
                    continue;
                }
            };
            let cut: String = app.name.as_str().to_ascii_lowercase().chars().take(limit).collect();
            let Some(other) = seen.insert((&environment.name, cut.clone()), app) else { continue };
            let message = format!(
                "`{}` and `{}` are both called `{cut}` in `{}`, where names have at most {limit} characters",
                other.name, app.name, environment.name
            );
            facts
                .cx
                .error("same-short-name", message, app.span.clone(), "cut to the same name")
                .also(&other.span, "as this one")
                .help("give one of them a shorter name")
                .push();
        }
    }
}
