//! `postgres`: PostgreSQL in a container. Texts are those of Npgsql, libpq and JDBC.

use super::service::{self, Database, Piece, PieceValue, Readiness, Recipe};
use super::spec::Spec;
use crate::model::{Generate, Scheme};

pub(super) const SPEC: Spec = service::spec("postgres", "PostgreSQL in a container", &RECIPE);

static RECIPE: Recipe = Recipe {
    image: "docker.io/library/postgres:18.3",
    ports: &[("tcp", 5432, Scheme::Tcp)],
    username: Some("postgres"),
    is_username_free: true,
    password: Some(Generate::PASSWORD),
    data: "/var/lib/postgresql",
    command: &[],
    args: &[],
    env: &[
        ("POSTGRES_HOST_AUTH_METHOD", &[Piece::Text("scram-sha-256")]),
        ("POSTGRES_INITDB_ARGS", &[Piece::Text("--auth-host=scram-sha-256 --auth-local=scram-sha-256")]),
        // Inside of the volume in every version: before 18 the images keep a volume of their own below it.
        ("PGDATA", &[Piece::Text("/var/lib/postgresql/pgdata")]),
        ("POSTGRES_USER", &[Piece::Value(PieceValue::Username)]),
        ("POSTGRES_PASSWORD", &[Piece::Value(PieceValue::Password)]),
    ],
    texts: &[
        (
            "connection-string",
            "*",
            &[
                Piece::Text("Host="),
                Piece::Value(PieceValue::Host),
                Piece::Text(";Port="),
                Piece::Value(PieceValue::Port),
                Piece::Text(";Username="),
                Piece::Value(PieceValue::Username),
                Piece::Text(";Password="),
                Piece::Value(PieceValue::Password),
            ],
        ),
        (
            "uri",
            "URI",
            &[
                Piece::Text("postgresql://"),
                Piece::UriEncoded(PieceValue::Username),
                Piece::Text(":"),
                Piece::UriEncoded(PieceValue::Password),
                Piece::Text("@"),
                Piece::Value(PieceValue::Host),
                Piece::Text(":"),
                Piece::Value(PieceValue::Port),
            ],
        ),
        (
            "jdbc",
            "JDBCCONNECTIONSTRING",
            &[
                Piece::Text("jdbc:postgresql://"),
                Piece::Value(PieceValue::Host),
                Piece::Text(":"),
                Piece::Value(PieceValue::Port),
            ],
        ),
    ],
    database: Some(Database {
        texts: &[
            (
                "connection-string",
                "*",
                &[
                    Piece::Text("Host="),
                    Piece::Value(PieceValue::Host),
                    Piece::Text(";Port="),
                    Piece::Value(PieceValue::Port),
                    Piece::Text(";Username="),
                    Piece::Value(PieceValue::Username),
                    Piece::Text(";Password="),
                    Piece::Value(PieceValue::Password),
                    Piece::Text(";Database="),
                    Piece::Value(PieceValue::Database),
                ],
            ),
            (
                "uri",
                "URI",
                &[
                    Piece::Text("postgresql://"),
                    Piece::UriEncoded(PieceValue::Username),
                    Piece::Text(":"),
                    Piece::UriEncoded(PieceValue::Password),
                    Piece::Text("@"),
                    Piece::Value(PieceValue::Host),
                    Piece::Text(":"),
                    Piece::Value(PieceValue::Port),
                    Piece::Text("/"),
                    Piece::UriEncoded(PieceValue::Database),
                ],
            ),
            (
                "jdbc",
                "JDBCCONNECTIONSTRING",
                &[
                    Piece::Text("jdbc:postgresql://"),
                    Piece::Value(PieceValue::Host),
                    Piece::Text(":"),
                    Piece::Value(PieceValue::Port),
                    Piece::Text("/"),
                    Piece::UriEncoded(PieceValue::Database),
                ],
            ),
        ],
        first: Some("POSTGRES_DB"),
        script: Some(("/docker-entrypoint-initdb.d/databases.sql", "CREATE DATABASE \"{}\";")),
        launch: None,
        is_lazy: false,
    }),
    readiness: Readiness::Tcp,
};
