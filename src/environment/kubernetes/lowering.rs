//! Lowers what the manifest says to texts of objects, and notes every value that these need.

use super::input::{Input, InputInfo, Inputs, key};
use super::names::{self, dns};
use super::text::Text;
use crate::azure::Given;
use crate::environment::{FileCx, place};
use crate::manifest::{Diagnostic, Diagnostics, Span};
use crate::model::environment::{Entrance, KubernetesEnvironment};
use crate::model::resource::{Service, ValuePiece};
use crate::model::{
    App, AppKind, Endpoint, Environment, Expression, Filter, Name, ParameterType, Part, Reference, RegistryKind,
    Resource, ResourceKind, Scheme, ShipitProperty, Target,
};

/// The port of an HTTP endpoint that says none.
const HTTP_PORT: u16 = 8080;

/// One environment that is being written.
pub(super) struct Lowering<'c> {
    pub(super) cx: &'c FileCx<'c>,
    pub(super) environment: &'c Environment,
    pub(super) settings: &'c KubernetesEnvironment,
    pub(super) problems: Diagnostics,
    pub(super) inputs: Inputs,
}

impl<'c> Lowering<'c> {
    pub(super) fn new(cx: &'c FileCx<'c>, environment: &'c Environment, settings: &'c KubernetesEnvironment) -> Self {
        let (problems, inputs) = (Diagnostics::default(), Inputs::default());
        Self { cx, environment, settings, problems, inputs }
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

    /// Notes a value of the chart; gives the text that stands for it.
    pub(super) fn input(&mut self, input: Input, info: InputInfo) -> Text {
        self.inputs.by_input.entry(input.clone()).or_insert(info);
        Text::value(input)
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

    /// A value that anyone who may look at the objects sees.
    pub(super) fn plain(&mut self, what: &str, expression: &Expression) -> Text {
        let text = self.lower(expression);
        if text.is_secret(&self.inputs) {
            let help = "use a parameter that is no secret";
            self.error("secret-exposed", format!("a secret may not appear in {what}"), &expression.span, help);
        }
        text
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
            Target::Registry { name, property } => self.registry(name, property),
            Target::Environment { name, property } => self.environment_property(name, property),
            Target::App { name, property } => self.app_property(name, property, span),
            Target::Resource { name, property } => self.resource_property(name, property, span),
        };
        match reference.filter {
            None => text,
            Some(Filter::Uri) => text.encoded(),
        }
    }

    fn parameter(&mut self, name: &Name) -> Text {
        let Some(parameter) = self.cx.application.params.get(name) else { return Text::default() };
        let default = match self.cx.values.get(name) {
            Some(Given::Known(text)) if !parameter.secret => Some(text.clone()),
            Some(Given::Known(_) | Given::Variable(_)) | None => None,
        };
        let about = match (&parameter.description, parameter.secret) {
            (Some(description), _) => description.clone(),
            (None, true) => format!("The secret `{name}`."),
            (None, false) => format!("The parameter `{name}`."),
        };
        let table = if parameter.secret { "secrets" } else { "parameters" };
        let mut info = InputInfo::plain(&[table, &key(name)], about, default);
        info.secret = parameter.secret;
        info.kind = if parameter.secret { ParameterType::String } else { parameter.kind };
        info.allowed = parameter.allowed.iter().map(|allowed| allowed.get_ref().clone()).collect();
        info.pattern = parameter.pattern.as_ref().map(|pattern| pattern.get_ref().clone());
        self.input(Input::Parameter(name.clone()), info)
    }

    fn shipit_fact(&self, property: ShipitProperty) -> String {
        let application = self.cx.application;
        match property {
            ShipitProperty::Name => application.name.clone(),
            ShipitProperty::Profile => application.profile.as_ref().map_or("default", Name::as_str).to_owned(),
            ShipitProperty::Version => self.cx.version.to_owned(),
        }
    }

    /// What only somebody else knows: whoever deploys says it.
    fn foreign(&mut self, name: &Name, property: &str, secret: bool, about: String) -> Text {
        let table = if secret { "secrets" } else { "parameters" };
        let mut info = InputInfo::plain(&[table, &key(name), &property.replace(['-', '.'], "_")], about, None);
        info.secret = secret;
        self.input(Input::Foreign { name: name.clone(), property: property.to_owned() }, info)
    }

    fn registry(&mut self, name: &Name, property: &str) -> Text {
        let Some(registry) = self.cx.application.registries.get(name) else { return Text::default() };
        match (property, &registry.kind) {
            ("name", _) => Text::literal(name.as_str()),
            ("repository", _) => registry.repository.as_ref().map(|it| self.lower(it)).unwrap_or_default(),
            (_, RegistryKind::Oci { .. }) => self.server(name).unwrap_or_default(),
            (_, RegistryKind::Local { .. } | RegistryKind::Azure(_)) => match self.server(name) {
                Some(server) if property != "id" => server,
                Some(_) | None => {
                    let about = format!("`{property}` of the registry `{name}`.");
                    self.foreign(name, property, false, about)
                }
            },
        }
    }

    /// The host of a registry, as far as the manifest says it.
    pub(super) fn server(&mut self, name: &Name) -> Option<Text> {
        match &self.cx.application.registries.get(name)?.kind {
            RegistryKind::Oci { endpoint, .. } => Some(self.lower(endpoint)),
            RegistryKind::Local { port } => Some(Text::literal(format!("localhost:{}", port.as_ref()?.get_ref()))),
            RegistryKind::Azure(azure) => {
                let server = self.lower(azure.name()?);
                Some(server.and(Text::literal(".azurecr.io")))
            }
        }
    }

    fn environment_property(&mut self, name: &Name, property: &str) -> Text {
        if property == "name" {
            return Text::literal(name.as_str());
        }
        if property == "domain"
            && let Some(settings) = self.cx.application.environments.get(name).and_then(names::settings)
            && let Some(domain) = domain_of(&settings.entrance)
        {
            return self.lower(domain);
        }
        self.foreign(name, property, false, format!("`{property}` of the environment `{name}`."))
    }

    fn app_property(&mut self, name: &Name, property: &str, span: &Span) -> Text {
        let Some(app) = self.cx.application.apps.get(name) else { return Text::default() };
        if property == "image" {
            return self.image(app);
        }
        if !place::runs_here(app, self.environment) {
            let about = match app.environments.first() {
                Some(other) => format!("`{property}` of `{name}`, which runs in `{}`.", other.get_ref()),
                None => format!("`{property}` of `{name}`, which runs in no environment."),
            };
            return self.foreign(name, property, false, about);
        }
        let endpoints = app.endpoints_in_order();
        self.address(name, &endpoints, property, span)
    }

    /// The image of an app: a value of the chart, which the next deployment changes.
    pub(super) fn image(&mut self, app: &App) -> Text {
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

    /// What the image will be called once it is pushed, if that is known.
    fn image_to_be(&mut self, app: &App) -> Option<String> {
        // None of these values belongs into the chart for the sake of a default.
        let before = self.inputs.clone();
        let tag = app.tags.first().map(|tag| self.lower(tag));
        let name = match &app.image_name {
            Some(name) => self.lower(name),
            None => Text::literal(app.name.as_str().to_ascii_lowercase()),
        };
        let registry = app.registries.first().and_then(|name| self.cx.application.registries.get(name.get_ref()));
        let server = registry.and_then(|registry| self.server(&registry.name));
        let folder = registry.and_then(|registry| registry.repository.as_ref()).map(|folder| self.lower(folder));
        let folder = folder.map(|folder| folder.and(Text::literal("/"))).unwrap_or_default();
        let image = server.zip(tag).and_then(|(server, tag)| {
            let colon = Text::literal(":").and(tag);
            let image = server.and(Text::literal("/")).and(folder).and(name).and(colon);
            image.fill(&super::release::Defaults { inputs: &self.inputs, release: "", version: "" }).ok()
        });
        self.inputs = before;
        image
    }

    fn resource_property(&mut self, name: &Name, property: &str, span: &Span) -> Text {
        let Some(resource) = self.cx.application.resources.get(name) else { return Text::default() };
        match &resource.kind {
            ResourceKind::ConnectionString(it) => self.lower(&it.value),
            ResourceKind::Service(service) if self.is_here(resource) => {
                self.service_property(resource, service, property, span)
            }
            other => {
                let secret = resource.property(property).is_some_and(|it| it.secret);
                self.foreign(name, property, secret, format!("`{property}` of `{name}` ({}).", other.name()))
            }
        }
    }

    fn is_here(&self, resource: &Resource) -> bool {
        place::services(self.cx.application, self.environment).any(|here| here.name == resource.name)
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
                let property = if is_database { last } else { property };
                self.address(&resource.name, &endpoints_of(service), property, span)
            }
        }
    }

