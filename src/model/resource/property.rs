//! What references may name of a resource, and what apps that list it are given.

use crate::manifest::{Kind, Node};

/// Something that a reference may name: `$<db.orders.uri>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Property {
    /// What follows the resource's name.
    pub name: String,
    /// The variable that hands it to apps that list the resource in `references`, if one does.
    pub variable: Option<String>,
    /// Whether it holds a password or a key.
    pub secret: bool,
}

/// Collects the properties of a resource.
pub(super) struct Properties<'n> {
    name: &'n str,
    list: Vec<Property>,
}

impl<'n> Properties<'n> {
    pub(super) fn of(name: &'n str) -> Self {
        Self { name, list: Vec::new() }
    }

    /// Adds properties of the resource itself. An ending of a variable's name such as `HOST` becomes
    /// `DB_HOST`; `*` is the connection string's variable; without one nothing is handed out.
    pub(super) fn own(&mut self, secret: bool, properties: &[(&'static str, &'static str)]) -> &mut Self {
        for &(property, ending) in properties {
            let variable = variable(self.name, ending);
            self.push(Property { name: property.to_owned(), variable, secret });
        }
        self
    }

    /// Adds properties of one of its parts.
    pub(super) fn part(&mut self, key: &str, secret: bool, properties: &[(&'static str, &'static str)]) -> &mut Self {
        self.prefixed_part(key, key, secret, properties)
    }

    /// Adds properties of a part that references name by a longer path than its variables do.
    pub(super) fn prefixed_part(
        &mut self,
        path: &str,
        key: &str,
        secret: bool,
        properties: &[(&'static str, &'static str)],
    ) -> &mut Self {
        for &(property, ending) in properties {
            let variable = variable(key, ending);
            let name = format!("{path}.{property}");
            self.push(Property { name, variable, secret });
        }
        self
    }

    /// Adds a property whose variable's name is fixed.
    pub(super) fn fixed(&mut self, property: &'static str, variable: &str, secret: bool) -> &mut Self {
        self.push(Property { name: property.to_owned(), variable: Some(variable.to_owned()), secret });
        self
    }

    /// Adds a property of a list of the resource: `outputs.name`.
    pub(super) fn listed(&mut self, list: &str, key: &str, secret: bool) -> &mut Self {
        self.push(Property { name: format!("{list}.{key}"), variable: None, secret });
        self
    }

    fn push(&mut self, property: Property) {
        // A part of the same name as the resource is what apps mean: its variables win.
        if let Some(variable) = &property.variable {
            for earlier in self.list.iter_mut().filter(|earlier| earlier.variable.as_ref() == Some(variable)) {
                earlier.variable = None;
            }
        }
        if self.list.iter().all(|earlier| earlier.name != property.name) {
            self.list.push(property);
        }
    }

    pub(super) fn done(&mut self) -> Vec<Property> {
        std::mem::take(&mut self.list)
    }
}

fn variable(name: &str, ending: &str) -> Option<String> {
    match ending {
        "" => None,
        "*" => Some(format!("ConnectionStrings__{name}")),
        _ => Some(format!("{}_{ending}", upper(name))),
    }
}

/// A name as a part of a variable's: `order-db` is `ORDER_DB`.
fn upper(name: &str) -> String {
    name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' }).collect()
}

/// The keys of a table, or the texts of an array: the two ways to write named parts.
pub(super) fn keys<'n>(node: &'n Node, key: &str) -> Vec<&'n str> {
    let Some(node) = node.get(key) else { return Vec::new() };
    match &node.kind {
        Kind::Table(entries) => entries.iter().map(|(key, _)| key.name.as_str()).collect(),
        Kind::Array(list) => list.iter().filter_map(text).collect(),
        Kind::Null | Kind::Bool(_) | Kind::Integer(_) | Kind::Float(_) | Kind::String(_) => Vec::new(),
    }
}

fn text(node: &Node) -> Option<&str> {
    if let Kind::String(text) = &node.kind { Some(text) } else { None }
}

/// Whether a switch is on: `true`, or a table that says more.
pub(super) fn is_on(node: &Node, key: &str) -> bool {
    node.get(key).is_some_and(|node| matches!(node.kind, Kind::Bool(true) | Kind::Table(_)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_with_the_name_of_its_resource_takes_its_variables() {
        let mut properties = Properties::of("order-db");
        properties.own(false, &[("host", "HOST"), ("id", ""), ("connection-string", "*")]);
        properties.part("order-db", false, &[("connection-string", "*")]);
        let shown: Vec<String> = properties
            .done()
            .iter()
            .map(|property| format!("{} {}", property.name, property.variable.as_deref().unwrap_or("-")))
            .collect();
        assert_eq!(
            shown,
            [
                "host ORDER_DB_HOST",
                "id -",
                "connection-string -",
                "order-db.connection-string ConnectionStrings__order-db"
            ]
        );
    }
}
