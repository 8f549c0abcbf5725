//! Services in containers: what they are, whatever runs them. Images, ports, variables and texts are
//! data of the kinds ([`Recipe`]); an entry becomes a [`Service`] with nothing left to look up but the
//! host and the port, which only the target knows.

mod lower;
mod recipe;
mod running;

pub(super) use recipe::Launch;
pub use recipe::{Database, Piece, PieceValue, Readiness, Recipe};
pub use running::{Service, ServiceEndpoint, ValuePiece};

pub(super) use lower::{parameter, password, spec};
