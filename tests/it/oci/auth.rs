//! Signing in, and where credentials do not go.

use super::fake_registry::{Auth, BASIC, FakeRegistry, Fault, on, status};
use super::world::{at, blob, client, listen, open, password, repository};
use shipit::oci::{ErrorKind, Login, RegistryOptions};
use shipit::util::{FailureClass, Progress, Secret};

fn bearer() -> Auth {
    Auth::Bearer { realm: None, uses: usize::MAX, expires_in: "300" }
}

fn elsewhere(realm: String) -> Auth {
    Auth::Bearer { realm: Some(realm), uses: usize::MAX, expires_in: "300" }
}

#[tokio::test]
async fn basic_credentials_are_given_when_they_are_wanted() {
    let fake = FakeRegistry::with(Auth::Basic, []).await;
    let registry = at(&client(), &fake.endpoint(), password("password"));
    registry.sign_in(&[repository("a")], &Progress::none()).await.expect("they are right");
    registry.push_blob(&repository("a"), &blob(10), &Progress::none()).await.expect("it is taken");
    let given: Vec<_> = fake.log().into_iter().map(|asked| asked.authorization).collect();
    assert_eq!(given[0], None);
    assert!(given[1..].iter().all(|given| given.as_deref() == Some(BASIC)));
}

#[tokio::test]
async fn a_registry_that_lets_everybody_in_is_asked_once() {
    let fake = FakeRegistry::start().await;
    open(&fake).sign_in(&[repository("a")], &Progress::none()).await.expect("it is open");
    assert_eq!(fake.asked(), ["GET /v2/"]);
}

#[tokio::test]
async fn one_token_serves_for_all_that_was_signed_in_to() {
    let fake = FakeRegistry::with(bearer(), []).await;
    let registry = at(&client(), &fake.endpoint(), password("password"));
    let names = [repository("a"), repository("b/c")];
    registry.sign_in(&names, &Progress::none()).await.expect("they are right");
    for name in &names {
        registry.push_blob(name, &blob(10), &Progress::none()).await.expect("it is taken");
    }
    let tokens: Vec<_> = fake.log().into_iter().filter(|asked| asked.path.starts_with("/token")).collect();
    assert!(tokens[0].path.contains("service=fake+service"), "{}", tokens[0].path);
    assert!(tokens[0].path.contains("scope=repository%3Aa%3Apull%2Cpush&scope=repository%3Ab%2Fc%3Apull%2Cpush"));
    // The mount wants to read `a` and write `b/c`: signed in to both, that is covered.
    assert_eq!(tokens.len(), 1);
}

#[tokio::test]
async fn an_identity_token_is_exchanged_by_post() {
    let fake = FakeRegistry::with(bearer(), []).await;
    let login = Login::IdentityToken { token: Secret::new("id/token"), origin: "docker-credential-x".into() };
    at(&client(), &fake.endpoint(), login).sign_in(&[repository("a")], &Progress::none()).await.expect("it is right");
    let post = fake.log().into_iter().find(|asked| asked.method == "POST").expect("it is posted");
    assert!(
        post.body.contains("grant_type=refresh_token") && post.body.contains("service=fake+service"),
        "{}",
        post.body
    );
}

#[tokio::test]
async fn wrong_credentials_are_refused_at_once_and_not_shown() {
    for auth in [Auth::Basic, bearer()] {
        let fake = FakeRegistry::with(auth, []).await;
        let registry = at(&client(), &fake.endpoint(), password("hunter2secret"));
        let error = registry.sign_in(&[repository("a")], &Progress::none()).await.expect_err("they are wrong");
        assert_eq!((error.class, error.kind.clone()), (FailureClass::Refused, ErrorKind::Credentials));
        assert!(error.message.contains("~/.docker/config.json (auths)") && error.message.contains(&fake.endpoint()));
        assert!(!format!("{error:?}").contains("hunter2secret"));
        assert!(fake.count("", "/token") + fake.count("GET", "/token") <= 2);
        assert!(fake.log().len() <= 4, "{:?}", fake.asked());
    }
}

#[tokio::test]
async fn a_registry_that_says_401_for_ever_is_not_asked_for_ever() {
    let fake = FakeRegistry::with(Auth::Bearer { realm: None, uses: 0, expires_in: "60" }, []).await;
    let registry = at(&client(), &fake.endpoint(), password("password"));
    let error = registry.sign_in(&[repository("a")], &Progress::none()).await.expect_err("it takes no token");
    assert_eq!(error.class, FailureClass::Refused);
    assert!(fake.count("GET", "/token") <= 2);
}

#[tokio::test]
async fn what_repeats_a_secret_is_masked() {
    let body = r#"{"errors":[{"code":"DENIED","message":"user:hunter2secret dXNlcjpodW50ZXIyc2VjcmV0 no"}]}"#;
    let fake = FakeRegistry::with(Auth::None, [on("*", "", Fault::Status(403, vec![], body.into())).always()]).await;
    let registry = at(&client(), &fake.endpoint(), password("hunter2secret"));
    let error = registry.sign_in(&[repository("a")], &Progress::none()).await.expect_err("it is denied");
    assert!(error.message.ends_with("DENIED: user:*** *** no"), "{error}");
    assert_eq!(error.class, FailureClass::Refused);
}

