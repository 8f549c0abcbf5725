//! Puts modules together: the files that call them, the values of their parameters, the README.

use super::builder::{Cx, Failure};
use super::module::{Feed, Module, Param, ParamType, Scope, Stage};
use super::root::{Declaration, Root, Symbols, typed};
use super::value::Value;
use crate::manifest::{Diagnostic, Diagnostics};
use crate::model::Name;
use crate::render::{Artifact, bicep};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The most outputs that a template may have ("Azure Resource Manager limits", Microsoft Learn).
const OUTPUTS: usize = 64;
/// The longest name of a deployment.
const DEPLOYMENT_NAME: usize = 64;

/// Everything that the files are made of.
#[derive(Debug)]
pub struct Assembly<'a> {
    pub cx: &'a Cx<'a>,
    pub modules: Vec<Module>,
    /// The parameters that have a value which may be seen; the others are read from the environment.
    pub values: &'a BTreeMap<Name, Given>,
    /// The images of apps, as far as they are known.
    pub images: &'a BTreeMap<Name, String>,
}

/// What is known of a parameter's value when the files are written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Given {
    /// It may be seen.
    Known(String),
    /// Whoever deploys sets this variable.
    Variable(String),
}

#[derive(Serialize)]
struct Call {
    symbol: String,
    path: String,
    deployment: String,
    scope: Value,
    params: Vec<Argument>,
}

#[derive(Serialize)]
struct Argument {
    name: String,
    value: Value,
}

#[derive(Serialize)]
struct Output {
    name: String,
    kind: ParamType,
    value: Value,
}

#[derive(Serialize)]
struct Assigned {
    name: String,
    value: Value,
    comment: Option<String>,
}

#[derive(Serialize)]
struct Variable {
    name: String,
    about: String,
}

/// One of the two files that call modules, while it is made.
struct Caller<'a, 'c> {
    root: Root<'c>,
    modules: Vec<&'a Module>,
    symbols: HashMap<&'a str, String>,
    /// Of the resource group's name.
    group_name: String,
    location: String,
    /// Of the parameter that names the deployment of `main.bicep`.
    deployment: String,
    images: BTreeMap<Name, String>,
}

/// The text of the declarations of parameters.
pub(super) fn declarations(cx: &Cx<'_>, params: &[Param]) -> Result<String, Failure> {
    let declared: Vec<Declaration> = params
        .iter()
        .map(|param| Declaration {
            name: param.name.clone(),
            kind: param.kind,
            description: param.description.clone(),
            secure: param.secure,
            filled: false,
            allowed: None,
            has_default: param.default.is_some(),
            default: param.default.clone(),
        })
        .collect();
    printed(cx, &declared)
}

fn printed(cx: &Cx<'_>, params: &[Declaration]) -> Result<String, Failure> {
    #[derive(Serialize)]
    struct Data<'a> {
        params: &'a [Declaration],
    }
    render(cx, "azure/declarations.bicep.hbs", &Data { params })
}

fn render(cx: &Cx<'_>, template: &str, data: &impl Serialize) -> Result<String, Failure> {
    cx.templates.render(template, data).map_err(|error| Failure::Template(Box::new(error)))
}

/// All files: one for each module and those that put them together, in the order of their paths.
pub fn assemble(assembly: &Assembly<'_>) -> Result<Vec<Artifact>, Failure> {
    let cx = assembly.cx;
    unique(cx, &assembly.modules)?;
    let infrastructure = ordered(cx, &assembly.modules, Stage::Infrastructure)?;
    let apps = ordered(cx, &assembly.modules, Stage::Apps)?;
    let wanted = wanted_outputs(&infrastructure, &apps);
    let mut artifacts: Vec<Artifact> = assembly
        .modules
        .iter()
        .flat_map(Module::files)
        .map(|(path, text)| Artifact { path, text: text.to_owned() })
        .collect();
    let mut variables: BTreeMap<String, String> = BTreeMap::new();
    let counts = (infrastructure.len(), apps.len());
    let main = Caller::new(cx, infrastructure);
    main.write(assembly, Stage::Infrastructure, &wanted, &mut artifacts, &mut variables)?;
    if counts.1 > 0 {
        let apps = Caller::new(cx, apps);
        apps.write(assembly, Stage::Apps, &wanted, &mut artifacts, &mut variables)?;
    }
    artifacts.push(readme(assembly, counts, variables)?);
    artifacts.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(artifacts)
}

