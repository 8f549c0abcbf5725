//! One function per operation. Puts the rooms below together; prints nothing, reads no variable.

mod actions;
mod contexts;
mod custom;
mod deploy;
mod doctor;
mod error;
mod examine;
mod images;
mod init;
mod load;
mod local_registry;
mod locate;
mod parameters;
mod plan;
mod publish;
mod publishing;
mod run;
mod steps;
mod templates;

pub use deploy::{Address, ClusterRequest};
pub use doctor::{Check, CheckStatus};
pub use error::Error;
pub use examine::{Examination, examine};
pub use images::PushedImage;
pub use init::{Init, InitError, Syntax, init};
pub use load::{Checked, LoadRequest, Loaded, check, load};
pub use local_registry::{IDLE_MINUTES, LocalRegistry, RegistryStatus};
pub use locate::{Located, locate};
pub use parameters::parameters;
pub use plan::{Outline, outline};
pub use publish::{
    PUBLISH_FOLDER, Publication, PublishRequest, edit_warnings, plan_folder, publish, publish_folder, write_folder,
};
pub use run::{Prepared, RunRequest, prepare};
pub use steps::deployment_steps;
pub use templates::{
    ProjectTemplates, TEMPLATES, copy_templates, embedded_template, template_diagnostic, templates, templates_of,
};

use std::path::{Path, PathBuf};

/// Where the state is: as asked for, else `.shipit` beside the manifest.
pub fn state_folder(asked: Option<&Path>, root: &Path) -> PathBuf {
    asked.map_or_else(|| root.join(".shipit"), Path::to_path_buf)
}

/// Where the `local` registry keeps its content.
pub fn registry_folder(state: &Path) -> PathBuf {
    state.join("registry")
}
