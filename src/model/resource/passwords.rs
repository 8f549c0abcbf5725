//! Parameters that nobody declared: the generated passwords of services. They are parameters like
//! others, so that `shipit params` shows them, a source can supply them and `$<db-password>` works.

use super::spec;
use crate::manifest::{Diagnostic, Diagnostics, Kind, Node, Source};
use crate::model::scope::{Item, Scope, Table};
use crate::model::{Generate, Name, Parameter};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Where a parameter stands that nobody wrote: nowhere.
static NOWHERE: Node = Node { span: 0..0, kind: Kind::Null };

/// A parameter that a resource brings along unless one of that name is declared.
struct Implicit {
    name: String,
    about: &'static str,
    secret: bool,
    rule: Generate,
}

/// Rules of Azure Database for PostgreSQL: a login begins with a letter and is no reserved word.
const LOGIN: Generate = Generate { length: 10, digits: false, special: false, ..Generate::PASSWORD };

/// Azure wants characters of three classes.
const AZURE_PASSWORD: Generate = Generate { min_lower: 1, min_upper: 1, min_digits: 1, ..Generate::PASSWORD };

/// What an entry brings along.
fn implicit(item: &Item<'_>) -> Vec<Implicit> {
    let Some(spec) = item.kind.and_then(|kind| spec::find(kind.name)) else { return Vec::new() };
    let name = |ending: &str| format!("{}-{ending}", item.name);
    if let Some(rule) = spec.recipe.and_then(|recipe| recipe.password.as_ref()) {
        if item.node.get("password").is_some() {
            return Vec::new();
        }
        return vec![Implicit { name: name("password"), about: "Password of", secret: true, rule: rule.clone() }];
    }
    if spec.name != "azure-postgres" || !super::property::is_on(item.node, "password-authentication") {
        return Vec::new();
    }
    let written = item.node.get("password-authentication");
    let lacks = |key: &str| written.is_none_or(|node| node.get(key).is_none());
    let mut list = Vec::new();
    if lacks("username") {
        list.push(Implicit { name: name("username"), about: "User name of", secret: false, rule: LOGIN });
    }
    if lacks("password") {
        list.push(Implicit { name: name("password"), about: "Password of", secret: true, rule: AZURE_PASSWORD });
    }
    list
}

/// Declares the parameters that resources bring along. A declared parameter takes its place; anything
/// else of that name is a mistake.
pub(in crate::model) fn declare(scope: &mut Scope<'_>, source: &Arc<Source>, problems: &mut Diagnostics) {
    let mut wanted = Vec::new();
    for item in scope.names(Table::Resources) {
        wanted.extend(implicit(item).into_iter().map(|implicit| (implicit, item.name.clone(), item.span.clone())));
    }
    for (implicit, resource, span) in wanted {
        let about = implicit.about.to_ascii_lowercase();
        let key = if implicit.secret { "password" } else { "username" };
        let problem = match (implicit.name.parse::<Name>(), scope.get(&implicit.name)) {
            (Err(error), _) => {
                let message = format!(
                    "the parameter for the {about} `{resource}` would be called `{}`, which {error}",
                    implicit.name
                );
                Diagnostic::error("bad-name", message).within(source).at(span, "")
            }
            (Ok(name), None) => {
                scope.declare(name, Table::Params, span, &NOWHERE);
                continue;
            }
            (Ok(_), Some(item)) if item.table == Table::Params => continue,
            (Ok(name), Some(item)) => {
                let message =
                    format!("the name `{name}` is taken: the {about} `{resource}` is a parameter of that name",);
                Diagnostic::error("duplicate-name", message)
                    .within(source)
                    .at(item.span.clone(), format!("{} here", item.table.noun()))
                    .at(span, "its parameter")
            }
        };
        let help = format!("give one of them another name, or write a `{key}` of your own: `{key} = \"$<…>\"`");
        problems.push(problem.help(help));
    }
}

/// Gives the parameters that resources brought along their rules, and makes a declared one in the
/// place of a password a secret.
pub(in crate::model) fn settle(scope: &Scope<'_>, params: &mut BTreeMap<Name, Parameter>) {
    for item in scope.names(Table::Resources) {
        for implicit in implicit(item) {
            let Some(parameter) = params.get_mut(implicit.name.as_str()) else { continue };
            parameter.secret |= implicit.secret;
            // One that is declared says itself where its value comes from.
            if scope.get(&implicit.name).is_some_and(|declared| std::ptr::eq(declared.node, &raw const NOWHERE)) {
                parameter.generate = Some(implicit.rule);
                parameter.description = Some(format!("{} `{}`", implicit.about, item.name));
            }
        }
    }
}
