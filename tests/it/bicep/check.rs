//! Findings in a folder of files.

#![expect(clippy::unwrap_used, reason = "helpers of tests may fail like tests")]

use super::{EVERYTHING, nasty};
use proptest::prelude::*;
use shipit::azure::bicep::{self, Severity};
use std::collections::BTreeMap;

fn files(files: &[(&str, &str)]) -> BTreeMap<String, String> {
    files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
}

fn findings(files: &BTreeMap<String, String>, external: &[&str]) -> Vec<String> {
    let external: Vec<String> = external.iter().map(|path| (*path).to_owned()).collect();
    let show = |found: bicep::Finding| {
        let mark = if found.severity == Severity::Warning { "warning " } else { "" };
        format!("{}:{}:{}: {mark}{}: {}", found.path, found.line, found.column, found.code, found.message)
    };
    bicep::check(files, &external).into_iter().map(show).collect()
}

/// One file that is `x.bicep`, without its name in the findings.
#[track_caller]
fn check(text: &str, expect: &[&str]) {
    let found = findings(&files(&[("x.bicep", text)]), &["m.bicep"]);
    let found: Vec<&str> = found.iter().map(|found| found.strip_prefix("x.bicep:").unwrap()).collect();
    assert_eq!(found, expect, "{text}");
}

const MAIN: &str = "\
targetScope = 'subscription'

param location string

@secure()
param password string

resource group 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: 'rg'
  location: location
}

module db 'db/db.bicep' = {
  scope: group
  params: {
    location: location
    password: password
  }
}

module web 'web/web.bicep' = {
  scope: group
  params: {
    host: db.outputs.host
  }
}

output url string = web.outputs.url
";

const DB: &str = "\
param location string
param size int = 1
param note string?

@secure()
param password string

resource server 'Microsoft.DBforPostgreSQL/flexibleServers@2025-08-01' = {
  name: take('db-${uniqueString(resourceGroup().id)}', 63)
  location: location
  tags: {
    note: note
  }
  properties: {
    storage: {
      storageSizeGB: size
    }
    administratorLoginPassword: password
  }
}

output host string = server.properties.fullyQualifiedDomainName
";

const WEB: &str = "param host string\n\noutput url string = 'https://${host}'\n";

const PARAMS: &str = "\
using './main.bicep'

param location = 'westeurope'
param password = readEnvironmentVariable('PASSWORD')
";

fn folder() -> BTreeMap<String, String> {
    files(&[
        ("main.bicep", MAIN),
        ("main.bicepparam", PARAMS),
        ("db/db.bicep", DB),
        ("web/web.bicep", WEB),
        ("README.md", "{{"),
    ])
}

/// Changes one text of the folder.
#[track_caller]
fn mutate(path: &str, old: &str, new: &str, expect: &[&str]) {
    let mut files = folder();
    let text = files.get_mut(path).unwrap();
    assert!(text.contains(old), "{path} has no {old:?}");
    *text = text.replacen(old, new, 1);
    assert_eq!(findings(&files, &[]), expect, "{path}: {old:?} → {new:?}");
}

#[test]
fn what_is_right_is_not_found() {
    assert_eq!(findings(&folder(), &[]), [""; 0]);
    check(&EVERYTHING.replace("web/web.bicep", "m.bicep"), &[]);
}

