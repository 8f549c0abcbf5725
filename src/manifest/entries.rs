//! A table of named things, in the order of the file.

use super::Spanned;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::marker::PhantomData;

/// The name under which the deserializer recognises [`Entries`].
pub(super) const ENTRIES: &str = "$entries";

/// Entries in the order of the file, with the places of their names.
///
/// A bad entry does not keep the others from being read and checked.
#[derive(Clone, PartialEq)]
pub struct Entries<V> {
    list: Vec<(Spanned<String>, V)>,
    index: HashMap<String, usize>,
}

impl<V> Entries<V> {
    pub fn len(&self) -> usize {
        self.list.len()
    }

    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    pub fn iter(&self) -> std::slice::Iter<'_, (Spanned<String>, V)> {
        self.list.iter()
    }

    pub fn keys(&self) -> impl Iterator<Item = &Spanned<String>> {
        self.list.iter().map(|(key, _)| key)
    }

    pub fn values(&self) -> impl Iterator<Item = &V> {
        self.list.iter().map(|(_, value)| value)
    }

    pub fn contains_key(&self, name: &str) -> bool {
        self.index.contains_key(name)
    }

    pub fn get(&self, name: &str) -> Option<&V> {
        self.get_entry(name).map(|(_, value)| value)
    }

    /// The entry with its name as it is written, for the place.
    pub fn get_entry(&self, name: &str) -> Option<&(Spanned<String>, V)> {
        self.index.get(name).and_then(|&index| self.list.get(index))
    }

    /// Adds an entry, or replaces the one of that name where it stands.
    pub fn insert(&mut self, key: Spanned<String>, value: V) {
        if let Some(&index) = self.index.get(key.as_str()) {
            self.list[index] = (key, value);
        } else {
            self.index.insert(key.get_ref().clone(), self.list.len());
            self.list.push((key, value));
        }
    }
}

impl<V> Default for Entries<V> {
    fn default() -> Self {
        Self { list: Vec::new(), index: HashMap::new() }
    }
}

impl<V: fmt::Debug> fmt::Debug for Entries<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.list.iter().map(|(key, value)| (key.get_ref(), value))).finish()
    }
}

impl<V> IntoIterator for Entries<V> {
    type Item = (Spanned<String>, V);
    type IntoIter = std::vec::IntoIter<Self::Item>;

    fn into_iter(self) -> Self::IntoIter {
        self.list.into_iter()
    }
}

impl<'a, V> IntoIterator for &'a Entries<V> {
    type Item = &'a (Spanned<String>, V);
    type IntoIter = std::slice::Iter<'a, (Spanned<String>, V)>;

    fn into_iter(self) -> Self::IntoIter {
        self.list.iter()
    }
}

impl<V> FromIterator<(Spanned<String>, V)> for Entries<V> {
    fn from_iter<I: IntoIterator<Item = (Spanned<String>, V)>>(entries: I) -> Self {
        let mut all = Self::default();
        for (key, value) in entries {
            all.insert(key, value);
        }
        all
    }
}

impl<'de, V: Deserialize<'de>> Deserialize<'de> for Entries<V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(ENTRIES, EntriesVisitor(PhantomData))
    }
}

struct EntriesVisitor<V>(PhantomData<V>);

impl<'de, V: Deserialize<'de>> Visitor<'de> for EntriesVisitor<V> {
    type Value = Entries<V>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a table")
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Self::Value, A::Error> {
        let mut entries = Entries::default();
        let mut failure = None;
        while let Some(key) = access.next_key()? {
            match access.next_value() {
                Ok(value) => entries.insert(key, value),
                // It is reported already; the remaining entries are worth reading.
                Err(error) => failure = Some(error),
            }
        }
        failure.map_or(Ok(entries), Err)
    }
}

impl<V: JsonSchema> JsonSchema for Entries<V> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        <BTreeMap<String, V>>::schema_name()
    }

    fn schema_id() -> Cow<'static, str> {
        <BTreeMap<String, V>>::schema_id()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        <BTreeMap<String, V>>::json_schema(generator)
    }
}
