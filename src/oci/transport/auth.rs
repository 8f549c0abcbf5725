//! Signing in: Basic, Bearer tokens and their cache. Credentials leave only for the registry's own
//! origin and for token servers that [`realm`] lets pass.

use super::challenge::Challenge;
use super::exchange::Transport;
use super::fault::{self, Fault};
use super::realm::{self, Trust};
use super::{body, guard};
use crate::oci::error::{ErrorKind, excerpt};
use crate::oci::{Error, Login, Repository};
use crate::util::Secret;
use base64::Engine as _;
use reqwest::header::{AUTHORIZATION, HeaderValue};
use reqwest::{Method, StatusCode};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use url::Url;

/// The most that is read of a token server's answer.
const TOKEN_LIMIT: usize = 64 * 1024;
/// The specification's default, which is the least that we believe.
const SHORTEST_LIFE: Duration = Duration::from_secs(60);
const LONGEST_LIFE: Duration = Duration::from_secs(24 * 3600);

/// What a request must be allowed to do: repositories and actions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::oci) struct Scopes(BTreeMap<String, BTreeSet<String>>);

/// What is known of signing in to one registry.
#[derive(Debug, Default)]
pub(super) struct Auth {
    challenge: Mutex<Option<Challenge>>,
    tokens: Mutex<Vec<Arc<Token>>>,
    /// One lock for each set of scopes, so that a token is fetched once for all who wait for it.
    fetching: Mutex<BTreeMap<String, Arc<tokio::sync::Mutex<()>>>>,
}

#[derive(Debug)]
pub(super) struct Token {
    scopes: Scopes,
    secret: Secret,
    issued: Instant,
    /// By the monotonic clock: the time of day may be wrong, here and there.
    dies: Instant,
}

/// What goes into the header of one request.
#[derive(Clone, Debug)]
pub(super) enum Authorization {
    None,
    Basic(HeaderValue),
    Bearer(HeaderValue),
}

impl Scopes {
    pub(in crate::oci) fn pull(repository: &Repository) -> Self {
        Self::default().and(repository, &["pull"])
    }

    pub(in crate::oci) fn push(repository: &Repository) -> Self {
        Self::default().and(repository, &["pull", "push"])
    }

    pub(in crate::oci) fn and(mut self, repository: &Repository, actions: &[&str]) -> Self {
        let set = self.0.entry(repository.as_str().to_owned()).or_default();
        set.extend(actions.iter().map(|&action| action.to_owned()));
        self
    }

    /// As the token protocol writes them.
    fn texts(&self) -> Vec<String> {
        let join = |actions: &BTreeSet<String>| actions.iter().map(String::as_str).collect::<Vec<_>>().join(",");
        self.0.iter().map(|(name, actions)| format!("repository:{name}:{}", join(actions))).collect()
    }

    fn covers(&self, other: &Self) -> bool {
        other.0.iter().all(|(name, actions)| self.0.get(name).is_some_and(|own| own.is_superset(actions)))
    }
}

impl Auth {
    pub(super) fn learn(&self, challenge: Challenge) {
        *lock(&self.challenge) = Some(challenge);
    }

    pub(super) fn challenge(&self) -> Option<Challenge> {
        lock(&self.challenge).clone()
    }

    /// The registry took no token for `scopes` that was there at `sent`: neither will it take the
    /// others of that time.
    pub(super) fn forget(&self, scopes: &Scopes, sent: Instant) {
        lock(&self.tokens).retain(|token| token.issued > sent || !token.scopes.covers(scopes));
    }

    fn cached(&self, scopes: &Scopes) -> Option<Arc<Token>> {
        let mut tokens = lock(&self.tokens);
        let now = Instant::now();
        tokens.retain(|token| token.dies > now);
        tokens.iter().find(|token| token.scopes.covers(scopes)).cloned()
    }

    fn fetching(&self, key: &str) -> Arc<tokio::sync::Mutex<()>> {
        lock(&self.fetching).entry(key.to_owned()).or_default().clone()
    }

