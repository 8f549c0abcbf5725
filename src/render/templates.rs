//! The catalogue: every template that is embedded, and what a user put in its place.

use super::compile::compile;
use super::engine::engine;
use super::error::{Place, TemplateError};
use super::overrides;
use handlebars::{Context, Handlebars, RenderContext, RenderErrorReason, Renderable, StringOutput, Template};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

macro_rules! embedded {
    ($($name:literal)*) => {
        &[$(($name, include_str!(concat!("../../templates/", $name)))),*]
    };
}

/// Every file below `templates/` by its path there; a test compares.
const EMBEDDED: &[(&str, &str)] = embedded![
    "azure-app-insights/module.bicep.hbs"
    "azure-app-service/environment.bicep.hbs"
    "azure-app-service/site.bicep.hbs"
    "azure-container-apps/app.bicep.hbs"
    "azure-container-apps/environment.bicep.hbs"
    "azure-container-apps/existing.bicep.hbs"
    "azure-container-apps/job.bicep.hbs"
    "azure-container-registry/dns-zone.bicep.hbs"
    "azure-container-registry/existing.bicep.hbs"
    "azure-container-registry/private-endpoint.bicep.hbs"
    "azure-container-registry/registry.bicep.hbs"
    "azure-cosmos/module.bicep.hbs"
    "azure-cosmos/roles.bicep.hbs"
    "azure-event-hubs/module.bicep.hbs"
    "azure-key-vault/module.bicep.hbs"
    "azure-log-analytics/module.bicep.hbs"
    "azure-openai/module.bicep.hbs"
    "azure-postgres/module.bicep.hbs"
    "azure-postgres/roles.bicep.hbs"
    "azure-redis/module.bicep.hbs"
    "azure-redis/roles.bicep.hbs"
    "azure-service-bus/module.bicep.hbs"
    "azure-sql/module.bicep.hbs"
    "azure-sql/roles.bicep.hbs"
    "azure-storage/module.bicep.hbs"
    "azure-virtual-network/module.bicep.hbs"
    "azure/README.md.hbs"
    "azure/apps.bicep.hbs"
    "azure/declarations.bicep.hbs"
    "azure/identity.bicep.hbs"
    "azure/main.bicep.hbs"
    "azure/params.bicepparam.hbs"
    "azure/registry-roles.bicep.hbs"
    "azure/roles.bicep.hbs"
    "bicep/call.bicep.hbs"
    "docker-compose/docker-compose.yaml.hbs"
    "init/apphost.toml.hbs"
    "init/apphost.yaml.hbs"
];

/// The templates of this run: compiled when they are first used, shared between threads.
pub struct Templates {
    engine: Handlebars<'static>,
    entries: BTreeMap<&'static str, Entry>,
    warnings: Vec<TemplateError>,
}

/// One template of the catalogue.
#[derive(Clone, Copy, Debug)]
pub struct Listed<'a> {
    /// Its path below `templates/`.
    pub name: &'static str,
    pub text: &'a str,
    /// The user's file, where there is one.
    pub file: Option<&'a Path>,
}

struct Entry {
    text: Arc<str>,
    file: Option<PathBuf>,
    compiled: OnceLock<Result<Template, TemplateError>>,
}

impl Templates {
    /// Those that came with the program.
    pub fn embedded() -> Self {
        let entries = EMBEDDED.iter().map(|(name, text)| (*name, Entry::new((*text).into(), None))).collect();
        Self { engine: engine(), entries, warnings: Vec::new() }
    }

    /// With the files of a folder in place of the embedded ones that have the same names; an
    /// absent folder changes nothing. Every file that is wrong is reported at once.
    pub fn with_overrides(folder: &Path) -> Result<Self, Vec<TemplateError>> {
        let mut templates = Self::embedded();
        let names: Vec<&'static str> = templates.replaceable().map(|listed| listed.name).collect();
        let overrides::Found { texts, warnings, mut errors } = overrides::find(folder, &names);
        templates.warnings = warnings;
        for (name, file, text) in texts {
            let entry = Entry::new(text, Some(file));
            errors.extend(entry.compiled(name).err());
            templates.entries.insert(name, entry);
        }
        if errors.is_empty() { Ok(templates) } else { Err(errors) }
    }