/// Azure's names of deployments and the folders of many systems do not tell `Api` from `api`.
fn unique(cx: &Cx<'_>, modules: &[Module]) -> Result<(), Failure> {
    let mut problems = Diagnostics::default();
    let mut seen: HashMap<String, &Module> = HashMap::new();
    for module in modules {
        if let Some(first) = seen.insert(module.name.to_ascii_lowercase(), module) {
            let message = format!("`{}` and `{}` would be written to the same folder", first.name, module.name);
            problems.push(
                Diagnostic::error("name-collision", message)
                    .within(&cx.application.source)
                    .at(module.span.clone(), "this one")
                    .at(first.span.clone(), "and this one")
                    .help("give one of them another name"),
            );
        }
    }
    if problems.has_errors() { Err(Failure::Invalid(problems)) } else { Ok(()) }
}

/// The modules of a stage in the order in which they came, each right after those whose outputs it takes.
fn ordered<'a>(cx: &Cx<'_>, modules: &'a [Module], stage: Stage) -> Result<Vec<&'a Module>, Failure> {
    let of_stage = || modules.iter().filter(|module| module.stage == stage);
    let known: HashMap<&str, &Module> = of_stage().map(|module| (module.name.as_str(), module)).collect();
    let mut done: BTreeSet<&str> = BTreeSet::new();
    let mut order = Vec::with_capacity(known.len());
    for module in of_stage() {
        let mut open: Vec<&Module> = vec![module];
        while let Some(&last) = open.last() {
            let needed = last.needs().filter_map(|name| known.get(name)).find(|it| !done.contains(it.name.as_str()));
            match needed {
                Some(&needed) if open.iter().any(|it| it.name == needed.name) => {
                    return Err(cycle(cx, open.iter().skip_while(|it| it.name != needed.name)));
                }
                Some(&needed) => open.push(needed),
                None => {
                    open.pop();
                    if done.insert(&last.name) {
                        order.push(last);
                    }
                }
            }
        }
    }
    Ok(order)
}

fn cycle<'a>(cx: &Cx<'_>, modules: impl Iterator<Item = &'a &'a Module> + Clone) -> Failure {
    let names = modules.clone().map(|module| module.name.as_str());
    let message = format!("{} need outputs of each other", crate::util::text::list(names));
    let diagnostic = Diagnostic::error("module-cycle", message).within(&cx.application.source);
    let mut problems = Diagnostics::default();
    problems.push(modules.fold(diagnostic, |diagnostic, module| diagnostic.at(module.span.clone(), "")));
    Failure::Invalid(problems)
}

/// The outputs of infrastructure that apps take, by module.
fn wanted_outputs<'a>(infrastructure: &[&'a Module], apps: &[&'a Module]) -> BTreeMap<&'a str, BTreeSet<&'a str>> {
    let known: BTreeSet<&str> = infrastructure.iter().map(|module| module.name.as_str()).collect();
    let mut wanted: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for param in apps.iter().flat_map(|module| &module.params) {
        if let Feed::Output { module, output } = &param.feed
            && known.contains(module.as_str())
        {
            wanted.entry(module).or_default().insert(output);
        }
    }
    wanted
}

type Wanted<'a> = BTreeMap<&'a str, BTreeSet<&'a str>>;

