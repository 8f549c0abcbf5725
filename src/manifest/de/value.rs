//! One node as a serde deserializer.

use super::access::{Elements, Mode, TableAccess};
use super::error::Error;
use super::run::Run;
use super::variant::{ByKind, ByShape, Word};
use crate::manifest::entries::ENTRIES;
use crate::manifest::text_value::TEXT;
use crate::manifest::{Diagnostic, Key, Kind, Node};
use crate::util::text;
use serde::de::value::StrDeserializer;
use serde::de::{DeserializeSeed, Deserializer, IntoDeserializer, Visitor};

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

    /// What people call this value.
    fn subject(&self) -> String {
        match self.key {
            Some(key) if self.is_item => format!("an item of `{}`", key.name),
            Some(key) => format!("`{}`", key.name),
            None => "the document".to_owned(),
        }
    }

    pub(super) fn wrong_type(&self, expected: &str) -> Error {
        let span = self.node.span.clone();
        let subject = self.subject();
        if self.node.kind == Kind::Null {
            let diagnostic = Diagnostic::error("empty-value", format!("{subject} has an empty value"))
                .at(span, format!("expected {expected}"));
            return Error::problem(match expected {
                "a table" => diagnostic.help("write `{}` for an empty table, or remove the key"),
                _ => diagnostic.help("write a value, or remove the key"),
            });
        }
        let found = self.found();
        let message = format!("{subject} must be {expected}, not {found}");
        let diagnostic = Diagnostic::error("wrong-type", message).at(span, format!("expected {expected}"));
        Error::problem(match self.repair(expected) {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        })
    }

    fn found(&self) -> String {
        let name = self.node.kind.name();
        let raw = self.run.raw(&self.node.span);
        let is_short = raw.chars().count() <= 40 && !raw.contains(['\n', '`']) && !raw.is_empty();
        match &self.node.kind {
            Kind::Array(_) | Kind::Integer(_) if !is_short => format!("an {name}"),
            Kind::Array(_) => "an array".to_owned(),
            Kind::Table(_) => "a table".to_owned(),
            _ if is_short => format!("the {name} `{raw}`"),
            _ => format!("a {name}"),
        }
    }

    /// What to write instead, where that is plain.
    fn repair(&self, expected: &str) -> Option<String> {
        let raw = self.run.raw(&self.node.span);
        match &self.node.kind {
            Kind::Bool(_) | Kind::Integer(_) | Kind::Float(_) if expected.starts_with("a string") => {
                Some(format!("quote it: `\"{raw}\"`"))
            }
            Kind::String(content) if expected.contains("an integer") => match integer_in(content) {
                Some(number) if raw.starts_with(['"', '\'']) => Some(format!("write it without quotes: `{number}`")),
                Some(number) => Some(format!("write `{number}`")),
                None => None,
            },
            Kind::Float(number) if expected.contains("an integer") && number.fract() == 0.0 && number.abs() < 1e15 => {
                Some(format!("write `{number}`"))
            }
            Kind::String(content) if expected == "a boolean" => match content.as_str() {
                "true" | "yes" | "on" => Some("write `true`".to_owned()),
                "false" | "no" | "off" => Some("write `false`".to_owned()),
                _ => Some("write `true` or `false`".to_owned()),
            },
            Kind::String(_) | Kind::Integer(_) | Kind::Bool(_) if expected == "an array" => {
                Some(format!("put it in brackets: `[{raw}]`"))
            }
            _ => None,
        }
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

    pub(super) fn missing_key(&self, field: &str) -> Diagnostic {
        let (place, span) = match self.key {
            Some(key) if !self.is_item => (format!(" in `{}`", key.name), key.span.clone()),
            Some(key) => (format!(" in an item of `{}`", key.name), self.node.span.clone()),
            None => (String::new(), 0..0),
        };
        Diagnostic::error("missing-key", format!("`{field}` is missing{place}"))
            .at(span, format!("`{field}` must be set here"))
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

/// The words to choose from: `a`, `b` or `c`.
pub(super) fn choice(words: &[&str]) -> String {
    match words {
        [only] => format!("`{only}`"),
        [head @ .., last] => {
            let head: Vec<String> = head.iter().map(|word| format!("`{word}`")).collect();
            format!("{} or `{last}`", head.join(", "))
        }
        [] => "nothing".to_owned(),
    }
}

/// The number that is meant by text such as `0x1F90`, `010` or `80`.
fn integer_in(text: &str) -> Option<i64> {
    let (digits, radix) = match text.get(..2) {
        Some("0x") => (&text[2..], 16),
        Some("0o") => (&text[2..], 8),
        _ => (text, 10),
    };
    i64::from_str_radix(digits, radix).ok()
}

fn with_article(shape: &str) -> String {
    match shape {
        "integer" | "array" => format!("an {shape}"),
        _ => format!("a {shape}"),
    }
}

/// A word as an enum's variant or a struct's field.
pub(super) fn word<'de, S: DeserializeSeed<'de>>(seed: S, word: &str) -> Result<S::Value, Error> {
    seed.deserialize(StrDeserializer::<Error>::new(word))
}

/// The name of an entry, with its place where one is asked for.
#[derive(Clone, Copy, Debug)]
pub(super) struct KeyName<'a>(pub(super) &'a Key);

impl<'de> Deserializer<'de> for KeyName<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_borrowed_str(&self.0.name).map_err(|error: Error| error.at(&self.0.span))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        if serde_spanned::de::is_spanned(name) {
            let span = self.0.span.clone();
            return visitor.visit_map(serde_spanned::de::SpannedDeserializer::new(self, span));
        }
        self.deserialize_any(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_enum(StrDeserializer::<Error>::new(&self.0.name))
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        seq tuple tuple_struct map identifier ignored_any
    }
}

impl<'a> IntoDeserializer<'a, Error> for KeyName<'a> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}
