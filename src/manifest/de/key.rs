//! Names of entries and words as serde deserializers.

use super::error::Error;
use crate::manifest::Key;
use serde::de::value::StrDeserializer;
use serde::de::{DeserializeSeed, Deserializer, IntoDeserializer, Visitor};

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
