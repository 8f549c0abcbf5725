//! A manifest's tree to an [`Application`]: names are declared, entries read, references bound,
//! rules checked. No I/O. Every mistake is reported; one entry's does not hide another's.

pub(super) mod app;
pub(super) mod azure;
mod azure_environment;
mod azure_registry;
pub(super) mod build;
mod compose_environment;
mod cx;
mod environment;
mod kubernetes_environment;
mod outline;
mod param;
mod patch;
mod publish;
mod read;
mod registry;
mod schedule;
pub(super) mod sizes;
mod step;
mod subnet;

pub(super) use cx::Cx;
pub(super) use read::{article, without};

use outline::Outline;

use super::resource;
use super::rules::{self, Facts};
use super::scope::{Item, Scope, Table};
use super::{Application, Expression, Name};
use crate::manifest::{Diagnostics, Node, Source, Spanned};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What lowering is given beside the tree.
pub(super) struct Setting<'a> {
    pub(super) source: &'a Arc<Source>,
    pub(super) default_name: &'a str,
    pub(super) profile: Option<Name>,
    pub(super) profiles: Vec<Name>,
    /// The `params` of the chosen profile, as far as they are plain values.
    pub(super) profile_params: &'a [(&'a crate::manifest::Key, &'a Node)],
}

/// Lowers a tree with the chosen profile laid over it. `None` when anything is wrong.
pub(super) fn lower(root: &Node, setting: Setting<'_>, problems: &mut Diagnostics) -> Option<Application> {
    let before = problems.count().errors;
    let mut outline = Outline::read(root, setting.source, problems);
    resource::declare_passwords(&mut outline.scope, setting.source, problems);
    let scope = &outline.scope;
    let mut cx = Cx::new(scope, setting.source, problems);
    let name = outline.name.clone().unwrap_or_else(|| default_name(setting.default_name));
    let mut application = Application {
        name,
        source: setting.source.clone(),
        profile: setting.profile,
        profiles: setting.profiles,
        params: entries(&mut cx, scope, Table::Params, param::lower),
        registries: entries(&mut cx, scope, Table::Registries, registry::lower),
        environments: entries(&mut cx, scope, Table::Environments, environment::lower),
        resources: entries(&mut cx, scope, Table::Resources, resource::lower),
        apps: BTreeMap::new(),
        steps: entries(&mut cx, scope, Table::Steps, step::lower),
        publish: outline.publish.map(|node| publish::lower(&mut cx, node)).unwrap_or_default(),
    };
    resource::settle_passwords(scope, &mut application.params);
    registry::add_implicit(&mut cx, &mut application);
    param::lay_profile(&mut cx, setting.profile_params, &mut application.params);
    application.apps = entries(&mut cx, scope, Table::Apps, app::lower);
    registry::use_implicit(&mut application);
    let edges = std::mem::take(&mut cx.edges);
    rules::settle_secrets(&mut application.params);
    rules::check(&mut Facts { application: &application, edges: &edges, cx: &mut cx });
    (problems.count().errors == before).then_some(application)
}

fn entries<'a, T>(
    cx: &mut Cx<'a>,
    scope: &'a Scope<'a>,
    table: Table,
    lower: fn(&mut Cx<'a>, &'a Item<'a>) -> Option<T>,
) -> BTreeMap<Name, T> {
    let mut lowered = BTreeMap::new();
    for item in scope.names(table) {
        cx.current = Some(item.name.clone());
        if let Some(value) = lower(cx, item) {
            lowered.insert(item.name.clone(), value);
        }
    }
    cx.current = None;
    lowered
}

/// Values of a table such as `env`; the key's rule is the caller's.
fn values<'v>(
    cx: &mut Cx<'_>,
    values: impl IntoIterator<Item = &'v (Spanned<String>, Spanned<crate::manifest::Text>)>,
    mut accepts: impl FnMut(&mut Cx<'_>, &Spanned<String>) -> bool,
) -> BTreeMap<String, Expression> {
    let mut bound = BTreeMap::new();
    for (key, value) in values {
        let accepted = accepts(cx, key);
        if let (true, Some(expression)) = (accepted, cx.text(value)) {
            bound.insert(key.get_ref().clone(), expression);
        }
    }
    bound
}

/// Environment variables: a portable name has no `=` and no control character (POSIX.1, section 8.1).
pub(super) fn env(cx: &mut Cx<'_>, written: Option<&super::written::Values>) -> BTreeMap<String, Expression> {
    values(cx, written.into_iter().flatten(), |cx, key| {
        let name = key.get_ref().as_str();
        let bad = if name.is_empty() {
            Some("is empty".to_owned())
        } else {
            name.chars()
                .find(|c| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-' | ':')))
                .map(|c| format!("holds {}", show(c)))
                .or_else(|| name.starts_with(|c: char| c.is_ascii_digit()).then(|| "starts with a digit".to_owned()))
        };
        let Some(why) = bad else { return true };
        cx.error("bad-variable-name", format!("the variable name `{name}` {why}"), key.span(), "")
            .help("use letters, digits and `_`, for example `LOG_LEVEL`")
            .push();
        false
    })
}

/// A character in a message.
pub(super) fn show(c: char) -> String {
    if c.is_ascii_graphic() {
        format!("`{c}`")
    } else if c == ' ' {
        "a space".to_owned()
    } else {
        format!("U+{:04X}", u32::from(c))
    }
}

/// A name made of a folder's.
fn default_name(folder: &str) -> String {
    let mut name = String::new();
    for c in folder.chars() {
        if c.is_ascii_alphanumeric() {
            name.push(c.to_ascii_lowercase());
        } else if !name.is_empty() && !name.ends_with('-') {
            name.push('-');
        }
    }
    let name = name.trim_start_matches(|c: char| !c.is_ascii_alphabetic());
    let name = name.get(..super::name::NAME_LIMIT).unwrap_or(name).trim_end_matches('-');
    if name.is_empty() { "app".to_owned() } else { name.to_owned() }
}
