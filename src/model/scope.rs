//! What is declared, by name, and what can be said of it in a reference.

use super::kinds::{self, Kind, KindTable, Support};
use super::resource::spec;
use super::{GitProperty, Name, ShipitProperty, Target};
use crate::manifest::{Kind as NodeKind, Node, Span};
use crate::util::text;
use std::collections::HashMap;

/// The tables of a manifest that declare names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Table {
    Params,
    Registries,
    Environments,
    Resources,
    Apps,
    Steps,
}

impl Table {
    pub(super) const ALL: [Self; 6] =
        [Self::Params, Self::Registries, Self::Environments, Self::Resources, Self::Apps, Self::Steps];

    /// The key of the table.
    pub(super) fn key(self) -> &'static str {
        match self {
            Self::Params => "params",
            Self::Registries => "registries",
            Self::Environments => "environments",
            Self::Resources => "resources",
            Self::Apps => "apps",
            Self::Steps => "steps",
        }
    }

    /// One of its entries, with its article.
    pub(super) fn noun(self) -> &'static str {
        match self {
            Self::Params => "a parameter",
            Self::Registries => "a registry",
            Self::Environments => "an environment",
            Self::Resources => "a resource",
            Self::Apps => "an app",
            Self::Steps => "a step",
        }
    }

    fn kinds(self) -> Option<&'static KindTable> {
        match self {
            Self::Registries => Some(&kinds::REGISTRIES),
            Self::Environments => Some(&kinds::ENVIRONMENTS),
            Self::Resources => Some(&kinds::RESOURCES),
            Self::Apps => Some(&kinds::APPS),
            Self::Params | Self::Steps => None,
        }
    }
}

/// One declared thing.
#[derive(Debug)]
pub(super) struct Item<'a> {
    pub(super) name: Name,
    pub(super) table: Table,
    /// Where its name stands.
    pub(super) span: Span,
    pub(super) node: &'a Node,
    /// `None` where it has none, or one that is not known.
    pub(super) kind: Option<&'static Kind>,
}

/// Everything that is declared.
#[derive(Debug, Default)]
pub(super) struct Scope<'a> {
    items: HashMap<Name, Item<'a>>,
    /// The names of each table in the order of the file.
    order: [Vec<Name>; Table::ALL.len()],
    /// Names that are written but are no names: what refers to them is not wrong on top of that.
    refused: Vec<&'a str>,
}

impl<'a> Scope<'a> {
    pub(super) fn declare(&mut self, name: Name, table: Table, span: Span, node: &'a Node) {
        let kind = table.kinds().and_then(|kinds| match node.entries().iter().find(|(key, _)| key.name == "kind") {
            Some((_, Node { kind: NodeKind::String(kind), .. })) => kinds.find(kind),
            _ => None,
        });
        self.order[table as usize].push(name.clone());
        self.items.insert(name.clone(), Item { name, table, span, node, kind });
    }

    pub(super) fn refuse(&mut self, name: &'a str) {
        self.refused.push(name);
    }

    pub(super) fn is_refused(&self, name: &str) -> bool {
        self.refused.contains(&name)
    }

    /// Whether any name was refused, so that the number of declared things says nothing.
    pub(super) fn has_refused(&self) -> bool {
        !self.refused.is_empty()
    }

    /// What a name stands for; a parameter's `_` count as `-`.
    pub(super) fn get(&self, name: &str) -> Option<&Item<'a>> {
        if name.contains('_') {
            return self.items.get(name.replace('_', "-").as_str()).filter(|item| item.table == Table::Params);
        }
        self.items.get(name)
    }

    pub(super) fn is_parameter(&self, name: &str) -> bool {
        self.get(name).is_some_and(|item| item.table == Table::Params)
    }

    /// The names of a table in the order of the file.
    pub(super) fn names(&self, table: Table) -> Vec<&Item<'a>> {
        self.order[table as usize].iter().filter_map(|name| self.items.get(name)).collect()
    }

    /// The declared name that is most likely meant.
    pub(super) fn nearest(&self, name: &str, wanted: impl Fn(Table) -> bool) -> Option<&Item<'a>> {
        let mut names: Vec<&str> =
            self.items.values().filter(|item| wanted(item.table)).map(|item| item.name.as_str()).collect();
        names.sort_unstable();
        text::nearest(name, names).and_then(|name| self.items.get(name))
    }
}

