//! `generate` in the manifest: a value is made up, and kept in the state from then on.

use super::{Content, Mode, Opening, ParameterSource, Source, Supply, Unusable};
use crate::manifest::{Diagnostic, Diagnostics};
use crate::model::Parameter;
use crate::resolve::generate::generate;

struct Generated(Mode);

pub(super) fn open<'a>(opening: &Opening<'a>, _: &mut Diagnostics) -> Box<dyn Source + 'a> {
    Box::new(Generated(opening.mode))
}

impl Source for Generated {
    fn supply(&self, parameter: &Parameter) -> Result<Option<Supply>, Unusable> {
        let Some(rules) = &parameter.generate else { return Ok(None) };
        let content = match self.0 {
            Mode::Show => Content::Later,
            Mode::Run => Content::Text(generate(rules).ok_or_else(|| {
                let message = format!("no value can be generated for `{}`", parameter.name);
                let problem = Diagnostic::error("cannot-generate", message);
                Unusable::Because(Box::new(problem.help("allow at least one kind of character")))
            })?),
        };
        Ok(Some(Supply { content, source: ParameterSource::Generated, place: None }))
    }

    fn invents(&self) -> bool {
        true
    }
}
