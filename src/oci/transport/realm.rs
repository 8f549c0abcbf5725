//! Which token servers a registry may name: they are given the registry's credentials.

use crate::oci::Error;
use crate::oci::error::{ErrorKind, excerpt};
use crate::oci::reference::is_loopback_host;
use url::Url;

/// Token servers of another domain than their registry's. Of Docker Hub: documented at
/// <https://distribution.github.io/distribution/spec/auth/token/>.
const PAIRS: &[(&str, &str)] = &[("registry-1.docker.io", "auth.docker.io"), ("index.docker.io", "auth.docker.io")];

/// Domains below which strangers have names of their own.
const SHARED: &[&str] = &[
    "amazonaws.com",
    "amazonaws.com.cn",
    "appspot.com",
    "azure-api.net",
    "azurecontainer.io",
    "azurecontainerapps.io",
    "azurecr.cn",
    "azurecr.io",
    "azurecr.us",
    "azureedge.net",
    "azurefd.net",
    "azurewebsites.net",
    "cloudapp.azure.com",
    "cloudapp.net",
    "cloudfront.net",
    "cloudfunctions.net",
    "cloudsmith.io",
    "ddns.net",
    "digitaloceanspaces.com",
    "duckdns.org",
    "dyndns.org",
    "firebaseapp.com",
    "fly.dev",
    "github.dev",
    "github.io",
    "githubusercontent.com",
    "gitlab.io",
    "googleapis.com",
    "herokuapp.com",
    "jfrog.io",
    "linodeobjects.com",
    "local",
    "netlify.app",
    "ngrok-free.app",
    "ngrok.app",
    "ngrok.io",
    "nip.io",
    "no-ip.org",
    "ondigitalocean.app",
    "onrender.com",
    "oraclecloud.com",
    "ovh.net",
    "pages.dev",
    "pkg.dev",
    "railway.app",
    "run.app",
    "scw.cloud",
    "sslip.io",
    "svc.cluster.local",
    "trafficmanager.net",
    "trycloudflare.com",
    "vercel.app",
    "web.app",
    "windows.net",
    "workers.dev",
    "xip.io",
];

/// Second-level labels below which countries register names: `co.uk`, `com.au`.
const SECOND_LEVEL: &[&str] = &[
    "ac", "co", "com", "edu", "gen", "go", "gob", "gouv", "gov", "gv", "ltd", "mil", "ne", "net", "nom", "or", "org",
    "plc",
];

/// How a token server that may be asked is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trust {
    /// The registry's own host, or one that the user named: any address.
    Own,
    /// Its address must not be private.
    Foreign,
}

/// Whether `realm` may be given the credentials of the registry at `registry`.
pub(super) fn check(registry: &Url, realm: &str, trusted: &[String]) -> Result<(Url, Trust), Error> {
    let host = registry.host_str().unwrap_or_default();
    let url = Url::parse(realm).map_err(|_| {
        Error::permanent(ErrorKind::Protocol, format!("`{host}` names a token server by no URL: {}", excerpt(realm)))
    })?;
    let Some(realm_host) = url.host_str().filter(|_| matches!(url.scheme(), "http" | "https")) else {
        return Err(Error::permanent(
            ErrorKind::Protocol,
            format!("`{host}` names a token server by no HTTP URL: {}", excerpt(realm)),
        ));
    };
    let refuse = |why: &str| {
        let shown = authority(&url);
        Error::refused(
            ErrorKind::Realm,
            format!("`{}` wants its credentials sent to `{shown}`, {why}; they were not sent", authority(registry)),
        )
        .help(format!("if you trust it, add `trust-realms = [\"{shown}\"]` to the registry"))
    };
    if !url.username().is_empty() || url.password().is_some() {
        return Err(refuse("with a user name in the URL"));
    }
    if url.origin() == registry.origin() {
        return Ok((url, Trust::Own));
    }
    let named = trusted.iter().any(|entry| names(entry, &url));
    if url.scheme() != "https" && !(named && (is_loopback_host(realm_host) || registry.scheme() == "http")) {
        return Err(refuse("over plain HTTP"));
    }
    if named || realm_host.eq_ignore_ascii_case(host) {
        return Ok((url, Trust::Own));
    }
    if is_pair(host, realm_host) || is_family(host, realm_host) {
        return Ok((url, Trust::Foreign));
    }
    Err(refuse("which is not of its domain"))
}

/// Whether an entry of `trust-realms` (`host` or `host:port`) names the URL's host.
fn names(entry: &str, url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    entry.eq_ignore_ascii_case(host)
        || url.port_or_known_default().is_some_and(|port| entry.eq_ignore_ascii_case(&format!("{host}:{port}")))
}

