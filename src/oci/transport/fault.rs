//! One try that failed: what it was, and whether another try makes sense.

use super::guard::{PrivateAddress, UnknownName};
use crate::oci::Error;
use crate::oci::error::ErrorKind;
use crate::util::FailureClass;
use crate::util::retry::{GiveUp, spoken};
use rustls::CertificateError;
use std::error::Error as StdError;
use std::io;
use std::time::Duration;

/// A failed try.
#[derive(Debug)]
pub(in crate::oci) struct Fault {
    pub(in crate::oci) error: Error,
    /// It may pass.
    pub(in crate::oci) again: bool,
    /// `Retry-After`.
    pub(in crate::oci) asked: Option<Duration>,
    pub(in crate::oci) throttled: bool,
    /// How many requests of this kind the host has answered so far, where it throttles.
    pub(in crate::oci) served: u64,
}

impl Fault {
    pub(in crate::oci) fn passing(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self { error: Error::passing(kind, message), again: true, asked: None, throttled: false, served: 0 }
    }

    /// The error that ends the tries.
    pub(in crate::oci) fn give_up(self, give_up: GiveUp) -> Error {
        let mut error = self.error;
        error.message = format!("{} ({give_up})", error.message);
        error.class = FailureClass::Passing;
        let when = match give_up {
            GiveUp::AskedTooLong { asked, .. } => format!(" in {}", spoken(asked)),
            GiveUp::Tries { .. } | GiveUp::Budget { .. } => String::new(),
        };
        error.help.get_or_insert_with(|| format!("run the same command again{when}: what arrived is not sent again"));
        error
    }

    /// What a user is told while we wait.
    pub(in crate::oci) fn notice(&self, wait: &crate::util::retry::Wait) -> String {
        let what = if self.throttled { "throttled" } else { &self.error.message };
        // The little that we add to what was asked for is nobody's concern.
        let shown = self.asked.filter(|asked| !asked.is_zero() && *asked <= wait.duration).unwrap_or(wait.duration);
        format!("{what}, waiting {} ({}/{})", spoken(shown), wait.failures, wait.tries)
    }
}

impl From<Error> for Fault {
    /// An error that no other try mends.
    fn from(error: Error) -> Self {
        Self { error, again: false, asked: None, throttled: false, served: 0 }
    }
}

/// Nothing came or went for too long.
pub(super) fn stalled(host: &str, silence: Duration) -> Fault {
    Fault::passing(ErrorKind::Stalled, format!("no progress for {} at `{host}`", spoken(silence)))
}

pub(super) fn stalled_token_server(host: &str, silence: Duration) -> Fault {
    let message = format!("no progress for {} at the token server `{host}`", spoken(silence));
    Fault::passing(ErrorKind::Stalled, message)
}

