//! Three ways to choose the variant of an enum.

use super::error::Error;
use super::key::word;
use super::value::{KIND_KEY, Value};
use super::wording::choice;
use crate::manifest::{Diagnostic, Kind};
use crate::util::text;
use serde::de::{DeserializeSeed, Deserializer, EnumAccess, VariantAccess, Visitor};

/// By a string that is the variant's name.
#[derive(Debug)]
pub(super) struct Word<'a>(pub(super) Value<'a>);

impl<'a> EnumAccess<'a> for Word<'a> {
    type Error = Error;
    type Variant = Content<'a>;

    fn variant_seed<S: DeserializeSeed<'a>>(self, seed: S) -> Result<(S::Value, Content<'a>), Error> {
        let Kind::String(content) = &self.0.node.kind else { return Err(Error::Dead) };
        Ok((word(seed, content)?, Content(self.0)))
    }
}

/// By what the value is: the variants are named as [`Kind::name`] does.
#[derive(Debug)]
pub(super) struct ByShape<'a>(pub(super) Value<'a>);

impl<'a> EnumAccess<'a> for ByShape<'a> {
    type Error = Error;
    type Variant = Content<'a>;

    fn variant_seed<S: DeserializeSeed<'a>>(self, seed: S) -> Result<(S::Value, Content<'a>), Error> {
        Ok((word(seed, self.0.node.kind.name())?, Content(self.0)))
    }
}

/// By the key `kind` of a table.
#[derive(Debug)]
pub(super) struct ByKind<'a> {
    variant: &'static str,
    value: Value<'a>,
}

impl<'a> ByKind<'a> {
    pub(super) fn new(value: Value<'a>, variants: &'static [&'static str]) -> Result<Self, Error> {
        let Kind::Table(entries) = &value.node.kind else { return Err(value.wrong_type("a table")) };
        let Some((key, node)) = entries.iter().find(|(key, _)| key.name == KIND_KEY) else {
            let missing = value.missing_key(KIND_KEY);
            return Err(Error::problem(missing.help(format!("write {}", choice(variants)))));
        };
        let Kind::String(kind) = &node.kind else {
            return Err(value.entry(key, node).wrong_type("a string"));
        };
        match variants.iter().find(|variant| **variant == kind.as_str()) {
            Some(variant) => Ok(Self { variant, value: value.without(KIND_KEY) }),
            None => {
                let near = text::nearest(kind, variants.iter().copied());
                let label = near.map_or("not a known kind".to_owned(), |near| format!("did you mean `{near}`?"));
                let diagnostic = Diagnostic::error("unknown-kind", format!("unknown kind `{kind}`"))
                    .at(node.span.clone(), label)
                    .help(format!("write {}", choice(variants)));
                Err(Error::problem(diagnostic))
            }
        }
    }
}

impl<'a> EnumAccess<'a> for ByKind<'a> {
    type Error = Error;
    type Variant = Content<'a>;

    fn variant_seed<S: DeserializeSeed<'a>>(self, seed: S) -> Result<(S::Value, Content<'a>), Error> {
        Ok((word(seed, self.variant)?, Content(self.value)))
    }
}

/// What a variant holds: the value itself.
#[derive(Debug)]
pub(super) struct Content<'a>(Value<'a>);

impl<'a> VariantAccess<'a> for Content<'a> {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        Ok(())
    }

    fn newtype_variant_seed<S: DeserializeSeed<'a>>(self, seed: S) -> Result<S::Value, Error> {
        seed.deserialize(self.0)
    }

    fn tuple_variant<V: Visitor<'a>>(self, len: usize, visitor: V) -> Result<V::Value, Error> {
        self.0.deserialize_tuple(len, visitor)
    }

    fn struct_variant<V: Visitor<'a>>(self, fields: &'static [&'static str], visitor: V) -> Result<V::Value, Error> {
        self.0.deserialize_struct("", fields, visitor)
    }
}
