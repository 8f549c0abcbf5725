//! A Bicep module before it is put among the others: its text, what it takes and where that comes from.

use super::value::Value;
use crate::manifest::{Diagnostic, Span};
use crate::model::{Expression, Name};
use serde::Serialize;

/// One file `<name>/<name>.bicep` and how the main file calls it.
#[derive(Clone, Debug)]
pub struct Module {
    /// Of its folder, its file and its deployment, e.g. `env-acr`.
    pub name: String,
    pub stage: Stage,
    pub scope: Scope,
    /// In the order of the file.
    pub params: Vec<Param>,
    /// The whole file.
    pub text: String,
    /// Files beside it that it calls: name and text.
    pub beside: Vec<(String, String)>,
    /// The template that made it, for messages.
    pub template: String,
    /// What in the manifest it was made for.
    pub span: Span,
    /// What was found on the way and is no mistake.
    pub warnings: Vec<Diagnostic>,
}

/// When a module is deployed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// By `main.bicep`, before any image is pushed.
    Infrastructure,
    /// By `apps.bicep`, once the images are there.
    Apps,
}

/// Where a module is deployed to.
#[derive(Clone, Debug, PartialEq)]
pub enum Scope {
    /// The application's resource group.
    Group,
    /// Another group, which exists; `subscription`: `None` is the application's.
    OtherGroup { group: Expression, subscription: Option<Expression> },
}

/// A parameter of a module.
#[derive(Clone, Debug, PartialEq)]
pub struct Param {
    /// A Bicep identifier, unique in the module.
    pub name: String,
    pub kind: ParamType,
    pub secure: bool,
    pub description: Option<String>,
    pub default: Option<Value>,
    pub feed: Feed,
}

/// A type of Bicep's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ParamType {
    String,
    Int,
    Bool,
    Object,
    Array,
}

/// Where the value of a module's parameter comes from.
#[derive(Clone, Debug, PartialEq)]
pub enum Feed {
    /// The location of the application; `resourceGroup().location` where nothing is passed.
    Location,
    /// A parameter of the manifest.
    Parameter(Name),
    /// An output of another module.
    Output { module: String, output: String },
    /// The image of an app, by digest once it is pushed.
    Image(Name),
    /// What the manifest says, of literals and parameters.
    Expression(Expression),
    /// A value that needs nothing but literals.
    Value(Value),
}

impl Stage {
    /// The file that deploys modules of this stage.
    pub fn file(self) -> &'static str {
        match self {
            Self::Infrastructure => "main.bicep",
            Self::Apps => "apps.bicep",
        }
    }
}

impl Module {
    /// Relative to the output folder.
    pub fn path(&self) -> String {
        format!("{0}/{0}.bicep", self.name)
    }

    /// Its file and those beside it: path and text.
    pub fn files(&self) -> impl Iterator<Item = (String, &str)> {
        let beside = self.beside.iter().map(|(name, text)| (format!("{}/{name}", self.name), text.as_str()));
        std::iter::once((self.path(), self.text.as_str())).chain(beside)
    }

    /// The modules whose outputs it takes.
    pub fn needs(&self) -> impl Iterator<Item = &str> {
        self.params.iter().filter_map(|param| match &param.feed {
            Feed::Output { module, .. } => Some(module.as_str()),
            Feed::Location | Feed::Parameter(_) | Feed::Image(_) | Feed::Expression(_) | Feed::Value(_) => None,
        })
    }
}
