//! The HTTP clients that a run shares, made when they are first needed.

use super::guard::{Dns, Resolver};
use crate::oci::Error;
use crate::oci::error::ErrorKind;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, Once, PoisonError};
use std::time::Duration;

/// Connections, kept apart by what is true of them.
#[derive(Debug)]
pub(in crate::oci) struct Http {
    user_agent: String,
    connect_timeout: Duration,
    resolver: Arc<Resolver>,
    clients: Mutex<BTreeMap<Route, reqwest::Client>>,
}

/// How a URL may be reached. Connections of one route never serve another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Route {
    /// Check certificates.
    pub(super) verify: bool,
    /// Use the proxy that the environment names. Never for loopback.
    pub(super) proxy: bool,
    /// Named by a registry, not by the user: no private addresses.
    pub(super) foreign: bool,
}

impl Http {
    pub(in crate::oci) fn new(user_agent: String, connect_timeout: Duration) -> Self {
        Self { user_agent, connect_timeout, resolver: Arc::default(), clients: Mutex::default() }
    }

    pub(super) fn resolver(&self) -> &Resolver {
        &self.resolver
    }

    /// Fails where the certificates that this machine trusts cannot be read.
    pub(super) fn client(&self, route: Route) -> Result<reqwest::Client, Error> {
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = clients.get(&route) {
            return Ok(client.clone());
        }
        let client = self.build(route).map_err(|error| {
            let cause = super::fault::innermost(&error);
            Error::permanent(ErrorKind::Tls, format!("TLS cannot be set up: {cause}"))
                .help("install the system's certificates (`ca-certificates`), or set SSL_CERT_FILE")
        })?;
        clients.insert(route, client.clone());
        Ok(client)
    }

    fn build(&self, route: Route) -> reqwest::Result<reqwest::Client> {
        install_crypto();
        let mut builder = reqwest::Client::builder()
            .user_agent(&self.user_agent)
            .connect_timeout(self.connect_timeout)
            // We follow redirects: what goes along depends on where they lead.
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            // One connection for each upload, so that one that stalls stops no other.
            .http1_only()
            .pool_idle_timeout(Duration::from_secs(30))
            .tcp_nodelay(true)
            // The default, 30 s, also ends a connection whose other side is slow to read; how long
            // that may last is for our own watch of the silence.
            .tcp_user_timeout(None)
            .tls_danger_accept_invalid_certs(!route.verify);
        if !route.proxy {
            builder = builder.no_proxy();
        }
        // Only foreign names are looked at; the others share the code, not the list.
        let resolver = if route.foreign { self.resolver.clone() } else { Arc::default() };
        builder = builder.dns_resolver(Dns(resolver));
        builder.build()
    }
}

/// Every crate of the tree is built without a provider of its own.
fn install_crypto() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // An error means that the process has one already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
}
