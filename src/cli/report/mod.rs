//! Views of a run: what [`pipeline::Event`](crate::pipeline::Event)s look like to people and programs.
//!
//! [`Reports`] owns the views and feeds them on a thread of its own; every text passes its
//! [`Cleaner`] first, so that no view needs to think of control characters or secrets.
//! A view is a [`Reporter`]; [`reporters`] makes those that the settings ask for.

mod clean;
mod clock;
pub mod diagnostics;
mod excerpt;
mod frame;
pub mod github;
mod html;
mod json;
mod lines;
mod log_file;
mod quiet;
mod reporter;
mod reports;
mod run_report;
mod run_view;
mod settings;
mod style;
mod table;
mod terminal;

pub use clean::{Cleaner, Redactor};
pub use clock::Clock;
pub use frame::{Frame, frame};
pub use html::html;
pub use json::JsonReporter;
pub use lines::LinesReporter;
pub use log_file::LogFileReporter;
pub use quiet::QuietReporter;
pub use reporter::{ReportError, Reporter, Stream};
pub use reports::Reports;
pub use run_report::{ReportFormat, RunReporter, json as run_report_json};
pub use run_view::RunView;
pub use settings::{ProgressMode, ReportSettings, Size, reporters};
pub use style::Paint;
pub use table::{failures, table};
pub use terminal::TerminalReporter;
