//! What a former run generated or was told at a prompt.

use super::{Opening, ParameterSource, Source, Supply, Unusable};
use crate::manifest::Diagnostics;
use crate::model::Parameter;
use crate::util::Secret;
use std::collections::BTreeMap;

struct State<'a>(&'a BTreeMap<String, Secret>);

pub(super) fn open<'a>(opening: &Opening<'a>, _: &mut Diagnostics) -> Box<dyn Source + 'a> {
    Box::new(State(&opening.inputs.state))
}

impl Source for State<'_> {
    fn supply(&self, parameter: &Parameter) -> Result<Option<Supply>, Unusable> {
        let value = self.0.get(parameter.name.as_str());
        Ok(value.map(|value| Supply::text(value.expose(), ParameterSource::State)))
    }
}
