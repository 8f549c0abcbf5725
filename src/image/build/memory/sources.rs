//! What a build takes from elsewhere than its context: as the Dockerfile has it, and as the builder
//! told while it built. Where the two do not fit together, or where a Dockerfile has something that
//! is looked for anew in every build, there is no answer, and the builder is asked again.

use crate::image::build::dockerfile::instructions;
use std::collections::BTreeSet;

/// Every instruction; a line that begins otherwise is not understood.
const INSTRUCTIONS: [&str; 18] = [
    "ADD",
    "ARG",
    "CMD",
    "COPY",
    "ENTRYPOINT",
    "ENV",
    "EXPOSE",
    "FROM",
    "HEALTHCHECK",
    "LABEL",
    "MAINTAINER",
    "ONBUILD",
    "RUN",
    "SHELL",
    "STOPSIGNAL",
    "USER",
    "VOLUME",
    "WORKDIR",
];

/// The images that a Dockerfile names.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Named {
    /// In full, as the builder calls them: `docker.io/library/alpine:3`.
    pub(super) images: BTreeSet<String>,
    /// Names with variables in them, as written.
    variable: BTreeSet<String>,
}

impl Named {
    /// `None` where the same Dockerfile may mean something else tomorrow, or is not understood.
    pub(super) fn read(dockerfile: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(dockerfile).ok()?;
        if has_directive(text) || text.lines().any(|line| line.trim_end().ends_with(r"\\")) {
            return None;
        }
        let mut named = Self::default();
        let mut stages = BTreeSet::new();
        for instruction in instructions(text) {
            let mut words = instruction.text.split_whitespace();
            let keyword = words.next()?.to_ascii_uppercase();
            // The lines of a here-document are no instructions.
            if !INSTRUCTIONS.contains(&keyword.as_str()) || instruction.text.contains("<<") {
                return None;
            }
            let (flags, words): (Vec<_>, Vec<_>) = words.partition(|word| word.starts_with("--"));
            match keyword.as_str() {
                "FROM" => {
                    named.add(words.first()?, &stages)?;
                    if let [_, as_, stage] = words.as_slice()
                        && as_.eq_ignore_ascii_case("as")
                    {
                        stages.insert(stage.to_ascii_lowercase());
                    } else if words.len() != 1 {
                        return None;
                    }
                }
                "ADD" if words.iter().any(|word| may_be_remote(word)) => return None,
                "COPY" | "ADD" => {
                    let from = flags.iter().filter_map(|flag| flag.strip_prefix("--from="));
                    from.map(|image| named.add(image, &stages)).collect::<Option<()>>()?;
                }
                "RUN" => {
                    let mounts = flags.iter().filter_map(|flag| flag.strip_prefix("--mount="));
                    let from = mounts.flat_map(|mount| mount.split(',')).filter_map(|part| part.strip_prefix("from="));
                    from.map(|image| named.add(image, &stages)).collect::<Option<()>>()?;
                }
                _ => {}
            }
        }
        Some(named)
    }

    fn add(&mut self, image: &str, stages: &BTreeSet<String>) -> Option<()> {
        let is_stage = stages.contains(&image.to_ascii_lowercase()) || image.parse::<usize>().is_ok();
        if is_stage || image.eq_ignore_ascii_case("scratch") {
            return Some(());
        }
        if image.contains('$') {
            self.variable.insert(image.to_owned());
        } else {
            self.images.insert(in_full(image)?);
        }
        Some(())
    }

    /// Whether every image is named by what it is, and not only by where it lies.
    pub(super) fn is_pinned(&self) -> bool {
        self.variable.is_empty() && self.images.iter().all(|image| image.contains('@'))
    }
}

/// What a builder told of a build.
#[derive(Clone, Debug, Default)]
pub(in crate::image::build) struct Loaded {
    /// In full, without digests.
    images: BTreeSet<String>,
    /// Something came from a place that is none of this.
    is_strange: bool,
}

