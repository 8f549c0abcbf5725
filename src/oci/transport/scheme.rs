//! Which scheme a registry speaks.
//!
//! - Any host: `https`, and nothing else whatever happens.
//! - Loopback: `http`; `https` where the port answers, but not in HTTP.
//! - `insecure = true`: `https` with any certificate, else `http`.
//!
//! It is found out once for each registry by a request without credentials, and kept.

use super::exchange::Transport;
use super::fault::{self, Fault};
use crate::oci::Error;
use crate::oci::error::ErrorKind;
use crate::util::Progress;
use reqwest::StatusCode;
use std::sync::atomic::Ordering;
use url::Url;

impl Transport {
    /// `scheme://host[:port]/` of the registry.
    pub(in crate::oci) async fn base(&self, progress: &Progress) -> Result<&Url, Error> {
        self.base.get_or_try_init(|| self.find_base(progress)).await
    }

    /// Finds the base; whether the registry let us in then without credentials. Asking it for that
    /// once more would be answered in the same way.
    pub(in crate::oci) async fn is_open(&self, progress: &Progress) -> Result<bool, Error> {
        self.base(progress).await?;
        Ok(self.is_open.load(Ordering::Relaxed))
    }

    /// The base after it was found: every request needs it before it needs a token.
    pub(super) fn known_base(&self) -> Result<&Url, Error> {
        self.base.get().ok_or_else(|| Error::permanent(ErrorKind::Protocol, "the registry was not reached yet"))
    }

    async fn find_base(&self, progress: &Progress) -> Result<Url, Error> {
        let (https, http) = (self.url_with("https")?, self.url_with("http")?);
        let loopback = self.options.endpoint.is_loopback();
        if !loopback && !self.options.insecure {
            return Ok(https);
        }
        let mut retry = self.retry();
        loop {
            let found = if loopback { self.choose(&http, &https).await } else { self.choose(&https, &http).await };
            match found {
                Ok(url) => return Ok(url.clone()),
                Err(fault) => self.pause(&mut retry, fault, progress).await?,
            }
        }
    }

    /// The first that answers in HTTP.
    async fn choose<'a>(&self, first: &'a Url, second: &'a Url) -> Result<&'a Url, Fault> {
        let Err(fault) = self.speaks(first).await else { return Ok(first) };
        // A port that nobody listens at speaks nothing else either; `https` and `http` have
        // different ports where none is written.
        let nobody = fault.error.kind == ErrorKind::Network && fault.error.message.starts_with("cannot connect");
        if nobody && self.options.endpoint.port().is_some() || fault.error.kind == ErrorKind::Name {
            return Err(fault);
        }
        match self.speaks(second).await {
            Ok(()) => Ok(second),
            // A certificate that is not trusted: it does speak TLS, and the request will say so.
            Err(other) if other.error.kind == ErrorKind::Tls && !other.error.message.contains("not speak TLS") => {
                Err(other)
            }
            Err(_) => Err(fault),
        }
    }

    async fn speaks(&self, url: &Url) -> Result<(), Fault> {
        let host = super::realm::authority(url);
        let client = self.http.client(self.route(url, true))?;
        let ping = url.join("/v2/").map_err(|_| Error::permanent(ErrorKind::Protocol, "the endpoint makes no URL"))?;
        let mut response = match tokio::time::timeout(self.idle_timeout, client.get(ping).send()).await {
            Ok(response) => response.map_err(|error| fault::classify(&error, &host, true))?,
            Err(_) => return Err(fault::stalled(&host, self.idle_timeout)),
        };
        if url.scheme() == "http" && response.status() == StatusCode::BAD_REQUEST {
            // How servers of Go, nginx and Apache answer plain HTTP at a TLS port.
            let (body, _) = super::body::read_bounded(&mut response, 4096, self.idle_timeout, &host).await?;
            let text = String::from_utf8_lossy(&body).to_lowercase();
            if text.contains("https server") || text.contains("https port") || text.contains("ssl-enabled") {
                return Err(Fault::passing(ErrorKind::Protocol, format!("`{host}` does not answer in HTTP")));
            }
        }
        if response.status().is_success() {
            // Read to its end, the connection serves the next request.
            let _ = super::body::read_bounded(&mut response, 4096, self.idle_timeout, &host).await;
            self.is_open.store(true, Ordering::Relaxed);
        }
        if let Some(challenge) = super::exchange::challenge(response.status(), response.headers()) {
            self.auth.learn(challenge);
        }
        Ok(())
    }

    fn url_with(&self, scheme: &str) -> Result<Url, Error> {
        Url::parse(&format!("{scheme}://{}/", self.options.endpoint.dial())).map_err(|_| {
            Error::permanent(ErrorKind::Protocol, format!("the endpoint `{}` makes no URL", self.options.endpoint))
        })
    }
}
