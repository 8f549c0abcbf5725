//! A release as plain manifests, with what makes them a base of Kustomize.

use super::input::{Input, Inputs};
use super::node::Node;
use super::release::{Defaults, Document};
use super::{Release, input};
use crate::manifest::Diagnostic;
use crate::render::{Artifact, yaml};
use serde_json::{Value, json};
use std::collections::BTreeMap;

const KUSTOMIZATION: &str = "kustomization.yaml";

impl Release {
    /// The files of the base. What is secret is left out of them; anything else that is not known is
    /// a mistake, because plain manifests have nowhere to put it.
    pub fn manifests(&self) -> Result<Vec<Artifact>, Vec<Diagnostic>> {
        let inputs = Inputs { by_input: self.inputs.clone() };
        let known = Defaults { inputs: &inputs, release: &self.name, version: &self.chart.version };
        let (mut artifacts, mut resources, mut unknown) = (Vec::new(), Vec::new(), BTreeMap::new());
        if let Some(namespace) = self.namespace_object() {
            resources.push("namespace.yaml".to_owned());
            artifacts.push(Artifact { path: "namespace.yaml".to_owned(), text: yaml::document(&namespace.document) });
        }
        for document in &self.documents {
            let mut missing = Vec::new();
            let Some(mut value) = Node::Map(document.node.clone()).fill(&known, &mut missing) else { continue };
            let (secret, plain): (Vec<Input>, Vec<Input>) =
                missing.into_iter().partition(|input| inputs.get(input).is_some_and(|info| info.secret));
            unknown.extend(plain.into_iter().map(|input| (input, ())));
            let mut text = if secret.is_empty() { String::new() } else { left_out(document, &value, &inputs) };
            // An object of this type without its key is none.
            if value["type"] == "kubernetes.io/dockerconfigjson" && value["stringData"][".dockerconfigjson"].is_null() {
                value["stringData"] = json!({ ".dockerconfigjson": "{\"auths\":{}}" });
            }
            text.push_str(&yaml::document(&value));
            let path = format!("{}/{}.yaml", document.owner, document.file);
            resources.push(path.clone());
            artifacts.push(Artifact { path, text });
        }
        if !unknown.is_empty() {
            return Err(unknown.keys().map(|input| self.missing(input)).collect());
        }
        let mut kustomization = json!({ "apiVersion": "kustomize.config.k8s.io/v1beta1", "kind": "Kustomization" });
        if let Some(namespace) = &self.namespace {
            kustomization["namespace"] = json!(namespace);
        }
        kustomization["resources"] = json!(resources);
        artifacts.push(Artifact { path: KUSTOMIZATION.to_owned(), text: yaml::document(&kustomization) });
        Ok(artifacts)
    }

    fn missing(&self, input: &input::Input) -> Diagnostic {
        let about = self.inputs.get(input).map_or("", |info| info.about.trim_end_matches('.'));
        let help = match input {
            Input::Parameter(name) => format!("give it with `--param {name}=…`, or use `format = \"helm\"`"),
            Input::Image(app) => format!("push it first (`shipit do push-{app}`), or use `format = \"helm\"`"),
            Input::Foreign { .. } => "use a parameter in its place, or `format = \"helm\"`".to_owned(),
            Input::Replicas(..)
            | Input::Domain
            | Input::WaitImage
            | Input::Config { .. }
            | Input::Size(_)
            | Input::File { .. } => "use `format = \"helm\"`".to_owned(),
        };
        let message = format!("plain manifests need a value that is not known: {about}");
        let diagnostic = Diagnostic::error("missing-value", message).within(&self.problem.source);
        diagnostic.at(self.problem.span.clone(), "").help(help)
    }
}

/// Says which keys of a Secret somebody has to fill in.
fn left_out(document: &Document, value: &Value, inputs: &Inputs) -> String {
    let Some(Node::Map(data)) = document.node.get("stringData") else { return String::new() };
    let mut text = String::from(
        "# Secrets are not published. Lay these keys over it, for example in an overlay of Kustomize's:\n",
    );
    for (key, node) in &data.0 {
        if value["stringData"].get(key).is_some() {
            continue;
        }
        let needed: Vec<String> = match node {
            Node::Text(text) => text
                .inputs()
                .into_iter()
                .filter_map(|input| inputs.get(input).filter(|info| info.secret))
                .filter_map(|info| info.path.last().cloned())
                .collect(),
            _ => Vec::new(),
        };
        text.push_str(&format!("#   {key} ({})\n", needed.join(", ")));
    }
    text
}
