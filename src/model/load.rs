//! From text to an application: parse, lay the profile over it, lower; then the other profiles, for
//! the sake of their mistakes.

use super::lower::{self, Setting};
use super::{Application, Name};
use crate::manifest::{self, Diagnostic, Diagnostics, Format, Key, Kind, Node, Source, Span};
use crate::util::text;
use std::collections::HashSet;
use std::sync::Arc;

/// Reads a manifest. All mistakes go to `problems`, those of every profile too; `None` when there is
/// an error. `default_name` is the application's name where the manifest has none, usually that of
/// its folder.
pub fn load(
    source: &Arc<Source>,
    format: Format,
    profile: Option<&str>,
    default_name: &str,
    problems: &mut Diagnostics,
) -> Option<Application> {
    let before = problems.count().errors;
    let mut root = manifest::parse(source, format, problems)?;
    if !manifest::expect_content(&root, source, problems) {
        return None;
    }
    // Where the text itself is wrong, what came of it says nothing.
    let broken: Vec<Span> = problems.iter().filter_map(|problem| Some(problem.labels.first()?.span.clone())).collect();
    let overlays = profiles(&mut root, source, problems);
    let chosen = profile.map(|wanted| choose(wanted, &overlays, source, problems));
    let names: Vec<Name> = overlays.iter().map(|overlay| overlay.name.clone()).collect();
    let lower = |overlay: Option<&Overlay>, problems: &mut Diagnostics| {
        let merged = overlay.map(|overlay| Node::merge(root.clone(), overlay.node.clone()));
        let values: Vec<(&Key, &Node)> =
            overlay.into_iter().flat_map(|overlay| &overlay.params).map(|(key, node)| (key, node)).collect();
        let setting = Setting {
            source,
            default_name,
            profile: overlay.map(|overlay| overlay.name.clone()),
            profiles: names.clone(),
            profile_params: &values,
        };
        lower::lower(merged.as_ref().unwrap_or(&root), setting, problems)
    };
    let chosen = chosen.flatten();
    let mut found = Diagnostics::default();
    let application = lower(chosen, &mut found);
    let mut concealed = found.take_concealed();
    problems.extend(without_echoes(found, &broken));
    let mut seen: HashSet<String> = problems.iter().map(key).collect();
    for overlay in overlays.iter().filter(|overlay| chosen.is_none_or(|chosen| chosen.name != overlay.name)) {
        let mut found = Diagnostics::default();
        lower(Some(overlay), &mut found);
        concealed.extend(found.take_concealed());
        for mut problem in without_echoes(found, &broken) {
            if seen.insert(key(&problem)) {
                problem.message = format!("{} (with the profile `{}`)", problem.message, overlay.name);
                problems.push(problem);
            }
        }
    }
    let mut application = application.filter(|_| problems.count().errors == before);
    if !concealed.is_empty() {
        let shown = Arc::new(source.concealing(&concealed));
        problems.replace_source(source, &shown);
        if let Some(application) = &mut application {
            application.source = shown;
        }
    }
    application
}

/// A profile: what is laid over the manifest.
struct Overlay {
    name: Name,
    node: Node,
    /// Plain values of its `params`; they do not replace what is declared.
    params: Vec<(Key, Node)>,
}

/// Leaves out what is said of a text that is wrong in itself, and of a list that is only empty
/// because what it holds is wrong.
fn without_echoes(problems: Diagnostics, broken: &[Span]) -> Vec<Diagnostic> {
    let problems = problems.into_sorted();
    let places: Vec<Span> = problems.iter().filter_map(|problem| Some(problem.labels.first()?.span.clone())).collect();
    let is_echo = |problem: &Diagnostic| {
        let Some(label) = problem.labels.first() else { return false };
        let touches = |place: &Span| place.start <= label.span.end && label.span.start <= place.end;
        let holds = |place: &Span| label.span.start < place.start && place.end < label.span.end;
        broken.iter().any(touches) || problem.code == "empty-value" && places.iter().any(holds)
    };
    let echoes: Vec<bool> = problems.iter().map(is_echo).collect();
    problems.into_iter().zip(echoes).filter(|(_, is_echo)| !is_echo).map(|(problem, _)| problem).collect()
}

