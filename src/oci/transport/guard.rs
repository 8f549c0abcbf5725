//! Addresses that a registry may not send us to, looked at when the connection is made.

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};

/// Resolves names; refuses private addresses for the hosts that foreign URLs named. Other names
/// (a proxy's) pass.
#[derive(Debug, Default)]
pub(super) struct Resolver {
    watched: Mutex<BTreeSet<String>>,
}

/// The name resolves to addresses that a registry must not send us to.
#[derive(Debug, thiserror::Error)]
#[error("`{host}` has the address {address}, which is of a private network")]
pub(super) struct PrivateAddress {
    pub(super) host: String,
    pub(super) address: IpAddr,
}

/// The name has no address.
#[derive(Debug, thiserror::Error)]
#[error("the name `{host}` is not known: {reason}")]
pub(super) struct UnknownName {
    pub(super) host: String,
    pub(super) reason: String,
}

impl Resolver {
    /// From now on `host` must not lead to a private address.
    pub(super) fn watch(&self, host: &str) {
        self.watched.lock().unwrap_or_else(PoisonError::into_inner).insert(host.to_ascii_lowercase());
    }

    fn is_watched(&self, host: &str) -> bool {
        self.watched.lock().unwrap_or_else(PoisonError::into_inner).contains(&host.to_ascii_lowercase())
    }
}

/// The [`Resolver`] as `reqwest` wants it.
#[derive(Clone, Debug)]
pub(super) struct Dns(pub(super) Arc<Resolver>);

impl Resolve for Dns {
    fn resolve(&self, name: Name) -> Resolving {
        let host = name.as_str().to_owned();
        let watched = self.0.is_watched(&host);
        Box::pin(async move {
            let unknown = |reason: String| UnknownName { host: host.clone(), reason };
            let found: Vec<SocketAddr> = tokio::net::lookup_host((host.as_str(), 0))
                .await
                .map_err(|error| unknown(error.to_string()))?
                .collect();
            let first = found.first().ok_or_else(|| unknown("it has no address".to_owned()))?.ip();
            if !watched {
                return Ok(Box::new(found.into_iter()) as Addrs);
            }
            let public: Vec<_> = found.into_iter().filter(|address| !is_private(address.ip())).collect();
            if public.is_empty() {
                return Err(PrivateAddress { host, address: first }.into());
            }
            Ok(Box::new(public.into_iter()) as Addrs)
        })
    }
}

/// A host that is written as an address, which no resolver sees.
pub(super) fn check_literal(host: &url::Host<&str>) -> Result<(), PrivateAddress> {
    let address: IpAddr = match host {
        url::Host::Domain(_) => return Ok(()),
        url::Host::Ipv4(address) => (*address).into(),
        url::Host::Ipv6(address) => (*address).into(),
    };
    if is_private(address) { Err(PrivateAddress { host: host.to_string(), address }) } else { Ok(()) }
}

/// Loopback, private, link-local (where clouds keep their metadata), shared, unspecified,
/// multicast, reserved, and IPv6 forms of these (IANA special-purpose address registries).
pub(super) fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_private_v4(address),
        IpAddr::V6(address) => is_private_v6(address),
    }
}

fn is_private_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_multicast()
        || address.is_documentation()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a == 198 && (b == 18 || b == 19))
        || (a, b, c) == (192, 0, 0)
        // Azure's wire server: a public address that answers inside of every virtual machine.
        || address == Ipv4Addr::new(168, 63, 129, 16)
}

fn is_private_v6(address: Ipv6Addr) -> bool {
    let segments = address.segments();
    let embedded = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        is_private_v4(Ipv4Addr::new(a, b, c, d))
    };
    address.is_loopback()
        || address.is_unspecified()
        || address.is_multicast()
        || address.is_unique_local()
        || address.is_unicast_link_local()
        || (segments[..5] == [0; 5] && embedded(segments[6], segments[7]))
        // NAT64, 6to4
        || (segments[..6] == [0x64, 0xff9b, 0, 0, 0, 0] && embedded(segments[6], segments[7]))
        || (segments[..2] == [0x64, 0xff9b] && segments[2] == 1)
        || (segments[0] == 0x2002 && embedded(segments[1], segments[2]))
        || (segments[0] == 0x2001 && segments[1] == 0xdb8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_addresses_are_known_in_every_form() {
        for (address, expect) in [
            ("127.0.0.1", true),
            ("10.1.2.3", true),
            ("172.16.0.1", true),
            ("192.168.0.1", true),
            ("169.254.169.254", true),
            ("168.63.129.16", true),
            ("0.0.0.0", true),
            ("100.64.0.1", true),
            ("224.0.0.1", true),
            ("255.255.255.255", true),
            ("8.8.8.8", false),
            ("172.32.0.1", false),
            ("::1", true),
            ("::", true),
            ("fe80::1", true),
            ("fd00::1", true),
            ("::ffff:127.0.0.1", true),
            ("::ffff:8.8.8.8", false),
            ("64:ff9b::a00:1", true),
            ("2002:7f00:1::", true),
            ("2606:4700::1111", false),
        ] {
            assert_eq!(is_private(address.parse().expect(address)), expect, "{address}");
        }
    }

    #[tokio::test]
    async fn a_watched_name_must_not_lead_inside() {
        let resolver = Arc::new(Resolver::default());
        let lookup = || Dns(resolver.clone()).resolve("localhost".parse().expect("a name"));
        assert!(lookup().await.is_ok());
        resolver.watch("LocalHost");
        let error = lookup().await.map(|_| ()).expect_err("it is watched");
        assert!(error.downcast_ref::<PrivateAddress>().is_some());
    }
}
