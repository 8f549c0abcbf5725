//! Runs a plan and shows it: what `shipit do` is made of.

use super::arguments::{DataFormat, ParameterArguments, ProgressKind};
use super::commands::r#do::Args;
use super::report::{Cleaner, ProgressMode, ReportSettings, Reports};
use super::{Cx, Exit, env_vars, settings, signals};
