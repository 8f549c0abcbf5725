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
const WRAPPINGS: [&str; 13] = [
    "failed to solve with frontend dockerfile.v0: ",
    "failed to solve with frontend gateway.v0: ",
    "failed to solve: ",
    "rpc error: code = Unknown desc = ",
    "failed to create LLB definition: ",
    "failed to build LLB: ",
    "failed to compute cache key: ",
    "failed to load cache key: ",
    "failed to parse Dockerfile: ",
    "creating build container: ",
    "Build error: ",
    "building: ",
    "Error: ",
];

/// What engines say in words of their own, in ours. `$1` is what stands in the first group.
const MEANINGS: [(&str, &str, Option<&str>); 7] = [
    (
        r"^target stage (.*) could not be found$|^failed to reach build target (.*) in Dockerfile$|^[Tt]he target \x22(.*)\x22 was not found in the provided Dockerfile$",
        "the Dockerfile has no stage `$1`",
        Some("correct `target`, or name a stage with `FROM … AS …`"),
    ),
    (
        r"^no build stage in current context$|^file with no instructions$|^no stages to build$|^no FROM statement found$",
        "the Dockerfile has no `FROM`",
        Some("begin with `FROM` and a base image, or `FROM scratch`"),
    ),
    (
        r"^base name \((.*)\) should not be blank$",
        "the base image `$1` is empty",
        Some("give the variable a value in `build-args`, or a default with `ARG` before `FROM`"),
    ),
    (
        r"(?s)^(?:dockerfile parse error (?:on )?line \d+: )?[Uu]nknown instruction: \x22?([^\s\x22]+)\x22?(?: &imagebuilder.*)?$",
        "unknown instruction: $1",
        Some(UNKNOWN_INSTRUCTION),
    ),
    (r"^dockerfile parse error (?:on )?line \d+: (.*)$", "$1", None),
    (
        r"^manifest for (\S+) not found: |^(\S+/\S+:\S+): not found$|^initializing source docker://(\S+): reading manifest .*: manifest unknown",
        "the base image `$1` was not found",
        Some("check its name and tag, and that the engine can reach its registry"),
    ),
    (r"(?s)^COPY --from=(\S+): no stage or image found with that name$", "there is no stage or image `$1`", None),
];

/// What is missing in the context, or in the stage or image that `--from` names.
const MISSING: &str = r"^(?:failed to calculate checksum of ref \S+: )?\x22(/[^\x22]*)\x22:? not found(?:: not found)?$|^(?:COPY|ADD) failed: file not found in build context or excluded by \.dockerignore: stat (.*): file does not exist$|checking on sources under \x22[^\x22]*\x22: copier: stat: \x22([^\x22]*)\x22: no such file or directory$";

