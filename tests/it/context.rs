//! Build contexts: what an engine gets to see of a folder.

mod checks;
mod ignore_tables;
mod sending;
