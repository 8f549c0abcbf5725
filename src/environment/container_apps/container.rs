//! What an app and a job have in common: image, variables, secrets, probes, mounts, identities.

use super::secrets::Secrets;
use super::workload::{EnvValue, Image, Workload};
use super::{ingress, names};
use crate::azure::{Builder, Lowered, NAME_TAG, Value, identity, pull, resource};
use crate::manifest::{Diagnostic, Span};
use crate::model::environment::ContainerAppsEnvironment;
use crate::model::resource::ValuePiece;
use crate::model::{
    Environment, Expression, FileContent, Probe, ProbeCheck, PullCredentials, Registry, RegistryKind, Resource,
    VolumeSource,
};
use serde_json::{Map, Value as Json, json};

/// Outputs of an environment.
pub(super) const ENVIRONMENT_ID: &str = "AZURE_CONTAINER_APPS_ENVIRONMENT_ID";
pub(super) const REGISTRY_ENDPOINT: &str = "AZURE_CONTAINER_REGISTRY_ENDPOINT";
pub(super) const REGISTRY_IDENTITY: &str = "AZURE_CONTAINER_REGISTRY_MANAGED_IDENTITY_ID";

/// How a probe asks when nothing is said, in seconds and counts.
const INITIAL_DELAY: u32 = 5;
const PERIOD: u32 = 5;
const TIMEOUT: u32 = 1;
const FAILURES: u32 = 3;
const SUCCESSES: u32 = 1;

/// A container that is being described.
pub(super) struct Container<'b, 'c, 'w> {
    pub(super) builder: &'b mut Builder<'c>,
    pub(super) environment: &'w Environment,
    pub(super) settings: &'w ContainerAppsEnvironment,
    pub(super) workload: &'w Workload<'w>,
    pub(super) secrets: Secrets,
    /// Of the app itself.
    pub(super) identity: Option<identity::Identity>,
    /// Resource ids.
    identities: Vec<Value>,
}

impl<'b, 'c, 'w> Container<'b, 'c, 'w> {
    pub(super) fn new(
        builder: &'b mut Builder<'c>,
        environment: &'w Environment,
        settings: &'w ContainerAppsEnvironment,
        workload: &'w Workload<'w>,
    ) -> Self {
        let identity = workload.app.and_then(|app| identity::of(builder, app));
        let secrets = Secrets::new(identity.as_ref().map(|identity| identity.id.clone()));
        let identities = identity.iter().map(|identity| identity.id.clone()).collect();
        Self { builder, environment, settings, workload, secrets, identity, identities }
    }

    /// The data that both templates have. What stands in `rest` is made before the secrets are told,
    /// because it may need some.
    pub(super) fn data(&mut self, rest: Map<String, Json>) -> Json {
        let placement = &self.settings.azure.placement;
        self.builder.location(placement.location.as_ref());
        let environment_id = self.builder.output(self.environment.name.as_str(), ENVIRONMENT_ID);
        let image = self.image();
        let registries = self.registries();
        let (command, args) = (self.words(self.workload.command), self.words(self.workload.args));
        let env = self.env();
        let probes = self.probes();
        let (volumes, mounts) = self.mounts();
        let name = self.workload.name();
        let mut data = json!({
            "symbol": names::symbol(self.workload.name.as_str()),
            "name": name,
            "tags": Value::object([(NAME_TAG, Value::from(self.workload.name.as_str()))]),
            "identities": self.identities(),
            "environment_id": environment_id,
            "workload_profile": self.workload.workload_profile.map(|profile| profile.get_ref()),
            "registries": registries,
            "secrets": self.secrets.data(),
            "image": image,
            "command": command,
            "args": args,
            "env": env,
            "resources": self.resources(),
            "probes": probes,
            "mounts": mounts,
            "volumes": volumes,
        });
        if self.secrets.lacks_identity {
            let message = format!("`{}` needs a secret of a key vault and has no identity", self.workload.name);
            let help = "list the key vault in `references`, so that the app may read it";
            self.builder.error("no-identity", message, self.workload.span, help);
        }
        if let Some(data) = data.as_object_mut() {
            data.extend(rest);
        }
        data
    }

