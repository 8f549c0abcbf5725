//! Names of resources within the limits of their types, as far as they are known before deployment.

use super::super::syntax::{Expression, ExpressionKind, Part, unescape};
use super::file::Report;
use super::symbols::{SymbolKind, Symbols};

/// How a name of a type may look.
struct Rule {
    /// The type, in lower case.
    kind: &'static str,
    least: usize,
    most: usize,
    /// Besides letters and digits.
    marks: &'static str,
    has_upper: bool,
}

const fn rule(kind: &'static str, least: usize, most: usize, marks: &'static str, has_upper: bool) -> Rule {
    Rule { kind, least, most, marks, has_upper }
}

/// Source: "Naming rules and restrictions for Azure resources".
const RULES: &[Rule] = &[
    rule("microsoft.app/containerapps", 2, 32, "-", false),
    rule("microsoft.app/jobs", 2, 32, "-", false),
    rule("microsoft.app/managedenvironments", 1, 60, "-", true),
    rule("microsoft.appconfiguration/configurationstores", 5, 50, "-", true),
    rule("microsoft.cache/redis", 1, 63, "-", true),
    rule("microsoft.cache/redisenterprise", 1, 60, "-", true),
    rule("microsoft.containerregistry/registries", 5, 50, "", true),
    rule("microsoft.dbforpostgresql/flexibleservers", 3, 63, "-", false),
    rule("microsoft.documentdb/databaseaccounts", 3, 44, "-", false),
    rule("microsoft.eventhub/namespaces", 6, 50, "-", true),
    rule("microsoft.insights/components", 1, 260, "-._()", true),
    rule("microsoft.keyvault/vaults", 3, 24, "-", true),
    rule("microsoft.managedidentity/userassignedidentities", 3, 128, "-_", true),
    rule("microsoft.network/virtualnetworks", 2, 64, "-._", true),
    rule("microsoft.operationalinsights/workspaces", 4, 63, "-", true),
    rule("microsoft.resources/resourcegroups", 1, 90, "-._()", true),
    rule("microsoft.servicebus/namespaces", 6, 50, "-", true),
    rule("microsoft.sql/servers", 1, 63, "-", false),
    rule("microsoft.storage/storageaccounts", 3, 24, "", false),
    rule("microsoft.web/serverfarms", 1, 60, "-", true),
    rule("microsoft.web/sites", 2, 60, "-", true),
];

/// What is known of a text before deployment.
struct Shape {
    /// None: as long as you like.
    most: Option<usize>,
    /// All of it.
    literal: Option<String>,
    /// A character that is certainly in it, and must not be.
    wrong: Option<char>,
}

/// How many variables a name may go through.
const MOST_LEVELS: usize = 16;

/// Whether a type is known to be in resource groups only; its version is not told.
pub(super) fn is_in_a_group(kind: &str) -> bool {
    let kind = kind.to_ascii_lowercase();
    kind != "microsoft.resources/resourcegroups" && RULES.iter().any(|rule| rule.kind == kind)
}

pub(super) fn check<'a>(kind: &str, value: &Expression<'_>, symbols: &Symbols<'a>, report: &mut Report<'a>) {
    let kind = kind.to_ascii_lowercase();
    let Some(rule) = RULES.iter().find(|rule| rule.kind == kind) else { return };
    let Some(shape) = shape(value, rule, symbols, MOST_LEVELS) else { return };
    if let Some(c) = shape.wrong {
        let marks = if rule.marks.is_empty() { String::new() } else { format!(" and `{}`", rule.marks) };
        let letters = if rule.has_upper { "letters" } else { "lower-case letters" };
        let message = format!("`{}` cannot be in this name: it has {letters}, digits{marks}", c.escape_debug());
        report.error(value.span, "resource-name", message);
    } else if shape.most.is_some_and(|most| most > rule.most) {
        let message =
            format!("this name may get {} characters, and Azure takes {}", shape.most.unwrap_or_default(), rule.most);
        report.error(value.span, "resource-name", message);
    } else if let Some(literal) = shape.literal.filter(|literal| literal.len() < rule.least) {
        let message = format!("`{literal}` is too short: Azure asks for {} characters", rule.least);
        report.error(value.span, "resource-name", message);
    }
}

/// None where nothing is known.
fn shape(value: &Expression<'_>, rule: &Rule, symbols: &Symbols<'_>, levels: usize) -> Option<Shape> {
    let levels = levels.checked_sub(1)?;
    match &value.kind {
        ExpressionKind::Paren(inner) => shape(inner, rule, symbols, levels),
        ExpressionKind::String(string) => {
            let mut whole = Shape { most: Some(0), literal: Some(String::new()), wrong: None };
            for part in &string.parts {
                let part = match part {
                    Part::Text(text) => text_shape(unescape(text).into_owned(), rule),
                    Part::Verbatim(text) => text_shape((*text).to_owned(), rule),
                    Part::Value(value) => {
                        let unknown = Shape { most: None, literal: None, wrong: None };
                        shape(value, rule, symbols, levels).unwrap_or(unknown)
                    }
                };
                whole.most = whole.most.zip(part.most).map(|(whole, part)| whole + part);
                whole.literal = whole.literal.zip(part.literal).map(|(whole, part)| whole + &part);
                whole.wrong = whole.wrong.or(part.wrong);
            }
            Some(whole)
        }
        ExpressionKind::Name(name) => match symbols.find(name)?.1.kind {
            SymbolKind::Var(value) => shape(value, rule, symbols, levels),
            _ => None,
        },
        ExpressionKind::Call(name, arguments) => match (name.text, arguments.as_slice()) {
            ("uniqueString", _) => Some(Shape { most: Some(13), literal: None, wrong: None }),
            ("toLower", [inner]) => {
                let any_case = Rule { has_upper: true, ..*rule };
                let shape = shape(inner, &any_case, symbols, levels)?;
                Some(Shape { literal: shape.literal.map(|literal| literal.to_lowercase()), ..shape })
            }
            ("take", [inner, Expression { kind: ExpressionKind::Number(most), .. }]) => {
                let most = usize::try_from(*most).unwrap_or(usize::MAX);
                let inner = shape(inner, rule, symbols, levels);
                let Some(inner) = inner else { return Some(Shape { most: Some(most), literal: None, wrong: None }) };
                Some(Shape {
                    most: Some(inner.most.map_or(most, |inner| inner.min(most))),
                    literal: inner.literal.map(|literal| literal.chars().take(most).collect()),
                    wrong: inner.wrong,
                })
            }
            _ => None,
        },
        _ => None,
    }
}

fn text_shape(text: String, rule: &Rule) -> Shape {
    let is_right = |c: char| {
        c.is_ascii_lowercase()
            || c.is_ascii_digit()
            || (rule.has_upper && c.is_ascii_uppercase())
            || rule.marks.contains(c)
    };
    let wrong = text.chars().find(|c| !is_right(*c));
    Shape { most: Some(text.chars().count()), literal: Some(text), wrong }
}
