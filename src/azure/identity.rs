//! The identity of an app and the roles that it has: modules `<app>-identity` and `<app>-roles-<resource>`.

use super::resource::roles::{self, Granted};
use super::{Builder, Cx, Failure, Module, NAME_TAG, Stage, Value, pull};
use crate::manifest::{Diagnostic, Diagnostics, Span, Spanned};
use crate::model::{App, Application, Name, Resource, Target};
use crate::render::bicep;
use serde_json::json;
use std::collections::BTreeMap;

/// The identity of an app as its own module takes it.
#[derive(Clone, Debug, PartialEq)]
pub struct Identity {
    pub id: Value,
    pub client_id: Value,
}

/// The resources that an app refers to, with the place where it does first.
fn used<'a>(application: &'a Application, app: &App) -> BTreeMap<&'a Name, (&'a Resource, Span)> {
    let mut found: BTreeMap<&Name, (&Resource, Span)> = BTreeMap::new();
    let mut add = |name: &Name, span: &Span| {
        if let Some((name, resource)) = application.resources.get_key_value(name) {
            found.entry(name).or_insert_with(|| (resource, span.clone()));
        }
    };
    for name in &app.references {
        add(name.get_ref(), &name.span());
    }
    for grant in &app.roles {
        add(grant.on.get_ref(), &grant.on.span());
    }
    let variables = application.variables(app);
    let lists = [&app.command, &app.args];
    let expressions = variables.values().chain(lists.into_iter().flatten().flatten());
    for reference in expressions.flat_map(crate::model::Expression::references) {
        if let Target::Resource { name, .. } = &reference.target {
            add(name, &reference.span);
        }
    }
    found
}

/// What an app says of roles on a resource or a registry, if it says something.
fn grant<'a>(app: &'a App, on: &Name) -> Option<&'a [Spanned<String>]> {
    app.roles.iter().find(|grant| grant.on.get_ref() == on).map(|grant| grant.roles.as_slice())
}

/// Whether an app has an identity of its own.
fn has_identity(application: &Application, app: &App) -> bool {
    app.identity.is_some()
        || !app.roles.is_empty()
        || used(application, app).values().any(|(resource, _)| roles::needs_identity(resource))
}

/// The modules of an app's identity and roles; none for an app that needs none.
pub fn modules(cx: &Cx<'_>, app: &App) -> Result<Vec<Module>, Failure> {
    if !has_identity(cx.application, app) {
        return Ok(Vec::new());
    }
    let used = used(cx.application, app);
    let mut modules = vec![identity(cx, app, &used)?];
    let mut vaults: BTreeMap<String, (Option<&Resource>, Span)> = BTreeMap::new();
    for (name, (resource, span)) in &used {
        let granted = match grant(app, name) {
            Some(written) => Some(of_resource(cx, resource, written)?),
            None => None,
        };
        modules.extend(roles::module(cx, app, resource, granted.as_deref(), span)?);
        if let Some((vault, declared)) = roles::vault_of(cx, resource) {
            vaults.entry(vault).or_insert_with(|| (declared, span.clone()));
        }
    }
    for (vault, (declared, span)) in &vaults {
        match declared {
            // Its roles are given above.
            Some(declared) if used.contains_key(&declared.name) => {}
            Some(declared) => modules.extend(roles::module(cx, app, declared, None, span)?),
            None => modules.push(roles::of_own_vault(cx, app, vault, span)?),
        }
    }
    modules.extend(super::registry::roles(cx, app, &module_name(app))?);
    Ok(modules)
}

fn identity(cx: &Cx<'_>, app: &App, used: &BTreeMap<&Name, (&Resource, Span)>) -> Result<Module, Failure> {
    let name = module_name(app);
    let mut builder = Builder::new(cx, &name, Stage::Infrastructure, &app.span);
    if let Some(existing) = &app.identity {
        builder = builder.in_scope(pull::existing_scope(existing));
    } else {
        builder.location(None);
    }
    for (name, (resource, span)) in used {
        if grant(app, name).is_none()
            && let Some(warning) = roles::warning(cx, app, resource, span)
        {
            builder.report(warning);
        }
    }
    let symbol = builder.symbol(&name);
    let tags = Value::object([(NAME_TAG, Value::from(app.name.as_str()))]);
    let name_there = match &app.identity {
        Some(existing) => builder.lower(&existing.name).value,
        None => name_of(&bicep::identifier(&name)),
    };
    let data = json!({ "symbol": symbol, "exists": app.identity.is_some(), "name": name_there, "tags": tags });
    builder.finish("azure/identity.bicep.hbs", &data)
}

fn module_name(app: &App) -> String {
    format!("{}-identity", app.name)
}

/// The identity that [`modules`] makes, as inputs of the app's module; `None` for an app without one.
pub fn of(builder: &mut Builder<'_>, app: &App) -> Option<Identity> {
    if !has_identity(builder.cx.application, app) {
        return None;
    }
    let module = module_name(app);
    Some(Identity { id: builder.output(&module, "id"), client_id: builder.output(&module, "clientId") })
}

/// Azure takes 128 characters, and names of apps have at most 63.
fn name_of(identifier: &str) -> Value {
    Value::expression(format!("take('{identifier}-${{uniqueString(resourceGroup().id)}}', 128)"))
}

/// Roles that an app says it has on a resource.
fn of_resource<'a>(
    cx: &Cx<'_>,
    resource: &Resource,
    written: &'a [Spanned<String>],
) -> Result<Vec<Granted<'a>>, Failure> {
    known(cx, written, resource.roles(), resource.kind.name())
}

fn known<'a>(
    cx: &Cx<'_>,
    written: &'a [Spanned<String>],
    roles: &'static [crate::model::resource::Role],
    kind: &str,
) -> Result<Vec<Granted<'a>>, Failure> {
    let mut problems = Diagnostics::default();
    let mut granted = Vec::new();
    for text in written {
        match roles.iter().find(|role| role.is_called(text.get_ref())) {
            Some(role) => granted.push(Granted::Known(role)),
            None if is_guid(text.get_ref()) => granted.push(Granted::Id(text.get_ref())),
            None => {
                let names = roles.iter().map(|role| role.name);
                let message = format!("`{}` is no role that is known for the kind `{kind}`", text.get_ref());
                let problem = Diagnostic::error("unknown-role", message).within(&cx.application.source);
                let help = match crate::util::text::nearest(text.get_ref(), names.clone()) {
                    Some(near) => format!("did you mean `{near}`? The id of any role of Azure will do too"),
                    None if roles.is_empty() => "write the id of the role, a GUID".to_owned(),
                    None => {
                        let list = crate::util::text::list(names).replace(" and ", " or ");
                        format!("write {list}, or the id of the role, a GUID")
                    }
                };
                problems.push(problem.at(text.span(), "").help(help));
            }
        }
    }
    if problems.has_errors() { Err(Failure::Invalid(problems)) } else { Ok(granted) }
}

fn is_guid(text: &str) -> bool {
    text.split('-').map(str::len).eq([8, 4, 4, 4, 12]) && text.chars().all(|c| c.is_ascii_hexdigit() || c == '-')
}