    fn image(&mut self) -> Value {
        match &self.workload.image {
            Image::Pushed => self.builder.image(self.workload.name),
            Image::Given(image) => self.plain("an image's name", image),
        }
    }

    /// A value that stands in the open.
    fn plain(&mut self, what: &str, expression: &Expression) -> Value {
        let lowered = self.builder.lower(expression);
        if lowered.is_secret {
            let help = "use a parameter that is no secret";
            self.builder.error("secret-exposed", format!("a secret may not appear in {what}"), &expression.span, help);
        }
        lowered.value
    }

    /// The words of a command. Whoever may read the app's settings may read them.
    fn words(&mut self, words: Option<&[Expression]>) -> Value {
        let words = words.unwrap_or_default().iter().map(|word| {
            let lowered = self.builder.lower(word);
            if lowered.is_secret {
                let help = "pass it in `env`, where it is kept as a secret, and let the program read it there";
                let message = "a secret may not appear in the arguments of a program: they are kept in the open";
                self.builder.error("secret-exposed", message, &word.span, help);
            }
            lowered.value
        });
        Value::Array(words.collect())
    }

    /// How the image is pulled.
    fn registries(&mut self) -> Value {
        let application = self.builder.cx.application;
        let registry = match (&self.workload.image, self.workload.app) {
            (_, Some(app)) => pull::registry_of(application, app),
            (Image::Given(image), None) => pull::registry_of_image(application, image),
            (Image::Pushed, None) => None,
        };
        let Some(registry) = registry else { return Value::Array(Vec::new()) };
        let entry = match &registry.kind {
            RegistryKind::Azure(_) => Some(self.azure_registry(registry)),
            RegistryKind::Oci { endpoint, .. } => self.other_registry(registry, endpoint),
            RegistryKind::Local { .. } => {
                let message =
                    format!("`{}` is served on this machine: nothing in Azure can pull from it", registry.name);
                let help = format!("push `{}` to a registry of kind `azure` or `oci`", self.workload.name);
                let source = &self.builder.cx.application.source;
                let diagnostic = Diagnostic::error("local-registry", message)
                    .within(source)
                    .at(self.workload.span.clone(), "pulled from there")
                    .at(registry.span.clone(), "declared here")
                    .help(help);
                self.builder.report(diagnostic);
                None
            }
        };
        Value::Array(entry.into_iter().collect())
    }

    fn azure_registry(&mut self, registry: &Registry) -> Value {
        let environment = self.environment.name.as_str();
        let identity = self.builder.output(environment, REGISTRY_IDENTITY);
        let server = match pull::primary(self.builder.cx.application, self.environment) {
            Some(first) if first.name == registry.name => self.builder.output(environment, REGISTRY_ENDPOINT),
            _ => crate::azure::registry::property(self.builder, registry, "login-server")
                .map_or(Value::Null, |lowered| lowered.value),
        };
        if !self.identities.contains(&identity) {
            self.identities.push(identity.clone());
        }
        Value::object([("server", server), ("identity", identity)])
    }

    /// User and password where the registry says so, else nothing.
    fn other_registry(&mut self, registry: &Registry, endpoint: &Expression) -> Option<Value> {
        match &registry.pull {
            Some(PullCredentials::Login(credentials)) => {
                let server = self.builder.lower(endpoint).value;
                let username = self.builder.lower(&credentials.username).value;
                let password = self.builder.lower(&credentials.password);
                let secret = self.secrets.add(&format!("{}-password", registry.name), &password);
                Some(Value::object([
                    ("server", server),
                    ("username", username),
                    ("passwordSecretRef", Value::from(secret)),
                ]))
            }
            Some(PullCredentials::Anonymous) | None => None,
        }
    }

