//! `connection-string`: something that exists already and is reached by one text.

use super::property::{Properties, Property};
use super::spec::{Entry, Spec};
use super::{ResourceKind, parts};
use crate::manifest::Spanned;
use crate::model::Expression;
use crate::model::lower::Cx;
use crate::model::scope::Item;
use schemars::JsonSchema;
use serde::Deserialize;

pub(super) const SPEC: Spec = Spec {
    name: "connection-string",
    about: "something that exists already",
    keys: &["value"],
    required: &["value"],
    schema: crate::model::schema::object::<Written>,
    lower,
    properties,
    roles: &[],
    default_roles: 0,
    recipe: None,
};

/// Something that exists already.
#[derive(Clone, Debug)]
pub struct ConnectionString {
    /// The text that reaches it.
    pub value: Expression,
}

/// Something that exists already.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct Written {
    /// The connection string; a reference to a secret parameter where it holds a password.
    value: Option<Spanned<String>>,
}

fn properties(item: &Item<'_>) -> Vec<Property> {
    Properties::of(item.name.as_str()).own(true, &[("connection-string", "*")]).done()
}

fn lower(cx: &mut Cx<'_>, entry: Entry<'_>) -> Option<ResourceKind> {
    let written: Written = cx.read(entry.node)?;
    let value = parts::text(cx, "value", written.value.as_ref())?;
    Some(ResourceKind::ConnectionString(Box::new(ConnectionString { value })))
}