/// Host and port, where it is not the scheme's own.
pub(super) fn authority(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    excerpt(&url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")))
}

fn is_pair(registry: &str, realm: &str) -> bool {
    PAIRS.iter().any(|(a, b)| registry.eq_ignore_ascii_case(a) && realm.eq_ignore_ascii_case(b))
}

/// Whether both are the same domain, or below the domain just above the registry, and that domain
/// is one owner's.
fn is_family(registry: &str, realm: &str) -> bool {
    let (registry, realm) = (registry.to_ascii_lowercase(), realm.to_ascii_lowercase());
    if [&registry, &realm].iter().any(|host| host.starts_with('[') || host.parse::<std::net::IpAddr>().is_ok()) {
        return false;
    }
    let above = registry.split_once('.').map_or("", |(_, domain)| domain);
    [registry.as_str(), above].iter().any(|domain| has_one_owner(domain) && is_at_or_below(&realm, domain))
}

fn is_at_or_below(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain).is_some_and(|before| before.is_empty() || before.ends_with('.'))
}

/// Conservative: says no to domains that are one owner's rather than yes to one that is shared.
fn has_one_owner(domain: &str) -> bool {
    let labels: Vec<&str> = domain.split('.').collect();
    let country_wide = matches!(labels[..], [second, top] if top.len() == 2 && (second.len() <= 3 && SECOND_LEVEL.contains(&second) || second.len() <= 2));
    labels.len() >= 2 && !country_wide && !SHARED.iter().any(|shared| is_at_or_below(domain, shared))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(registry: &str, realm: &str, trusted: &[&str]) -> Result<Trust, String> {
        let trusted: Vec<String> = trusted.iter().map(|&entry| entry.to_owned()).collect();
        check(&Url::parse(registry).expect(registry), realm, &trusted)
            .map(|found| found.1)
            .map_err(|error| error.message)
    }

    #[test]
    fn token_servers_of_the_registry_are_asked() {
        for (registry, realm, trusted, expect) in [
            ("https://ghcr.io", "https://ghcr.io/token", &[][..], Trust::Own),
            ("https://r.corp:5000", "https://r.corp/token", &[], Trust::Own),
            ("http://localhost:5000", "http://localhost:5000/token", &[], Trust::Own),
            ("https://registry-1.docker.io", "https://auth.docker.io/token", &[], Trust::Foreign),
            ("https://registry.gitlab.com", "https://gitlab.com/jwt/auth", &[], Trust::Foreign),
            ("https://registry.example.com", "https://auth.example.com/t", &[], Trust::Foreign),
            ("https://example.com", "https://auth.example.com/t", &[], Trust::Foreign),
            ("https://r.example.com", "https://auth.other.com/t", &["auth.other.com"], Trust::Own),
            ("https://r.example.com", "https://auth.other.com/t", &["auth.other.com:443"], Trust::Own),
            ("http://localhost:5000", "http://localhost:5001/t", &["localhost:5001"], Trust::Own),
        ] {
            assert_eq!(verdict(registry, realm, trusted), Ok(expect), "{registry} {realm}");
        }
    }

    #[test]
    fn token_servers_of_strangers_are_not_asked() {
        for (registry, realm, trusted) in [
            ("https://r.example.com", "https://evil.com/t", &[][..]),
            ("https://r.example.com", "https://evilexample.com/t", &[]),
            ("https://a.azurecr.io", "https://b.azurecr.io/t", &[]),
            ("https://a.eastus.azurecontainerapps.io", "https://b.eastus.azurecontainerapps.io/t", &[]),
            ("https://a.co.uk", "https://b.co.uk/t", &[]),
            ("https://shop.com.au", "https://evil.com.au/t", &[]),
            ("https://ghcr.io", "https://evil.io/t", &[]),
            ("https://a.github.io", "https://b.github.io/t", &[]),
            ("https://1.2.3.4", "https://2.2.3.4/t", &[]),
            ("https://r.example.com", "http://r.example.com/t", &[]),
            ("https://r.example.com", "http://auth.other.com/t", &["auth.other.com"]),
            ("http://localhost:5000", "http://localhost:5001/t", &[]),
            ("http://localhost:5000", "http://127.0.0.1:5000/t", &[]),
            ("https://r.example.com", "https://u:p@r.example.com/t", &[]),
            ("https://r.example.com", "https://r.example.com.evil.com/t", &[]),
            ("https://auth.docker.io", "https://registry-1.docker.io.evil.com/t", &[]),
            ("https://r.example.com", "ftp://r.example.com/t", &[]),
            ("https://r.example.com", "/token", &[]),
        ] {
            assert!(verdict(registry, realm, trusted).is_err(), "{registry} {realm}");
        }
    }

    #[test]
    fn the_refusal_names_both_hosts_and_the_way_out() {
        let registry = Url::parse("http://localhost:5201").expect("a URL");
        let error = check(&registry, "http://localhost:5202/token", &[]).expect_err("another origin");
        assert!(error.message.contains("`localhost:5201`") && error.message.contains("`localhost:5202`"), "{error}");
        assert_eq!(
            error.help.as_deref(),
            Some("if you trust it, add `trust-realms = [\"localhost:5202\"]` to the registry")
        );
    }
}
