//! From the text of a template to what is filled: decides what a template may say.
//!
//! Values, `if`, `unless`, `each`, `else` and comments; no other logic, no partials, no decorators.

use super::engine::{BLOCKS, Format, RAW};
use super::error::{Place, TemplateError};
use crate::util::text;
use handlebars::TemplateErrorReason;
use handlebars::template::{HelperTemplate, Parameter, Template, TemplateElement};
use std::sync::Arc;

/// A reason, what to do, and where: line and column.
type Problem = (String, Option<String>, (usize, usize));

pub(super) fn compile(name: &str, text: &Arc<str>) -> Result<Template, TemplateError> {
    let fail = |(reason, help, (line, column)): Problem| TemplateError {
        template: name.to_owned(),
        file: None,
        place: Some(Box::new(Place::new(text, line, column))),
        reason,
        help,
    };
    let mut template = Template::compile_with_name(text.as_ref(), name.to_owned()).map_err(|error| {
        let reason = match error.reason() {
            TemplateErrorReason::MismatchingClosedHelper(opened, closing)
            | TemplateErrorReason::MismatchingClosedDecorator(opened, closing) => {
                format!("`{}` is closed by `{}`", opened.trim_matches('"'), closing.trim_matches('"'))
            }
            TemplateErrorReason::InvalidSyntax(_) => "this is not the syntax of a template".to_owned(),
            TemplateErrorReason::InvalidParam(param) => format!("`{param}` is no value"),
            other => other.to_string(),
        };
        fail((reason, None, error.pos().unwrap_or((1, 1))))
    })?;
    rewrite(&mut template, Format::of(name)).map_err(fail)?;
    Ok(template)
}

fn rewrite(template: &mut Template, format: Format) -> Result<(), Problem> {
    let places: Vec<(usize, usize)> = template.mapping.iter().map(|mapping| (mapping.0, mapping.1)).collect();
    for (index, element) in template.elements.iter_mut().enumerate() {
        let place = places.get(index).copied().unwrap_or((1, 1));
        match element {
            TemplateElement::RawString(_) | TemplateElement::Comment(_) => {}
            TemplateElement::Expression(tag) => expression(tag, format, format.plain(), place)?,
            TemplateElement::HtmlExpression(tag) => expression(tag, format, RAW, place)?,
            TemplateElement::HelperBlock(tag) => block(tag, format, place)?,
            _ => return Err(("partials and decorators are not supported".to_owned(), None, place)),
        }
    }
    Ok(())
}

fn expression(tag: &mut HelperTemplate, format: Format, plain: &str, place: (usize, usize)) -> Result<(), Problem> {
    if tag.params.is_empty() && tag.hash.is_empty() {
        // A value: also where its name is the one of a helper.
        let value = std::mem::replace(&mut tag.name, Parameter::Name(plain.to_owned()));
        tag.params.push(value);
        return one_value(tag, place);
    }
    let helpers = || format.helpers().iter().map(|(name, _)| *name);
    known(tag, helpers, "helper", place)?;
    one_value(tag, place)
}

fn block(tag: &mut HelperTemplate, format: Format, place: (usize, usize)) -> Result<(), Problem> {
    known(tag, || BLOCKS.iter().copied(), "block", place)?;
    one_value(tag, place)?;
    for branch in [&mut tag.template, &mut tag.inverse].into_iter().flatten() {
        rewrite(branch, format)?;
    }
    Ok(())
}

fn known<'a, I: Iterator<Item = &'a str>>(
    tag: &HelperTemplate,
    names: impl Fn() -> I,
    what: &str,
    place: (usize, usize),
) -> Result<(), Problem> {
    let name = tag.name.as_name().unwrap_or_default();
    if names().any(|known| known == name) {
        return Ok(());
    }
    let help = match text::nearest(name, names()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("use {}", text::list(names())),
    };
    Err((format!("there is no {what} `{name}` here"), Some(help), place))
}

fn one_value(tag: &HelperTemplate, place: (usize, usize)) -> Result<(), Problem> {
    let is_simple = |value: &Parameter| !matches!(value, Parameter::Subexpression(_));
    if tag.params.len() == 1 && tag.hash.is_empty() && tag.params.iter().all(is_simple) {
        return Ok(());
    }
    Err(("a tag takes one value, and nothing else".to_owned(), None, place))
}
