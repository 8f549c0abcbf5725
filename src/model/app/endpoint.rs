//! Ports that an app listens on.

use crate::manifest::{Span, Spanned};
use std::collections::BTreeMap;

#[derive(Clone, Debug)]
pub struct Endpoint {
    /// Where its name stands.
    pub span: Span,
    /// Port that the app listens on.
    pub target_port: Option<Spanned<u16>>,
    /// Port that others see; default: the environment's choice.
    pub port: Option<Spanned<u16>>,
    /// Default: `http`, at the place of the name.
    pub scheme: Spanned<Scheme>,
    /// Reached from outside of the environment.
    pub external: bool,
}

/// What an endpoint speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scheme {
    #[default]
    Http,
    Https,
    Http2,
    Grpc,
    Ws,
    Wss,
    Tcp,
    Udp,
}

impl Endpoint {
    /// Endpoints in the order of the manifest.
    pub fn in_order(endpoints: &BTreeMap<String, Self>) -> Vec<(&str, &Self)> {
        let mut list: Vec<(&str, &Self)> = endpoints.iter().map(|(name, endpoint)| (name.as_str(), endpoint)).collect();
        list.sort_by_key(|(_, endpoint)| endpoint.span.start);
        list
    }
}

impl Scheme {
    pub const ALL: [Self; 8] =
        [Self::Http, Self::Https, Self::Http2, Self::Grpc, Self::Ws, Self::Wss, Self::Tcp, Self::Udp];

    /// What a manifest calls it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
            Self::Http2 => "http2",
            Self::Grpc => "grpc",
            Self::Ws => "ws",
            Self::Wss => "wss",
            Self::Tcp => "tcp",
            Self::Udp => "udp",
        }
    }

    /// Whether it is made of HTTP requests, so that a proxy can tell hosts and paths apart.
    pub fn is_http(self) -> bool {
        match self {
            Self::Http | Self::Https | Self::Http2 | Self::Grpc | Self::Ws | Self::Wss => true,
            Self::Tcp | Self::Udp => false,
        }
    }

    /// Whether it needs HTTP/2 from end to end.
    pub fn is_http2(self) -> bool {
        matches!(self, Self::Http2 | Self::Grpc)
    }
}
