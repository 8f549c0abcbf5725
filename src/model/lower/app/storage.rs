//! `volumes` and `files`.

use super::super::{Cx, build, sizes};
use crate::manifest::{Span, Spanned};
use crate::model::written;
use crate::model::{File, FileContent, Volume, VolumeSource};
use std::collections::HashMap;

pub(in crate::model) fn volumes(cx: &mut Cx<'_>, written: &[written::Volume]) -> Vec<Volume> {
    written
        .iter()
        .filter_map(|volume| match volume {
            written::Volume::String(text) => short(cx, text),
            written::Volume::Table(table) => self::table(cx, table),
        })
        .collect()
}

/// `name:/path`, `./folder:/path`, `/path`, each with `:ro` behind it or not.
fn short(cx: &mut Cx<'_>, written: &Spanned<String>) -> Option<Volume> {
    let text = cx.plain("volumes", written)?;
    let (rest, read_only) = match text.rsplit_once(':') {
        Some((rest, "ro")) => (rest, true),
        Some((rest, "rw")) => (rest, false),
        // A path in the container begins with `/`.
        Some((rest, option)) if rest.contains(":/") && !option.starts_with('/') => {
            let message = format!("`{option}` is no option of a volume");
            cx.error("bad-value", message, text.span(), "")
                .help(format!("write `{rest}:ro` where nothing may be written, else `{rest}`"))
                .push();
            return None;
        }
        _ => (text.as_str(), false),
    };
    let (source, path) = match rest.rsplit_once(':') {
        Some((source, path)) => (Some(source), path),
        None => (None, rest),
    };
    let at = |part: &str| Spanned::new(text.span(), part.to_owned());
    let source = match source {
        None if !path.starts_with('/') => {
            cx.error("bad-path", format!("the volume `{path}` does not say where it is mounted"), text.span(), "")
                .help(format!("write `{path}:/var/lib/data`, the path in the container behind a colon"))
                .push();
            return None;
        }
        None => VolumeSource::Temporary,
        Some(source) if source.starts_with(['.', '/']) => folder(cx, &at(source))?,
        Some(source) => named(cx, &at(source))?,
    };
    let path = absolute(cx, &at(path), "a volume is mounted at an absolute path")?;
    Some(Volume { span: text.span(), source, path, read_only, size: None })
}

fn table(cx: &mut Cx<'_>, written: &Spanned<written::VolumeTable>) -> Option<Volume> {
    let source = match (&written.name, &written.source) {
        (None, None) => Some(VolumeSource::Temporary),
        (Some(name), None) => cx.plain("name", name).and_then(|name| named(cx, &name)),
        (None, Some(source)) => cx.plain("source", source).and_then(|source| folder(cx, &source)),
        (Some(name), Some(source)) => {
            cx.error("exclusive-keys", "`name` and `source` exclude each other", source.span(), "")
                .also(&name.span(), "also here")
                .help("keep `name` for a volume that is kept, `source` for a folder of the machine")
                .push();
            None
        }
    };
    let Some(path) = &written.path else {
        if cx.is_reported(&written.span()) {
            return None;
        }
        cx.error("missing-key", "a volume has no `path`", written.span(), "needs `path`")
            .help("write where it is mounted: `path = \"/var/lib/data\"`")
            .push();
        return None;
    };
    let path = cx.plain("path", path)?;
    let path = absolute(cx, &path, "a volume is mounted at an absolute path")?;
    let size = written.size.as_ref().and_then(|size| sizes::memory(cx, size, "amount of storage"));
    Some(Volume { span: written.span(), source: source?, path, read_only: written.read_only.unwrap_or(false), size })
}

/// Docker's rule for names of volumes.
fn named(cx: &mut Cx<'_>, name: &Spanned<String>) -> Option<VolumeSource> {
    let inside = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
    if name.starts_with(|c: char| c.is_ascii_alphanumeric()) && name.chars().all(inside) {
        return Some(VolumeSource::Named(name.clone()));
    }
    cx.error("bad-name", format!("`{}` is no name of a volume", name.get_ref()), name.span(), "")
        .help("use ASCII letters, digits, `-`, `_` and `.`; a folder begins with `./` or `/`")
        .push();
    None
}