#[tokio::test]
async fn who_has_no_credentials_is_told_to_get_some() {
    let fake = FakeRegistry::with(Auth::Basic, []).await;
    let error = open(&fake).sign_in(&[repository("a")], &Progress::none()).await.expect_err("it wants some");
    assert_eq!(error.class, FailureClass::Refused);
    assert!(error.help.is_some_and(|help| help.contains("docker login")));
}

#[tokio::test]
async fn a_token_that_dies_is_renewed() {
    for expires_in in ["300", "0", "-1", "1e18", "null"] {
        let fake = FakeRegistry::with(Auth::Bearer { realm: None, uses: 3, expires_in }, []).await;
        let registry = at(&client(), &fake.endpoint(), password("password"));
        for size in 0..6 {
            registry.push_blob(&repository("a"), &blob(size), &Progress::none()).await.expect("it is taken");
        }
    }
}

#[tokio::test]
async fn a_token_server_elsewhere_gets_nothing() {
    let thief = FakeRegistry::start().await;
    let fake = FakeRegistry::with(elsewhere(thief.url("/token")), []).await;
    let registry = at(&client(), &fake.endpoint(), password("password"));
    let error = registry.sign_in(&[repository("a")], &Progress::none()).await.expect_err("it is elsewhere");
    assert_eq!((error.class, error.kind.clone()), (FailureClass::Refused, ErrorKind::Realm));
    assert!(error.message.contains(&fake.endpoint()) && error.message.contains(&thief.endpoint()), "{error}");
    assert!(error.help.is_some_and(|help| help.contains("trust-realms")));
    assert!(thief.log().is_empty());
}

#[tokio::test]
async fn a_token_server_elsewhere_is_asked_when_the_user_says_so() {
    let server = FakeRegistry::with(bearer(), []).await;
    let fake = FakeRegistry::with(elsewhere(server.url("/token")), []).await;
    let options = RegistryOptions {
        endpoint: fake.endpoint().parse().expect("an endpoint"),
        login: password("password"),
        insecure: false,
        trust_realms: vec![server.endpoint()],
    };
    // The registry does not know the other's tokens: that it was asked is what counts.
    let _ = client().registry(options).sign_in(&[repository("a")], &Progress::none()).await;
    assert_eq!(server.log().first().and_then(|asked| asked.authorization.clone()).as_deref(), Some(BASIC));
}

#[tokio::test]
async fn token_servers_that_lead_inside_are_not_connected_to() {
    for realm in
        ["https://169.254.169.254/token", "http://169.254.169.254/", "https://0.0.0.0/", "https://u:p@127.0.0.1/", "x"]
    {
        let fake = FakeRegistry::with(elsewhere(realm.to_owned()), []).await;
        let registry = at(&client(), &fake.endpoint(), password("password"));
        let error = registry.sign_in(&[repository("a")], &Progress::none()).await.expect_err(realm);
        assert!(matches!(error.kind, ErrorKind::Realm | ErrorKind::Protocol), "{realm}: {error}");
    }
}

#[tokio::test]
async fn a_token_server_does_not_redirect_us() {
    let thief = FakeRegistry::start().await;
    let to = Fault::Status(307, vec![("location", thief.url("/token"))], String::new());
    let fake = FakeRegistry::with(bearer(), [on("GET", "/token", to).always()]).await;
    let registry = at(&client(), &fake.endpoint(), password("password"));
    let error = registry.sign_in(&[repository("a")], &Progress::none()).await.expect_err("it redirects");
    assert_eq!(error.kind, ErrorKind::Redirect);
    assert!(thief.log().is_empty());
}

#[tokio::test]
async fn a_token_server_that_is_down_is_tried_again() {
    let fake = FakeRegistry::with(bearer(), [on("GET", "/token", status(500)).times(2)]).await;
    let registry = at(&client(), &fake.endpoint(), password("password"));
    let (progress, heard) = listen();
    registry.sign_in(&[repository("a")], &progress).await.expect("it comes back");
    let heard = heard.lock().expect("done").join("\n");
    assert!(heard.contains("the token server") && heard.contains("(2/6)"), "{heard}");
}

#[tokio::test]
async fn redirects_and_locations_elsewhere_get_no_credentials() {
    let other = FakeRegistry::start().await;
    let to = |code| Fault::Status(code, vec![("location", other.url("/v2/a/blobs/uploads/x"))], String::new());
    for rule in [on("POST", "/uploads/", to(307)), on("POST", "/uploads/", to(202)), on("HEAD", "/blobs/", to(302))] {
        let fake = FakeRegistry::with(Auth::Basic, [rule.after(1).always()]).await;
        let registry = at(&client(), &fake.endpoint(), password("password"));
        registry.sign_in(&[repository("a")], &Progress::none()).await.expect("they are right");
        let _ = registry.push_blob(&repository("b"), &blob(1), &Progress::none()).await;
        let error =
            registry.push_blob(&repository("a"), &blob(10), &Progress::none()).await.expect_err("plain HTTP elsewhere");
        assert_eq!(error.kind, ErrorKind::Redirect, "{error}");
    }
    assert!(other.log().is_empty());
}

#[tokio::test]
async fn redirects_end() {
    let to = Fault::Status(307, vec![("location", "/v2/a/blobs/again".to_owned())], String::new());
    let fake = FakeRegistry::with(Auth::None, [on("HEAD", "/blobs/", to).always()]).await;
    let error =
        open(&fake).push_blob(&repository("a"), &blob(10), &Progress::none()).await.expect_err("it goes in circles");
    assert_eq!(error.kind, ErrorKind::Redirect);
    assert_eq!(fake.count("HEAD", ""), 6);
}
