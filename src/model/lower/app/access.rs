//! `roles`, `domain` and `security`.

use super::super::Cx;
use super::super::kubernetes_environment::level;
use super::super::registry::not_empty;
use crate::manifest::{Entries, Span, Spanned};
use crate::model::scope::Table;
use crate::model::written::{self, OneOrMany};
use crate::model::{Domain, Expression, RoleGrant, Security};

pub(super) fn roles(cx: &mut Cx<'_>, written: Option<&Entries<OneOrMany>>) -> Vec<RoleGrant> {
    let mut grants = Vec::new();
    for (on, roles) in written.into_iter().flatten() {
        let item = cx.named(on, &[Table::Resources, Table::Registries]);
        let mut list: Vec<Spanned<String>> = Vec::new();
        for role in roles.clone().into_vec() {
            let Some(role) = cx.plain("roles", &role) else { continue };
            if let Some(first) = list.iter().find(|other| other.eq_ignore_ascii_case(&role)) {
                cx.error("duplicate-name", format!("the role `{}` is listed twice", role.get_ref()), role.span(), "")
                    .also(&first.span(), "first here")
                    .push();
                continue;
            }
            list.push(role);
        }
        let Some(item) = item else { continue };
        let is_azure = item
            .kind
            .is_none_or(|kind| kind.name == "azure" || kind.name.starts_with("azure-") || kind.name == "bicep");
        if !is_azure {
            let kind = item.kind.map(|kind| kind.name).unwrap_or_default();
            let message = format!("`{}` has no roles: it is of kind `{kind}`", item.name);
            cx.error("no-roles", message, on.span(), "")
                .also(&item.span, "declared here")
                .help("roles are given on registries of kind `azure` and on Azure's resources")
                .push();
        }
        cx.edge(&item.name, &on.span());
        grants.push(RoleGrant { on: Spanned::new(on.span(), item.name.clone()), roles: list });
    }
    grants
}

pub(super) fn domains(cx: &mut Cx<'_>, written: Option<&written::Domains>) -> Vec<Domain> {
    let mut domains: Vec<Domain> = Vec::new();
    let list: Vec<Option<Domain>> = match written {
        None => Vec::new(),
        Some(written::Domains::String(name)) => vec![plain(cx, name)],
        Some(written::Domains::Table(table)) => vec![self::table(cx, table)],
        Some(written::Domains::Array(list)) => list
            .iter()
            .map(|domain| match domain {
                written::Domain::String(name) => plain(cx, name),
                written::Domain::Table(table) => self::table(cx, table),
            })
            .collect(),
    };
    for domain in list.into_iter().flatten() {
        match domains.iter().find(|other| super::is_same(&other.name, &domain.name)) {
            Some(first) => {
                let first = first.span.clone();
                cx.error("duplicate-name", "the domain is listed twice", domain.span.clone(), "")
                    .also(&first, "first here")
                    .push();
            }
            None => domains.push(domain),
        }
    }
    domains
}

fn plain(cx: &mut Cx<'_>, name: &Spanned<String>) -> Option<Domain> {
    let span = name.span();
    name_of(cx, name, &span).map(|name| Domain { span, name, certificate: None })
}

fn table(cx: &mut Cx<'_>, table: &Spanned<written::DomainTable>) -> Option<Domain> {
    let Some(name) = &table.name else {
        if cx.is_reported(&table.span()) {
            return None;
        }
        cx.error("missing-key", "a domain has no `name`", table.span(), "needs `name`")
            .help("write `{ name = \"www.example.org\", certificate = \"…\" }`")
            .push();
        return None;
    };
    let name = name_of(cx, name, &name.span());
    let certificate = match &table.certificate {
        None => Some(None),
        Some(certificate) => not_empty(cx, "certificate", certificate).map(Some),
    };
    Some(Domain { span: table.span(), name: name?, certificate: certificate? })
}

/// A host name (RFC 1123, section 2.1) of at least two labels.
fn name_of(cx: &mut Cx<'_>, written: &Spanned<String>, span: &Span) -> Option<Expression> {
    let name = not_empty(cx, "domain", written)?;
    let Some(text) = name.as_literal() else { return Some(name) };
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let fits = text.len() <= 253 && text.contains('.') && text.split('.').all(label);
    if fits {
        return Some(name);
    }
    let host = text.trim_start_matches("https://").trim_start_matches("http://").trim_end_matches('/');
    let help = match host != text && host.contains('.') && host.split('.').all(label) {
        true => format!("write `{host}`"),
        false => "write a host name such as `www.example.org`".to_owned(),
    };
    cx.error("bad-domain", format!("`{text}` is no domain"), span.clone(), "").help(help).push();
    None
}

pub(in crate::model) fn security(written: &written::Security) -> Security {
    match written {
        written::Security::String(word) => Security {
            span: word.span(),
            level: Some(word.clone().map(level)),
            user: None,
            group: None,
            read_only: false,
        },
        written::Security::Table(table) => Security {
            span: table.span(),
            level: table.level.clone().map(|word| word.map(level)),
            user: super::count(&table.user),
            group: super::count(&table.group),
            read_only: table.read_only.unwrap_or(false),
        },
    }
}