/// A part of a message and what helps.
const HELPS: [(&str, &str); 11] = [
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
        "this engine has no bridge network: build with another, e.g. `network = \"host\"` or `network = \"none\"`",
    ),
    ("leads out of the context", "leave the link out with the ignore file, or let it lead to a place inside"),
    ("not supported by buildkit", "BuildKit knows the networks `none` and `host` only"),
    (
        "server gave HTTP response to HTTPS client",
        "the engine wants TLS there; let its own settings name the registry as insecure",
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
const REFUSED: &str = "check the name of the base image, and sign in to its registry with `docker login`";
const UNKNOWN_INSTRUCTION: &str =
    "correct the word; if the line is inside of a here-document (`<<EOF`), this engine's builder is too old for it";
const NOT_IN_CONTEXT: &str =
    "the path is relative to the context; look for it there, and at what the ignore file leaves out";
const NO_PROGRAM: &str = "the image has no such program, or not in its PATH";

/// The most that is shown of a command, in characters.
const COMMAND_SHOWN: usize = 120;

/// Reads an engine's words; `instruction` is what it was at, if that is known.
pub(super) fn read(words: &str, instruction: Option<&str>) -> Said {
    static PODMAN: LazyLock<Regex> = LazyLock::new(|| expression(r"(?s)^(?:error )?building at STEP \x22.*?\x22: "));
    let mut message = text::sanitize(words.trim()).into_owned();
    let line = line(&message);
    while let Some(shorter) = WRAPPINGS.iter().find_map(|wrapping| message.strip_prefix(wrapping)) {
        message = shorter.to_owned();
    }
    // A command's text is the user's own, whatever stands in it.
    if let Some((message, code)) = failed_command(&message) {
        let help = (code == "127").then(|| NO_PROGRAM.to_owned());
        return Said { message, line, help, class: FailureClass::Permanent };
    }
    let message = PODMAN.replace(&message, "");
    let message = message.strip_prefix("Build error: ").unwrap_or(&message);
    let has = |parts: &[&str]| parts.iter().any(|part| message.contains(part));
    let class = match () {
        () if has(&REFUSALS) => FailureClass::Refused,
        () if has(&PASSING) => FailureClass::Passing,
        () => FailureClass::Permanent,
    };
    let help = HELPS.iter().find(|(part, _)| message.contains(part)).map(|(_, help)| *help);
    let (message, meant) = meaning(message, instruction).unwrap_or_else(|| (message.to_owned(), None));
    let refused = (class == FailureClass::Refused).then_some(REFUSED);
    Said { message, line, help: help.or(meant).or(refused).map(str::to_owned), class }
}

/// The message in our words, with what helps.
fn meaning(message: &str, instruction: Option<&str>) -> Option<(String, Option<&'static str>)> {
    static MISSING_IN: LazyLock<Regex> = LazyLock::new(|| expression(MISSING));
    static MEANT: LazyLock<Vec<Regex>> =
        LazyLock::new(|| MEANINGS.iter().map(|(pattern, ..)| expression(pattern)).collect());
    if message.ends_with("unknown instruction: EOF") {
        return Some(("unknown instruction: EOF".to_owned(), Some(HEREDOC)));
    }
    if let Some(path) = first_group(&MISSING_IN, message) {
        let path = path.trim_start_matches('/');
        return Some(match instruction.is_some_and(|instruction| instruction.contains("--from=")) {
            true => (format!("`/{path}` is not in the stage or image that `--from` names"), None),
            false => (format!("`{path}` is not in the context"), Some(NOT_IN_CONTEXT)),
        });
    }
    let (meant, (_, ours, help)) = MEANT.iter().zip(MEANINGS).find(|(meant, _)| meant.is_match(message))?;
    let name = first_group(meant, message).unwrap_or_default();
    Some((ours.replace("$1", name), help))
}

fn first_group<'a>(expression: &Regex, text: &'a str) -> Option<&'a str> {
    expression.captures(text)?.iter().skip(1).flatten().next().map(|group| group.as_str())
}

/// `executor failed running [/bin/sh -c make]: exit code: 2` and what others say, as people say it,
/// and the exit code.
fn failed_command(message: &str) -> Option<(String, &str)> {
    static FAILED: LazyLock<Regex> = LazyLock::new(|| {
        expression(
            r"(?s)^(?:executor failed running \[(.*)\]: exit code: (\d+)|process \x22(.*)\x22 did not complete successfully: exit code: (\d+)|The command '(.*)' returned a non-zero code: (\d+)|(?:error )?building at STEP \x22RUN (.*)\x22: while running runtime: exit status (\d+))$",
        )
    });
    let found = FAILED.captures(message)?;
    let mut groups = found.iter().skip(1).flatten().map(|group| group.as_str());
    let (command, code) = (groups.next()?, groups.next()?);
    let command = command.trim_start_matches("/bin/sh -c ").split_whitespace().collect::<Vec<_>>().join(" ");
    let command = match command.char_indices().nth(COMMAND_SHOWN) {
        Some((end, _)) => format!("{}…", &command[..end]),
        None => command,
    };
    Some((format!("`{command}` failed with exit code {code}"), code))
}

fn line(message: &str) -> Option<usize> {
    static LINE: LazyLock<Regex> =
        LazyLock::new(|| expression(r"(?i)parse error (?:on )?line (\d+)|Dockerfile[^\s:]*:(\d+)"));
    first_group(&LINE, message)?.parse().ok()
}