impl Loaded {
    /// Takes in what the builder calls one of its steps.
    pub(in crate::image::build) fn step(&mut self, name: &str) {
        let metadata = name.strip_prefix("[internal] load metadata for ");
        let plain = match name.strip_prefix('[').and_then(|rest| rest.split_once("] ")) {
            Some((_, rest)) => rest,
            None => name,
        };
        if let Some(image) = metadata.or_else(|| plain.strip_prefix("FROM ")) {
            match without_digest(image) {
                "scratch" => {}
                image => drop(self.images.insert(image.to_owned())),
            }
        } else if plain.split(' ').next().is_some_and(|word| word.contains("://"))
            || name.starts_with("resolve image config")
        {
            self.is_strange = true;
        }
    }

    /// The builder told nothing.
    pub(in crate::image::build) fn is_unknown(&mut self) {
        self.is_strange = true;
    }

    /// The images that the build came from, if they are those that the Dockerfile names.
    pub(super) fn images(&self, named: &Named) -> Option<BTreeSet<String>> {
        let plain: BTreeSet<&str> = named.images.iter().map(|image| without_digest(image)).collect();
        let are_one_each = plain.len() == named.images.len();
        let all_loaded = plain.iter().all(|image| self.images.contains(*image));
        let enough = self.images.len() >= plain.len() + named.variable.len();
        if self.is_strange || !are_one_each || !all_loaded || !enough {
            return None;
        }
        let variable = self.images.iter().filter(|image| !plain.contains(image.as_str()));
        Some(named.images.iter().chain(variable).cloned().collect())
    }
}

/// A line before the first instruction that names another builder or another escape character.
fn has_directive(text: &str) -> bool {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let before = text.lines().map(str::trim).take_while(|line| line.is_empty() || line.starts_with('#'));
    before
        .map(str::to_ascii_lowercase)
        .any(|line| line.contains('=') && ["syntax", "escape"].iter().any(|word| line.contains(word)))
}

/// A URL, a git repository, or what may become one.
fn may_be_remote(word: &str) -> bool {
    word.contains([':', '$', '@']) || word.contains("github.com/") || word.contains(".git")
}

fn without_digest(image: &str) -> &str {
    image.split_once('@').map_or(image, |(name, _)| name)
}

