//! Build contexts: what an engine gets to see of a folder.

#![expect(clippy::unwrap_used, reason = "what fails here is the finding of a test")]

mod checks;
mod ignore_tables;
mod sending;
