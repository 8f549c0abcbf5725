//! What is written is what is read, for any text.

use proptest::prelude::*;
use shipit::manifest::{self, Diagnostics, Format, Key, Kind, Node, Source};
use std::sync::Arc;

fn parse(text: &str, format: Format) -> Result<Node, String> {
    let source = Arc::new(Source { name: "m".to_owned(), text: text.to_owned() });
    let mut problems = Diagnostics::default();
    let node = manifest::parse(&source, format, &mut problems);
    match problems.iter().next() {
        Some(problem) => Err(format!("{}: {:?}\n{text}", problem.message, problem.labels)),
        None => Ok(node.expect("a tree").without_places()),
    }
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[ -~\n\t'\"#:\\[\\]{}&*!|>%@`,?-]{0,12}",
        prop::collection::vec(any::<char>(), 0..6).prop_map(|chars| chars.into_iter().collect()),
        prop::sample::select(vec![
            "",
            "no",
            "on",
            "1e3",
            "0777",
            "0x1F",
            "~",
            "null",
            "true",
            "2024-01-01",
            "<<",
            "=",
            " x",
            "x ",
            "-",
            "- a",
            "a: b",
            "a #b",
            "---",
            "...",
            "\u{0}",
            "\u{feff}",
            "\u{85}",
            "\u{2028}",
            "\u{ffff}",
            "\u{10ffff}",
            "\u{7f}",
            "\r\n",
            "'''",
            "\"\"\"",
            "${x}",
            "%a",
            "y",
            "1_000",
            ".5",
            "12:30:45",
        ])
        .prop_map(str::to_owned),
    ]
}

fn node(nulls: bool) -> impl Strategy<Value = Node> {
    let null = if nulls { Kind::Null } else { Kind::Bool(true) };
    let leaf = prop_oneof![
        text().prop_map(Kind::String),
        any::<i64>().prop_map(Kind::Integer),
        any::<bool>().prop_map(Kind::Bool),
        (-1e300..1e300f64).prop_map(Kind::Float),
        Just(null),
    ]
    .prop_map(Node::from);
    leaf.prop_recursive(4, 24, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(|items| Node::from(Kind::Array(items))),
            table_of(inner),
        ]
    })
}

fn table_of(inner: impl Strategy<Value = Node>) -> impl Strategy<Value = Node> {
    prop::collection::vec((text(), inner), 0..5).prop_map(|entries| {
        let mut unique: Vec<(Key, Node)> = Vec::new();
        for (name, node) in entries {
            if unique.iter().all(|(key, _)| key.name != name) {
                unique.push((Key { span: 0..0, name }, node));
            }
        }
        Node::from(Kind::Table(unique))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn toml_reads_back_what_was_written(tree in table_of(node(false))) {
        let text = manifest::emit(&tree, Format::Toml);
        prop_assert_eq!(parse(&text, Format::Toml), Ok(tree), "{}", text);
    }

    #[test]
    fn yaml_reads_back_what_was_written(tree in table_of(node(true))) {
        let text = manifest::emit(&tree, Format::Yaml);
        prop_assert_eq!(parse(&text, Format::Yaml), Ok(tree), "{}", text);
    }

    #[test]
    fn json_is_read_as_serde_json_writes_it(tree in table_of(node(true)), pretty: bool) {
        let value = json(&tree);
        let text = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) };
        let text = escaped(&text.expect("JSON"));
        prop_assert_eq!(parse(&text, Format::Json), Ok(tree), "{}", text);
    }
}

/// Characters that YAML does not allow as they are; the JSON reader asks for the escape.
fn escaped(json: &str) -> String {
    let escape = |c: char| match c {
        '\u{7f}'..='\u{9f}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}' => format!("\\u{:04x}", u32::from(c)),
        _ => c.to_string(),
    };
    json.chars().map(escape).collect()
}

fn json(node: &Node) -> serde_json::Value {
    match &node.kind {
        Kind::Null => serde_json::Value::Null,
        Kind::Bool(value) => (*value).into(),
        Kind::Integer(number) => (*number).into(),
        Kind::Float(number) => (*number).into(),
        Kind::String(text) => text.clone().into(),
        Kind::Array(items) => items.iter().map(json).collect(),
        Kind::Table(entries) => entries.iter().map(|(key, node)| (key.name.clone(), json(node))).collect(),
    }
}

#[test]
fn json_is_strict() {
    for (text, message) in [
        ("{\"a\": 1,}", "key must be a string"),
        ("[1,]", "expected value"),
        ("{a: 1}", "key must be a string"),
        ("{\"a\": 01}", "invalid number"),
        ("{'a': 1}", "key must be a string"),
        ("{\"a\": 1} x", "trailing characters"),
        ("", "EOF while parsing a value"),
    ] {
        let error = parse(text, Format::Json).expect_err(text);
        assert!(error.starts_with(message), "{text}: {error}");
    }
    assert_eq!(parse("{\"a\"\n\t:\n1}", Format::Json), parse("a = 1", Format::Toml));
}

#[test]
fn a_profile_is_laid_over_key_by_key() {
    let base = parse("a = 1\nb = [1]\n[t]\nx = 1\ny = { z = 1 }\n", Format::Toml).expect("base");
    let overlay = parse("b = [2]\nc = 3\n[t]\nx = 2\ny = { w = 2 }\n", Format::Toml).expect("overlay");
    let merged = parse("a = 1\nb = [2]\nt = { x = 2, y = { z = 1, w = 2 } }\nc = 3\n", Format::Toml).expect("merged");
    assert_eq!(Node::merge(base, overlay), merged);
}