/// Whether there are more outputs than Azure takes, so that they go into one object.
fn is_packed(wanted: &Wanted<'_>) -> bool {
    wanted.values().map(BTreeSet::len).sum::<usize>() > OUTPUTS
}

/// The outputs of `main.bicep`.
fn outputs(wanted: &Wanted<'_>, symbols: &HashMap<&str, String>) -> Vec<Output> {
    let of = |module: &str, output: &str| Value::expression(format!("{}.outputs.{output}", symbols[module]));
    if is_packed(wanted) {
        let modules = wanted.iter().map(|(module, outputs)| {
            let outputs = outputs.iter().map(|output| (*output, of(module, output)));
            (bicep::identifier(module), Value::object(outputs))
        });
        return vec![Output { name: "modules".to_owned(), kind: ParamType::Object, value: Value::object(modules) }];
    }
    let flat = wanted.iter().flat_map(|(module, outputs)| {
        outputs.iter().map(|output| Output {
            name: format!("{}_{output}", bicep::identifier(module)),
            kind: ParamType::String,
            value: of(module, output),
        })
    });
    flat.collect()
}

/// How `apps.bicep` reads an output of `main.bicep`'s deployment.
fn read_output(wanted: &Wanted<'_>, deployment: &str, module: &str, output: &str) -> Value {
    let module = bicep::identifier(module);
    Value::expression(if is_packed(wanted) {
        format!("{deployment}.properties.outputs.modules.value.{module}.{output}")
    } else {
        format!("{deployment}.properties.outputs.{module}_{output}.value")
    })
}

impl<'a, 'c> Caller<'a, 'c> {
    fn new(cx: &'c Cx<'c>, modules: Vec<&'a Module>) -> Self {
        let mut symbols = Symbols::default();
        let group_name = symbols.take("resourceGroupName");
        let location = symbols.take("location");
        let deployment = symbols.take("infrastructureDeployment");
        Self {
            root: Root::new(cx, symbols),
            modules,
            symbols: HashMap::new(),
            group_name,
            location,
            deployment,
            images: BTreeMap::new(),
        }
    }

    fn write(
        mut self,
        assembly: &Assembly<'_>,
        stage: Stage,
        wanted: &Wanted<'_>,
        artifacts: &mut Vec<Artifact>,
        variables: &mut BTreeMap<String, String>,
    ) -> Result<(), Failure> {
        let cx = assembly.cx;
        let group = self.root.symbol(match stage {
            Stage::Infrastructure => "rg",
            Stage::Apps => "infrastructure",
        });
        for module in &self.modules {
            let symbol = self.root.symbol(&module.name);
            self.symbols.insert(&module.name, symbol);
        }
        let modules = self.modules.clone();
        let calls: Vec<Call> = modules.iter().map(|module| self.call(module, stage, wanted, &group)).collect();
        let deployment = deployment_name(&cx.application.name);
        let mut declared = Vec::new();
        declared.extend(self.needs_group(stage).then(|| self.group_declaration(stage)));
        declared.extend(self.own_declarations(stage, &deployment, !wanted.is_empty()));
        declared.extend(self.root.declarations()?);
        declared.extend(self.image_declarations());
        let data = serde_json::json!({
            "name": cx.application.name,
            "declarations": Value::Expression(printed(cx, &declared)?),
            "group": group,
            "infrastructure": group,
            "group_name": Value::expression(self.group_name.clone()),
            "deployment_name": Value::expression(self.deployment.clone()),
            "needs_infrastructure": !wanted.is_empty(),
            "modules": calls,
            "outputs": outputs_of(stage, wanted, &self.symbols),
        });
        let file = stage.file();
        let text = render(cx, &format!("azure/{file}.hbs"), &data)?;
        artifacts.push(Artifact { path: file.to_owned(), text: super::bicep::format(&text) });
        let params = self.assigned(assembly, stage, &deployment, !wanted.is_empty(), variables);
        let data = serde_json::json!({ "file": file, "params": params });
        let text = render(cx, "azure/params.bicepparam.hbs", &data)?;
        artifacts.push(Artifact { path: format!("{file}param"), text: super::bicep::format(&text) });
        Ok(())
    }

