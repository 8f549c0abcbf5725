//! The registry behind `kind = "local"`, asked over raw HTTP: the cases of the distribution
//! specification, what it refuses, and what survives a crash.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail like tests")]

mod blobs;
mod client;
mod lists;
mod manifests;
mod safety;
mod storage;
mod uploads;
