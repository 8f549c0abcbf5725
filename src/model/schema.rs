//! The JSON Schema of a manifest, for editors: made of the written types and the table of kinds.
//!
//! Draft 7, the newest that both the TOML and the YAML language servers know in full. What a schema
//! can say without knowing the rest of the file it says; the reader says more.

use super::kinds::{APPS, ENVIRONMENTS, Kind, KindTable, REGISTRIES, RESOURCES, Support};
use super::name::NAME_LIMIT;
use super::resource::spec::{SPECS, Spec};
use super::resource::written::Resource;
use super::written;
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, HashMap};

/// Names of things; what the reader's names are made of.
pub(super) const NAME: &str = "^[A-Za-z](-?[A-Za-z0-9])*$";
const PARAMETER: &str = "^[A-Za-z]([-_]?[A-Za-z0-9])*$";
/// Devices on Windows, which become no folder.
const DEVICES: &str = "^([cC][oO][nN]|[pP][rR][nN]|[aA][uU][xX]|[nN][uU][lL]|[cC][oO][mM][1-9]|[lL][pP][tT][1-9])$";

/// Those, and what shipit's own references begin with.
const RESERVED: &str =
    "^([cC][oO][nN]|[pP][rR][nN]|[aA][uU][xX]|[nN][uU][lL]|[cC][oO][mM][1-9]|[lL][pP][tT][1-9]|git|shipit)$";

/// The schema of `apphost.toml` and `apphost.yaml`.
pub fn schema() -> Value {
    let mut profile = Map::new();
    profile.insert("name".to_owned(), json!({ "$ref": "#/definitions/name" }));
    let tables: [(&str, &str, Value, Value); 6] = [
        ("params", "Values that are supplied from outside.", param(), param()),
        (
            "registries",
            "Where images are pushed to and pulled from.",
            entry::<written::Registry>(&REGISTRIES),
            part::<written::Registry>(),
        ),
        (
            "environments",
            "Compute environments: where apps run.",
            entry::<written::Environment>(&ENVIRONMENTS),
            part::<written::Environment>(),
        ),
        ("resources", "Backing services.", resource(), resource_part()),
        ("apps", "Workloads of your own.", entry::<written::App>(&APPS), part::<written::App>()),
        ("steps", "Pipeline steps of your own.", object::<written::Step>(), part::<written::Step>()),
    ];
    let mut properties = Map::new();
    let mut definitions = Map::new();
    properties.insert("$schema".to_owned(), json!({ "type": "string", "description": "This schema, for editors." }));
    properties.insert("name".to_owned(), json!({ "$ref": "#/definitions/name" }));
    properties.insert(
        "version".to_owned(),
        json!({ "description": "Version of the manifest's language. Default: 1.", "enum": [1] }),
    );
    definitions.insert(
        "name".to_owned(),
        json!({
            "description": "Name of the application. Default: the folder's.",
            "type": "string", "pattern": NAME, "maxLength": NAME_LIMIT, "not": { "pattern": DEVICES },
        }),
    );
    for (table, about, entry, part) in tables {
        definitions.insert(table.to_owned(), entry);
        definitions.insert(format!("{table}-override"), part);
        let keys = if table == "params" { PARAMETER } else { NAME };
        properties.insert(table.to_owned(), named(about, keys, &format!("#/definitions/{table}")));
        profile.insert(table.to_owned(), named(about, keys, &format!("#/definitions/{table}-override")));
    }
    profile.insert("publish".to_owned(), object::<written::Publish>());
    definitions.insert(
        "profile".to_owned(),
        json!({
            "description": "Overrides for one stage, laid over the manifest key by key.",
            "type": ["object", "null"], "properties": profile, "additionalProperties": false,
        }),
    );
    properties.insert(
        "profiles".to_owned(),
        named("Overrides for stages; `--profile staging` picks one.", NAME, "#/definitions/profile"),
    );
    properties.insert("publish".to_owned(), object::<written::Publish>());
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": "urn:shipit:apphost.schema.json",
        "title": "shipit manifest (apphost.toml, apphost.yaml)",
        "description": "Declares registries, environments, resources and apps; `shipit do push` builds and pushes them.",
        "type": ["object", "null"],
        "properties": properties,
        "patternProperties": { "^x-": true },
        "additionalProperties": false,
        "definitions": definitions,
    })
}

