//! `default` in the manifest.

use super::{Content, Opening, ParameterSource, Source, Supply, Unusable};
use crate::manifest::Diagnostics;
use crate::model::Parameter;

struct Default;

pub(super) fn open<'a>(_: &Opening<'a>, _: &mut Diagnostics) -> Box<dyn Source + 'a> {
    Box::new(Default)
}

impl Source for Default {
    fn supply(&self, parameter: &Parameter) -> Result<Option<Supply>, Unusable> {
        let supply =
            |value| Supply { content: Content::Expression(value), source: ParameterSource::Default, place: None };
        Ok(parameter.default.clone().map(supply))
    }
}