    fn call(&mut self, module: &'a Module, stage: Stage, wanted: &Wanted<'_>, group: &str) -> Call {
        let scope = match (&module.scope, stage) {
            (Scope::Group, Stage::Infrastructure) => Value::expression(group),
            (Scope::Group, Stage::Apps) => Value::expression(format!("resourceGroup({})", self.group_name)),
            (Scope::OtherGroup { group, subscription }, _) => {
                let group = self.root.text(group).code();
                let subscription = subscription.as_ref().map(|subscription| self.root.text(subscription).code());
                let arguments =
                    subscription.map_or_else(|| group.clone(), |subscription| format!("{subscription}, {group}"));
                Value::expression(format!("resourceGroup({arguments})"))
            }
        };
        let params = module.params.iter().filter_map(|param| {
            Some(Argument { name: param.name.clone(), value: self.argument(param, wanted, group)? })
        });
        let params = params.collect();
        Call {
            symbol: self.symbols[module.name.as_str()].clone(),
            path: module.path(),
            deployment: deployment_name(&module.name),
            scope,
            params,
        }
    }

    fn argument(&mut self, param: &Param, wanted: &Wanted<'_>, deployment: &str) -> Option<Value> {
        Some(match &param.feed {
            Feed::Location => Value::expression(self.location.clone()),
            Feed::Parameter(name) => self.root.parameter(name),
            Feed::Expression(expression) => self.root.text(expression),
            Feed::Value(value) => value.clone(),
            Feed::Output { module, output } => match self.symbols.get(module.as_str()) {
                Some(symbol) => Value::expression(format!("{symbol}.outputs.{output}")),
                None => read_output(wanted, deployment, module, output),
            },
            Feed::Image(app) => {
                if !self.images.contains_key(app) {
                    let symbol = self.root.symbol(&param.name);
                    self.images.insert(app.clone(), symbol);
                }
                Value::expression(self.images[app].clone())
            }
        })
    }

    /// Whether the file speaks of the application's own resource group.
    fn needs_group(&self, stage: Stage) -> bool {
        stage == Stage::Infrastructure || self.modules.iter().any(|module| module.scope == Scope::Group)
    }

    fn group_declaration(&self, stage: Stage) -> Declaration {
        let description = match stage {
            Stage::Infrastructure => "The name of the resource group, which is created if it is not there.",
            Stage::Apps => "The name of the resource group of main.bicep.",
        };
        declare(&self.group_name, Some(description), None)
    }

    fn own_declarations(&self, stage: Stage, deployment: &str, needs_infrastructure: bool) -> Vec<Declaration> {
        let mut declared = Vec::new();
        let feeds = || self.modules.iter().flat_map(|module| &module.params).map(|param| &param.feed);
        if stage == Stage::Infrastructure || feeds().any(|feed| *feed == Feed::Location) {
            let default = Value::expression("deployment().location");
            declared.push(declare(
                &self.location,
                Some("The location of everything that names no other."),
                Some(default),
            ));
        }
        if stage == Stage::Apps && needs_infrastructure {
            let description = "The name of the deployment of main.bicep.";
            declared.push(declare(&self.deployment, Some(description), Some(Value::from(deployment))));
        }
        declared
    }

    fn image_declarations(&self) -> Vec<Declaration> {
        let declare = |(app, symbol): (&Name, &String)| {
            declare(symbol, Some(&format!("The image of {app}, best by its digest.")), None)
        };
        self.images.iter().map(declare).collect()
    }

