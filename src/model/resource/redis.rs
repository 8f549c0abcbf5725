//! `redis`: Redis in a container. The password goes in by a variable, so that it is not in the list of processes' arguments that a manifest shows.

use super::service::{self, Piece, PieceValue, Readiness, Recipe};
use super::spec::Spec;
use crate::model::{Generate, Scheme};

pub(super) const SPEC: Spec = service::spec("redis", "Redis in a container", &RECIPE);

static RECIPE: Recipe = speaking_redis(
    "docker.io/library/redis:8.6",
    &["-c", "exec redis-server --requirepass \"$REDIS_PASSWORD\""],
    &[("REDIS_PASSWORD", &[Piece::Value(PieceValue::Password)])],
);

/// What speaks the protocol of Redis and is given its password by a variable.
pub(super) const fn speaking_redis(
    image: &'static str,
    args: &'static [&'static str],
    env: &'static [(&'static str, &'static [Piece])],
) -> Recipe {
    Recipe {
        image,
        ports: &[("tcp", 6379, Scheme::Tcp)],
        username: None,
        is_username_free: false,
        password: Some(Generate { special: false, ..Generate::PASSWORD }),
        data: "/data",
        command: &["/bin/sh"],
        args,
        env,
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
    }
}
