//! What starts a build in Azure by itself.

use super::super::Cx;
use super::part::Part;
use crate::manifest::{Span, Spanned};
use crate::model::lower::registry::not_empty;
use crate::model::written::{self, BaseImage, CommitRules, CommitTrigger};
use crate::model::{BaseImageTrigger, CommitEvent, Expression, Part as Piece, RegistryCommitTrigger, SourceHost};

pub(super) fn base_image(written: BaseImage) -> BaseImageTrigger {
    match written {
        BaseImage::Runtime => BaseImageTrigger::Runtime,
        BaseImage::All => BaseImageTrigger::All,
    }
}

pub(super) fn commit(
    cx: &mut Cx<'_>,
    part: &Part<'_>,
    written: &CommitTrigger,
    context: Option<&Expression>,
) -> Option<RegistryCommitTrigger> {
    let default = CommitRules::default();
    let (rules, span) = match written {
        CommitTrigger::Boolean(on) if !*on.get_ref() => return None,
        CommitTrigger::Boolean(on) => (&default, on.span()),
        CommitTrigger::Table(rules) => (rules.get_ref(), rules.span()),
    };
    if !part.has("token") {
        cx.error("missing-key", "a build on every commit needs a token for the repository", span.clone(), "")
            .help("set the task's `token` to a reference to a secret parameter: a personal access token")
            .push();
    }
    let branch = rules.branch.as_ref().and_then(|text| not_empty(cx, "branch", text));
    let events = events(cx, &part.inner("commit", "`commit`", span.clone()), rules);
    let (repository, fragment) = split(context?, '#');
    let host = host(cx, &repository, &span)?;
    let branch = branch.or_else(|| fragment.map(|fragment| split(&fragment, ':').0));
    let branch = branch.filter(|branch| branch.as_literal() != Some(""));
    Some(RegistryCommitTrigger { repository, branch, host, events })
}

fn events(cx: &mut Cx<'_>, rules_part: &Part<'_>, rules: &CommitRules) -> Vec<CommitEvent> {
    let Some(written) = &rules.events else { return vec![CommitEvent::Commit] };
    if rules_part.is_empty_list("events") {
        cx.error("empty-value", "`events` is empty: nothing would start the task", rules_part.span.clone(), "")
            .help("name at least one, or leave the key out for `commit`")
            .push();
    }
    let mut events = Vec::new();
    for event in written.iter().map(Spanned::get_ref) {
        let event = match event {
            written::CommitEvent::Commit => CommitEvent::Commit,
            written::CommitEvent::PullRequest => CommitEvent::PullRequest,
        };
        if !events.contains(&event) {
            events.push(event);
        }
    }
    events
}

/// Who hosts a repository; only of two does Azure hear of commits.
fn host(cx: &mut Cx<'_>, repository: &Expression, span: &Span) -> Option<SourceHost> {
    let start = match repository.parts.first() {
        Some(Piece::Literal(start)) => start.as_str(),
        Some(Piece::Reference(_)) | None => "",
    };
    let host = start.strip_prefix("https://").and_then(|rest| rest.split_once('/')).map(|(host, _)| host);
    match host {
        Some(host) if host.eq_ignore_ascii_case("github.com") => Some(SourceHost::GitHub),
        Some(host) if host.eq_ignore_ascii_case("dev.azure.com") || host.ends_with(".visualstudio.com") => {
            Some(SourceHost::AzureDevOps)
        }
        _ => {
            cx.error("bad-context", "Azure hears of commits on GitHub and in Azure DevOps only", span.clone(), "")
                .also(&repository.span, "the context")
                .help("take `commit` out, or begin the context with `https://github.com/` or `https://dev.azure.com/`")
                .push();
            None
        }
    }
}

/// What stands before and after the first such character of the literals.
fn split(expression: &Expression, at: char) -> (Expression, Option<Expression>) {
    let span = || expression.span.clone();
    let mut before = Vec::new();
    for (index, part) in expression.parts.iter().enumerate() {
        if let Piece::Literal(text) = part
            && let Some((left, right)) = text.split_once(at)
        {
            before.extend((!left.is_empty()).then(|| Piece::Literal(left.to_owned())));
            let rest = expression.parts.iter().skip(index + 1).cloned();
            let after = (!right.is_empty()).then(|| Piece::Literal(right.to_owned())).into_iter().chain(rest).collect();
            let after = Expression { parts: after, span: span() };
            return (Expression { parts: before, span: span() }, Some(after));
        }
        before.push(part.clone());
    }
    (Expression { parts: before, span: span() }, None)
}
