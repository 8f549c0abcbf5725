//! Paths that a builder wants, with the links that lie on them: BuildKit's `followpaths`.

use regex::Regex;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Links that are followed for one request before it is given up.
const LIMIT: usize = 10_000;

/// Resolves paths inside of `root`: every link on the way and where it leads, never out of `root`
/// (as in a changed root, `..` above it and absolute targets stay below). Wildcards in any part.
/// The answer lists paths relative to `root`, `.` for all of it; a path that does not exist is kept.
pub(crate) fn follow(root: &Path, paths: &[String]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut left: Vec<String> = paths.iter().map(|path| inside(path)).collect();
    let mut seen: BTreeSet<String> = left.iter().cloned().collect();
    while let Some(path) = left.pop() {
        let next = step(root, &path, &mut found);
        for path in next {
            if seen.len() < LIMIT && seen.insert(path.clone()) {
                left.push(path);
            }
        }
    }
    found
}

/// Goes down one path until it ends or meets a link or a wildcard; returns the paths to go on with.
fn step(root: &Path, path: &str, found: &mut BTreeSet<String>) -> Vec<String> {
    let parts: Vec<&str> = path.split('/').collect();
    for (index, part) in parts.iter().enumerate() {
        let parent = parts[..index].join("/");
        let rest = parts[index + 1..].join("/");
        let current = parts[..=index].join("/");
        if is_wildcard(part) {
            found.insert(path.to_owned());
            // Only links make a difference: the pattern itself asks for all else.
            let names = matching(&root.join(unescape(&parent)), part).into_iter();
            let names = names.filter(|name| !rest.is_empty() || is_link(root, &glue(&[&unescape(&parent), name])));
            return names.map(|name| glue(&[&parent, &escape(&name), &rest])).collect();
        }
        let plain = unescape(&current);
        if let Ok(target) = fs::read_link(root.join(&plain)) {
            found.insert(current);
            let Some(target) = target.to_str() else { return Vec::new() };
            let target = if target.starts_with('/') { target.to_owned() } else { format!("{parent}/{target}") };
            return vec![inside(&glue(&[&escape_path(&target), &rest]))];
        }
    }
    found.insert(path.to_owned());
    Vec::new()
}

fn is_link(root: &Path, path: &str) -> bool {
    fs::symlink_metadata(root.join(path)).is_ok_and(|metadata| metadata.is_symlink())
}

fn is_wildcard(part: &str) -> bool {
    let mut characters = part.chars();
    while let Some(c) = characters.next() {
        match c {
            '\\' => drop(characters.next()),
            '*' | '?' | '[' => return true,
            _ => {}
        }
    }
    false
}

/// The names of a folder that one part of a path with wildcards stands for.
fn matching(folder: &Path, part: &str) -> Vec<String> {
    let patterns = super::ignore::Patterns::new(&[part.to_owned()]);
    let (Ok(patterns), Ok(entries)) = (patterns, fs::read_dir(folder)) else { return Vec::new() };
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    names.filter(|name| patterns.is_ignored(name)).collect()
}

fn glue(parts: &[&str]) -> String {
    let parts: Vec<&str> = parts.iter().copied().filter(|part| !part.is_empty()).collect();
    parts.join("/")
}

/// The path below the root, `.` for the root itself.
fn inside(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            _ => parts.push(part),
        }
    }
    if parts.is_empty() { ".".to_owned() } else { parts.join("/") }
}

fn escape_path(path: &str) -> String {
    path.split('/').map(escape).collect::<Vec<_>>().join("/")
}

/// A name as a pattern that matches only it.
fn escape(name: &str) -> String {
    let mut escaped = String::with_capacity(name.len());
    for c in name.chars() {
        if matches!(c, '*' | '?' | '[' | ']' | '\\') {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

fn unescape(pattern: &str) -> String {
    static ESCAPE: std::sync::LazyLock<Regex> =
        std::sync::LazyLock::new(|| Regex::new(r"\\(.)").expect("the expression is well formed"));
    ESCAPE.replace_all(pattern, "$1").into_owned()
}
