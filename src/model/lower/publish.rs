//! `publish`: how files are written.

use super::Cx;
use crate::manifest::{Kind, Node};
use crate::model::{Publish, written};

pub(super) fn lower(cx: &mut Cx<'_>, node: &Node) -> Publish {
    if !matches!(node.kind, Kind::Table(_) | Kind::Null) {
        let message = format!("`publish` must be a table, not {}", super::read::article(node.kind.name()));
        cx.error("wrong-type", message, node.span.clone(), "").help("write `[publish]`, then `patch = \"…\"`").push();
        return Publish::default();
    }
    let written = cx.read::<written::Publish>(node).unwrap_or_default();
    let patch = written.patch.and_then(|path| cx.plain("patch", &path));
    Publish { patch: patch.filter(|path| super::build::path(cx, "patch", path)) }
}
