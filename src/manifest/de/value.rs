//! One node as a serde deserializer.

use super::access::{Elements, Mode, TableAccess};
use super::error::Error;
use super::run::Run;
use super::variant::{ByKind, ByShape, Word};
use super::wording::choice;
use crate::manifest::entries::ENTRIES;
use crate::manifest::text_value::TEXT;
use crate::manifest::{Diagnostic, Key, Kind, Node};
use crate::util::text;
use serde::de::{Deserializer, IntoDeserializer, Visitor};

/// The name of an enum whose variant is chosen by what the value is.
const EITHER: &str = "$either";
/// The name of an enum whose variant is chosen by the table's key `kind`.
const KIND: &str = "$kind";
/// The key that [`KIND`] looks at.
pub(super) const KIND_KEY: &str = "kind";

#[derive(Clone, Copy, Debug)]
pub(super) struct Value<'a> {
    pub(super) node: &'a Node,
    pub(super) run: &'a Run<'a>,
    /// The name of the nearest entry that this is the value of, or an item of.
    pub(super) key: Option<&'a Key>,
    /// Whether it is an item of that entry's array.
    pub(super) is_item: bool,
    /// A key that was used up to choose the type, and is no field of it.
    used: Option<&'static str>,
}

impl<'a> Value<'a> {
    pub(super) fn root(node: &'a Node, run: &'a Run<'a>) -> Self {
        Self { node, run, key: None, is_item: false, used: None }
    }

    pub(super) fn entry(&self, key: &'a Key, node: &'a Node) -> Self {
        Self { node, key: Some(key), is_item: false, used: None, ..*self }
    }

    pub(super) fn item(&self, node: &'a Node) -> Self {
        Self { node, is_item: true, used: None, ..*self }
    }

    pub(super) fn without(self, used: &'static str) -> Self {
        Self { used: Some(used), ..self }
    }

    fn integer<V: Visitor<'a>>(self, min: i64, max: i64, visitor: V) -> Result<V::Value, Error> {
        let expected = match (min, max) {
            (i64::MIN, i64::MAX) => "an integer".to_owned(),
            (min, i64::MAX) => format!("an integer from {min}"),
            (min, max) => format!("an integer from {min} to {max}"),
        };
        let Kind::Integer(number) = self.node.kind else { return Err(self.wrong_type(&expected)) };
        if number < min || number > max {
            let message = format!("{} is out of range: `{number}`", self.subject());
            let diagnostic = Diagnostic::error("out-of-range", message);
            return Err(Error::problem(diagnostic.at(self.node.span.clone(), format!("expected {expected}"))));
        }
        visitor.visit_i64(number).map_err(|error: Error| error.at(&self.node.span))
    }

    fn text<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Error> {
        let Kind::String(content) = &self.node.kind else { return Err(self.wrong_type("a string")) };
        visitor.visit_borrowed_str(content).map_err(|error: Error| error.at(&self.node.span))
    }

    /// A scalar as it is written, for [`Text`](crate::manifest::Text).
    fn raw_text<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Error> {
        match &self.node.kind {
            Kind::String(content) => visitor.visit_borrowed_str(content),
            Kind::Bool(_) | Kind::Integer(_) | Kind::Float(_) => visitor.visit_str(self.run.raw(&self.node.span)),
            Kind::Null | Kind::Array(_) | Kind::Table(_) => Err(self.wrong_type("a string, a number or a boolean")),
        }
    }

    fn array<V: Visitor<'a>>(self, skip: bool, visitor: V) -> Result<V::Value, Error> {
        let Kind::Array(items) = &self.node.kind else { return Err(self.wrong_type("an array")) };
        let mut elements = Elements::new(self, items, skip);
        let result = visitor.visit_seq(&mut elements);
        let altered = elements.altered;
        self.close(result, altered)
    }

    fn table<V: Visitor<'a>>(self, mode: Mode, visitor: V) -> Result<V::Value, Error> {
        let Kind::Table(entries) = &self.node.kind else { return Err(self.wrong_type("a table")) };
        let mut access = TableAccess::new(self, entries, mode);
        let result = visitor.visit_map(&mut access);
        let altered = access.altered;
        self.close(result, altered)
    }

    /// Gives an error that the visitor itself made its place. One that it made of altered content
    /// (things left out or invented) says nothing of the file.
    fn close<T>(self, result: Result<T, Error>, altered: bool) -> Result<T, Error> {
        result.map_err(|error| match error {
            Error::Missing(field) => self.missing(field),
            Error::Custom(_) | Error::UnknownVariant { .. } if altered => Error::Dead,
            other => other.at(&self.node.span),
        })
    }

    fn missing(self, field: &'static str) -> Error {
        let Kind::Table(entries) = &self.node.kind else { return Error::Dead };
        if entries.iter().any(|(key, _)| key.name == field) {
            return Error::Dead;
        }
        if !self.run.add_missing(self.node, field) {
            return Error::Dead;
        }
        // A misspelt key is one mistake, not two.
        if !self.run.is_suggested(self.node, field) {
            self.run.report(self.missing_key(field));
        }
        Error::Reported
    }

    /// Reports the keys of a table that are no fields.
    fn check_keys(&self, fields: &'static [&'static str]) {
        let Kind::Table(entries) = &self.node.kind else { return };
        let is_unknown = |key: &Key| !fields.contains(&key.name.as_str()) && self.used != Some(key.name.as_str());
        if !entries.iter().any(|(key, _)| is_unknown(key)) || !self.run.check_keys(self.node) {
            return;
        }
        // What is there already was not misspelt.
        let free: Vec<&'static str> =
            fields.iter().copied().filter(|field| entries.iter().all(|(key, _)| key.name != *field)).collect();
        let known: Vec<&'static str> = self.used.iter().chain(fields).copied().collect();
        for (key, _) in entries.iter().filter(|(key, _)| is_unknown(key)) {
            if self.run.is_full() {
                return;
            }
            self.run.unknown_key(self.node, key, &known, text::nearest(&key.name, free.iter().copied()));
        }
    }
}

