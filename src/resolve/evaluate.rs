//! Expressions to values.

use super::check;
use super::git::Git;
use super::inputs::{Inputs, VALUE_LIMIT};
use super::parameters::Found;
use super::sources::{self, Mode, Opening, Source};
use super::value::{Joined, Value, filtered};
use crate::manifest::{Diagnostic, Diagnostics, Span};
use crate::model::{
    Application, Expression, GitProperty, Name, Part, Reference, Registry, RegistryKind, ShipitProperty, Target,
};
use crate::oci;
use crate::util::Secret;
use std::collections::BTreeMap;
use std::str::FromStr;

/// What `$<shipit.profile>` is without a profile; the state of such runs has this name too.
pub(super) const NO_PROFILE: &str = "default";

/// Looks values up and remembers them.
pub(super) struct Resolver<'a> {
    pub(super) application: &'a Application,
    pub(super) inputs: &'a Inputs<'a>,
    pub(super) sources: Vec<Box<dyn Source + 'a>>,
    pub(super) found: BTreeMap<Name, Found>,
    /// What was generated or typed: the next run needs it.
    pub(super) kept: BTreeMap<String, Secret>,
    /// The paths of registries, once they are checked; `None` was reported.
    pub(super) repositories: BTreeMap<Name, Option<String>>,
    git: Git,
    /// What is being evaluated, from the outside to the inside.
    active: Vec<String>,
}

impl<'a> Resolver<'a> {
    pub(super) fn new(
        application: &'a Application,
        inputs: &'a Inputs<'a>,
        mode: Mode,
        problems: &mut Diagnostics,
    ) -> Self {
        Self {
            application,
            inputs,
            sources: sources::open(&Opening { application, inputs, mode }, problems),
            found: BTreeMap::new(),
            kept: BTreeMap::new(),
            repositories: BTreeMap::new(),
            git: Git::default(),
            active: Vec::new(),
        }
    }

    /// The value of an expression. `None` if a part of it has none, which was reported.
    pub(super) fn evaluate(&mut self, expression: &Expression, problems: &mut Diagnostics) -> Option<Value> {
        let mut joined = Joined::default();
        let mut complete = true;
        for part in &expression.parts {
            match part {
                Part::Literal(text) => joined.text(text),
                Part::Reference(reference) => match self.reference(reference, problems) {
                    None => complete = false,
                    Some(Value::Known(text)) => joined.text(&filtered(&text, reference.filter)),
                    Some(Value::Secret(secret)) => joined.secret(&filtered(secret.expose(), reference.filter)),
                    Some(Value::Deferred(deferred)) => joined.deferred(deferred, reference.filter),
                },
            }
            if joined.len() > VALUE_LIMIT {
                let message = format!("this value is longer than 1 MiB ({VALUE_LIMIT} bytes)");
                problems.push(self.problem("value-too-long", message, &expression.span));
                return None;
            }
        }
        complete.then(|| joined.finish())
    }

    /// Evaluates what `key` stands for, unless it is being evaluated already.
    pub(super) fn guarded(
        &mut self,
        key: String,
        expression: &Expression,
        problems: &mut Diagnostics,
    ) -> Option<Value> {
        if self.active.contains(&key) {
            let chain = format!("{} -> {key}", self.active.join(" -> "));
            problems.push(self.problem("cycle", format!("this needs its own value: {chain}"), &expression.span));
            return None;
        }
        self.active.push(key);
        let value = self.evaluate(expression, problems);
        self.active.pop();
        value
    }

    fn reference(&mut self, reference: &Reference, problems: &mut Diagnostics) -> Option<Value> {
        let deferred = || {
            let mut joined = Joined::default();
            joined.output(reference.target.clone(), None);
            Some(joined.finish())
        };
        match &reference.target {
            Target::Parameter(name) => self.parameter(name, &reference.span, problems),
            Target::Git(property) => self.git_fact(*property, &reference.span, problems),
            Target::Shipit(property) => Some(Value::Known(self.shipit_fact(*property))),
            Target::Registry { name, property } => match self.registry_property(name, property, problems) {
                Some(value) => value,
                None => deferred(),
            },
            Target::Environment { name, property } if property == "name" => {
                Some(Value::Known(name.as_str().to_owned()))
            }
            Target::App { .. } | Target::Environment { .. } | Target::Resource { .. } => deferred(),
        }
    }

    fn shipit_fact(&self, property: ShipitProperty) -> String {
        match property {
            ShipitProperty::Name => self.application.name.clone(),
            ShipitProperty::Profile => self.application.profile.as_ref().map_or(NO_PROFILE, Name::as_str).to_owned(),
            ShipitProperty::Version => self.inputs.version.clone(),
        }
    }

    fn git_fact(&mut self, property: GitProperty, used: &Span, problems: &mut Diagnostics) -> Option<Value> {
        let ci = match property {
            GitProperty::Branch => self.inputs.branch.as_deref(),
            GitProperty::Tag => self.inputs.tag.as_deref(),
            GitProperty::Sha | GitProperty::ShortSha => None,
        };
        match self.git.fact(&self.inputs.project, property, ci) {
            Ok(fact) => Some(Value::Known(fact)),
            Err(error) => {
                problems.push(self.problem("no-git-fact", error.message, used).help(error.help));
                None
            }
        }
    }

