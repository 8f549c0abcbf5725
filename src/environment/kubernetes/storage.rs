//! Volumes and files: what is mounted, and the objects that it comes from.

use super::input::{Input, InputInfo};
use super::names::{self, dns};
use super::node::{Map, Node};
use super::release::{Document, Rank};
use super::text::Text;
use super::workload::{What, Workload, metadata};
use super::writer::Writer;
use crate::environment::lowering::{Lowering as _, Text as _};
use crate::model::VolumeSource;
use std::collections::BTreeMap;

/// The size of a volume where nothing is said.
const SIZE: &str = "8Gi";

/// What all workloads share.
#[derive(Debug, Default)]
pub(super) struct Claims {
    by_name: BTreeMap<String, Claim>,
}

#[derive(Debug)]
struct Claim {
    /// As the manifest has it.
    written: String,
    /// Folder of the one that has it first.
    owner: String,
    labels: Map,
    size: Option<String>,
    /// It is written to by more than one pod.
    is_shared: bool,
}

/// What one pod mounts.
#[derive(Debug, Default)]
pub(super) struct Mounts {
    pub(super) volumes: Vec<Node>,
    pub(super) mounts: Vec<Node>,
    /// Whether something of it outlasts the pod.
    pub(super) keeps: bool,
    pub(super) documents: Vec<Document>,
    /// What volumes of the manifest are called.
    named: Vec<String>,
}

impl Mounts {
    pub(super) fn of(lowering: &mut Writer<'_>, claims: &mut Claims, workload: &Workload<'_>) -> Self {
        let mut mounts = Self::default();
        mounts.named.extend(workload.volumes.iter().filter_map(|volume| match &volume.source {
            VolumeSource::Named(name) => Some(dns(name.get_ref(), names::LABEL)),
            VolumeSource::Folder(_) | VolumeSource::Temporary => None,
        }));
        for volume in workload.volumes {
            let name = match &volume.source {
                VolumeSource::Named(written) => {
                    let name = dns(written.get_ref(), names::LABEL);
                    let size = volume.size.as_ref().map(|size| size.get_ref().to_string());
                    let written = written.get_ref();
                    if let Some(other) = claims.claim(lowering, workload, (&name, written), size, volume.read_only) {
                        let message = format!("`{other}` and `{written}` would be one volume in Kubernetes: `{name}`");
                        lowering.error("same-name", message, &volume.span, "give one of them another name");
                    }
                    let claim = Map::new().with("claimName", &name);
                    mounts.volume(&name, "persistentVolumeClaim", claim);
                    mounts.keeps = true;
                    name
                }
                VolumeSource::Folder(folder) => {
                    let message = format!("`{}` is a folder of a machine, which pods do not see", folder.get_ref());
                    let help = "use a named volume, or `files` for a few files; or run this app elsewhere";
                    lowering.error("bind-mount", message, &volume.span, help);
                    continue;
                }
                VolumeSource::Temporary => {
                    let name = mounts.free_name(&format!("temporary-{}", mounts.volumes.len()));
                    let size = volume.size.as_ref().map(|size| size.get_ref().to_string());
                    mounts.volume(&name, "emptyDir", Map::new().some("sizeLimit", size));
                    name
                }
            };
            let is_data = matches!(workload.what, What::Service(service) if service.data == Some(volume.path.as_str()));
            let mount = Map::new()
                .with("name", name)
                .with("mountPath", volume.path.get_ref())
                // A new file system has a folder of its own, which some servers take for data.
                .some("subPath", is_data.then_some("data"))
                .some("readOnly", volume.read_only.then_some(true));
            mounts.mounts.push(mount.into());
        }
        mounts.data(workload);
        mounts.files(lowering, workload);
        mounts
    }

    /// A name for a volume that the manifest does not name.
    fn free_name(&self, wanted: &str) -> String {
        let numbered = (2..).map(|number| format!("{wanted}-{number}"));
        let mut names = std::iter::once(wanted.to_owned()).chain(numbered);
        names.find(|name| !self.named.contains(name)).unwrap_or_default()
    }

    fn volume(&mut self, name: &str, kind: &str, source: Map) {
        let volume: Node = Map::new().with("name", name).with(kind, source).into();
        if !self.volumes.contains(&volume) {
            self.volumes.push(volume);
        }
    }

    /// The folder of a backing service's data can be written by its user, kept or not.
    fn data(&mut self, workload: &Workload<'_>) {
        let What::Service(service) = workload.what else { return };
        let Some(data) = service.data else { return };
        if service.volumes.iter().any(|volume| volume.path.as_str() == data) {
            return;
        }
        let name = self.free_name("data");
        self.volume(&name, "emptyDir", Map::new());
        self.mounts.push(Map::new().with("name", name).with("mountPath", data).into());
    }