    /// What looks strange in the folder of [`Templates::with_overrides`], but forbids nothing.
    pub fn warnings(&self) -> &[TemplateError] {
        &self.warnings
    }

    /// Those that a user can replace: all but what `shipit init` writes, which is used where there
    /// is no manifest that a folder could stand beside.
    pub fn replaceable(&self) -> impl Iterator<Item = Listed<'_>> {
        self.list().filter(|listed| !listed.name.starts_with("init/"))
    }

    /// The user's file in place of a template.
    pub fn file(&self, name: &str) -> Option<&Path> {
        self.entries.get(name)?.file.as_deref()
    }

    /// All of them, in the order of their names.
    pub fn list(&self) -> impl Iterator<Item = Listed<'_>> {
        self.entries.iter().map(|(name, entry)| Listed { name, text: &entry.text, file: entry.file.as_deref() })
    }

    /// Fills a template; a name in it that `data` does not have is an error.
    pub fn render(&self, name: &str, data: &impl Serialize) -> Result<String, TemplateError> {
        let missing =
            |reason: String| TemplateError { template: name.to_owned(), file: None, place: None, reason, help: None };
        let (key, entry) =
            self.entries.get_key_value(name).ok_or_else(|| missing("there is no template of this name".to_owned()))?;
        let template = entry.compiled(key)?;
        let cx = Context::wraps(data).map_err(|error| missing(format!("its data is no JSON: {error}")))?;
        let mut out = StringOutput::new();
        let mut render = RenderContext::new(template.name.as_ref());
        match template.render(&self.engine, &cx, &mut render, &mut out) {
            Ok(()) => Ok(out.into_string().expect("a text made of texts is UTF-8")),
            Err(error) => Err(TemplateError {
                template: name.to_owned(),
                file: entry.file.clone(),
                place: error.line_no.map(|line| Box::new(Place::new(&entry.text, line, error.column_no.unwrap_or(1)))),
                reason: reason(error.reason()),
                help: None,
            }),
        }
    }
}

impl Entry {
    fn new(text: Arc<str>, file: Option<PathBuf>) -> Self {
        Self { text, file, compiled: OnceLock::new() }
    }

    fn compiled(&self, name: &str) -> Result<&Template, TemplateError> {
        let compiled = self.compiled.get_or_init(|| {
            compile(name, &self.text).map_err(|error| TemplateError { file: self.file.clone(), ..error })
        });
        compiled.as_ref().map_err(Clone::clone)
    }
}

fn reason(reason: &RenderErrorReason) -> String {
    match reason {
        RenderErrorReason::MissingVariable(Some(name)) => format!("there is no `{name}` in the data"),
        RenderErrorReason::MissingVariable(None) => "a name is not in the data".to_owned(),
        RenderErrorReason::Other(reason) => reason.clone(),
        other => other.to_string().to_lowercase(),
    }
}

