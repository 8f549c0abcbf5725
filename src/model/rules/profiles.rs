//! A workload profile is one of the environment that an app runs in.

use super::Facts;
use crate::model::EnvironmentKind;
use crate::util::text;

pub(super) fn check(facts: &mut Facts<'_, '_>) {
    let application = facts.application;
    for app in application.apps.values() {
        let Some(profile) = &app.workload_profile else { continue };
        for environment in app.environments.iter().filter_map(|name| application.environments.get(name.get_ref())) {
            let EnvironmentKind::AzureContainerApps(settings) = environment.kind.get_ref() else {
                let message = format!("`{}` has no workload profiles", environment.name);
                facts
                    .cx
                    .error("unknown-profile", message, profile.span(), "")
                    .also(&environment.span, "it runs here")
                    .help("only environments of kind `azure-container-apps` have them")
                    .push();
                continue;
            };
            let declared = || settings.workload_profiles.iter().map(|profile| profile.name.as_str());
            let is_known = declared().chain(["consumption"]).any(|name| name.eq_ignore_ascii_case(profile));
            // Which profiles an existing environment has only Azure knows.
            if is_known || settings.azure.existing.is_some() {
                continue;
            }
            let message = format!("`{}` has no workload profile `{}`", environment.name, profile.get_ref());
            let names: Vec<&str> = declared().chain(["consumption"]).collect();
            facts
                .cx
                .error("unknown-profile", message, profile.span(), "")
                .also(&environment.span, "it runs here")
                .help(format!("its workload profiles are {}", text::list(names)))
                .push();
        }
    }
}
