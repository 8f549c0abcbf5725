//! Makes one module: lowers expressions of the manifest to Bicep and notes every parameter that the
//! module needs for it. Says nothing of where other things run: [`Cx::lower`] knows.

use super::module::{Feed, Module, Param, ParamType, Scope, Stage};
use super::value::{Text, Value};
use crate::manifest::{Diagnostic, Diagnostics, Span};
use crate::model::{
    Application, Expression, Filter, GitProperty, Name, ParameterType, Part, Reference, ShipitProperty, Target,
};
use crate::render::{TemplateError, Templates, bicep};
use crate::util::text;
use serde::Serialize;
use std::collections::BTreeSet;

/// Parameters that templates call by their names; those of the manifest get others.
const TEMPLATES_OWN: &[&str] = &["location", "principalId", "userPrincipalId", "tags"];

/// What every module is made from. Shared by the threads that make them.
pub struct Cx<'a> {
    pub application: &'a Application,
    pub templates: &'a Templates,
    /// A fact about the repository, or why there is none.
    pub git: &'a (dyn Fn(GitProperty) -> Result<String, String> + Sync),
    /// The text of a file, relative to the manifest's folder, or why there is none.
    pub read: &'a (dyn Fn(&str) -> Result<String, String> + Sync),
    /// Of shipit.
    pub version: &'a str,
    /// Lowers a property of what is declared elsewhere; `None` if a mistake was reported.
    pub lower: LowerReference,
}

/// See [`Cx::lower`].
pub type LowerReference = fn(&mut Builder<'_>, &Reference) -> Option<Lowered>;

/// An expression of the manifest in Bicep.
#[derive(Clone, Debug, PartialEq)]
pub struct Lowered {
    pub value: Value,
    /// A secret is in it: it goes nowhere but into secure places.
    pub is_secret: bool,
    /// It is a secret of a key vault and nothing else: targets refer to it instead of copying it. Where
    /// only the vault knows it, `value` is null.
    pub vault: Option<VaultSecret>,
}

/// A secret in a key vault.
#[derive(Clone, Debug, PartialEq)]
pub struct VaultSecret {
    /// The resource of the manifest.
    pub vault: Name,
    /// As Azure calls it.
    pub secret: String,
    /// The vault's address in Bicep, without the secret: `https://….vault.azure.net/`.
    pub vault_uri: Value,
}

/// Why a module could not be made.
#[derive(Debug)]
pub enum Failure {
    /// Mistakes in the manifest.
    Invalid(Diagnostics),
    Template(Box<TemplateError>),
}

/// One module that is being made.
pub struct Builder<'c> {
    pub cx: &'c Cx<'c>,
    name: String,
    stage: Stage,
    scope: Scope,
    span: Span,
    home: Option<Name>,
    params: Vec<Param>,
    symbols: Vec<String>,
    problems: Diagnostics,
}

impl Lowered {
    pub fn plain(value: impl Into<Value>) -> Self {
        Self { value: value.into(), is_secret: false, vault: None }
    }

    pub fn secret(value: impl Into<Value>) -> Self {
        Self { value: value.into(), is_secret: true, vault: None }
    }
}

impl<'c> Builder<'c> {
    /// `name` becomes the module's folder, file and deployment; `span` is what it is made for.
    pub fn new(cx: &'c Cx<'c>, name: impl Into<String>, stage: Stage, span: &Span) -> Self {
        Self {
            cx,
            name: name.into(),
            stage,
            scope: Scope::Group,
            span: span.clone(),
            home: None,
            params: Vec::new(),
            symbols: Vec::new(),
            problems: Diagnostics::default(),
        }
    }

    #[must_use]
    pub fn in_scope(mut self, scope: Scope) -> Self {
        self.scope = scope;
        self
    }

    /// The environment that the module is made for: what runs there too is reached there.
    #[must_use]
    pub fn at_home(mut self, environment: &Name) -> Self {
        self.home = Some(environment.clone());
        self
    }

