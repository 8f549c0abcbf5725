//! `kafka`: Kafka in a container, one broker without a password. It tells its clients where it is, so its host stands in a variable.

use super::service::{self, Piece, PieceValue, Readiness, Recipe};
use super::spec::Spec;
use crate::model::Scheme;

pub(super) const SPEC: Spec = service::spec("kafka", "Kafka in a container", &RECIPE);

static RECIPE: Recipe = Recipe {
    image: "docker.io/confluentinc/confluent-local:8.2.0",
    ports: &[("tcp", 9092, Scheme::Tcp)],
    username: None,
    is_username_free: false,
    password: None,
    data: "/var/lib/kafka/data",
    command: &[],
    args: &[],
    env: &[
        (
            "KAFKA_LISTENERS",
            &[Piece::Text("PLAINTEXT://localhost:29092,CONTROLLER://localhost:29093,PLAINTEXT_HOST://0.0.0.0:9092")],
        ),
        (
            "KAFKA_ADVERTISED_LISTENERS",
            &[
                Piece::Text("PLAINTEXT://localhost:29092,PLAINTEXT_HOST://"),
                Piece::Value(PieceValue::Host),
                Piece::Text(":"),
                Piece::Value(PieceValue::Port),
            ],
        ),
        (
            "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP",
            &[Piece::Text("CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,PLAINTEXT_HOST:PLAINTEXT")],
        ),
        // Else they are below /tmp.
        ("KAFKA_LOG_DIRS", &[Piece::Text("/var/lib/kafka/data")]),
    ],
    texts: &[(
        "connection-string",
        "*",
        &[Piece::Value(PieceValue::Host), Piece::Text(":"), Piece::Value(PieceValue::Port)],
    )],
    database: None,
    readiness: Readiness::Tcp,
};
