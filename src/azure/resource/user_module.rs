//! `bicep`: a module of the user's own. It is copied; what is written beside it lowers the values of
//! its parameters and hands its outputs on.

use crate::azure::bicep::{self, syntax};
use crate::azure::{Builder, Cx, Failure, Lowered, Module, Stage, Value};
use crate::manifest::Spanned;
use crate::model::resource::Bicep;
use crate::model::{Expression, Part, Resource, Target};
use crate::util::text;
use serde_json::{Value as Json, json};

/// The copy, beside the module that calls it.
const COPY: &str = "module.bicep";
/// Functions that read other files.
const LOADERS: &[&str] = &["loadTextContent(", "loadFileAsBase64(", "loadJsonContent(", "loadYamlContent("];

/// What is known of a user's module.
struct Inside {
    /// Name, type, and whether it must be given.
    params: Vec<(String, String, bool)>,
    /// Name, type, and whether it is a secret.
    outputs: Vec<(String, String, bool)>,
}

pub(super) fn modules(cx: &Cx<'_>, resource: &Resource, own: &Bicep) -> Result<Vec<Module>, Failure> {
    let mut builder = Builder::new(cx, resource.name.as_str(), Stage::Infrastructure, &resource.span);
    let text = match (cx.read)(own.path.get_ref()) {
        Ok(text) => text,
        Err(why) => {
            builder.error("unreadable-file", why, &own.path.span(), "name a file below the manifest's folder");
            String::new()
        }
    };
    let inside = inside(&mut builder, &own.path, &text);
    if let Some(inside) = &inside {
        compare(&mut builder, resource, own, inside);
    }
    let inside = inside.unwrap_or(Inside { params: Vec::new(), outputs: Vec::new() });
    let params: Vec<(&str, Value)> = own
        .params
        .iter()
        .map(|(name, value)| {
            let kind = inside.params.iter().find(|(known, ..)| known == name).map_or("", |(_, kind, _)| kind);
            (name.as_str(), typed(&mut builder, value, kind))
        })
        .collect();
    let params: Vec<Json> = params.into_iter().map(|(name, value)| json!({ "name": name, "value": value })).collect();
    let symbol = builder.symbol(resource.name.as_str());
    let outputs: Vec<Json> = inside
        .outputs
        .iter()
        .map(|(name, kind, is_secret)| {
            let value = format!("{symbol}.outputs.{name}");
            // References are texts, whatever the module's type is.
            let value = match kind.as_str() {
                "string" => value,
                "string?" => format!("{value} ?? ''"),
                _ => format!("string({value})"),
            };
            json!({ "name": name, "value": Value::expression(value), "secret": is_secret })
        })
        .collect();
    let data = json!({
        "symbol": symbol,
        "path": COPY,
        "deployment": format!("{}-module", resource.name).chars().take(64).collect::<String>(),
        "params": params,
        "outputs": outputs,
    });
    let mut module = builder.finish("bicep/call.bicep.hbs", &data)?;
    module.beside.push((COPY.to_owned(), text));
    Ok(vec![module])
}

/// A value in the type that the module's parameter has.
fn typed(builder: &mut Builder<'_>, value: &Expression, kind: &str) -> Value {
    if let [Part::Reference(reference)] = value.parts.as_slice()
        && let Target::Parameter(name) = &reference.target
        && kind != "string"
        && reference.filter.is_none()
    {
        return builder.parameter(name).value;
    }
    let lowered = builder.lower(value).value;
    let Some(literal) = lowered.as_literal() else { return lowered };
    match kind {
        "int" => literal.parse::<i64>().map_or(lowered, Value::Int),
        "bool" => literal.parse::<bool>().map_or(lowered, Value::Bool),
        _ => lowered,
    }
}