macro_rules! integers {
    ($($method:ident: $min:expr, $max:expr;)*) => {$(
        fn $method<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Error> {
            self.integer($min, $max, visitor)
        }
    )*};
}

impl<'a> Deserializer<'a> for Value<'a> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Error> {
        match &self.node.kind {
            Kind::Null => visitor.visit_unit(),
            Kind::Bool(value) => visitor.visit_bool(*value),
            Kind::Integer(value) => visitor.visit_i64(*value),
            Kind::Float(value) => visitor.visit_f64(*value),
            Kind::String(content) => visitor.visit_borrowed_str(content),
            Kind::Array(_) => return self.array(false, visitor),
            Kind::Table(_) => return self.table(Mode::Map, visitor),
        }
        .map_err(|error: Error| error.at(&self.node.span))
    }

    fn deserialize_bool<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Error> {
        let Kind::Bool(value) = self.node.kind else { return Err(self.wrong_type("a boolean")) };
        visitor.visit_bool(value).map_err(|error: Error| error.at(&self.node.span))
    }

    integers! {
        deserialize_i8: i8::MIN.into(), i8::MAX.into();
        deserialize_i16: i16::MIN.into(), i16::MAX.into();
        deserialize_i32: i32::MIN.into(), i32::MAX.into();
        deserialize_i64: i64::MIN, i64::MAX;
        deserialize_i128: i64::MIN, i64::MAX;
        deserialize_u8: 0, u8::MAX.into();
        deserialize_u16: 0, u16::MAX.into();
        deserialize_u32: 0, u32::MAX.into();
        deserialize_u64: 0, i64::MAX;
        deserialize_u128: 0, i64::MAX;
    }

    fn deserialize_f32<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_f64(visitor)
    }

    fn deserialize_f64<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.node.kind {
            Kind::Float(value) => visitor.visit_f64(value),
            Kind::Integer(value) => visitor.visit_i64(value),
            _ => Err(self.wrong_type("a number")),
        }
        .map_err(|error: Error| error.at(&self.node.span))
    }

    fn deserialize_char<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Error> {
        self.text(visitor)
    }

    fn deserialize_str<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Error> {
        self.text(visitor)
    }

    fn deserialize_string<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Error> {
        self.text(visitor)
    }

    fn deserialize_bytes<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Error> {
        self.text(visitor)
    }

    fn deserialize_byte_buf<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Error> {
        self.text(visitor)
    }

    fn deserialize_option<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }

    fn deserialize_unit<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    fn deserialize_unit_struct<V: Visitor<'a>>(self, _: &'static str, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    fn deserialize_newtype_struct<V: Visitor<'a>>(self, name: &'static str, visitor: V) -> Result<V::Value, Error> {
        match name {
            ENTRIES => self.table(Mode::Map, visitor),
            TEXT => self.raw_text(visitor),
            _ => visitor.visit_newtype_struct(self),
        }
        .map_err(|error| error.at(&self.node.span))
    }

    fn deserialize_seq<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Error> {
        self.array(true, visitor)
    }

    fn deserialize_tuple<V: Visitor<'a>>(self, _: usize, visitor: V) -> Result<V::Value, Error> {
        self.array(false, visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'a>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.array(false, visitor)
    }

    fn deserialize_map<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Error> {
        self.table(Mode::Map, visitor)
    }

    fn deserialize_struct<V: Visitor<'a>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        if serde_spanned::de::is_spanned(name) {
            let span = self.node.span.clone();
            return visitor.visit_map(serde_spanned::de::SpannedDeserializer::new(self, span));
        }
        self.check_keys(fields);
        self.table(Mode::Struct(fields), visitor)
    }

    fn deserialize_enum<V: Visitor<'a>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match name {
            EITHER => {
                let shape = self.node.kind.name();
                if !variants.contains(&shape) {
                    let names: Vec<_> = variants.iter().map(|name| with_article(name)).collect();
                    return Err(self.wrong_type(&names.join(" or ")));
                }
                visitor.visit_enum(ByShape(self))
            }
            KIND => visitor.visit_enum(ByKind::new(self, variants)?),
            _ => {
                let Kind::String(_) = &self.node.kind else {
                    return Err(self.wrong_type(&choice(variants)));
                };
                visitor.visit_enum(Word(self))
            }
        }
    }

    fn deserialize_identifier<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Error> {
        self.text(visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }
}

impl<'a> IntoDeserializer<'a, Error> for Value<'a> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

fn with_article(shape: &str) -> String {
    match shape {
        "integer" | "array" => format!("an {shape}"),
        _ => format!("a {shape}"),
    }
}
