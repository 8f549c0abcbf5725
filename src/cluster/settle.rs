//! Waits until everything that runs is new and available, or will not be.

use super::catalogue::collection;
use super::explain::Trouble;
use super::object::{list, text};
use super::pod::{Hindrance, HindranceKind, hindrance};
use super::workload::{Verdict, is_awaited, judge};
use super::{Cluster, Error, ObjectRef};
use crate::util::retry::spoken;
use crate::util::text::percent_encode;
use serde_json::Value;
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::time::Instant;

/// How long what is waited for.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// Between two looks.
    pub period: Duration,
    /// For everything.
    pub limit: Duration,
    /// For a container that lacks something.
    pub setup: Duration,
    /// For an image that cannot be pulled.
    pub pull: Duration,
    /// For a node with room.
    pub room: Duration,
    /// Restarts of a container that ends again and again.
    pub restarts: i64,
}

/// Why waiting ended badly.
#[derive(Clone, Debug)]
pub enum SettleError {
    Cluster(Error),
    Trouble(Box<Trouble>),
}

/// What a pod is kept by, and since when.
type Since = BTreeMap<(String, String), Instant>;

impl Default for Patience {
    fn default() -> Self {
        Self {
            period: Duration::from_secs(1),
            limit: Duration::from_secs(15 * 60),
            setup: Duration::from_secs(20),
            pull: Duration::from_secs(45),
            room: Duration::from_secs(5 * 60),
            // With the pauses of the kubelet (10 s, 20 s, 40 s, 80 s) more than two minutes.
            restarts: 4,
        }
    }
}

impl From<Error> for SettleError {
    fn from(error: Error) -> Self {
        Self::Cluster(error)
    }
}

impl Cluster {
    /// Waits for those of the objects that run something. What cannot come up is said as soon as that
    /// is clear, with the reason.
    pub async fn settle(&self, objects: &[ObjectRef], patience: &Patience) -> Result<(), SettleError> {
        let began = Instant::now();
        let mut awaited: Vec<&ObjectRef> = objects.iter().filter(|object| is_awaited(&object.kind)).collect();
        let (mut since, mut said) = (Since::new(), BTreeMap::new());
        loop {
            let mut waiting = Vec::new();
            for object in awaited {
                let path = self.path(object).await?;
                let Some(there) = self.find(&path, &format!("read {object}")).await? else {
                    let trouble = Trouble::new(object, "was deleted while it was waited for".to_owned());
                    return Err(SettleError::Trouble(Box::new(trouble)));
                };
                match judge(&there) {
                    Verdict::Ready => self.progress().detail(format!("{object} is ready")),
                    Verdict::Failed(why) => return Err(self.trouble(object, &there, why).await),
                    Verdict::Waiting(what) => {
                        if let Some((pod, found)) = self.hindered(&there, patience, &mut since).await? {
                            return Err(self.trouble_of(object, &there, &pod, &found).await);
                        }
                        if began.elapsed() > patience.limit {
                            let why = format!("did not get ready within {}: {what}", spoken(patience.limit));
                            return Err(self.trouble(object, &there, why).await);
                        }
                        if said.insert(object, what.clone()).as_ref() != Some(&what) {
                            self.progress().detail(format!("{object}: {what}"));
                        }
                        waiting.push(object);
                    }
                }
            }
            if waiting.is_empty() {
                return Ok(());
            }
            awaited = waiting;
            tokio::time::sleep(patience.period).await;
        }
    }

    /// What is wrong with the objects right now, if something is: for those who waited elsewhere.
    pub async fn look(&self, objects: &[ObjectRef]) -> Result<Option<Trouble>, Error> {
        let now = Duration::ZERO;
        let patience = Patience { setup: now, pull: now, room: now, restarts: 1, ..Patience::default() };
        let mut slow = None;
        for object in objects.iter().filter(|object| is_awaited(&object.kind)) {
            let path = self.path(object).await?;
            let Some(there) = self.find(&path, &format!("read {object}")).await? else { continue };
            let verdict = judge(&there);
            if verdict == Verdict::Ready {
                continue;
            }
            let hindered = self.hindered(&there, &patience, &mut Since::new()).await?;
            let found = match (hindered, verdict) {
                (Some((pod, found)), _) => self.trouble_of(object, &there, &pod, &found).await,
                (None, Verdict::Failed(why)) => self.trouble(object, &there, why).await,
                (None, Verdict::Waiting(what)) => {
                    slow.get_or_insert(self.trouble(object, &there, format!("is not ready: {what}")).await);
                    continue;
                }
                (None, Verdict::Ready) => continue,
            };
            if let SettleError::Trouble(trouble) = found {
                return Ok(Some(*trouble));
            }
        }
        Ok(match slow {
            Some(SettleError::Trouble(trouble)) => Some(*trouble),
            Some(SettleError::Cluster(_)) | None => None,
        })
    }

