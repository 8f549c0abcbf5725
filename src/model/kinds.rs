//! Which kinds there are in each table of a manifest and which keys each of them has. One list for
//! the reader and for the JSON Schema. Does not say what a key means: `written` does.

use crate::util::text;

/// One value that `kind` may have.
#[derive(Debug)]
pub struct Kind {
    pub name: &'static str,
    /// One line for people.
    pub about: &'static str,
    /// Keys beside those that all kinds of the table have.
    pub keys: &'static [&'static str],
    pub required: &'static [&'static str],
    pub support: Support,
}

/// How much of a kind this version knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Support {
    Full,
    /// Refused, with a word that a later version will have it.
    Later,
}

/// A table whose entries have a `kind`.
#[derive(Debug)]
pub struct KindTable {
    /// The table's key, e.g. `registries`.
    pub table: &'static str,
    /// What one of its entries is called.
    pub noun: &'static str,
    /// Keys that every kind has.
    pub common: &'static [&'static str],
    pub kinds: &'static [Kind],
    /// What people call a kind elsewhere, and its name here.
    pub words: &'static [(&'static str, &'static str)],
}

impl KindTable {
    pub fn find(&self, name: &str) -> Option<&'static Kind> {
        self.kinds.iter().find(|kind| kind.name == name)
    }

    /// The name of the kind that goes by another word elsewhere.
    pub(super) fn known_as(&self, word: &str) -> Option<&'static str> {
        self.words.iter().find(|(other, _)| other.eq_ignore_ascii_case(word)).map(|(_, name)| *name)
    }

    /// The kinds that this version has.
    pub(super) fn built(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.kinds.iter().filter(|kind| kind.support == Support::Full).map(|kind| kind.name)
    }

    /// The kinds of this version that have a key, in backticks.
    pub(super) fn kinds_with(&self, key: &str) -> Option<String> {
        let having = self
            .kinds
            .iter()
            .filter(|kind| kind.support != Support::Later && kind.keys.contains(&key))
            .map(|kind| kind.name);
        let all = text::list(having);
        (all != "none").then_some(all)
    }

    pub(super) fn keys(&self, kind: &Kind) -> impl Iterator<Item = &'static str> + use<> {
        std::iter::once("kind").chain(self.common.iter().copied()).chain(kind.keys.iter().copied())
    }
}

pub(super) const fn kind(
    name: &'static str,
    about: &'static str,
    keys: &'static [&'static str],
    required: &'static [&'static str],
) -> Kind {
    Kind { name, about, keys, required, support: Support::Full }
}

const fn later(name: &'static str, about: &'static str) -> Kind {
    Kind { name, about, keys: BUILD_KEYS, required: &[], support: Support::Later }
}

pub static REGISTRIES: KindTable = KindTable {
    table: "registries",
    noun: "registry",
    common: &["repository", "pull"],
    kinds: &[
        kind(
            "oci",
            "any registry of the OCI distribution specification",
            &["endpoint", "username", "password", "insecure", "trust-realms"],
            &["endpoint"],
        ),
        kind("local", "served by shipit on the loopback interface", &["port"], &[]),
        kind(
            "azure",
            "Azure Container Registry, provisioned",
            &[
                "name",
                "sku",
                "existing",
                "location",
                "resource-group",
                "subscription",
                "geo-replications",
                "zone-redundancy",
                "anonymous-pull",
                "admin-user",
                "public-network-access",
                "network-rules",
                "private-endpoints",
                "retention-days",
                "quarantine",
                "export-policy",
                "dedicated-data-endpoints",
                "customer-managed-key",
                "scope-maps",
                "tokens",
                "purge",
                "tasks",
                "cache-rules",
                "webhooks",
                "tags",
            ],
            &[],
        ),
    ],
    words: &[("acr", "azure"), ("docker", "oci"), ("docker-hub", "oci"), ("ghcr", "oci")],
};

