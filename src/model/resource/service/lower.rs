//! An entry of such a kind to a [`Service`].

use super::{Database, Piece, PieceValue, Recipe, Service, ServiceEndpoint, ValuePiece};
use crate::manifest::{Severity, Span, Spanned};
use crate::model::lower::{Cx, sizes};
use crate::model::resource::property::{Properties, Property, keys};
use crate::model::resource::spec::{self, Entry, Spec};
use crate::model::resource::written::{DataVolume, Names, Texts};
use crate::model::resource::{Child, ResourceKind, parts};
use crate::model::scope::Item;
use crate::model::written::{Number, Port, Values};
use crate::model::{Endpoint, Expression, Health, Name, Part, Reference, Scheme, Target, Volume, VolumeSource};
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// A service in a container.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct Written {
    /// Image to use instead of the kind's own.
    image: Option<Spanned<String>>,
    /// User name. Default: the kind's own.
    username: Option<Spanned<String>>,
    /// Password; a reference to a secret parameter. Default: a generated one, the parameter
    /// `<name>-password`.
    password: Option<Spanned<String>>,
    /// Port on the host. Default: none.
    port: Option<Spanned<Port>>,
    /// Databases to make.
    databases: Option<Names>,
    /// Keep its data: `true`, or the name of a volume. Default: they are gone with the container.
    volume: Option<DataVolume>,
    /// Processors, for example `0.5`.
    #[schemars(extend("exclusiveMinimum" = 0))]
    cpu: Option<Spanned<Number>>,
    /// Memory, for example `1Gi`.
    memory: Option<Spanned<String>>,
    /// Environment variables beside those of the kind.
    env: Option<Values>,
    /// Arguments instead of the kind's own.
    args: Option<Texts>,
}

const KEYS: &[&str] = &["image", "username", "password", "port", "volume", "cpu", "memory", "env", "args"];
const DATABASE_KEYS: &[&str] =
    &["image", "username", "password", "port", "volume", "cpu", "memory", "env", "args", "databases"];
const NO_LOGIN_KEYS: &[&str] = &["image", "port", "volume", "cpu", "memory", "env", "args"];
const PASSWORD_KEYS: &[&str] = &["image", "password", "port", "volume", "cpu", "memory", "env", "args"];
const FIXED_USER_KEYS: &[&str] = &["image", "password", "port", "volume", "cpu", "memory", "env", "args", "databases"];

/// The line of a kind in the table of kinds.
pub(in crate::model::resource) const fn spec(name: &'static str, about: &'static str, recipe: &'static Recipe) -> Spec {
    let keys = match (&recipe.password, recipe.is_username_free, &recipe.database) {
        (None, ..) => NO_LOGIN_KEYS,
        (Some(_), true, Some(_)) => DATABASE_KEYS,
        (Some(_), false, Some(_)) => FIXED_USER_KEYS,
        (Some(_), true, None) => KEYS,
        (Some(_), false, None) => PASSWORD_KEYS,
    };
    Spec {
        name,
        about,
        keys,
        required: &[],
        schema: crate::model::schema::object::<Written>,
        lower,
        properties,
        roles: &[],
        default_roles: 0,
        recipe: Some(recipe),
    }
}

fn properties(item: &Item<'_>) -> Vec<Property> {
    let recipe = item.kind.and_then(|kind| spec::find(kind.name)).and_then(|spec| spec.recipe);
    let Some(recipe) = recipe else { return Vec::new() };
    let mut properties = Properties::of(item.name.as_str());
    let holds_secret = |pieces: &[Piece]| {
        pieces
            .iter()
            .any(|piece| matches!(piece, Piece::Value(PieceValue::Password) | Piece::UriEncoded(PieceValue::Password)))
    };
    properties.own(false, &[("host", "HOST"), ("port", "PORT")]);
    if recipe.username.is_some() {
        properties.own(false, &[("username", "USERNAME")]);
    }
    if recipe.password.is_some() {
        properties.own(true, &[("password", "PASSWORD")]);
    }
    for &(property, ending, pieces) in recipe.texts {
        properties.own(holds_secret(pieces), &[(property, ending)]);
    }
    let Some(database) = &recipe.database else { return properties.done() };
    for key in keys(item.node, "databases") {
        properties.part(key, false, &[("host", "HOST"), ("port", "PORT")]);
        if recipe.username.is_some() {
            properties.part(key, false, &[("username", "USERNAME")]);
        }
        if recipe.password.is_some() {
            properties.part(key, true, &[("password", "PASSWORD")]);
        }
        for &(property, ending, pieces) in database.texts {
            properties.part(key, holds_secret(pieces), &[(property, ending)]);
        }
        properties.part(key, false, &[("name", "DATABASENAME")]);
    }
    properties.done()
}

