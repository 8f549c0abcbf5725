//! `valkey`: Valkey in a container. The password goes in by a variable, so that it is not in the list of processes' arguments that a manifest shows.

use super::redis;
use super::service::{self, Piece, PieceValue, Recipe};
use super::spec::Spec;

pub(super) const SPEC: Spec = service::spec("valkey", "Valkey in a container", &RECIPE);

static RECIPE: Recipe = redis::speaking_redis(
    "docker.io/valkey/valkey:9.1",
    &["-c", "exec valkey-server --requirepass \"$VALKEY_PASSWORD\""],
    &[("VALKEY_PASSWORD", &[Piece::Value(PieceValue::Password)])],
);
