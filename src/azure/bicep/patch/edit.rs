//! Changes the text at one place, and nowhere else.

use super::locate::{self, Array, Place};
use super::{Op, Patch, PatchError, Reason};
use crate::azure::bicep::syntax::{Item, Object, Span};
use crate::azure::bicep::{format, parse, parse_expression};
use crate::render::bicep::{property_name, value};
use std::ops::Range;

/// Makes every edit, one after another, and lays the text out.
///
/// # Errors
///
/// The first edit that cannot be made.
pub fn apply(text: &str, patches: &[Patch]) -> Result<String, PatchError> {
    let mut text = text.to_owned();
    for (index, patch) in patches.iter().enumerate() {
        let (range, new) = edit(&text, patch).map_err(|reason| PatchError { index, reason })?;
        text.replace_range(range, &new);
    }
    Ok(format(&text))
}

/// What is written instead of what.
fn edit(text: &str, patch: &Patch) -> Result<(Range<usize>, String), Reason> {
    let new = new_value(patch)?;
    let file = parse(text).map_err(|mut errors| Reason::Text(errors.swap_remove(0)))?;
    let object = locate::resource(&file, patch)?;
    let place = locate::place(&file, object, patch)?;
    let no_such_path = |nearest| {
        let (resource, path) = (patch.resource.clone(), patch.path.clone());
        Reason::NoSuchPath { resource, path, nearest }
    };
    match (patch.op, place) {
        (Op::Remove, Place::Property { object, index }) => {
            Ok((removed(text, &item_spans(object), index, object.span), String::new()))
        }
        (Op::Remove, Place::Element { array, index }) => {
            Ok((removed(text, &element_spans(array), index, array.span), String::new()))
        }
        (Op::Add, Place::Element { array, index }) => {
            let at = array.items[index].span.start as usize;
            let end = if is_one_line(text, array.span) { ", " } else { "\n" };
            Ok((at..at, new + end))
        }
        (Op::Replace, Place::Element { array, index }) => Ok((array.items[index].span.range(), new)),
        (Op::Add | Op::Replace, Place::Property { object, index }) => match &object.items[index] {
            Item::Property(property) => Ok((property.value.span.range(), new)),
            Item::Spread(_) | Item::Resource(_) => Err(no_such_path(None)),
        },
        (Op::Add, Place::NewProperty { object, rest }) => {
            let (name, below) = rest.split_first().ok_or_else(|| no_such_path(None))?;
            let entry = format!("{}: {}", property_name(name), nested(below, new));
            Ok(appended(text, &item_spans(object), object.span, &entry))
        }
        (Op::Add, Place::NewElement { array, rest }) => {
            Ok(appended(text, &element_spans(array), array.span, &nested(&rest, new)))
        }
        (Op::Replace | Op::Remove, Place::NewProperty { object, rest }) => {
            Err(no_such_path(rest.first().and_then(|name| locate::nearest_property(object, name))))
        }
        (Op::Replace | Op::Remove, Place::NewElement { .. }) => Err(no_such_path(None)),
    }
}

/// The text of the value; empty for `remove`.
fn new_value(patch: &Patch) -> Result<String, Reason> {
    let text = match (patch.op, &patch.value, &patch.expression) {
        (Op::Remove, None, None) => return Ok(String::new()),
        (Op::Remove, ..) => return Err(Reason::NoValue),
        (_, Some(new), None) => value(new),
        (_, None, Some(expression)) => expression.clone(),
        (op, ..) => return Err(Reason::OneValue { op }),
    };
    // A literal may hold expressions too.
    match parse_expression(&text) {
        Ok(parsed) => Ok(text[parsed.span.range()].to_owned()),
        Err(error) => Err(Reason::Expression { expression: text, error }),
    }
}

/// Wraps a value in what the rest of a path names: `["a", "-"]` gives `{ a: [ value ] }`.
fn nested(path: &[String], value: String) -> String {
    path.iter().rev().fold(value, |value, segment| match segment.as_str() {
        "-" | "0" => format!("[\n{value}\n]"),
        name => format!("{{\n{}: {value}\n}}", property_name(name)),
    })
}

fn item_spans(object: &Object<'_>) -> Vec<Span> {
    let span = |item: &Item<'_>| match item {
        Item::Property(property) => property.key.span().to(property.value.span),
        Item::Spread(value) => value.span,
        Item::Resource(statement) => statement.span,
    };
    object.items.iter().map(span).collect()
}

fn element_spans(array: Array<'_, '_>) -> Vec<Span> {
    array.items.iter().map(|item| item.span).collect()
}

fn is_one_line(text: &str, span: Span) -> bool {
    !text[span.range()].contains('\n')
}

/// A further entry of an object or an array.
fn appended(text: &str, entries: &[Span], whole: Span, entry: &str) -> (Range<usize>, String) {
    let Some(last) = entries.last() else {
        // What is between the brackets, comments perhaps, stays.
        let end = whole.end as usize - 1;
        return (end..end, format!("\n{entry}\n"));
    };
    let end = last.end as usize;
    let rest_of_line = text[end..].split('\n').next().unwrap_or_default();
    if rest_of_line.trim_start().starts_with("//") {
        // A comment after the last entry stays beside it.
        let end = end + rest_of_line.trim_end_matches('\r').len();
        return (end..end, format!("\n{entry}"));
    }
    let separator = if is_one_line(text, whole) { ", " } else { "\n" };
    (end..end, format!("{separator}{entry}"))
}

/// What goes with an entry: its lines, or its comma.
fn removed(text: &str, entries: &[Span], index: usize, whole: Span) -> Range<usize> {
    let Range { start, end } = entries[index].range();
    let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
    let rest_of_line = text[end..].split_inclusive('\n').next().unwrap_or_default();
    let is_alone = text[line_start..start].trim().is_empty()
        && (rest_of_line.trim().is_empty() || rest_of_line.trim_start().starts_with("//"));
    if is_alone {
        return line_start..end + rest_of_line.len();
    }
    match (entries.get(index + 1), index.checked_sub(1)) {
        (Some(next), _) => start..next.start as usize,
        (None, Some(previous)) => entries[previous].end as usize..end,
        (None, None) => whole.start as usize + 1..whole.end as usize - 1,
    }
}