/// Names of databases that every service takes and that need no quoting.
const DATABASE: parts::NameRule = parts::NameRule {
    noun: "a database",
    least: 1,
    most: 63,
    fits: |name| {
        name.starts_with(|c: char| c.is_ascii_alphabetic())
            && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
    },
    help: "use 1 to 63 ASCII letters, digits, `-` and `_`, starting with a letter",
};

fn lower(cx: &mut Cx<'_>, entry: Entry<'_>) -> Option<ResourceKind> {
    let spec = spec::find(entry.item.kind?.name)?;
    let recipe = spec.recipe?;
    let written: Written = cx.read(entry.node)?;
    let here = entry.item.span.clone();
    let image = match &written.image {
        None => parts::literal(recipe.image, here.clone()),
        Some(_) => {
            let image = parts::text(cx, "image", written.image.as_ref())?;
            crate::model::lower::build::image(cx, &image);
            image
        }
    };
    let username = match recipe.username {
        None => None,
        Some(default) => match written.username.as_ref() {
            Some(_) => Some(parts::text(cx, "username", written.username.as_ref())?),
            None => Some(parts::literal(default, here.clone())),
        },
    };
    let password = match &recipe.password {
        None => None,
        Some(_) => Some(password(cx, entry.item, written.password.as_ref())?),
    };
    let databases = parts::names(cx, written.databases.as_ref(), &DATABASE);
    let values = Known { username: username.as_ref(), password: password.as_ref(), database: None };
    let mut env: BTreeMap<String, Vec<ValuePiece>> =
        recipe.env.iter().map(|(name, pieces)| ((*name).to_owned(), values.fill(pieces))).collect();
    let mut files = BTreeMap::new();
    if let Some(known) = &recipe.database {
        make_databases(cx, known, &databases, &mut env, &mut files);
    }
    let launched = launched(cx, recipe, &databases, written.args.as_deref());
    for (name, value) in crate::model::lower::env(cx, written.env.as_ref()) {
        env.insert(name, vec![ValuePiece::Value(value)]);
    }
    let mut texts = BTreeMap::new();
    for (property, _, pieces) in recipe.texts {
        texts.insert((*property).to_owned(), values.fill(pieces));
    }
    for database in &databases {
        let values = Known { database: Some(&database.name), ..values };
        for (property, _, pieces) in recipe.database.iter().flat_map(|known| known.texts) {
            texts.insert(format!("{}.{property}", database.key), values.fill(pieces));
        }
    }
    let (cpu, memory) = sizes::sizes(cx, written.cpu.as_ref(), written.memory.as_ref(), &[]);
    let (command, args) = match (&written.args, launched) {
        (Some(list), _) => (words(recipe.command, &here), Some(list.iter().filter_map(|text| cx.text(text)).collect())),
        (None, Some((command, args))) => {
            let args = args.iter().map(|word| parts::literal(word, here.clone())).collect();
            (words(command, &here), Some(args))
        }
        (None, None) => (words(recipe.command, &here), words(recipe.args, &here)),
    };
    Some(ResourceKind::Service(Box::new(Service {
        kind: spec.name,
        image,
        command,
        args,
        env,
        endpoints: endpoints(recipe, &here, written.port.map(|port| port.map(u16::from))),
        username,
        password,
        databases,
        volumes: volume(cx, entry.item, recipe, written.volume),
        data: Some(recipe.data),
        security: None,
        files,
        health: Health::default(),
        readiness: recipe.readiness,
        cpu,
        memory,
        texts,
    })))
}

/// What the pieces of a recipe stand for.
#[derive(Clone, Copy)]
struct Known<'k> {
    username: Option<&'k Expression>,
    password: Option<&'k Expression>,
    database: Option<&'k Expression>,
}

impl Known<'_> {
    fn fill(self, pieces: &[Piece]) -> Vec<ValuePiece> {
        let mut filled: Vec<ValuePiece> = Vec::new();
        for piece in pieces {
            let piece = match *piece {
                Piece::Text(text) => ValuePiece::Text(text.to_owned()),
                Piece::Value(value) => self.value(value, ValuePiece::Value),
                Piece::UriEncoded(value) => self.value(value, ValuePiece::UriEncoded),
            };
            filled.push(piece);
        }
        filled
    }

    fn value(self, value: PieceValue, wrap: fn(Expression) -> ValuePiece) -> ValuePiece {
        let expression = match value {
            PieceValue::Host => return ValuePiece::Host,
            PieceValue::Port => return ValuePiece::Port,
            PieceValue::Username => self.username,
            PieceValue::Password => self.password,
            PieceValue::Database => self.database,
        };
        expression.cloned().map_or_else(|| ValuePiece::Text(String::new()), wrap)
    }
}

fn words(words: &[&str], here: &Span) -> Option<Vec<Expression>> {
    (!words.is_empty()).then(|| words.iter().map(|word| parts::literal(word, here.clone())).collect())
}

