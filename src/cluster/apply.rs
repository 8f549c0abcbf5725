//! Server-side apply of a release, and taking away what it no longer has.

use super::connection::{Call, Refusal};
use super::error::{Change, is_mistyped};
use super::inventory::{Inventory, claims};
use super::object::{list, text};
use super::{Cluster, Error, MANAGER, Object, ObjectRef};
use hyper::Method;
use kube::core::Status;
use serde_json::{Value, json};
use std::time::Duration;

/// The media type of server-side apply.
pub(super) const APPLY: &str = "application/apply-patch+yaml";
/// How often an object that is being deleted is looked at, and how long.
const GONE_PERIOD: Duration = Duration::from_millis(300);
const GONE_LIMIT: Duration = Duration::from_secs(120);

/// A release that is to be applied.
#[derive(Clone, Copy, Debug)]
pub struct Applying<'a> {
    pub release: &'a str,
    pub namespace: &'a str,
    /// In the order in which they are applied.
    pub objects: &'a [Object],
    /// Make the namespace if it is not there.
    pub create_namespace: bool,
    /// Take over fields and objects of others.
    pub force: bool,
}

/// What applying a release did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Applied {
    pub created: Vec<ObjectRef>,
    pub changed: Vec<ObjectRef>,
    pub unchanged: Vec<ObjectRef>,
    pub removed: Vec<ObjectRef>,
    /// No longer part of the release, and left where they are: volumes.
    pub kept: Vec<ObjectRef>,
}

impl Cluster {
    /// Applies every object and takes away what the release had and no longer has. Nothing is applied
    /// where one of the objects is somebody else's.
    pub async fn apply(&self, applying: &Applying<'_>) -> Result<Applied, Error> {
        let Applying { release, namespace, .. } = *applying;
        self.ensure_namespace(namespace, applying.create_namespace).await?;
        let before = self.inventory(release, namespace).await?.unwrap_or_default();
        let objects = self.placed(applying).await?;
        let mut found = Vec::new();
        for object in &objects {
            let path = self.path(&object.reference).await?;
            let there = self.find(&path, &format!("read {}", object.reference)).await?;
            if let Some(there) = there.as_ref().filter(|_| !applying.force) {
                check_owner(&object.reference, there, before.has(&object.reference))?;
            }
            found.push((path, there));
        }
        let now = Inventory {
            objects: objects.iter().map(|object| object.reference.clone()).collect(),
            claims: objects.iter().flat_map(|object| claims(&object.document)).collect(),
        };
        self.write_inventory(release, namespace, &before.and(&now)).await?;
        let mut applied = Applied::default();
        for (object, (path, there)) in objects.iter().zip(found) {
            let after = self.apply_object(object, &path, applying.force).await?;
            let version = |object: &Value| text(object, "/metadata/resourceVersion").map(str::to_owned);
            let list = match &there {
                None => &mut applied.created,
                Some(there) if version(there) == version(&after) => &mut applied.unchanged,
                Some(_) => &mut applied.changed,
            };
            self.progress().detail(format!("applied {}", object.reference));
            list.push(object.reference.clone());
        }
        let gone: Vec<&ObjectRef> = before.objects.iter().filter(|object| !now.has(object)).collect();
        for object in gone {
            if object.kind == "PersistentVolumeClaim" {
                applied.kept.push(object.clone());
            } else if self.delete_own(object).await? {
                applied.removed.push(object.clone());
            }
        }
        let mut after = now;
        after.objects.extend(applied.kept.iter().cloned());
        after.claims.extend(before.claims);
        self.write_inventory(release, namespace, &after).await?;
        Ok(applied)
    }

    /// The objects with their namespaces.
    async fn placed(&self, applying: &Applying<'_>) -> Result<Vec<Object>, Error> {
        let mut objects = applying.objects.to_vec();
        for object in &mut objects {
            object.reference.namespace = if self.is_namespaced(&object.reference).await? {
                Some(object.reference.namespace.take().unwrap_or_else(|| applying.namespace.to_owned()))
            } else {
                None
            };
            if let Some(namespace) = &object.reference.namespace
                && let Some(metadata) = object.document.get_mut("metadata").and_then(Value::as_object_mut)
            {
                metadata.insert("namespace".to_owned(), json!(namespace));
            }
        }
        Ok(objects)
    }

