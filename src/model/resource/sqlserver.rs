//! `sqlserver`: SQL Server in a container; its user is `sa`, its password must hold three classes of characters.

use super::service::{self, Database, Launch, Piece, PieceValue, Readiness, Recipe};
use super::spec::Spec;
use crate::model::{Generate, Scheme};

pub(super) const SPEC: Spec = service::spec("sqlserver", "SQL Server in a container", &RECIPE);

static RECIPE: Recipe = Recipe {
    image: "mcr.microsoft.com/mssql/server:2022-CU26-ubuntu-22.04",
    ports: &[("tcp", 1433, Scheme::Tcp)],
    username: Some("sa"),
    is_username_free: false,
    password: Some(Generate { min_lower: 1, min_upper: 1, min_digits: 1, ..Generate::PASSWORD }),
    data: "/var/opt/mssql",
    command: &[],
    args: &[],
    env: &[("ACCEPT_EULA", &[Piece::Text("Y")]), ("MSSQL_SA_PASSWORD", &[Piece::Value(PieceValue::Password)])],
    texts: &[
        (
            "connection-string",
            "*",
            &[
                Piece::Text("Server="),
                Piece::Value(PieceValue::Host),
                Piece::Text(","),
                Piece::Value(PieceValue::Port),
                Piece::Text(";User ID="),
                Piece::Value(PieceValue::Username),
                Piece::Text(";Password="),
                Piece::Value(PieceValue::Password),
                Piece::Text(";TrustServerCertificate=true"),
            ],
        ),
        (
            "uri",
            "URI",
            &[
                Piece::Text("mssql://"),
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
                Piece::Text("jdbc:sqlserver://"),
                Piece::Value(PieceValue::Host),
                Piece::Text(":"),
                Piece::Value(PieceValue::Port),
                Piece::Text(";trustServerCertificate=true"),
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
                    Piece::Text(","),
                    Piece::Value(PieceValue::Port),
                    Piece::Text(";User ID="),
                    Piece::Value(PieceValue::Username),
                    Piece::Text(";Password="),
                    Piece::Value(PieceValue::Password),
                    Piece::Text(";TrustServerCertificate=true;Initial Catalog="),
                    Piece::Value(PieceValue::Database),
                ],
            ),
            (
                "uri",
                "URI",
                &[
                    Piece::Text("mssql://"),
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
                    Piece::Text("jdbc:sqlserver://"),
                    Piece::Value(PieceValue::Host),
                    Piece::Text(":"),
                    Piece::Value(PieceValue::Port),
                    Piece::Text(";trustServerCertificate=true;databaseName="),
                    Piece::Value(PieceValue::Database),
                ],
            ),
        ],
        first: None,
        script: None,
        launch: Some(Launch {
            command: &["/bin/bash"],
            args: &[
                "-c",
                "until SQLCMDPASSWORD=\"$MSSQL_SA_PASSWORD\" /opt/mssql-tools18/bin/sqlcmd -C -S 127.0.0.1 -U sa -b \
                 -Q \"{}\"; do sleep 1; done >/dev/null 2>&1 & exec /opt/mssql/bin/sqlservr",
            ],
            statement: "IF DB_ID('{}') IS NULL CREATE DATABASE [{}];",
        }),
        is_lazy: false,
    }),
    readiness: Readiness::Tcp,
};