/// The password that is written, or the parameter that the resource brought along.
pub(in crate::model::resource) fn password(
    cx: &mut Cx<'_>,
    item: &Item<'_>,
    written: Option<&Spanned<String>>,
) -> Option<Expression> {
    if let Some(text) = written {
        let password = parts::text(cx, "password", Some(text))?;
        if password.as_literal().is_some() {
            let message = "a password stands in the manifest, where everyone who reads the file has it";
            cx.hidden(Severity::Warning, "secret-in-manifest", message, &text.span())
                .help("declare a parameter with `secret = true` and write `$<its-name>` here, or leave `password` out")
                .push();
        }
        return Some(password);
    }
    parameter(cx, item, "password")
}

/// A reference to a parameter that a resource brought along.
pub(in crate::model::resource) fn parameter(cx: &mut Cx<'_>, item: &Item<'_>, ending: &str) -> Option<Expression> {
    let name: Name = format!("{}-{ending}", item.name).parse().ok()?;
    let span = item.span.clone();
    cx.edge(&name, &span);
    let reference = Reference { target: Target::Parameter(name), filter: None, span: span.clone() };
    Some(Expression { parts: vec![Part::Reference(reference)], span })
}

fn endpoints(recipe: &Recipe, here: &Span, port: Option<Spanned<u16>>) -> Vec<ServiceEndpoint> {
    let mut port = port;
    let endpoint = |&(name, number, scheme): &(&str, u16, Scheme)| ServiceEndpoint {
        name: name.to_owned(),
        endpoint: Endpoint {
            span: here.clone(),
            target_port: Some(Spanned::new(here.clone(), number)),
            // What the manifest says is of the first one.
            port: port.take(),
            scheme: Spanned::new(here.clone(), scheme),
            external: false,
        },
    };
    recipe.ports.iter().map(endpoint).collect()
}

fn volume(cx: &mut Cx<'_>, item: &Item<'_>, recipe: &Recipe, written: Option<DataVolume>) -> Vec<Volume> {
    let here = item.span.clone();
    let name = match written {
        None | Some(DataVolume::Boolean(false)) => return Vec::new(),
        Some(DataVolume::Boolean(true)) => Spanned::new(here.clone(), format!("{}-data", item.name)),
        Some(DataVolume::String(name)) => name,
    };
    if let Err(error) = name.get_ref().parse::<Name>() {
        cx.error("bad-name", format!("the volume name `{}` {error}", name.get_ref()), name.span(), "")
            .help(error.help(name.get_ref()))
            .push();
        return Vec::new();
    }
    vec![Volume {
        span: name.span(),
        source: VolumeSource::Named(name),
        path: Spanned::new(here, recipe.data.to_owned()),
        read_only: false,
        size: None,
    }]
}

/// Has the service make its databases on its first start, as far as its image can.
fn make_databases(
    cx: &mut Cx<'_>,
    known: &Database,
    databases: &[Child],
    env: &mut BTreeMap<String, Vec<ValuePiece>>,
    files: &mut BTreeMap<String, String>,
) {
    let mut rest = databases;
    if let (Some(variable), [first, others @ ..]) = (known.first, databases) {
        env.insert(variable.to_owned(), vec![ValuePiece::Value(first.name.clone())]);
        rest = others;
    }
    if rest.is_empty() || known.is_lazy {
        return;
    }
    if let Some((path, statement)) = known.script {
        let help = "write the name itself; only the first database may have a parameter for its name";
        let mut script = String::new();
        for line in statements(cx, statement, rest, help) {
            let _ = writeln!(script, "{line}");
        }
        files.insert(path.to_owned(), script);
    }
}

/// What is to be run in the place of the image's own program, so that the databases come into being.
fn launched(
    cx: &mut Cx<'_>,
    recipe: &Recipe,
    databases: &[Child],
    args: Option<&[Spanned<crate::manifest::Text>]>,
) -> Option<(&'static [&'static str], Vec<String>)> {
    let launch = recipe.database.as_ref()?.launch.as_ref()?;
    let first = databases.first()?;
    if args.is_some() {
        cx.warning("no-effect", "with arguments of your own nobody makes the databases", first.span.clone(), "")
            .help("create them when your app starts, or in a step; references to them work as they are")
            .push();
        return None;
    }
    let lines = statements(cx, launch.statement, databases, "write the name itself").join(" ");
    Some((launch.command, launch.args.iter().map(|word| word.replace("{}", &lines)).collect()))
}

/// A statement for each database, whose name has to be known.
fn statements(cx: &mut Cx<'_>, statement: &str, databases: &[Child], help: &'static str) -> Vec<String> {
    let mut lines = Vec::new();
    for database in databases {
        match database.name.as_literal() {
            Some(name) => lines.push(statement.replace("{}", name)),
            None => cx
                .error("no-reference-here", "the name of this database must be known now", database.span.clone(), "")
                .help(help)
                .push(),
        }
    }
    lines
}
