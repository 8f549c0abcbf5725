//! The host of a registry.

use super::error::{ReferenceError, excerpt};
use std::fmt;
use std::net::Ipv6Addr;
use std::str::FromStr;

/// Host and port of a registry, without a scheme, e.g. `ghcr.io`, `localhost:5000`, `[::1]:5000`.
///
/// Kept as written; hosts that differ in case only are the same host.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Endpoint(String);

/// Docker Hub's name in image names; its registry answers elsewhere.
const HUB: &str = "docker.io";
const HUB_DIAL: &str = "registry-1.docker.io";

impl Endpoint {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The host without the port; an IPv6 address keeps its brackets.
    pub fn host(&self) -> &str {
        split_port(&self.0).0
    }

    pub fn port(&self) -> Option<u16> {
        split_port(&self.0).1.and_then(|port| port.parse().ok())
    }

    /// Whether connections to it do not leave this machine: `localhost`, names below it,
    /// `127.0.0.0/8` and `::1`.
    pub fn is_loopback(&self) -> bool {
        is_loopback_host(self.host())
    }

    /// Host and port that are connected to: its own but for Docker Hub.
    pub fn dial(&self) -> &str {
        if [HUB, "index.docker.io"].iter().any(|name| self.0.eq_ignore_ascii_case(name)) { HUB_DIAL } else { &self.0 }
    }
}

