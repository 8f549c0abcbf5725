//! What several kinds have: names of parts, choices, numbers, firewalls, other resources. Each
//! mistake is reported at its place.

use super::written;
use crate::manifest::{Entries, Span, Spanned};
use crate::model::lower::Cx;
use crate::model::scope::Table;
use crate::model::{Expression, Name, Part};
use crate::util::text;
use std::collections::HashMap;
use std::net::Ipv4Addr;

/// A named part of a resource, such as a database or a queue.
#[derive(Clone, Debug)]
pub struct Child {
    /// What references call it.
    pub key: String,
    /// What the service calls it.
    pub name: Expression,
    pub span: Span,
}

/// A range of addresses that may connect.
#[derive(Clone, Debug)]
pub struct FirewallRule {
    pub name: String,
    pub start: Expression,
    pub end: Expression,
}

/// What names a service takes for a kind of parts.
pub(super) struct NameRule {
    /// What it is called, e.g. `a blob container`.
    pub(super) noun: &'static str,
    pub(super) least: usize,
    pub(super) most: usize,
    pub(super) fits: fn(&str) -> bool,
    /// What to write, in the imperative.
    pub(super) help: &'static str,
}

impl NameRule {
    /// Whether a name that is known now is one.
    pub(super) fn check(&self, cx: &mut Cx<'_>, name: &str, span: &Span) -> bool {
        let length = name.chars().count();
        let why = if length < self.least || length > self.most {
            format!("has {length} characters")
        } else if !(self.fits)(name) {
            "is not allowed".to_owned()
        } else {
            return true;
        };
        cx.error("bad-name", format!("the name of {} `{name}` {why}", self.noun), span.clone(), "")
            .help(self.help)
            .push();
        false
    }
}

/// What references call a part: their grammar has no other characters.
const KEY: NameRule = NameRule {
    noun: "a part",
    least: 1,
    most: 260,
    fits: |name| name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')),
    help: "use ASCII letters, digits, `-` and `_`; a table gives a part a key of its own: `{ key = \"its.name\" }`",
};

/// Named parts from a list of names or a table of keys and names.
pub(super) fn names(cx: &mut Cx<'_>, written: Option<&written::Names>, rule: &NameRule) -> Vec<Child> {
    let mut children = Children::new(rule);
    match written {
        None => {}
        Some(written::Names::Array(list)) => {
            for name in list {
                children.add(cx, name, name);
            }
        }
        Some(written::Names::Table(table)) => {
            for (key, name) in table {
                children.add(cx, key, name);
            }
        }
    }
    children.list
}

/// Named parts that say more than their names, each with what is written of it.
pub(super) fn tables<'w, T>(
    cx: &mut Cx<'_>,
    written: Option<&'w written::Parts<T>>,
    rule: &NameRule,
    name: fn(&T) -> Option<&Spanned<String>>,
) -> Vec<(Child, Option<&'w T>)> {
    match written {
        None => Vec::new(),
        Some(written::Parts::Array(list)) => {
            let mut children = Children::new(rule);
            for name in list {
                children.add(cx, name, name);
            }
            children.list.into_iter().map(|child| (child, None)).collect()
        }
        Some(written::Parts::Table(table)) => {
            entries(cx, table, rule, name).into_iter().map(|(child, entry)| (child, Some(entry))).collect()
        }
    }
}

/// Named parts of a table.
pub(super) fn entries<'w, T>(
    cx: &mut Cx<'_>,
    table: &'w Entries<T>,
    rule: &NameRule,
    name: fn(&T) -> Option<&Spanned<String>>,
) -> Vec<(Child, &'w T)> {
    let mut children = Children::new(rule);
    let mut found = Vec::new();
    for (key, entry) in table {
        if children.add(cx, key, name(entry).unwrap_or(key)) {
            found.push(entry);
        }
    }
    children.list.into_iter().zip(found).collect()
}

struct Children<'r> {
    rule: &'r NameRule,
    list: Vec<Child>,
    /// By the name in lower case: Azure takes names that differ only in case for the same.
    seen: HashMap<String, Span>,
}

impl<'r> Children<'r> {
    fn new(rule: &'r NameRule) -> Self {
        Self { rule, list: Vec::new(), seen: HashMap::new() }
    }

