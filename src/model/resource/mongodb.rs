//! `mongodb`: MongoDB in a container. A database comes into being when it is first written to.

use super::service::{self, Database, Piece, PieceValue, Readiness, Recipe};
use super::spec::Spec;
use crate::model::{Generate, Scheme};

pub(super) const SPEC: Spec = service::spec("mongodb", "MongoDB in a container", &RECIPE);

const ADDRESS: &[Piece] = &[
    Piece::Text("mongodb://"),
    Piece::UriEncoded(PieceValue::Username),
    Piece::Text(":"),
    Piece::UriEncoded(PieceValue::Password),
    Piece::Text("@"),
    Piece::Value(PieceValue::Host),
    Piece::Text(":"),
    Piece::Value(PieceValue::Port),
    Piece::Text("/?authSource=admin&authMechanism=SCRAM-SHA-256"),
];

const OF_DATABASE: &[Piece] = &[
    Piece::Text("mongodb://"),
    Piece::UriEncoded(PieceValue::Username),
    Piece::Text(":"),
    Piece::UriEncoded(PieceValue::Password),
    Piece::Text("@"),
    Piece::Value(PieceValue::Host),
    Piece::Text(":"),
    Piece::Value(PieceValue::Port),
    Piece::Text("/"),
    Piece::UriEncoded(PieceValue::Database),
    Piece::Text("?authSource=admin&authMechanism=SCRAM-SHA-256"),
];

static RECIPE: Recipe = Recipe {
    image: "docker.io/library/mongo:8.3",
    ports: &[("tcp", 27017, Scheme::Tcp)],
    username: Some("admin"),
    is_username_free: true,
    password: Some(Generate { special: false, ..Generate::PASSWORD }),
    data: "/data/db",
    command: &[],
    args: &[],
    env: &[
        ("MONGO_INITDB_ROOT_USERNAME", &[Piece::Value(PieceValue::Username)]),
        ("MONGO_INITDB_ROOT_PASSWORD", &[Piece::Value(PieceValue::Password)]),
    ],
    texts: &[("connection-string", "*", ADDRESS), ("uri", "URI", ADDRESS)],
    database: Some(Database {
        texts: &[("connection-string", "*", OF_DATABASE), ("uri", "URI", OF_DATABASE)],
        first: None,
        script: None,
        launch: None,
        is_lazy: true,
    }),
    readiness: Readiness::Tcp,
};
