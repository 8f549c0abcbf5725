//! Subnets: `network.subnet` of a declared virtual network, or a resource id.

use super::Cx;
use super::registry::not_empty;
use crate::manifest::{Kind, Spanned};
use crate::model::Subnet;
use crate::model::scope::{Item, Table};
use crate::util::text;

const NETWORK: &str = "azure-virtual-network";

pub(super) fn lower(cx: &mut Cx<'_>, text: &Spanned<String>) -> Option<Subnet> {
    let written = text.get_ref().as_str();
    if written.contains('$') || written.contains('/') {
        let id = not_empty(cx, "subnet", text)?;
        let is_id = |id: &str| {
            id.starts_with("/subscriptions/") && id.contains("/virtualNetworks/") && id.contains("/subnets/")
        };
        if id.as_literal().is_some_and(|id| !is_id(id)) {
            bad(cx, text);
            return None;
        }
        return Some(Subnet::Id(id));
    }
    let Some((network, subnet)) =
        written.split_once('.').filter(|(network, subnet)| !network.is_empty() && !subnet.is_empty())
    else {
        bad(cx, text);
        return None;
    };
    let at = |from: usize, to: usize| cx.locate(written, &text.span(), &(from..to));
    let network = Spanned::new(at(0, network.len()), network.to_owned());
    let subnet = Spanned::new(at(network.len() + 1, written.len()), subnet.to_owned());
    let item = cx.named(&network, &[Table::Resources])?;
    let kind = item.kind?;
    if kind.name != NETWORK {
        let message = format!("`{}` is of kind `{}`, not `{NETWORK}`", item.name, kind.name);
        cx.error("wrong-name", message, network.span(), "").also(&item.span, "declared here").push();
        return None;
    }
    let known = subnets(item);
    if !known.is_empty() && !known.contains(&subnet.get_ref().as_str()) {
        let near = cx.nearest(subnet.get_ref(), known.iter().copied());
        let label = near.map_or_else(|| "not declared".to_owned(), |near| format!("did you mean `{near}`?"));
        let message = format!("`{}` has no subnet `{}`", item.name, subnet.get_ref());
        cx.error("unknown-name", message, subnet.span(), label)
            .also(&item.span, "declared here")
            .help(format!("its subnets are {}", text::list(known)))
            .push();
        return None;
    }
    cx.edge(&item.name, &network.span());
    Some(Subnet::Declared { network: Spanned::new(network.span(), item.name.clone()), subnet })
}

/// The names of a network's subnets, as far as they are written.
fn subnets<'n>(network: &Item<'n>) -> Vec<&'n str> {
    let Some(node) = network.node.get("subnets") else { return Vec::new() };
    let name = |node: &'n crate::manifest::Node| match node.get("name").map(|name| &name.kind) {
        Some(Kind::String(name)) => Some(name.as_str()),
        _ => None,
    };
    match &node.kind {
        Kind::Table(entries) => entries.iter().map(|(key, _)| key.name.as_str()).collect(),
        Kind::Array(list) => list.iter().filter_map(name).collect(),
        Kind::Null | Kind::Bool(_) | Kind::Integer(_) | Kind::Float(_) | Kind::String(_) => Vec::new(),
    }
}

fn bad(cx: &mut Cx<'_>, text: &Spanned<String>) {
    cx.error("bad-subnet", format!("`{}` is no subnet", text.get_ref()), text.span(), "")
        .help(format!(
            "write `network.subnet` of a resource of kind `{NETWORK}`, or a subnet's resource id, \
             `/subscriptions/…/subnets/…`"
        ))
        .push();
}
