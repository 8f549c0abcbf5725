//! What is known of a kind of service before anything is read.

use crate::model::{Generate, Scheme};

/// What a kind of service is.
#[derive(Debug)]
pub struct Recipe {
    /// With its host and pinned by its version.
    pub image: &'static str,
    /// Ports that it listens on: name, number, scheme. The first is the one that is meant by
    /// `Piece::Port`.
    pub ports: &'static [(&'static str, u16, Scheme)],
    /// Its user when nothing else is said; `None`: it knows none.
    pub username: Option<&'static str>,
    /// Whether another user can be chosen.
    pub is_username_free: bool,
    /// Rules for its password; `None`: it wants none.
    pub password: Option<Generate>,
    /// Folder of its data.
    pub data: &'static str,
    /// Instead of the image's entry point.
    pub command: &'static [&'static str],
    pub args: &'static [&'static str],
    pub env: &'static [(&'static str, &'static [Piece])],
    /// The texts that reach it: property, ending of the variable (`*`: connection string), pieces.
    pub texts: &'static [(&'static str, &'static str, &'static [Piece])],
    pub database: Option<Database>,
    pub readiness: Readiness,
}

/// What a service knows of databases.
#[derive(Debug)]
pub struct Database {
    /// The texts that reach one of them.
    pub texts: &'static [(&'static str, &'static str, &'static [Piece])],
    /// The variable that makes the first one.
    pub first: Option<&'static str>,
    /// How the image makes the others: a file that it runs on its first start, and the statement for
    /// each of them, with `{}` in the place of its name.
    pub script: Option<(&'static str, &'static str)>,
    /// How they are made where the image runs no files.
    pub launch: Option<Launch>,
    /// Whether a database comes into being when it is used.
    pub is_lazy: bool,
}

/// A program that makes the databases while it starts the service, in the place of the image's own.
#[derive(Debug)]
pub struct Launch {
    pub command: &'static [&'static str],
    /// With `{}` where the statements go.
    pub args: &'static [&'static str],
    /// For each database, with `{}` in the places of its name; it does nothing to one that is there.
    pub statement: &'static str,
}

/// How one sees that a service answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Readiness {
    /// It takes connections on its first port.
    Tcp,
    /// It answers on this port and path with a success.
    Http(u16, &'static str),
}

/// A piece of a text of a recipe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece {
    Text(&'static str),
    Value(PieceValue),
    /// Percent-encoded.
    UriEncoded(PieceValue),
}

/// What a text of a recipe may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PieceValue {
    /// Name by which apps of the same environment reach it.
    Host,
    /// Of its first endpoint, as they see it.
    Port,
    Username,
    Password,
    /// Only in texts of a database.
    Database,
}
