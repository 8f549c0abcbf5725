//! `redis`: Redis in a container. The password goes in by a variable, so that it is not in the list of processes' arguments that a manifest shows.

use super::service::{self, Piece, PieceValue, Readiness, Recipe};
use super::spec::Spec;
use crate::model::{Generate, Scheme};

pub(super) const SPEC: Spec = service::spec("redis", "Redis in a container", &RECIPE);

static RECIPE: Recipe = Recipe {
    image: "docker.io/library/redis:8.6",
    ports: &[("tcp", 6379, Scheme::Tcp)],
    username: None,
    is_username_free: false,
    password: Some(Generate { special: false, ..Generate::PASSWORD }),
    data: "/data",
    command: &["/bin/sh"],
    args: &["-c", "exec redis-server --requirepass \"$REDIS_PASSWORD\""],
    env: &[("REDIS_PASSWORD", &[Piece::Value(PieceValue::Password)])],
    texts: &[
        (
            "connection-string",
            "*",
            &[
                Piece::Value(PieceValue::Host),
                Piece::Text(":"),
                Piece::Value(PieceValue::Port),
                Piece::Text(",password="),
                Piece::Value(PieceValue::Password),
            ],
        ),
        (
            "uri",
            "URI",
            &[
                Piece::Text("redis://:"),
                Piece::UriEncoded(PieceValue::Password),
                Piece::Text("@"),
                Piece::Value(PieceValue::Host),
                Piece::Text(":"),
                Piece::Value(PieceValue::Port),
            ],
        ),
    ],
    database: None,
    readiness: Readiness::Tcp,
};
