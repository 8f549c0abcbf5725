//! What a project of Docker Compose is told.

use super::Cx;
use super::patch::{self, Words};
use crate::manifest::Spanned;
use crate::model::environment::{ComposeDashboard, ComposeEnvironment, ComposeNetwork};
use crate::model::scope::Item;
use crate::model::written;

const PATCH: Words = Words {
    table: "write what is to change, as Compose has it: `patch = { services = { web = { tty = true } } }`",
    reference: "write Compose's own: `${NAME}` is the variable of a parameter `name`",
};

/// What is wrong is reported and left out.
pub(super) fn compose(cx: &mut Cx<'_>, item: &Item<'_>, written: &written::Environment) -> ComposeEnvironment {
    ComposeEnvironment {
        project_name: written.project_name.as_ref().and_then(|name| project_name(cx, name)),
        network: written.network.as_ref().and_then(|network| self::network(cx, network)),
        dashboard: written.dashboard.as_ref().and_then(|dashboard| self::dashboard(cx, item, dashboard)),
        patch: item.node.get("patch").and_then(|node| patch::patch(cx, node, &PATCH)),
    }
}

fn project_name(cx: &mut Cx<'_>, name: &Spanned<String>) -> Option<Spanned<String>> {
    let name = cx.plain("project-name", name)?;
    let inside = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_');
    let starts = name.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit());
    if starts && name.chars().all(inside) {
        return Some(name);
    }
    cx.error("bad-name", format!("`{}` is no name of a Compose project", name.get_ref()), name.span(), "")
        .help("use lower-case letters, digits, `-` and `_`, and begin with a letter or a digit")
        .push();
    None
}

fn network(cx: &mut Cx<'_>, written: &written::Network) -> Option<ComposeNetwork> {
    let (name, external) = match written {
        written::Network::String(name) => (name, false),
        written::Network::Table(table) => match &table.name {
            Some(name) => (name, table.external.unwrap_or(false)),
            None => {
                if !cx.is_reported(&table.span()) {
                    cx.error("missing-key", "a network has no `name`", table.span(), "needs `name`")
                        .help("write what it is called: `network = { name = \"backend\" }`")
                        .push();
                }
                return None;
            }
        },
    };
    let name = cx.plain("network", name)?;
    let inside = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
    if name.starts_with(|c: char| c.is_ascii_alphanumeric()) && name.chars().all(inside) {
        return Some(ComposeNetwork { name, external });
    }
    cx.error("bad-name", format!("`{}` is no name of a network", name.get_ref()), name.span(), "")
        .help("use ASCII letters, digits, `-`, `_` and `.`, and begin with a letter or a digit")
        .push();
    None
}

fn dashboard(cx: &mut Cx<'_>, item: &Item<'_>, written: &written::Dashboard) -> Option<ComposeDashboard> {
    let span = item.node.get("dashboard").map_or_else(|| item.span.clone(), |node| node.span.clone());
    match written {
        written::Dashboard::Boolean(false) => None,
        written::Dashboard::Boolean(true) => Some(ComposeDashboard { span, version: None, port: None }),
        written::Dashboard::Table(table) => {
            let version = match &table.version {
                None => None,
                Some(version) => Some(cx.plain("version", version).and_then(|version| tag(cx, version))?),
            };
            let port = table.port.clone().map(|port| port.map(u16::from)).map(|port| *port.get_ref());
            Some(ComposeDashboard { span, version, port })
        }
    }
}

fn tag(cx: &mut Cx<'_>, version: Spanned<String>) -> Option<Spanned<String>> {
    if version.parse::<crate::oci::Tag>().is_ok() {
        return Some(version);
    }
    cx.error("bad-value", format!("`{}` is no tag of an image", version.get_ref()), version.span(), "")
        .help("write a version such as `9.5`")
        .push();
    None
}
