//! What can go wrong between here and a registry.

use crate::util::FailureClass;

#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct Error {
    pub class: FailureClass,
    pub message: String,
    pub help: Option<String>,
}
