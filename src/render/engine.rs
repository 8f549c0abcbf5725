//! The helpers that a template may use, for each kind of file.
//!
//! `{{x}}` itself is a helper here: it escapes for the file that it stands in, and refuses what is
//! not there or is not a text.

use super::{bicep, markdown, text};
use handlebars::{
    Context, Handlebars, Helper, HelperDef, HelperResult, Output, RenderContext, RenderError, RenderErrorReason,
    Renderable,
};
use serde_json::Value;

/// What a template is filled for; by the ending of its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// `.bicep`, `.bicepparam`
    Bicep,
    /// `.md`
    Markdown,
    /// TOML, YAML, JSON: quoted with `{{quote x}}`.
    Data,
}

/// A helper: what it is called in a template, and from a value to text.
type Write = fn(&Value) -> Result<String, String>;

/// Blocks that a template may use, in every format.
pub(super) const BLOCKS: &[&str] = &["if", "unless", "each"];
/// What `{{{x}}}` is rewritten to.
pub(super) const RAW: &str = "shipit-raw";

impl Format {
    pub(super) fn of(name: &str) -> Self {
        let name = name.strip_suffix(".hbs").unwrap_or(name);
        match name.rsplit_once('.').map_or("", |(_, ending)| ending) {
            "bicep" | "bicepparam" => Self::Bicep,
            "md" => Self::Markdown,
            _ => Self::Data,
        }
    }

    /// What `{{x}}` is rewritten to.
    pub(super) fn plain(self) -> &'static str {
        match self {
            Self::Bicep => "shipit-bicep",
            Self::Markdown => "shipit-markdown",
            Self::Data => RAW,
        }
    }

    /// The helpers that take a value.
    pub(super) fn helpers(self) -> &'static [(&'static str, Write)] {
        match self {
            Self::Bicep => &[
                ("string", |value| Ok(bicep::quote(&scalar(value)?))),
                ("value", |value| Ok(bicep::value(value))),
                ("comment", |value| Ok(bicep::comment(&scalar(value)?))),
                ("ident", ident),
            ],
            Self::Markdown => &[
                ("code", |value| Ok(markdown::code(&scalar(value)?))),
                ("shell", |value| Ok(markdown::shell(&scalar(value)?))),
            ],
            Self::Data => &[("quote", |value| Ok(text::quote(&scalar(value)?)))],
        }
    }
}

/// An engine with every helper; which of them a template may use is decided when it is compiled.
pub(super) fn engine() -> Handlebars<'static> {
    let mut engine = Handlebars::new();
    engine.set_strict_mode(true);
    engine.register_escape_fn(handlebars::no_escape);
    for format in [Format::Bicep, Format::Markdown, Format::Data] {
        for (name, write) in format.helpers() {
            engine.register_helper(name, Box::new(ValueHelper(*write)));
        }
    }
    engine.register_helper(RAW, Box::new(ValueHelper(scalar)));
    engine.register_helper(Format::Bicep.plain(), Box::new(ValueHelper(|value| Ok(bicep::escape(&scalar(value)?)))));
    let escape: Write = |value| Ok(markdown::escape(&scalar(value)?));
    engine.register_helper(Format::Markdown.plain(), Box::new(ValueHelper(escape)));
    engine.register_helper("if", Box::new(IfHelper { wanted: true }));
    engine.register_helper("unless", Box::new(IfHelper { wanted: false }));
    engine
}

fn scalar(value: &Value) -> Result<String, String> {
    match value {
        Value::String(text) => Ok(text.clone()),
        Value::Bool(_) | Value::Number(_) => Ok(value.to_string()),
        Value::Null => Err("is null where a text is wanted".to_owned()),
        Value::Array(_) => Err("is a list where a text is wanted".to_owned()),
        Value::Object(_) => Err("is an object where a text is wanted".to_owned()),
    }
}

fn ident(value: &Value) -> Result<String, String> {
    let text = scalar(value)?;
    if bicep::is_identifier(&text) { Ok(text) } else { Err(format!("is `{text}`, which is no identifier")) }
}

struct ValueHelper(Write);

impl HelperDef for ValueHelper {
    fn call<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
        out: &mut dyn Output,
    ) -> HelperResult {
        let path = || helper.param(0).and_then(|value| value.relative_path()).map_or("the value", String::as_str);
        let text = (self.0)(present(helper)?).map_err(|reason| fail(format!("`{}` {reason}", path())))?;
        Ok(out.write(&text)?)
    }
}

/// `if` and `unless` that refuse a name that is not there; the ones of the engine take it for false.
struct IfHelper {
    wanted: bool,
}

impl HelperDef for IfHelper {
    fn call<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        engine: &'reg Handlebars<'reg>,
        cx: &'rc Context,
        render: &mut RenderContext<'reg, 'rc>,
        out: &mut dyn Output,
    ) -> HelperResult {
        let branch = if is_true(present(helper)?) == self.wanted { helper.template() } else { helper.inverse() };
        branch.map_or(Ok(()), |branch| branch.render(engine, cx, render, out))
    }
}

/// Everything but `null`, `false`, an empty text, list or object. Zero is a value.
fn is_true(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => false,
        Value::Bool(true) | Value::Number(_) => true,
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(properties) => !properties.is_empty(),
    }
}

fn present<'a>(helper: &'a Helper<'_>) -> Result<&'a Value, RenderError> {
    match helper.param(0) {
        Some(value) if value.is_value_missing() => Err(RenderError::strict_error(value.relative_path())),
        Some(value) => Ok(value.value()),
        None => Err(fail(format!("`{}` takes one value", helper.name()))),
    }
}

fn fail(reason: String) -> RenderError {
    RenderErrorReason::Other(reason).into()
}