/// One mistake is the same in all profiles.
fn key(problem: &Diagnostic) -> String {
    let places: Vec<_> = problem.labels.iter().map(|label| label.span.clone()).collect();
    format!("{} {places:?} {}", problem.code, problem.message)
}

fn choose<'o>(
    wanted: &str,
    overlays: &'o [Overlay],
    source: &Arc<Source>,
    problems: &mut Diagnostics,
) -> Option<&'o Overlay> {
    let found = overlays.iter().find(|overlay| overlay.name.as_str() == wanted);
    if found.is_none() {
        let names: Vec<&str> = overlays.iter().map(|overlay| overlay.name.as_str()).collect();
        let help = match (names.len(), text::nearest(wanted, names.iter().copied())) {
            (0, _) => format!("declare it: `[profiles.{wanted}]`"),
            (_, Some(near)) => format!("did you mean `{near}`? The profiles are {}", text::list(names)),
            (_, None) => format!("the profiles are {}", text::list(names)),
        };
        let message = format!("the manifest has no profile `{wanted}`");
        problems.push(Diagnostic::error("unknown-profile", message).within(source).help(help));
    }
    found
}

/// Takes the profiles out of the tree.
fn profiles(root: &mut Node, source: &Arc<Source>, problems: &mut Diagnostics) -> Vec<Overlay> {
    let Some((_, table)) = root.remove("profiles") else { return Vec::new() };
    let mut error = |code: &'static str, message: String, span: &manifest::Span, help: String| {
        let problem = Diagnostic::error(code, message).within(source).at(span.clone(), "");
        problems.push(if help.is_empty() { problem } else { problem.help(help) });
    };
    let entries = match table.kind {
        Kind::Table(entries) => entries,
        Kind::Null => return Vec::new(),
        other => {
            let message = format!("`profiles` must be a table, not {}", lower::article(other.name()));
            error("wrong-type", message, &table.span, String::new());
            return Vec::new();
        }
    };
    let mut overlays = Vec::new();
    for (key, mut node) in entries {
        let name = match key.name.parse::<Name>() {
            Ok(name) => name,
            Err(problem) => {
                error("bad-name", format!("the name `{}` {problem}", key.name), &key.span, problem.help(&key.name));
                continue;
            }
        };
        match &node.kind {
            Kind::Table(_) => {}
            Kind::Null => node.kind = Kind::Table(Vec::new()),
            other => {
                let message = format!("the profile `{name}` must be a table, not {}", lower::article(other.name()));
                error("wrong-type", message, &node.span, String::new());
                continue;
            }
        }
        for forbidden in ["profiles", "version"] {
            if let Some((key, _)) = node.remove(forbidden) {
                error("unknown-key", format!("a profile cannot set `{forbidden}`"), &key.span, String::new());
            }
        }
        let params = plain_params(&mut node);
        overlays.push(Overlay { name, node, params });
    }
    overlays
}

/// Takes out the values that a profile gives to parameters; a table overrides fields instead.
fn plain_params(profile: &mut Node) -> Vec<(Key, Node)> {
    let Kind::Table(tables) = &mut profile.kind else { return Vec::new() };
    let Some((_, Node { kind: Kind::Table(params), .. })) = tables.iter_mut().find(|(key, _)| key.name == "params")
    else {
        return Vec::new();
    };
    let is_plain = |node: &Node| {
        matches!(node.kind, Kind::Null | Kind::Bool(_) | Kind::Integer(_) | Kind::Float(_) | Kind::String(_))
    };
    let (plain, tables) = std::mem::take(params).into_iter().partition(|(_, node)| is_plain(node));
    *params = tables;
    plain
}
