//! The settings of a project, and what it is called.

use crate::environment::place::folder_of;
use crate::model::environment::ComposeEnvironment;
use crate::model::{Application, Environment, EnvironmentKind};

pub(super) fn settings(environment: &Environment) -> Option<&ComposeEnvironment> {
    match environment.kind.get_ref() {
        EnvironmentKind::DockerCompose(settings) => Some(settings),
        _ => None,
    }
}

/// What the project is called: as the manifest says, else after the application, the environment
/// where there are several, and the profile.
pub fn project_name(application: &Application, environment: &Environment) -> String {
    if let Some(name) = settings(environment).and_then(|settings| settings.project_name.as_ref()) {
        return name.get_ref().clone();
    }
    let compose = application.environments.values().filter(|it| settings(it).is_some()).count();
    let mut name = folder_of(&application.name);
    if compose > 1 {
        name.push_str(&format!("-{}", environment.name.as_str().to_ascii_lowercase()));
    }
    if let Some(profile) = &application.profile {
        name.push_str(&format!("-{}", profile.as_str().to_ascii_lowercase()));
    }
    name
}
