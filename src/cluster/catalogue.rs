//! Which objects a cluster knows, and at which paths: asked once for each version of a group.

use super::{Cluster, Error, ObjectRef};
use crate::util::text::percent_encode;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// What was asked so far: kinds by the version that they are of.
#[derive(Debug, Default)]
pub(super) struct Catalogue(Mutex<BTreeMap<String, BTreeMap<String, Kind>>>);

/// How a kind is called in paths.
#[derive(Clone, Debug)]
struct Kind {
    plural: String,
    is_namespaced: bool,
}

impl Cluster {
    /// The path of an object. `None`: this cluster does not know its kind.
    pub(super) async fn known_path(&self, object: &ObjectRef) -> Result<Option<String>, Error> {
        let Some(kind) = self.kind(&object.api_version, &object.kind).await? else { return Ok(None) };
        let namespace = object.namespace.as_deref().filter(|_| kind.is_namespaced);
        let name = percent_encode(&object.name);
        Ok(Some(format!("{}/{name}", collection(&object.api_version, namespace, &kind.plural))))
    }

    pub(super) async fn path(&self, object: &ObjectRef) -> Result<String, Error> {
        let unknown = || Error::UnknownKind { api_version: object.api_version.clone(), kind: object.kind.clone() };
        self.known_path(object).await?.ok_or_else(unknown)
    }

    /// Whether objects of this kind are in namespaces. Those that are not known are taken for it.
    pub(super) async fn is_namespaced(&self, object: &ObjectRef) -> Result<bool, Error> {
        Ok(self.kind(&object.api_version, &object.kind).await?.is_none_or(|kind| kind.is_namespaced))
    }

    async fn kind(&self, api_version: &str, kind: &str) -> Result<Option<Kind>, Error> {
        if let Some(kinds) = self.catalogue.lock().get(api_version) {
            return Ok(kinds.get(kind).cloned());
        }
        let path = root(api_version);
        let found = self.find(&path, "say what objects it knows").await?;
        let kinds = found.map(|found| kinds(&found)).unwrap_or_default();
        let kind = kinds.get(kind).cloned();
        self.catalogue.lock().insert(api_version.to_owned(), kinds);
        Ok(kind)
    }
}

impl Catalogue {
    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, BTreeMap<String, Kind>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The kinds of an `APIResourceList`; its subresources have a `/` in their names.
fn kinds(resources: &Value) -> BTreeMap<String, Kind> {
    let resources = super::object::list(resources, "/resources");
    let known = resources.iter().filter_map(|resource| {
        let plural = super::object::text(resource, "/name").filter(|name| !name.contains('/'))?;
        let kind = super::object::text(resource, "/kind")?;
        let is_namespaced = resource.get("namespaced").and_then(Value::as_bool).unwrap_or(true);
        Some((kind.to_owned(), Kind { plural: plural.to_owned(), is_namespaced }))
    });
    known.collect()
}

/// Where the objects of a kind are: `/apis/apps/v1/namespaces/shop/deployments`.
pub(super) fn collection(api_version: &str, namespace: Option<&str>, plural: &str) -> String {
    let root = root(api_version);
    match namespace {
        Some(namespace) => format!("{root}/namespaces/{}/{plural}", percent_encode(namespace)),
        None => format!("{root}/{plural}"),
    }
}

fn root(api_version: &str) -> String {
    let folder = if api_version.contains('/') { "apis" } else { "api" };
    let segments: Vec<String> = api_version.split('/').map(percent_encode).collect();
    format!("/{folder}/{}", segments.join("/"))
}