#[test]
fn names_are_declared_once_and_used() {
    check("var a = b\noutput o string = a", &["1:9: undeclared-name: `b` is not declared"]);
    check(
        "var abc = 1\noutput o int = Abc",
        &[
            "1:5: no-unused-vars: the variable `abc` is not used",
            "2:16: undeclared-name: `Abc` is not declared; did you mean `abc`?",
        ],
    );
    check(
        "param a string\nvar a = 1\noutput o string = a\noutput o string = a",
        &[
            "2:5: duplicate-declaration: `a` is declared twice",
            "4:8: duplicate-declaration: the output `o` is declared twice",
        ],
    );
    check(
        "param a string\nvar b = 1",
        &["1:7: no-unused-params: the parameter `a` is not used", "2:5: no-unused-vars: the variable `b` is not used"],
    );
    check(
        "#disable-next-line no-unused-params other\nparam a string\nparam b string",
        &["3:7: no-unused-params: the parameter `b` is not used"],
    );
    check(
        "resource v 'Microsoft.KeyVault/vaults@2024-11-01' existing = {\n  name: 'kv'\n}",
        &["1:10: no-unused-existing-resources: the existing resource `v` is not used"],
    );
    check(
        "var a = [for x in [1]: x]\noutput o array = map(a, y => x)",
        &["2:30: undeclared-name: `x` is not declared"],
    );
    check(
        "var a = b\nvar b = c\nvar c = a\nvar d = d\noutput o string = d",
        &["1:5: cycle: `a` needs itself: `a` → `b` → `c` → `a`"],
    );
    check(
        "var a = {\n  b: 1\n  'b': 2\n}\noutput o object = a",
        &["3:3: duplicate-property: the property `b` is there twice"],
    );
}

#[test]
fn words_of_the_language_are_known() {
    check(
        "output o string = uniquestring('a')",
        &["1:19: unknown-function: `uniquestring` is no function; did you mean `uniqueString`?"],
    );
    check(
        "@secret()\nparam a string\noutput o string = a",
        &["1:2: unknown-decorator: `@secret` is no decorator; did you mean `@secure`?"]
            .map(|text| text.replace("`@secure`", "`secure`"))
            .each_ref()
            .map(String::as_str),
    );
    check("param a sting\noutput o string = a", &["1:9: unknown-type: `sting` is no type; did you mean `string`?"]);
    check(
        "targetScope = 'resourcegroup'",
        &["1:15: unknown-scope: `resourcegroup` is no scope; did you mean `resourceGroup`?"],
    );
    check("param a = 1\noutput o int = a", &["1:7: no-type: the parameter `a` has no type"]);
    check("using 'm.bicep'", &["1:1: wrong-file: only a `.bicepparam` file names its template"]);
    check(
        "resource r 'Microsoft.App/jobs' = {\n  name: 'job'\n}",
        &["1:12: resource-type: `Microsoft.App/jobs` is no type: expected `Provider/type@yyyy-mm-dd`"],
    );
    check(
        "resource r 'Microsoft.App/jobs@2025-01-01' = {\n}",
        &["1:10: missing-property: the resource `r` has no `name`"],
    );
}

#[test]
fn values_have_the_type_that_is_asked_for() {
    check(
        "param a int = 'x'\noutput o string = a",
        &[
            "1:15: wrong-type: expected an `int`, found a `string`",
            "2:19: wrong-type: expected a `string`, found an `int`",
        ],
    );
    mutate(
        "main.bicep",
        "location: location\n    password",
        "location: 1\n    password",
        &["main.bicep:16:15: wrong-type: expected a `string`, found an `int`"],
    );
    mutate(
        "main.bicep",
        "db.outputs.host",
        "db",
        &["main.bicep:24:11: wrong-type: expected a `string`, found the module `db`: name one of its outputs"],
    );
    mutate(
        "main.bicep",
        "db.outputs.host",
        "'${db}'",
        &["main.bicep:24:14: not-a-string: `db` is not a text that a string can contain"],
    );
    mutate(
        "main.bicepparam",
        "'westeurope'",
        "{}",
        &["main.bicepparam:3:18: wrong-type: expected a `string`, found an `object`"],
    );
}

