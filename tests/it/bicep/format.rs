//! Layout.

use super::{EVERYTHING, nasty};
use proptest::prelude::*;
use shipit::azure::bicep::{Kind, format, tokens};

#[track_caller]
fn check(text: &str, expect: &str) {
    assert_eq!(format(text), expect);
    assert_eq!(format(expect), expect);
}

#[test]
fn what_is_laid_out_stays() {
    check(EVERYTHING, EVERYTHING);
}

#[test]
fn lost_indentation_is_found_again() {
    let mut flat = String::new();
    let mut is_verbatim = false;
    for line in EVERYTHING.lines() {
        let is_comment = line.starts_with("   of");
        flat.push_str(if is_verbatim || is_comment { line } else { line.trim() });
        flat.push_str("  \t\r\n");
        is_verbatim ^= line.contains("'''") && line.matches("'''").count() % 2 == 1;
    }
    let flat =
        flat.replace("is  \t\r\n", "is\n").replace("lines */  \t\r\n", "lines */\n").replace("'''  \t\r\n", "'''\n");
    let flat = flat.replace("comment  \t\r\n   of", "comment\n   of").replace("${kind}  \t\r\n'''", "${kind}\n'''");
    check(&flat, EVERYTHING);
}

#[test]
fn lines_are_as_deep_as_their_brackets() {
    check("a(b({\nc: [\n1\n]\n}))\n", "a(b({\n  c: [\n    1\n  ]\n}))\n");
    check("f({\na: 1\n}, {\nb: 2\n},\n3)", "f({\n  a: 1\n}, {\n  b: 2\n},\n  3)\n");
    check("x = [for a in f(b): {\nc: 1\n}]\n", "x = [for a in f(b): {\n  c: 1\n}]\n");
    check("x = [\nfor a in b: {\nc: 1\n}\n]\n", "x = [\n  for a in b: {\n    c: 1\n  }\n]\n");
    check("v = c\n? {\na: 1\n}\n: b", "v = c\n  ? {\n    a: 1\n  }\n  : b\n");
    check("}\n}\na", "}\n}\na\n");
}

#[test]
fn empty_lines_are_few() {
    check("\n\na: {\n\n\nb: 1\n\n\n\nc: 2\n\n}\n\n\n", "a: {\n  b: 1\n\n  c: 2\n}\n");
    check("a: {\n\n// x \t\n}  \t", "a: {\n  // x\n}\n");
    check("", "");
    check("\n \n", "");
}

#[test]
fn texts_are_not_touched() {
    check("a = '  x {  '  \nb = '''\n  x  \n\n\n  {'''\nc = 1", "a = '  x {  '\nb = '''\n  x  \n\n\n  {'''\nc = 1\n");
    check("/*\n   {  \n*/\na", "/*\n   {  \n*/\na\n");
    // What cannot be cut into tokens is for the parser to refuse.
    check("  a = 'x\n\n\n", "  a = 'x\n\n\n");
}

/// What must not change: every token but the number of line ends in a row.
fn stream(text: &str) -> Option<Vec<String>> {
    let mut stream: Vec<String> = Vec::new();
    for token in tokens(text)? {
        let text = match token.kind {
            Kind::LineEnd => "\n",
            Kind::End => break,
            Kind::Comment | Kind::Directive => text[token.span.range()].trim_end_matches([' ', '\t']),
            _ => &text[token.span.range()],
        };
        if text != "\n" || stream.last().is_some_and(|last| last != "\n") {
            stream.push(text.to_owned());
        }
    }
    if stream.last().is_some_and(|last| last == "\n") {
        stream.pop();
    }
    Some(stream)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn layout_is_stable_and_loses_nothing(text in nasty()) {
        let once = format(&text);
        prop_assert_eq!(&format(&once), &once);
        prop_assert_eq!(stream(&once), stream(&text));
    }
}