    /// `None`: only a step will know it. `Some(None)`: it has no value, which was reported.
    fn registry_property(&mut self, name: &Name, property: &str, problems: &mut Diagnostics) -> Option<Option<Value>> {
        let application = self.application;
        let registry = application.registries.get(name)?;
        match property {
            "name" => Some(Some(Value::Known(name.as_str().to_owned()))),
            "endpoint" | "login-server" => match &registry.kind {
                RegistryKind::Azure(azure) => azure.name().map(|_| self.endpoint(registry, problems)),
                RegistryKind::Oci { .. } | RegistryKind::Local { .. } => Some(self.endpoint(registry, problems)),
            },
            "repository" => Some(match &registry.repository {
                None => Some(Value::Known(String::new())),
                Some(repository) => self.guarded(format!("{name}.repository"), repository, problems),
            }),
            _ => None,
        }
    }

    /// Where a registry answers. `None` if that is not known, which was reported.
    pub(super) fn endpoint(&mut self, registry: &Registry, problems: &mut Diagnostics) -> Option<Value> {
        let name = &registry.name;
        match &registry.kind {
            RegistryKind::Oci { endpoint, .. } => self.guarded(format!("{name}.endpoint"), endpoint, problems),
            RegistryKind::Local { .. } => match self.inputs.local_endpoints.get(name) {
                Some(endpoint) => Some(Value::Known(endpoint.clone())),
                None => {
                    let message = format!("the local registry `{name}` is not being served");
                    problems.push(self.problem("no-local-registry", message, &registry.span));
                    None
                }
            },
            RegistryKind::Azure(azure) => match azure.name() {
                Some(name) => self.login_server(registry, name, problems),
                None => {
                    let message = format!("the login server of `{name}` is not known before Azure has made it");
                    problems.push(self.problem("unknown-login-server", message, &registry.span).help(
                        "publish and deploy the registry, then write what it is called: \
                         `name = \"…\"`, or `existing = { name = \"…\" }` if it is not to be changed",
                    ));
                    None
                }
            },
        }
    }

    /// The host of a registry in Azure, made of its name there.
    fn login_server(&mut self, registry: &Registry, name: &Expression, problems: &mut Diagnostics) -> Option<Value> {
        match self.guarded(format!("{}.endpoint", registry.name), name, problems)? {
            Value::Known(text) => {
                let server = format!("{}.azurecr.io", text.to_ascii_lowercase());
                self.parse::<oci::Endpoint>(&server, name, problems).map(|_| Value::Known(server))
            }
            value @ (Value::Secret(_) | Value::Deferred(_)) => {
                problems.push(self.not_plain(&value, name, "the name of a registry"));
                None
            }
        }
    }

    /// A value that everybody may see, for a place where a secret or a gap cannot be.
    /// `what` is that place, e.g. `a tag`.
    pub(super) fn plain(&mut self, expression: &Expression, what: &str, problems: &mut Diagnostics) -> Option<String> {
        match self.evaluate(expression, problems)? {
            Value::Known(text) => Some(text),
            value @ (Value::Secret(_) | Value::Deferred(_)) => {
                problems.push(self.not_plain(&value, expression, what));
                None
            }
        }
    }

    /// Why `value` may not be `what`.
    pub(super) fn not_plain(&self, value: &Value, expression: &Expression, what: &str) -> Diagnostic {
        let problem = if value.is_secret() {
            self.problem("secret-not-allowed", format!("a secret may not be in {what}"), &expression.span)
                .help("use a parameter that is not secret")
        } else {
            let message = format!("{what} must be known before anything is pushed or deployed");
            self.problem("not-known-yet", message, &expression.span)
        };
        self.explain(expression, problem)
    }

    /// Parses a value as what its place wants; a mistake says which value of which source was put in.
    pub(super) fn parse<T>(&self, text: &str, expression: &Expression, problems: &mut Diagnostics) -> Option<T>
    where
        T: FromStr<Err: std::fmt::Display>,
    {
        match text.parse() {
            Ok(parsed) => Some(parsed),
            Err(error) => {
                let problem = self.problem("image-name", error.to_string(), &expression.span);
                problems.push(self.explain(expression, problem));
                None
            }
        }
    }

    /// Adds to a message where the values in an expression come from. Says no secret, and nothing
    /// that may hold one.
    fn explain(&self, expression: &Expression, mut problem: Diagnostic) -> Diagnostic {
        for reference in expression.references() {
            let Target::Parameter(name) = &reference.target else { continue };
            let Some(Found::Value { value, source }) = self.found.get(name) else { continue };
            let text = match value {
                Value::Known(text) if !text.contains('@') => {
                    format!("`{}`, from {source}", check::excerpt(text))
                }
                Value::Known(_) => format!("from {source}"),
                Value::Secret(_) => format!("a secret, from {source}"),
                Value::Deferred(_) => continue,
            };
            problem = problem.at(reference.span.clone(), text);
        }
        problem
    }

    pub(super) fn problem(&self, code: &'static str, message: impl Into<String>, span: &Span) -> Diagnostic {
        Diagnostic::error(code, message).within(&self.application.source).at(span.clone(), "")
    }
}
