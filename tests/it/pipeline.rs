//! Plans and their execution with fake actions: the log of events is compared as text.

#![expect(clippy::unwrap_used, reason = "helpers of tests may fail like tests")]

mod execute;
mod plan;
mod script;