/// A name with the parts that may be left out: Docker's references.
fn in_full(image: &str) -> Option<String> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "._/:@-".contains(c);
    if image.is_empty() || !image.chars().all(is_plain) {
        return None;
    }
    let (name, digest) = match image.split_once('@') {
        Some((name, digest)) => (name, Some(digest)),
        None => (image, None),
    };
    let (host, path) = match name.split_once('/') {
        Some((first, rest)) if first.contains(['.', ':']) || first == "localhost" => (first, rest.to_owned()),
        Some(_) => ("docker.io", name.to_owned()),
        None => ("docker.io", format!("library/{name}")),
    };
    let host = if host == "index.docker.io" { "docker.io" } else { host };
    let has_tag = path.rsplit('/').next().is_some_and(|last| last.contains(':'));
    let tag = if has_tag || digest.is_some() { "" } else { ":latest" };
    let digest = digest.map(|digest| format!("@{digest}")).unwrap_or_default();
    Some(format!("{host}/{path}{tag}{digest}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIGEST: &str = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

    fn named(dockerfile: &str) -> Option<Named> {
        Named::read(dockerfile.as_bytes())
    }

    #[test]
    fn every_image_of_a_dockerfile_is_named_in_full() {
        let dockerfile = format!(
            "# a comment\nFROM --platform=$BUILDPLATFORM golang:1.22 AS build\nRUN --mount=type=bind,from=tools/x,target=/t go \\\n  \
             build\nfrom scratch\nCOPY --from=build /a \\\n# here\n /a\nCOPY --from=0 /b /b\n\
             COPY --from=localhost/x/y:1 / /\nFROM ghcr.io/a/b@{DIGEST} as Last\nFROM last\nFROM box:5000/z\nADD a b /c/\n"
        );
        let named = named(&dockerfile).unwrap();
        let expect = [
            "box:5000/z:latest".to_owned(),
            "docker.io/library/golang:1.22".to_owned(),
            "docker.io/tools/x:latest".to_owned(),
            format!("ghcr.io/a/b@{DIGEST}"),
            "localhost/x/y:1".to_owned(),
        ];
        assert_eq!(named.images.into_iter().collect::<Vec<_>>(), expect);
        assert!(!Named::read(b"FROM alpine:3").unwrap().is_pinned());
        assert!(!Named::read(b"ARG X\nFROM $X").unwrap().is_pinned());
        assert!(Named::read(format!("FROM alpine@{DIGEST}").as_bytes()).unwrap().is_pinned());
        assert!(Named::read(b"FROM scratch\nCOPY . /").unwrap().is_pinned());
    }

    #[test]
    fn what_may_mean_something_else_tomorrow_is_not_answered() {
        for dockerfile in [
            "# syntax=docker/dockerfile:1\nFROM scratch",
            "#Syntax = x\nFROM scratch",
            "\u{feff}# syntax=x\nFROM scratch",
            "# escape=`\nFROM scratch",
            "// syntax=x\nFROM scratch",
            "FROM scratch\nADD https://example.com/x /x",
            "FROM scratch\nADD [\"https://example.com/x\", \"/x\"]",
            "FROM scratch\nADD git@github.com:a/b /x",
            "FROM scratch\nADD github.com/a/b /x",
            "FROM scratch\nADD $FILE /x",
            "FROM scratch\nRUN <<EOF\nFROM x\nEOF",
            "FROM scratch\nRUN echo \\\\\nFROM alpine",
            "FROM scratch\nFETCH x",
            "FROM \"alpine\"",
            "FROM alpine from x",
            "FROM",
        ] {
            assert_eq!(named(dockerfile), None, "{dockerfile}");
        }
        assert_eq!(Named::read(b"FROM scratch\nCOPY \xff /"), None);
    }

    #[test]
    fn what_was_loaded_must_fit_what_is_named() {
        let images = |dockerfile: &str, steps: &[&str]| {
            let mut loaded = Loaded::default();
            steps.iter().for_each(|step| loaded.step(step));
            loaded.images(&named(dockerfile).unwrap()).map(|images| images.into_iter().collect::<Vec<_>>())
        };
        let some = |images: &[&str]| Some(images.iter().map(|image| (*image).to_owned()).collect::<Vec<_>>());
        let base = "[internal] load metadata for docker.io/library/alpine:3";
        let from = format!("[one 1/2] FROM docker.io/library/alpine:3@{DIGEST}");
        let copied = "FROM docker.io/shop/web:1";
        assert_eq!(images("FROM alpine:3", &[base, &from, "[2/2] RUN x"]), some(&["docker.io/library/alpine:3"]));
        let pinned = format!("docker.io/library/alpine:3@{DIGEST}");
        assert_eq!(images(&format!("FROM alpine:3@{DIGEST}"), &[&from]), some(&[&pinned]));
        assert_eq!(images("FROM scratch", &["[internal] load build context"]), some(&[]));
        let two = "FROM alpine:3\nCOPY --from=shop/web:1 / /";
        assert_eq!(images(two, &[base, copied]), some(&["docker.io/library/alpine:3", "docker.io/shop/web:1"]));
        assert_eq!(images(two, &[base]), None);
        assert_eq!(images("FROM $X", &[copied]), some(&["docker.io/shop/web:1"]));
        assert_eq!(images("FROM $X", &[]), None);
        assert_eq!(images("FROM alpine:3\nCOPY --from=$X / /", &[base]), None);
        // What a base image lets its children do.
        assert_eq!(images("FROM alpine:3", &[base, "https://example.com/x"]), None);
        assert_eq!(images("FROM alpine:3", &[base, "resolve image config for docker.io/docker/dockerfile:1"]), None);
        assert_eq!(
            images("FROM alpine:3", &[base, copied]),
            some(&["docker.io/library/alpine:3", "docker.io/shop/web:1"])
        );
    }
}
