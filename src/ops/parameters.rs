//! Every parameter, its value and where the value comes from.

use super::load::{LoadRequest, Loaded, load};
use super::{Error, state_folder};
use crate::manifest::{Diagnostic, Diagnostics};
use crate::model::Name;
use crate::resolve::{self, Inputs, ParameterTable};
use crate::state::State;
use crate::util::FailureClass;
use std::path::Path;

/// Looks every parameter up; asks nobody, generates nothing, touches nothing.
pub fn parameters(
    request: &LoadRequest,
    mut inputs: Inputs<'_>,
    state: Option<&Path>,
) -> Result<(ParameterTable, Vec<Diagnostic>), Error> {
    let Loaded { application, root, warnings } = load(request)?;
    let folder = state_folder(state, &root);
    let opened = State::open(&folder, application.profile.as_ref().map(Name::as_str));
    let kept = opened.and_then(|(state, _)| state.parameters());
    inputs.state = kept.map_err(|error| Error::Failed {
        class: FailureClass::Permanent,
        message: error.to_string(),
        help: error.help(),
    })?;
    inputs.project = root;
    let mut problems = Diagnostics::default();
    problems.extend(warnings);
    let table = resolve::parameters(&application, &inputs, &mut problems);
    if problems.has_errors() { Err(problems.into()) } else { Ok((table, problems.into_sorted())) }
}
