//! What is needed, what is missing, and the table of `shipit params`.

use super::fixture::{GENERATE, application, environment, parameter, run, secret, tag_of, tagged, text};
use shipit::manifest::Diagnostics;
use shipit::model::Parameter;
use shipit::resolve::{Inputs, parameters};
use shipit::util::Secret;

#[test]
fn only_what_is_needed_must_be_there_and_all_that_is_missing_is_listed() {
    let described = Parameter { description: Some("path under the registry".to_owned()), ..parameter("b-c") };
    let params = vec![parameter("a"), described, parameter("unused")];
    let outcome = run(&tagged(params, "$<a>-$<b-c>-$<a>"), &Inputs::default());
    assert_eq!(
        outcome.said,
        [
            "missing-parameter: the parameter `a` has no value",
            "missing-parameter: the parameter `b-c` has no value: path under the registry",
        ]
    );
    assert!(outcome.whole.contains("set `Parameters__b_c`, or use `--param b-c=…`"), "{}", outcome.whole);
}

#[test]
fn a_default_may_use_other_parameters() {
    let host = Parameter { default: Some(text("h-$<stage>")), ..parameter("host") };
    let params = vec![host, parameter("stage")];
    assert_eq!(tag_of(params, "$<host>", &environment(&[("Parameters__stage", "x")])), Ok("h-x".to_owned()));
    let a = Parameter { default: Some(text("$<b>")), ..parameter("a") };
    let b = Parameter { default: Some(text("$<a>")), ..parameter("b") };
    let said = tag_of(vec![a, b], "$<a>", &Inputs::default()).unwrap_err();
    assert_eq!(said, ["cycle: this needs its own value: parameter a -> parameter b -> parameter a"]);
}

#[test]
fn the_table_shows_values_sources_and_variables_but_no_secret() {
    let generated = Parameter { generate: Some(GENERATE), ..secret("db-password") };
    let url = Parameter { default: Some(text("http://u:$<key>@h")), ..parameter("url") };
    let tag =
        Parameter { default: Some(text("latest")), description: Some("what to push".to_owned()), ..parameter("tag") };
    let application = application(vec![generated, url, tag, secret("key"), parameter("none")]);
    let mut problems = Diagnostics::default();
    let table = parameters(&application, &environment(&[("PARAMETERS__KEY", "hunter2")]), &mut problems);
    assert_eq!(problems.iter().count(), 0);
    let expected = serde_json::json!([
        {"name": "db-password", "value": null, "source": "generated", "description": null, "required": false,
         "secret": true, "variable": "Parameters__db_password"},
        {"name": "key", "value": "***", "source": "environment (PARAMETERS__KEY)", "description": null,
         "required": true, "secret": true, "variable": "Parameters__key"},
        {"name": "none", "value": null, "source": null, "description": null, "required": true, "secret": false,
         "variable": "Parameters__none"},
        {"name": "tag", "value": "latest", "source": "default", "description": "what to push", "required": false,
         "secret": false, "variable": "Parameters__tag"},
        {"name": "url", "value": "***", "source": "default", "description": null, "required": false,
         "secret": true, "variable": "Parameters__url"},
    ]);
    assert_eq!(table.to_json(), expected);
    assert!(!format!("{table:?}").contains("hunter2"));
}

#[test]
fn a_generated_value_stays_the_same_and_every_secret_is_handed_to_the_redactor() {
    let generated = Parameter { generate: Some(GENERATE), ..secret("made") };
    let mut application = tagged(vec![generated, secret("idle"), secret("never")], "latest");
    let build = shipit::model::Build {
        build_secrets: [("made".to_owned(), text("$<made>"))].into(),
        ..super::fixture::build()
    };
    let kind = shipit::model::AppKind::Dockerfile(build);
    application.apps.get_mut(&super::fixture::name("api")).unwrap().kind = kind;
    let mut inputs = environment(&[("Parameters__idle", "not needed, but known")]);
    let first = run(&application, &inputs).resolved.unwrap();
    assert_eq!(first.kept["made"].expose().len(), 22);
    assert_eq!(first.secrets, [Secret::new("not needed, but known"), first.kept["made"].clone()]);
    inputs.state = first.kept.clone();
    let second = run(&application, &inputs).resolved.unwrap();
    assert_eq!(second.kept.len(), 0);
    assert_eq!(second.secrets, first.secrets);
}
