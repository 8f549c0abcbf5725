//! What the active profile's `params` say.

use super::{Content, Opening, ParameterSource, Source, Supply, Unusable};
use crate::manifest::Diagnostics;
use crate::model::{Name, Parameter};

struct Profile(Option<Name>);

pub(super) fn open<'a>(opening: &Opening<'a>, _: &mut Diagnostics) -> Box<dyn Source + 'a> {
    Box::new(Profile(opening.application.profile.clone()))
}

impl Source for Profile {
    fn supply(&self, parameter: &Parameter) -> Result<Option<Supply>, Unusable> {
        let (Some(profile), Some(value)) = (&self.0, &parameter.profile_value) else { return Ok(None) };
        let source = ParameterSource::Profile(profile.clone());
        Ok(Some(Supply { content: Content::Expression(value.clone()), source, place: None }))
    }
}
