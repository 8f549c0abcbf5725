//! Names of images, sign-in, build arguments and steps after every value was put in.

use super::fixture::{
    app, application, build, environment, name, parameter, registry, run, secret, tag_of, text, with_login,
};
use shipit::model::{
    AppKind, Application, AzureExisting, AzureRegistry, Build, CustomStep, Expression, Parameter, ProvisionedRegistry,
    Registry, RegistryKind,
};
use shipit::resolve::{Inputs, ResolvedAppKind, Value};
use shipit::util::Secret;
use std::collections::BTreeMap;

fn pushed(application: &Application, inputs: &Inputs<'_>) -> Vec<String> {
    let resolved = run(application, inputs).resolved.expect("resolves");
    resolved.apps.values().flat_map(|app| &app.destinations).flat_map(|place| place.references()).collect()
}

fn with_build(build: Build) -> Application {
    let mut application = application(vec![secret("key"), parameter("plain")]);
    application.registries.insert(name("hub"), registry("hub", "ghcr.io", None));
    application.apps.insert(name("api"), super::fixture::app("api", &["hub"], &["latest"]));
    application.apps.get_mut(&name("api")).unwrap().kind = AppKind::Dockerfile(build);
    application
}

fn expressions(pairs: &[(&str, &str)]) -> BTreeMap<String, Expression> {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), text(value))).collect()
}

const KEYS: &[(&str, &str)] = &[("Parameters__key", "hunter2"), ("Parameters__plain", "v1")];

#[test]
fn an_image_goes_to_each_registry_under_each_tag() {
    let mut application = application(vec![parameter("endpoint"), parameter("repository"), parameter("tag")]);
    application.registries.insert(name("a"), registry("a", "$<endpoint>", Some("$<repository>")));
    application.registries.insert(name("b"), registry("b", "$<registry:a.endpoint>:5000", None));
    application.apps.insert(name("Api"), app("Api", &["a", "b"], &["$<tag>", "latest", "$<tag>"]));
    let mut worker = app("worker", &["a"], &["latest"]);
    worker.image_name = Some(text("jobs/$<tag>"));
    application.apps.insert(name("worker"), worker);
    let inputs = environment(&[
        ("Parameters__endpoint", "ghcr.io"),
        ("Parameters__repository", "me/shop"),
        ("Parameters__tag", "v1"),
    ]);
    assert_eq!(
        pushed(&application, &inputs),
        [
            "ghcr.io/me/shop/api:v1",
            "ghcr.io/me/shop/api:latest",
            "ghcr.io:5000/api:v1",
            "ghcr.io:5000/api:latest",
            "ghcr.io/me/shop/jobs/v1:latest",
        ]
    );
}

#[test]
fn a_value_that_makes_no_name_is_shown_with_its_source_once() {
    let mut application = application(vec![parameter("endpoint"), parameter("repository"), parameter("tag")]);
    application.registries.insert(name("a"), registry("a", "$<endpoint>", Some("$<repository>")));
    for app_name in ["api", "web"] {
        application.apps.insert(name(app_name), app(app_name, &["a"], &["$<tag>"]));
    }
    let inputs = environment(&[
        ("Parameters__endpoint", "https://ghcr.io"),
        ("Parameters__repository", "Me/shop"),
        ("Parameters__tag", "-v1"),
    ]);
    let outcome = run(&application, &inputs);
    // The endpoint and the repository once, the tag where each app uses it.
    assert_eq!(outcome.said.len(), 4, "{:?}", outcome.said);
    for shown in ["https://ghcr.io", "Me/shop", "-v1"] {
        assert!(outcome.whole.contains(&format!("`{shown}`, from environment (Parameters__")), "{}", outcome.whole);
    }
}

#[test]
fn a_password_in_an_endpoint_is_not_repeated() {
    let mut application = application(vec![parameter("endpoint")]);
    application.registries.insert(name("a"), registry("a", "$<endpoint>", None));
    application.apps.insert(name("api"), app("api", &["a"], &["latest"]));
    let outcome = run(&application, &environment(&[("Parameters__endpoint", "u:hunter2@ghcr.io")]));
    assert_eq!(outcome.said.len(), 1);
    assert!(!outcome.whole.contains("hunter2"), "{}", outcome.whole);
}

#[test]
fn two_apps_do_not_overwrite_each_other() {
    let mut application = application(Vec::new());
    application.registries.insert(name("a"), registry("a", "ghcr.io", None));
    application.apps.insert(name("api"), app("api", &["a"], &["v1", "v2"]));
    let mut other = app("web", &["a"], &["v2"]);
    other.image_name = Some(text("api"));
    application.apps.insert(name("web"), other);
    let said = run(&application, &Inputs::default()).said;
    assert_eq!(said, ["same-image: `api` and `web` would both be pushed as `ghcr.io/api:v2`"]);
}

