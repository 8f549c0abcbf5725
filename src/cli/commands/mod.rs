//! One file a command: its arguments and `run`, which calls `ops` and shows what came of it.

pub(crate) mod check;
pub(crate) mod completions;
pub(crate) mod r#do;
pub(crate) mod doctor;
pub(crate) mod graph;
pub(crate) mod init;
pub(crate) mod params;
pub(crate) mod publish;
pub(crate) mod registry;
pub(crate) mod schema;
pub(crate) mod templates;
