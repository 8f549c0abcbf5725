//! One release that is being written: what a value that is known later is called in its chart.

use super::input::{Input, InputInfo, Inputs, key};
use super::names::{self, dns};
use super::text::Text;
use crate::environment::FileCx;
use crate::environment::lowering::Lowering;
use crate::manifest::{Diagnostics, Span};
use crate::model::environment::{Entrance, KubernetesEnvironment};
use crate::model::{App, AppKind, Endpoint, Environment, Expression, Name, Parameter, ParameterType, Resource};

/// One environment that is being written.
pub(super) struct Writer<'c> {
    pub(super) cx: &'c FileCx<'c>,
    pub(super) environment: &'c Environment,
    pub(super) settings: &'c KubernetesEnvironment,
    pub(super) problems: Diagnostics,
    pub(super) inputs: Inputs,
}

impl<'c> Writer<'c> {
    pub(super) fn new(cx: &'c FileCx<'c>, environment: &'c Environment, settings: &'c KubernetesEnvironment) -> Self {
        let (problems, inputs) = (Diagnostics::default(), Inputs::default());
        Self { cx, environment, settings, problems, inputs }
    }

    /// Notes a value of the chart; gives the text that stands for it.
    pub(super) fn input(&mut self, input: Input, info: InputInfo) -> Text {
        self.inputs.by_input.entry(input.clone()).or_insert(info);
        Text::value(input)
    }

    /// A value that anyone who may look at the objects sees.
    pub(super) fn plain(&mut self, what: &str, expression: &Expression) -> Text {
        let text = self.lower(expression);
        if text.is_secret(&self.inputs) {
            let help = "use a parameter that is no secret";
            self.error("secret-exposed", format!("a secret may not appear in {what}"), &expression.span, help);
        }
        text
    }

    /// What only somebody else knows: whoever deploys says it.
    fn foreign(&mut self, name: &Name, property: &str, secret: bool, about: String) -> Text {
        let table = if secret { "secrets" } else { "parameters" };
        let mut info = InputInfo::plain(&[table, &key(name), &property.replace(['-', '.'], "_")], about, None);
        info.secret = secret;
        self.input(Input::Foreign { name: name.clone(), property: property.to_owned() }, info)
    }

    /// What the image will be called once it is pushed, if that is known.
    fn image_to_be(&mut self, app: &App) -> Option<String> {
        // None of these values belongs into the chart for the sake of a default.
        let before = self.inputs.clone();
        let image = self.pushed_image(app);
        let known = super::release::Defaults { inputs: &self.inputs, release: "", version: "" };
        let image = image.and_then(|image| image.fill(&known).ok());
        self.inputs = before;
        image
    }
}

impl<'c> Lowering<'c> for Writer<'c> {
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
        let table = if parameter.secret { "secrets" } else { "parameters" };
        let mut info = InputInfo::plain(&[table, &key(&parameter.name)], about, default);
        info.secret = parameter.secret;
        info.kind = if parameter.secret { ParameterType::String } else { parameter.kind };
        info.allowed = parameter.allowed.iter().map(|allowed| allowed.get_ref().clone()).collect();
        info.pattern = parameter.pattern.as_ref().map(|pattern| pattern.get_ref().clone());
        self.input(Input::Parameter(parameter.name.clone()), info)
    }

    /// The image of an app: a value of the chart, which the next deployment changes.
    fn image(&mut self, app: &App) -> Text {
        let default = match &app.kind {
            AppKind::Image { image, mirror: false } => {
                let image = self.plain("the name of an image", image);
                match image.as_literal() {
                    Some(literal) => Some(literal.to_owned()),
                    // Its parts are values of the chart.
                    None => return image,
                }
            }
            AppKind::Image { .. } | AppKind::Dockerfile(_) => {
                self.cx.images.get(&app.name).cloned().or_else(|| self.image_to_be(app))
            }
        };
        let about = format!("The image of `{}`.", app.name);
        let info = InputInfo::plain(&["parameters", &key(&app.name), "image"], about, default);
        self.input(Input::Image(app.name.clone()), info)
    }

    fn encoded(&mut self, text: Text) -> Text {
        text.encoded()
    }

    fn unknown_of_registry(&mut self, name: &Name, property: &str, _: &Span) -> Text {
        self.foreign(name, property, false, format!("`{property}` of the registry `{name}`."))
    }

    fn of_environment(&mut self, name: &Name, property: &str, _: &Span) -> Text {
        if property == "domain"
            && let Some(settings) = self.cx.application.environments.get(name).and_then(names::settings)
            && let Some(domain) = domain_of(&settings.entrance)
        {
            return self.lower(domain);
        }
        self.foreign(name, property, false, format!("`{property}` of the environment `{name}`."))
    }

    fn of_app_elsewhere(&mut self, app: &App, property: &str, _: &Span) -> Text {
        let name = &app.name;
        let about = match app.environments.first() {
            Some(other) => format!("`{property}` of `{name}`, which runs in `{}`.", other.get_ref()),
            None => format!("`{property}` of `{name}`, which runs in no environment."),
        };
        self.foreign(name, property, false, about)
    }

    fn of_resource_elsewhere(&mut self, resource: &Resource, property: &str, _: &Span) -> Text {
        let secret = resource.property(property).is_some_and(|it| it.secret);
        let about = format!("`{property}` of `{}` ({}).", resource.name, resource.kind.name());
        self.foreign(&resource.name, property, secret, about)
    }

    fn host(&self, of: &Name) -> String {
        host(of)
    }

    /// The port of the Service. What a backing service says is a port of one's own machine, for Compose.
    fn port(&mut self, of: &Name, endpoint: &Endpoint) -> u16 {
        match &endpoint.port {
            Some(port) if self.cx.application.apps.contains_key(of) => *port.get_ref(),
            Some(_) | None => self.target_port(of, endpoint),
        }
    }
}

/// The name under which pods reach an app or a service.
pub(super) fn host(name: &Name) -> String {
    dns(name.as_str(), names::LABEL)
}

/// What the hosts of an environment end with, if the manifest says it.
pub(super) fn domain_of(entrance: &Entrance) -> Option<&Expression> {
    match entrance {
        Entrance::Ingress(ingress) => ingress.domain.as_ref(),
        Entrance::Gateway(gateway) => gateway.domain.as_ref(),
        Entrance::Closed => None,
    }
}
