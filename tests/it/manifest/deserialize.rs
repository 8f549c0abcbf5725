//! Any type out of a document, with every mistake reported.

use serde::Deserialize;
use shipit::manifest::{self, Diagnostics, Entries, Format, Source, Spanned, Text};
use std::collections::BTreeMap;
use std::sync::Arc;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Shop {
    name: Spanned<String>,
    #[serde(default)]
    apps: Entries<App>,
    #[serde(default)]
    registries: Entries<Registry>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
struct App {
    image: Spanned<String>,
    port: Option<Spanned<u16>>,
    build: Option<Build>,
    #[serde(default)]
    platforms: Vec<Spanned<Platform>>,
    #[serde(default)]
    env: BTreeMap<String, Text>,
    #[serde(default)]
    pull: Pull,
    #[serde(default)]
    external: bool,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Pull {
    #[default]
    Missing,
    Always,
}

#[derive(Debug, Deserialize)]
#[serde(rename = "$either", rename_all = "lowercase")]
enum Build {
    String(Spanned<String>),
    Table(FullBuild),
}

#[derive(Debug, Deserialize)]
struct FullBuild {
    context: Spanned<String>,
    #[expect(dead_code, reason = "only its mistakes matter here")]
    dockerfile: Option<Spanned<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename = "$kind", rename_all = "kebab-case")]
enum Registry {
    Oci(Oci),
    Local(Local),
}

#[derive(Debug, Deserialize)]
struct Oci {
    endpoint: Spanned<String>,
}

#[derive(Debug, Deserialize)]
struct Local {
    port: Option<Spanned<u16>>,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(try_from = "String")]
struct Platform(String);

impl TryFrom<String> for Platform {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        match text.split_once('/') {
            Some(_) => Ok(Self(text)),
            None => Err(format!("`{text}` is not a platform\nhelp: write `os/architecture`")),
        }
    }
}

fn read(text: &str) -> (Option<Shop>, Vec<String>) {
    read_as(Format::Toml, text)
}

fn read_as(format: Format, text: &str) -> (Option<Shop>, Vec<String>) {
    let source = Arc::new(Source { name: "m".to_owned(), text: text.to_owned() });
    let mut problems = Diagnostics::default();
    let node = manifest::parse(&source, format, &mut problems).expect("a tree");
    let shop = manifest::deserialize(&node, &source, &mut problems);
    let lines = problems
        .into_sorted()
        .into_iter()
        .map(|problem| {
            let label = &problem.labels[0];
            let line = text[..label.span.start].matches('\n').count() + 1;
            let at = text[label.span.clone()].lines().next().unwrap_or_default();
            let help = problem.help.map(|help| format!(" [{help}]")).unwrap_or_default();
            format!("{line}: {at}: {} ({}){help}", problem.message, label.text)
        })
        .collect();
    (shop, lines)
}

#[test]
fn a_good_document_becomes_a_value_with_places() {
    let (shop, problems) = read(
        "name = \"shop\"\n[apps.b]\nimage = \"x\"\nbuild = \"./b\"\nenv = { PORT = 8080, A = true }\n\
         [apps.a]\nimage = \"y\"\nbuild.context = \"./a\"\nport = 80\npull = \"always\"\nplatforms = [\"linux/amd64\"]\n\
         [registries.r]\nkind = \"oci\"\nendpoint = \"e\"\n[registries.l]\nkind = \"local\"\nport = 5000\n",
    );
    assert_eq!(problems, Vec::<String>::new());
    let shop = shop.expect("a value");
    assert_eq!(shop.name.span(), 7..13);
    assert_eq!(shop.apps.keys().map(|key| key.as_str()).collect::<Vec<_>>(), ["b", "a"]);
    let b = shop.apps.get("b").expect("b");
    assert!(matches!(&b.build, Some(Build::String(text)) if text.as_str() == "./b"));
    assert_eq!(b.env["PORT"].as_str(), "8080");
    let a = shop.apps.get("a").expect("a");
    assert!(matches!(&a.build, Some(Build::Table(build)) if build.context.as_str() == "./a"));
    assert!(matches!(a.pull, Pull::Always));
    assert_eq!(a.port.as_ref().map(|port| **port), Some(80));
    assert_eq!(*a.platforms[0], Platform("linux/amd64".to_owned()));
    assert!(!a.external && a.image.as_str() == "y");
    assert!(matches!(shop.registries.get("r"), Some(Registry::Oci(oci)) if oci.endpoint.as_str() == "e"));
    assert!(matches!(shop.registries.get("l"), Some(Registry::Local(local)) if local.port.is_some()));
}

