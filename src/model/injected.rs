//! The variables of an app: those of the manifest, and the addresses of what it lists in
//! `references`. Every target hands out the same ones; only their values differ.

use super::{App, Application, Endpoint, Expression, Part, Reference, Resource, Target};
use crate::manifest::Span;
use std::collections::BTreeMap;

impl Application {
    /// The variables of an app by name. What the manifest sets itself replaces what a reference
    /// would set.
    pub fn variables(&self, app: &App) -> BTreeMap<String, Expression> {
        let mut variables = BTreeMap::new();
        for reference in &app.references {
            if let Some(app) = self.apps.get(reference.get_ref()) {
                addresses(app, &reference.span(), &mut variables);
            }
            if let Some(resource) = self.resources.get(reference.get_ref()) {
                properties(resource, &reference.span(), &mut variables);
            }
        }
        variables.extend(app.env.clone());
        variables
    }
}

/// `services__api__http__0` and `API_HTTP` for each endpoint.
fn addresses(app: &App, span: &Span, variables: &mut BTreeMap<String, Expression>) {
    for (name, _) in Endpoint::in_order(&app.endpoints) {
        let property = format!("{name}.url");
        let value = || reference(Target::App { name: app.name.clone(), property: property.clone() }, span);
        variables.insert(format!("services__{}__{name}__0", app.name), value());
        variables.insert(format!("{}_{}", upper(app.name.as_str()), upper(name)), value());
    }
}

/// `ConnectionStrings__db`, `DB_HOST` and what else its kind hands out.
fn properties(resource: &Resource, span: &Span, variables: &mut BTreeMap<String, Expression>) {
    for property in &resource.properties {
        if let Some(variable) = &property.variable {
            let target = Target::Resource { name: resource.name.clone(), property: property.name.clone() };
            variables.insert(variable.clone(), reference(target, span));
        }
    }
}

fn reference(target: Target, span: &Span) -> Expression {
    Expression {
        parts: vec![Part::Reference(Reference { target, filter: None, span: span.clone() })],
        span: span.clone(),
    }
}

/// A name as part of a variable's.
fn upper(name: &str) -> String {
    name.replace(|c: char| !c.is_ascii_alphanumeric(), "_").to_ascii_uppercase()
}
