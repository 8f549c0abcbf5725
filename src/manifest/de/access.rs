//! What is in a table or an array, one by one, as far as this pass is to see it.

use super::error::Error;
use super::key::{KeyName, word};
use super::run::State;
use super::stand_in::StandIn;
use super::value::Value;
use crate::manifest::{Key, Node};
use serde::de::{DeserializeSeed, MapAccess, SeqAccess};

/// How a table is read.
#[derive(Clone, Copy, Debug)]
pub(super) enum Mode {
    /// Any keys; in later passes those are left out of which all is known.
    Map,
    /// These fields; in later passes invented values take the place of bad and missing ones.
    Struct(&'static [&'static str]),
}

#[derive(Debug)]
pub(super) struct TableAccess<'a> {
    table: Value<'a>,
    entries: std::slice::Iter<'a, (Key, Node)>,
    missing: std::vec::IntoIter<&'static str>,
    mode: Mode,
    next: Next<'a>,
    /// Whether the visitor sees anything else than what is in the file.
    pub(super) altered: bool,
}

#[derive(Debug)]
enum Next<'a> {
    Value(&'a Key, &'a Node),
    StandIn(Option<&'a Node>),
    None,
}

impl<'a> TableAccess<'a> {
    pub(super) fn new(table: Value<'a>, entries: &'a [(Key, Node)], mode: Mode) -> Self {
        let missing = match mode {
            Mode::Map => Vec::new(),
            Mode::Struct(_) => table.run.missing(table.node),
        };
        Self { table, entries: entries.iter(), missing: missing.into_iter(), mode, next: Next::None, altered: false }
    }
}

impl<'a> MapAccess<'a> for &mut TableAccess<'a> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'a>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        let run = self.table.run;
        for (key, node) in self.entries.by_ref() {
            self.next = match (self.mode, run.state(node)) {
                (Mode::Struct(fields), _) if !fields.contains(&key.name.as_str()) => continue,
                (Mode::Map, State::Open) | (Mode::Struct(_), State::Open | State::Good) => Next::Value(key, node),
                (Mode::Struct(_), State::Bad) => Next::StandIn(Some(node)),
                (Mode::Map, _) | (Mode::Struct(_), State::Hopeless) => {
                    self.altered = true;
                    continue;
                }
            };
            let name = match self.next {
                Next::Value(..) => seed.deserialize(KeyName(key)),
                _ => word(seed, &key.name),
            };
            return name.map(Some).map_err(|error| run.settle(error.at(&key.span), node, Some(key)));
        }
        match self.missing.next() {
            Some(field) => {
                self.next = Next::StandIn(None);
                word(seed, field).map(Some)
            }
            None => Ok(None),
        }
    }

    fn next_value_seed<S: DeserializeSeed<'a>>(&mut self, seed: S) -> Result<S::Value, Error> {
        let run = self.table.run;
        match std::mem::replace(&mut self.next, Next::None) {
            Next::Value(key, node) => match seed.deserialize(self.table.entry(key, node)) {
                Ok(value) => {
                    if matches!(self.mode, Mode::Map) && !run.is_clean() {
                        run.set(node, State::Good);
                    }
                    Ok(value)
                }
                Err(error) => Err(run.settle(error, node, Some(key))),
            },
            Next::StandIn(node) => {
                self.altered = true;
                seed.deserialize(StandIn::new()).map_err(|_| match node {
                    Some(node) => {
                        run.set(node, State::Hopeless);
                        Error::Reported
                    }
                    None => Error::Dead,
                })
            }
            Next::None => Err(Error::Dead),
        }
    }
}

#[derive(Debug)]
pub(super) struct Elements<'a> {
    array: Value<'a>,
    items: std::slice::Iter<'a, Node>,
    /// Whether items of which all is known may be left out.
    skip: bool,
    pub(super) altered: bool,
}

impl<'a> Elements<'a> {
    pub(super) fn new(array: Value<'a>, items: &'a [Node], skip: bool) -> Self {
        Self { array, items: items.iter(), skip, altered: false }
    }
}

impl<'a> SeqAccess<'a> for &mut Elements<'a> {
    type Error = Error;

    fn next_element_seed<S: DeserializeSeed<'a>>(&mut self, seed: S) -> Result<Option<S::Value>, Error> {
        let run = self.array.run;
        let node = loop {
            let Some(node) = self.items.next() else { return Ok(None) };
            match run.state(node) {
                State::Open => break node,
                State::Bad | State::Hopeless if !self.skip => {
                    self.altered = true;
                    return seed.deserialize(StandIn::new()).map(Some).map_err(|_| Error::Dead);
                }
                State::Good if !self.skip => break node,
                State::Good | State::Bad | State::Hopeless => self.altered = true,
            }
        };
        match seed.deserialize(self.array.item(node)) {
            Ok(value) => {
                if self.skip && !run.is_clean() {
                    run.set(node, State::Good);
                }
                Ok(Some(value))
            }
            Err(error) => Err(run.settle(error, node, self.array.key)),
        }
    }
}
