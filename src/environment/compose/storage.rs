//! Volumes and files. Files are mounted from where they are: `configs` with a content of their own
//! are not known to docker-compose 1.29.

use super::composer::Composer;
use super::text::Text;
use super::variable::{self, Variable, VariableSource};
use crate::environment::lowering::{Lowering as _, Text as _};
use crate::model::{App, File, FileContent, Memory, Name, Target, Volume, VolumeSource};
use crate::render::Artifact;
use crate::util::fs;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

/// The most bytes of a file that is put into a container.
const LIMIT: u64 = 1024 * 1024;

/// What the services of a project share.
#[derive(Debug, Default)]
pub(super) struct Storage {
    /// Names of volumes that are kept.
    pub(super) volumes: Vec<String>,
    /// Secrets by name: the file that holds them.
    pub(super) secrets: Map<String, Value>,
    /// Files that are written beside the Compose file.
    pub(super) artifacts: Vec<Artifact>,
    /// Files that a deployment makes, because only it knows what is in them.
    pub(super) files: Vec<MadeFile>,
    /// Services that mount something of the machine that deploys.
    pub(super) of_this_machine: BTreeSet<String>,
}

/// A file that a deployment makes; its variable says where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MadeFile {
    pub content: Text,
    /// Permission bits.
    pub mode: u32,
    /// What it is called, without a folder.
    pub name: String,
}

impl Storage {
    fn keep(&mut self, name: &str) {
        if !self.volumes.iter().any(|known| known == name) {
            self.volumes.push(name.to_owned());
        }
    }

    /// The volumes of an app or a backing service, as Compose has them.
    pub(super) fn volumes_of(&mut self, composer: &mut Composer<'_>, of: &Name, volumes: &[Volume]) -> Vec<Value> {
        let mut mounts = Vec::new();
        let mut folders = 0;
        for volume in volumes {
            let Volume { source, path, read_only, size, span: _ } = volume;
            let mut mount = Map::new();
            match source {
                VolumeSource::Named(name) => {
                    self.keep(name.get_ref());
                    mount.insert("type".to_owned(), json!("volume"));
                    mount.insert("source".to_owned(), json!(name.get_ref()));
                }
                VolumeSource::Folder(folder) => {
                    mount.insert("type".to_owned(), json!("bind"));
                    mount.insert("source".to_owned(), json!(on_machine(composer, of, folder.get_ref(), folders)));
                    if !folder.get_ref().starts_with('/') {
                        self.of_this_machine.insert(of.to_string());
                    }
                    folders += 1;
                }
                VolumeSource::Temporary => drop(mount.insert("type".to_owned(), json!("tmpfs"))),
            }
            mount.insert("target".to_owned(), json!(Text::literal(path.get_ref()).to_compose()));
            if *read_only {
                mount.insert("read_only".to_owned(), json!(true));
            }
            match (source, size) {
                (VolumeSource::Temporary, Some(size)) => {
                    drop(mount.insert("tmpfs".to_owned(), json!({ "size": size.get_ref().bytes() })));
                }
                (_, Some(size)) => {
                    let message = "volumes have no size in Docker Compose";
                    composer.warning("no-effect", message, &size.span(), "nothing is to be done");
                }
                (_, None) => {}
            }
            mounts.push(Value::Object(mount));
        }
        mounts
    }

    /// Puts a file beside the Compose file; gives how to mount it.
    pub(super) fn mount(&mut self, folder: &str, path: &str, text: String) -> Value {
        let file = self.free_name(folder, path);
        self.of_this_machine.insert(folder.to_owned());
        self.artifacts.push(Artifact { path: file.clone(), text });
        json!({
            "type": "bind",
            "source": Text::literal(format!("./{file}")).to_compose(),
            "target": Text::literal(path).to_compose(),
            "read_only": true,
        })
    }