#[test]
fn all_mistakes_are_reported_in_one_run() {
    let (shop, problems) = read(
        "[apps.a]\nport = 70000\nimage = 3\nplatforms = [\"x\", \"linux/arm64\", \"y\", 4]\npull = \"allways\"\nexternal = \"yes\"\n\
         [apps.b]\nimge = \"x\"\nbuild = { contxt = 1 }\n[apps.c]\nport = 1\nbuild = 3\n[apps.d]\nimage = \"ok\"\nenv = { A = [1] , B = {} }\n\
         [registries.r]\nkind = \"ocl\"\n[registries.s]\nendpoint = \"e\"\n[registries.t]\nkind = \"local\"\nendpoint = \"e\"\n",
    );
    assert!(shop.is_none());
    let expected = [
        r#"1: : `name` is missing (`name` must be set here)"#,
        r#"2: 70000: `port` is out of range: `70000` (expected an integer from 0 to 65535)"#,
        r#"3: 3: `image` must be a string, not the integer `3` (expected a string) [quote it: `"3"`]"#,
        r#"4: "x": `x` is not a platform () [write `os/architecture`]"#,
        r#"4: "y": `y` is not a platform () [write `os/architecture`]"#,
        r#"4: 4: an item of `platforms` must be a string, not the integer `4` (expected a string) [quote it: `"4"`]"#,
        r#"5: "allways": `pull` cannot be `allways` (did you mean `always`?) [write `missing` or `always`]"#,
        r#"6: "yes": `external` must be a boolean, not the string `"yes"` (expected a boolean) [write `true`]"#,
        r#"8: imge: unknown key `imge` (did you mean `image`?) [known keys here are `image`, `port`, `build`, `platforms`, `env`, `pull` and `external`]"#,
        r#"9: contxt: unknown key `contxt` (did you mean `context`?) [known keys here are `context` and `dockerfile`]"#,
        r#"10: c: `image` is missing in `c` (`image` must be set here)"#,
        r#"12: 3: `build` must be a string or a table, not the integer `3` (expected a string or a table) [quote it: `"3"`]"#,
        r#"15: [1]: `A` must be a string, a number or a boolean, not an array (expected a string, a number or a boolean)"#,
        r#"15: {}: `B` must be a string, a number or a boolean, not a table (expected a string, a number or a boolean)"#,
        r#"17: "ocl": unknown kind `ocl` (did you mean `oci`?) [write `oci` or `local`]"#,
        r#"18: s: `kind` is missing in `s` (`kind` must be set here) [write `oci` or `local`]"#,
        r#"22: endpoint: unknown key `endpoint` (not known here) [known keys here are `kind` and `port`]"#,
    ];
    assert_eq!(problems, expected);
}

#[test]
fn yaml_gives_the_same_values_and_mistakes() {
    let (shop, problems) = read_as(
        Format::Yaml,
        "name: shop\napps:\n  b:\n    image: x\n    build: ./b\n    env: { PORT: 8080, A: 1.10 }\n  a:\n    image: y\n    \
         build:\n      context: ./a\nregistries:\n  r: { kind: oci, endpoint: e }\n",
    );
    assert_eq!(problems, Vec::<String>::new());
    let shop = shop.expect("a value");
    assert_eq!(shop.name.span(), 6..10);
    assert_eq!(shop.apps.keys().map(|key| key.as_str()).collect::<Vec<_>>(), ["b", "a"]);
    assert_eq!(shop.apps.get("b").expect("b").env["A"].as_str(), "1.10");

    let (_, problems) = read_as(
        Format::Yaml,
        "name: no\napps:\n  b:\n    image: 1.10\n    port: 0x1F90\n    build:\n  c:\n    port: 1e1\n    image: 010\n  d: x\n  e:\n    pull: always\n",
    );
    let expected = [
        r#"4: 1.10: `image` must be a string, not the float `1.10` (expected a string) [quote it: `"1.10"`]"#,
        r#"5: 0x1F90: `port` must be an integer from 0 to 65535, not the string `0x1F90` (expected an integer from 0 to 65535) [write `8080`]"#,
        r#"6: build: `build` has an empty value (expected a string or a table) [write a value, or remove the key]"#,
        r#"8: 1e1: `port` must be an integer from 0 to 65535, not the float `1e1` (expected an integer from 0 to 65535) [write `10`]"#,
        r#"10: x: `d` must be a table, not the string `x` (expected a table)"#,
        r#"11: e: `image` is missing in `e` (`image` must be set here)"#,
    ];
    assert_eq!(problems, expected);
}

#[test]
fn the_schema_of_a_place_is_that_of_its_value() {
    #[derive(schemars::JsonSchema)]
    #[expect(dead_code, reason = "only the schema matters")]
    struct Plain {
        name: String,
        port: Option<u16>,
        apps: BTreeMap<String, String>,
    }

    #[derive(schemars::JsonSchema)]
    #[schemars(rename = "Plain")]
    #[expect(dead_code, reason = "only the schema matters")]
    struct Placed {
        name: Spanned<String>,
        port: Option<Spanned<u16>>,
        apps: Entries<Spanned<String>>,
    }

    assert_eq!(schemars::schema_for!(Placed), schemars::schema_for!(Plain));
}

#[test]
fn the_syntax_of_a_file_is_known_by_its_name() {
    let formats = ["a/apphost.toml", "x.YAML", "b.yml", "c.json", ".env", "prod.env", ".env.local"].map(Format::of);
    assert_eq!(
        formats.map(|format| format.expect("a format")),
        [Format::Toml, Format::Yaml, Format::Yaml, Format::Json, Format::Dotenv, Format::Dotenv, Format::Dotenv]
    );
    assert_eq!(Format::of("a.toml/b"), None);
}
