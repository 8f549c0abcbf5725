//! A first manifest for a folder: finds Dockerfiles and writes down what it saw. Writes no file.

use crate::render::{Artifact, TemplateError, Templates};
use crate::util::fs;
use serde::Serialize;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// How deep below the folder it is looked for Dockerfiles.
const DEPTH: usize = 6;
/// The most entries of folders that are looked at, and the most apps that are written down.
const ENTRIES: usize = 20_000;
const APPS: usize = 100;
/// The most bytes of a Dockerfile that are looked at.
const DOCKERFILE_LIMIT: u64 = 1024 * 1024;
/// Folders that hold what others wrote or a build made; so do those whose name begins with a dot.
const SKIPPED: &[&str] = &["node_modules", "target", "vendor", "dist", "bin", "obj", "venv", "__pycache__"];
/// Taken by what the manifest declares itself, by references, and by devices of Windows.
const RESERVED: &[&str] = &["local", "remote", "tag", "git", "shipit", "con", "prn", "aux", "nul"];
/// Any of these is a manifest already.
const MANIFESTS: &[&str] = &["apphost.toml", "apphost.yaml", "apphost.yml"];
/// The longest name that is guessed.
const NAME_LENGTH: usize = 40;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Syntax {
    #[default]
    Toml,
    Yaml,
}

/// What there is to write, and what was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Init {
    /// The manifest; then `.gitignore`, where it does not name `.shipit/` yet, with all it had. Paths are
    /// relative to the folder.
    pub artifacts: Vec<Artifact>,
    /// Names of the apps that were found.
    pub apps: Vec<String>,
    /// There were more entries than are looked at: apps may be missing.
    pub truncated: bool,
}

#[derive(Debug, thiserror::Error)]
pub enum InitError {
    #[error("there is a manifest already: `{}`", path.display())]
    Exists { path: PathBuf },
    #[error("cannot read `{}`: {source}", path.display())]
    Folder { path: PathBuf, source: std::io::Error },
    #[error(transparent)]
    File(#[from] fs::FileError),
    #[error(transparent)]
    Render(#[from] TemplateError),
}

#[derive(Serialize)]
struct Data {
    name: String,
    apps: Vec<FoundApp>,
}

#[derive(Serialize)]
struct FoundApp {
    name: String,
    /// Relative to the folder, with `./` in front.
    context: String,
    /// Relative to the context; `None` for `Dockerfile`.
    dockerfile: Option<String>,
    port: Option<u16>,
}

/// Makes a manifest for `folder`, and the line of `.gitignore` that it wants.
pub fn init(folder: &Path, syntax: Syntax) -> Result<Init, InitError> {
    if let Some(path) = MANIFESTS.iter().map(|name| folder.join(name)).find(|path| path.symlink_metadata().is_ok()) {
        return Err(InitError::Exists { path });
    }
    let project = folder.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let mut search = Search { root: folder, left: ENTRIES, dockerfiles: Vec::new(), truncated: false };
    search.look(folder, 0)?;
    let mut taken: BTreeSet<String> = RESERVED.iter().map(|name| (*name).to_owned()).collect();
    let apps: Vec<FoundApp> =
        search.dockerfiles.iter().map(|path| found_app(folder, &project, path, &mut taken)).collect();
    let names = apps.iter().map(|app| app.name.clone()).collect();
    let (template, file) = match syntax {
        Syntax::Toml => ("init/apphost.toml.hbs", "apphost.toml"),
        Syntax::Yaml => ("init/apphost.yaml.hbs", "apphost.yaml"),
    };
    let text = Templates::embedded().render(template, &Data { name: valid_name(&project), apps })?;
    let mut artifacts = vec![Artifact { path: file.to_owned(), text }];
    artifacts.extend(ignore_state(folder)?);
    Ok(Init { artifacts, apps: names, truncated: search.truncated })
}

struct Search<'a> {
    root: &'a Path,
    left: usize,
    dockerfiles: Vec<PathBuf>,
    truncated: bool,
}

impl Search<'_> {
    fn look(&mut self, folder: &Path, depth: usize) -> Result<(), InitError> {
        let fail = |source| InitError::Folder { path: folder.to_owned(), source };
        let mut entries = Vec::new();
        for entry in std::fs::read_dir(folder).map_err(fail)? {
            if self.left == 0 {
                self.truncated = true;
                break;
            }
            self.left -= 1;
            entries.push(entry.map_err(fail)?);
        }
        entries.sort_by_key(std::fs::DirEntry::file_name);
        let mut folders = Vec::new();
        for entry in entries {
            // Links are not followed: they lead in circles, or out of the project.
            let Ok(kind) = entry.file_type() else { continue };
            let name = entry.file_name();
            let Some(name) = name.to_str() else { continue };
            if kind.is_dir() && !name.starts_with('.') && !SKIPPED.contains(&name) {
                folders.push(entry.path());
            } else if kind.is_file() && is_dockerfile(name) {
                if self.dockerfiles.len() == APPS {
                    self.truncated = true;
                } else {
                    self.dockerfiles.push(entry.path());
                }
            }
        }
        for path in folders {
            if depth + 1 < DEPTH {
                match self.look(&path, depth + 1) {
                    // A folder that may not be read is none of ours; the first one is.
                    Err(InitError::Folder { path, .. }) if path != self.root => {}
                    other => other?,
                }
            }
        }
        Ok(())
    }
}

