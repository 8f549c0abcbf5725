//! `mysql`: MySQL in a container; its user is `root`. Texts are those of Connector/NET and JDBC.

use super::service::{self, Database, Piece, PieceValue, Readiness, Recipe};
use super::spec::Spec;
use crate::model::{Generate, Scheme};

pub(super) const SPEC: Spec = service::spec("mysql", "MySQL in a container", &RECIPE);

static RECIPE: Recipe = Recipe {
    image: "docker.io/library/mysql:9.7",
    ports: &[("tcp", 3306, Scheme::Tcp)],
    username: Some("root"),
    is_username_free: false,
    password: Some(Generate::PASSWORD),
    data: "/var/lib/mysql",
    command: &[],
    args: &[],
    env: &[("MYSQL_ROOT_PASSWORD", &[Piece::Value(PieceValue::Password)])],
    texts: &[
        (
            "connection-string",
            "*",
            &[
                Piece::Text("Server="),
                Piece::Value(PieceValue::Host),
                Piece::Text(";Port="),
                Piece::Value(PieceValue::Port),
                Piece::Text(";User ID="),
                Piece::Value(PieceValue::Username),
                Piece::Text(";Password="),
                Piece::Value(PieceValue::Password),
            ],
        ),
        (
            "uri",
            "URI",
            &[
                Piece::Text("mysql://"),
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
                Piece::Text("jdbc:mysql://"),
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
                    Piece::Text("Server="),
                    Piece::Value(PieceValue::Host),
                    Piece::Text(";Port="),
                    Piece::Value(PieceValue::Port),
                    Piece::Text(";User ID="),
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
                    Piece::Text("mysql://"),
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
                    Piece::Text("jdbc:mysql://"),
                    Piece::Value(PieceValue::Host),
                    Piece::Text(":"),
                    Piece::Value(PieceValue::Port),
                    Piece::Text("/"),
                    Piece::UriEncoded(PieceValue::Database),
                ],
            ),
        ],
        first: Some("MYSQL_DATABASE"),
        script: Some(("/docker-entrypoint-initdb.d/databases.sql", "CREATE DATABASE IF NOT EXISTS `{}`;")),
        launch: None,
        is_lazy: false,
    }),
    readiness: Readiness::Tcp,
};
