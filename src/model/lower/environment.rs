//! `environments`: where apps run.

use super::{Cx, azure};
use crate::manifest::Spanned;
use crate::model::kinds::ENVIRONMENTS;
use crate::model::scope::{Item, Table};
use crate::model::written;
use crate::model::{Environment, EnvironmentKind};

pub(super) fn lower<'a>(cx: &mut Cx<'a>, item: &'a Item<'a>) -> Option<Environment> {
    let (kind, written) = cx.read_kind::<written::Environment>(item, &ENVIRONMENTS)?;
    let kind = EnvironmentKind::ALL.into_iter().find(|known| known.name() == kind.name)?;
    let span = written.kind.as_ref().map_or_else(|| item.span.clone(), Spanned::span);
    let registry = written.registry.as_ref().and_then(|text| {
        let named = cx.named(text, &[Table::Registries])?;
        Some(Spanned::new(text.span(), named.name.clone()))
    });
    azure::environment(cx, &written);
    for (_, node) in item.node.entries().iter().filter(|(key, _)| !matches!(key.name.as_str(), "kind" | "registry")) {
        cx.check_kept(node);
    }
    Some(Environment { name: item.name.clone(), span: item.span.clone(), kind: Spanned::new(span, kind), registry })
}
