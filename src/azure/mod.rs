//! What is Azure's own: its language, and (later) its control plane.
//!
//! Knows nothing of the application that is deployed.

pub mod bicep;
