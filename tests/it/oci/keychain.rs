//! Docker's and Podman's stored credentials.

use base64::Engine as _;
use shipit::oci::{Keychain, KeychainSources, Login};
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::time::{Duration, Instant};
use tempfile::TempDir;

fn encoded(pair: &str) -> String {
    base64::engine::general_purpose::STANDARD.encode(pair)
}

/// `user:password from origin`, or the error's text.
async fn look(sources: KeychainSources, endpoint: &str, repository: Option<&str>) -> String {
    let repository = repository.map(|name| name.parse().expect(name));
    shown(Keychain::new(sources).login(&endpoint.parse().expect(endpoint), repository.as_ref()).await)
}

fn shown(login: Result<Login, shipit::oci::keychain::KeychainError>) -> String {
    match login {
        Ok(Login::Anonymous) => "anonymous".to_owned(),
        Ok(Login::Password { username, password, origin }) => format!("{username}:{} from {origin}", password.expose()),
        Ok(Login::IdentityToken { token, origin }) => format!("token {} from {origin}", token.expose()),
        Err(error) => {
            assert!(!error.help().is_empty());
            let text = format!("{error}");
            assert!(!format!("{error:?} {text} {}", error.help()).contains("hunter2"), "{text}");
            text
        }
    }
}

fn config(text: &str) -> KeychainSources {
    KeychainSources { docker_auth_config: Some(text.to_owned()), ..KeychainSources::default() }
}

fn home(text: &str) -> (TempDir, KeychainSources) {
    let folder = TempDir::new().expect("a folder");
    fs::create_dir(folder.path().join(".docker")).expect("a folder");
    fs::write(folder.path().join(".docker/config.json"), text).expect("a file");
    let sources = KeychainSources { home: Some(folder.path().to_owned()), ..KeychainSources::default() };
    (folder, sources)
}