/// Reads the user's file as far as a caller needs it. What is wrong with it is reported.
fn inside(builder: &mut Builder<'_>, path: &Spanned<String>, text: &str) -> Option<Inside> {
    let span = path.span();
    let file = match bicep::parse(text) {
        Ok(file) => file,
        Err(errors) => {
            for error in errors.iter().take(5) {
                let message = format!("`{}` is no Bicep: {error}", path.get_ref());
                builder.error("bad-module", message, &span, "`bicep build` says more of it");
            }
            return None;
        }
    };
    let mut inside = Inside { params: Vec::new(), outputs: Vec::new() };
    for statement in &file.statements {
        let is_secret = statement.decorators.iter().any(|it| it.name.text == "secure");
        match &statement.declaration {
            syntax::Declaration::Param(param) => {
                let kind = param.kind.as_ref().map_or("", |kind| text[kind.span.range()].trim());
                let is_nullable = kind.ends_with('?');
                let is_needed = param.value.is_none() && !is_nullable;
                inside.params.push((param.name.text.to_owned(), kind.to_owned(), is_needed));
            }
            syntax::Declaration::Output(name, kind, _) => {
                let kind = text[kind.span.range()].trim();
                inside.outputs.push((name.text.to_owned(), kind.to_owned(), is_secret));
            }
            syntax::Declaration::Module(module) => {
                let called = module.path.literal().unwrap_or_default();
                if !called.starts_with("br") && !called.starts_with("ts") {
                    alone(builder, path, &format!("calls `{called}`"));
                }
            }
            syntax::Declaration::Import(_) => alone(builder, path, "imports from another file"),
            syntax::Declaration::TargetScope(_)
            | syntax::Declaration::Using(..)
            | syntax::Declaration::Extends(_)
            | syntax::Declaration::Metadata(..)
            | syntax::Declaration::Var(..)
            | syntax::Declaration::Resource(_)
            | syntax::Declaration::Type(..)
            | syntax::Declaration::Function(_)
            | syntax::Declaration::Extension(..)
            | syntax::Declaration::Assert(..) => {}
        }
    }
    if LOADERS.iter().any(|loader| text.contains(loader)) {
        alone(builder, path, "reads another file");
    }
    Some(inside)
}

fn alone(builder: &mut Builder<'_>, path: &Spanned<String>, what: &str) {
    let message = format!("`{}` {what}: a module of your own is copied alone", path.get_ref());
    let help = "put everything into one file, or call modules of a registry (`br:…`)";
    builder.error("module-with-files", message, &path.span(), help);
}

/// Compares what the manifest says of the module with what is in it.
fn compare(builder: &mut Builder<'_>, resource: &Resource, own: &Bicep, inside: &Inside) {
    let path = own.path.get_ref();
    let names = || inside.params.iter().map(|(name, ..)| name.as_str());
    for (name, value) in &own.params {
        if names().all(|known| known != name) {
            let message = format!("`{path}` has no parameter `{name}`");
            let help = match text::nearest(name, names()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("its parameters are {}", text::list(names())),
            };
            builder.error("unknown-parameter", message, &value.span, help);
        }
    }
    for (name, _, is_needed) in &inside.params {
        if *is_needed && !own.params.contains_key(name) {
            let message = format!("`{}` gives `{path}` no value for its parameter `{name}`", resource.name);
            builder.error("missing-parameter", message, &resource.span, format!("write `params = {{ {name} = … }}`"));
        }
    }
    for output in &own.outputs {
        let names = || inside.outputs.iter().map(|(name, ..)| name.as_str());
        if names().all(|known| known != output.get_ref()) {
            let message = format!("`{path}` has no output `{}`", output.get_ref());
            let help = match text::nearest(output.get_ref(), names()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("its outputs are {}", text::list(names())),
            };
            builder.error("unknown-output", message, &output.span(), help);
        }
    }
}

pub(super) fn property(
    builder: &mut Builder<'_>,
    resource: &Resource,
    own: &Bicep,
    property: &str,
    span: &crate::manifest::Span,
) -> Option<Lowered> {
    let output = property.strip_prefix("outputs.")?;
    let text = (builder.cx.read)(own.path.get_ref()).ok()?;
    // What is wrong with the file is said where the module is made.
    let Ok(file) = bicep::parse(&text) else { return Some(Lowered::plain("")) };
    let is_there = file.statements.iter().any(
        |statement| matches!(&statement.declaration, syntax::Declaration::Output(name, ..) if name.text == output),
    );
    if !is_there {
        let message = format!("`{}` has no output `{output}`", own.path.get_ref());
        builder.error("unknown-output", message, span, "name an output of the module");
        return None;
    }
    Some(Lowered::plain(builder.output(resource.name.as_str(), output)))
}