/// A table of named things.
fn named(about: &str, keys: &str, reference: &str) -> Value {
    json!({
        "description": about,
        // `apps:` without anything below is an empty table in YAML.
        "type": ["object", "null"],
        "propertyNames": { "pattern": keys, "maxLength": NAME_LIMIT, "not": { "pattern": RESERVED } },
        "additionalProperties": { "$ref": reference },
    })
}

fn param() -> Value {
    json!({
        "description": "A value that is supplied from outside: its default, or a table that says more.",
        "anyOf": [
            { "type": ["string", "number", "boolean", "null"] },
            object::<written::Param>(),
        ],
    })
}

/// One branch for each kind that is supported, chosen by `kind`.
fn entry<T: JsonSchema>(table: &KindTable) -> Value {
    let whole = object::<T>();
    let all = whole.get("properties").and_then(Value::as_object).cloned().unwrap_or_default();
    branches(&whole, table, &|_| all.clone())
}

/// A branch for each kind of a table; `properties` are those that a kind may have.
fn branches(whole: &Value, table: &KindTable, properties: &dyn Fn(&Kind) -> Map<String, Value>) -> Value {
    let branches: Vec<Value> = table
        .kinds
        .iter()
        .filter(|kind| kind.support != Support::Later)
        .map(|kind| {
            let all = properties(kind);
            let mut properties = Map::new();
            for key in table.keys(kind) {
                let property = if key == "kind" {
                    json!({ "description": kind.about, "const": kind.name })
                } else {
                    all.get(key).cloned().unwrap_or(Value::Bool(true))
                };
                properties.insert(key.to_owned(), property);
            }
            let required: Vec<&str> = std::iter::once("kind").chain(kind.required.iter().copied()).collect();
            let mut branch = json!({
                "title": kind.name,
                "type": "object",
                "properties": properties,
                "required": required,
                "additionalProperties": false,
            });
            if let Some(object) = branch.as_object_mut() {
                exclusions(object);
            }
            branch
        })
        .collect();
    let description = whole.get("description").cloned().unwrap_or_default();
    // Editors offer the words of the branch that fits best so far; these are all of them.
    let kinds: Vec<&Value> = branches.iter().filter_map(|branch| branch.pointer("/properties/kind/const")).collect();
    let kind = json!({ "description": whole["properties"]["kind"]["description"], "enum": kinds });
    json!({ "description": description, "properties": { "kind": kind }, "oneOf": branches })
}

/// Keys that exclude or need each other.
fn exclusions(branch: &mut Map<String, Value>) {
    let has = |key: &str| branch.get("properties").is_some_and(|properties| properties.get(key).is_some());
    let pairs = has("password") && has("endpoint");
    if has("tag") && has("tags") {
        branch.insert("not".to_owned(), json!({ "required": ["tag", "tags"] }));
    }
    if pairs {
        branch.insert("dependencies".to_owned(), json!({ "username": ["password"], "password": ["username"] }));
    }
}

/// The type with nothing required, for profiles.
fn part<T: JsonSchema>() -> Value {
    let mut schema = object::<T>();
    if let Some(object) = schema.as_object_mut() {
        object.remove("required");
    }
    schema
}

/// What a kind of resources has: what all have, and its own.
fn resource_properties(spec: &Spec) -> Map<String, Value> {
    let mut properties = Map::new();
    for schema in [object::<Resource>(), (spec.schema)()] {
        if let Some(Value::Object(own)) = schema.get("properties") {
            properties.extend(own.clone());
        }
    }
    properties
}

/// One branch for each kind of resources.
fn resource() -> Value {
    let all: HashMap<&str, Map<String, Value>> =
        SPECS.iter().map(|spec| (spec.name, resource_properties(spec))).collect();
    branches(&object::<Resource>(), &RESOURCES, &|kind| all.get(kind.name).cloned().unwrap_or_default())
}

/// The keys of all kinds of resources, for profiles; which kind it is stands elsewhere.
fn resource_part() -> Value {
    let mut properties: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for spec in SPECS {
        for (key, property) in resource_properties(spec) {
            let known = properties.entry(key).or_default();
            if !known.contains(&property) {
                known.push(property);
            }
        }
    }
    let properties: Map<String, Value> = properties
        .into_iter()
        .map(|(key, mut kinds)| {
            let about = kinds.iter().find_map(|property| property.get("description")).cloned();
            let property =
                if kinds.len() == 1 { kinds.remove(0) } else { json!({ "description": about, "anyOf": kinds }) };
            (key, property)
        })
        .collect();
    json!({
        "description": object::<Resource>().get("description"),
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
    })
}