impl fmt::Debug for Templates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.entries.keys()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    /// A catalogue of one template.
    fn one(name: &'static str, text: &str) -> Templates {
        Templates {
            engine: engine(),
            entries: BTreeMap::from([(name, Entry::new(text.into(), None))]),
            warnings: Vec::new(),
        }
    }

    #[track_caller]
    fn check(template: &str, data: &Value, expect: &str) {
        let filled = one("x.bicep.hbs", template).render("x.bicep.hbs", data);
        assert_eq!(filled.as_deref().map_err(ToString::to_string), Ok(expect));
    }

    #[track_caller]
    fn refuse(template: &str, data: &Value, expect: &str) {
        let error = one("x.bicep.hbs", template).render("x.bicep.hbs", data).unwrap_err();
        let help = error.help.as_ref().map_or_else(String::new, |help| format!("; {help}"));
        let place = error.place.unwrap();
        assert_eq!(format!("{}:{}: {}{help}", place.line, place.column, error.reason), expect);
    }

    #[test]
    fn every_file_below_templates_is_in_the_catalogue() {
        fn walk(root: &Path, folder: &Path, found: &mut Vec<String>) {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                match path.is_dir() {
                    true => walk(root, &path, found),
                    false => found.push(path.strip_prefix(root).unwrap().to_str().unwrap().to_owned()),
                }
            }
        }
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
        let mut found = Vec::new();
        walk(&root, &root, &mut found);
        found.sort();
        let listed: Vec<&str> = EMBEDDED.iter().map(|(name, _)| *name).collect();
        assert_eq!(listed, found, "one line a file, in the order of their names");
    }

    #[test]
    fn embedded_templates_have_no_logic_and_nothing_raw() {
        let templates = Templates::embedded();
        for (name, entry) in &templates.entries {
            entry.compiled(name).unwrap_or_else(|error| panic!("{error}"));
            let is_raw = entry.text.contains("{{{") || entry.text.contains("{{&");
            assert!(!is_raw, "{name}: a value that is not escaped");
            // `$` and a value that begins with `{` would be an interpolation in a string.
            assert!(!entry.text.contains("${{"), "{name}: `$` directly before a value");
        }
    }

    #[test]
    fn values_are_written_for_bicep() {
        let data = json!({ "name": "it's ${x}\n", "list": ["a", 1], "n": 2, "value": true });
        check(
            "'{{name}}' {{string name}} // {{comment name}}",
            &data,
            r"'it\'s \${x}\n' 'it\'s \${x}\n' // it's ${x} ",
        );
        check("{{#each list}}{{this}}{{#unless @last}},{{/unless}}{{/each}}", &data, "a,1");
        check("{{#each list as |x|}}{{value x}}{{../n}}{{/each}}", &data, "'a'212");
        check("{{#if n}}{{value list}}{{else}}no{{/if}}", &data, "[\n  'a'\n  1\n]");
    }

    #[test]
    fn what_is_not_there_is_an_error() {
        let data = json!({ "null": null, "list": [{}], "name": "a-b" });
        refuse("a\n  {{nam}}", &data, "2:3: there is no `nam` in the data");
        refuse("{{#if nam}}{{/if}}", &data, "1:1: there is no `nam` in the data");
        refuse("{{#each nam}}{{/each}}", &data, "1:1: there is no `nam` in the data");
        refuse("{{value nam}}", &data, "1:1: there is no `nam` in the data");
        refuse("{{#each list}}\n{{this.x}}{{/each}}", &data, "2:1: there is no `this.x` in the data");
        refuse("{{null}}", &data, "1:1: `null` is null where a text is wanted");
        refuse("{{list}}", &data, "1:1: `list` is a list where a text is wanted");
        refuse("{{ident name}}", &data, "1:1: `name` is `a-b`, which is no identifier");
    }

    #[test]
    fn what_a_template_may_not_say_is_refused() {
        let data = json!({ "x": 1 });
        refuse("{{valu x}}", &data, "1:1: there is no helper `valu` here; did you mean `value`?");
        refuse("\n{{#with x}}{{/with}}", &data, "2:1: there is no block `with` here; use `if`, `unless` and `each`");
        refuse("{{> other}}", &data, "1:1: partials and decorators are not supported");
        refuse("{{value x x}}", &data, "1:1: a tag takes one value, and nothing else");
        refuse("{{value (value x)}}", &data, "1:1: a tag takes one value, and nothing else");
        refuse("{{#if x}}\n{{/each}}", &data, "2:1: `if` is closed by `each`");
        refuse("a\n{{#if x}\n", &data, "2:8: this is not the syntax of a template");
    }
}
