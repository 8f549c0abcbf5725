//! Objects of Kubernetes before it is known who fills in their values: Helm, or shipit.

use super::input::Inputs;
use super::text::{Known, Text};
use crate::environment::lowering::Text as _;
use crate::model::ParameterType;
use crate::render::yaml::{Shape, Tree, string};
use serde_json::Value;

/// A part of an object.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Node {
    Null,
    Bool(bool),
    Number(serde_json::Number),
    Text(Text),
    /// A text that is a number.
    Count(Text),
    List(Vec<Node>),
    Map(Map),
}

/// Keys and values in the order in which they are written.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Map(pub(super) Vec<(String, Node)>);

impl Map {
    pub(super) fn new() -> Self {
        Self::default()
    }

    pub(super) fn with(mut self, key: &str, value: impl Into<Node>) -> Self {
        self.put(key, value);
        self
    }

    /// Adds what there is.
    pub(super) fn some(self, key: &str, value: Option<impl Into<Node>>) -> Self {
        match value {
            Some(value) => self.with(key, value),
            None => self,
        }
    }

    /// Adds a list or a table that is not empty.
    pub(super) fn filled(self, key: &str, value: impl Into<Node>) -> Self {
        let value = value.into();
        let is_empty = match &value {
            Node::List(items) => items.is_empty(),
            Node::Map(map) => map.0.is_empty(),
            Node::Null | Node::Bool(_) | Node::Number(_) | Node::Text(_) | Node::Count(_) => false,
        };
        if is_empty { self } else { self.with(key, value) }
    }

    pub(super) fn put(&mut self, key: &str, value: impl Into<Node>) {
        self.0.push((key.to_owned(), value.into()));
    }

    pub(super) fn get(&self, key: &str) -> Option<&Node> {
        self.0.iter().find(|(known, _)| known == key).map(|(_, node)| node)
    }

    /// The entry of a key; an empty one is made.
    pub(super) fn entry(&mut self, key: &str) -> &mut Node {
        let index = self.0.iter().position(|(known, _)| known == key).unwrap_or_else(|| {
            self.put(key, Node::Null);
            self.0.len() - 1
        });
        &mut self.0[index].1
    }
}

impl Node {
    /// As Helm's template has it. What is there was checked to need no more than quoting.
    pub(super) fn template(&self, inputs: &Inputs) -> Printed {
        match self {
            Self::Null => Printed::Scalar("null".to_owned()),
            Self::Bool(value) => Printed::Scalar(value.to_string()),
            Self::Number(number) => Printed::Scalar(number.to_string()),
            Self::Text(text) => Printed::Scalar(text.template(inputs).unwrap_or_else(string)),
            Self::Count(text) => Printed::Scalar(match text.inputs().first() {
                Some(input) => format!("{{{{ {} | int64 }}}}", inputs.path(input)),
                None => text.as_literal().unwrap_or_default().to_owned(),
            }),
            Self::List(items) => Printed::List(items.iter().map(|item| item.template(inputs)).collect()),
            Self::Map(map) => {
                Printed::Map(map.0.iter().map(|(key, node)| (key.clone(), node.template(inputs))).collect())
            }
        }
    }

    /// With every value; what is missing is added to `missing`, and left out where it is an entry.
    pub(super) fn fill(&self, known: &dyn Known, missing: &mut Vec<super::Input>) -> Option<Value> {
        match self {
            Self::Null => Some(Value::Null),
            Self::Bool(value) => Some(Value::Bool(*value)),
            Self::Number(number) => Some(Value::Number(number.clone())),
            Self::Text(text) | Self::Count(text) => match text.fill(known) {
                Ok(text) => Some(match self {
                    Self::Count(_) => text.parse::<i64>().map_or(Value::String(text), Value::from),
                    _ => Value::String(text),
                }),
                Err(inputs) => {
                    missing.extend(inputs);
                    None
                }
            },
            Self::List(items) => Some(items.iter().filter_map(|item| item.fill(known, missing)).collect()),
            Self::Map(map) => {
                let entries = map.0.iter().filter_map(|(key, node)| Some((key.clone(), node.fill(known, missing)?)));
                Some(Value::Object(entries.collect()))
            }
        }
    }
}

/// A part of a template.
#[derive(Debug)]
pub(super) enum Printed {
    Scalar(String),
    List(Vec<Printed>),
    Map(Vec<(String, Printed)>),
}

impl Tree for Printed {
    fn shape(&self) -> Shape<'_, Self> {
        match self {
            Self::Scalar(text) => Shape::Scalar(text.clone()),
            Self::List(items) => Shape::Items(items),
            Self::Map(entries) => Shape::Entries(entries.iter().map(|(key, node)| (key.as_str(), node)).collect()),
        }
    }
}

/// A value of the chart as `values.yaml` has it.
pub(super) fn value_of(kind: ParameterType, text: &str) -> Value {
    match kind {
        ParameterType::String => Value::from(text),
        ParameterType::Int => text.parse::<i64>().map_or_else(|_| Value::from(text), Value::from),
        ParameterType::Bool => text.parse::<bool>().map_or_else(|_| Value::from(text), Value::from),
    }
}

impl From<Map> for Node {
    fn from(map: Map) -> Self {
        Self::Map(map)
    }
}

impl From<Text> for Node {
    fn from(text: Text) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Node {
    fn from(text: &str) -> Self {
        Self::Text(Text::literal(text))
    }
}

impl From<String> for Node {
    fn from(text: String) -> Self {
        Self::Text(Text::literal(text))
    }
}

impl From<&String> for Node {
    fn from(text: &String) -> Self {
        Self::Text(Text::literal(text))
    }
}

impl From<bool> for Node {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<u16> for Node {
    fn from(number: u16) -> Self {
        Self::Number(number.into())
    }
}

impl From<u32> for Node {
    fn from(number: u32) -> Self {
        Self::Number(number.into())
    }
}

impl From<Vec<Node>> for Node {
    fn from(items: Vec<Node>) -> Self {
        Self::List(items)
    }
}

impl<const N: usize> From<[&str; N]> for Node {
    fn from(items: [&str; N]) -> Self {
        Self::List(items.into_iter().map(Self::from).collect())
    }
}

impl From<&Value> for Node {
    fn from(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(value) => Self::Bool(*value),
            Value::Number(number) => Self::Number(number.clone()),
            Value::String(text) => Self::from(text),
            Value::Array(items) => Self::List(items.iter().map(Self::from).collect()),
            Value::Object(entries) => {
                Self::Map(Map(entries.iter().map(|(key, value)| (key.clone(), Self::from(value))).collect()))
            }
        }
    }
}
