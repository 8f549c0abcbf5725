//! HTTP to one registry: origin-bound credentials, redirects, retries, bounds.
//!
//! Knows URLs, statuses and tokens; does not know what is pushed. [`Transport::send`] is the one
//! place where requests are tried again; operations that must look before they try again use
//! [`Transport::attempt`] and [`Transport::pause`].

mod auth;
mod body;
mod challenge;
mod exchange;
mod fault;
mod gate;
mod guard;
mod http;
mod realm;
mod scheme;

pub(super) use auth::Scopes;
pub(super) use body::{Payload, Sent, next_chunk};
pub(super) use exchange::{Answer, Call, Content, Transport};
pub(super) use fault::Fault;
pub(super) use gate::Gates;
pub(super) use http::Http;
