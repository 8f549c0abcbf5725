//! Everything that an environment consists of, before it is known who fills in the values.

use super::input::{Input, InputInfo, Inputs};
use super::node::{Map, Node};
use super::text::{Fact, Known, Text};
use super::workload::{Workload, metadata};
use super::writer::Writer;
use super::{controller, names, network, patch, pull};
use crate::azure::Failure;
use crate::environment::lowering::Lowering as _;
use crate::environment::{FileCx, apps, place};
use crate::manifest::{Diagnostic, Span};
use crate::model::environment::KubernetesFormat;
use crate::model::{Environment, JobTrigger, ResourceKind};
use crate::util::Secret;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt;

/// The version of a chart that says none.
const VERSION: &str = "0.1.0";

/// What is installed together: objects, and the values that they need.
#[derive(Debug)]
pub struct Release {
    /// What Helm calls it.
    pub name: String,
    /// `None`: that of the context.
    pub namespace: Option<String>,
    /// Whether a deployment makes the namespace.
    pub create_namespace: bool,
    pub format: KubernetesFormat,
    pub inputs: BTreeMap<Input, InputInfo>,
    pub warnings: Vec<Diagnostic>,
    pub(super) chart: ChartInfo,
    /// In the order in which they are applied.
    pub(super) documents: Vec<Document>,
    /// What speaks of them.
    pub(super) problem: Place,
}

/// What a chart says of itself.
#[derive(Debug)]
pub(super) struct ChartInfo {
    pub(super) name: String,
    pub(super) version: String,
    pub(super) application: String,
}

/// Where mistakes of an environment are.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) source: std::sync::Arc<crate::manifest::Source>,
    pub(super) span: Span,
}

/// What is applied first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rank {
    Namespace,
    Account,
    Secret,
    Config,
    Claim,
    Service,
    Workload,
    Entrance,
    Scaler,
    Policy,
}

/// An object that is being described.
#[derive(Clone, Debug)]
pub(super) struct Document {
    /// Folder that it is written to: what it is for.
    pub(super) owner: String,
    /// File, without its ending.
    pub(super) file: String,
    pub(super) rank: Rank,
    pub(super) kind: String,
    pub(super) node: Map,
}

impl Document {
    pub(super) fn new(api_version: &str, kind: &str, metadata: Map, body: Map) -> Self {
        let mut node = Map::new().with("apiVersion", api_version).with("kind", kind).with("metadata", metadata);
        node.0.extend(body.0);
        Self { owner: String::new(), file: String::new(), rank: Rank::Policy, kind: kind.to_owned(), node }
    }

    pub(super) fn at(mut self, owner: &str, file: &str, rank: Rank) -> Self {
        owner.clone_into(&mut self.owner);
        file.clone_into(&mut self.file);
        self.rank = rank;
        self
    }

    /// What the object is called, where that is known now.
    pub(super) fn name(&self) -> Option<&str> {
        let Some(Node::Map(metadata)) = self.node.get("metadata") else { return None };
        let Some(Node::Text(name)) = metadata.get("name") else { return None };
        name.as_literal()
    }
}

/// An object with every value.
pub struct Object {
    pub api_version: String,
    pub kind: String,
    /// `None`: that of the context, or none at all.
    pub namespace: Option<String>,
    pub name: String,
    /// What of the application it is for, as its folder is called.
    pub owner: String,
    pub document: Value,
}

/// Secrets of the document stay where they are.
impl fmt::Debug for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind, self.name)
    }
}

/// What is filled in where nobody says anything else.
pub(super) struct Defaults<'d> {
    pub(super) inputs: &'d Inputs,
    pub(super) release: &'d str,
    pub(super) version: &'d str,
}

impl Known for Defaults<'_> {
    fn value(&self, input: &Input) -> Option<&str> {
        self.inputs.get(input)?.default.as_deref()
    }

    fn fact(&self, fact: Fact) -> &str {
        match fact {
            Fact::Release => self.release,
            Fact::Service => "shipit",
            Fact::Version => self.version,
        }
    }
}

/// What is filled in while deploying.
struct Values<'v> {
    given: &'v BTreeMap<Input, Secret>,
    release: &'v Release,
}

impl Known for Values<'_> {
    fn value(&self, input: &Input) -> Option<&str> {
        let given = self.given.get(input).map(Secret::expose);
        given.or_else(|| self.release.inputs.get(input)?.default.as_deref())
    }

    fn fact(&self, fact: Fact) -> &str {
        match fact {
            Fact::Release => &self.release.name,
            Fact::Service => "shipit",
            Fact::Version => &self.release.chart.version,
        }
    }
}