/// The schema of a written type, without references to others.
pub(super) fn object<T: JsonSchema>() -> Value {
    let settings = SchemaSettings::draft07().with(|settings| {
        settings.inline_subschemas = true;
        settings.meta_schema = None;
    });
    let mut schema = settings.into_generator().into_root_schema_for::<T>().to_value();
    tidy(&mut schema);
    if let Some(object) = schema.as_object_mut() {
        object.remove("title");
    }
    schema
}

/// Makes the generated schemas as strict as the reader: no nulls, no unknown keys.
fn tidy(schema: &mut Value) {
    match schema {
        Value::Array(list) => list.iter_mut().for_each(tidy),
        Value::Object(object) => {
            object.values_mut().for_each(tidy);
            without_null(object);
            if object.contains_key("properties") && !object.contains_key("additionalProperties") {
                object.insert("additionalProperties".to_owned(), Value::Bool(false));
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn without_null(object: &mut Map<String, Value>) {
    if let Some(Value::Array(types)) = object.get_mut("type") {
        types.retain(|name| name != "null");
        if let [only] = types.as_slice() {
            let only = only.clone();
            object.insert("type".to_owned(), only);
        }
    }
    if let Some(Value::Array(values)) = object.get_mut("enum") {
        values.retain(|value| !value.is_null());
    }
    let Some(Value::Array(mut branches)) = object.remove("anyOf") else { return };
    branches.retain(|branch| branch.get("type").is_none_or(|name| name != "null"));
    match branches.as_slice() {
        [Value::Object(only)] => {
            for (key, value) in only {
                object.entry(key.clone()).or_insert_with(|| value.clone());
            }
        }
        [Value::Bool(true)] => {}
        _ => {
            object.insert("anyOf".to_owned(), Value::Array(branches));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn fields<T: JsonSchema>() -> BTreeSet<String> {
        object::<T>()["properties"].as_object().unwrap().keys().cloned().collect()
    }

    #[test]
    fn the_kinds_have_the_keys_of_the_written_types() {
        let check = |table: &'static KindTable, fields: BTreeSet<String>| {
            let keys: BTreeSet<String> =
                table.kinds.iter().flat_map(|kind| table.keys(kind)).map(str::to_owned).collect();
            assert_eq!(keys, fields, "{}", table.table);
            for kind in table.kinds {
                assert!(kind.required.iter().all(|key| kind.keys.contains(key)), "{}", kind.name);
            }
        };
        check(&REGISTRIES, fields::<written::Registry>());
        check(&ENVIRONMENTS, fields::<written::Environment>());
        for (spec, kind) in SPECS.iter().zip(RESOURCES.kinds) {
            let has = resource_properties(spec);
            let all: BTreeSet<String> = has.keys().cloned().collect();
            let keys: BTreeSet<String> = RESOURCES.keys(kind).map(str::to_owned).collect();
            assert!(keys.is_subset(&all), "{}: {:?}", spec.name, keys.difference(&all));
            assert!(kind.required.iter().all(|key| kind.keys.contains(key)), "{}", kind.name);
            // What is only its own is a key of it; a recipe decides which of its keys a service has.
            let common: BTreeSet<String> =
                object::<Resource>()["properties"].as_object().unwrap().keys().cloned().collect();
            if spec.recipe.is_none() {
                let own: Vec<&String> = all.difference(&common).filter(|key| !keys.contains(*key)).collect();
                assert!(own.is_empty(), "{}: {own:?}", spec.name);
            }
        }
        check(&APPS, fields::<written::App>());
    }

    #[test]
    fn every_key_is_described() {
        fn walk(schema: &Value, path: &str, bare: &mut Vec<String>) {
            for (key, property) in schema["properties"].as_object().into_iter().flatten() {
                let path = format!("{path}.{key}");
                if property.get("description").is_none() && property.get("$ref").is_none() {
                    bare.push(path.clone());
                }
                walk(property, &path, bare);
            }
            for branch in ["oneOf", "anyOf"].iter().filter_map(|key| schema[key].as_array()).flatten() {
                walk(branch, path, bare);
            }
        }
        let schema = schema();
        let mut bare = Vec::new();
        walk(&schema, "", &mut bare);
        for (name, definition) in schema["definitions"].as_object().unwrap() {
            walk(definition, name, &mut bare);
        }
        assert!(bare.is_empty(), "{bare:?}");
    }
}
