//! What a release has put into a cluster: a ConfigMap beside it.
//!
//! Written before the first object is applied, with what was there and what is to come, and again when
//! what is gone has been taken away: whenever a run breaks off, nothing is forgotten.

use super::connection::{Call, Refusal};
use super::object::{list, text};
use super::{Cluster, Error, MANAGER, ObjectRef};
use hyper::Method;
use serde_json::{Value, json};
use std::collections::BTreeSet;

const OBJECTS: &str = "objects";
const CLAIMS: &str = "claims";

/// The objects of a release.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inventory {
    pub objects: BTreeSet<ObjectRef>,
    /// How the claims begin that StatefulSets make out of their templates: `<template>-<set>`. They are
    /// nobody's when the set is gone.
    pub claims: BTreeSet<String>,
}

impl Inventory {
    /// The ConfigMap of a release.
    pub(super) fn reference(release: &str, namespace: &str) -> ObjectRef {
        ObjectRef::new("v1", "ConfigMap", namespace, &format!("shipit.{release}"))
    }

    pub fn is_empty(&self) -> bool {
        self.objects.is_empty() && self.claims.is_empty()
    }

    pub(super) fn has(&self, object: &ObjectRef) -> bool {
        self.objects.iter().any(|known| known.is_same(object))
    }

    /// Both together.
    pub(super) fn and(&self, other: &Self) -> Self {
        let mut both = self.clone();
        both.objects.extend(other.objects.iter().filter(|object| !self.has(object)).cloned());
        both.claims.extend(other.claims.iter().cloned());
        both
    }

    fn read(map: &Value) -> Option<Self> {
        let objects = serde_json::from_str(text(map, "/data/objects")?).ok()?;
        let claims = text(map, "/data/claims").and_then(|claims| serde_json::from_str(claims).ok());
        Some(Self { objects, claims: claims.unwrap_or_default() })
    }

    fn document(&self, release: &str, namespace: &str) -> Value {
        let reference = Self::reference(release, namespace);
        let text = |value: Result<String, serde_json::Error>| value.expect("names are JSON");
        json!({
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {
                "name": reference.name,
                "namespace": namespace,
                "labels": { "app.kubernetes.io/instance": release, "app.kubernetes.io/managed-by": MANAGER },
            },
            "data": {
                OBJECTS: text(serde_json::to_string(&self.objects)),
                CLAIMS: text(serde_json::to_string(&self.claims)),
            },
        })
    }
}

/// The prefixes of the claims that a StatefulSet makes.
pub(super) fn claims(object: &Value) -> impl Iterator<Item = String> {
    let set = text(object, "/metadata/name").filter(|_| text(object, "/kind") == Some("StatefulSet"));
    let templates = list(object, "/spec/volumeClaimTemplates");
    let names = templates.iter().filter_map(|template| text(template, "/metadata/name"));
    names.filter_map(move |name| Some(format!("{name}-{}", set?)))
}

impl Cluster {
    /// What a release has in this cluster; `None` where it was never applied.
    pub async fn inventory(&self, release: &str, namespace: &str) -> Result<Option<Inventory>, Error> {
        let path = self.path(&Inventory::reference(release, namespace)).await?;
        let found = self.find(&path, "read what the release has").await?;
        Ok(found.as_ref().and_then(Inventory::read))
    }

    pub(super) async fn write_inventory(
        &self,
        release: &str,
        namespace: &str,
        inventory: &Inventory,
    ) -> Result<(), Error> {
        let reference = Inventory::reference(release, namespace);
        let path = format!("{}?fieldManager={MANAGER}&force=true", self.path(&reference).await?);
        let document = inventory.document(release, namespace);
        let act = format!("write {reference}, where it notes what the release has");
        let call = Call::with(Method::PATCH, path, super::apply::APPLY, &document, act);
        match self.send(&call).await {
            Ok(_) => Ok(()),
            Err(Refusal::Status(status)) if status.code == 404 => {
                Err(Error::NoNamespace { namespace: namespace.to_owned() })
            }
            Err(refusal) => Err(self.error(refusal, &call.act)),
        }
    }
}