/// Makes everything of an environment. Every mistake is reported at once.
pub fn release(cx: &FileCx<'_>, environment: &Environment) -> Result<Release, Failure> {
    let settings = names::settings(environment).cloned().unwrap_or_default();
    let mut lowering = Writer::new(cx, environment, &settings);
    let name = names::release(cx.application, environment);
    let mut documents = documents(&mut lowering);
    if let Some(patch) = &settings.patch {
        patch::lay(&mut lowering, &mut documents, patch);
    }
    refuse_same(&mut lowering, &documents);
    documents.sort_by(|one, other| (one.rank, &one.owner, &one.file).cmp(&(other.rank, &other.owner, &other.file)));
    let Writer { problems, inputs, .. } = lowering;
    if problems.has_errors() {
        return Err(Failure::Invalid(problems));
    }
    let chart = settings.chart;
    Ok(Release {
        chart: ChartInfo {
            name: chart.name.map_or_else(|| name.clone(), |name| name.get_ref().clone()),
            version: chart.version.map_or_else(|| VERSION.to_owned(), |version| version.get_ref().clone()),
            application: cx.application.name.clone(),
        },
        name,
        namespace: settings.namespace.map(|name| name.get_ref().clone()),
        create_namespace: settings.create_namespace,
        format: settings.format,
        inputs: inputs.by_input,
        warnings: problems.into_sorted(),
        documents,
        problem: Place { source: cx.application.source.clone(), span: environment.span.clone() },
    })
}

fn documents<'c>(lowering: &mut Writer<'c>) -> Vec<Document> {
    let (application, environment) = (lowering.cx.application, lowering.environment);
    let mut workloads: Vec<Workload<'c>> = Vec::new();
    for resource in place::services(application, environment) {
        if let ResourceKind::Service(service) = &resource.kind {
            workloads.push(Workload::of_service(lowering, resource, service));
        }
    }
    for app in apps(application, &environment.name) {
        workloads.push(Workload::of_app(lowering, app));
    }
    let mut claims = super::storage::Claims::default();
    let mut documents = Vec::new();
    for workload in &workloads {
        let is_awaited = workload.job().is_some_and(|job| matches!(job.trigger, JobTrigger::Manual))
            && apps(application, &environment.name)
                .any(|app| app.wait_for.iter().any(|name| name.get_ref() == workload.name));
        documents.extend(controller::documents(lowering, &mut claims, workload, is_awaited));
        documents.extend(network::services(lowering, workload));
        documents.extend(network::entrance(lowering, workload));
        if lowering.settings.network_policies {
            documents.push(network::policy(lowering, workload, &workloads));
        }
    }
    documents.extend(claims.documents(lowering));
    let labels = Map::new()
        .with("app.kubernetes.io/instance", Text::fact(Fact::Release))
        .with("app.kubernetes.io/part-of", names::label(&application.name));
    documents.extend(pull::documents(lowering, &workloads, &labels));
    documents
}

/// Two objects of one kind and name would take each other's place.
fn refuse_same(lowering: &mut Writer<'_>, documents: &[Document]) {
    let mut seen: BTreeMap<(&str, &str), &Document> = BTreeMap::new();
    for document in documents {
        let Some(name) = document.name() else { continue };
        if let Some(other) = seen.insert((&document.kind, name), document) {
            let message = format!(
                "`{}` and `{}` would both have the {} `{name}` in Kubernetes",
                other.owner, document.owner, document.kind
            );
            let span = lowering.environment.span.clone();
            lowering.error("same-name", message, &span, "give one of them another name");
        }
    }
}

impl Release {
    /// Every object with every value, in the order in which they are applied; `values` go before
    /// defaults. `Err`: what nobody says.
    pub fn objects(&self, values: &BTreeMap<Input, Secret>) -> Result<Vec<Object>, Vec<Input>> {
        let known = Values { given: values, release: self };
        let mut missing = Vec::new();
        let mut objects: Vec<Object> = self.namespace_object().into_iter().collect();
        for document in &self.documents {
            let Some(value) = Node::Map(document.node.clone()).fill(&known, &mut missing) else { continue };
            objects.push(self.object(document, value));
        }
        missing.sort();
        missing.dedup();
        if missing.is_empty() { Ok(objects) } else { Err(missing) }
    }

    /// The values that Helm is given: those of `values`, where `values.yaml` has them.
    pub fn helm_values(&self, values: &BTreeMap<Input, Secret>) -> Value {
        let mut tree = Value::Object(serde_json::Map::new());
        for (input, value) in values {
            let Some(info) = self.inputs.get(input) else { continue };
            let mut place = &mut tree;
            for part in &info.path {
                place = &mut place[part.as_str()];
            }
            *place = super::node::value_of(info.kind, value.expose());
        }
        tree
    }

    pub(super) fn namespace_object(&self) -> Option<Object> {
        let name = self.namespace.as_ref().filter(|_| self.create_namespace)?;
        let labels = Map::new().with("app.kubernetes.io/part-of", names::label(&self.chart.application));
        let document = Document::new("v1", "Namespace", metadata(name.as_str(), labels), Map::new());
        let document = document.at("", "namespace", Rank::Namespace);
        let empty = BTreeMap::new();
        let known = Values { given: &empty, release: self };
        let value = Node::Map(document.node.clone()).fill(&known, &mut Vec::new())?;
        Some(Object { namespace: None, ..self.object(&document, value) })
    }

    fn object(&self, document: &Document, mut value: Value) -> Object {
        let name = value["metadata"]["name"].as_str().unwrap_or_default().to_owned();
        if let (Some(namespace), Some(metadata)) = (&self.namespace, value["metadata"].as_object_mut())
            && document.kind != "Namespace"
        {
            metadata.insert("namespace".to_owned(), Value::from(namespace.as_str()));
        }
        Object {
            api_version: value["apiVersion"].as_str().unwrap_or_default().to_owned(),
            kind: document.kind.clone(),
            namespace: self.namespace.clone(),
            name,
            owner: document.owner.clone(),
            document: value,
        }
    }
}
