//! The templates that are embedded, and the helpers that they may use.

use handlebars::{Handlebars, handlebars_helper, no_escape};
use serde::Serialize;
use std::fmt::Write as _;

/// A text of `templates/`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Template {
    InitToml,
    InitYaml,
}

#[derive(Debug, thiserror::Error)]
#[error("the template `{template}` cannot be filled")]
pub struct RenderError {
    template: &'static str,
    source: Box<handlebars::RenderError>,
}

impl Template {
    /// Its path below `templates/`.
    pub fn name(self) -> &'static str {
        match self {
            Self::InitToml => "init/apphost.toml.hbs",
            Self::InitYaml => "init/apphost.yaml.hbs",
        }
    }

    fn text(self) -> &'static str {
        match self {
            Self::InitToml => include_str!("../../templates/init/apphost.toml.hbs"),
            Self::InitYaml => include_str!("../../templates/init/apphost.yaml.hbs"),
        }
    }
}

// A string for TOML, YAML or JSON.
handlebars_helper!(quote_helper: |text: str| quote(text));

/// Fills a template; a name in it that `data` does not have is an error.
pub fn render(template: Template, data: &impl Serialize) -> Result<String, RenderError> {
    let mut engine = Handlebars::new();
    engine.set_strict_mode(true);
    engine.register_escape_fn(no_escape);
    engine.register_helper("quote", Box::new(quote_helper));
    engine
        .render_template(template.text(), data)
        .map_err(|source| RenderError { template: template.name(), source: Box::new(source) })
}

/// A string in double quotes with the escapes that TOML, YAML and JSON have in common.
fn quote(text: &str) -> String {
    let mut quoted = String::from('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                quoted.push('\\');
                quoted.push(c);
            }
            '\u{feff}' | '\u{2028}' | '\u{2029}' => {
                write!(quoted, "\\u{:04X}", u32::from(c)).expect("writing to a String cannot fail");
            }
            _ if c.is_control() => {
                write!(quoted, "\\u{:04X}", u32::from(c)).expect("writing to a String cannot fail");
            }
            _ => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quoted_text_is_the_same_in_every_syntax() {
        let text = "a \"b\" \\ c\n\t\u{7f}\u{1b}\u{85} ö \u{1f600} #: '";
        let quoted = quote(text);
        assert_eq!(serde_json::from_str::<String>(&quoted).unwrap(), text);
        let table: toml::Table = format!("x = {quoted}").parse().unwrap();
        assert_eq!(table["x"].as_str(), Some(text));
    }

    #[test]
    fn a_name_that_is_missing_is_an_error() {
        let error = render(Template::InitToml, &serde_json::json!({})).unwrap_err();
        assert_eq!(error.to_string(), "the template `init/apphost.toml.hbs` cannot be filled");
    }
}
