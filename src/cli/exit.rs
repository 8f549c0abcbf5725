//! Exit statuses and what they mean.

use std::process::ExitCode;

/// An exit status; the table is in the README.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Exit(pub(crate) u8);

impl Exit {
    /// Everything asked for was done.
    pub(crate) const OK: Self = Self(0);
    /// A step failed.
    pub(crate) const FAILED: Self = Self(1);
    /// The command line, the manifest or a parameter is wrong; nothing was touched.
    pub(crate) const INVALID: Self = Self(2);
    /// Every failure was a refusal: authentication or permission.
    pub(crate) const REFUSED: Self = Self(3);
    /// Every failure was a passing one that outlasted the retries.
    pub(crate) const PASSING: Self = Self(4);
    /// Another run holds the lock.
    pub(crate) const LOCKED: Self = Self(5);
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.0)
    }
}