#[test]
fn a_secret_is_refused_wherever_it_would_be_seen() {
    let refused = |application: &Application| {
        let outcome = run(application, &environment(KEYS));
        assert!(!outcome.whole.contains("hunter2"), "{}", outcome.whole);
        assert_eq!(outcome.said.len(), 1, "{:?}", outcome.said);
        outcome.said[0].strip_prefix("secret-not-allowed: a secret may not be in ").expect("refused").to_owned()
    };
    let args = Build { build_args: expressions(&[("KEY", "$<key>")]), ..build() };
    assert_eq!(refused(&with_build(args)), "a build argument: `docker history` shows it");
    let labels = Build { labels: expressions(&[("key", "x$<key>")]), ..build() };
    assert_eq!(refused(&with_build(labels)), "a label");
    let mut application = with_build(build());
    application.apps.get_mut(&name("api")).unwrap().tags = vec![text("v$<key|uri>")];
    assert_eq!(refused(&application), "a tag");
    let mut application = with_build(build());
    application.apps.get_mut(&name("api")).unwrap().image_name = Some(text("$<key>"));
    assert_eq!(refused(&application), "the name of an image");
    let mut application = with_build(build());
    application.registries.insert(name("hub"), registry("hub", "$<key>", None));
    assert_eq!(refused(&application), "the endpoint of a registry");
    let mut application = with_build(build());
    application.registries.insert(name("hub"), registry("hub", "ghcr.io", Some("$<key>")));
    assert_eq!(refused(&application), "the repository of a registry");
    let mut application = with_build(build());
    application.steps.insert(name("migrate"), step(&["psql", "$<key>"], &[]));
    assert_eq!(refused(&application), "the arguments of a program: every user of the machine sees them");
}

#[test]
fn build_secrets_and_sign_in_hold_what_is_secret() {
    let build = Build {
        build_args: expressions(&[("V", "$<plain>")]),
        build_secrets: expressions(&[("token", "t:$<key>"), ("public", "$<plain>")]),
        ..build()
    };
    let mut application = with_build(build);
    let hub = with_login(registry("hub", "ghcr.io", None), "me", "$<key>");
    application.registries.insert(name("hub"), hub);
    let outcome = run(&application, &environment(KEYS));
    let resolved = outcome.resolved.unwrap();
    let ResolvedAppKind::Build(build) = &resolved.apps[&name("api")].kind else { panic!("is built") };
    assert_eq!(build.build_args["V"], "v1");
    assert_eq!(build.build_secrets["token"], Secret::new("t:hunter2"));
    assert_eq!(build.build_secrets["public"], Secret::new("v1"));
    let login = resolved.registries[&name("hub")].login.as_ref().unwrap();
    assert_eq!((login.username.as_str(), login.password.expose()), ("me", "hunter2"));
    assert_eq!(login.origin, "`username` and `password` of the registry `hub`");
    assert!(!format!("{resolved:?}").contains("hunter2"));
}

#[test]
fn a_key_of_several_lines_arrives_byte_for_byte() {
    let folder = tempfile::tempdir().unwrap();
    let key = "-----BEGIN PRIVATE KEY-----\nMIIB+/=\n-----END PRIVATE KEY-----\n";
    std::fs::write(folder.path().join("key.pem"), key).unwrap();
    let build = Build { build_secrets: expressions(&[("key", "$<key>")]), ..build() };
    let inputs = Inputs {
        arguments: vec!["key=@key.pem".to_owned()],
        current_folder: folder.path().to_owned(),
        ..Inputs::default()
    };
    let resolved = run(&with_build(build), &inputs).resolved.unwrap();
    let ResolvedAppKind::Build(build) = &resolved.apps[&name("api")].kind else { panic!("is built") };
    assert_eq!(build.build_secrets["key"].expose(), key);
}

#[test]
fn a_local_registry_answers_where_the_caller_serves_it() {
    let mut application = application(Vec::new());
    let local = Registry { kind: RegistryKind::Local { port: None }, ..registry("dev", "x", Some("shop")) };
    application.registries.insert(name("dev"), local);
    application.apps.insert(name("api"), app("api", &["dev"], &["latest"]));
    let inputs = Inputs { local_endpoints: [(name("dev"), "127.0.0.1:41234".to_owned())].into(), ..Inputs::default() };
    assert_eq!(pushed(&application, &inputs), ["127.0.0.1:41234/shop/api:latest"]);
    let said = run(&application, &Inputs::default()).said;
    assert_eq!(said, ["no-local-registry: the local registry `dev` is not being served"]);
}