#[test]
fn modules_get_what_they_ask_for() {
    mutate(
        "main.bicep",
        "'web/web.bicep'",
        "'web/Web.bicep'",
        &["main.bicep:21:12: missing-file: there is no file `web/Web.bicep`"],
    );
    mutate(
        "main.bicep",
        "    location: location\n    password: password\n",
        "    password: password\n",
        &["main.bicep:13:8: missing-parameter: the module `db` is not given its parameter `location`"],
    );
    mutate(
        "main.bicep",
        "    location: location\n    password",
        "    Location: location\n    password",
        &[
            "main.bicep:13:8: missing-parameter: the module `db` is not given its parameter `location`",
            "main.bicep:16:5: unknown-parameter: the module `db` has no parameter `Location`; did you mean `location`?",
        ],
    );
    mutate(
        "main.bicep",
        "  params: {\n    host: db.outputs.host\n  }\n",
        "",
        &["main.bicep:21:8: missing-parameter: the module `web` is not given its parameter `host`"],
    );
    mutate(
        "main.bicep",
        "db.outputs.host",
        "db.outputs.hosts",
        &["main.bicep:24:22: unknown-output: the module `db` has no output `hosts`; did you mean `host`?"],
    );
    mutate(
        "main.bicep",
        "db.outputs.host",
        "db.host",
        &["main.bicep:24:14: unknown-output: a module has no `host`: what it gives is in `db.outputs`"],
    );
    mutate(
        "main.bicep",
        "  scope: group\n",
        "",
        &["main.bicep:13:8: missing-scope: the module `db` is for another scope, `resourceGroup`: it needs `scope`"],
    );
    mutate(
        "main.bicep",
        "  scope: group\n",
        "  scope: group\n  location: location\n",
        &["main.bicep:15:3: unknown-property: a module has no `location`"],
    );
    mutate("main.bicep", "'db/db.bicep'", "'br/public:x:1'", &[]);
    mutate(
        "db/db.bicep",
        "param size",
        "param size =",
        &["db/db.bicep:2:18: syntax: expected the end of the line, found `=`"],
    );
}

#[test]
fn what_azure_must_know_first_is_known() {
    let late = |what: &str, at: &str| {
        vec![format!(
            "main.bicep:{at}: known-too-late: {what} must be known before the deployment, and `db.outputs` is not"
        )]
    };
    for (new, expect) in [
        ("  name: guid('x', db.outputs.host)\n", late("`name`", "22:9")),
        ("  name: 'x-${late}'\n", late("`name`", "22:9")),
    ] {
        let mut files = folder();
        let main = files.get_mut("main.bicep").unwrap();
        *main = main.replacen(
            "  scope: group\n  params: {\n    host",
            &format!("{new}  scope: group\n  params: {{\n    host"),
            1,
        );
        main.push_str("\nvar late = db.outputs.host\noutput late string = late\n");
        assert_eq!(findings(&files, &[]), expect);
    }
    mutate(
        "main.bicep",
        "web/web.bicep' = {",
        "web/web.bicep' = if (db.outputs.host == 'x') {",
        &["main.bicep:21:34: known-too-late: a condition must be known before the deployment, and `db.outputs` is not"],
    );
    mutate(
        "main.bicep",
        "web/web.bicep' = {",
        "web/web.bicep' = if (location) {",
        &["main.bicep:21:34: wrong-type: a condition is a `bool`, and this is a `string`"],
    );
    mutate(
        "main.bicep",
        "scope: group",
        "scope: location",
        &["main.bicep:14:10: wrong-type: `scope` is the name of a resource's declaration, not a text"],
    );
    mutate(
        "main.bicep",
        "scope: group",
        "scope: group.id",
        &["main.bicep:14:10: wrong-type: `scope` is the name of a resource's declaration, not a text"],
    );
    mutate("main.bicep", "scope: group", "scope: resourceGroup(group.name)", &[]);
    mutate(
        "db/db.bicep",
        "output host string",
        "output id int = server.id\noutput host string",
        &["db/db.bicep:22:17: wrong-type: expected an `int`, found a `string`"],
    );
}

#[test]
fn files_elsewhere_are_taken_on_trust() {
    let mut files = folder();
    let main = files.get_mut("main.bicep").unwrap();
    *main = main.replace("'web/web.bicep'", "'../own/./x/../web.bicep'");
    assert_eq!(findings(&files, &["../own/web.bicep"]), [""; 0]);
    assert_eq!(
        findings(&files, &["own/web.bicep"]),
        ["main.bicep:21:12: missing-file: there is no file `../own/./x/../web.bicep`",]
    );
}

