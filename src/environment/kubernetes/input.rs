//! The values of a chart: what each stands for, where it is in `values.yaml`, and what it is at first.

use crate::model::{Name, ParameterType};
use std::collections::BTreeMap;

/// What a value of the chart stands for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Input {
    Parameter(Name),
    /// The image of an app.
    Image(Name),
    /// How many of an app run.
    Replicas(Name, Replicas),
    /// What hosts end with that are not said.
    Domain,
    /// What looks whether something answers that is waited for.
    WaitImage,
    /// A plain variable of an app or a backing service.
    Config {
        owner: Name,
        key: String,
    },
    /// The size of a volume.
    Size(String),
    /// A secret file of this machine, relative to the manifest's folder.
    File {
        app: Name,
        path: String,
    },
    /// What only another environment, or Azure, knows.
    Foreign {
        name: Name,
        property: String,
    },
}

/// Which number of replicas.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Replicas {
    Fixed,
    Min,
    Max,
}

/// What is known of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InputInfo {
    /// Where it is in `values.yaml`.
    pub path: Vec<String>,
    /// One line for people.
    pub about: String,
    /// What it is at first; `None`: whoever deploys says it.
    pub default: Option<String>,
    pub secret: bool,
    pub kind: ParameterType,
    /// Empty: any value.
    pub allowed: Vec<String>,
    /// A regular expression for the whole value.
    pub pattern: Option<String>,
}

impl InputInfo {
    /// A text that anyone may see.
    pub(super) fn plain(path: &[&str], about: impl Into<String>, default: Option<String>) -> Self {
        Self {
            path: path.iter().map(|part| (*part).to_owned()).collect(),
            about: about.into(),
            default,
            secret: false,
            kind: ParameterType::String,
            allowed: Vec::new(),
            pattern: None,
        }
    }
}

/// The values of a chart.
#[derive(Clone, Debug, Default)]
pub(super) struct Inputs {
    pub(super) by_input: BTreeMap<Input, InputInfo>,
}

impl Inputs {
    pub(super) fn get(&self, input: &Input) -> Option<&InputInfo> {
        self.by_input.get(input)
    }

    /// How a template says it: `.Values.parameters.tag`.
    pub(super) fn path(&self, input: &Input) -> String {
        let path = self.get(input).map_or(&[][..], |info| info.path.as_slice());
        let is_identifier = |part: &str| {
            part.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
                && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        };
        let plain = path.iter().take_while(|part| is_identifier(part)).count();
        let mut code = String::from(".Values");
        for part in &path[..plain] {
            code.push('.');
            code.push_str(part);
        }
        if plain == path.len() {
            return code;
        }
        let rest: Vec<String> = path[plain..].iter().map(|part| format!("\"{part}\"")).collect();
        format!("index {code} {}", rest.join(" "))
    }
}

/// A name as a key of `values.yaml`, which templates can say without quotes.
pub(super) fn key(name: &Name) -> String {
    name.as_str().replace('-', "_")
}
