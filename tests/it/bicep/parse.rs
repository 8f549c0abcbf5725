//! What is Bicep, and what is said of what is not.

use super::{EVERYTHING, nasty};
use proptest::prelude::*;
use shipit::azure::bicep::syntax::{Declaration, ExpressionKind};
use shipit::azure::bicep::{parse, parse_expression};

#[track_caller]
fn check(text: &str, expect: &[&str]) {
    let errors = parse(text).err().unwrap_or_default();
    assert_eq!(errors.iter().map(ToString::to_string).collect::<Vec<_>>(), expect, "{text}");
}

#[test]
fn every_construct_is_read() {
    check(EVERYTHING, &[]);
    check(&format!("\u{feff}{EVERYTHING}").replace('\n', "\r\n"), &[]);
    check("using './main.bicep'\nparam a = readEnvironmentVariable('A')\nvar b = 1", &[]);
    check("using 'a.bicep' with {\n  a: 1\n}\nextensionConfig k8s with {\n  a: b\n}\ntest t 'a.bicep' = {}", &[]);
    check("var a = [1,]\nvar b = { a: 1,}\nvar c = '\\u{D801}'", &[]);
    check("using none\nextends 'base.bicepparam'", &[]);
    check("", &[]);
    check("param a string // x", &[]);
    check("var a = [\n]\nvar b = { }\nvar c = f(\n  1,\n  2\n)", &[]);
    check("var a = '$'\nvar b = '$$${a}$'\nvar c = ''''x''''", &[]);
}

#[test]
fn a_mistake_says_where_and_what_is_expected() {
    check("var x = {\n  a 1\n}", &["2:5: expected `:`, found `1`"]);
    check("var x = 'a", &["1:9: the string does not end on its line: expected `'`"]);
    check("var x = '''a\n", &["1:9: the multi-line string does not end: expected `'''`"]);
    check("/* x", &["1:1: the comment does not end: expected `*/`"]);
    check(r"var x = '\d'", &[r"1:10: `\d` is no escape: expected one of `\\ \' \n \r \t \u{…} \$`"]);
    check("var x = \"a\"", &["1:9: `\\\"` has no meaning here: strings are in single quotes"]);
    check("var x = '${}'", &["1:12: expected a value, found the end of the interpolation"]);
    check("var x = [1 2]", &["1:12: expected the end of the line or a comma, found `2`"]);
    check("var x = [\n  1,\n  2\n]", &["2:5: expected another element after the comma, found the end of the line"]);
    check("param x", &["1:8: expected a type, found the end of the file"]);
    check("param = 1", &["1:7: expected the name of a parameter, found `=`"]);
    check("output x = 1", &["1:10: expected a type, found `=`"]);
    check(
        "resource x = {}",
        &["1:12: expected the type of a resource, such as `'Microsoft.App/jobs@2025-01-01'`, found `=`"],
    );
    check("resource x 'a/b@2020-01-01' = 1", &["1:31: expected `{`, found `1`"]);
    check("module x 'x.bicep' = [for a b: {}]", &["1:29: expected `in`, found `b`"]);
    check("hello", &["1:1: expected a declaration (`param`, `var`, `resource`, `module`, `output`, …), found `hello`"]);
    check("var x = 99999999999999999999", &["1:9: expected an integer of 64 bits, found `99999999999999999999`"]);
    check("var é = 1", &["1:5: `é` has no meaning here"]);
    check("var x = 1 var y = 2", &["1:11: expected the end of the line, found `var`"]);
    check("var x = f(1,)", &["1:13: expected another argument after the comma, found `)`"]);
    check("var x = a == \n  b", &["1:14: expected a value, found the end of the line"]);
}

#[test]
fn each_statement_is_read_for_itself() {
    check(
        "var a =\nparam b string\nvar c = {\nresource d 'x'\noutput e string = 1",
        &["1:8: expected a value, found the end of the line", "4:15: expected `=`, found the end of the line"],
    );
}

#[test]
fn nesting_is_limited() {
    let depths = [90, 200, 100_000];
    for open in ["[", "(", "{a:", "f(", "-(", "'${", "a ? b : ", "a => "] {
        let errors = depths.map(|depth| {
            let close = match open {
                "[" => "]",
                "{a:" => "}",
                "'${" => "}'",
                "a ? b : " | "a => " => "",
                _ => ")",
            };
            parse(&format!("var x = {}1{}", open.repeat(depth), close.repeat(depth))).err()
        });
        assert!(errors[0].is_none(), "{open}: {:?}", errors[0]);
        for error in &errors[1..] {
            let text = error.as_ref().unwrap()[0].to_string();
            assert!(text.ends_with("this is nested more than 100 levels deep"), "{open}: {text}");
        }
    }
    // What does not nest may be long.
    for text in ["a + ".repeat(100_000), "a.".repeat(100_000), format!("a{} + ", "!".repeat(100_000))] {
        check(&format!("var x = {text}a"), &[]);
    }
    check(&format!("param x {}string", "'a' | ".repeat(100_000)), &[]);
    check(&format!("param x string{}", "[]".repeat(100_000)), &["1:55: expected the end of the line, found `[`"]);
}

#[test]
fn strings_mean_what_they_say() {
    let text = "var a = 'it\\'s \\u{1f600}\\t\\${x}\\\\'\nvar b = '''\n x\\n'''\nvar c = '${a}'\nvar d = ''";
    let file = parse(text).unwrap();
    let literals: Vec<_> = file
        .statements
        .iter()
        .map(|statement| match &statement.declaration {
            Declaration::Var(_, _, value) => match &value.kind {
                ExpressionKind::String(string) => string.literal().map(|literal| literal.into_owned()),
                _ => None,
            },
            _ => None,
        })
        .collect();
    assert_eq!(literals, [Some("it's 😀\t${x}\\"), Some(" x\\n"), None, Some("")].map(|it| it.map(str::to_owned)));
}

#[test]
fn an_expression_is_the_whole_text() {
    assert!(parse_expression("\n union(a, {\n  b: 1\n})\n").is_ok());
    let errors = ["", "a b", "a\nb", "}", "var x = 1"].map(|text| parse_expression(text).unwrap_err().to_string());
    assert_eq!(
        errors,
        [
            "1:1: expected a value, found the end of the file",
            "1:3: expected the end of the file, found `b`",
            "2:1: expected the end of the file, found `b`",
            "1:1: expected a value, found `}`",
            "1:5: expected the end of the file, found `x`",
        ]
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_is_too_much(text in nasty()) {
        if let Ok(file) = parse(&text) {
            for statement in &file.statements {
                prop_assert!(text.get(statement.span.range()).is_some_and(|text| !text.is_empty()));
            }
        }
        let _ = parse_expression(&text);
    }
}
