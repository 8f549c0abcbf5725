//! `minio`: MinIO in a container: the API of S3 and a console.

use super::service::{self, Piece, PieceValue, Readiness, Recipe};
use super::spec::Spec;
use crate::model::{Generate, Scheme};

pub(super) const SPEC: Spec = service::spec("minio", "MinIO in a container", &RECIPE);

static RECIPE: Recipe = Recipe {
    image: "docker.io/minio/minio:RELEASE.2025-09-07T16-13-09Z",
    ports: &[("http", 9000, Scheme::Http), ("console", 9001, Scheme::Http)],
    username: Some("minioadmin"),
    is_username_free: true,
    password: Some(Generate { special: false, ..Generate::PASSWORD }),
    data: "/data",
    command: &[],
    args: &["server", "/data", "--console-address", ":9001"],
    env: &[
        ("MINIO_ROOT_USER", &[Piece::Value(PieceValue::Username)]),
        ("MINIO_ROOT_PASSWORD", &[Piece::Value(PieceValue::Password)]),
    ],
    texts: &[
        (
            "connection-string",
            "*",
            &[
                Piece::Text("Endpoint=http://"),
                Piece::Value(PieceValue::Host),
                Piece::Text(":"),
                Piece::Value(PieceValue::Port),
                Piece::Text(";AccessKey="),
                Piece::Value(PieceValue::Username),
                Piece::Text(";SecretKey="),
                Piece::Value(PieceValue::Password),
            ],
        ),
        (
            "uri",
            "URI",
            &[Piece::Text("http://"), Piece::Value(PieceValue::Host), Piece::Text(":"), Piece::Value(PieceValue::Port)],
        ),
    ],
    database: None,
    readiness: Readiness::Http(9000, "/minio/health/ready"),
};