    fn free_name(&self, folder: &str, path: &str) -> String {
        let last = file_name(path);
        let is_taken = |name: &str| self.artifacts.iter().any(|artifact| artifact.path.eq_ignore_ascii_case(name));
        let plain = format!("{folder}/{last}");
        if !is_taken(&plain) {
            return plain;
        }
        (2..).map(|number| format!("{folder}/{number}-{last}")).find(|name| !is_taken(name)).unwrap_or(plain)
    }

    /// The files of an app: what is mounted, and the secrets that it uses.
    pub(super) fn files_of(&mut self, composer: &mut Composer<'_>, app: &App) -> (Vec<Value>, Vec<Value>) {
        let (mut mounts, mut secrets) = (Vec::new(), Vec::new());
        for (index, file) in app.files.iter().enumerate() {
            if let Some(mode) = file.mode.as_ref().filter(|_| matches!(file.content, FileContent::From(_))) {
                let message = "Docker Compose mounts a file with the permissions that it has on the machine";
                composer.warning("no-effect", message, &mode.span(), "set the permissions of the file itself");
            }
            let is_secret = is_secret(composer, file);
            let target = Text::literal(file.path.get_ref()).to_compose();
            match &file.content {
                FileContent::From(from) if is_secret => {
                    let absolute = composer.cx.root.join(from.get_ref());
                    let source = VariableSource::Folder(normal(&absolute));
                    let default = Some(relative(&composer.cx.folder, &absolute));
                    let variable = file_variable(composer, app, file, index, source, default);
                    secrets.push(self.secret(app, index, &variable, &target));
                }
                FileContent::From(from) => match text_of(composer, from.get_ref()) {
                    Ok(text) => mounts.push(self.mount(app.name.as_str(), file.path.get_ref(), text)),
                    Err(message) => {
                        composer.error("file", message, &from.span(), "name a file of text beside the manifest");
                    }
                },
                FileContent::Text(expression) => {
                    let before = composer.variables.clone();
                    let content = composer.lower(expression);
                    match composer.known(&content).filter(|_| !is_secret) {
                        Some(text) => {
                            // What is written is known: `.env` needs none of it.
                            composer.variables = before;
                            mounts.push(self.mount(app.name.as_str(), file.path.get_ref(), text));
                        }
                        None => {
                            let source = VariableSource::File(self.files.len());
                            let variable = file_variable(composer, app, file, index, source, None);
                            let mode = file.mode.as_ref().map_or(0o444, |mode| *mode.get_ref());
                            let name = format!("{}-{index}-{}", app.name, file_name(file.path.get_ref()));
                            self.files.push(MadeFile { content, mode, name });
                            secrets.push(self.secret(app, index, &variable, &target));
                        }
                    }
                }
            }
        }
        (mounts, secrets)
    }

    /// Declares a secret; gives how a service uses it.
    fn secret(&mut self, app: &App, index: usize, variable: &str, target: &str) -> Value {
        let name = format!("{}-file-{index}", app.name);
        self.of_this_machine.insert(app.name.to_string());
        self.secrets.insert(name.clone(), json!({ "file": Text::variable(variable).to_compose() }));
        json!({ "source": name, "target": target })
    }
}

/// A folder of the machine. Absolute ones stand as they are: they mean the machine that runs it.
fn on_machine(composer: &mut Composer<'_>, of: &Name, folder: &str, index: usize) -> String {
    if folder.starts_with('/') {
        return Text::literal(folder).to_compose();
    }
    let absolute = composer.cx.root.join(folder);
    let variable = Variable {
        name: variable::of_app(of, &format!("BINDMOUNT_{index}")),
        about: format!("The folder `{folder}` of `{of}`, as seen from this one."),
        default: Some(relative(&composer.cx.folder, &absolute)),
        source: VariableSource::Folder(normal(&absolute)),
        is_encoded: false,
    };
    Text::variable(composer.declare(variable)).to_compose()
}

