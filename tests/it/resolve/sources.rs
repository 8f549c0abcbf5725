//! Each source of values, what it refuses, and the order of all of them.

use super::fixture::{GENERATE, arguments, environment, parameter, run, secret, tag_of, tagged, text};
use shipit::model::{Generate, Parameter, ParameterType};
use shipit::resolve::{Inputs, Prompt, Question};
use shipit::util::Secret;
use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

fn file(folder: &Path, name: &str, content: impl AsRef<[u8]>, mode: u32) {
    let path = folder.join(name);
    std::fs::write(&path, content).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
}

struct Typed(&'static str);

impl Prompt for Typed {
    fn ask(&self, _: &Question<'_>, check: &dyn Fn(&str) -> Result<(), String>) -> std::io::Result<Secret> {
        check(self.0).map_err(std::io::Error::other)?;
        Ok(Secret::new(self.0))
    }
}

#[test]
fn the_first_source_that_has_a_value_wins() {
    let folder = tempfile::tempdir().unwrap();
    file(folder.path(), "a.toml", "tag = 'from-first-file'", 0o600);
    file(folder.path(), "b.yaml", "tag: from-file", 0o600);
    let generate = Generate { special: false, upper: false, lower: false, ..GENERATE };
    let mut declared = Parameter {
        profile_value: Some(text("from-profile")),
        default: Some(text("from-default")),
        generate: Some(generate),
        ..parameter("tag")
    };
    let prompt = Typed("from-prompt");
    let mut inputs = Inputs {
        arguments: vec!["tag=from-argument".to_owned()],
        environment: vec![("Parameters__tag".into(), "from-environment".into())],
        params_files: vec!["a.toml".into(), "b.yaml".into()],
        current_folder: folder.path().to_owned(),
        state: [("tag".to_owned(), Secret::new("from-state"))].into(),
        prompt: Some(&prompt),
        ..Inputs::default()
    };
    let tag = |declared: &Parameter, inputs: &Inputs<'_>| {
        let mut application = tagged(vec![declared.clone()], "$<tag>");
        application.profile = Some(super::fixture::name("staging"));
        let resolved = run(&application, inputs).resolved.unwrap();
        (resolved.apps[&super::fixture::name("api")].destinations[0].tags[0].clone(), resolved.kept)
    };
    assert_eq!(tag(&declared, &inputs).0, "from-argument");
    inputs.arguments.clear();
    assert_eq!(tag(&declared, &inputs).0, "from-environment");
    inputs.environment.clear();
    assert_eq!(tag(&declared, &inputs).0, "from-file");
    inputs.params_files.pop();
    assert_eq!(tag(&declared, &inputs).0, "from-first-file");
    inputs.params_files.clear();
    assert_eq!(tag(&declared, &inputs).0, "from-profile");
    declared.profile_value = None;
    assert_eq!(tag(&declared, &inputs).0, "from-state");
    inputs.state.clear();
    let (value, kept) = tag(&declared, &inputs);
    assert_eq!((value.as_str(), kept.len()), ("from-default", 0));
    declared.default = None;
    let (value, kept) = tag(&declared, &inputs);
    assert_eq!((value.len(), value.chars().all(|c| c.is_ascii_digit())), (22, true));
    assert_eq!(kept["tag"].expose(), value);
    declared.generate = None;
    let (value, kept) = tag(&declared, &inputs);
    assert_eq!((value.as_str(), kept["tag"].expose()), ("from-prompt", "from-prompt"));
}

#[test]
fn names_are_found_however_they_are_spelled() {
    let declared = || vec![parameter("image-tag")];
    for variable in ["Parameters__image_tag", "PARAMETERS__IMAGE_TAG", "parameters__image-tag"] {
        assert_eq!(tag_of(declared(), "$<image-tag>", &environment(&[(variable, "v1")])), Ok("v1".to_owned()));
    }
    for argument in ["image_tag=v1", "image-tag=v1"] {
        assert_eq!(tag_of(declared(), "$<image-tag>", &arguments(&[argument])), Ok("v1".to_owned()));
    }
    assert_eq!(tag_of(declared(), "$<image-tag>", &arguments(&["image-tag=a", "image_tag=b"])), Ok("b".to_owned()));
    let inputs = arguments(&["image-tag=@@v1"]);
    assert_eq!(tag_of(declared(), "a$<image-tag>", &inputs).unwrap_err()[0].split(':').next(), Some("image-name"));
}