    fn identities(&self) -> Value {
        if self.identities.is_empty() {
            return Value::Null;
        }
        let lines: Vec<String> = self.identities.iter().map(|id| format!("'${{{}}}': {{}}", id.code())).collect();
        Value::expression(format!("{{\n{}\n}}", lines.join("\n")))
    }

    fn env(&mut self) -> Value {
        let mut list: Vec<(String, Value)> = Vec::new();
        for (name, value) in &self.workload.env {
            let lowered = match (value, self.workload.service) {
                (EnvValue::Text(expression), _) => Some(self.builder.lower(expression)),
                (EnvValue::Pieces(pieces), Some(service)) => self.pieces(service, pieces),
                (EnvValue::Pieces(_), None) => None,
            };
            let Some(lowered) = lowered else { continue };
            list.push((name.clone(), self.variable(name, &lowered)));
        }
        if let Some(identity) = &self.identity {
            let own = [
                ("AZURE_CLIENT_ID", identity.client_id.clone()),
                ("AZURE_TOKEN_CREDENTIALS", Value::from("ManagedIdentityCredential")),
            ];
            for (name, value) in own {
                if !self.workload.env.contains_key(name) {
                    list.push((name.to_owned(), Value::object([("name", Value::from(name)), ("value", value)])));
                }
            }
        }
        Value::Array(list.into_iter().map(|(_, value)| value).collect())
    }

    fn variable(&mut self, name: &str, lowered: &Lowered) -> Value {
        if lowered.is_secret || lowered.vault.is_some() {
            let secret = self.secrets.add(name, lowered);
            return Value::object([("name", Value::from(name)), ("secretRef", Value::from(secret))]);
        }
        Value::object([("name", Value::from(name)), ("value", lowered.value.clone())])
    }

