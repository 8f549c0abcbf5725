//! Who knows the passwords of the registries that base images come from.

use crate::util::Secret;
use futures_util::future::BoxFuture;

/// Gives credentials for the registries that a build reads from, one at a time and only when asked.
pub trait CredentialSource: Send + Sync {
    /// The user name and password for `host` (`host[:port]`; Docker Hub is `docker.io`). An empty user
    /// name says that the secret is an identity token. `None`: go without.
    fn credentials<'a>(&'a self, host: &'a str) -> BoxFuture<'a, Option<(String, Secret)>>;
}

/// Knows none.
#[derive(Clone, Copy, Debug)]
pub struct NoCredentials;

impl CredentialSource for NoCredentials {
    fn credentials<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Option<(String, Secret)>> {
        Box::pin(std::future::ready(None))
    }
}

/// Docker Hub has several names; people know it by one.
pub(super) fn plain_host(host: &str) -> &str {
    let host = host.trim_start_matches("https://").trim_end_matches('/');
    match host {
        "registry-1.docker.io" | "index.docker.io" | "index.docker.io/v1" | "docker.io" => "docker.io",
        _ => host,
    }
}