#[tokio::test]
async fn entries_are_found_under_every_key_that_docker_writes() {
    let auth = encoded("u:p:with:colons");
    for (key, endpoint) in [
        ("ghcr.io", "ghcr.io"),
        ("https://ghcr.io", "ghcr.io"),
        ("https://ghcr.io/v1/", "ghcr.io"),
        ("ghcr.io/v2/", "GHCR.io"),
        ("localhost:5000", "localhost:5000"),
        ("https://index.docker.io/v1/", "docker.io"),
        ("docker.io", "docker.io"),
        ("registry-1.docker.io", "docker.io"),
    ] {
        let text = format!(r#"{{"auths": {{"other.io": {{}}, "{key}": {{"auth": "{auth}"}}}}}}"#);
        assert_eq!(
            look(config(&text), endpoint, None).await,
            "u:p:with:colons from DOCKER_AUTH_CONFIG (auths)",
            "{key}"
        );
        assert_eq!(look(config(&text), "elsewhere.io", None).await, "anonymous");
        assert_eq!(look(config(&text), "ghcr.io:444", None).await, "anonymous");
    }
}

#[tokio::test]
async fn all_forms_of_entries_are_read() {
    for (entry, expect) in [
        (r#"{"username": "u", "password": "p"}"#.to_owned(), "u:p"),
        (r#"{"auth": "dTpw", "identitytoken": "t"}"#.to_owned(), "token t"),
        (format!(r#"{{"auth": "{}"}}"#, encoded("<token>:t")), "token t"),
        (format!(r#"{{"auth": "{}"}}"#, encoded("u:p\0\0")), "u:p"),
        (r#"{"auth": "dTpw", "email": 7}"#.to_owned(), "u:p"),
    ] {
        let text = format!(r#"{{"auths": {{"r.io": {entry}}}}}"#);
        assert_eq!(look(config(&text), "r.io", None).await, format!("{expect} from DOCKER_AUTH_CONFIG (auths)"));
    }
    for text in [r#"{"auths": {"r.io": {}}}"#, "{}", "", "{\"auths\": null, \"credsStore\": \"\"}"] {
        assert_eq!(look(config(text), "r.io", None).await, "anonymous", "{text}");
    }
}

#[tokio::test]
async fn podmans_entries_may_name_repositories() {
    let entry = |key: &str, user: &str| format!(r#""{key}": {{"auth": "{}"}}"#, encoded(&format!("{user}:p")));
    let text =
        format!("{{\"auths\": {{{}, {}, {}}}}}", entry("r.io/a", "a"), entry("r.io/a/b", "b"), entry("r.io", "all"));
    for (repository, expect) in [("a", "a"), ("a/b", "b"), ("a/b/c", "b"), ("ab", "all"), ("x", "all")] {
        let found = look(config(&text), "r.io", Some(repository)).await;
        assert!(found.starts_with(&format!("{expect}:p ")), "{repository}: {found}");
    }
}

#[tokio::test]
async fn sources_come_in_their_order() {
    let (folder, mut sources) = home(&format!(r#"{{"auths": {{"a.io": {{"auth": "{}"}}}}}}"#, encoded("home:p")));
    fs::create_dir(folder.path().join("containers")).expect("a folder");
    let podman =
        format!(r#"{{"auths": {{"a.io": {{"auth": "{0}"}}, "b.io": {{"auth": "{0}"}}}}}}"#, encoded("podman:p"));
    fs::write(folder.path().join("containers/auth.json"), podman).expect("a file");
    sources.xdg_runtime_dir = Some(folder.path().to_owned());
    assert_eq!(look(sources.clone(), "a.io", None).await, "home:p from ~/.docker/config.json (auths)");
    assert_eq!(look(sources.clone(), "b.io", None).await, "podman:p from ~/containers/auth.json (auths)");
    sources.docker_config = Some(folder.path().join("absent"));
    assert!(look(sources, "a.io", None).await.starts_with("podman:p"));
    assert_eq!(look(KeychainSources::default(), "a.io", None).await, "anonymous");
}

#[tokio::test]
async fn what_is_wrong_is_told_with_its_place_and_without_secrets() {
    for (text, expect) in [
        ("{\n \"auths\": {\"r.io\": {\"auth\": \"hunter2", "DOCKER_AUTH_CONFIG:2:36: this is not JSON"),
        ("[]", "DOCKER_AUTH_CONFIG:1:1: an object is expected here"),
        ("{\n  \"auths\": \"hunter2\"}", "DOCKER_AUTH_CONFIG:2:12: `auths` is a map from hosts, and this is none"),
        (
            "{\"auths\": {\n\"r.io\": \"hunter2\"}}",
            "DOCKER_AUTH_CONFIG:2:9: the entry of a host is a map, and this is none",
        ),
        (
            "{\"auths\": {\n\"r.io\": {\"auth\": \"hunter2!\"}}}",
            "DOCKER_AUTH_CONFIG:2:18: `auth` is not the base64 form of `user:password`",
        ),
        ("{\"auths\": {\"r.io\": {\"auth\": 5}}}", "DOCKER_AUTH_CONFIG:1:29: `auth` is a string"),
        ("{\"credsStore\": \"../x\"}", "DOCKER_AUTH_CONFIG:1:16: `../x` cannot be the name of a credential helper"),
        (
            "{\"credHelpers\": {\"r.io\": \"a b\"}}",
            "DOCKER_AUTH_CONFIG:1:26: `a b` cannot be the name of a credential helper",
        ),
        ("{\"credsStore\": 1}", "DOCKER_AUTH_CONFIG:1:16: the name of a credential helper is a string"),
    ] {
        assert_eq!(look(config(text), "r.io", None).await, expect, "{text}");
    }
    let broken_elsewhere = format!(
        r#"{{"auths": {{"x.io": {{"auth": "hunter2!"}}, "r.io": {{"auth": "{}"}}}}, "credHelpers": {{"y.io": ".. /"}}}}"#,
        encoded("u:p")
    );
    assert!(look(config(&broken_elsewhere), "r.io", None).await.starts_with("u:p"));
}

/// A folder with a helper `docker-credential-test`, and the sources that find it.
fn helper(script: &str) -> (TempDir, KeychainSources) {
    let folder = TempDir::new().expect("a folder");
    let file = folder.path().join("docker-credential-test");
    fs::write(&file, format!("#!/bin/sh\ncd '{}'\n{script}\n", folder.path().display())).expect("a file");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o700)).expect("it is ours");
    let path = format!("{}:/usr/bin:/bin", folder.path().display());
    let sources = KeychainSources {
        helper_path: Some(path.into()),
        helper_timeout: Some(Duration::from_secs(5)),
        ..config(r#"{"credsStore": "test", "auths": {"r.io": {}}}"#)
    };
    (folder, sources)
}

fn read(folder: &TempDir, name: &str) -> String {
    fs::read_to_string(Path::new(folder.path()).join(name)).unwrap_or_default()
}

#[tokio::test]
async fn a_helper_is_asked_once_in_its_protocol() {
    let (folder, sources) =
        helper("cat > in; echo \"$*\" >> args; echo '{\"ServerURL\":\"x\",\"Username\":\"u\",\"Secret\":\"p\"}'");
    let keychain = Keychain::new(sources.clone());
    let endpoint = "r.io".parse().expect("an endpoint");
    let both = tokio::join!(keychain.login(&endpoint, None), keychain.login(&endpoint, None));
    assert_eq!(shown(both.0), "u:p from docker-credential-test");
    assert_eq!(shown(both.1), "u:p from docker-credential-test");
    assert_eq!((read(&folder, "in").as_str(), read(&folder, "args").as_str()), ("r.io", "get\n"));
    look(sources, "docker.io", None).await;
    assert_eq!(read(&folder, "in"), "https://index.docker.io/v1/");
}

#[tokio::test]
async fn a_helper_that_has_nothing_leaves_the_entry() {
    let (_folder, mut sources) = helper("echo 'credentials not found in native keychain'; exit 1");
    assert_eq!(look(sources.clone(), "r.io", None).await, "anonymous");
    sources.docker_auth_config = Some(format!(
        r#"{{"credHelpers": {{"r.io": "test"}}, "auths": {{"r.io": {{"auth": "{}"}}}}}}"#,
        encoded("u:p")
    ));
    assert_eq!(look(sources, "r.io", None).await, "u:p from DOCKER_AUTH_CONFIG (auths)");
}

#[tokio::test]
async fn a_helper_that_fails_is_named_and_its_output_is_not() {
    for (script, expect) in [
        ("echo hunter2; exit 3", "failed with status 3"),
        ("echo hunter2", "answered no JSON"),
        ("echo '{\"Username\":\"hunter2\"}'", "answered without `Username` and `Secret`"),
        ("yes hunter2 | head -c 200000", "answered more than 64 KiB"),
        ("kill -9 $$", "was killed"),
    ] {
        let (_folder, sources) = helper(script);
        assert_eq!(
            look(sources, "r.io", None).await,
            format!("the credential helper `docker-credential-test` for `r.io` {expect}")
        );
    }
    let (_folder, mut sources) = helper("exec sleep 60");
    sources.helper_timeout = Some(Duration::from_millis(200));
    let started = Instant::now();
    assert!(look(sources, "r.io", None).await.ends_with("did not answer in 0.2 s"));
    assert!(started.elapsed() < Duration::from_secs(20));
    let absent = config(r#"{"credsStore": "shipit-test-absent"}"#);
    assert!(look(absent, "r.io", None).await.ends_with("is not installed"));
}
