//! What the modules of all kinds have in common: name, place, tags, symbols.

use crate::azure::{Builder, Cx, Failure, Module, NAME_TAG, Scope, Stage, Text, Value, pull};
use crate::manifest::Span;
use crate::model::resource::Azure;
use crate::model::{Expression, Name};
use crate::render::bicep;
use serde_json::{Map, Value as Json, json};

/// Letters of `uniqueString`.
const UNIQUE: usize = 13;

/// What names Azure takes for a type of resources.
#[derive(Clone, Copy)]
pub(super) struct NameRule {
    pub(super) most: usize,
    /// Before the part that makes the name unique.
    pub(super) separator: &'static str,
    /// Only lower-case letters.
    pub(super) is_lower: bool,
}

/// A module of a resource while it is made.
pub(super) struct Making<'c> {
    pub(super) builder: Builder<'c>,
    own: Name,
    name: Value,
    location: Value,
    tags: Value,
    pub(super) is_existing: bool,
}

impl NameRule {
    /// The beginning of names in Azure that is made of a name of the manifest.
    pub(super) fn prefix(self, name: &str) -> String {
        let clean = name.chars().filter(char::is_ascii_alphanumeric);
        if self.is_lower { clean.map(|c| c.to_ascii_lowercase()).collect() } else { clean.collect() }
    }

    /// A name that is unique in the resource group's place and the same each time. Where the name of
    /// the manifest is cut, the unique part is made of the whole of it.
    pub(super) fn name(self, name: &str) -> Value {
        self.name_of(name, &self.prefix(name))
    }

    fn name_of(self, name: &str, prefix: &str) -> Value {
        let (separator, most) = (self.separator, self.most);
        let room = most.saturating_sub(UNIQUE + separator.len());
        Value::expression(match prefix.get(..room).filter(|cut| cut.len() < prefix.len()) {
            None => format!("take('{prefix}{separator}${{uniqueString(resourceGroup().id)}}', {most})"),
            Some(cut) => {
                let whole = bicep::quote(name);
                format!("take('{cut}{separator}${{uniqueString(resourceGroup().id, {whole})}}', {most})")
            }
        })
    }
}

impl<'c> Making<'c> {
    pub(super) fn new(cx: &'c Cx<'c>, name: &Name, span: &Span, azure: &Azure, rule: NameRule) -> Self {
        let scope = azure.existing.as_ref().map_or(Scope::Group, pull::existing_scope);
        let mut builder = Builder::new(cx, name.as_str(), Stage::Infrastructure, span).in_scope(scope);
        let in_azure = match (&azure.existing, &azure.name) {
            (Some(existing), _) => builder.lower(&existing.name).value,
            (None, Some(name)) => builder.lower(name).value,
            (None, None) => rule.name(name.as_str()),
        };
        let is_existing = azure.existing.is_some();
        let location = if is_existing { Value::Null } else { builder.location(azure.location.as_ref()) };
        let tag = (NAME_TAG.to_owned(), Value::from(name.as_str()));
        let written: Vec<(String, Value)> =
            azure.tags.iter().map(|(name, value)| (name.clone(), builder.lower(value).value)).collect();
        let tags = Value::object([tag].into_iter().chain(written));
        Self { builder, own: name.clone(), name: in_azure, location, tags, is_existing }
    }

    /// What an expression becomes; null where there is none.
    pub(super) fn optional(&mut self, expression: Option<&Expression>) -> Value {
        expression.map_or(Value::Null, |expression| self.builder.lower(expression).value)
    }

    /// What an expression becomes.
    pub(super) fn lowered(&mut self, expression: &Expression) -> Value {
        self.builder.lower(expression).value
    }

    /// What an expression becomes, or what is there without it.
    pub(super) fn or(&mut self, expression: Option<&Expression>, default: &str) -> Value {
        match expression {
            Some(expression) => self.builder.lower(expression).value,
            None => Value::from(default),
        }
    }

    /// Where parts of it are made that want to be told, if there are any.
    pub(super) fn child_location(&mut self, is_needed: bool) -> Value {
        match self.is_existing && is_needed {
            true => self.builder.location(None),
            false => self.location.clone(),
        }
    }

    /// The name of something that is made beside it.
    pub(super) fn beside(&self, ending: &str) -> Value {
        let rule = NameRule { most: 63, separator: "-", is_lower: true };
        rule.name_of(self.own.as_str(), &format!("{}-{ending}", rule.prefix(self.own.as_str())))
    }

    /// The symbol of the resource itself; to be asked for first, once everything is lowered.
    pub(super) fn symbol(&mut self) -> String {
        let own = self.own.clone();
        self.builder.symbol(own.as_str())
    }

    /// The symbol of a part of it.
    pub(super) fn part(&mut self, key: &str) -> String {
        let wanted = format!("{}_{key}", self.own);
        self.builder.symbol(&wanted)
    }

    /// Fills the template of the kind: `data` and what all have.
    pub(super) fn finish(self, template: &str, symbol: &str, data: Json) -> Result<Module, Failure> {
        let mut all = Map::new();
        all.insert("symbol".to_owned(), json!(symbol));
        all.insert("existing".to_owned(), json!(self.is_existing));
        all.insert("name".to_owned(), json!(self.name));
        all.insert("location".to_owned(), json!(self.location));
        all.insert("tags".to_owned(), json!(self.tags));
        if let Json::Object(own) = data {
            all.extend(own);
        }
        self.builder.finish(template, &all)
    }
}

/// A text of several pieces.
pub(super) fn text(pieces: impl IntoIterator<Item = Value>) -> Value {
    let mut text = Text::default();
    for piece in pieces {
        text.push(piece);
    }
    Value::from(text)
}

/// `Enabled` or `Disabled`, as many properties of Azure have it.
pub(super) fn enabled(is_on: bool) -> &'static str {
    if is_on { "Enabled" } else { "Disabled" }
}

/// What Azure's network rules do with addresses that no rule names.
pub(super) fn default_action(is_public: bool) -> &'static str {
    if is_public { "Allow" } else { "Deny" }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STORAGE: NameRule = NameRule { most: 24, separator: "", is_lower: true };
    const VAULT: NameRule = NameRule { most: 24, separator: "-", is_lower: false };

    #[test]
    fn names_keep_their_unique_part() {
        assert_eq!(STORAGE.name("my-Store").code(), "take('mystore${uniqueString(resourceGroup().id)}', 24)");
        assert_eq!(VAULT.name("vault").code(), "take('vault-${uniqueString(resourceGroup().id)}', 24)");
        assert_eq!(
            STORAGE.name("pictures-of-products").code(),
            "take('picturesofp${uniqueString(resourceGroup().id, \\'pictures-of-products\\')}', 24)"
                .replace("\\'", "'")
        );
    }
}