    async fn ensure_namespace(&self, namespace: &str, create: bool) -> Result<(), Error> {
        let reference = ObjectRef {
            api_version: "v1".to_owned(),
            kind: "Namespace".to_owned(),
            namespace: None,
            name: namespace.to_owned(),
        };
        let path = self.path(&reference).await?;
        match self.find(&path, "read the namespace").await {
            Ok(Some(_)) => return Ok(()),
            // Who may work in a namespace need not be allowed to look at it.
            Err(Error::Forbidden { .. }) => return Ok(()),
            Err(error) => return Err(error),
            Ok(None) if !create => return Err(Error::NoNamespace { namespace: namespace.to_owned() }),
            Ok(None) => {}
        }
        let document = json!({ "apiVersion": "v1", "kind": "Namespace", "metadata": { "name": namespace } });
        let act = format!("create the namespace `{namespace}`");
        let call = Call::with(Method::PATCH, format!("{path}?fieldManager={MANAGER}"), APPLY, &document, act);
        self.send(&call).await.map_err(|refusal| self.error(refusal, &call.act))?;
        self.progress().notice(format!("created the namespace `{namespace}`"));
        Ok(())
    }

    async fn apply_object(&self, object: &Object, path: &str, force: bool) -> Result<Value, Error> {
        match self.patch(object, path, force).await {
            // A Job is not changed, it is run again (its template is immutable).
            Err(Refusal::Status(status)) if object.reference.kind == "Job" && is_immutable(&status) => {
                self.progress().detail(format!("replaces {}", object.reference));
                self.delete(&object.reference).await?;
                self.await_gone(path).await?;
                self.patch(object, path, force).await.map_err(|refusal| self.refused(object, refusal))
            }
            applied => applied.map_err(|refusal| self.refused(object, refusal)),
        }
    }

    async fn patch(&self, object: &Object, path: &str, force: bool) -> Result<Value, Refusal> {
        let path = format!("{path}?fieldManager={MANAGER}&fieldValidation=Strict&force={force}");
        let act = format!("apply {}", object.reference);
        self.send(&Call::with(Method::PATCH, path, APPLY, &object.document, act)).await
    }

    /// Waits until nothing is at a path.
    pub(super) async fn await_gone(&self, path: &str) -> Result<(), Error> {
        let waited = tokio::time::timeout(GONE_LIMIT, async {
            while self.find(path, "see whether it is gone").await?.is_some() {
                tokio::time::sleep(GONE_PERIOD).await;
            }
            Ok(())
        });
        let late = || Error::Api { act: "delete an object".to_owned(), code: 504, message: format!("{path} stays") };
        waited.await.unwrap_or_else(|_| Err(late()))
    }

    fn refused(&self, object: &Object, refusal: Refusal) -> Error {
        let status = match refusal {
            Refusal::Status(status) => status,
            other @ Refusal::Other(_) => return self.error(other, "apply"),
        };
        let object = Box::new(object.reference.clone());
        match status.code {
            409 if !conflicts(&status).is_empty() => Error::Conflict { object, changes: conflicts(&status) },
            _ if is_mistyped(&status) => Error::Invalid { object, message: status.message },
            400 | 404 | 409 | 422 => Error::Invalid { object, message: status.message },
            // Admission (quotas, policies) says no with 403 too, and then it is not about rights.
            403 if !status.message.contains("cannot patch") && !status.message.contains("cannot create") => {
                Error::Invalid { object, message: status.message }
            }
            _ => self.error(Refusal::Status(status), &format!("apply {object}")),
        }
    }
}

/// Refuses what is there and was not applied by shipit.
fn check_owner(object: &ObjectRef, there: &Value, is_noted: bool) -> Result<(), Error> {
    if is_noted || is_own(there) {
        return Ok(());
    }
    // The one that came first made it.
    let owner = list(there, "/metadata/managedFields").first().and_then(|entry| text(entry, "/manager"));
    Err(Error::Foreign { object: Box::new(object.clone()), owner: owner.map(str::to_owned) })
}

/// Whether shipit applied an object.
pub(super) fn is_own(there: &Value) -> bool {
    list(there, "/metadata/managedFields")
        .iter()
        .any(|entry| text(entry, "/manager") == Some(MANAGER) && text(entry, "/operation") == Some("Apply"))
}

fn is_immutable(status: &Status) -> bool {
    status.code == 422 && status.message.contains("immutable")
}

/// What a 409 says of fields: `conflict with "kubectl-edit" using apps/v1: .spec.replicas`.
fn conflicts(status: &Status) -> Vec<Change> {
    let causes = status.details.iter().flat_map(|details| &details.causes);
    let conflicts = causes.filter(|cause| cause.reason == "FieldManagerConflict").map(|cause| {
        let manager = cause.message.split('"').nth(1).unwrap_or("somebody");
        Change { field: cause.field.trim_start_matches('.').to_owned(), manager: manager.to_owned() }
    });
    conflicts.collect()
}
