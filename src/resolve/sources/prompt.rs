//! Asks the user, if there is one.

use super::{Content, Mode, Opening, ParameterSource, Source, Supply, Unusable};
use crate::manifest::Diagnostics;
use crate::model::Parameter;
use crate::resolve::check;
use crate::resolve::inputs::{Prompt, Question};

struct Asked<'a>(Option<&'a dyn Prompt>);

pub(super) fn open<'a>(opening: &Opening<'a>, _: &mut Diagnostics) -> Box<dyn Source + 'a> {
    Box::new(Asked(opening.inputs.prompt.filter(|_| opening.mode == Mode::Run)))
}

impl Source for Asked<'_> {
    fn supply(&self, parameter: &Parameter) -> Result<Option<Supply>, Unusable> {
        let Some(prompt) = self.0 else { return Ok(None) };
        let allowed: Vec<&str> = parameter.allowed.iter().map(|value| value.get_ref().as_str()).collect();
        let question = Question {
            name: parameter.name.as_str(),
            description: parameter.description.as_deref(),
            secret: parameter.secret,
            allowed: &allowed,
        };
        match prompt.ask(&question, &|text| check::parameter_value(parameter, text)) {
            Ok(text) => {
                let source = ParameterSource::Prompt;
                Ok(Some(Supply { content: Content::Text(text), source, place: None }))
            }
            // Nobody answered: it is missing, which is reported with all the others.
            Err(_) => Ok(None),
        }
    }

    fn asks(&self) -> bool {
        true
    }
}