fn is_dockerfile(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let base = lower.strip_prefix("dockerfile").or_else(|| lower.strip_prefix("containerfile"));
    base.is_some_and(|rest| rest.is_empty() || (rest.starts_with('.') && !rest.ends_with("ignore")))
        || lower.ends_with(".dockerfile")
}

fn found_app(root: &Path, project: &str, path: &Path, taken: &mut BTreeSet<String>) -> FoundApp {
    let file = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let folder = path.parent().unwrap_or(root);
    let relative = folder.strip_prefix(root).unwrap_or(folder);
    let folders: Vec<String> = relative.iter().map(|part| part.to_string_lossy().into_owned()).collect();
    let mut guesses = Vec::new();
    guesses.extend(variant(&file).map(valid_name));
    let own = folders.last().map_or(project, String::as_str);
    guesses.push(valid_name(own));
    if let Some(variant) = variant(&file) {
        guesses.push(valid_name(&format!("{own}-{variant}")));
    }
    guesses.push(valid_name(&folders.join("-")));
    let name = match guesses.iter().find(|guess| !taken.contains(*guess)) {
        Some(guess) => guess.clone(),
        None => (2..)
            .map(|number| format!("{}-{number}", guesses[0]))
            .find(|name| !taken.contains(name))
            .unwrap_or_default(),
    };
    taken.insert(name.clone());
    FoundApp {
        name,
        context: if folders.is_empty() { ".".to_owned() } else { format!("./{}", folders.join("/")) },
        dockerfile: (file != "Dockerfile").then_some(file),
        port: fs::read(path, DOCKERFILE_LIMIT).ok().and_then(|content| exposed_port(&content.bytes)),
    }
}

/// `worker` of `Dockerfile.worker` and `worker.Dockerfile`.
fn variant(file: &str) -> Option<&str> {
    let (first, last) = file.split_once('.')?;
    if first.eq_ignore_ascii_case("dockerfile") || first.eq_ignore_ascii_case("containerfile") {
        Some(last)
    } else {
        file.rsplit_once('.').map(|(first, _)| first)
    }
}

/// The nearest text that is a name of a manifest.
fn valid_name(text: &str) -> String {
    let mut name = String::new();
    for c in text.chars().take(NAME_LENGTH) {
        if c.is_ascii_alphanumeric() {
            name.push(c.to_ascii_lowercase());
        } else if !name.is_empty() && !name.ends_with('-') {
            name.push('-');
        }
    }
    let name = name.trim_end_matches('-');
    match name.chars().next() {
        None => "app".to_owned(),
        Some(first) if first.is_ascii_digit() => format!("app-{name}"),
        Some(_) => name.to_owned(),
    }
}

/// The first TCP port that the last stage exposes.
fn exposed_port(dockerfile: &[u8]) -> Option<u16> {
    let mut port = None;
    for line in String::from_utf8_lossy(dockerfile).lines() {
        let mut words = line.split_whitespace();
        match words.next().map(str::to_ascii_uppercase).as_deref() {
            Some("FROM") => port = None,
            Some("EXPOSE") => port = port.or_else(|| words.find_map(tcp_port)),
            _ => {}
        }
    }
    port
}

fn tcp_port(word: &str) -> Option<u16> {
    let number = word.strip_suffix("/tcp").unwrap_or(word);
    number.parse().ok().filter(|port| *port != 0)
}