    /// Every secret that a foreign text could repeat.
    fn secrets(&self) -> Vec<Secret> {
        lock(&self.tokens).iter().map(|token| token.secret.clone()).collect()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Authorization {
    pub(super) fn header(&self) -> Option<&HeaderValue> {
        match self {
            Self::None => None,
            Self::Basic(value) | Self::Bearer(value) => Some(value),
        }
    }
}

impl Transport {
    /// What a request that needs `scopes` goes out with, as far as the registry's wishes are known.
    pub(super) async fn authorization(&self, scopes: &Scopes) -> Result<Authorization, Fault> {
        match self.auth.challenge() {
            None => Ok(Authorization::None),
            Some(Challenge::Basic) => Ok(self.basic().map_or(Authorization::None, Authorization::Basic)),
            Some(Challenge::Bearer { realm, service, scope }) => {
                let token = self.token(scopes, &realm, service.as_deref(), scope.as_deref()).await?;
                let header = hidden(format!("Bearer {}", token.secret.expose())).ok_or_else(|| {
                    Error::permanent(ErrorKind::Protocol, "the token server's token cannot be sent in a header")
                })?;
                Ok(Authorization::Bearer(header))
            }
        }
    }

    pub(super) fn basic(&self) -> Option<HeaderValue> {
        match &self.options.login {
            Login::Password { username, password, .. } => {
                let pair = Secret::new(format!("{username}:{}", password.expose()));
                let encoded = base64::engine::general_purpose::STANDARD.encode(pair.expose());
                hidden(format!("Basic {encoded}"))
            }
            Login::Anonymous | Login::IdentityToken { .. } => None,
        }
    }

    async fn token(
        &self,
        scopes: &Scopes,
        realm: &str,
        service: Option<&str>,
        scope: Option<&str>,
    ) -> Result<Arc<Token>, Fault> {
        if let Some(token) = self.auth.cached(scopes) {
            return Ok(token);
        }
        let mut texts = scopes.texts();
        // A scope that the registry asked for and that is not about a repository (`registry:…`).
        let asked = scope.unwrap_or_default().split(' ').filter(|text| !text.is_empty());
        texts.extend(asked.filter(|text| !text.starts_with("repository:")).map(str::to_owned));
        let turn = self.auth.fetching(&texts.join(" "));
        let _turn = turn.lock().await;
        if let Some(token) = self.auth.cached(scopes) {
            return Ok(token);
        }
        let base = self.known_base()?;
        let (realm, trust) = realm::check(base, realm, &self.options.trust_realms)?;
        let (secret, life) = self.fetch(&realm, trust, service, &texts).await?;
        let issued = Instant::now();
        let token = Arc::new(Token { scopes: scopes.clone(), secret, issued, dies: issued + life });
        lock(&self.auth.tokens).push(token.clone());
        Ok(token)
    }

    /// Asks the token server, once (Docker's token authentication, and its OAuth2 form for identity
    /// tokens). Follows no redirects.
    async fn fetch(
        &self,
        realm: &Url,
        trust: Trust,
        service: Option<&str>,
        scopes: &[String],
    ) -> Result<(Secret, Duration), Fault> {
        let host = realm::authority(realm);
        let own = trust == Trust::Own;
        if !own {
            let name =
                realm.host().ok_or_else(|| Error::permanent(ErrorKind::Protocol, "a token server without a host"))?;
            guard::check_literal(&name).map_err(|private| fault::private_address(&private))?;
            self.http.resolver().watch(&name.to_string());
        }
        let client = self.http.client(self.route(realm, own))?;
        let request = match &self.options.login {
            Login::IdentityToken { token, .. } => {
                let form = refresh_form(token, service, scopes);
                client
                    .request(Method::POST, realm.clone())
                    .header(reqwest::header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                    .body(form.expose().to_owned())
            }
            Login::Password { username, .. } => {
                let url = with_query(realm, service, scopes, Some(username));
                client.request(Method::GET, url).header(AUTHORIZATION, self.basic().ok_or_else(|| self.unsendable())?)
            }
            Login::Anonymous => client.request(Method::GET, with_query(realm, service, scopes, None)),
        };
        let idle = self.idle_timeout;
        let mut response = match tokio::time::timeout(idle, request.send()).await {
            Ok(response) => response.map_err(|error| fault::classify(&error, &host, false))?,
            Err(_) => return Err(fault::stalled_token_server(&host, idle)),
        };
        let (status, headers) = (response.status(), response.headers().clone());
        let (bytes, whole) = body::read_bounded(&mut response, TOKEN_LIMIT, idle, &host).await?;
        if status.is_success() {
            return if whole { read_token(&bytes, &host) } else { Err(oversized(&host).into()) };
        }
        Err(self.token_refused(status, &headers, &bytes, &host))
    }

    fn token_refused(
        &self,
        status: StatusCode,
        headers: &reqwest::header::HeaderMap,
        body: &[u8],
        host: &str,
    ) -> Fault {
        if super::exchange::is_passing(status) {
            return self.status_fault(status, headers, host, "the token server ");
        }
        let said = self.foreign(body, headers);
        if status.is_redirection() {
            return Error::permanent(
                ErrorKind::Redirect,
                format!("the token server `{host}` redirects, which is not followed"),
            )
            .status(status)
            .into();
        }
        if matches!(status, StatusCode::BAD_REQUEST | StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) {
            return self.refusal(status, &said).into();
        }
        Error::permanent(
            ErrorKind::Status,
            format!("the token server `{host}` answered {}{said}", super::exchange::name(status)),
        )
        .status(status)
        .into()
    }

    fn unsendable(&self) -> Error {
        Error::refused(ErrorKind::Credentials, "the user name or the password cannot be sent in a header")
    }

    /// The registry, or its token server, does not take who we are.
    pub(super) fn refusal(&self, status: StatusCode, said: &str) -> Error {
        let endpoint = &self.options.endpoint;
        let status_name = super::exchange::name(status);
        let error = match (&self.options.login, status) {
            (Login::Anonymous, _) => Error::refused(
                ErrorKind::Credentials,
                format!("`{endpoint}` wants credentials and there are none for it: it answered {status_name}{said}"),
            )
            .help(format!("give the registry `username` and `password`, or run `docker login {endpoint}`")),
            (Login::Password { origin, .. } | Login::IdentityToken { origin, .. }, StatusCode::FORBIDDEN) => Error::refused(
                ErrorKind::Credentials,
                format!("`{endpoint}` does not permit this with the credentials from {origin}: it answered {status_name}{said}"),
            )
            .help("check that the account may push to this repository, and that its token has the scope for it"),
            (Login::Password { origin, .. } | Login::IdentityToken { origin, .. }, _) => Error::refused(
                ErrorKind::Credentials,
                format!("`{endpoint}` refused the credentials from {origin}: it answered {status_name}{said}"),
            )
            .help(format!("check user name and password, or run `docker login {endpoint}` again")),
        };
        error.status(status)
    }

    /// Removes what is secret from a foreign text, should the other side repeat it.
    pub(super) fn mask(&self, text: &str) -> String {
        let mut secrets = self.auth.secrets();
        match &self.options.login {
            Login::Anonymous => {}
            Login::IdentityToken { token, .. } => secrets.push(token.clone()),
            Login::Password { username, password, .. } => {
                secrets.push(password.clone());
                let encoded =
                    base64::engine::general_purpose::STANDARD.encode(format!("{username}:{}", password.expose()));
                secrets.push(Secret::new(encoded));
            }
        }
        let mut text = text.to_owned();
        for secret in secrets.iter().filter(|secret| secret.expose().len() >= 4) {
            text = text.replace(secret.expose(), "***");
        }
        text
    }
}

fn hidden(text: String) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(&text).ok()?;
    value.set_sensitive(true);
    Some(value)
}

fn with_query(realm: &Url, service: Option<&str>, scopes: &[String], account: Option<&str>) -> Url {
    let mut url = realm.clone();
    {
        let mut query = url.query_pairs_mut();
        if let Some(service) = service {
            query.append_pair("service", service);
        }
        if let Some(account) = account {
            query.append_pair("account", account);
        }
        for scope in scopes {
            query.append_pair("scope", scope);
        }
    }
    if url.query() == Some("") {
        url.set_query(None);
    }
    url
}

fn refresh_form(token: &Secret, service: Option<&str>, scopes: &[String]) -> Secret {
    let mut form = String::from("grant_type=refresh_token&client_id=shipit");
    let mut add = |name: &str, value: &str| {
        let encoded: String = url::form_urlencoded::byte_serialize(value.as_bytes()).collect();
        write!(form, "&{name}={encoded}").expect("writing to a String cannot fail");
    };
    add("service", service.unwrap_or_default());
    add("scope", &scopes.join(" "));
    add("refresh_token", token.expose());
    Secret::new(form)
}

fn oversized(host: &str) -> Error {
    Error::permanent(ErrorKind::Protocol, format!("the token server `{host}` answered more than 64 KiB"))
}

fn read_token(body: &[u8], host: &str) -> Result<(Secret, Duration), Fault> {
    let answer: serde_json::Value = serde_json::from_slice(body).map_err(|_| {
        Error::permanent(ErrorKind::Protocol, format!("the token server `{}` answered no JSON", excerpt(host)))
    })?;
    let text = |name: &str| answer.get(name).and_then(serde_json::Value::as_str).filter(|text| !text.is_empty());
    let token = text("token").or_else(|| text("access_token")).ok_or_else(|| {
        Error::permanent(ErrorKind::Protocol, format!("the token server `{}` answered no token", excerpt(host)))
    })?;
    let seconds = answer.get("expires_in").and_then(|value| {
        value
            .as_f64()
            .or_else(|| value.as_str().and_then(|text| text.parse().ok()))
            .filter(|seconds| seconds.is_finite())
    });
    let seconds = seconds.unwrap_or(0.0).clamp(SHORTEST_LIFE.as_secs_f64(), LONGEST_LIFE.as_secs_f64());
    // Not to the last second: a request is on its way for a while.
    Ok((Secret::new(token), Duration::from_secs_f64(seconds * 0.9)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nonsense_about_a_tokens_life_is_survived() {
        for (expires, least, most) in [
            ("300", 260, 300),
            ("0", 50, 60),
            ("-1", 50, 60),
            ("1e18", 70_000, 86_400),
            ("\"300\"", 260, 300),
            ("null", 50, 60),
            ("[]", 50, 60),
        ] {
            let body = format!(r#"{{"token":"t","expires_in":{expires},"issued_at":"1970-01-01T00:00:00Z"}}"#);
            let (_, life) = read_token(body.as_bytes(), "a").expect(expires);
            assert!((least..=most).contains(&life.as_secs()), "{expires}: {life:?}");
        }
        assert!(read_token(br#"{"access_token":"t"}"#, "a").is_ok());
        assert!(read_token(br#"{"token":""}"#, "a").is_err());
        assert!(read_token(b"<html>", "a").is_err());
    }

    #[test]
    fn a_token_for_more_serves_for_less() {
        let name = |text: &str| text.parse::<Repository>().expect(text);
        let both = Scopes::push(&name("a")).and(&name("b"), &["pull"]);
        assert_eq!(both.texts(), ["repository:a:pull,push", "repository:b:pull"]);
        assert!(both.covers(&Scopes::pull(&name("a"))) && both.covers(&Scopes::default()));
        assert!(!both.covers(&Scopes::push(&name("b"))) && !both.covers(&Scopes::pull(&name("c"))));
    }

    #[test]
    fn what_goes_into_a_url_is_encoded() {
        let realm = Url::parse("https://a/t?x=1").expect("a URL");
        let url = with_query(&realm, Some("a b&c"), &["repository:a:pull".to_owned()], None);
        assert_eq!(url.as_str(), "https://a/t?x=1&service=a+b%26c&scope=repository%3Aa%3Apull");
    }
}
