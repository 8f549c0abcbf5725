//! What the manifest says to texts of a target that writes files of its own: which part of an
//! expression is known, what has which address. How a value that is known only later stands in the
//! files is each kind's own.

use super::{FileCx, place};
use crate::azure::Given;
use crate::manifest::{Diagnostic, Diagnostics, Span};
use crate::model::resource::{Service, ValuePiece};
use crate::model::{
    App, Endpoint, Environment, Expression, Filter, Name, Parameter, Part, Reference, RegistryKind, Resource,
    ResourceKind, Scheme, ShipitProperty, Target,
};

/// The port of an HTTP endpoint that says none.
const HTTP_PORT: u16 = 8080;

/// A text of a target: what is known now, and what is put in later.
pub(super) trait Text: Default {
    fn literal(text: impl Into<String>) -> Self;
    fn append(&mut self, other: Self);

    fn and(mut self, other: Self) -> Self {
        self.append(other);
        self
    }
}

/// One environment that is being written.
pub(super) trait Lowering<'c> {
    type Text: Text;

    fn cx(&self) -> &'c FileCx<'c>;
    fn environment(&self) -> &'c Environment;
    fn problems(&mut self) -> &mut Diagnostics;

    /// The value of a parameter; `default` is what is known of one that is no secret.
    fn parameter(&mut self, parameter: &Parameter, about: String, default: Option<String>) -> Self::Text;

    /// The image of an app.
    fn image(&mut self, app: &App) -> Self::Text;

    /// The same text, percent-encoded.
    fn encoded(&mut self, text: Self::Text) -> Self::Text;

    /// A property of a registry that is not known when the files are written.
    fn unknown_of_registry(&mut self, name: &Name, property: &str, span: &Span) -> Self::Text;

    /// A property of an environment, but its name.
    fn of_environment(&mut self, name: &Name, property: &str, span: &Span) -> Self::Text;

    /// An address of an app that does not run here.
    fn of_app_elsewhere(&mut self, app: &App, property: &str, span: &Span) -> Self::Text;

    /// A property of a resource that does not run here.
    fn of_resource_elsewhere(&mut self, resource: &Resource, property: &str, span: &Span) -> Self::Text;

    /// The name under which others here reach an app or a service.
    fn host(&self, of: &Name) -> String;

    /// The port under which others here reach it.
    fn port(&mut self, of: &Name, endpoint: &Endpoint) -> u16;

    fn error(&mut self, code: &'static str, message: impl Into<String>, span: &Span, help: impl Into<String>) {
        let diagnostic = Diagnostic::error(code, message).within(&self.cx().application.source);
        self.problems().push(diagnostic.at(span.clone(), "").help(help));
    }

    fn warning(&mut self, code: &'static str, message: impl Into<String>, span: &Span, help: impl Into<String>) {
        let diagnostic = Diagnostic::warning(code, message).within(&self.cx().application.source);
        self.problems().push(diagnostic.at(span.clone(), "").help(help));
    }

    /// An expression as a text. What is wrong in it is reported.
    fn lower(&mut self, expression: &Expression) -> Self::Text {
        let mut text = Self::Text::default();
        for part in &expression.parts {
            text.append(match part {
                Part::Literal(literal) => {
                    if literal.contains('\0') {
                        let message = "a value holds the character U+0000, which no variable of a process can";
                        self.error("control-character", message, &expression.span, "take it out");
                    }
                    Self::Text::literal(literal)
                }
                Part::Reference(reference) => self.reference(reference),
            });
        }
        text
    }

    fn reference(&mut self, reference: &Reference) -> Self::Text {
        let span = &reference.span;
        let text = match &reference.target {
            Target::Parameter(name) => self.of_parameter(name),
            Target::Git(property) => match (self.cx().git)(*property) {
                Ok(fact) => Self::Text::literal(fact),
                Err(message) => {
                    self.error("no-git-fact", message, span, "pass the value as a parameter");
                    Self::Text::default()
                }
            },
            Target::Shipit(property) => Self::Text::literal(self.shipit_fact(*property)),
            Target::Registry { name, property } => self.of_registry(name, property, span),
            Target::Environment { name, property } if property == "name" => Self::Text::literal(name.as_str()),
            Target::Environment { name, property } => self.of_environment(name, property, span),
            Target::App { name, property } => self.of_app(name, property, span),
            Target::Resource { name, property } => self.of_resource(name, property, span),
        };
        match reference.filter {
            None => text,
            Some(Filter::Uri) => self.encoded(text),
        }
    }

    fn of_parameter(&mut self, name: &Name) -> Self::Text {
        let cx = self.cx();
        let Some(parameter) = cx.application.params.get(name) else { return Self::Text::default() };
        let default = match cx.values.get(name) {
            Some(Given::Known(text)) if !parameter.secret => Some(text.clone()),
            Some(Given::Known(_) | Given::Variable(_)) | None => None,
        };
        let about = match (&parameter.description, parameter.secret) {
            (Some(description), _) => description.clone(),
            (None, true) => format!("The secret `{name}`."),
            (None, false) => format!("The parameter `{name}`."),
        };
        self.parameter(parameter, about, default)
    }

    fn shipit_fact(&self, property: ShipitProperty) -> String {
        let cx = self.cx();
        match property {
            ShipitProperty::Name => cx.application.name.clone(),
            ShipitProperty::Profile => cx.application.profile.as_ref().map_or("default", Name::as_str).to_owned(),
            ShipitProperty::Version => cx.version.to_owned(),
        }
    }

    fn of_registry(&mut self, name: &Name, property: &str, span: &Span) -> Self::Text {
        let Some(registry) = self.cx().application.registries.get(name) else { return Self::Text::default() };
        match property {
            "name" => Self::Text::literal(name.as_str()),
            "repository" => registry.repository.as_ref().map(|it| self.lower(it)).unwrap_or_default(),
            // The only property that is no host.
            "id" => self.unknown_of_registry(name, property, span),
            _ => match self.server(name) {
                Some(server) => server,
                None => self.unknown_of_registry(name, property, span),
            },
        }
    }

    /// The host of a registry, as far as the manifest says it.
    fn server(&mut self, name: &Name) -> Option<Self::Text> {
        match &self.cx().application.registries.get(name)?.kind {
            RegistryKind::Oci { endpoint, .. } => Some(self.lower(endpoint)),
            RegistryKind::Local { port } => {
                Some(Self::Text::literal(format!("localhost:{}", port.as_ref()?.get_ref())))
            }
            RegistryKind::Azure(azure) => {
                let server = self.lower(azure.name()?);
                Some(server.and(Self::Text::literal(".azurecr.io")))
            }
        }
    }

    fn of_app(&mut self, name: &Name, property: &str, span: &Span) -> Self::Text {
        let Some(app) = self.cx().application.apps.get(name) else { return Self::Text::default() };
        if property == "image" {
            return self.image(app);
        }
        if !place::runs_here(app, self.environment()) {
            return self.of_app_elsewhere(app, property, span);
        }
        self.address(name, &app.endpoints_in_order(), property, span)
    }

    /// What an app's image will be called in its first registry; `None` where it has none, or one whose
    /// host is not known yet.
    fn pushed_image(&mut self, app: &App) -> Option<Self::Text> {
        let registry = self.cx().application.registries.get(app.registries.first()?.get_ref())?;
        let mut image = self.server(&registry.name)?.and(Self::Text::literal("/"));
        if let Some(repository) = &registry.repository {
            image = image.and(self.lower(repository)).and(Self::Text::literal("/"));
        }
        Some(image.and(self.tagged_name(app)?))
    }

    /// `name:tag`, the last part of what an app's image is called.
    fn tagged_name(&mut self, app: &App) -> Option<Self::Text> {
        let name = match &app.image_name {
            Some(name) => self.lower(name),
            None => Self::Text::literal(app.name.as_str().to_ascii_lowercase()),
        };
        Some(name.and(Self::Text::literal(":")).and(self.lower(app.tags.first()?)))
    }

    fn of_resource(&mut self, name: &Name, property: &str, span: &Span) -> Self::Text {
        let Some(resource) = self.cx().application.resources.get(name) else { return Self::Text::default() };
        match &resource.kind {
            ResourceKind::ConnectionString(it) => self.lower(&it.value),
            ResourceKind::Service(service) if self.is_here(resource) => {
                self.of_service(resource, service, property, span)
            }
            _ => self.of_resource_elsewhere(resource, property, span),
        }
    }

    fn is_here(&self, resource: &Resource) -> bool {
        place::services(self.cx().application, self.environment()).any(|here| here.name == resource.name)
    }

    fn of_service(&mut self, resource: &Resource, service: &Service, property: &str, span: &Span) -> Self::Text {
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
    fn pieces(&mut self, resource: &Resource, service: &Service, pieces: &[ValuePiece]) -> Self::Text {
        let mut text = Self::Text::default();
        for piece in pieces {
            text.append(match piece {
                ValuePiece::Text(literal) => Self::Text::literal(literal),
                ValuePiece::Host => Self::Text::literal(self.host(&resource.name)),
                ValuePiece::Port => match service.endpoints.first() {
                    Some(first) => Self::Text::literal(self.target_port(&resource.name, &first.endpoint).to_string()),
                    None => Self::Text::default(),
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

    /// `url`, `host`, `port`, `scheme`, or one of them of a named endpoint.
    fn address(&mut self, of: &Name, endpoints: &[(&str, &Endpoint)], property: &str, span: &Span) -> Self::Text {
        let (endpoint, property) = match property.rsplit_once('.') {
            Some((name, property)) => (endpoints.iter().find(|(known, _)| *known == name), property),
            None => (endpoints.first(), property),
        };
        let Some((_, endpoint)) = endpoint else {
            self.error("no-address", format!("`{of}` has no endpoint"), span, "give it an endpoint under `endpoints`");
            return Self::Text::default();
        };
        let (scheme, host) = (url_scheme(*endpoint.scheme.get_ref()), self.host(of));
        Self::Text::literal(match property {
            "host" => host,
            "scheme" => scheme.to_owned(),
            "port" => self.port(of, endpoint).to_string(),
            _ => format!("{scheme}://{host}:{}", self.port(of, endpoint)),
        })
    }

    /// The port that an endpoint's program listens on.
    fn target_port(&mut self, of: &Name, endpoint: &Endpoint) -> u16 {
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

/// The endpoints of a backing service, in its order.
pub(super) fn endpoints_of(service: &Service) -> Vec<(&str, &Endpoint)> {
    service.endpoints.iter().map(|it| (it.name.as_str(), &it.endpoint)).collect()
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