/// Takes a transport's error apart. `host` is whom we talked to.
pub(super) fn classify(error: &reqwest::Error, host: &str, insecure_helps: bool) -> Fault {
    let chain: Vec<&(dyn StdError + 'static)> =
        std::iter::successors(Some(error as &(dyn StdError + 'static)), |cause| deeper(*cause)).collect();
    for cause in &chain {
        if let Some(private) = cause.downcast_ref::<PrivateAddress>() {
            return private_address(private).into();
        }
        if let Some(unknown) = cause.downcast_ref::<UnknownName>() {
            return Error::permanent(ErrorKind::Name, unknown.to_string())
                .help("check the registry's `endpoint` and the connection to the network")
                .into();
        }
        if let Some(tls) = cause.downcast_ref::<rustls::Error>() {
            return tls_fault(tls, host, insecure_helps);
        }
    }
    if error.is_builder() || error.is_request() && chain.iter().any(|cause| is_unsendable(*cause)) {
        return Error::permanent(ErrorKind::Protocol, format!("a request to `{host}` cannot be made")).into();
    }
    if error.is_timeout() && error.is_connect() {
        return Fault::passing(ErrorKind::Network, format!("`{host}` does not answer"));
    }
    let ended = |cause: &&(dyn StdError + 'static)| {
        cause.downcast_ref::<hyper::Error>().is_some_and(hyper::Error::is_incomplete_message)
            || cause.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::UnexpectedEof)
    };
    if chain.iter().any(ended) {
        return Fault::passing(ErrorKind::Network, format!("the answer of `{host}` ended early"));
    }
    if chain.iter().any(|cause| cause.downcast_ref::<hyper::Error>().is_some_and(hyper::Error::is_parse)) {
        return Fault::passing(ErrorKind::Protocol, format!("`{host}` does not answer in HTTP"));
    }
    let verb = if error.is_connect() { "cannot connect to" } else { "the connection broke to" };
    Fault::passing(ErrorKind::Network, format!("{verb} `{host}`: {}", innermost(error)))
}

pub(super) fn private_address(private: &PrivateAddress) -> Error {
    Error::permanent(ErrorKind::Address, format!("the registry sends us to {private}; nothing was sent"))
        .help(format!("if that is right, add `trust-realms = [\"{}\"]` to the registry", private.host))
}

fn tls_fault(tls: &rustls::Error, host: &str, insecure_helps: bool) -> Fault {
    let cause = crate::oci::error::excerpt(&tls.to_string());
    let (message, help) = match tls {
        rustls::Error::InvalidMessage(_) if insecure_helps => (
            format!("`{host}` does not speak TLS: {cause}"),
            "write `insecure = true` to the registry if it speaks plain HTTP".to_owned(),
        ),
        rustls::Error::InvalidMessage(_) => {
            (format!("`{host}` does not speak TLS: {cause}"), "check host and port".to_owned())
        }
        rustls::Error::InvalidCertificate(certificate) => {
            let (why, help) = distrust(certificate);
            (format!("the certificate of `{host}` is not trusted: {why}"), help)
        }
        rustls::Error::NoCertificatesPresented | rustls::Error::Other(_) => {
            (format!("the certificate of `{host}` is not trusted: {cause}"), TRUST.to_owned())
        }
        _ => (format!("no TLS connection with `{host}`: {cause}"), "check that the port is the registry's".to_owned()),
    };
    Error::permanent(ErrorKind::Tls, message).help(help).into()
}

const TRUST: &str =
    "if it is right, let this machine trust who issued it: install that certificate, or name its file in SSL_CERT_FILE";

/// What is wrong with a certificate, in words, and what to do.
fn distrust(certificate: &CertificateError) -> (String, String) {
    let clock = "renew the certificate, or set this machine's clock".to_owned();
    match certificate {
        CertificateError::UnknownIssuer => {
            ("nobody that this machine trusts has issued it".to_owned(), TRUST.to_owned())
        }
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => ("it has expired".to_owned(), clock),
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            ("it is not valid yet".to_owned(), clock)
        }
        CertificateError::NotValidForNameContext { presented, .. } if !presented.is_empty() => {
            // `DnsName("a.example")`
            let names = presented.iter().map(|name| {
                let inner = name.split_once("(\"").and_then(|(_, rest)| rest.strip_suffix("\")")).unwrap_or(name);
                format!("`{inner}`")
            });
            let names = crate::oci::error::excerpt(&names.collect::<Vec<_>>().join(", "));
            (
                format!("it is for the name {names}"),
                "write the registry's `endpoint` as its certificate names it".to_owned(),
            )
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => (
            "it is for another name".to_owned(),
            "write the registry's `endpoint` as its certificate names it".to_owned(),
        ),
        CertificateError::Revoked => ("it was revoked".to_owned(), "get a new certificate for the registry".to_owned()),
        other => (crate::oci::error::excerpt(&other.to_string()), TRUST.to_owned()),
    }
}

fn is_unsendable(cause: &(dyn StdError + 'static)) -> bool {
    cause.downcast_ref::<hyper::Error>().is_some_and(|error| error.is_user() && !error.is_body_write_aborted())
        && deeper(cause).is_none()
}

/// An error's source; one step more than `source` where an I/O error wraps another error.
fn deeper<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a (dyn StdError + 'static)> {
    if let Some(wrapped) = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        return Some(wrapped);
    }
    error.source()
}

/// The first cause of all, for messages: what libraries wrap round it says nothing to users.
pub(super) fn innermost(error: &(dyn StdError + 'static)) -> String {
    let mut last = error;
    while let Some(next) = deeper(last) {
        last = next;
    }
    let text = last.to_string().to_lowercase();
    crate::oci::error::excerpt(text.split(" (os error").next().unwrap_or_default())
}
