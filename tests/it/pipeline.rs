//! Plans and their execution with fake actions: the log of events is compared as text.

mod execute;
mod plan;
mod script;
