//! Symbolic names of one module: none twice, none that a parameter has.

use super::super::Cx;
use super::super::root::Symbols;

/// Symbols for a module of a registry.
pub(super) fn symbols(cx: &Cx<'_>) -> Symbols {
    let mut symbols = Symbols::default();
    for fixed in ["location", "keyIdentity", "principalId"] {
        symbols.take(fixed);
    }
    for name in cx.application.params.keys() {
        symbols.take(name.as_str());
    }
    symbols
}
