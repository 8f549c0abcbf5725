//! What kind of failure something was: decides the exit status and whether to try again.

/// How a failure is to be taken by a caller and by the exit status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FailureClass {
    /// Authentication or permission: trying again changes nothing (exit status 3).
    Refused,
    /// A passing fault that outlasted the retries: running again is safe (exit status 4).
    Passing,
    /// Anything else (exit status 1).
    Permanent,
}