    pub fn home(&self) -> Option<&Name> {
        self.home.as_ref()
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn stage(&self) -> Stage {
        self.stage
    }

    /// Reports a mistake or a warning at a place of the manifest.
    pub fn report(&mut self, diagnostic: Diagnostic) {
        self.problems.push(diagnostic);
    }

    /// An error at a place of the manifest.
    pub fn error(&mut self, code: &'static str, message: impl Into<String>, span: &Span, help: impl Into<String>) {
        let diagnostic = Diagnostic::error(code, message).within(&self.cx.application.source);
        self.report(diagnostic.at(span.clone(), "").help(help));
    }

    /// Declares a parameter, once; gives what to write where its value is wanted. Where another
    /// parameter has its name already, it gets a number.
    pub fn input(&mut self, mut param: Param) -> Value {
        let base = param.name.clone();
        let mut number = 2;
        while let Some(known) = self.params.iter().find(|known| known.name == param.name) {
            if known.feed == param.feed {
                return Value::Expression(param.name);
            }
            param.name = format!("{base}_{number}");
            number += 1;
        }
        let name = param.name.clone();
        self.params.push(param);
        Value::Expression(name)
    }

    /// A symbol that no parameter and no other symbol has. To be called once everything is lowered.
    pub fn symbol(&mut self, wanted: &str) -> String {
        let wanted = bicep::identifier(wanted);
        let is_taken =
            |name: &String| self.symbols.contains(name) || self.params.iter().any(|param| param.name == *name);
        let mut symbol = wanted.clone();
        let mut count = 1;
        while is_taken(&symbol) {
            count += 1;
            symbol = format!("{wanted}_{count}");
        }
        self.symbols.push(symbol.clone());
        symbol
    }

    /// `location`, a parameter: that of the resource group unless the manifest says another.
    pub fn location(&mut self, own: Option<&Expression>) -> Value {
        let feed = own.map_or(Feed::Location, |own| Feed::Expression(own.clone()));
        self.input(Param {
            name: "location".to_owned(),
            kind: ParamType::String,
            secure: false,
            description: Some("The location of the resources.".to_owned()),
            default: Some(Value::expression("resourceGroup().location")),
            feed,
        })
    }

    /// An output of another module, as the parameter `<module>_outputs_<output>`.
    pub fn output(&mut self, module: &str, output: &str) -> Value {
        let name = format!("{}_outputs_{output}", bicep::identifier(module)).to_ascii_lowercase();
        self.output_as(&name, module, output)
    }

    /// The same under a name of its own.
    pub fn output_as(&mut self, name: &str, module: &str, output: &str) -> Value {
        self.input(Param {
            name: name.to_owned(),
            kind: ParamType::String,
            secure: false,
            description: None,
            default: None,
            feed: Feed::Output { module: module.to_owned(), output: output.to_owned() },
        })
    }

    /// The image of an app, as the parameter `<app>_containerimage`.
    pub fn image(&mut self, app: &Name) -> Value {
        self.input(Param {
            name: format!("{}_containerimage", bicep::identifier(app.as_str())).to_ascii_lowercase(),
            kind: ParamType::String,
            secure: false,
            description: Some(format!("The image of {app}.")),
            default: None,
            feed: Feed::Image(app.clone()),
        })
    }

    /// A parameter of the manifest in its own type.
    pub fn parameter(&mut self, name: &Name) -> Lowered {
        let Some(parameter) = self.cx.application.params.get(name) else {
            return Lowered::plain("");
        };
        let mut own = bicep::identifier(name.as_str());
        if TEMPLATES_OWN.contains(&own.as_str()) {
            own.push('_');
        }
        let param = Param {
            name: match self.stage {
                Stage::Infrastructure => own,
                Stage::Apps => format!("{}_value", own.to_ascii_lowercase()),
            },
            kind: ParamType::from(parameter.kind),
            secure: parameter.secret,
            description: parameter.description.clone(),
            default: None,
            feed: Feed::Parameter(name.clone()),
        };
        let is_secret = parameter.secret;
        Lowered { value: self.input(param), is_secret, vault: None }
    }

    /// An expression as a string. What is wrong in it is reported.
    pub fn lower(&mut self, expression: &Expression) -> Lowered {
        if let [Part::Reference(reference)] = expression.parts.as_slice() {
            let lowered = self.reference(reference);
            let is_text = !matches!(lowered.value, Value::Int(_) | Value::Bool(_));
            return if is_text { lowered } else { Lowered { value: as_text(lowered.value), ..lowered } };
        }
        let mut text = Text::default();
        let mut is_secret = false;
        for part in &expression.parts {
            match part {
                Part::Literal(literal) => text.literal(literal),
                Part::Reference(reference) => {
                    let lowered = self.reference(reference);
                    self.must_be_copied(&lowered, reference);
                    is_secret |= lowered.is_secret;
                    text.push(lowered.value);
                }
            }
        }
        Lowered { value: Value::from(text), is_secret, vault: None }
    }

    fn reference(&mut self, reference: &Reference) -> Lowered {
        let lowered = match &reference.target {
            Target::Parameter(name) => self.text_parameter(name),
            Target::Git(property) => match (self.cx.git)(*property) {
                Ok(fact) => Lowered::plain(fact),
                Err(message) => {
                    self.error("no-git-fact", message, &reference.span, "pass the value as a parameter");
                    Lowered::plain("")
                }
            },
            Target::Shipit(property) => Lowered::plain(self.shipit_fact(*property)),
            Target::Registry { .. } | Target::App { .. } | Target::Environment { .. } | Target::Resource { .. } => {
                (self.cx.lower)(self, reference).unwrap_or_else(|| Lowered::plain(""))
            }
        };
        match reference.filter {
            None => lowered,
            Some(Filter::Uri) => {
                self.must_be_copied(&lowered, reference);
                Lowered { value: percent_encoded(&lowered.value), vault: None, ..lowered }
            }
        }
    }

    /// Reports a secret that only its vault knows where it would have to be a part of a text.
    fn must_be_copied(&mut self, lowered: &Lowered, reference: &Reference) {
        if lowered.value == Value::Null && lowered.vault.is_some() {
            let message = "only the key vault knows this secret: it can be a whole value, but no part of one";
            self.error("vault-secret", message, &reference.span, "let the reference be the whole value of a variable");
        }
    }

    fn text_parameter(&mut self, name: &Name) -> Lowered {
        let lowered = self.parameter(name);
        match self.cx.application.params.get(name).map(|parameter| parameter.kind) {
            Some(ParameterType::Int | ParameterType::Bool) => {
                Lowered { value: Value::expression(format!("string({})", lowered.value.code())), ..lowered }
            }
            Some(ParameterType::String) | None => lowered,
        }
    }

    fn shipit_fact(&self, property: ShipitProperty) -> String {
        let application = self.cx.application;
        match property {
            ShipitProperty::Name => application.name.clone(),
            ShipitProperty::Profile => {
                application.profile.as_ref().map_or("default", |profile| profile.as_str()).to_owned()
            }
            ShipitProperty::Version => self.cx.version.to_owned(),
        }
    }

    /// Fills the template and makes the module. The parameters are printed before its text.
    pub fn finish(mut self, template: &str, data: &impl Serialize) -> Result<Module, Failure> {
        let body = self.cx.templates.render(template, data).map_err(|error| Failure::Template(Box::new(error)))?;
        self.finish_with(template, &body)
    }

    /// The same with a text that is there already.
    pub fn finish_with(&mut self, template: &str, body: &str) -> Result<Module, Failure> {
        let problems = std::mem::take(&mut self.problems);
        if problems.has_errors() {
            return Err(Failure::Invalid(problems));
        }
        // What was lowered and not written after all, such as the value of a secret that is referred to.
        let words: BTreeSet<&str> = body.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).collect();
        self.params.retain(|param| words.contains(param.name.as_str()));
        self.params.sort_by_key(|param| param.name != "location");
        let head = super::files::declarations(self.cx, &self.params)?;
        Ok(Module {
            name: std::mem::take(&mut self.name),
            stage: self.stage,
            scope: std::mem::replace(&mut self.scope, Scope::Group),
            params: std::mem::take(&mut self.params),
            text: super::bicep::format(&format!("{head}\n{body}")),
            beside: Vec::new(),
            template: template.to_owned(),
            span: self.span.clone(),
            warnings: problems.into_sorted(),
        })
    }
}

impl std::fmt::Debug for Builder<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Builder").field("name", &self.name).field("params", &self.params).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Cx<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cx").field("application", &self.application.name).finish_non_exhaustive()
    }
}

impl From<ParameterType> for ParamType {
    fn from(kind: ParameterType) -> Self {
        match kind {
            ParameterType::String => Self::String,
            ParameterType::Int => Self::Int,
            ParameterType::Bool => Self::Bool,
        }
    }
}

impl From<Diagnostics> for Failure {
    fn from(problems: Diagnostics) -> Self {
        Self::Invalid(problems)
    }
}

fn as_text(value: Value) -> Value {
    match value {
        Value::Int(number) => Value::from(number.to_string()),
        Value::Bool(value) => Value::from(value.to_string()),
        other @ (Value::Null | Value::Text(_) | Value::Expression(_) | Value::Array(_) | Value::Object(_)) => other,
    }
}

/// What is known now is encoded now, the rest by the deployment.
fn percent_encoded(value: &Value) -> Value {
    match value.as_literal() {
        Some(literal) => Value::from(text::percent_encode(literal)),
        None => Value::expression(format!("uriComponent({})", value.code())),
    }
}
