//! Which views a run has.

use super::github::GithubReporter;
use super::{
    Clock, JsonReporter, LinesReporter, LogFileReporter, Paint, QuietReporter, ReportError, ReportFormat, Reporter,
    RunReporter, Stream, TerminalReporter,
};
use std::io::BufWriter;
use std::path::PathBuf;
use std::sync::Arc;

/// What a flood of lines is written in, in bytes.
const BUFFER: usize = 64 * 1024;

/// Tells the width and the height of the terminal, in columns and rows.
pub type Size = Arc<dyn Fn() -> (usize, usize) + Send + Sync>;

/// `--progress`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ProgressMode {
    /// A live tree on a terminal, lines elsewhere.
    #[default]
    Auto,
    Tty,
    Plain,
    Json,
    Quiet,
}

/// What is to be shown, and where.
#[derive(Clone)]
pub struct ReportSettings {
    pub progress: ProgressMode,
    /// Whether the stream is a terminal that can move its cursor.
    pub is_terminal: bool,
    pub paint: Paint,
    pub size: Size,
    /// 0; 1 for details; 2 for all output of engines in the live tree too.
    pub verbosity: u8,
    /// Whether this runs in GitHub Actions (and `--ci none` was not said).
    pub github: bool,
    /// What `GITHUB_STEP_SUMMARY` names.
    pub github_summary: Option<PathBuf>,
    pub log_file: Option<PathBuf>,
    pub reports: Vec<(PathBuf, ReportFormat)>,
}

impl Default for ReportSettings {
    fn default() -> Self {
        Self {
            progress: ProgressMode::Auto,
            is_terminal: false,
            paint: Paint::default(),
            size: Arc::new(|| (80, 24)),
            verbosity: 0,
            github: false,
            github_summary: None,
            log_file: None,
            reports: Vec::new(),
        }
    }
}

impl std::fmt::Debug for ReportSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ReportSettings").field("progress", &self.progress).finish_non_exhaustive()
    }
}

/// The views that the settings ask for; `out` is stderr.
///
/// # Errors
///
/// The log file cannot be created.
pub fn reporters(settings: &ReportSettings, clock: &Clock, out: Stream) -> Result<Vec<Box<dyn Reporter>>, ReportError> {
    let (clock, paint, verbosity) = (clock.clone(), settings.paint, settings.verbosity);
    let mut reporters: Vec<Box<dyn Reporter>> = Vec::new();
    if let Some(path) = &settings.log_file {
        reporters.push(Box::new(LogFileReporter::create(path, clock.clone())?));
    }
    for (path, format) in &settings.reports {
        reporters.push(Box::new(RunReporter::new(path.clone(), *format)));
    }
    // The live tree writes whole frames.
    let buffered = |out| -> Stream { Box::new(BufWriter::with_capacity(BUFFER, out)) };
    reporters.push(match settings.progress {
        ProgressMode::Tty => Box::new(TerminalReporter::new(out, clock, settings.size.clone(), verbosity, paint)),
        ProgressMode::Auto if settings.is_terminal && !settings.github => {
            Box::new(TerminalReporter::new(out, clock, settings.size.clone(), verbosity, paint))
        }
        ProgressMode::Auto | ProgressMode::Plain if settings.github => {
            Box::new(GithubReporter::new(buffered(out), clock, verbosity, settings.github_summary.clone()))
        }
        ProgressMode::Auto | ProgressMode::Plain => {
            Box::new(LinesReporter::new(buffered(out), clock, verbosity, paint))
        }
        ProgressMode::Json => Box::new(JsonReporter::new(buffered(out), clock, verbosity)),
        ProgressMode::Quiet => Box::new(QuietReporter::new(out, paint)),
    });
    Ok(reporters)
}
