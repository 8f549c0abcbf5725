//! What a manifest means: the application that comes of it.

use shipit::manifest::{Diagnostics, Format, Source};
use shipit::model::{App, AppKind, Application, Expression, Part, Target};
use std::sync::Arc;
use std::time::{Duration, Instant};

fn load(text: &str, profile: Option<&str>) -> Application {
    let source = Arc::new(Source { name: "apphost.toml".into(), text: text.into() });
    let mut problems = Diagnostics::default();
    let application = shipit::model::load(&source, Format::Toml, profile, "My Shop!", &mut problems);
    application.unwrap_or_else(|| panic!("{:#?}", problems.into_sorted()))
}

fn app<'a>(application: &'a Application, name: &str) -> &'a App {
    application.apps.get(name).unwrap()
}

fn shown(expression: &Expression) -> String {
    let part = |part: &Part| match part {
        Part::Literal(text) => text.clone(),
        Part::Reference(reference) => format!("<{:?}>", reference.target),
    };
    expression.parts.iter().map(part).collect()
}

#[test]
fn defaults_are_applied() {
    let application = load(
        "[registries.r]\nkind = \"oci\"\nendpoint = \"r.io\"\n[apps.api]\nkind = \"dockerfile\"\ncontext = \".\"\n",
        None,
    );
    assert_eq!(application.name, "my-shop");
    let api = app(&application, "api");
    assert_eq!(api.registries.iter().map(|name| name.as_str().to_owned()).collect::<Vec<_>>(), ["r"]);
    assert_eq!(api.tags.iter().map(shown).collect::<Vec<_>>(), ["latest"]);
    assert!(api.image_name.is_none());
}

#[test]
fn an_environments_registry_is_that_of_its_apps() {
    let registries = "[registries.a]\nkind = \"local\"\n[registries.b]\nkind = \"local\"\n";
    let environment = "[environments.e]\nkind = \"docker-compose\"\nregistry = \"b\"\n";
    let apps = "[apps.x]\nkind = \"dockerfile\"\ncontext = \".\"\nenvironment = \"e\"\n\
                [apps.y]\nkind = \"dockerfile\"\ncontext = \".\"\nregistry = [\"a\", \"b\"]\n\
                [apps.z]\nkind = \"image\"\nimage = \"docker.io/library/nginx:1.27\"\n";
    let application = load(&format!("{registries}{environment}{apps}"), None);
    let names = |name| app(&application, name).registries.iter().map(|name| name.to_string()).collect::<Vec<_>>();
    assert_eq!(names("x"), ["b"]);
    assert_eq!(names("y"), ["a", "b"]);
    assert_eq!(names("z"), Vec::<String>::new());
    assert!(matches!(app(&application, "z").kind, AppKind::Image { mirror: false, .. }));
}

