//! Where the values of parameters come from, in the order in which they win.

mod argument;
mod default;
mod environment;
mod file;
mod generated;
mod profile;
mod prompt;
mod state;

use super::inputs::Inputs;
use crate::manifest::{self, Diagnostic, Diagnostics, Span};
use crate::model::{Application, Expression, Name, Parameter};
use crate::util::{Secret, text};
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

/// The first that has a value wins. A new source is a file beside this one and a line here.
const SOURCES: &[Open] = &[
    argument::open,
    environment::open,
    file::open,
    profile::open,
    state::open,
    default::open,
    generated::open,
    prompt::open,
];

/// Makes a source ready and reports what is wrong with it as a whole, e.g. names that nobody declared.
type Open = for<'a> fn(&Opening<'a>, &mut Diagnostics) -> Box<dyn Source + 'a>;

/// What sources are made of.
#[derive(Clone, Copy)]
pub(super) struct Opening<'a> {
    pub(super) application: &'a Application,
    pub(super) inputs: &'a Inputs<'a>,
    pub(super) mode: Mode,
}

/// What resolving may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// Only look: nothing is generated, nobody is asked.
    Show,
    Run,
}

/// One place that values come from.
pub(super) trait Source {
    /// The value of this parameter, if this source has one. An error is a value that cannot be used.
    fn supply(&self, parameter: &Parameter) -> Result<Option<Supply>, Unusable>;

    /// Whether it bothers the user.
    fn asks(&self) -> bool {
        false
    }

    /// Whether it gives another value each time.
    fn invents(&self) -> bool {
        false
    }
}

/// Why the value of a source cannot be used.
pub(super) enum Unusable {
    Because(Box<Diagnostic>),
    /// It was said when the source was opened.
    Reported,
}

/// A value and where it came from.
pub(super) struct Supply {
    pub(super) content: Content,
    pub(super) source: ParameterSource,
    /// Where the value stands, if that is a file.
    pub(super) place: Option<(Arc<manifest::Source>, Span)>,
}

pub(super) enum Content {
    Text(Secret),
    Expression(Expression),
    /// There will be one when it is needed.
    Later,
}

/// Where a value came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ParameterSource {
    /// `--param name=value`
    Argument,
    /// `--param name=@path`
    ArgumentFile(PathBuf),
    /// The variable as it is spelled in the environment.
    Environment(String),
    /// `--params-file`
    File(PathBuf),
    Profile(Name),
    State,
    Default,
    Generated,
    Prompt,
}

impl fmt::Display for ParameterSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Argument => f.write_str("command line"),
            Self::ArgumentFile(path) => write!(f, "command line (@{})", path.display()),
            Self::Environment(variable) => write!(f, "environment ({variable})"),
            Self::File(path) => write!(f, "file ({})", path.display()),
            Self::Profile(name) => write!(f, "profile ({name})"),
            Self::State => f.write_str("state"),
            Self::Default => f.write_str("default"),
            Self::Generated => f.write_str("generated"),
            Self::Prompt => f.write_str("prompt"),
        }
    }
}

impl Supply {
    fn text(text: impl Into<String>, source: ParameterSource) -> Self {
        Self { content: Content::Text(Secret::new(text)), source, place: None }
    }
}

/// All sources, in their order.
pub(super) fn open<'a>(opening: &Opening<'a>, problems: &mut Diagnostics) -> Vec<Box<dyn Source + 'a>> {
    SOURCES.iter().map(|open| open(opening, problems)).collect()
}

/// The parameter that is meant by a name as a user writes it.
fn declared<'a>(application: &'a Application, written: &str) -> Option<&'a Parameter> {
    application.params.get(&Name::parameter(written).ok()?)
}

/// What to do about a name that nobody declared.
fn unknown_help(application: &Application, written: &str) -> String {
    let names = || application.params.keys().map(Name::as_str);
    match text::nearest(&written.replace('_', "-"), names()) {
        Some(near) => format!("did you mean `{near}`?"),
        None if application.params.is_empty() => "the manifest declares no parameters".to_owned(),
        None => format!("the manifest declares {}", text::list(names().take(20))),
    }
}