    /// A text in which a service speaks of itself.
    fn pieces(&mut self, service: &Resource, pieces: &[ValuePiece]) -> Option<Lowered> {
        let (environment, settings, workload) = (self.environment, self.settings, self.workload);
        let address = |builder: &mut Builder<'_>, _: &Resource, property: &str, _: &Span| {
            ingress::address(builder, environment, settings, workload, property)
        };
        resource::pieces(self.builder, service, pieces, workload.span, &address)
    }

    fn resources(&self) -> Value {
        let mut entries: Vec<(String, Value)> = Vec::new();
        let workload = self.workload;
        // One of a pair decides the other.
        let cpu = workload.cpu.map(|cpu| *cpu.get_ref()).or(workload.memory.map(|memory| memory.gibibytes() / 2.0));
        let memory = workload.memory.map(|memory| memory.gibibytes()).or(workload.cpu.map(|cpu| cpu.get_ref() * 2.0));
        if let Some(cpu) = cpu {
            entries.push(("cpu".to_owned(), Value::decimal(cpu)));
        }
        if let Some(memory) = memory {
            entries.push(("memory".to_owned(), Value::from(format!("{memory}Gi"))));
        }
        Value::Object(entries)
    }

    fn probes(&mut self) -> Value {
        let health = self.workload.health;
        let kinds = [("Startup", &health.startup), ("Liveness", &health.liveness), ("Readiness", &health.readiness)];
        let asked = kinds.into_iter().filter_map(|(kind, probe)| Some((kind, probe.as_ref()?)));
        let asked = asked.filter(|(_, probe)| !probe.is_only_a_command());
        let mut probes: Vec<Value> = asked.map(|(kind, probe)| self.probe(kind, probe)).collect();
        if let Some(probe) = self.workload.readiness().filter(|_| health.probes().next().is_none()) {
            probes.push(self.probe("Readiness", &probe));
        }
        Value::Array(probes)
    }

    fn probe(&self, kind: &str, probe: &Probe) -> Value {
        let main = ingress::Ports::of(self.workload).main.map(|port| port.target);
        let port = probe.port.as_ref().map(|port| *port.get_ref()).or(main).unwrap_or_default();
        let check = match &probe.check {
            ProbeCheck::Http { path, https } => {
                let path = path.as_ref().map_or("/", |path| path.as_str());
                let scheme = if *https { "HTTPS" } else { "HTTP" };
                let get = [("path", Value::from(path)), ("port", Value::from(port)), ("scheme", Value::from(scheme))];
                ("httpGet", Value::object(get))
            }
            ProbeCheck::Tcp => ("tcpSocket", Value::object([("port", Value::from(port))])),
        };
        let number = |written: &Option<crate::manifest::Spanned<u32>>, default: u32| {
            Value::from(written.as_ref().map_or(default, |number| *number.get_ref()))
        };
        let mut entries = vec![("type", Value::from(kind)), check];
        // Azure takes no zero, and means it where nothing is said.
        let delay = number(&probe.initial_delay, INITIAL_DELAY);
        entries.extend((delay != Value::Int(0)).then_some(("initialDelaySeconds", delay)));
        entries.extend([
            ("periodSeconds", number(&probe.period, PERIOD)),
            ("timeoutSeconds", number(&probe.timeout, TIMEOUT)),
            ("failureThreshold", number(&probe.failure_threshold, FAILURES)),
            ("successThreshold", number(&probe.success_threshold, SUCCESSES)),
        ]);
        Value::object(entries)
    }

    /// Volumes and where they are mounted.
    fn mounts(&mut self) -> (Value, Value) {
        let (mut volumes, mut mounts) = (Vec::new(), Vec::new());
        let mut temporary = 0_usize;
        let kept = self.workload.kept_volumes();
        let mut kept = kept.iter();
        for volume in &self.workload.volumes {
            let (name, entries) = match (&volume.source, kept.as_slice().first()) {
                (VolumeSource::Named(_) | VolumeSource::Folder(_), Some(share)) => {
                    kept.next();
                    let storage = self.builder.output(self.environment.name.as_str(), &share.output);
                    let kind = ("storageType", Value::from("AzureFile"));
                    (share.name.clone(), vec![kind, ("storageName", storage)])
                }
                (VolumeSource::Temporary, _) | (_, None) => {
                    temporary += 1;
                    (format!("tmp{}", temporary - 1), vec![("storageType", Value::from("EmptyDir"))])
                }
            };
            let own = ("name", Value::from(name.as_str()));
            volumes.push(Value::object([own].into_iter().chain(entries)));
            let path = Value::from(volume.path.as_str());
            mounts.push(Value::object([("volumeName", Value::from(name)), ("mountPath", path)]));
        }
        self.files(&mut volumes, &mut mounts);
        (Value::Array(volumes), Value::Array(mounts))
    }

    /// Files are secrets in one volume, each mounted by itself so that it hides nothing beside it.
    fn files(&mut self, volumes: &mut Vec<Value>, mounts: &mut Vec<Value>) {
        let mut items = Vec::new();
        for (index, file) in self.workload.files.iter().enumerate() {
            let content = match &file.content {
                FileContent::Text(text) => self.builder.lower(text),
                FileContent::From(path) => match (self.builder.cx.read)(path) {
                    Ok(text) => Lowered::plain(text),
                    Err(message) => {
                        self.builder.error("unreadable-file", message, &path.span(), "name a file of text");
                        continue;
                    }
                },
            };
            let name = file.path.rsplit('/').next().unwrap_or_default();
            let secret = self.secrets.add(&format!("file-{name}"), &content);
            let item = format!("{index}-{name}");
            items.push(Value::object([("secretRef", Value::from(secret)), ("path", Value::from(item.as_str()))]));
            mounts.push(Value::object([
                ("volumeName", Value::from("files")),
                ("mountPath", Value::from(file.path.as_str())),
                ("subPath", Value::from(item)),
            ]));
        }
        if !items.is_empty() {
            volumes.push(Value::object([
                ("name", Value::from("files")),
                ("storageType", Value::from("Secret")),
                ("secrets", Value::Array(items)),
            ]));
        }
    }
}
