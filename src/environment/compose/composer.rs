//! One Compose file that is being written: what a value that is known later is called in it.

use super::text::Text;
use super::variable::{self, Variable, VariableSource};
use crate::environment::lowering::{Lowering, Text as _};
use crate::environment::{FileCx, place};
use crate::manifest::{Diagnostics, Span};
use crate::model::{App, AppKind, Endpoint, Environment, Name, Parameter, Resource, ResourceKind};
use crate::util::text::percent_encode;
use std::collections::BTreeMap;

/// One environment that is being written.
pub(super) struct Composer<'c> {
    pub(super) cx: &'c FileCx<'c>,
    pub(super) environment: &'c Environment,
    pub(super) problems: Diagnostics,
    pub(super) variables: BTreeMap<String, Variable>,
}

impl<'c> Composer<'c> {
    pub(super) fn new(cx: &'c FileCx<'c>, environment: &'c Environment) -> Self {
        Self { cx, environment, problems: Diagnostics::default(), variables: BTreeMap::new() }
    }

    /// The text, as far as it is known when the files are written.
    pub(super) fn known(&self, text: &Text) -> Option<String> {
        text.fill(|name| self.variables.get(name)?.default.as_deref())
    }

    /// Notes a variable; gives its name. Two things of one name are a mistake.
    pub(super) fn declare(&mut self, variable: Variable) -> String {
        let name = variable.name.clone();
        match self.variables.get(&name) {
            Some(known) if known.source != variable.source || known.is_encoded != variable.is_encoded => {
                let message = format!("two values would both be the variable `{name}` of the Compose file");
                let span = self.environment.span.clone();
                self.error("same-variable", message, &span, "give the parameter or the app another name");
            }
            Some(_) => {}
            None => {
                self.variables.insert(name.clone(), variable);
            }
        }
        name
    }

    fn foreign(&mut self, name: &Name, elsewhere: Option<&str>, span: &Span) -> Text {
        let here = &self.environment.name;
        let message = match elsewhere {
            Some(other) => format!("`{name}` runs in `{other}`: its address is not known in `{here}`"),
            None => format!("`{name}` does not run in `{here}`: it has no address there"),
        };
        let help = format!("add `{here}` to its `environment`, or pass the address as a parameter");
        self.error("foreign-address", message, span, help);
        Text::default()
    }

    fn unknown(&mut self, message: String, span: &Span) -> Text {
        self.error("foreign-value", message, span, "pass the value as a parameter");
        Text::default()
    }

    /// What the image will be called once it is pushed, or built if it is not, as far as that is known.
    fn image_to_be(&mut self, app: &App) -> Option<String> {
        // None of these values belongs into `.env` for the sake of a default.
        let before = self.variables.clone();
        let image = if app.registries.is_empty() {
            let folder = format!("{}/", place::folder_of(&self.cx.application.name));
            self.tagged_name(app).map(|name| Text::literal(folder).and(name))
        } else {
            self.pushed_image(app)
        };
        let image = image.and_then(|image| self.known(&image));
        self.variables = before;
        image
    }
}

impl<'c> Lowering<'c> for Composer<'c> {
    type Text = Text;

    fn cx(&self) -> &'c FileCx<'c> {
        self.cx
    }

    fn environment(&self) -> &'c Environment {
        self.environment
    }

    fn problems(&mut self) -> &mut Diagnostics {
        &mut self.problems
    }

    fn parameter(&mut self, parameter: &Parameter, about: String, default: Option<String>) -> Text {
        let source = VariableSource::Parameter { name: parameter.name.clone(), secret: parameter.secret };
        let name = variable::of_parameter(&parameter.name);
        Text::variable(self.declare(Variable { name, about, default, source, is_encoded: false }))
    }

    /// What was pushed last, what the manifest says, else a variable.
    fn image(&mut self, app: &App) -> Text {
        if let AppKind::Image { image, mirror: false } = &app.kind {
            return self.lower(image);
        }
        if let Some(image) = self.cx.images.get(&app.name) {
            return Text::literal(image);
        }
        let default = self.image_to_be(app);
        let name = variable::of_app(&app.name, "IMAGE");
        let about = format!("The image of `{}`.", app.name);
        let source = VariableSource::Image(app.name.clone());
        Text::variable(self.declare(Variable { name, about, default, source, is_encoded: false }))
    }

    fn encoded(&mut self, text: Text) -> Text {
        text.encoded(|name| {
            let Some(plain) = self.variables.get(&name).cloned() else { return name };
            let encoded = Variable {
                name: format!("{name}_URI"),
                about: format!("{}, percent-encoded.", plain.about.trim_end_matches('.')),
                default: plain.default.as_deref().map(percent_encode),
                is_encoded: true,
                ..plain
            };
            self.declare(encoded)
        })
    }

    fn unknown_of_registry(&mut self, name: &Name, property: &str, span: &Span) -> Text {
        let message = match property {
            "id" => format!("`{name}.id` is not known in Docker Compose"),
            _ => format!("where `{name}` answers is not known when the files are written"),
        };
        self.unknown(message, span)
    }

    fn of_environment(&mut self, name: &Name, property: &str, span: &Span) -> Text {
        self.unknown(format!("`{name}.{property}` is not known in Docker Compose"), span)
    }

    fn of_app_elsewhere(&mut self, app: &App, _: &str, span: &Span) -> Text {
        self.foreign(&app.name, app.environments.first().map(|name| name.get_ref().as_str()), span)
    }

    fn of_resource_elsewhere(&mut self, resource: &Resource, _: &str, span: &Span) -> Text {
        let name = &resource.name;
        if let ResourceKind::Service(_) = &resource.kind {
            return self.foreign(name, resource.environments.first().map(|name| name.get_ref().as_str()), span);
        }
        let message = format!("`{name}` is of kind `{}`: only Azure knows its properties", resource.kind.name());
        let help = "use a kind that runs in a container, or a `connection-string` with a secret parameter";
        self.error("foreign-value", message, span, help);
        Text::default()
    }

    fn host(&self, of: &Name) -> String {
        of.to_string()
    }

    /// Services see each other on the ports that they listen on.
    fn port(&mut self, of: &Name, endpoint: &Endpoint) -> u16 {
        self.target_port(of, endpoint)
    }
}
