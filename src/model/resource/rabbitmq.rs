//! `rabbitmq`: RabbitMQ in a container.

use super::service::{self, Piece, PieceValue, Readiness, Recipe};
use super::spec::Spec;
use crate::model::{Generate, Scheme};

pub(super) const SPEC: Spec = service::spec("rabbitmq", "RabbitMQ in a container", &RECIPE);

const ADDRESS: &[Piece] = &[
    Piece::Text("amqp://"),
    Piece::UriEncoded(PieceValue::Username),
    Piece::Text(":"),
    Piece::UriEncoded(PieceValue::Password),
    Piece::Text("@"),
    Piece::Value(PieceValue::Host),
    Piece::Text(":"),
    Piece::Value(PieceValue::Port),
];

static RECIPE: Recipe = Recipe {
    image: "docker.io/library/rabbitmq:4.3",
    ports: &[("tcp", 5672, Scheme::Tcp)],
    username: Some("guest"),
    is_username_free: true,
    password: Some(Generate { special: false, ..Generate::PASSWORD }),
    data: "/var/lib/rabbitmq",
    command: &[],
    args: &[],
    env: &[
        // The folder of its data is called like the node, and the node like its host, which changes.
        ("RABBITMQ_NODENAME", &[Piece::Text("rabbit@localhost")]),
        ("RABBITMQ_DEFAULT_USER", &[Piece::Value(PieceValue::Username)]),
        ("RABBITMQ_DEFAULT_PASS", &[Piece::Value(PieceValue::Password)]),
    ],
    texts: &[("connection-string", "*", ADDRESS), ("uri", "URI", ADDRESS)],
    database: None,
    readiness: Readiness::Tcp,
};
