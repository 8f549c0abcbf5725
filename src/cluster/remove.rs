//! Taking a release away again.

use super::apply::is_own;
use super::catalogue::collection;
use super::connection::{Call, Refusal};
use super::object::{list, text};
use super::{Cluster, Error, Inventory, ObjectRef};
use hyper::Method;
use serde_json::json;

/// What was taken away.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Removed {
    pub objects: Vec<ObjectRef>,
    /// Volumes that stay.
    pub kept: Vec<ObjectRef>,
}

impl Cluster {
    /// Takes a release away, the last applied first; its volumes only with `volumes`.
    pub async fn remove(&self, release: &str, namespace: &str, volumes: bool) -> Result<Removed, Error> {
        let mut removed = Removed::default();
        let Some(inventory) = self.inventory(release, namespace).await? else { return Ok(removed) };
        let mut objects: Vec<&ObjectRef> = inventory.objects.iter().collect();
        objects.sort_by_key(|object| rank(&object.kind));
        for object in objects {
            if object.kind == "PersistentVolumeClaim" && !volumes {
                removed.kept.push(object.clone());
            } else if self.delete_own(object).await? {
                removed.objects.push(object.clone());
            }
        }
        for claim in self.claims(namespace, &inventory).await? {
            if !volumes {
                removed.kept.push(claim);
            } else if self.delete(&claim).await? {
                removed.objects.push(claim);
            }
        }
        if removed.kept.is_empty() {
            self.delete(&Inventory::reference(release, namespace)).await?;
        } else {
            let objects = removed.kept.iter().filter(|claim| inventory.has(claim)).cloned().collect();
            let left = Inventory { objects, claims: inventory.claims };
            self.write_inventory(release, namespace, &left).await?;
        }
        Ok(removed)
    }

    /// Deletes the volumes of a release that another tool took away. They carry its label.
    pub async fn remove_volumes(&self, release: &str, namespace: &str) -> Result<Vec<ObjectRef>, Error> {
        let path = collection("v1", Some(namespace), "persistentvolumeclaims");
        let selector = crate::util::text::percent_encode(&format!("app.kubernetes.io/instance={release}"));
        let found = self.get(&format!("{path}?labelSelector={selector}"), "list volumes").await?;
        let mut removed = Vec::new();
        for name in list(&found, "/items").iter().filter_map(|claim| text(claim, "/metadata/name")) {
            let claim = ObjectRef::new("v1", "PersistentVolumeClaim", namespace, name);
            if self.delete(&claim).await? {
                removed.push(claim);
            }
        }
        Ok(removed)
    }

    /// Whether Helm notes a release of this name. It does so in Secrets (storage driver `secret`, the default).
    pub async fn has_helm_release(&self, release: &str, namespace: &str) -> Result<bool, Error> {
        let path = collection("v1", Some(namespace), "secrets");
        let selector = crate::util::text::percent_encode(&format!("owner=helm,name={release}"));
        let found = self.get(&format!("{path}?labelSelector={selector}&limit=1"), "list what Helm notes").await?;
        Ok(!list(&found, "/items").is_empty())
    }

    /// The claims that StatefulSets of the release made.
    async fn claims(&self, namespace: &str, inventory: &Inventory) -> Result<Vec<ObjectRef>, Error> {
        if inventory.claims.is_empty() {
            return Ok(Vec::new());
        }
        let path = collection("v1", Some(namespace), "persistentvolumeclaims");
        let found = self.get(&path, "list volumes").await?;
        let names = list(&found, "/items").iter().filter_map(|claim| text(claim, "/metadata/name"));
        let made = names.filter(|name| {
            name.rsplit_once('-').is_some_and(|(prefix, ordinal)| {
                inventory.claims.contains(prefix) && ordinal.bytes().all(|byte| byte.is_ascii_digit())
            })
        });
        Ok(made.map(|name| ObjectRef::new("v1", "PersistentVolumeClaim", namespace, name)).collect())
    }

    /// Deletes an object if shipit made it. Whether there was one.
    pub(super) async fn delete_own(&self, object: &ObjectRef) -> Result<bool, Error> {
        // A kind that the cluster no longer knows has no objects.
        let Some(path) = self.known_path(object).await? else { return Ok(false) };
        match self.find(&path, &format!("read {object}")).await? {
            Some(there) if is_own(&there) => self.delete(object).await,
            Some(_) => {
                self.progress().notice(format!("{object} is left: somebody else made it anew"));
                Ok(false)
            }
            None => Ok(false),
        }
    }

    /// Deletes an object, and in the background what it made. Whether there was one.
    pub(super) async fn delete(&self, object: &ObjectRef) -> Result<bool, Error> {
        let path = self.path(object).await?;
        let options = json!({ "kind": "DeleteOptions", "apiVersion": "v1", "propagationPolicy": "Background" });
        let call = Call::with(Method::DELETE, path, "application/json", &options, format!("delete {object}"));
        match self.send(&call).await {
            Ok(_) => Ok(true),
            Err(Refusal::Status(status)) if status.code == 404 => Ok(false),
            Err(refusal) => Err(self.error(refusal, &call.act)),
        }
    }
}

/// First what lets others in and what runs, then what that needs.
fn rank(kind: &str) -> u8 {
    match kind {
        "Ingress" | "HTTPRoute" | "Gateway" | "HorizontalPodAutoscaler" => 0,
        "Deployment" | "StatefulSet" | "DaemonSet" | "CronJob" | "Job" => 1,
        "Service" | "NetworkPolicy" => 2,
        "PersistentVolumeClaim" => 4,
        "Namespace" => 5,
        _ => 3,
    }
}
