//! What engines say when a build fails, made short, with what to do about it.

use crate::util::{FailureClass, text};
use regex::Regex;
use std::sync::LazyLock;

/// What an engine meant.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) message: String,
    pub(super) line: Option<usize>,
    pub(super) help: Option<String>,
    pub(super) class: FailureClass,
}

/// Wrapping that says nothing to whoever wrote the Dockerfile.
const WRAPPINGS: [&str; 7] = [
    "failed to solve with frontend dockerfile.v0: ",
    "failed to solve with frontend gateway.v0: ",
    "failed to solve: ",
    "rpc error: code = Unknown desc = ",
    "failed to create LLB definition: ",
    "failed to build LLB: ",
    "failed to compute cache key: ",
];

/// A part of a message and what helps.
const HELPS: [(&str, &str); 9] = [
    ("unknown instruction: EOF", HEREDOC),
    ("Unknown flag: link", "this engine's builder has no `COPY --link`; remove the flag or update the engine"),
    ("Unknown flag: chmod", "this engine's builder has no `--chmod`; use `RUN chmod` or update the engine"),
    ("Unknown flag: checksum", "this engine's builder has no `ADD --checksum`; remove the flag or update the engine"),
    ("Unknown flag: network", "this engine's builder has no `RUN --network`; remove the flag or update the engine"),
    ("Unknown flag: mount", "`RUN --mount` needs BuildKit; use Docker 19.03 or newer as the engine"),
    (
        "docker/dockerfile",
        "the line `# syntax=` makes the engine fetch its builder from docker.io; remove it or give the engine a way there",
    ),
    ("no space left on device", "make room on the engine's disk, e.g. with `docker system prune`"),
    (
        "network bridge not found",
        "this engine has no bridge network: build with another network, e.g. `host` or `none`",
    ),
];

/// What a registry says, through the engine, to who may not read a base image.
const REFUSALS: [&str; 5] =
    ["unauthorized", "authentication required", "pull access denied", "403 Forbidden", "access denied"];

/// What the way to a registry says when it is down or busy for a while.
const PASSING: [&str; 8] = [
    "i/o timeout",
    "TLS handshake timeout",
    "connection reset",
    "connection refused",
    "toomanyrequests",
    "429 Too Many",
    "502 Bad Gateway",
    "503 Service",
];

const HEREDOC: &str = "this engine's builder has no here-documents (`<<EOF`); write the lines with `&& \\`, \
                       or update the engine to Docker 23 or newer";

pub(super) fn read(words: &str) -> Said {
    let mut message = text::sanitize(words.trim()).into_owned();
    while let Some(shorter) = WRAPPINGS.iter().find_map(|wrapping| message.strip_prefix(wrapping)) {
        message = shorter.to_owned();
    }
    let line = line(&message);
    let help = HELPS.iter().find(|(part, _)| message.contains(part)).map(|(_, help)| (*help).to_owned());
    let short = plain(&message);
    let has = |parts: &[&str]| parts.iter().any(|part| message.contains(part));
    let class = match () {
        // A command that failed: its text is the user's own.
        () if short != message => FailureClass::Permanent,
        () if has(&REFUSALS) => FailureClass::Refused,
        () if has(&PASSING) => FailureClass::Passing,
        () => FailureClass::Permanent,
    };
    let help = help
        .or_else(|| (class == FailureClass::Refused).then(|| REFUSED.to_owned()))
        .or_else(|| message.contains("unknown instruction").then(|| UNKNOWN_INSTRUCTION.to_owned()));
    Said { message: short, line, help, class }
}

const REFUSED: &str = "check the name of the base image, and sign in to its registry with `docker login`";
const UNKNOWN_INSTRUCTION: &str =
    "correct the word; if the line is inside of a here-document (`<<EOF`), this engine's builder is too old for it";

/// `executor failed running [/bin/sh -c make]: exit code: 2` and its successor, as people say it.
fn plain(message: &str) -> String {
    static FAILED: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?s)^(?:executor failed running \[(.*)\]: exit code: (\d+)|process \x22(.*)\x22 did not complete successfully: exit code: (\d+)|The command '(.*)' returned a non-zero code: (\d+))$")
            .expect("the expression is well formed")
    });
    let Some(found) = FAILED.captures(message) else { return message.to_owned() };
    let mut groups = found.iter().skip(1).flatten().map(|group| group.as_str());
    let (command, code) = (groups.next().unwrap_or_default(), groups.next().unwrap_or_default());
    format!("`{}` failed with exit code {code}", command.trim_start_matches("/bin/sh -c "))
}

fn line(message: &str) -> Option<usize> {
    static LINE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?i)parse error (?:on )?line (\d+)|Dockerfile[^\s:]*:(\d+)")
            .expect("the expression is well formed")
    });
    let found = LINE.captures(message)?;
    found.get(1).or_else(|| found.get(2))?.as_str().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_engines_words_are_unwrapped() {
        let said = read(
            "failed to solve with frontend dockerfile.v0: failed to create LLB definition: dockerfile parse error \
             line 3: unknown instruction: RUNN",
        );
        assert_eq!(said.message, "dockerfile parse error line 3: unknown instruction: RUNN");
        assert_eq!(said.line, Some(3));
        for words in [
            "executor failed running [/bin/sh -c exit 3]: exit code: 3",
            "failed to solve: process \"/bin/sh -c exit 3\" did not complete successfully: exit code: 3",
            "The command '/bin/sh -c exit 3' returned a non-zero code: 3",
        ] {
            assert_eq!(read(words).message, "`exit 3` failed with exit code 3");
        }
    }

    #[test]
    fn a_refusal_is_told_from_a_failure() {
        let said = read("pull access denied for shop/base, repository does not exist or may require 'docker login'");
        assert_eq!(said.class, FailureClass::Refused);
        assert!(said.help.is_some());
        assert_eq!(read("failed to solve: disk on fire").class, FailureClass::Permanent);
        assert_eq!(read("failed to do request: net/http: TLS handshake timeout").class, FailureClass::Passing);
        let command = "executor failed running [/bin/sh -c echo i/o timeout unauthorized; exit 1]: exit code: 1";
        assert_eq!(read(command).class, FailureClass::Permanent);
    }

    #[test]
    fn what_an_old_builder_lacks_is_named() {
        assert!(read("dockerfile parse error line 2: Unknown flag: link").help.unwrap().contains("--link"));
        assert!(read("failed to solve: docker/dockerfile:1: not found").help.unwrap().contains("# syntax="));
    }
}
