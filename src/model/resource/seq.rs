//! `seq`: Seq in a container: a server of logs.

use super::service::{self, Piece, PieceValue, Readiness, Recipe};
use super::spec::Spec;
use crate::model::Scheme;

pub(super) const SPEC: Spec = service::spec("seq", "Seq in a container", &RECIPE);

static RECIPE: Recipe = Recipe {
    image: "docker.io/datalust/seq:2025.2",
    ports: &[("http", 80, Scheme::Http)],
    username: None,
    is_username_free: false,
    password: None,
    data: "/data",
    command: &[],
    args: &[],
    env: &[("ACCEPT_EULA", &[Piece::Text("Y")]), ("SEQ_FIRSTRUN_NOAUTHENTICATION", &[Piece::Text("True")])],
    texts: &[
        (
            "connection-string",
            "*",
            &[Piece::Text("http://"), Piece::Value(PieceValue::Host), Piece::Text(":"), Piece::Value(PieceValue::Port)],
        ),
        (
            "uri",
            "URI",
            &[Piece::Text("http://"), Piece::Value(PieceValue::Host), Piece::Text(":"), Piece::Value(PieceValue::Port)],
        ),
    ],
    database: None,
    readiness: Readiness::Http(80, "/health"),
};
