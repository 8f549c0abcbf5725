//! Whether an image can run a health check that is written as a command of the shell.

use crate::model::{App, AppKind};
use crate::util::fs;
use std::path::Path;

/// The most bytes of a Dockerfile.
const LIMIT: u64 = 1024 * 1024;
/// Images of these have no shell.
const BARE: &[&str] = &["distroless", "chiseled"];
/// Words of a `COPY` or `ADD` that bring a shell along, of a `RUN` that has one.
const SHELLS: &[&str] = &["busybox", "toybox", "bin/sh", "bin/bash", "bin/dash", "rootfs", ".tar"];

/// Why there is no shell in an app's image, as far as one can see; `None`: there is one, or nobody knows.
pub(super) fn missing(root: &Path, app: &App) -> Option<String> {
    match &app.kind {
        AppKind::Image { image, .. } => bare(image.as_literal()?),
        AppKind::Dockerfile(build) => {
            let context = root.join(build.context.get_ref());
            let file = build.dockerfile.as_ref().map_or("Dockerfile", |file| file.get_ref().as_str());
            let text = fs::read(&context.join(file), LIMIT).ok()?;
            let text = String::from_utf8_lossy(&text.bytes).into_owned();
            let has_shell = || ["bin/sh", "busybox", "bin/busybox"].iter().any(|file| context.join(file).exists());
            let target = build.target.as_ref().map(|target| target.get_ref().as_str());
            last_stage(&text, target).filter(|_| !has_shell())
        }
    }
}

fn bare(image: &str) -> Option<String> {
    let word = BARE.iter().find(|word| image.contains(*word))?;
    Some(format!("a {word} image has no shell"))
}

struct Stage<'t> {
    from: &'t str,
    name: Option<&'t str>,
    /// Something in it shows that there is a shell.
    has_shell: bool,
}

/// Follows the stages from the one that becomes the image to the image that it begins with.
fn last_stage(dockerfile: &str, target: Option<&str>) -> Option<String> {
    let joined = dockerfile.replace("\\\n", " ");
    let mut stages: Vec<Stage<'_>> = Vec::new();
    for line in joined.lines() {
        let words: Vec<&str> = line.split_whitespace().filter(|word| !word.starts_with("--")).collect();
        let Some((instruction, rest)) = words.split_first() else { continue };
        let shows = |rest: &[&str]| rest.iter().any(|word| SHELLS.iter().any(|shell| word.contains(shell)));
        match instruction.to_ascii_uppercase().as_str() {
            "FROM" => {
                let name = rest.get(2).filter(|_| rest.get(1).is_some_and(|word| word.eq_ignore_ascii_case("as")));
                stages.push(Stage { from: rest.first()?, name: name.copied(), has_shell: false });
            }
            // A command in brackets needs no shell.
            "RUN" if !rest.first().is_some_and(|word| word.starts_with('[')) => stages.last_mut()?.has_shell = true,
            "RUN" | "COPY" | "ADD" if shows(rest) => stages.last_mut()?.has_shell = true,
            _ => {}
        }
    }
    let named = |name: &str, stages: &[Stage<'_>]| {
        stages.iter().rposition(|stage| stage.name.is_some_and(|known| known.eq_ignore_ascii_case(name)))
    };
    let mut index = match target {
        Some(target) => named(target, &stages)?,
        None => stages.len().checked_sub(1)?,
    };
    loop {
        let stage = &stages[index];
        if stage.has_shell {
            return None;
        }
        match named(stage.from, &stages[..index]) {
            Some(earlier) => index = earlier,
            None if stage.from == "scratch" => return Some("an image `FROM scratch` has no shell".to_owned()),
            None => return bare(stage.from),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_without_a_shell_are_seen() {
        let none = |text: &str| last_stage(text, None).is_some();
        assert!(none("FROM golang AS build\nRUN go build\nFROM scratch\nCOPY --from=build /app /app\n"));
        assert!(none("FROM gcr.io/distroless/static-debian12\nCOPY app /\n"));
        assert!(none("from scratch as base\nFROM base\nRUN [\"/app\", \"init\"]\n"));
        assert!(!none("FROM debian\nCOPY app /\n"));
        assert!(!none("FROM scratch\nCOPY busybox /bin/sh\n"));
        assert!(!none("FROM scratch\nADD rootfs.tar.gz /\nCMD [\"/bin/sh\"]\n"));
        assert!(!none("FROM scratch\nCOPY bin /bin\nRUN echo hello\n"));
        assert!(!none("FROM scratch\nCOPY debian /\nRUN [\"/bin/busybox\", \"--install\", \"-s\", \"/bin\"]\n"));
        assert!(last_stage("FROM scratch AS a\nFROM debian\n", Some("a")).is_some());
    }
}
