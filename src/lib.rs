//! shipit builds, pushes and deploys several services from one manifest.
//!
//! This page is the map. What the manifest means to users stands in the README; each module's first
//! lines say what it holds and what it does not.
//!
//! # Flow
//!
//! Each arrow is one function, and its input is immutable. All before `execute` is synchronous.
//!
//! ```text
//! text ─parse→ Node              as written, every value has its place       manifest::parse
//!      ─lower→ Application       names unique, references bound, acyclic     model::load
//!      ─resolve→ ResolvedApplication   each value Known | Secret | Deferred  resolve::resolve
//!      ─plan→ Plan               steps in an acyclic graph                   ops::outline, ops::prepare
//!      ─execute→ Event… → Outcome → state                                    pipeline::execute
//! ```
//!
//! # Rooms
//!
//! A row uses only rows below it; siblings do not know each other. `tests/it/architecture.rs` holds
//! this table.
//!
//! | module | what it is for |
//! |---|---|
//! | [`cli`] | arguments, terminal, exit status; the only code that prints, reads the environment or exits |
//! | [`ops`] | one function per operation: load, check, plan, run, publish, deploy, params, init, doctor, local registry |
//! | [`environment`] | where apps run, one folder a kind: what is written for it, what it cannot do |
//! | [`pipeline`] | steps, the plan, the executor, events |
//! | [`image`] | what to build and with what: the context, the engine, the way of an image into a registry |
//! | [`azure`] | Bicep: its language, one module for each thing, the files that put them together |
//! | [`cluster`] | Kubernetes: objects applied, awaited and taken away through its API |
//! | [`resolve`] | sources of parameters in their order; expressions to values |
//! | [`model`] | the application: validated, immutable, no I/O; names, expressions, rules, the JSON Schema |
//! | [`manifest`] | text to spanned document; TOML and YAML meet here; diagnostics |
//! | [`oci`] | a registry client, and a small registry, that know nothing of shipit |
//! | [`render`] | templates, quoting, and folders of files that are written whole or not at all |
//! | [`state`] | what the last run produced: versioned, locked, written whole |
//! | [`util`] | processes, retries, files, secrets, text: no word of the domain |
//!
//! # Invariants
//!
//! - Parsing and lowering do no I/O.
//! - A [`pipeline::Plan`] is acyclic or does not exist.
//! - Workers never print; they send events.
//! - A secret ([`util::Secret`]) has no `Display`, and never reaches an event, a plan or a file that is published.
//! - Same input, same bytes out: ordered maps, no clock, no current folder below `cli`.
//!
//! # Where a new thing goes
//!
//! | to add | do |
//! |---|---|
//! | a template | a file below `templates/`, its line in `render/templates.rs` (a test compares) |
//! | a command | a file in `cli/commands/` with `Args` and `run`, one variant in `cli/arguments.rs`, its line in `cli/mod.rs`, one function in `ops`, its row in the README (a test compares) |
//! | a check of the manifest | a file in `model/rules/`, one line in `RULES`, one folder in `tests/golden/errors/` |
//! | a source of parameters | a file in `resolve/sources/`, one line in `SOURCES` |
//! | a kind of environment | a folder in `environment/` and its line in `KINDS`, its settings in `model/environment/`, its templates, goldens, a sample |
//! | a kind of app or registry | a variant in `model`, its written form in `model/written/`; the compiler lists the matches to extend |
//! | a kind of resource | a file in `model/resource/` and its line in `SPECS`, a variant of `ResourceKind`; for Azure a file in `azure/resource/` and its templates; goldens |
//! | a kind of step | a variant of `Work` in `ops/steps.rs`; the compiler asks for its action |
//! | a way to show progress | a file in `cli/report/`, one line where reporters are chosen |
//! | an environment variable | a line in `cli/env_vars.rs`, used from `cli/settings.rs`; its row in the README (a test compares) |
//! | something that `shipit doctor` looks at | a probe in `ops/examine.rs` |
//! | a place where credentials are | `oci/keychain` |
//!
//! Tests that need no engine are in `tests/it`, one file or folder an area; what the program prints is
//! in `tests/golden`, and `UPDATE_GOLDEN=1 cargo test` writes it anew: read the difference.

pub mod azure;
pub mod cli;
pub mod cluster;
pub mod environment;
pub mod image;
pub mod manifest;
pub mod model;
pub mod oci;
pub mod ops;
pub mod pipeline;
pub mod render;
pub mod resolve;
pub mod state;
pub mod util;
