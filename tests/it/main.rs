//! The hermetic tests: one binary, no engine, no network but loopback.

#![expect(unreachable_pub, reason = "tests share their helpers")]

mod architecture;
mod bicep;
mod cli;
mod cluster;
mod context;
mod engine;
mod local_registry;
mod manifest;
mod model;
mod oci;
mod pipeline;
mod publish;
mod publish_text;
mod push;
mod report;
mod resolve;