    fn add(&mut self, cx: &mut Cx<'_>, key: &Spanned<String>, name: &Spanned<String>) -> bool {
        let is_literal = !cx.has_reference(name.get_ref());
        let good = match is_literal {
            true => self.rule.check(cx, name.get_ref(), &name.span()),
            false => true,
        };
        // Of a list, the name is the key and was looked at.
        let good = good && (is_literal && key.span() == name.span() || KEY.check(cx, key.get_ref(), &key.span()));
        let Some(expression) = cx.expression(name).filter(|_| good) else { return false };
        let same = is_literal.then(|| name.get_ref().to_lowercase());
        if let Some(first) = same.as_ref().and_then(|same| self.seen.get(same)).cloned() {
            let noun = self.rule.noun;
            cx.error("duplicate-name", format!("{noun} `{}` is listed twice", name.get_ref()), name.span(), "")
                .also(&first, "first here")
                .push();
            return false;
        }
        if let Some(same) = same {
            self.seen.insert(same, name.span());
        }
        self.list.push(Child { key: key.get_ref().clone(), name: expression, span: name.span() });
        true
    }
}

/// References and variables tell parts apart by their keys alone, whatever they are.
pub(super) fn unique_keys(cx: &mut Cx<'_>, lists: &[&[Child]]) {
    let mut seen: HashMap<&str, (usize, &Span)> = HashMap::new();
    for (index, list) in lists.iter().enumerate() {
        for child in *list {
            match seen.get(child.key.as_str()) {
                Some((other, first)) if *other != index => {
                    cx.error("duplicate-name", format!("two parts are called `{}`", child.key), child.span.clone(), "")
                        .also(first, "first here")
                        .help("give one of them a key of its own in a table: `{ key = \"name\" }`")
                        .push();
                }
                Some(_) => {}
                None => {
                    seen.insert(&child.key, (index, &child.span));
                }
            }
        }
    }
}