#[test]
fn parameter_files_are_complete() {
    mutate(
        "main.bicepparam",
        "param location = 'westeurope'\n",
        "",
        &["main.bicepparam:1:1: missing-parameter: the template's parameter `location` has no value"],
    );
    mutate(
        "main.bicepparam",
        "param location",
        "param locaton",
        &[
            "main.bicepparam:1:1: missing-parameter: the template's parameter `location` has no value",
            "main.bicepparam:3:7: unknown-parameter: the template has no parameter `locaton`; did you mean `location`?",
        ],
    );
    mutate(
        "main.bicepparam",
        "./main",
        "./mian",
        &["main.bicepparam:1:7: missing-file: there is no file `./mian.bicep`"],
    );
    mutate(
        "main.bicepparam",
        "using './main.bicep'",
        "",
        &["main.bicepparam:1:1: no-template: the parameter file names no template: expected `using`"],
    );
    mutate(
        "main.bicepparam",
        "param location = ",
        "output x string = ",
        &[
            "main.bicepparam:1:1: missing-parameter: the template's parameter `location` has no value",
            "main.bicepparam:3:1: wrong-file: a `.bicepparam` file has values of parameters only",
        ],
    );
    mutate(
        "main.bicepparam",
        "param location",
        "param password",
        &[
            "main.bicepparam:1:1: missing-parameter: the template's parameter `location` has no value",
            "main.bicepparam:4:7: duplicate-declaration: `password` is declared twice",
        ],
    );
}

#[test]
fn a_secret_is_not_shown() {
    mutate(
        "main.bicep",
        "host: db.outputs.host",
        "host: 'x${password}'",
        &[
            "main.bicep:24:15: secret-exposed: the secure parameter `password` is shown: `host` of the module `web` is not declared with `@secure()`",
        ],
    );
    mutate(
        "main.bicep",
        "= web.outputs.url",
        "= '${password}'",
        &["main.bicep:28:24: outputs-should-not-contain-secrets: the output shows the secure parameter `password`"],
    );
    mutate("main.bicep", "output url string = web.outputs.url", "@secure()\noutput url string = password", &[]);
}

#[test]
fn what_a_template_left_is_named() {
    mutate(
        "web/web.bicep",
        "param host string",
        "param {{name}} string",
        &["web/web.bicep:1:7: template-residue: `{{` of a template was not filled in"],
    );
    mutate("web/web.bicep", "${host}", "{{host}} ${host}", &[]);
}

#[test]
fn resources_have_their_place() {
    const SITE: &str = "resource site 'Microsoft.Web/sites@2025-03-01' existing = {\n  name: 'site'\n}\n";
    let child =
        |rest: &str| format!("{SITE}resource c 'Microsoft.Web/sites/sitecontainers@2025-03-01' = {{\n{rest}\n}}\n");
    check(&child("name: 'main'\nparent: site"), &[]);
    check(&child("name: 'site/main'\nproperties: site.id"), &[]);
    check(
        &child("name: 'main'\nproperties: site.id"),
        &["5:7: no-parent: `c` is part of another resource: it needs `parent`"],
    );
    check(
        &child("name: 'site/main'\nparent: site"),
        &["5:7: resource-name: `site/main` names the parent again: `parent` does"],
    );
    check(
        &child("name: 'main'\nparent: site.id"),
        &["6:9: wrong-type: `parent` is the name of a resource's declaration, not a text"],
    );
    let twice = |name: &str| {
        format!(
            "{}{}",
            child("name: 'main'\nparent: site"),
            child(name).replace(SITE, "").replace("resource c", "resource d")
        )
    };
    check(&twice("name: 'other'\nparent: site"), &[]);
    check(
        &twice("name: 'main'\nparent: site"),
        &["8:10: same-resource: `d` and `c` are resources of the same type and name"],
    );
    check(
        "targetScope = 'subscription'\nresource j 'Microsoft.App/jobs@2025-07-01' = {\n  name: 'job'\n}",
        &["2:12: wrong-scope: a template for a `subscription` cannot have `Microsoft.App/jobs`"],
    );
    check(
        "resource rg 'Microsoft.Resources/resourceGroups@2025-04-01' = {\n  name: 'rg'\n}",
        &["1:13: wrong-scope: a template for a `resourceGroup` cannot have `Microsoft.Resources/resourceGroups`"],
    );
    check(
        "@secure()\nresource j 'Microsoft.App/jobs@2025-07-01' = {\n  name: 'job'\n}",
        &["1:2: wrong-decorator: `@secure` has no meaning here"],
    );
}

