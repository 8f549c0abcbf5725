//! Invented values, to go on after a mistake. They are dropped at the end.

use super::error::Error;
use serde::de::value::{MapDeserializer, SeqDeserializer, StrDeserializer};
use serde::de::{self, DeserializeSeed, Deserializer, IntoDeserializer, Visitor};

/// How deep structs of required structs are invented.
const DEPTH: u8 = 16;

/// A value that is whatever is asked for.
#[derive(Clone, Copy, Debug)]
pub(super) struct StandIn {
    depth: u8,
}

impl StandIn {
    pub(super) fn new() -> Self {
        Self { depth: 0 }
    }

    fn below(self) -> Result<Self, Error> {
        if self.depth < DEPTH { Ok(Self { depth: self.depth + 1 }) } else { Err(Error::Dead) }
    }
}

macro_rules! scalars {
    ($($method:ident: $visit:ident($value:expr);)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            visitor.$visit($value)
        }
    )*};
}

impl<'de> Deserializer<'de> for StandIn {
    type Error = Error;

    scalars! {
        deserialize_any: visit_str("x");
        deserialize_bool: visit_bool(false);
        deserialize_i8: visit_i64(1);
        deserialize_i16: visit_i64(1);
        deserialize_i32: visit_i64(1);
        deserialize_i64: visit_i64(1);
        deserialize_i128: visit_i64(1);
        deserialize_u8: visit_u64(1);
        deserialize_u16: visit_u64(1);
        deserialize_u32: visit_u64(1);
        deserialize_u64: visit_u64(1);
        deserialize_u128: visit_u64(1);
        deserialize_f32: visit_f64(1.0);
        deserialize_f64: visit_f64(1.0);
        deserialize_char: visit_str("x");
        deserialize_str: visit_str("x");
        deserialize_string: visit_str("x");
        deserialize_bytes: visit_str("x");
        deserialize_byte_buf: visit_str("x");
        deserialize_identifier: visit_str("x");
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_none()
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self.below()?)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_seq(SeqDeserializer::new(std::iter::empty::<Self>()))
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_seq(SeqDeserializer::new(std::iter::repeat_n(self.below()?, len)))
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        len: usize,
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_tuple(len, visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_map(MapDeserializer::new(std::iter::empty::<(Self, Self)>()))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let below = self.below()?;
        if serde_spanned::de::is_spanned(name) {
            return visitor.visit_map(serde_spanned::de::SpannedDeserializer::new(below, 0..0));
        }
        visitor.visit_map(MapDeserializer::new(fields.iter().map(|field| (*field, below))))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let first = variants.first().ok_or(Error::Dead)?;
        visitor.visit_enum(Variant { name: first, content: self.below()? })
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }
}

impl IntoDeserializer<'_, Error> for StandIn {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

struct Variant {
    name: &'static str,
    content: StandIn,
}

impl<'de> de::EnumAccess<'de> for Variant {
    type Error = Error;
    type Variant = Self;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Self), Error> {
        Ok((seed.deserialize(StrDeserializer::<Error>::new(self.name))?, self))
    }
}

impl<'de> de::VariantAccess<'de> for Variant {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        Ok(())
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, Error> {
        seed.deserialize(self.content)
    }

    fn tuple_variant<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, Error> {
        self.content.deserialize_tuple(len, visitor)
    }

    fn struct_variant<V: Visitor<'de>>(self, fields: &'static [&'static str], visitor: V) -> Result<V::Value, Error> {
        self.content.deserialize_struct("", fields, visitor)
    }
}