    /// A text of a service, such as a connection string.
    pub(super) fn pieces(&mut self, resource: &Resource, service: &Service, pieces: &[ValuePiece]) -> Text {
        let mut text = Text::default();
        for piece in pieces {
            text.append(match piece {
                ValuePiece::Text(literal) => Text::literal(literal),
                ValuePiece::Host => Text::literal(host(&resource.name)),
                ValuePiece::Port => match service.endpoints.first() {
                    Some(first) => Text::literal(self.target_port(&resource.name, &first.endpoint).to_string()),
                    None => Text::default(),
                },
                ValuePiece::Value(expression) => self.lower(expression),
                ValuePiece::UriEncoded(expression) => self.lower(expression).encoded(),
            });
        }
        text
    }

    /// Pods see each other's services by name, on the ports of the services.
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
        let host = host(of);
        match property {
            "host" => Text::literal(host),
            "scheme" => Text::literal(scheme),
            "port" => Text::literal(self.service_port(of, endpoint).to_string()),
            _ => Text::literal(format!("{scheme}://{host}:{}", self.service_port(of, endpoint))),
        }
    }

    /// The port that an endpoint's program listens on.
    pub(super) fn target_port(&mut self, of: &Name, endpoint: &Endpoint) -> u16 {
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

    /// The port that others see. What a backing service says is a port of one's own machine, for Compose.
    pub(super) fn service_port(&mut self, of: &Name, endpoint: &Endpoint) -> u16 {
        match &endpoint.port {
            Some(port) if self.cx.application.apps.contains_key(of) => *port.get_ref(),
            Some(_) | None => self.target_port(of, endpoint),
        }
    }
}

/// The endpoints of a backing service, in its order.
pub(super) fn endpoints_of(service: &Service) -> Vec<(&str, &Endpoint)> {
    service.endpoints.iter().map(|it| (it.name.as_str(), &it.endpoint)).collect()
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
