//! Values as Bicep has them, built in code and printed by a template's `{{value …}}`.

use crate::render::bicep;
use serde::ser::{Serialize, SerializeMap as _, Serializer};

/// A Bicep value. Serializes to what the helper `value` of templates takes.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Null,
    Bool(bool),
    Int(i64),
    /// A text with expressions in it; printed as a literal, an interpolated string or one expression.
    Text(Text),
    /// Bicep as it stands. Never made of what a user wrote.
    Expression(String),
    Array(Vec<Value>),
    /// In the order in which it is printed.
    Object(Vec<(String, Value)>),
}

/// A text whose parts are known now or when the file is deployed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Text(Vec<Piece>);

#[derive(Clone, Debug, PartialEq)]
enum Piece {
    Literal(String),
    Expression(String),
}

impl Value {
    pub fn string(text: impl Into<String>) -> Self {
        let mut whole = Text::default();
        whole.literal(&text.into());
        Self::Text(whole)
    }

    /// Bicep as it stands; what users wrote goes through [`Value::string`].
    pub fn expression(text: impl Into<String>) -> Self {
        Self::Expression(text.into())
    }

    /// A number that need not be whole: Bicep has none, ARM has.
    pub fn decimal(number: f64) -> Self {
        if number.fract() == 0.0 && number.abs() < 1e15 {
            #[expect(clippy::cast_possible_truncation, reason = "it is whole and small")]
            return Self::Int(number as i64);
        }
        Self::Expression(format!("json('{number}')"))
    }

    pub fn object<K: Into<String>>(entries: impl IntoIterator<Item = (K, Self)>) -> Self {
        Self::Object(entries.into_iter().map(|(key, value)| (key.into(), value)).collect())
    }

    /// The text, if nothing in it waits for the deployment.
    pub fn as_literal(&self) -> Option<&str> {
        match self {
            Self::Text(text) => text.as_literal(),
            Self::Null | Self::Bool(_) | Self::Int(_) | Self::Expression(_) | Self::Array(_) | Self::Object(_) => None,
        }
    }

    /// Bicep for a place in the middle of code.
    pub fn code(&self) -> String {
        match self {
            Self::Text(text) => text.code(),
            Self::Expression(code) => code.clone(),
            Self::Null => "null".to_owned(),
            Self::Bool(value) => value.to_string(),
            Self::Int(value) => value.to_string(),
            Self::Array(_) | Self::Object(_) => bicep::value(&serde_json::to_value(self).unwrap_or_default()),
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::string(text)
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::string(text)
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<u16> for Value {
    fn from(value: u16) -> Self {
        Self::Int(value.into())
    }
}

impl From<u32> for Value {
    fn from(value: u32) -> Self {
        Self::Int(value.into())
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<Text> for Value {
    fn from(text: Text) -> Self {
        match text.0.as_slice() {
            [Piece::Expression(code)] => Self::Expression(code.clone()),
            _ => Self::Text(text),
        }
    }
}

impl Text {
    pub fn literal(&mut self, text: &str) {
        match self.0.last_mut() {
            Some(Piece::Literal(before)) => before.push_str(text),
            _ => self.0.push(Piece::Literal(text.to_owned())),
        }
    }

    pub fn expression(&mut self, code: impl Into<String>) {
        self.0.push(Piece::Expression(code.into()));
    }

    /// Appends a value; what is no text is put in as Bicep prints it.
    pub fn push(&mut self, value: Value) {
        match value {
            Value::Text(text) => {
                for piece in text.0 {
                    match piece {
                        Piece::Literal(text) => self.literal(&text),
                        Piece::Expression(code) => self.expression(code),
                    }
                }
            }
            other @ (Value::Null
            | Value::Bool(_)
            | Value::Int(_)
            | Value::Expression(_)
            | Value::Array(_)
            | Value::Object(_)) => self.expression(other.code()),
        }
    }

    fn as_literal(&self) -> Option<&str> {
        match self.0.as_slice() {
            [] => Some(""),
            [Piece::Literal(text)] => Some(text),
            _ => None,
        }
    }

    fn code(&self) -> String {
        if let Some(text) = self.as_literal() {
            return bicep::quote(text);
        }
        if let [Piece::Expression(code)] = self.0.as_slice() {
            return code.clone();
        }
        let mut code = String::from("'");
        for piece in &self.0 {
            match piece {
                Piece::Literal(text) => {
                    let quoted = bicep::quote(text);
                    code.push_str(&quoted[1..quoted.len() - 1]);
                }
                Piece::Expression(inner) => {
                    code.push_str("${");
                    code.push_str(inner);
                    code.push('}');
                }
            }
        }
        code.push('\'');
        code
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_none(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Int(value) => serializer.serialize_i64(*value),
            Self::Text(text) => match text.as_literal() {
                Some(literal) => serializer.serialize_str(literal),
                None => raw(serializer, &text.code()),
            },
            Self::Expression(code) => raw(serializer, code),
            Self::Array(values) => values.serialize(serializer),
            Self::Object(entries) => {
                let mut map = serializer.serialize_map(Some(entries.len()))?;
                for (key, value) in entries {
                    // So that no key of a user's is taken for the marker of an expression.
                    match key.strip_prefix('$') {
                        Some(_) => map.serialize_entry(&format!("${key}"), value)?,
                        None => map.serialize_entry(key, value)?,
                    }
                }
                map.end()
            }
        }
    }
}

fn raw<S: Serializer>(serializer: S, code: &str) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(1))?;
    map.serialize_entry("$bicep", code)?;
    map.end()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_printed_as_plainly_as_it_can_be() {
        let mut text = Text::default();
        assert_eq!(Value::from(text.clone()).code(), "''");
        text.expression("db.outputs.hostName");
        assert_eq!(Value::from(text.clone()).code(), "db.outputs.hostName");
        text.literal(";It's=${x}");
        let mut outer = Text::default();
        outer.literal("Host=");
        outer.push(Value::from(text));
        assert_eq!(Value::from(outer).code(), r"'Host=${db.outputs.hostName};It\'s=\${x}'");
    }

    #[test]
    fn no_key_of_a_user_becomes_an_expression() {
        let value = Value::object([("$bicep", Value::from("location"))]);
        assert_eq!(serde_json::to_string(&value).unwrap(), r#"{"$$bicep":"location"}"#);
        assert_eq!(serde_json::to_string(&Value::expression("location")).unwrap(), r#"{"$bicep":"location"}"#);
    }
}