    /// Each file is mounted by itself, so that it hides nothing beside it.
    fn files(&mut self, lowering: &mut Writer<'_>, workload: &Workload<'_>) {
        for is_secret in [false, true] {
            let (mut data, mut items) = (Map::new(), Vec::new());
            let (ending, kind) = if is_secret { ("secret-files", "Secret") } else { ("files", "ConfigMap") };
            let name = self.free_name(ending);
            for file in workload.files.iter().filter(|file| file.secret == is_secret) {
                let key = free_key(&data, &file.path);
                let item = Map::new().with("key", &key).with("path", &key).some("mode", file.mode);
                items.push(Node::from(item));
                let mount = Map::new().with("name", &name).with("mountPath", &file.path).with("subPath", &key);
                self.mounts.push(mount.with("readOnly", true).into());
                data.put(&key, file.content.clone());
            }
            if data.0.is_empty() {
                continue;
            }
            let object = format!("{}-{ending}", workload.object);
            let source = match is_secret {
                true => ("secret", "secretName"),
                false => ("configMap", "name"),
            };
            self.volume(&name, source.0, Map::new().with(source.1, &object).with("items", items));
            let (body, rank) = match is_secret {
                true => (Map::new().with("type", "Opaque").with("stringData", data), Rank::Secret),
                false => (Map::new().with("data", data), Rank::Config),
            };
            let document = Document::new("v1", kind, workload.metadata(lowering, &object), body);
            self.documents.push(document.at(&workload.object, ending, rank));
        }
    }
}

impl Claims {
    /// Notes that a volume is used; gives another's name that comes to the same in Kubernetes.
    fn claim(
        &mut self,
        lowering: &Writer<'_>,
        workload: &Workload<'_>,
        (name, written): (&str, &str),
        size: Option<String>,
        read_only: bool,
    ) -> Option<String> {
        let is_many = workload.most() > 1;
        match self.by_name.get_mut(name) {
            Some(claim) => {
                claim.is_shared |= !read_only;
                claim.size = claim.size.take().or(size);
                (claim.written != written).then(|| claim.written.clone())
            }
            None => {
                let (owner, labels) = (workload.object.clone(), workload.labels(lowering));
                let is_shared = is_many && !read_only;
                let written = written.to_owned();
                self.by_name.insert(name.to_owned(), Claim { written, owner, labels, size, is_shared });
                None
            }
        }
    }

    /// Whether pods of different workloads, or several of one, write to it.
    pub(super) fn is_shared(&self, name: &str) -> bool {
        self.by_name.get(name).is_some_and(|claim| claim.is_shared)
    }

    pub(super) fn documents(self, lowering: &mut Writer<'_>) -> Vec<Document> {
        let mut documents = Vec::new();
        for (name, claim) in self.by_name {
            let key = name.replace('-', "_");
            let size = claim.size.unwrap_or_else(|| SIZE.to_owned());
            let info = InputInfo::plain(&["storage", &key], format!("The size of the volume `{name}`."), Some(size));
            let size = lowering.input(Input::Size(name.clone()), info);
            let mode = if claim.is_shared { "ReadWriteMany" } else { "ReadWriteOnce" };
            let class = lowering.settings.storage_class.as_ref().map(|class| class.get_ref());
            let spec = Map::new()
                .with("accessModes", [mode])
                .some("storageClassName", class)
                .with("resources", Map::new().with("requests", Map::new().with("storage", size)));
            // Data outlasts what used it.
            let keep = Map::new().with("helm.sh/resource-policy", "keep");
            let metadata = metadata(name.as_str(), claim.labels).with("annotations", keep);
            let body = Map::new().with("spec", spec);
            let document = Document::new("v1", "PersistentVolumeClaim", metadata, body);
            documents.push(document.at(&claim.owner, &format!("volume-{name}"), Rank::Claim));
        }
        documents
    }
}

/// The last part of a path, as a key of a ConfigMap that is not taken yet.
fn free_key(taken: &Map, path: &str) -> String {
    let last = path.rsplit('/').next().unwrap_or(path);
    let clean: String =
        last.chars().map(|c| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_') { c } else { '-' }).collect();
    let plain = match clean.as_str() {
        "" | "." | ".." => "file".to_owned(),
        // The most characters of a key.
        _ => clean.chars().take(240).collect(),
    };
    let numbered = (2..).map(|number| format!("{number}-{plain}"));
    std::iter::once(plain.clone()).chain(numbered).find(|key| taken.get(key).is_none()).unwrap_or(plain)
}

/// All that is in some objects, for what is to change when they do.
pub(super) fn content(document: &Document) -> Text {
    fn collect(node: &Node, text: &mut Text) {
        match node {
            Node::Text(it) => text.append(it.clone().and(Text::literal("\n"))),
            Node::Map(map) => {
                for (key, node) in &map.0 {
                    text.append(Text::literal(format!("{key}: ")));
                    collect(node, text);
                }
            }
            Node::List(items) => items.iter().for_each(|item| collect(item, text)),
            Node::Null | Node::Bool(_) | Node::Number(_) | Node::Count(_) => {}
        }
    }
    let mut text = Text::default();
    for key in ["data", "stringData"] {
        if let Some(node) = document.node.get(key) {
            collect(node, &mut text);
        }
    }
    text
}
