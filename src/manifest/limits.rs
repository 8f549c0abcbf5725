//! How much of anything is accepted.

/// The most bytes of a document. 10,000 apps of a hundred bytes fit.
pub const FILE_SIZE: usize = 1024 * 1024;
/// The most arrays and tables inside each other.
pub(super) const NESTING: usize = 64;
/// The most values that aliases of YAML may add to a document.
pub(super) const ALIAS_VALUES: usize = 100_000;
