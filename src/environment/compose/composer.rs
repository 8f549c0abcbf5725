//! Lowers what the manifest says to texts of a Compose file, and notes every variable that these need.

use super::text::Text;
use super::variable::{self, Variable, VariableSource};
use crate::azure::Given;
use crate::environment::{FileCx, place};
use crate::manifest::{Diagnostic, Diagnostics, Span};
use crate::model::resource::{Service, ValuePiece};
use crate::model::{
    App, AppKind, Endpoint, Environment, Expression, Filter, Name, Part, Reference, RegistryKind, Resource,
    ResourceKind, Scheme, ShipitProperty, Target,
};
use crate::util::text::percent_encode;
use std::collections::BTreeMap;

/// The port of an HTTP endpoint that says none.
const HTTP_PORT: u16 = 8080;

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

    pub(super) fn error(
        &mut self,
        code: &'static str,
        message: impl Into<String>,
        span: &Span,
        help: impl Into<String>,
    ) {
        let diagnostic = Diagnostic::error(code, message).within(&self.cx.application.source);
        self.problems.push(diagnostic.at(span.clone(), "").help(help));
    }

    pub(super) fn warning(
        &mut self,
        code: &'static str,
        message: impl Into<String>,
        span: &Span,
        help: impl Into<String>,
    ) {
        let diagnostic = Diagnostic::warning(code, message).within(&self.cx.application.source);
        self.problems.push(diagnostic.at(span.clone(), "").help(help));
    }

    /// An expression as a text. What is wrong in it is reported.
    pub(super) fn lower(&mut self, expression: &Expression) -> Text {
        let mut text = Text::default();
        for part in &expression.parts {
            text.append(match part {
                Part::Literal(literal) => {
                    if literal.contains('\0') {
                        let message = "a value holds the character U+0000, which no variable of a process can";
                        self.error("control-character", message, &expression.span, "take it out");
                    }
                    Text::literal(literal)
                }
                Part::Reference(reference) => self.reference(reference),
            });
        }
        text
    }

    /// The text, as far as it is known when the files are written.
    pub(super) fn known(&self, text: &Text) -> Option<String> {
        text.fill(|name| self.variables.get(name)?.default.as_deref())
    }

    fn reference(&mut self, reference: &Reference) -> Text {
        let span = &reference.span;
        let text = match &reference.target {
            Target::Parameter(name) => self.parameter(name),
            Target::Git(property) => match (self.cx.git)(*property) {
                Ok(fact) => Text::literal(fact),
                Err(message) => {
                    self.error("no-git-fact", message, span, "pass the value as a parameter");
                    Text::default()
                }
            },
            Target::Shipit(property) => Text::literal(self.shipit_fact(*property)),
            Target::Registry { name, property } => self.registry(name, property, span),
            Target::Environment { name, property } if property == "name" => Text::literal(name.as_str()),
            Target::Environment { name, property } => {
                let message = format!("`{name}.{property}` is not known in Docker Compose");
                self.error("foreign-value", message, span, "pass the value as a parameter");
                Text::default()
            }
            Target::App { name, property } => self.app_property(name, property, span),
            Target::Resource { name, property } => self.resource_property(name, property, span),
        };
        match reference.filter {
            None => text,
            Some(Filter::Uri) => self.encoded(text),
        }
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

    fn parameter(&mut self, name: &Name) -> Text {
        let Some(parameter) = self.cx.application.params.get(name) else { return Text::default() };
        let default = match self.cx.values.get(name) {
            Some(Given::Known(text)) if !parameter.secret => Some(text.clone()),
            _ => None,
        };
        let about = match (&parameter.description, parameter.secret) {
            (Some(description), _) => description.clone(),
            (None, true) => format!("The secret `{name}`."),
            (None, false) => format!("The parameter `{name}`."),
        };
        let source = VariableSource::Parameter { name: name.clone(), secret: parameter.secret };
        let name = variable::of_parameter(name);
        Text::variable(self.declare(Variable { name, about, default, source, is_encoded: false }))
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

    fn shipit_fact(&self, property: ShipitProperty) -> String {
        let application = self.cx.application;
        match property {
            ShipitProperty::Name => application.name.clone(),
            ShipitProperty::Profile => application.profile.as_ref().map_or("default", Name::as_str).to_owned(),
            ShipitProperty::Version => self.cx.version.to_owned(),
        }
    }

    fn registry(&mut self, name: &Name, property: &str, span: &Span) -> Text {
        let Some(registry) = self.cx.application.registries.get(name) else { return Text::default() };
        match (property, &registry.kind) {
            ("name", _) => Text::literal(name.as_str()),
            ("repository", _) => registry.repository.as_ref().map(|it| self.lower(it)).unwrap_or_default(),
            (_, RegistryKind::Oci { endpoint, .. }) => self.lower(endpoint),
            (_, RegistryKind::Azure(azure)) if azure.name().is_some() => {
                let mut server = azure.name().map(|name| self.lower(name)).unwrap_or_default();
                server.append(Text::literal(".azurecr.io"));
                server
            }
            (_, RegistryKind::Local { port: Some(port) }) => Text::literal(format!("localhost:{}", port.get_ref())),
            (_, RegistryKind::Local { .. } | RegistryKind::Azure(_)) => {
                let message = format!("where `{name}` answers is not known when the files are written");
                self.error("foreign-value", message, span, "pass the value as a parameter");
                Text::default()
            }
        }
    }

    fn app_property(&mut self, name: &Name, property: &str, span: &Span) -> Text {
        let Some(app) = self.cx.application.apps.get(name) else { return Text::default() };
        if property == "image" {
            return self.image(app);
        }
        if !place::runs_here(app, self.environment) {
            self.foreign(name, app.environments.first().map(|name| name.get_ref().as_str()), span);
            return Text::default();
        }
        let endpoints = app.endpoints_in_order();
        self.address(name, &endpoints, property, span)
    }

    fn foreign(&mut self, name: &Name, elsewhere: Option<&str>, span: &Span) {
        let here = &self.environment.name;
        let message = match elsewhere {
            Some(other) => format!("`{name}` runs in `{other}`: its address is not known in `{here}`"),
            None => format!("`{name}` does not run in `{here}`: it has no address there"),
        };
        let help = format!("add `{here}` to its `environment`, or pass the address as a parameter");
        self.error("foreign-address", message, span, help);
    }

    /// The image of an app: what was pushed last, what the manifest says, else a variable.
    pub(super) fn image(&mut self, app: &App) -> Text {
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

    /// What the image will be called once it is pushed, if that is known.
    fn image_to_be(&mut self, app: &App) -> Option<String> {
        // None of these values belongs into `.env` for the sake of a default.
        let before = self.variables.clone();
        let tag = app.tags.first().map(|tag| self.lower(tag));
        let name = app.image_name.as_ref().map(|name| self.lower(name));
        let registry = app.registries.first().and_then(|name| self.cx.application.registries.get(name.get_ref()));
        let place = registry.and_then(|registry| {
            let endpoint = match &registry.kind {
                RegistryKind::Oci { endpoint, .. } => self.lower(endpoint),
                RegistryKind::Local { port } => Text::literal(format!("localhost:{}", port.as_ref()?.get_ref())),
                RegistryKind::Azure(azure) => {
                    let mut server = self.lower(azure.name()?);
                    server.append(Text::literal(".azurecr.io"));
                    server
                }
            };
            let repository = registry.repository.as_ref().map(|repository| self.lower(repository));
            Some((endpoint, repository))
        });
        let known = |text: &Text| self.known(text);
        let image = (|| {
            let tag = known(&tag?)?;
            let name = match &name {
                Some(name) => known(name)?,
                None => app.name.as_str().to_ascii_lowercase(),
            };
            if app.registries.is_empty() {
                // What the engine calls the image that it has built.
                return Some(format!("{}/{name}:{tag}", place::folder_of(&self.cx.application.name)));
            }
            let (endpoint, repository) = place?;
            let folder = match &repository {
                Some(repository) => format!("{}/", known(repository)?),
                None => String::new(),
            };
            Some(format!("{}/{folder}{name}:{tag}", known(&endpoint)?))
        })();
        self.variables = before;
        image
    }

    fn resource_property(&mut self, name: &Name, property: &str, span: &Span) -> Text {
        let Some(resource) = self.cx.application.resources.get(name) else { return Text::default() };
        match &resource.kind {
            ResourceKind::ConnectionString(it) => self.lower(&it.value),
            ResourceKind::Service(service) => {
                if place::services(self.cx.application, self.environment).all(|here| here.name != *name) {
                    let elsewhere = resource.environments.first().map(|name| name.get_ref().as_str());
                    self.foreign(name, elsewhere, span);
                    return Text::default();
                }
                self.service_property(resource, service, property, span)
            }
            other => {
                let message = format!("`{name}` is of kind `{}`: only Azure knows its properties", other.name());
                let help = "use a kind that runs in a container, or a `connection-string` with a secret parameter";
                self.error("foreign-value", message, span, help);
                Text::default()
            }
        }
    }

    fn service_property(&mut self, resource: &Resource, service: &Service, property: &str, span: &Span) -> Text {
        if let Some(pieces) = service.texts.get(property) {
            return self.pieces(resource, service, pieces);
        }
        let database = service.databases.iter().find(|database| property.strip_prefix(&database.key) == Some(".name"));
        if let Some(database) = database {
            return self.lower(&database.name);
        }
        // Those of a database are those of its server.
        let last = property.rsplit('.').next().unwrap_or(property);
        match last {
            "username" => service.username.as_ref().map(|it| self.lower(it)).unwrap_or_default(),
            "password" => service.password.as_ref().map(|it| self.lower(it)).unwrap_or_default(),
            "image" => self.lower(&service.image),
            _ => {
                let is_database = service.databases.iter().any(|it| property == format!("{}.{last}", it.key));
                let endpoints: Vec<(&str, &Endpoint)> =
                    service.endpoints.iter().map(|it| (it.name.as_str(), &it.endpoint)).collect();
                self.address(&resource.name, &endpoints, if is_database { last } else { property }, span)
            }
        }
    }

    /// A text of a service, such as a connection string.
    pub(super) fn pieces(&mut self, resource: &Resource, service: &Service, pieces: &[ValuePiece]) -> Text {
        let mut text = Text::default();
        for piece in pieces {
            text.append(match piece {
                ValuePiece::Text(literal) => Text::literal(literal),
                ValuePiece::Host => Text::literal(resource.name.as_str()),
                ValuePiece::Port => match service.endpoints.first() {
                    Some(first) => Text::literal(self.port(&resource.name, &first.endpoint).to_string()),
                    None => Text::default(),
                },
                ValuePiece::Value(expression) => self.lower(expression),
                ValuePiece::UriEncoded(expression) => {
                    let text = self.lower(expression);
                    self.encoded(text)
                }
            });
        }
        text
    }

    /// Services see each other by their names, on the ports that they listen on.
    fn address(&mut self, of: &Name, endpoints: &[(&str, &Endpoint)], property: &str, span: &Span) -> Text {
        let (endpoint, property) = match property.rsplit_once('.') {
            Some((name, property)) => (endpoints.iter().find(|(known, _)| *known == name), property),
            None => (endpoints.first(), property),
        };
        let Some((_, endpoint)) = endpoint else {
            self.error("no-address", format!("`{of}` has no endpoint"), span, "give it an endpoint under `endpoints`");
            return Text::default();
        };
        let scheme = url_scheme(*endpoint.scheme.get_ref());
        match property {
            "host" => Text::literal(of.as_str()),
            "scheme" => Text::literal(scheme),
            "port" => Text::literal(self.port(of, endpoint).to_string()),
            _ => Text::literal(format!("{scheme}://{of}:{}", self.port(of, endpoint))),
        }
    }

    /// The port that an endpoint's program listens on.
    pub(super) fn port(&mut self, of: &Name, endpoint: &Endpoint) -> u16 {
        let port = endpoint.target_port.as_ref().or(endpoint.port.as_ref()).map(|port| *port.get_ref());
        match port {
            Some(port) => port,
            None if endpoint.scheme.is_http() => HTTP_PORT,
            None => {
                let message = format!("the port that `{of}` listens on is not known");
                self.error("no-port", message, &endpoint.span, "write `target-port`");
                HTTP_PORT
            }
        }
    }
}

/// The scheme of an address.
fn url_scheme(scheme: Scheme) -> &'static str {
    match scheme {
        Scheme::Http | Scheme::Http2 | Scheme::Grpc => "http",
        Scheme::Https => "https",
        Scheme::Ws => "ws",
        Scheme::Wss => "wss",
        Scheme::Tcp => "tcp",
        Scheme::Udp => "udp",
    }
}
