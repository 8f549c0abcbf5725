//! A release as a Helm chart.

use super::Release;
use super::input::{InputInfo, Inputs};
use super::node::{Node, value_of};
use crate::model::ParameterType;
use crate::render::{Artifact, yaml};
use serde_json::{Map, Value, json};

/// What Kubernetes has to be at least: `autoscaling/v2`, `timeZone` of CronJobs.
const KUBERNETES: &str = ">=1.25.0-0";
/// What is no part of a packed chart.
const IGNORED: &str = ".DS_Store\n.git/\n.gitignore\n*.bak\n*.orig\n*.swp\n*.tmp\n";

impl Release {
    /// The files of the chart.
    pub fn chart(&self) -> Vec<Artifact> {
        let inputs = Inputs { by_input: self.inputs.clone() };
        let mut artifacts = vec![
            Artifact { path: "Chart.yaml".to_owned(), text: self.about() },
            Artifact { path: "values.yaml".to_owned(), text: self.values_file() },
            Artifact { path: "values.schema.json".to_owned(), text: self.values_schema() },
            Artifact { path: ".helmignore".to_owned(), text: IGNORED.to_owned() },
        ];
        for document in &self.documents {
            let printed = Node::Map(document.node.clone()).template(&inputs);
            let path = format!("templates/{}/{}.yaml", document.owner, document.file);
            artifacts.push(Artifact { path, text: yaml::document(&printed) });
        }
        artifacts
    }

    fn about(&self) -> String {
        yaml::document(&json!({
            "apiVersion": "v2",
            "name": self.chart.name,
            "description": format!("{}, written by shipit.", self.chart.application),
            "type": "application",
            "version": self.chart.version,
            "appVersion": self.chart.version,
            "kubeVersion": KUBERNETES,
        }))
    }

    fn values_file(&self) -> String {
        let mut root = Table::default();
        for info in self.inputs.values() {
            root.insert(&info.path, info);
        }
        // What nobody but the user knows comes first.
        root.entries.sort_by_key(|(name, _)| !matches!(*name, "parameters" | "secrets"));
        root.entries.sort_by_key(|(name, _)| *name != "parameters");
        let mut text = String::from(
            "# Values of the chart. Those that are empty have to be given: `helm install -f my-values.yaml`.\n",
        );
        root.print(0, &mut text);
        text
    }

    /// JSON Schema, draft 7, as Helm reads it.
    fn values_schema(&self) -> String {
        let mut root = json!({
            "$schema": "http://json-schema.org/draft-07/schema#",
            "type": "object",
        });
        for info in self.inputs.values() {
            let mut place = &mut root;
            for (depth, part) in info.path.iter().enumerate() {
                if info.default.is_none() {
                    require(place, part);
                }
                place = &mut place["properties"][part.as_str()];
                if depth + 1 < info.path.len() && place.is_null() {
                    *place = json!({ "type": "object", "additionalProperties": false });
                }
            }
            *place = schema(info);
        }
        let mut text = serde_json::to_string_pretty(&root).unwrap_or_default();
        text.push('\n');
        text
    }
}

fn require(object: &mut Value, key: &str) {
    match object.get_mut("required").and_then(Value::as_array_mut) {
        Some(list) if list.iter().any(|known| known == key) => {}
        Some(list) => list.push(json!(key)),
        None => object["required"] = json!([key]),
    }
}

fn schema(info: &InputInfo) -> Value {
    let kind = match info.kind {
        ParameterType::String => "string",
        ParameterType::Int => "integer",
        ParameterType::Bool => "boolean",
    };
    let mut schema = json!({ "description": info.about, "type": kind });
    if info.kind == ParameterType::String {
        if info.default.is_none() {
            schema["minLength"] = json!(1);
        }
        if let Some(pattern) = &info.pattern {
            schema["pattern"] = json!(format!("^(?:{pattern})$"));
        }
    }
    if !info.allowed.is_empty() {
        schema["enum"] = info.allowed.iter().map(|allowed| value_of(info.kind, allowed)).collect();
    }
    schema
}

/// A table of `values.yaml`.
#[derive(Default)]
struct Table<'i> {
    entries: Vec<(&'i str, Entry<'i>)>,
}

enum Entry<'i> {
    Table(Table<'i>),
    Value(&'i InputInfo),
}

impl<'i> Table<'i> {
    fn insert(&mut self, path: &'i [String], info: &'i InputInfo) {
        let [first, rest @ ..] = path else { return };
        if rest.is_empty() {
            self.entries.push((first, Entry::Value(info)));
            return;
        }
        let index = self.entries.iter().position(|(name, _)| *name == first.as_str()).unwrap_or_else(|| {
            self.entries.push((first, Entry::Table(Table::default())));
            self.entries.len() - 1
        });
        if let Entry::Table(table) = &mut self.entries[index].1 {
            table.insert(rest, info);
        }
    }

    fn print(&self, indent: usize, text: &mut String) {
        let space = " ".repeat(indent);
        for (name, entry) in &self.entries {
            if indent == 0 {
                text.push('\n');
            }
            match entry {
                Entry::Table(table) => {
                    text.push_str(&format!("{space}{}:\n", yaml::string(name)));
                    table.print(indent + 2, text);
                }
                Entry::Value(info) => {
                    for line in info.about.lines() {
                        text.push_str(&format!("{space}# {}\n", line.replace(|c: char| !yaml::is_printed(c), " ")));
                    }
                    let value = match &info.default {
                        Some(default) => value_of(info.kind, default),
                        None if info.kind == ParameterType::String => json!(""),
                        None => Value::Null,
                    };
                    let entry: Map<String, Value> = [((*name).to_owned(), value)].into_iter().collect();
                    text.push_str(&format!("{space}{}", yaml::document(&Value::Object(entry))));
                }
            }
        }
    }
}
