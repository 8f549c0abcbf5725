//! Arguments, terminal and exit codes: the only code that prints, reads the environment or exits.

pub mod report;
pub mod signals;
pub mod terminal;