/// Which properties a thing has.
pub(super) enum Properties {
    /// These and no others.
    Closed(Vec<String>),
    /// Any single name below this one.
    Below(&'static str),
    /// It cannot be known yet.
    Open,
}

impl Properties {
    fn of<S: Into<String>>(names: impl IntoIterator<Item = S>) -> Self {
        Self::Closed(names.into_iter().map(Into::into).collect())
    }

    pub(super) fn has(&self, property: &str) -> bool {
        match self {
            Self::Closed(names) => names.iter().any(|name| name == property),
            Self::Below(list) => property
                .strip_prefix(list)
                .and_then(|rest| rest.strip_prefix('.'))
                .is_some_and(|name| !name.is_empty() && !name.contains('.')),
            Self::Open => true,
        }
    }
}

impl Item<'_> {
    fn child(&self, key: &str) -> Option<&Node> {
        self.node.entries().iter().find(|(name, _)| name.name == key).map(|(_, node)| node)
    }

    fn endpoints(&self) -> impl Iterator<Item = &str> {
        self.child("endpoints").map(Node::entries).unwrap_or_default().iter().map(|(key, _)| key.name.as_str())
    }

    pub(super) fn properties(&self) -> Properties {
        match (self.table, self.kind) {
            (Table::Params | Table::Steps, _) => Properties::Closed(Vec::new()),
            (_, None) => Properties::Open,
            (_, Some(kind)) if kind.support != Support::Full => Properties::Open,
            (Table::Registries, Some(kind)) if kind.name == "azure" => {
                Properties::of(["endpoint", "repository", "name", "id", "login-server"])
            }
            (Table::Registries, Some(_)) => Properties::of(["endpoint", "repository", "name"]),
            (Table::Environments, Some(_)) => Properties::of(["domain", "name", "id"]),
            (Table::Apps, Some(_)) => self.endpoint_properties(&["image"]),
            (Table::Resources, Some(kind)) => self.resource_properties(kind),
        }
    }

    fn endpoint_properties(&self, own: &[&str]) -> Properties {
        let mut names: Vec<String> = own.iter().map(|&name| name.to_owned()).collect();
        if self.endpoints().next().is_some() {
            names.extend(["url", "host", "port"].map(str::to_owned));
        }
        for endpoint in self.endpoints() {
            names.extend(["url", "host", "port", "scheme"].map(|property| format!("{endpoint}.{property}")));
        }
        Properties::Closed(names)
    }

    fn resource_properties(&self, kind: &Kind) -> Properties {
        // Which outputs a module has stands in its file.
        if kind.name == "bicep" && self.child("outputs").is_none() {
            return Properties::Below("outputs");
        }
        let Some(spec) = spec::find(kind.name) else { return Properties::Open };
        Properties::of((spec.properties)(self).into_iter().map(|property| property.name))
    }

    /// The target of a reference to this thing; the property is known to be there.
    pub(super) fn target(&self, property: &str) -> Target {
        let (name, property) = (self.name.clone(), property.to_owned());
        match self.table {
            Table::Params | Table::Steps => Target::Parameter(name),
            Table::Registries => Target::Registry { name, property },
            Table::Environments => Target::Environment { name, property },
            Table::Resources => Target::Resource { name, property },
            Table::Apps => Target::App { name, property },
        }
    }
}

/// The names that shipit itself answers to in references, with their properties.
pub(super) const BUILT_IN: &[(&str, &[(&str, Target)])] = &[
    (
        "git",
        &[
            ("sha", Target::Git(GitProperty::Sha)),
            ("short-sha", Target::Git(GitProperty::ShortSha)),
            ("branch", Target::Git(GitProperty::Branch)),
            ("tag", Target::Git(GitProperty::Tag)),
        ],
    ),
    (
        "shipit",
        &[
            ("name", Target::Shipit(ShipitProperty::Name)),
            ("profile", Target::Shipit(ShipitProperty::Profile)),
            ("version", Target::Shipit(ShipitProperty::Version)),
        ],
    ),
];