fn file_variable(
    composer: &mut Composer<'_>,
    app: &App,
    file: &File,
    index: usize,
    source: VariableSource,
    default: Option<String>,
) -> String {
    composer.declare(Variable {
        name: variable::of_app(&app.name, &format!("FILE_{index}")),
        about: format!("The file that `{}` has at `{}`.", app.name, file.path.get_ref()),
        default,
        source,
        is_encoded: false,
    })
}

fn is_secret(composer: &Composer<'_>, file: &File) -> bool {
    let application = composer.cx.application;
    let refers = |content: &FileContent| match content {
        FileContent::From(_) => false,
        FileContent::Text(text) => text.references().any(|reference| match &reference.target {
            Target::Parameter(name) => application.params.get(name).is_some_and(|parameter| parameter.secret),
            Target::Resource { name, property } => {
                let property = application.resources.get(name).and_then(|resource| resource.property(property));
                property.is_some_and(|property| property.secret)
            }
            _ => false,
        }),
    };
    file.secret || refers(&file.content)
}

fn text_of(composer: &Composer<'_>, path: &str) -> Result<String, String> {
    let content = fs::read(&composer.cx.root.join(path), LIMIT)
        .map_err(|error| format!("`{path}` cannot be read: {}", error.source))?;
    String::from_utf8(content.bytes).map_err(|_| format!("`{path}` is no text in UTF-8"))
}

/// The last part of a path of a container, as a name that every file system takes.
fn file_name(path: &str) -> String {
    let last = path.rsplit('/').next().unwrap_or(path);
    let clean: String =
        last.chars().map(|c| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_') { c } else { '-' }).collect();
    match clean.as_str() {
        "" | "." | ".." => "file".to_owned(),
        _ => clean,
    }
}

/// Bytes as Compose has them: `512M`.
pub(super) fn bytes(memory: Memory) -> String {
    let bytes = memory.bytes();
    for (unit, factor) in [("G", 1_u64 << 30), ("M", 1 << 20), ("K", 1 << 10)] {
        if bytes.is_multiple_of(factor) {
            return format!("{}{unit}", bytes / factor);
        }
    }
    format!("{bytes}B")
}

/// Without `.` and `..`, as far as the text tells.
fn normal(path: &Path) -> PathBuf {
    let mut clean = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => drop(clean.pop()),
            other => clean.push(other),
        }
    }
    clean
}

/// The way from a folder to another path, with `/`, beginning with `.`.
fn relative(from: &Path, to: &Path) -> String {
    let (from, to) = (normal(from), normal(to));
    let common = from.components().zip(to.components()).take_while(|(one, other)| one == other).count();
    let up = from.components().skip(common).map(|_| "..".to_owned());
    let down = to.components().skip(common).map(|part| part.as_os_str().to_string_lossy().into_owned());
    let way: Vec<String> = up.chain(down).collect();
    if way.first().is_some_and(|first| first == "..") { way.join("/") } else { format!("./{}", way.join("/")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_seen_from_the_folder_of_the_files() {
        let way = |from: &str, to: &str| relative(Path::new(from), Path::new(to));
        assert_eq!(way("/p/publish", "/p/./conf"), "../conf");
        assert_eq!(way("/p/publish/local", "/p/conf/x"), "../../conf/x");
        assert_eq!(way("/p", "/p/conf"), "./conf");
        assert_eq!(way("/p/publish", "/q"), "../../q");
    }

    #[test]
    fn names_and_sizes_are_those_of_compose() {
        assert_eq!(file_name("/etc/app/a b.json"), "a-b.json");
        assert_eq!(file_name("/etc/.."), "file");
        assert_eq!(bytes(Memory::parse("512Mi").unwrap()), "512M");
        assert_eq!(bytes(Memory::parse("1.5Gi").unwrap()), "1536M");
        assert_eq!(bytes(Memory::from_bytes(1000)), "1000B");
    }
}