#[test]
fn names_of_loops_hide_others() {
    let text = "resource job 'Microsoft.App/jobs@2025-07-01' = [for job in [{ id: 'a-b' }]: if (job.on) {\n  name: job.key\n}]";
    check(text, &[]);
    check(
        &text.replace("job in", "x in"),
        &[
            "1:10: cycle: `job` needs itself: `job` → `job`",
            "1:79: known-too-late: a condition must be known before the deployment, and `job.on` is not",
            "2:9: known-too-late: `name` must be known before the deployment, and `job.key` is not",
        ],
    );
    check("extension graph\nresource app 'Microsoft.Graph/applications@beta' = {\n  uniqueName: 'x'\n}", &[]);
}

#[track_caller]
fn name(kind: &str, name: &str, expect: &[&str]) {
    let text = format!(
        "param p string\nvar v = 'abc-${{p}}'\nresource r '{kind}@2025-01-01' = {{\nname: {name}\n}}\noutput o string = v"
    );
    let expect: Vec<String> = expect.iter().map(|message| format!("4:7: resource-name: {message}")).collect();
    check(&text, &expect.iter().map(String::as_str).collect::<Vec<_>>());
}

#[test]
fn names_of_resources_are_within_the_limits_of_azure() {
    name(
        "Microsoft.ContainerRegistry/registries",
        "'abc-${p}'",
        &["`-` cannot be in this name: it has letters, digits"],
    );
    name("microsoft.containerregistry/Registries", "v", &["`-` cannot be in this name: it has letters, digits"]);
    name("Microsoft.ContainerRegistry/registries", "take('Abc${p}', 50)", &[]);
    name(
        "Microsoft.ContainerRegistry/registries",
        "take('Abc${p}', 51)",
        &["this name may get 51 characters, and Azure takes 50"],
    );
    name("Microsoft.ContainerRegistry/registries", "'abc'", &["`abc` is too short: Azure asks for 5 characters"]);
    name("Microsoft.Storage/storageAccounts", "'st${uniqueString(resourceGroup().id)}'", &[]);
    name("Microsoft.Storage/storageAccounts", "take('storage${uniqueString(resourceGroup().id)}', 60)", &[]);
    name(
        "Microsoft.Storage/storageAccounts",
        "'mystoragename${uniqueString(resourceGroup().id)}'",
        &["this name may get 26 characters, and Azure takes 24"],
    );
    name(
        "Microsoft.Storage/storageAccounts",
        "'Store${p}'",
        &["`S` cannot be in this name: it has lower-case letters, digits"],
    );
    name("Microsoft.Storage/storageAccounts", "toLower('Store${p}')", &[]);
    name(
        "Microsoft.App/containerApps",
        "'my_app'",
        &["`_` cannot be in this name: it has lower-case letters, digits and `-`"],
    );
    name("Microsoft.App/containerApps", "p", &[]);
    name("Microsoft.Other/things", "'My_App'", &[]);
}

#[test]
fn azure_takes_only_so_much() {
    let many = |count: usize| (0..count).map(|index| format!("output o{index} int = 1\n")).collect::<String>();
    check(&many(64), &[]);
    check(&many(65), &["1:1: warning too-many: Azure takes 64 outputs in a template, and here are 65"]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_written_is_checked(text in nasty(), other in nasty()) {
        let texts = files(&[("a.bicep", &text), ("b.bicepparam", &other), ("c.bicep", &format!("{EVERYTHING}\n{text}"))]);
        findings(&texts, &["a.bicep"]);
    }
}
