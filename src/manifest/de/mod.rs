//! Any serde type out of a tree of nodes, with every mistake reported.
//!
//! A derived visitor stops at the first field that fails, and there is no way to go on after it.
//! So the tree is read in passes: a mistake is reported, its node is noted in [`Run`], and the next
//! pass leaves it out or puts an invented value in its place (see [`stand_in`]), until a pass finds
//! nothing new. A tree without mistakes takes one pass; what was found good is not read again.

mod access;
mod error;
mod key;
mod run;
mod stand_in;
mod value;
mod variant;
mod wording;

use super::{Diagnostics, Node, Source};
use run::Run;
use serde::de::DeserializeOwned;
use std::sync::Arc;
use value::Value;

/// Reads a value of any serde type.
///
/// All mistakes that do not depend on each other go to `problems`. `None` when there was one that
/// left no value; unknown keys alone leave one. `source` must be the text that the spans of `node`
/// point into.
pub fn deserialize<T: DeserializeOwned>(node: &Node, source: &Arc<Source>, problems: &mut Diagnostics) -> Option<T> {
    let run = Run::new(source);
    let value = match T::deserialize(Value::root(node, &run)) {
        Ok(value) => Some(value),
        Err(error) => {
            run.settle(error, node, None);
            None
        }
    };
    if value.is_none() {
        while run.next_pass() {
            if let Err(error) = T::deserialize(Value::root(node, &run)) {
                run.settle(error, node, None);
            }
        }
    }
    run.finish(problems);
    value
}