fn expression(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the expression is well formed")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(words: &str) -> String {
        read(words, None).message
    }

    #[test]
    fn the_engines_words_are_unwrapped() {
        let said = read(
            "failed to solve with frontend dockerfile.v0: failed to create LLB definition: dockerfile parse error \
             line 3: unknown instruction: RUNN",
            None,
        );
        assert_eq!((said.message.as_str(), said.line), ("unknown instruction: RUNN", Some(3)));
        for words in [
            "executor failed running [/bin/sh -c exit 3]: exit code: 3",
            "failed to solve: process \"/bin/sh -c exit 3\" did not complete successfully: exit code: 3",
            "The command '/bin/sh -c exit 3' returned a non-zero code: 3",
            "building at STEP \"RUN exit 3\": while running runtime: exit status 3",
        ] {
            assert_eq!(message(words), "`exit 3` failed with exit code 3");
        }
        let long = format!("The command '/bin/sh -c a \t  b {}' returned a non-zero code: 127", "x".repeat(500));
        let said = read(&long, None);
        assert_eq!(said.message, format!("`a b {}…` failed with exit code 127", "x".repeat(116)));
        assert_eq!(said.help.as_deref(), Some(NO_PROGRAM));
    }

    /// What Docker 20.10 (BuildKit, then classic) and Podman 4.3 say of the same mistake.
    #[test]
    fn the_same_mistake_has_the_same_words_whatever_the_engine() {
        let cases: [(&str, &[&str]); 5] = [
            (
                "unknown instruction: RUNN",
                &[
                    "dockerfile parse error line 2: unknown instruction: RUNN",
                    "building at STEP \"RUNN \": Build error: Unknown instruction: \"RUNN\" &imagebuilder.Step{Env:[]}",
                ],
            ),
            (
                "`nofile` is not in the context",
                &[
                    "failed to compute cache key: \"/nofile\" not found: not found",
                    "failed to compute cache key: failed to calculate checksum of ref a::b: \"/nofile\": not found",
                    "COPY failed: file not found in build context or excluded by .dockerignore: stat nofile: file does not exist",
                    "building at STEP \"COPY nofile /x\": checking on sources under \"/var/tmp/x/build\": copier: stat: \
                     \"/nofile\": no such file or directory",
                ],
            ),
            (
                "the Dockerfile has no stage `two`",
                &[
                    "failed to solve: target stage two could not be found",
                    "failed to reach build target two in Dockerfile",
                    "The target \"two\" was not found in the provided Dockerfile",
                ],
            ),
            (
                "the Dockerfile has no `FROM`",
                &[
                    "no build stage in current context",
                    "failed to parse Dockerfile: file with no instructions",
                    "no FROM statement found",
                    "building: no stages to build",
                ],
            ),
            (
                "the base image `box:5/a/b:1` was not found",
                &["box:5/a/b:1: not found", "manifest for box:5/a/b:1 not found: manifest unknown: manifest unknown"],
            ),
        ];
        for (expect, words) in cases {
            for words in words {
                let said = read(words, None);
                assert_eq!(said.message, expect, "{words}");
                assert!(said.help.is_some(), "{words}");
            }
        }
        let from = read("\"/nofile\": not found", Some("COPY --from=build /nofile /"));
        assert_eq!(from.message, "`/nofile` is not in the stage or image that `--from` names");
    }

    #[test]
    fn a_refusal_is_told_from_a_failure() {
        let said =
            read("pull access denied for shop/base, repository does not exist or may require 'docker login'", None);
        assert_eq!(said.class, FailureClass::Refused);
        assert!(said.help.is_some());
        assert_eq!(read("failed to solve: disk on fire", None).class, FailureClass::Permanent);
        assert_eq!(read("failed to do request: net/http: TLS handshake timeout", None).class, FailureClass::Passing);
        let command = "executor failed running [/bin/sh -c echo i/o timeout unauthorized; exit 1]: exit code: 1";
        assert_eq!(read(command, None).class, FailureClass::Permanent);
    }

    #[test]
    fn what_an_old_builder_lacks_is_named() {
        let help = |words| read(words, None).help.unwrap();
        assert!(help("dockerfile parse error line 2: Unknown flag: link").contains("--link"));
        assert!(help("failed to solve: docker/dockerfile:1: not found").contains("# syntax="));
        assert!(help("dockerfile parse error line 4: unknown instruction: EOF").contains("here-documents"));
    }
}