    fn assigned(
        &self,
        assembly: &Assembly<'_>,
        stage: Stage,
        deployment: &str,
        needs_infrastructure: bool,
        variables: &mut BTreeMap<String, String>,
    ) -> Vec<Assigned> {
        let application = assembly.cx.application;
        let assign = |name: &str, value: Value| Assigned { name: name.to_owned(), value, comment: None };
        let mut params = Vec::new();
        if self.needs_group(stage) {
            params.push(assign(&self.group_name, Value::from(group_name(&application.name))));
        }
        if stage == Stage::Apps && needs_infrastructure {
            params.push(assign(&self.deployment, Value::from(deployment)));
        }
        for name in &self.root.order {
            let Some(parameter) = application.params.get(name) else { continue };
            let value = match assembly.values.get(name) {
                Some(Given::Known(text)) => Value::from(text.as_str()),
                Some(Given::Variable(variable)) => {
                    variables.insert(variable.clone(), about(parameter.description.as_deref(), parameter.secret));
                    Value::expression(format!("readEnvironmentVariable({})", bicep::quote(variable)))
                }
                None => continue,
            };
            params.push(assign(self.root.name_of(name), typed(&value, parameter)));
        }
        for (app, symbol) in &self.images {
            let value = match assembly.images.get(app) {
                Some(image) => Value::from(image.as_str()),
                None => {
                    let variable = image_variable(app);
                    let value = format!("readEnvironmentVariable({})", bicep::quote(&variable));
                    variables.insert(variable, format!("the image of {app}, set by the next publish after a push"));
                    Value::expression(value)
                }
            };
            params.push(assign(symbol, value));
        }
        params
    }
}

fn outputs_of(stage: Stage, wanted: &Wanted<'_>, symbols: &HashMap<&str, String>) -> Vec<Output> {
    match stage {
        Stage::Infrastructure => outputs(wanted, symbols),
        Stage::Apps => Vec::new(),
    }
}

fn declare(name: &str, description: Option<&str>, default: Option<Value>) -> Declaration {
    Declaration {
        name: name.to_owned(),
        kind: ParamType::String,
        description: description.map(str::to_owned),
        secure: false,
        filled: false,
        allowed: None,
        has_default: default.is_some(),
        default,
    }
}

fn about(description: Option<&str>, is_secret: bool) -> String {
    match (description, is_secret) {
        (Some(text), _) => text.to_owned(),
        (None, true) => "secret".to_owned(),
        (None, false) => "required".to_owned(),
    }
}

fn image_variable(app: &Name) -> String {
    format!("{}_IMAGE", bicep::identifier(app.as_str()).to_ascii_uppercase())
}

/// A resource group takes more than a name of the manifest has.
fn group_name(application: &str) -> String {
    format!("rg-{application}")
}

/// At most 64 characters; what is cut off is stood for by a hash, so that two long names stay two.
fn deployment_name(name: &str) -> String {
    if name.len() <= DEPLOYMENT_NAME {
        return name.to_owned();
    }
    let hash = crate::util::text::short_hash(name);
    format!("{}-{hash}", &name[..DEPLOYMENT_NAME - 1 - hash.len()])
}

fn readme(
    assembly: &Assembly<'_>,
    (infrastructure, apps): (usize, usize),
    variables: BTreeMap<String, String>,
) -> Result<Artifact, Failure> {
    let application = assembly.cx.application;
    let variables: Vec<Variable> = variables.into_iter().map(|(name, about)| Variable { name, about }).collect();
    let data = serde_json::json!({
        "name": application.name,
        // As errors call it, it depends on the folder that shipit runs in.
        "manifest": application.source.name.rsplit(['/', '\\']).next(),
        "infrastructure_count": infrastructure,
        "app_count": apps,
        "has_apps": apps > 0,
        "deployment": deployment_name(&application.name),
        "variables": variables,
    });
    let text = render(assembly.cx, "azure/README.md.hbs", &data)?;
    Ok(Artifact { path: "README.md".to_owned(), text })
}