/// One of the words that Azure takes, in any spelling; what holds a reference is taken as it is.
/// `values` are Azure's words.
pub(super) fn choice(
    cx: &mut Cx<'_>,
    key: &str,
    text: Option<&Spanned<String>>,
    values: &[&'static str],
) -> Option<Expression> {
    let text = text?;
    if cx.has_reference(text.get_ref()) {
        return cx.expression(text);
    }
    let normal = |text: &str| -> String {
        text.chars().filter(|c| !matches!(c, '-' | '_' | ' ')).map(|c| c.to_ascii_lowercase()).collect()
    };
    let wanted = normal(text.get_ref());
    if let Some(value) = values.iter().find(|value| normal(value) == wanted) {
        return Some(literal(value, text.span()));
    }
    let near = cx.nearest(text.get_ref(), values.iter().copied());
    let label = near.map_or_else(String::new, |near| format!("did you mean `{near}`?"));
    let list = text::list(values.iter().copied()).replace(" and ", " or ");
    cx.error("unknown-value", format!("`{key}` cannot be `{}`", text.get_ref()), text.span(), label)
        .help(format!("write {list}"))
        .push();
    None
}

/// A text that follows a rule; what holds a reference is taken as it is.
pub(super) fn ruled(cx: &mut Cx<'_>, text: Option<&Spanned<String>>, rule: &NameRule) -> Option<Expression> {
    let text = text?;
    if !cx.has_reference(text.get_ref()) && !rule.check(cx, text.get_ref(), &text.span()) {
        return None;
    }
    cx.expression(text)
}

/// A text that may not be empty.
pub(super) fn text(cx: &mut Cx<'_>, key: &str, text: Option<&Spanned<String>>) -> Option<Expression> {
    let text = text?;
    if text.get_ref().trim().is_empty() {
        cx.empty(key, text.span());
        return None;
    }
    cx.expression(text)
}

/// A length of time as ISO 8601 writes it: `P14D`, `PT10M`.
pub(super) fn duration(cx: &mut Cx<'_>, key: &str, text: Option<&Spanned<String>>) -> Option<Expression> {
    let text = text?;
    if !cx.has_reference(text.get_ref()) && !is_duration(text.get_ref()) {
        cx.error("bad-value", format!("`{key}` is no length of time: `{}`", text.get_ref()), text.span(), "")
            .help("write it as ISO 8601 does: `PT30S`, `PT10M`, `P14D`, `P1DT12H`")
            .push();
        return None;
    }
    cx.expression(text)
}

fn is_duration(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('P') else { return false };
    let (days, time) = rest.split_once('T').map_or((rest, None), |(days, time)| (days, Some(time)));
    let takes = |mut text: &str, units: &str| {
        let mut units = units.chars();
        while !text.is_empty() {
            let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(0);
            let Some(unit) = text[end..].chars().next().filter(|_| end > 0) else { return false };
            if !units.any(|known| known == unit) {
                return false;
            }
            text = &text[end + 1..];
        }
        true
    };
    !rest.is_empty() && takes(days, "D") && time.is_none_or(|time| !time.is_empty() && takes(time, "HMS"))
}

pub(super) fn literal(text: &str, span: Span) -> Expression {
    Expression { parts: vec![Part::Literal(text.to_owned())], span }
}

/// One of several whole numbers.
pub(super) fn number<const MIN: i64, const MAX: i64>(
    cx: &mut Cx<'_>,
    key: &str,
    number: Option<&Spanned<crate::model::written::Int<MIN, MAX>>>,
    allowed: &[i64],
) -> Option<i64> {
    let number = number?;
    let value = number.get_ref().get();
    if allowed.contains(&value) {
        return Some(value);
    }
    let list = text::list(allowed.iter().map(ToString::to_string).collect::<Vec<_>>().iter().map(String::as_str));
    cx.error("bad-value", format!("`{key}` cannot be {value}"), number.span(), "")
        .help(format!("write one of {}", list.replace('`', "").replace(" and ", " or ")))
        .push();
    None
}

/// A plain number with bounds.
pub(super) fn count<const MIN: i64, const MAX: i64>(
    number: Option<&Spanned<crate::model::written::Int<MIN, MAX>>>,
) -> Option<i64> {
    number.map(|number| number.get_ref().get())
}

/// The name of another resource of a kind.
pub(super) fn resource(cx: &mut Cx<'_>, text: Option<&Spanned<String>>, kind: &str) -> Option<Spanned<Name>> {
    let text = text?;
    let item = cx.named(text, &[Table::Resources])?;
    match item.kind {
        Some(found) if found.name != kind => {
            let message = format!("`{}` is of kind `{}`, not `{kind}`", item.name, found.name);
            cx.error("wrong-kind", message, text.span(), "")
                .also(&item.span, "declared here")
                .help(format!("name a resource of kind `{kind}`"))
                .push();
            None
        }
        _ => {
            cx.edge(&item.name, &text.span());
            Some(Spanned::new(text.span(), item.name.clone()))
        }
    }
}

/// Ranges of addresses, by name.
pub(super) fn firewall(cx: &mut Cx<'_>, written: Option<&Entries<written::Firewall>>) -> Vec<FirewallRule> {
    const RULE: NameRule = NameRule {
        noun: "a firewall rule",
        least: 1,
        most: 80,
        fits: |name| name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')),
        help: "use 1 to 80 ASCII letters, digits, `-` and `_`",
    };
    let mut rules = Vec::new();
    for (key, rule) in written.into_iter().flatten() {
        if !RULE.check(cx, key.get_ref(), &key.span()) {
            continue;
        }
        let Some(start) = &rule.start else {
            cx.error("missing-key", format!("the firewall rule `{}` has no `start`", key.get_ref()), key.span(), "")
                .help("write the first address, and in `end` the last one if there are several")
                .push();
            continue;
        };
        let end = rule.end.as_ref().unwrap_or(start);
        let addresses = [start, end].map(|address| address_of(cx, address));
        if let [Some(first), Some(last)] = addresses
            && first > last
        {
            let message = format!("`start` {first} comes after `end` {last}");
            cx.error("bad-value", message, start.span(), "").also(&end.span(), "`end`").push();
        }
        if let (Some(start), Some(end)) = (cx.expression(start), cx.expression(end)) {
            rules.push(FirewallRule { name: key.get_ref().clone(), start, end });
        }
    }
    rules
}

fn address_of(cx: &mut Cx<'_>, text: &Spanned<String>) -> Option<Ipv4Addr> {
    if cx.has_reference(text.get_ref()) {
        return None;
    }
    let address: Option<Ipv4Addr> = text.get_ref().parse().ok();
    if address.is_none() {
        cx.error("bad-value", format!("`{}` is no IPv4 address", text.get_ref()), text.span(), "")
            .help("write four numbers with dots, for example `203.0.113.7`")
            .push();
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_time_are_of_iso_8601() {
        for good in ["P14D", "PT10M", "PT30S", "P1DT12H", "PT1H30M5S"] {
            assert!(is_duration(good), "{good}");
        }
        for bad in ["", "P", "PT", "14D", "P1DT", "PTM", "PT1D", "P1M", "PT1M1H", "P1", "PT10", "PT1é"] {
            assert!(!is_duration(bad), "{bad}");
        }
    }
}