/// See [`Endpoint::is_loopback`].
pub(in crate::oci) fn is_loopback_host(host: &str) -> bool {
    let lower = host.to_ascii_lowercase();
    if lower == "localhost" || lower.ends_with(".localhost") {
        return true;
    }
    let bare = lower.trim_start_matches('[').trim_end_matches(']');
    bare.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

impl FromStr for Endpoint {
    type Err = ReferenceError;

    fn from_str(text: &str) -> Result<Self, ReferenceError> {
        if text.is_empty() {
            return Err(ReferenceError::EndpointEmpty);
        }
        // First of all, so that nothing of a password is in any of the messages below.
        if text.contains('@') {
            return Err(ReferenceError::EndpointUserinfo);
        }
        if let Some((scheme, _)) = text.split_once("://") {
            return Err(ReferenceError::EndpointScheme { scheme: excerpt(scheme) });
        }
        if let Some(slash) = text.find('/') {
            return Err(ReferenceError::EndpointPath { path: excerpt(&text[slash..]) });
        }
        check_host_and_port(text)?;
        Ok(Self(text.to_owned()))
    }
}

fn check_host_and_port(text: &str) -> Result<(), ReferenceError> {
    let (host, port) = split_port(text);
    if let Some(address) = host.strip_prefix('[') {
        check_address(address)?;
    } else {
        check_name(host)?;
    }
    match port {
        // Zero is no port that anything can listen on.
        Some(port) if !matches!(port.parse::<u16>(), Ok(1..)) || !port.bytes().all(|byte| byte.is_ascii_digit()) => {
            Err(ReferenceError::EndpointPort { port: excerpt(port) })
        }
        _ => Ok(()),
    }
}

fn split_port(text: &str) -> (&str, Option<&str>) {
    let start = match text.find(']') {
        Some(end) => end + 1,
        None if text.starts_with('[') => text.len(),
        None => 0,
    };
    match text[start..].find(':') {
        Some(colon) => (&text[..start + colon], Some(&text[start + colon + 1..])),
        None => (text, None),
    }
}

fn check_address(text: &str) -> Result<(), ReferenceError> {
    let wrong = || ReferenceError::EndpointAddress { address: excerpt(text.trim_end_matches(']')) };
    let (address, rest) = text.split_once(']').ok_or_else(wrong)?;
    if let Some(zone) = address.find('%') {
        return Err(ReferenceError::EndpointZone { zone: excerpt(&address[zone..]) });
    }
    // The grammar leaves out IPv4 inside of IPv6.
    if !rest.is_empty() || address.contains('.') || address.parse::<Ipv6Addr>().is_err() {
        return Err(wrong());
    }
    Ok(())
}

fn check_name(host: &str) -> Result<(), ReferenceError> {
    if host.is_empty() {
        return Err(ReferenceError::EndpointEmpty);
    }
    for label in host.split('.') {
        if label.is_empty() {
            return Err(ReferenceError::EndpointEmptyLabel);
        }
        if !is_domain_component(label) {
            return Err(ReferenceError::EndpointLabel { label: excerpt(label) });
        }
    }
    Ok(())
}

/// Letters, digits and hyphens, the latter not at the ends.
pub(super) fn is_domain_component(label: &str) -> bool {
    let inner = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    !label.is_empty() && label.bytes().all(inner) && !label.starts_with('-') && !label.ends_with('-')
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_with_and_without_ports_are_endpoints() {
        for text in ["ghcr.io", "localhost:5000", "[::1]:5000", "[2001:db8::1]", "a", "192.168.1.1:80", "xn--n3h.com"] {
            assert_eq!(text.parse::<Endpoint>().map(|endpoint| endpoint.to_string()), Ok(text.to_owned()));
        }
    }

    #[test]
    fn what_is_wrong_with_an_endpoint_is_said() {
        for (text, expect) in [
            ("", "the endpoint is empty"),
            (":5000", "the endpoint is empty"),
            ("https://ghcr.io", "the endpoint has a scheme, `https://`"),
            ("ghcr.io/owner", "the endpoint has a path, `/owner`"),
            ("ghcr.io/", "the endpoint has a path, `/`"),
            ("user:hunter2@ghcr.io", "the endpoint holds a user name or a password"),
            ("https://user:hunter2@ghcr.io/x", "the endpoint holds a user name or a password"),
            ("ghcr.io:70000", "`70000` is not a port"),
            ("ghcr.io:0", "`0` is not a port"),
            ("ghcr.io:+80", "`+80` is not a port"),
            ("ghcr.io:", "`` is not a port"),
            ("docker..io", "the endpoint has an empty part between its dots"),
            ("docker.io.", "the endpoint has an empty part between its dots"),
            ("-a.io", "`-a` cannot be a part of a host name"),
            ("a_b.io", "`a_b` cannot be a part of a host name"),
            ("[fe80::1%eth0]", "an IPv6 address of an endpoint has no zone, as `%eth0`"),
            ("[::1", "`::1` is not an IPv6 address"),
            ("[fd00123]", "`fd00123` is not an IPv6 address"),
            ("[::1]5000", "`::1]5000` is not an IPv6 address"),
            ("[::ffff:192.0.2.1]", "`::ffff:192.0.2.1` is not an IPv6 address"),
            ("bad\u{1b}[31m.io", "`bad\\u{1b}[31m` cannot be a part of a host name"),
        ] {
            let error = text.parse::<Endpoint>().expect_err(text);
            assert_eq!(error.to_string(), expect, "{text}");
            assert!(!format!("{error} {error:?} {}", error.help()).contains("hunter2"));
        }
    }

    #[test]
    fn docker_hub_is_connected_to_at_another_host() {
        let dial = |text: &str| text.parse::<Endpoint>().expect(text).dial().to_owned();
        assert_eq!(dial("docker.io"), "registry-1.docker.io");
        assert_eq!(dial("index.docker.io"), "registry-1.docker.io");
        assert_eq!(dial("ghcr.io"), "ghcr.io");
    }

    #[test]
    fn loopback_is_known_by_its_names() {
        for (text, expect) in [
            ("localhost", true),
            ("LocalHost:5000", true),
            ("x.localhost", true),
            ("127.0.0.2:5000", true),
            ("[::1]:5000", true),
            ("10.0.0.1", false),
            ("localhost.example.com", false),
        ] {
            assert_eq!(text.parse::<Endpoint>().expect(text).is_loopback(), expect, "{text}");
        }
    }
}