fn folder(cx: &mut Cx<'_>, path: &Spanned<String>) -> Option<VolumeSource> {
    build::path(cx, "source", path).then(|| VolumeSource::Folder(path.clone()))
}

fn absolute(cx: &mut Cx<'_>, path: &Spanned<String>, rule: &str) -> Option<Spanned<String>> {
    let text = path.get_ref();
    let is_plain = text.split('/').all(|part| part != ".." && part != ".");
    if text.starts_with('/') && text.len() > 1 && is_plain && !text.contains(':') {
        return Some(path.clone());
    }
    let better = text.trim_start_matches(['.', '/']);
    let help = match better.is_empty() || !is_plain {
        true => "write a path such as `/var/lib/data`".to_owned(),
        false => format!("write `/{better}`"),
    };
    cx.error("bad-path", format!("{rule}, `{text}` is none"), path.span(), "").help(help).push();
    None
}

pub(super) fn files(cx: &mut Cx<'_>, written: &[Spanned<written::File>]) -> Vec<File> {
    written.iter().filter_map(|file| self::file(cx, file)).collect()
}

fn file(cx: &mut Cx<'_>, written: &Spanned<written::File>) -> Option<File> {
    let content = match (&written.content, &written.from) {
        (Some(content), None) => cx.text(content).map(FileContent::Text),
        (None, Some(from)) => {
            let from = cx.plain("from", from);
            from.filter(|from| build::path(cx, "from", from)).map(FileContent::From)
        }
        (Some(content), Some(from)) => {
            cx.error("exclusive-keys", "`content` and `from` exclude each other", from.span(), "")
                .also(&content.span(), "also here")
                .help("keep one of them")
                .push();
            None
        }
        (None, None) if cx.is_reported(&written.span()) => None,
        (None, None) => {
            cx.error("missing-key", "a file has neither `content` nor `from`", written.span(), "")
                .help("write its text in `content`, or the name of a file in `from`")
                .push();
            None
        }
    };
    let Some(path) = &written.path else {
        if cx.is_reported(&written.span()) {
            return None;
        }
        cx.error("missing-key", "a file has no `path`", written.span(), "needs `path`")
            .help("write where it is: `path = \"/etc/app/settings.json\"`")
            .push();
        return None;
    };
    let path = cx.plain("path", path)?;
    let path = absolute(cx, &path, "a file has an absolute path")?;
    if path.ends_with('/') {
        let message = format!("`{}` is a folder's path, not a file's", path.get_ref());
        cx.error("bad-path", message, path.span(), "").help("write the file's name too").push();
    }
    let mode = written.mode.as_ref().and_then(|mode| {
        let bits = u32::from_str_radix(mode, 8).ok().filter(|bits| *bits <= 0o777 && mode.len() >= 3);
        if bits.is_none() {
            cx.error("bad-value", format!("`{}` are no permission bits", mode.as_str()), mode.span(), "")
                .help("write three octal digits, for example `\"0644\"`")
                .push();
        }
        bits.map(|bits| Spanned::new(mode.span(), bits))
    });
    Some(File { span: written.span(), path, content: content?, mode, secret: written.secret.unwrap_or(false) })
}

/// One thing is mounted at each path.
pub(super) fn unique(cx: &mut Cx<'_>, volumes: &[Volume], files: &[File]) {
    let mut seen: HashMap<&str, Span> = HashMap::new();
    let paths = volumes.iter().map(|volume| &volume.path).chain(files.iter().map(|file| &file.path));
    for path in paths {
        if let Some(first) = seen.insert(path.trim_end_matches('/'), path.span()) {
            cx.error("duplicate-path", format!("two things are mounted at `{}`", path.get_ref()), path.span(), "")
                .also(&first, "the first")
                .help("choose another path for one of them")
                .push();
        }
    }
}