#[test]
fn a_variable_that_cannot_be_used_is_named_and_told_from_an_unset_one() {
    let said = |inputs: &Inputs<'_>| tag_of(vec![parameter("tag")], "$<tag>", inputs).unwrap_err();
    assert_eq!(said(&environment(&[])), ["missing-parameter: the parameter `tag` has no value"]);
    assert_eq!(
        said(&environment(&[("Parameters__tag", "")])),
        ["parameter-environment: the environment variable `Parameters__tag` is set, but empty"]
    );
    assert_eq!(
        said(&environment(&[("Parameters__tag", "a"), ("PARAMETERS__TAG", "b")])),
        ["parameter-environment: `PARAMETERS__TAG` and `Parameters__tag` set `tag` to different values"]
    );
    let mut inputs = environment(&[]);
    inputs.environment.push(("Parameters__tag".into(), OsString::from_vec(vec![0xff, b'a'])));
    assert_eq!(said(&inputs), ["parameter-environment: the environment variable `Parameters__tag` is not UTF-8"]);
    let same = environment(&[("Parameters__tag", "a"), ("PARAMETERS__TAG", "a")]);
    assert_eq!(tag_of(vec![parameter("tag")], "$<tag>", &same), Ok("a".to_owned()));
}

#[test]
fn unknown_names_are_errors_but_in_the_environment() {
    let folder = tempfile::tempdir().unwrap();
    file(folder.path(), "p.toml", "tga = 'x'\n", 0o600);
    let application = tagged(vec![parameter("tag")], "latest");
    let mut inputs = arguments(&["tga=1", "hunter2"]);
    inputs.params_files.push("p.toml".into());
    inputs.current_folder = folder.path().to_owned();
    inputs.environment.push(("Parameters__tga".into(), "x".into()));
    let outcome = run(&application, &inputs);
    assert_eq!(
        outcome.said,
        [
            "unknown-parameter: `--param tga`: there is no such parameter",
            "parameter-syntax: an argument of `--param` has no `=`",
            "unknown-parameter: the environment variable `Parameters__tga` belongs to no parameter",
            "unknown-parameter: there is no parameter `tga`",
        ]
    );
    assert_eq!(outcome.whole.matches("did you mean `tag`?").count(), 3);
    assert!(!outcome.whole.contains("hunter2"));
    inputs.arguments.clear();
    inputs.params_files.clear();
    assert!(run(&application, &inputs).resolved.is_some());
}

#[test]
fn a_file_for_a_value_is_read_as_documented() {
    let folder = tempfile::tempdir().unwrap();
    file(folder.path(), "line", "v1\r\n", 0o644);
    let mut inputs = arguments(&["tag=@line"]);
    inputs.current_folder = folder.path().to_owned();
    let outcome = run(&tagged(vec![parameter("tag")], "$<tag>"), &inputs);
    assert_eq!(outcome.said, [""; 0]);
    assert_eq!(outcome.resolved.unwrap().apps[&super::fixture::name("api")].destinations[0].tags, ["v1"]);
}

#[test]
fn a_file_that_cannot_be_a_value_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    file(path, "big", vec![b'x'; 2 * 1024 * 1024], 0o600);
    file(path, "bytes", [0xff, 0xfe], 0o600);
    std::fs::create_dir(path.join("folder")).unwrap();
    assert!(std::process::Command::new("mkfifo").arg(path.join("pipe")).status().unwrap().success());
    for (name, reason) in [
        ("none", "cannot read `none` for the parameter `tag`: No such file or directory (os error 2)"),
        ("folder", "cannot read `folder` for the parameter `tag`: it is a folder"),
        ("pipe", "cannot read `pipe` for the parameter `tag`: it is not a regular file"),
        ("big", "cannot read `big` for the parameter `tag`: it has 2097152 bytes, the limit is 1048576"),
        ("bytes", "`bytes` for the parameter `tag` is not UTF-8 text"),
    ] {
        let mut inputs = arguments(&[&format!("tag=@{name}")]);
        inputs.current_folder = path.to_owned();
        let said = tag_of(vec![parameter("tag")], "$<tag>", &inputs).unwrap_err();
        assert_eq!(said, [format!("parameter-file: {reason}")]);
    }
}

#[test]
fn a_secret_that_others_can_see_is_warned_about() {
    let folder = tempfile::tempdir().unwrap();
    file(folder.path(), "open", "hunter2", 0o644);
    file(folder.path(), "closed", "hunter2", 0o600);
    file(folder.path(), "open.toml", "key = 'hunter2'", 0o640);
    let application = tagged(vec![secret("key")], "latest");
    let mut inputs = arguments(&["key=@open"]);
    inputs.current_folder = folder.path().to_owned();
    inputs.params_files.push("open.toml".into());
    let outcome = run(&application, &inputs);
    assert_eq!(
        outcome.said,
        [
            "secret-file-mode: `open` with the secret `key` can be read by others (mode 0644)",
            "secret-file-mode: `open.toml` holds a secret and can be read by others (mode 0640)",
        ]
    );
    assert!(outcome.resolved.is_some());
    inputs.params_files.clear();
    inputs.arguments = vec!["key=@closed".to_owned()];
    assert_eq!(run(&application, &inputs).said, [""; 0]);
    inputs.arguments = vec!["key=hunter2".to_owned()];
    let outcome = run(&application, &inputs);
    assert_eq!(
        outcome.said,
        ["secret-argument: the secret `key` is on the command line, where other users can see it"]
    );
    assert!(!outcome.whole.contains("hunter2"));
}

