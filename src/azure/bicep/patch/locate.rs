//! Where in a file an edit goes.

use super::{Patch, Reason};
use crate::azure::bicep::syntax::{
    Body, Declaration, Expression, ExpressionKind, File, Item, Key, Object, Property, Span, Statement,
};
use crate::util::text::nearest;

/// What a path leads to.
pub(super) enum Place<'t, 'a> {
    /// A property that is there.
    Property { object: &'t Object<'a>, index: usize },
    /// An element that is there.
    Element { array: Array<'t, 'a>, index: usize },
    /// An object without the property; the rest of the path begins with it.
    NewProperty { object: &'t Object<'a>, rest: Vec<String> },
    /// The end of an array; the rest of the path is below the new element.
    NewElement { array: Array<'t, 'a>, rest: Vec<String> },
}

#[derive(Clone, Copy)]
pub(super) struct Array<'t, 'a> {
    pub(super) span: Span,
    pub(super) items: &'t [Expression<'a>],
}

/// The segments of a pointer; none where it is no pointer, or names the whole resource.
fn segments(path: &str) -> Option<Vec<String>> {
    let rest = path.strip_prefix('/')?;
    let segments = rest.split('/').map(|segment| segment.replace("~1", "/").replace("~0", "~"));
    (!rest.is_empty()).then(|| segments.collect())
}

/// The resource or module of the given name.
pub(super) fn resource<'t, 'a>(file: &'t File<'a>, patch: &Patch) -> Result<&'t Object<'a>, Reason> {
    let mut found = Vec::new();
    for statement in &file.statements {
        collect(statement, &mut found);
    }
    if let Some((_, body)) = found.iter().find(|(name, _)| *name == patch.resource) {
        return Ok(&body.object);
    }
    let all: Vec<String> = found.iter().map(|(name, _)| (*name).to_owned()).collect();
    let nearest = nearest(&patch.resource, found.iter().map(|(name, _)| *name)).map(str::to_owned);
    Err(Reason::NoSuchResource { name: patch.resource.clone(), module: patch.module.clone(), nearest, all })
}

fn collect<'t, 'a>(statement: &'t Statement<'a>, found: &mut Vec<(&'a str, &'t Body<'a>)>) {
    match &statement.declaration {
        Declaration::Module(module) => found.push((module.name.text, &module.body)),
        Declaration::Resource(resource) => {
            found.push((resource.name.text, &resource.body));
            for item in &resource.body.object.items {
                if let Item::Resource(nested) = item {
                    collect(nested, found);
                }
            }
        }
        _ => {}
    }
}

/// Follows the path of an edit.
pub(super) fn place<'t, 'a>(file: &File<'_>, object: &'t Object<'a>, patch: &Patch) -> Result<Place<'t, 'a>, Reason> {
    let not_a_path = || Reason::NotAPath { path: patch.path.clone() };
    let segments = segments(&patch.path).ok_or_else(not_a_path)?;
    let mut place = in_object(object, &segments);
    for done in 1..segments.len() {
        let rest = &segments[done..];
        let value = match &place {
            Place::Property { object, index } => match &object.items[*index] {
                Item::Property(property) => &property.value,
                Item::Spread(_) | Item::Resource(_) => return Err(not_a_path()),
            },
            Place::Element { array, index } => &array.items[*index],
            Place::NewProperty { .. } | Place::NewElement { .. } => return Ok(place),
        };
        let path = format!("/{}", segments[..done].join("/"));
        place = match &value.kind {
            ExpressionKind::Object(object) => in_object(object, rest),
            ExpressionKind::Array(items) => in_array(Array { span: value.span, items }, rest).ok_or_else(|| {
                let (resource, segment) = (patch.resource.clone(), rest[0].clone());
                Reason::NotAnIndex { resource, path, segment, length: items.len() }
            })?,
            _ => {
                let found = file.text[value.span.range()].lines().next().unwrap_or_default().to_owned();
                return Err(Reason::Computed { resource: patch.resource.clone(), path, found });
            }
        };
    }
    Ok(place)
}

fn in_object<'t, 'a>(object: &'t Object<'a>, rest: &[String]) -> Place<'t, 'a> {
    let is_it = |item: &Item<'_>| matches!(item, Item::Property(Property { key, .. }) if is_named(key, &rest[0]));
    match object.items.iter().position(is_it) {
        Some(index) => Place::Property { object, index },
        None => Place::NewProperty { object, rest: rest.to_vec() },
    }
}

fn is_named(key: &Key<'_>, name: &str) -> bool {
    key.literal().as_deref() == Some(name)
}

fn in_array<'t, 'a>(array: Array<'t, 'a>, rest: &[String]) -> Option<Place<'t, 'a>> {
    let length = array.items.len();
    let is_number = rest[0] == "0" || (!rest[0].starts_with('0') && rest[0].bytes().all(|byte| byte.is_ascii_digit()));
    match rest[0].as_str() {
        "-" => Some(Place::NewElement { array, rest: rest[1..].to_vec() }),
        index if is_number => match index.parse::<usize>().ok()? {
            index if index < length => Some(Place::Element { array, index }),
            index if index == length => Some(Place::NewElement { array, rest: rest[1..].to_vec() }),
            _ => None,
        },
        _ => None,
    }
}

/// The property nearest to the one that a path asks for.
pub(super) fn nearest_property(object: &Object<'_>, name: &str) -> Option<String> {
    let names: Vec<_> = object.properties().filter_map(|property| property.key.literal()).collect();
    nearest(name, names.iter().map(|name| &**name)).map(str::to_owned)
}
