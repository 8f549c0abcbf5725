//! Variables: plain ones in a ConfigMap, secret ones in a Secret. The kubelet takes both as they are;
//! only in a program's arguments it looks for `$(NAME)`.

use super::input::{Input, InputInfo, key};
use super::node::{Map, Node};
use super::release::{Document, Rank};
use super::text::Text;
use super::workload::Workload;
use super::writer::Writer;
use crate::environment::lowering::Lowering as _;
use crate::model::Expression;

/// Variables of a container, and the words of its program.
#[derive(Debug, Default)]
pub(super) struct Config {
    plain: Map,
    secret: Map,
    /// Entries of `env`.
    env: Vec<Node>,
    command: Option<Vec<Node>>,
    args: Option<Vec<Node>>,
    /// Names of the objects.
    names: [String; 2],
}

impl Config {
    pub(super) fn of(lowering: &mut Writer<'_>, workload: &Workload<'_>) -> Self {
        let object = &workload.object;
        let names = [format!("{object}-config"), format!("{object}-secrets")];
        let mut config = Self { names, ..Self::default() };
        for (name, text) in &workload.env {
            let text = match text.as_literal().filter(|_| workload.literal.contains(name)) {
                None => text.clone(),
                Some(literal) => {
                    let about = format!("`{name}` of `{}`.", workload.name);
                    let info =
                        InputInfo::plain(&["config", &key(workload.name), name], about, Some(literal.to_owned()));
                    lowering.input(Input::Config { owner: workload.name.clone(), key: name.clone() }, info)
                }
            };
            let secret = text.is_secret(&lowering.inputs);
            config.variable(lowering, workload, name, text, secret);
        }
        config.command = config.words(lowering, workload, workload.command);
        config.args = config.words(lowering, workload, workload.args);
        config
    }

    fn variable(&mut self, lowering: &mut Writer<'_>, workload: &Workload<'_>, name: &str, text: Text, secret: bool) {
        let key = name.replace(':', ".");
        if key != name {
            let message = format!("Kubernetes before 1.30 takes no variable that is called `{name}`");
            lowering.warning("variable-name", message, workload.span, "use letters, digits and `_`");
        }
        let [config, secrets] = &self.names;
        let reference = |object: &str| Map::new().with("name", object).with("key", &key);
        let source = match secret {
            true => Some(Map::new().with("secretKeyRef", reference(secrets))),
            // All others come with the whole ConfigMap.
            false => (key != name).then(|| Map::new().with("configMapKeyRef", reference(config))),
        };
        if let Some(source) = source {
            self.env.push(Map::new().with("name", name).with("valueFrom", source).into());
        }
        if secret { self.secret.put(&key, text) } else { self.plain.put(&key, text) }
    }

    /// A word that holds a secret is a variable: whoever may look at pods sees their arguments.
    fn words(
        &mut self,
        lowering: &mut Writer<'_>,
        workload: &Workload<'_>,
        words: Option<&[Expression]>,
    ) -> Option<Vec<Node>> {
        let mut nodes = Vec::new();
        for word in words? {
            let text = lowering.lower(word);
            if text.is_secret(&lowering.inputs) {
                let name = (0..).map(|number| format!("SHIPIT_ARG_{number}"));
                let is_free = |name: &String| self.secret.get(name).is_none() && !workload.env.contains_key(name);
                let name = name.into_iter().find(is_free).unwrap_or_default();
                self.variable(lowering, workload, &name, text, true);
                nodes.push(Node::from(format!("$({name})")));
            } else {
                nodes.push(text.argument().into());
            }
        }
        Some(nodes)
    }

    /// Puts everything into a container.
    pub(super) fn lay_into(&self, container: &mut Map) {
        for (key, words) in [("command", &self.command), ("args", &self.args)] {
            if let Some(words) = words {
                container.put(key, words.clone());
            }
        }
        let is_whole = |(key, _): &(String, Node)| !self.env.iter().any(|entry| names(entry, key));
        if self.plain.0.iter().any(is_whole) {
            let from = Map::new().with("configMapRef", Map::new().with("name", &self.names[0]));
            container.put("envFrom", vec![Node::from(from)]);
        }
        if !self.env.is_empty() {
            container.put("env", self.env.clone());
        }
    }

    /// The objects, and what changes when they do.
    pub(super) fn documents(self, lowering: &Writer<'_>, workload: &Workload<'_>) -> Vec<Document> {
        let [config, secrets] = &self.names;
        let config_map = Map::new().with("data", self.plain);
        let secret = Map::new().with("type", "Opaque").with("stringData", self.secret);
        let documents = [
            ("ConfigMap", config, "configmap", Rank::Config, config_map),
            ("Secret", secrets, "secret", Rank::Secret, secret),
        ];
        documents
            .into_iter()
            .filter(|(.., body)| body.0.iter().any(|(_, node)| matches!(node, Node::Map(map) if !map.0.is_empty())))
            .map(|(kind, name, file, rank, body)| {
                Document::new("v1", kind, workload.metadata(lowering, name), body).at(&workload.object, file, rank)
            })
            .collect()
    }
}

/// Whether an entry of `env` has a ConfigMap's key by another name.
fn names(entry: &Node, key: &str) -> bool {
    let Node::Map(entry) = entry else { return false };
    let Some(Node::Map(source)) = entry.get("valueFrom") else { return false };
    matches!(source.get("configMapKeyRef"), Some(Node::Map(it)) if it.get("key") == Some(&Node::from(key)))
}
