//! As much of a Dockerfile's syntax as is needed around a build: which registries its `FROM` lines
//! name, and on which line an instruction stands.

use std::collections::BTreeSet;

/// One instruction: its line, from 1, and its text with continuations joined.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Instruction {
    line: usize,
    pub(super) text: String,
}

/// The hosts that the base images come from; Docker Hub is `docker.io`. A name with a variable in
/// its host is left out: what it will be is only known to the builder.
pub(super) fn registries(dockerfile: &str) -> BTreeSet<String> {
    let mut stages: BTreeSet<String> = BTreeSet::new();
    let mut hosts = BTreeSet::new();
    for instruction in instructions(dockerfile) {
        let mut words = instruction.text.split_whitespace();
        let keyword = words.next().unwrap_or_default();
        let mut words = words.peekable();
        let image = if keyword.eq_ignore_ascii_case("FROM") {
            while words.next_if(|word| word.starts_with("--")).is_some() {}
            words.next().map(str::to_owned)
        } else if keyword.eq_ignore_ascii_case("COPY") {
            words.find_map(|word| word.strip_prefix("--from=")).map(str::to_owned)
        } else {
            None
        };
        if let Some(image) = image
            && !stages.contains(&image.to_ascii_lowercase())
            && image != "scratch"
            && image.parse::<usize>().is_err()
        {
            hosts.extend(host(&image));
        }
        if keyword.eq_ignore_ascii_case("FROM") && words.next().is_some_and(|word| word.eq_ignore_ascii_case("AS")) {
            stages.extend(words.next().map(str::to_ascii_lowercase));
        }
    }
    hosts
}

/// The rule of Docker's references: the first part is a host if it looks like one.
fn host(image: &str) -> Option<String> {
    let host = match image.split_once('/') {
        Some((first, _)) if first.contains(['.', ':']) || first == "localhost" => first,
        Some((first, _)) if first.contains('$') => return None,
        None if image.contains('$') => return None,
        _ => "docker.io",
    };
    (!host.contains('$')).then(|| super::credentials::plain_host(host).to_owned())
}

/// The line of the instruction that a builder calls e.g. `[build 2/3] RUN make` or `RUN make`.
pub(super) fn line_of(dockerfile: &str, step: &str) -> Option<usize> {
    let named = step.strip_prefix('[').and_then(|step| step.split_once("] "));
    let step = named.map_or(step, |(_, instruction)| instruction);
    let wanted = squeeze(step);
    let mut found = instructions(dockerfile).into_iter().filter(|instruction| squeeze(&instruction.text) == wanted);
    let first = found.next()?;
    // The same instruction twice: which one failed is not known.
    found.next().is_none().then_some(first.line)
}

fn squeeze(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

pub(super) fn instructions(dockerfile: &str) -> Vec<Instruction> {
    let mut instructions = Vec::new();
    let mut current: Option<Instruction> = None;
    for (index, line) in dockerfile.lines().enumerate() {
        let line = line.trim();
        // Comments and empty lines may stand between continued lines.
        if line.starts_with('#') || line.is_empty() {
            continue;
        }
        let (text, continues) = match line.strip_suffix('\\') {
            Some(text) => (text, true),
            None => (line, false),
        };
        let instruction = current.get_or_insert_with(|| Instruction { line: index + 1, text: String::new() });
        instruction.text.push_str(text);
        instruction.text.push(' ');
        if !continues {
            instructions.extend(current.take());
        }
    }
    instructions.extend(current);
    instructions
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_registries_of_from_lines_are_found() {
        let dockerfile = "# syntax=x\nFROM --platform=$BUILDPLATFORM ghcr.io/a/b:1 AS build\n\
                          FROM build\nfrom scratch\nFROM localhost:5000/x\nFROM alpine as Last\n\
                          COPY --from=last / /\nCOPY --from=quay.io/tool /t /t\nFROM ${BASE}\nFROM $REG/x\n\
                          RUN echo FROM evil.example/x\nFROM evil.example/${X}";
        let found = registries(dockerfile);
        let expect = ["docker.io", "evil.example", "ghcr.io", "localhost:5000", "quay.io"];
        assert_eq!(found.into_iter().collect::<Vec<_>>(), expect);
    }

    #[test]
    fn the_line_of_a_step_is_found() {
        let dockerfile = "FROM scratch\n# comment\nRUN a \\\n  && b\n\nRUN c\nRUN c\n";
        assert_eq!(line_of(dockerfile, "[build 2/4] RUN a   && b"), Some(3));
        assert_eq!(line_of(dockerfile, "[3/4] RUN c"), None);
        assert_eq!(line_of(dockerfile, "[1/4] FROM scratch"), Some(1));
        assert_eq!(line_of(dockerfile, "exporting to image"), None);
    }
}