#[test]
fn references_know_their_place_in_the_file() {
    let text = "[params]\ntag = \"1\"\nuser_name = \"u\"\n[registries.r]\nkind = \"oci\"\nendpoint = \"r.io\"\n\
                repository = \"a\\u0062/$<user_name>\"\n[apps.api]\nkind = \"dockerfile\"\ncontext = \".\"\ntag = \"v$<tag>-${tag}\"\n";
    let application = load(text, None);
    let spans = |expression: &Expression| {
        expression.references().map(|reference| text[reference.span.clone()].to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(spans(&app(&application, "api").tags[0]), ["$<tag>", "${tag}"]);
    let repository = application.registries.get("r").unwrap().repository.as_ref().unwrap();
    assert_eq!(spans(repository), ["$<user_name>"]);
    assert_eq!(shown(repository), "ab/<Parameter(Name(\"user-name\"))>");
}

#[test]
fn a_parameter_that_is_made_of_a_secret_is_one() {
    let application = load(
        "[params]\npw = { secret = true }\nuri = { default = \"x:$<pw|uri>\" }\nall = \"$<uri>\"\nplain = 5\n",
        None,
    );
    let secrets: Vec<_> =
        application.params.values().filter(|param| param.secret).map(|param| param.name.to_string()).collect();
    assert_eq!(secrets, ["all", "pw", "uri"]);
}

#[test]
fn a_profile_is_laid_over_key_by_key() {
    let text = "[params]\ntag = { default = \"latest\", description = \"d\" }\n[registries.r]\nkind = \"oci\"\nendpoint = \"r.io\"\n\
                [apps.api]\nkind = \"dockerfile\"\ncontext = \".\"\ntag = \"$<tag>\"\n\
                [profiles.staging.params]\ntag = \"edge\"\n[profiles.staging.apps.api]\ntarget = \"debug\"\n[profiles.other]\n";
    let application = load(text, Some("staging"));
    assert_eq!(application.profile.as_ref().unwrap().as_str(), "staging");
    assert_eq!(application.profiles.len(), 2);
    let tag = application.params.get("tag").unwrap();
    assert_eq!(tag.profile_value.as_ref().and_then(Expression::as_literal), Some("edge"));
    assert_eq!(tag.default.as_ref().and_then(Expression::as_literal), Some("latest"));
    let AppKind::Dockerfile(build) = &app(&application, "api").kind else { panic!("a Dockerfile") };
    assert_eq!(build.target.as_ref().unwrap().as_str(), "debug");
    assert_eq!(build.context.as_str(), ".");
    assert!(load(text, None).params.get("tag").unwrap().profile_value.is_none());
}

#[test]
fn dollars_that_are_no_references_stay() {
    let text =
        "[params]\ntag = \"1\"\n[steps.s]\nrun = [\"sh\", \"-c\", \"echo $HOME ${X} $$<tag> $tag $<git.sha>\"]\n";
    let application = load(text, None);
    let run = &application.steps.get("s").unwrap().run[2];
    assert_eq!(shown(run), "echo $HOME ${X} $<tag> <Parameter(Name(\"tag\"))> <Git(Sha)>");
    assert!(run.references().all(|reference| !matches!(reference.target, Target::Shipit(_))));
}

#[test]
fn ten_thousand_apps_are_read_in_bounded_time() {
    let mut text = "[registries.r]\nkind = \"local\"\n".to_owned();
    for index in 0..10_000 {
        use std::fmt::Write as _;
        write!(
            text,
            "[apps.app-{index}]\nkind = \"dockerfile\"\ncontext = \"./a{index}\"\nenv = {{ A = \"$<git.sha>\" }}\n"
        )
        .unwrap();
    }
    let start = Instant::now();
    assert_eq!(load(&text, None).apps.len(), 10_000);
    // A debug build on a busy machine; anything quadratic takes minutes.
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
}

#[test]
fn a_service_brings_its_password_along_unless_one_is_declared() {
    let service = "[resources.db]\nkind = \"postgres\"\n";
    let application = load(service, None);
    let password = application.params.get("db-password").unwrap();
    assert!(password.secret && password.generate.is_some());
    let application = load(&format!("[params]\ndb_password = {{}}\n{service}"), None);
    let password = application.params.get("db-password").unwrap();
    assert!(password.secret && password.generate.is_none());
    let application =
        load(&format!("[params]\nsecret = {{ secret = true }}\n{service}password = \"$<secret>\"\n"), None);
    assert!(!application.params.contains_key("db-password"));
}

#[test]
fn an_app_is_given_what_reaches_the_resources_it_refers_to() {
    let text = "[resources.db]\nkind = \"postgres\"\ndatabases = [\"orders\"]\n[resources.cache]\nkind = \"redis\"\n\
                [apps.api]\nkind = \"image\"\nimage = \"ghcr.io/o/a:1\"\nreferences = [\"db\", \"cache\"]\n\
                env = { DB_URI = \"mine\" }\n";
    let application = load(text, None);
    let variables = application.variables(app(&application, "api"));
    let names: Vec<&str> = variables.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "CACHE_HOST",
            "CACHE_PASSWORD",
            "CACHE_PORT",
            "CACHE_URI",
            "ConnectionStrings__cache",
            "ConnectionStrings__db",
            "ConnectionStrings__orders",
            "DB_HOST",
            "DB_JDBCCONNECTIONSTRING",
            "DB_PASSWORD",
            "DB_PORT",
            "DB_URI",
            "DB_USERNAME",
            "ORDERS_DATABASENAME",
            "ORDERS_HOST",
            "ORDERS_JDBCCONNECTIONSTRING",
            "ORDERS_PASSWORD",
            "ORDERS_PORT",
            "ORDERS_URI",
            "ORDERS_USERNAME",
        ]
    );
    assert_eq!(shown(&variables["DB_URI"]), "mine");
}
