//! `bicep`: a module of the user's own, copied into what is published.

use super::ResourceKind;
use super::property::{Properties, Property};
use super::spec::{Entry, Spec};
use crate::manifest::{Entries, Kind, Spanned, Text};
use crate::model::Expression;
use crate::model::lower::{self, Cx};
use crate::model::scope::Item;
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;

pub(super) const SPEC: Spec = Spec {
    name: "bicep",
    about: "a Bicep module of your own",
    keys: &["path", "params", "outputs"],
    required: &["path"],
    schema: crate::model::schema::object::<Written>,
    lower,
    properties,
    roles: &[],
    default_roles: 0,
    recipe: None,
};

/// A module of the user's own.
#[derive(Clone, Debug)]
pub struct Bicep {
    /// Its file, relative to the manifest's folder.
    pub path: Spanned<String>,
    /// Values of its parameters.
    pub params: BTreeMap<String, Expression>,
    /// The outputs that it is said to have; empty: any.
    pub outputs: Vec<Spanned<String>>,
}

/// A Bicep module of your own.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct Written {
    /// The module's file, relative to the manifest.
    #[schemars(extend("pattern" = r"^[^$]+$"))]
    path: Option<Spanned<String>>,
    /// The module's parameters.
    params: Option<Entries<Spanned<Text>>>,
    /// Names of the module's outputs. Default: whatever references name.
    outputs: Option<Vec<Spanned<String>>>,
}

fn properties(item: &Item<'_>) -> Vec<Property> {
    let mut properties = Properties::of(item.name.as_str());
    let Some(outputs) = item.node.get("outputs") else { return properties.done() };
    let Kind::Array(list) = &outputs.kind else { return properties.done() };
    for node in list {
        if let Kind::String(output) = &node.kind {
            properties.listed("outputs", output, false);
        }
    }
    properties.done()
}

/// Whether a text is an identifier of Bicep.
fn is_identifier(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

fn identifier(cx: &mut Cx<'_>, noun: &str, text: &Spanned<String>) -> bool {
    let good = is_identifier(text.get_ref());
    if !good {
        cx.error("bad-name", format!("`{}` is no name of {noun}", text.get_ref()), text.span(), "")
            .help("use ASCII letters, digits and `_`, starting with a letter, as in the module")
            .push();
    }
    good
}

fn lower(cx: &mut Cx<'_>, entry: Entry<'_>) -> Option<ResourceKind> {
    let written: Written = cx.read(entry.node)?;
    let path = written
        .path
        .as_ref()
        .and_then(|path| cx.plain("path", path))
        .filter(|path| lower::build::path(cx, "path", path));
    if let Some(path) = &path
        && !path.get_ref().ends_with(".bicep")
    {
        cx.error("bad-path", format!("`{}` is no Bicep file", path.get_ref()), path.span(), "")
            .help("name a file that ends with `.bicep`")
            .push();
    }
    let mut params = BTreeMap::new();
    for (key, value) in written.params.iter().flatten() {
        if identifier(cx, "a parameter of a module", key)
            && let Some(value) = cx.text(value)
        {
            params.insert(key.get_ref().clone(), value);
        }
    }
    let mut outputs: Vec<Spanned<String>> = Vec::new();
    for output in written.outputs.into_iter().flatten() {
        if !identifier(cx, "an output of a module", &output) {
            continue;
        }
        if let Some(first) = outputs.iter().find(|first| first.get_ref() == output.get_ref()) {
            let first = first.span();
            cx.error("duplicate-name", format!("the output `{}` is listed twice", output.get_ref()), output.span(), "")
                .also(&first, "first here")
                .push();
            continue;
        }
        outputs.push(output);
    }
    let path = path?;
    Some(ResourceKind::Bicep(Box::new(Bicep { path, params, outputs })))
}