    /// A pod of a workload that has been kept from running for too long.
    async fn hindered(
        &self,
        workload: &Value,
        patience: &Patience,
        since: &mut Since,
    ) -> Result<Option<(Value, Hindrance)>, Error> {
        let pods = match self.pods(workload).await {
            Ok(pods) => pods,
            // Who may deploy need not be allowed to look at pods; then only their workload tells.
            Err(Error::Forbidden { .. }) => return Ok(None),
            Err(error) => return Err(error),
        };
        for pod in pods {
            let name = text(&pod, "/metadata/name").unwrap_or_default().to_owned();
            let Some(found) = hindrance(&pod) else {
                since.retain(|(known, _), _| *known != name);
                continue;
            };
            let reason = std::mem::discriminant(&found.kind);
            let kept = since.entry((name, format!("{reason:?}"))).or_insert_with(Instant::now).elapsed();
            let is_enough = match found.kind {
                HindranceKind::Final => true,
                HindranceKind::Setup => kept >= patience.setup,
                HindranceKind::Pull => kept >= patience.pull,
                HindranceKind::Unschedulable => kept >= patience.room,
                HindranceKind::Crash(restarts) => restarts >= patience.restarts,
            };
            if is_enough {
                return Ok(Some((pod, found)));
            }
        }
        Ok(None)
    }

    /// The pods of a workload; of a Deployment those of its newest revision.
    pub(super) async fn pods(&self, workload: &Value) -> Result<Vec<Value>, Error> {
        let Some(namespace) = text(workload, "/metadata/namespace") else { return Ok(Vec::new()) };
        let Some(selector) = selector(workload) else { return Ok(Vec::new()) };
        let path = |version: &str, plural: &str| {
            let collection = collection(version, Some(namespace), plural);
            format!("{collection}?labelSelector={}", percent_encode(&selector))
        };
        let found = self.get(&path("v1", "pods"), "list pods").await?;
        let mut pods = list(&found, "/items").to_vec();
        // Those that are going are not what is waited for.
        pods.retain(|pod| pod.pointer("/metadata/deletionTimestamp").is_none());
        if text(workload, "/kind") == Some("Deployment") {
            let sets = self.get(&path("apps/v1", "replicasets"), "list replica sets").await?;
            let revision = |object: &Value| {
                let annotations = object.pointer("/metadata/annotations")?;
                annotations.get("deployment.kubernetes.io/revision").cloned()
            };
            let newest = list(&sets, "/items").iter().find(|set| revision(set) == revision(workload));
            let newest = newest.and_then(|set| text(set, "/metadata/uid"));
            pods.retain(|pod| list(pod, "/metadata/ownerReferences").iter().any(|owner| text(owner, "/uid") == newest));
        }
        Ok(pods)
    }

    async fn trouble(&self, object: &ObjectRef, there: &Value, why: String) -> SettleError {
        // A pod that is not ready says more than what runs it.
        let pods = self.pods(there).await.unwrap_or_default();
        let is_unready = |pod: &&Value| !super::object::holds(pod, "Ready");
        let pod = pods.iter().find(is_unready);
        let mut trouble = Trouble::new(object, why);
        trouble.find_out(self, there, pod, pod.and_then(hindrance).as_ref()).await;
        SettleError::Trouble(Box::new(trouble))
    }

    async fn trouble_of(&self, object: &ObjectRef, there: &Value, pod: &Value, found: &Hindrance) -> SettleError {
        let mut trouble = Trouble::new(object, "does not start".to_owned());
        trouble.find_out(self, there, Some(pod), Some(found)).await;
        SettleError::Trouble(Box::new(trouble))
    }
}

/// The labels of a workload's pods, as a query has them.
fn selector(workload: &Value) -> Option<String> {
    let labels = workload.pointer("/spec/selector/matchLabels")?.as_object()?;
    let labels = labels.iter().filter_map(|(name, value)| Some(format!("{name}={}", value.as_str()?)));
    Some(labels.collect::<Vec<_>>().join(",")).filter(|selector| !selector.is_empty())
}
