//! `nats`: NATS with JetStream in a container. User and password go in by variables that its arguments name.

use super::service::{self, Piece, PieceValue, Readiness, Recipe};
use super::spec::Spec;
use crate::model::{Generate, Scheme};

pub(super) const SPEC: Spec = service::spec("nats", "NATS in a container", &RECIPE);

const ADDRESS: &[Piece] = &[
    Piece::Text("nats://"),
    Piece::UriEncoded(PieceValue::Username),
    Piece::Text(":"),
    Piece::UriEncoded(PieceValue::Password),
    Piece::Text("@"),
    Piece::Value(PieceValue::Host),
    Piece::Text(":"),
    Piece::Value(PieceValue::Port),
];

static RECIPE: Recipe = Recipe {
    image: "docker.io/library/nats:2.14-alpine",
    ports: &[("tcp", 4222, Scheme::Tcp)],
    username: Some("nats"),
    is_username_free: true,
    password: Some(Generate { special: false, ..Generate::PASSWORD }),
    data: "/var/lib/nats",
    command: &["/bin/sh"],
    args: &["-c", "exec nats-server -js -sd /var/lib/nats --user \"$NATS_USER\" --pass \"$NATS_PASSWORD\""],
    env: &[
        ("NATS_USER", &[Piece::Value(PieceValue::Username)]),
        ("NATS_PASSWORD", &[Piece::Value(PieceValue::Password)]),
    ],
    texts: &[("connection-string", "*", ADDRESS), ("uri", "URI", ADDRESS)],
    database: None,
    readiness: Readiness::Tcp,
};
