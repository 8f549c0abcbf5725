//! A text of a Compose file: what is known now, and variables that Compose puts in.

use crate::environment::lowering;
use crate::util::text;
use std::collections::BTreeMap;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    pieces: Vec<Piece>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Literal(String),
    Variable(String),
}

impl lowering::Text for Text {
    fn literal(text: impl Into<String>) -> Self {
        Self { pieces: vec![Piece::Literal(text.into())] }
    }

    fn append(&mut self, other: Self) {
        self.pieces.extend(other.pieces);
    }
}

impl Text {
    pub fn variable(name: impl Into<String>) -> Self {
        Self { pieces: vec![Piece::Variable(name.into())] }
    }

    /// As Compose reads it: `$` of a known text is doubled.
    pub fn to_compose(&self) -> String {
        let piece = |piece: &Piece| match piece {
            Piece::Literal(text) => text.replace('$', "$$"),
            Piece::Variable(name) => format!("${{{name}}}"),
        };
        self.pieces.iter().map(piece).collect()
    }

    /// The whole text, with the values of its variables; `None` if one has none.
    pub fn fill<'v>(&self, value: impl Fn(&str) -> Option<&'v str>) -> Option<String> {
        let mut filled = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Literal(text) => filled.push_str(text),
                Piece::Variable(name) => filled.push_str(value(name)?),
            }
        }
        Some(filled)
    }

    /// Its variables, each as often as it stands there.
    pub fn variables(&self) -> impl Iterator<Item = &str> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Variable(name) => Some(name.as_str()),
            Piece::Literal(_) => None,
        })
    }

    /// Percent-encoded; `encoded` gives the variable that holds another's value in that form.
    pub(super) fn encoded(self, mut encoded: impl FnMut(String) -> String) -> Self {
        let piece = |piece| match piece {
            Piece::Literal(text) => Piece::Literal(text::percent_encode(&text)),
            Piece::Variable(name) => Piece::Variable(encoded(name)),
        };
        Self { pieces: self.pieces.into_iter().map(piece).collect() }
    }
}

/// What a text comes to where the variables of a map are known.
pub fn filled(text: &Text, values: &BTreeMap<String, String>) -> Option<String> {
    text.fill(|name| values.get(name).map(String::as_str))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::environment::lowering::Text as _;

    #[test]
    fn dollars_of_values_are_doubled_and_those_of_variables_are_not() {
        let mut text = Text::literal("pa$$word${X:?}-");
        text.append(Text::variable("TAG"));
        assert_eq!(text.to_compose(), "pa$$$$word$${X:?}-${TAG}");
        assert_eq!(filled(&text, &BTreeMap::new()), None);
        let values = BTreeMap::from([("TAG".to_owned(), "$1".to_owned())]);
        assert_eq!(filled(&text, &values).as_deref(), Some("pa$$word${X:?}-$1"));
        assert_eq!(Text::literal("a b").encoded(|name| name).to_compose(), "a%20b");
    }
}