pub static ENVIRONMENTS: KindTable = KindTable {
    table: "environments",
    noun: "environment",
    common: &["registry"],
    kinds: &[
        kind(
            "azure-container-apps",
            "Azure Container Apps",
            &[
                "location",
                "resource-group",
                "subscription",
                "existing",
                "log-analytics",
                "workload-profiles",
                "subnet",
                "dashboard",
                "zone-redundant",
                "https-upgrade",
                "mutual-tls",
                "pull-identity",
                "tags",
            ],
            &[],
        ),
        kind(
            "azure-app-service",
            "Azure App Service",
            &[
                "location",
                "resource-group",
                "subscription",
                "existing",
                "sku",
                "application-insights",
                "slots",
                "dashboard",
                "automatic-scaling",
                "subnet",
                "zone-redundant",
                "pull-identity",
                "tags",
            ],
            &[],
        ),
        kind("docker-compose", "Docker Compose", &["project-name", "dashboard", "network", "patch"], &[]),
        kind(
            "kubernetes",
            "Kubernetes, by Helm or plain manifests",
            &[
                "namespace",
                "create-namespace",
                "context",
                "kubeconfig",
                "format",
                "release",
                "chart",
                "ingress",
                "gateway",
                "storage-class",
                "network-policies",
                "security",
                "patch",
            ],
            &[],
        ),
    ],
    words: &[
        ("aca", "azure-container-apps"),
        ("container-apps", "azure-container-apps"),
        ("app-service", "azure-app-service"),
        ("compose", "docker-compose"),
        ("docker", "docker-compose"),
        ("k8s", "kubernetes"),
        ("helm", "kubernetes"),
    ],
};

/// A key that people look for and that is not there on purpose.
#[derive(Debug)]
pub struct Absent {
    pub table: &'static str,
    pub kind: &'static str,
    pub key: &'static str,
    /// Why, in words for the message after the key's name.
    pub why: &'static str,
    pub help: &'static str,
}

/// What is not offered; told in words of its own instead of `unknown-key`.
pub(super) const ABSENT: &[Absent] = &[Absent {
    table: "registries",
    kind: "azure",
    key: "content-trust",
    why: "is retired: Azure takes no new registries into Docker Content Trust since May 2026 and ends it in 2028",
    help: "take it out and sign images with Notary Project (`notation`) or Sigstore (`cosign`)",
}];

pub static RESOURCES: KindTable = KindTable {
    table: "resources",
    noun: "resource",
    common: &["environment"],
    // One file for each of them in `resource`.
    kinds: super::resource::spec::KINDS,
    words: &[("mssql", "sqlserver"), ("docker", "container")],
};

const BUILD_KEYS: &[&str] = &[
    "context",
    "dockerfile",
    "target",
    "build-args",
    "build-secrets",
    "platforms",
    "labels",
    "cache-from",
    "cache-to",
    "no-cache",
    "pull",
    "network",
    "files-from",
];

pub static APPS: KindTable = KindTable {
    table: "apps",
    noun: "app",
    common: &[
        "environment",
        "registry",
        "image-name",
        "tag",
        "tags",
        "command",
        "args",
        "env",
        "endpoints",
        "references",
        "wait-for",
        "volumes",
        "files",
        "health",
        "replicas",
        "scale",
        "cpu",
        "memory",
        "job",
        "roles",
        "identity",
        "domain",
        "workload-profile",
        "security",
    ],
    kinds: &[
        kind("dockerfile", "built from a Dockerfile", BUILD_KEYS, &["context"]),
        kind("image", "an image that exists already", &["image", "mirror", "platforms"], &["image"]),
        later("csharp", "a .NET project"),
        later("vite", "a Vite frontend"),
        later("node", "a Node.js app"),
        later("python", "a Python app"),
        later("go", "a Go app"),
        later("rust", "a Rust app"),
        later("static", "static files"),
    ],
    words: &[("docker", "dockerfile"), ("container", "image"), ("build", "dockerfile")],
};
