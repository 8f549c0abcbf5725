//! What is wrong with stored credentials. Never says what they are.

use crate::oci::Error;
use crate::oci::error::ErrorKind;
use crate::util::FailureClass;

/// Why the credentials of a host could not be had.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeychainError {
    #[error("cannot read {file}: {cause}")]
    Unreadable { file: String, cause: String },
    /// `place` is `file:line:column`.
    #[error("{place}: {what}")]
    Malformed { place: String, what: String },
    #[error("{place}: `{name}` cannot be the name of a credential helper")]
    HelperName { place: String, name: String },
    #[error("the credential helper `{helper}` for `{host}` {what}")]
    Helper { helper: String, host: String, what: String },
}

impl KeychainError {
    /// What to do, in the imperative.
    pub fn help(&self) -> String {
        match self {
            Self::Unreadable { file, .. } => {
                format!("let this user read {file}, or give the registry `username` and `password`")
            }
            Self::Malformed { .. } => "correct the file, or let `docker login` write it anew".to_owned(),
            Self::HelperName { .. } => {
                "write letters, digits, `.`, `_` and `-`; `docker-credential-` goes before it".to_owned()
            }
            Self::Helper { helper, .. } => {
                format!(
                    "run `{helper} get` by hand to see what it says, or give the registry `username` and `password`"
                )
            }
        }
    }
}

impl From<KeychainError> for Error {
    fn from(error: KeychainError) -> Self {
        let help = error.help();
        Self::new(FailureClass::Refused, ErrorKind::Keychain, error.to_string()).help(help)
    }
}