#[test]
fn types_choices_and_patterns_are_checked_with_the_source_named() {
    use shipit::manifest::Spanned;
    let port = Parameter { kind: ParameterType::Int, ..parameter("tag") };
    let flag = Parameter { kind: ParameterType::Bool, ..parameter("tag") };
    let allowed = ["a", "b"].map(|value| Spanned::new(0..1, value.to_owned())).to_vec();
    let choice = Parameter { allowed, ..parameter("tag") };
    let pattern = Parameter { pattern: Some(Spanned::new(0..1, "v[0-9]+|x".to_owned())), ..parameter("tag") };
    let variable = |value: &str| environment(&[("Parameters__tag", value)]);
    for (declared, good, bad, reason) in [
        (&port, "-8080", "8o", "is not a whole number"),
        (&flag, "true", "yes", "is neither `true` nor `false`"),
        (&choice, "b", "c", "is none of `a` and `b`"),
        (&pattern, "v12", "v12x", "does not match `v[0-9]+|x`"),
    ] {
        assert_eq!(tag_of(vec![declared.clone()], "t$<tag>", &variable(good)), Ok(format!("t{good}")));
        let said = tag_of(vec![declared.clone()], "t$<tag>", &variable(bad)).unwrap_err();
        assert_eq!(said, [format!("parameter-value: the value of `tag` from environment (Parameters__tag) {reason}")]);
        let hidden = Parameter { secret: true, ..declared.clone() };
        let outcome = run(&tagged(vec![hidden], "t$<tag>"), &variable("hunter2-8o"));
        assert!(outcome.resolved.is_none());
        assert!(!outcome.whole.contains("hunter2"), "{}", outcome.whole);
    }
}

#[test]
fn a_mistake_in_a_file_shows_no_value() {
    let folder = tempfile::tempdir().unwrap();
    for content in ["nobody = 'hunter2'", "key = 'hunter2", "tag = ['hunter2']", "key = 'hunter2'\ntag = 'v 1'"] {
        file(folder.path(), "p.toml", content, 0o600);
        let inputs = Inputs {
            params_files: vec!["p.toml".into()],
            current_folder: folder.path().to_owned(),
            ..Inputs::default()
        };
        let outcome = run(&tagged(vec![secret("key"), parameter("tag")], "$<tag>"), &inputs);
        assert!(outcome.resolved.is_none(), "{content}");
        assert!(outcome.whole.contains("p.toml") && !outcome.whole.contains("hunter2"), "{}", outcome.whole);
    }
}

#[test]
fn values_and_arguments_are_bounded() {
    let long = |length: usize| environment(&[("Parameters__v", &"x".repeat(length))]);
    let application = || {
        let mut application = tagged(vec![parameter("v")], "latest");
        let build =
            shipit::model::Build { build_args: [("V".to_owned(), text("$<v>"))].into(), ..super::fixture::build() };
        application.apps.get_mut(&super::fixture::name("api")).unwrap().kind =
            shipit::model::AppKind::Dockerfile(build);
        application
    };
    assert!(run(&application(), &long(64 * 1024)).resolved.is_some());
    let said = run(&application(), &long(5 * 1024 * 1024)).said;
    assert_eq!(said.len(), 1);
    assert!(said[0].ends_with("has 5242880 bytes, the limit is 1 MiB (1048576 bytes)"), "{}", &said[0][..100]);
    let many: Vec<String> = (0..100_000).map(|_| "v=1".to_owned()).collect();
    let said = run(&application(), &Inputs { arguments: many, ..Inputs::default() }).said;
    assert_eq!(said[0], "too-many-parameters: `--param` is given 100000 times, the limit is 1000");
}

#[test]
fn defaults_that_double_each_other_stop_at_the_limit() {
    let mut params = vec![Parameter { default: Some(text("xxxxxxxx")), ..parameter("p0") }];
    for index in 1..60 {
        let before = format!("$<p{}>", index - 1);
        params.push(Parameter { default: Some(text(&before.repeat(2))), ..parameter(&format!("p{index}")) });
    }
    let said = tag_of(params, "$<p59>", &Inputs::default()).unwrap_err();
    assert_eq!(said, ["value-too-long: this value is longer than 1 MiB (1048576 bytes)"]);
}

#[test]
fn nobody_is_asked_by_a_run_that_will_not_go_on() {
    struct Never;
    impl Prompt for Never {
        fn ask(&self, _: &Question<'_>, _: &dyn Fn(&str) -> Result<(), String>) -> std::io::Result<Secret> {
            panic!("asked")
        }
    }
    let mut inputs = arguments(&["nobody=1"]);
    inputs.prompt = Some(&Never);
    let said = tag_of(vec![parameter("tag")], "$<tag>", &inputs).unwrap_err();
    assert_eq!(said.len(), 2);
}
