//! What can go wrong on the way of an image from the engine to a registry.

use crate::image::engine::EngineError;
use crate::oci;
use crate::util::FailureClass;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Cheap to clone: one export may fail for several images at once.
#[derive(Clone, Debug, thiserror::Error)]
pub enum PushError {
    /// The registry refused, or could not be reached.
    #[error(transparent)]
    Registry(#[from] Arc<oci::Error>),
    /// The engine refused, or could not be reached.
    #[error(transparent)]
    Engine(#[from] Arc<EngineError>),
    /// The engine stopped sending.
    #[error("the engine stopped sending `{image}`: {reason}")]
    Interrupted { image: String, reason: String },
    /// The engine's stream ended early or is not what it says.
    #[error("the export of `{image}` is not usable: {reason}")]
    Archive { image: String, reason: String },
    #[error("cannot {act} `{}`", path.display())]
    File { act: &'static str, path: PathBuf, source: Arc<io::Error> },
    /// What was asked for cannot be done with this image.
    #[error("`{image}`: {reason}")]
    Content { image: String, reason: String },
    /// The work was given up, e.g. because the run ends.
    #[error("the push of `{image}` was stopped")]
    Stopped { image: String },
}

impl PushError {
    pub(super) fn file(act: &'static str, path: &Path, source: io::Error) -> Self {
        Self::File { act, path: path.to_owned(), source: Arc::new(source) }
    }

    /// Says that a registry lacks blobs which were sent to it although it said to have them.
    pub(in crate::image) fn lost(self) -> Self {
        let Self::Registry(error) = self else { return self };
        let mut error = (*error).clone();
        error.message.push_str(", though it was sent again");
        error.help = Some("ask who runs the registry to look at its storage: it loses what it takes".to_owned());
        Self::Registry(Arc::new(error))
    }

    /// Whether trying again helps.
    pub fn class(&self) -> FailureClass {
        match self {
            Self::Registry(error) => error.class,
            Self::Engine(error) => error.class(),
            Self::Interrupted { .. } | Self::Archive { .. } | Self::Stopped { .. } => FailureClass::Passing,
            Self::File { .. } | Self::Content { .. } => FailureClass::Permanent,
        }
    }

    /// What the user can do, in the imperative.
    pub fn help(&self) -> Option<String> {
        match self {
            Self::Registry(error) => error.help.clone(),
            Self::Engine(error) => error.help(),
            Self::Interrupted { .. } | Self::Archive { .. } => {
                Some("check that the engine runs and has free disk space, then run again".to_owned())
            }
            Self::File { source, .. } if source.kind() == io::ErrorKind::StorageFull => {
                Some("free some disk space: layers are kept here until they are uploaded".to_owned())
            }
            Self::File { .. } => Some("check that the folder exists and can be written to".to_owned()),
            Self::Content { .. } => None,
            Self::Stopped { .. } => Some("run again: what is in the registry is not sent again".to_owned()),
        }
    }
}

impl From<oci::Error> for PushError {
    fn from(error: oci::Error) -> Self {
        Self::Registry(Arc::new(error))
    }
}