/// `.gitignore` with a line for the state, unless it has one.
fn ignore_state(folder: &Path) -> Result<Option<Artifact>, InitError> {
    let path = ".gitignore";
    let mut text = match fs::read(&folder.join(path), 1024 * 1024) {
        // What is not text is left alone.
        Ok(content) => match String::from_utf8(content.bytes) {
            Ok(text) => text,
            Err(_) => return Ok(None),
        },
        Err(error) if error.is_not_found() => String::new(),
        Err(error) => return Err(error.into()),
    };
    let named = |line: &str| matches!(line.trim(), ".shipit" | ".shipit/" | "/.shipit" | "/.shipit/" | "**/.shipit/");
    if text.lines().any(named) {
        return Ok(None);
    }
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    text.push_str(".shipit/\n");
    Ok(Some(Artifact { path: path.to_owned(), text }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::{Diagnostics, Format, Source, parse};
    use std::sync::Arc;

    fn project(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::Builder::new().prefix("My Shop-").tempdir().unwrap();
        for (path, text) in files {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        folder
    }

    #[test]
    fn every_dockerfile_becomes_an_app_with_a_name_of_its_own() {
        let folder = project(&[
            ("services/api/Dockerfile", "FROM a\nEXPOSE 1\nFROM b\nEXPOSE $PORT 53/udp 8080/tcp 9\n"),
            ("services/2nd_Try/Dockerfile", ""),
            ("other/api/Dockerfile", ""),
            ("jobs/Dockerfile.worker", ""),
            ("jobs/Dockerfile.worker.dockerignore", ""),
            ("local/Dockerfile", ""),
            ("node_modules/x/Dockerfile", ""),
            (".git/Dockerfile", ""),
            ("a/b/c/d/e/f/g/Dockerfile", ""),
        ]);
        let init = init(folder.path(), Syntax::Toml).unwrap();
        assert_eq!(init.apps, ["worker", "local-2", "api", "app-2nd-try", "services-api"]);
        let text = &init.artifacts[0].text;
        let app = "[apps.services-api]\nkind = \"dockerfile\"\ncontext = \"./services/api\"\ntag = \"$<tag>\"\nendpoints.http = { target-port = 8080 }\n";
        assert!(text.contains(app), "{text}");
        let app = "[apps.worker]\nkind = \"dockerfile\"\ncontext = \"./jobs\"\ndockerfile = \"Dockerfile.worker\"\ntag = \"$<tag>\"\n";
        assert!(text.contains(app), "{text}");
        assert!(text.contains("name = \"my-shop-"), "{text}");
        assert!(!init.truncated);
    }

    #[test]
    fn both_syntaxes_can_be_read_back_and_say_the_same() {
        for files in [&[("api/Dockerfile", "EXPOSE 80"), ("Dockerfile", "")][..], &[][..]] {
            let folder = project(files);
            let read = |syntax, format| {
                let text = init(folder.path(), syntax).unwrap().artifacts.remove(0).text;
                let mut problems = Diagnostics::default();
                let node = parse(&Arc::new(Source { name: String::new(), text: text.clone() }), format, &mut problems);
                assert!(!problems.has_errors(), "{problems:?}\n{text}");
                assert!(!text.contains("\n\n\n"), "{text}");
                values(&node.unwrap())
            };
            assert_eq!(read(Syntax::Toml, Format::Toml), read(Syntax::Yaml, Format::Yaml));
        }
    }

    /// The values of a document without their places.
    fn values(node: &crate::manifest::Node) -> serde_json::Value {
        use crate::manifest::Kind;
        match &node.kind {
            Kind::String(text) => text.as_str().into(),
            Kind::Integer(number) => (*number).into(),
            Kind::Table(entries) => entries.iter().map(|(key, node)| (key.name.clone(), values(node))).collect(),
            other => panic!("unexpected {}", other.name()),
        }
    }

    #[test]
    fn an_existing_manifest_is_left_alone() {
        let folder = project(&[("apphost.yml", "")]);
        assert!(matches!(init(folder.path(), Syntax::Toml), Err(InitError::Exists { .. })));
    }

    #[test]
    fn the_state_is_ignored_once() {
        let ignored = |text: &str| {
            let folder = project(&[(".gitignore", text)]);
            init(folder.path(), Syntax::Toml).unwrap().artifacts.get(1).map(|artifact| artifact.text.clone())
        };
        assert_eq!(ignored("/target").as_deref(), Some("/target\n.shipit/\n"));
        assert_eq!(ignored("/.shipit\n"), None);
        let folder = project(&[]);
        assert_eq!(init(folder.path(), Syntax::Toml).unwrap().artifacts[1].text, ".shipit/\n");
    }
}
