//! Further locations of a registry.

use super::super::{Cx, azure};
use super::part::Part;
use crate::model::lower::registry::not_empty;
use crate::model::scope::Item;
use crate::model::written::Registry;
use crate::model::{Expression, RegistryReplication};
use std::collections::HashMap;

pub(super) fn lower(
    cx: &mut Cx<'_>,
    item: &Item<'_>,
    written: &Registry,
    home: Option<&Expression>,
) -> Vec<RegistryReplication> {
    let mut seen = HashMap::new();
    if let Some(home) = home
        && let Some(text) = home.as_literal()
    {
        seen.insert(azure::normal_location(text), (home.span.clone(), "the registry itself is here"));
    }
    let mut replications = Vec::new();
    for replication in written.geo_replications.iter().flatten() {
        let part = Part::of(item, "geo-replications", "a replication", replication.span());
        let Some(text) = part.need(cx, "location", replication.location.as_ref()) else { continue };
        azure::location(cx, text);
        let Some(location) = not_empty(cx, "location", text) else { continue };
        if let Some(literal) = location.as_literal() {
            let first = seen.insert(azure::normal_location(literal), (text.span(), "also here"));
            if let Some((first, label)) = first {
                let message = format!("`{literal}` would hold the registry twice");
                cx.error("duplicate-name", message, text.span(), "")
                    .also(&first, label)
                    .help("name each location once; the registry's own needs no replication")
                    .push();
            }
        }
        replications.push(RegistryReplication {
            location,
            zone_redundant: replication.zone_redundant,
            region_endpoint: replication.region_endpoint,
        });
    }
    replications
}
