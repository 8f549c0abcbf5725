//! Services in containers: where they run, and the texts that reach them.

use crate::azure::{Builder, Lowered, Text, Value};
use crate::manifest::{Span, Spanned};
use crate::model::resource::{ResourceKind, Service, ValuePiece};
use crate::model::{Application, Name, Resource};

/// Lowers an address of a service that runs in a container; see `environment`.
pub type ServiceAddress<'a> = dyn Fn(&mut Builder<'_>, &Resource, &str, &Span) -> Option<Lowered> + 'a;

/// Where in Azure a service in a container runs: where its entry says, else in the first environment of
/// the first app that refers to it, else in the only one that there is. Nowhere for what is no service in a
/// container.
pub fn environments<'a>(application: &'a Application, resource: &'a Resource) -> Vec<&'a Name> {
    let everywhere = candidates(application, resource).into_iter().filter(|name| is_azure(application, name));
    if resource.environments.is_empty() { everywhere.take(1).collect() } else { everywhere.collect() }
}

/// The environment in which a module that is made for `home` reaches a service.
pub fn environment<'a>(application: &'a Application, resource: &'a Resource, home: Option<&Name>) -> Option<&'a Name> {
    let candidates = match environments(application, resource) {
        none if none.is_empty() => candidates(application, resource),
        found => found,
    };
    nearest(application, &candidates, home)
}

/// Of the environments that something runs in: the reader's own, else the first in Azure, else the first.
pub fn nearest<'a>(application: &Application, candidates: &[&'a Name], home: Option<&Name>) -> Option<&'a Name> {
    let own = candidates.iter().find(|name| Some(**name) == home);
    let azure = || candidates.iter().find(|name| is_azure(application, name));
    own.or_else(azure).or(candidates.first()).copied()
}

fn candidates<'a>(application: &'a Application, resource: &'a Resource) -> Vec<&'a Name> {
    if !matches!(resource.kind, ResourceKind::Service(_)) {
        return Vec::new();
    }
    if !resource.environments.is_empty() {
        return resource.environments.iter().map(Spanned::get_ref).collect();
    }
    let refers = |app: &&crate::model::App| app.references.iter().any(|name| *name.get_ref() == resource.name);
    let used = application.apps.values().find(refers).filter(|app| !app.environments.is_empty());
    match used {
        Some(used) => used.environments.iter().map(Spanned::get_ref).collect(),
        None if application.environments.len() == 1 => application.environments.keys().collect(),
        None => Vec::new(),
    }
}

fn is_azure(application: &Application, name: &Name) -> bool {
    application.environments.get(name).is_some_and(|environment| environment.kind.get_ref().is_azure())
}

pub(super) fn property(
    builder: &mut Builder<'_>,
    resource: &Resource,
    service: &Service,
    property: &str,
    span: &Span,
    address: &ServiceAddress<'_>,
) -> Option<Lowered> {
    if let Some(found) = service.texts.get(property) {
        return pieces(builder, resource, found, span, address);
    }
    let last = property.rsplit('.').next().unwrap_or(property);
    let database = property.rsplit_once('.').and_then(|(key, _)| super::child(&service.databases, key));
    match (last, database) {
        ("image", None) => Some(builder.lower(&service.image)),
        ("username", _) => service.username.as_ref().map(|it| builder.lower(it)),
        ("password", _) => service.password.as_ref().map(|it| {
            let lowered = builder.lower(it);
            Lowered { is_secret: true, ..lowered }
        }),
        ("name", Some(database)) => Some(builder.lower(&database.name)),
        // Those of a database are those of its server.
        (_, Some(_)) => address(builder, resource, last, span),
        (_, None) => address(builder, resource, property, span),
    }
}

/// Lowers a text of a service, such as a variable of its container.
pub fn pieces(
    builder: &mut Builder<'_>,
    resource: &Resource,
    pieces: &[ValuePiece],
    span: &Span,
    address: &ServiceAddress<'_>,
) -> Option<Lowered> {
    let mut text = Text::default();
    let mut is_secret = false;
    let mut only = None;
    for piece in pieces {
        let lowered = match piece {
            ValuePiece::Text(literal) => Lowered::plain(literal.as_str()),
            ValuePiece::Host => address(builder, resource, "host", span)?,
            ValuePiece::Port => address(builder, resource, "port", span)?,
            ValuePiece::Value(expression) => builder.lower(expression),
            ValuePiece::UriEncoded(expression) => encoded(builder.lower(expression)),
        };
        is_secret |= lowered.is_secret;
        text.push(lowered.value.clone());
        only = Some(lowered);
    }
    match only {
        // Alone it keeps what is known of it.
        Some(lowered) if pieces.len() == 1 => Some(lowered),
        _ => Some(Lowered { value: Value::from(text), is_secret, vault: None }),
    }
}

fn encoded(lowered: Lowered) -> Lowered {
    let value = match lowered.value.as_literal() {
        Some(literal) => Value::from(crate::util::text::percent_encode(literal)),
        None => Value::expression(format!("uriComponent({})", lowered.value.code())),
    };
    Lowered { value, vault: None, ..lowered }
}