#[test]
fn a_registry_in_azure_answers_under_its_name() {
    let of = |azure: AzureRegistry| {
        let mut application = application(vec![parameter("name")]);
        let kind = RegistryKind::Azure(Box::new(azure));
        application.registries.insert(name("acr"), Registry { kind, ..registry("acr", "x", Some("shop")) });
        application.apps.insert(name("api"), app("api", &["acr"], &["latest"]));
        application
    };
    let existing = |name: &str| {
        AzureRegistry::Existing(AzureExisting { name: text(name), resource_group: None, subscription: None })
    };
    let provisioned = |name: Option<&str>| {
        AzureRegistry::Provisioned(Box::new(ProvisionedRegistry { name: name.map(text), ..Default::default() }))
    };
    let inputs = environment(&[("Parameters__name", "shopregistry")]);
    for azure in [existing("ShopRegistry"), existing("$<name>"), provisioned(Some("shopregistry"))] {
        assert_eq!(pushed(&of(azure), &inputs), ["shopregistry.azurecr.io/shop/api:latest"]);
    }
    let said = run(&of(provisioned(None)), &inputs).said;
    assert_eq!(said, ["unknown-login-server: the login server of `acr` is not known before Azure has made it"]);
    let odd = run(&of(existing("$<name>")), &environment(&[("Parameters__name", "a/b")])).said;
    assert!(odd[0].starts_with("image-name: "), "{odd:?}");
}

#[test]
fn an_image_that_exists_is_copied_only_where_that_is_asked_for() {
    let mut application = application(Vec::new());
    application.registries.insert(name("hub"), registry("hub", "ghcr.io", None));
    for (app_name, mirror) in [("cache", true), ("proxy", false)] {
        let registries: &[&str] = if mirror { &["hub"] } else { &[] };
        let mut app = app(app_name, registries, &["latest"]);
        app.kind = AppKind::Image { image: text("redis:8"), mirror };
        application.apps.insert(name(app_name), app);
    }
    let resolved = run(&application, &Inputs::default()).resolved.unwrap();
    assert!(matches!(&resolved.apps[&name("cache")].kind, ResolvedAppKind::Mirror { image } if image == "redis:8"));
    assert!(matches!(&resolved.apps[&name("proxy")].kind, ResolvedAppKind::Existing));
    assert_eq!(resolved.apps[&name("proxy")].destinations, []);
}

fn step(run: &[&str], env: &[(&str, &str)]) -> CustomStep {
    CustomStep {
        name: name("migrate"),
        span: 0..1,
        run: run.iter().map(|argument| text(argument)).collect(),
        after: Vec::new(),
        before: Vec::new(),
        env: expressions(env),
        working_directory: None,
        description: None,
    }
}

#[test]
fn a_step_gets_secrets_in_its_environment_and_images_once_they_are_pushed() {
    let mut application = application(vec![secret("key")]);
    application.steps.insert(name("migrate"), step(&["run", "$<app:api.image>"], &[("KEY", "p=$<key|uri>")]));
    let resolved = run(&application, &environment(&[("Parameters__key", "a b")])).resolved.unwrap();
    let step = &resolved.steps[&name("migrate")];
    assert_eq!(step.env["KEY"], Value::Secret(Secret::new("p=a%20b")));
    assert!(step.run[1].complete(&BTreeMap::new()).is_err());
    let images = BTreeMap::from([(name("api"), "ghcr.io/api@sha256:0".to_owned())]);
    assert_eq!(step.run[1].complete(&images), Ok(Value::Known("ghcr.io/api@sha256:0".to_owned())));
}

#[test]
fn a_parameter_may_hold_what_only_a_step_will_know() {
    let url = Parameter { default: Some(text("u:$<app:api.image>")), ..parameter("url") };
    let mut application = application(vec![Parameter { secret: true, ..url }]);
    application.steps.insert(name("migrate"), step(&["run"], &[("URL", "<$<url|uri>>")]));
    let resolved = run(&application, &Inputs::default()).resolved.unwrap();
    let value = &resolved.steps[&name("migrate")].env["URL"];
    assert!(value.is_secret());
    let images = BTreeMap::from([(name("api"), "a/b".to_owned())]);
    assert_eq!(value.complete(&images), Ok(Value::Secret(Secret::new("<u%3Aa%2Fb>"))));
}

#[test]
fn facts_about_the_run_are_known() {
    let inputs = Inputs { version: "1.2.3".to_owned(), ..Inputs::default() };
    let tag = "$<shipit.name>-$<shipit.profile>-$<shipit.version>";
    assert_eq!(tag_of(Vec::new(), tag, &inputs), Ok("shop-default-1.2.3".to_owned()));
}

#[test]
fn every_mistake_is_reported_in_one_run() {
    let number = Parameter { kind: shipit::model::ParameterType::Int, ..parameter("number") };
    let mut application = application(vec![number, secret("key"), parameter("none")]);
    application.registries.insert(name("hub"), registry("hub", "a/b", Some("X")));
    let mut api = app("api", &["hub"], &["$<number>", "$<key>"]);
    api.kind = AppKind::Dockerfile(Build { build_args: expressions(&[("N", "$<none>")]), ..build() });
    application.apps.insert(name("api"), api);
    let inputs = environment(&[("Parameters__number", "x"), ("Parameters__key", "hunter2")]);
    let mut codes: Vec<String> =
        run(&application, &inputs).said.iter().map(|said| said.split(':').next().unwrap().to_owned()).collect();
    codes.sort();
    assert_eq!(codes, ["image-name", "image-name", "missing-parameter", "parameter-value", "secret-not-allowed"]);
}
