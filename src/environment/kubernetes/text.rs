//! Texts of objects: what is known now, values of the chart, and what only the deployment knows.

use super::input::{Input, Inputs};
use crate::environment::lowering;
use crate::model::ParameterType;
use crate::util::text::{hex, percent_encode};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;

/// A text of an object.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Text {
    pieces: Vec<Piece>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Literal(String),
    Value {
        input: Input,
        encoding: Encoding,
    },
    Fact(Fact),
    /// What a registry is signed in to with, as `docker login` writes it.
    Login(Box<Login>),
    /// The first hexadecimal digits of the SHA-256 of a text.
    Digest {
        of: Box<Text>,
        digits: usize,
    },
    /// What changes when a file of the chart does; elsewhere when the text does.
    FileSum {
        file: String,
        of: Box<Text>,
    },
}

/// How a value is put in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Encoding {
    Plain,
    /// Percent-encoded (RFC 3986).
    Uri,
    /// For the kubelet, which puts variables in for `$(NAME)` and makes `$` of `$$`.
    Dollars,
}

/// What Helm knows of a release.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fact {
    Release,
    Service,
    Version,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Login {
    pub(super) server: Text,
    pub(super) username: Text,
    pub(super) password: Text,
}

/// What texts are filled in with.
pub(super) trait Known {
    /// `None`: nobody said it.
    fn value(&self, input: &Input) -> Option<&str>;
    fn fact(&self, fact: Fact) -> &str;
}

impl lowering::Text for Text {
    fn literal(text: impl Into<String>) -> Self {
        Self { pieces: vec![Piece::Literal(text.into())] }
    }

    fn append(&mut self, other: Self) {
        for piece in other.pieces {
            match (self.pieces.last_mut(), piece) {
                (Some(Piece::Literal(text)), Piece::Literal(more)) => text.push_str(&more),
                (_, piece) => self.pieces.push(piece),
            }
        }
    }
}

impl Text {
    pub(super) fn value(input: Input) -> Self {
        Self { pieces: vec![Piece::Value { input, encoding: Encoding::Plain }] }
    }

    pub(super) fn fact(fact: Fact) -> Self {
        Self { pieces: vec![Piece::Fact(fact)] }
    }

    pub(super) fn login(login: Login) -> Self {
        Self { pieces: vec![Piece::Login(Box::new(login))] }
    }

    pub(super) fn digest(of: Self, digits: usize) -> Self {
        Self { pieces: vec![Piece::Digest { of: Box::new(of), digits }] }
    }

    pub(super) fn file_sum(file: impl Into<String>, of: Self) -> Self {
        Self { pieces: vec![Piece::FileSum { file: file.into(), of: Box::new(of) }] }
    }

    /// Percent-encoded.
    pub(super) fn encoded(self) -> Self {
        self.put_in(Encoding::Uri, percent_encode)
    }

    /// As a word of a program's arguments, where the kubelet looks for `$(NAME)`.
    pub(super) fn argument(self) -> Self {
        match self.as_literal() {
            Some(text) if !text.contains("$(") && !text.contains("$$") => self,
            Some(_) | None => self.put_in(Encoding::Dollars, |text| text.replace('$', "$$")),
        }
    }

    fn put_in(self, how: Encoding, literal: impl Fn(&str) -> String) -> Self {
        let piece = |piece| match piece {
            Piece::Literal(text) => Piece::Literal(literal(&text)),
            // What is percent-encoded has no dollar.
            Piece::Value { input, encoding: Encoding::Uri } => Piece::Value { input, encoding: Encoding::Uri },
            Piece::Value { input, .. } => Piece::Value { input, encoding: how },
            other @ (Piece::Fact(_) | Piece::Login(_) | Piece::Digest { .. } | Piece::FileSum { .. }) => other,
        };
        Self { pieces: self.pieces.into_iter().map(piece).collect() }
    }

    /// The text, if nothing of it is known only later.
    pub(super) fn as_literal(&self) -> Option<&str> {
        match self.pieces.as_slice() {
            [] => Some(""),
            [Piece::Literal(text)] => Some(text),
            _ => None,
        }
    }

    /// The values that it needs.
    pub(super) fn inputs(&self) -> Vec<&Input> {
        let mut found = Vec::new();
        for piece in &self.pieces {
            match piece {
                Piece::Value { input, .. } => found.push(input),
                Piece::Login(login) => {
                    for text in [&login.server, &login.username, &login.password] {
                        found.extend(text.inputs());
                    }
                }
                Piece::Digest { of, .. } | Piece::FileSum { of, .. } => found.extend(of.inputs()),
                Piece::Literal(_) | Piece::Fact(_) => {}
            }
        }
        found
    }

    /// Whether it gives a secret away. A digest gives nothing away.
    pub(super) fn is_secret(&self, inputs: &Inputs) -> bool {
        self.pieces.iter().any(|piece| match piece {
            Piece::Value { input, .. } => inputs.get(input).is_some_and(|info| info.secret),
            Piece::Login(_) => true,
            Piece::Literal(_) | Piece::Fact(_) | Piece::Digest { .. } | Piece::FileSum { .. } => false,
        })
    }

    /// The whole text; `Err`: what is not known.
    pub(super) fn fill(&self, known: &dyn Known) -> Result<String, Vec<Input>> {
        let (mut filled, mut missing) = (String::new(), Vec::new());
        for piece in &self.pieces {
            match piece {
                Piece::Literal(text) => filled.push_str(text),
                Piece::Fact(fact) => filled.push_str(known.fact(*fact)),
                Piece::Value { input, encoding } => match (known.value(input), encoding) {
                    (Some(value), Encoding::Plain) => filled.push_str(value),
                    (Some(value), Encoding::Uri) => filled.push_str(&percent_encode(value)),
                    (Some(value), Encoding::Dollars) => filled.push_str(&value.replace('$', "$$")),
                    (None, _) => missing.push(input.clone()),
                },
                Piece::Login(login) => match login.fill(known) {
                    Ok(text) => filled.push_str(&text),
                    Err(inputs) => missing.extend(inputs),
                },
                Piece::Digest { of, digits } => match of.fill(known) {
                    Ok(text) => filled.extend(sum(&text).chars().take(*digits)),
                    Err(inputs) => missing.extend(inputs),
                },
                // What is missing in it is missing where it is used, and said there.
                Piece::FileSum { of, .. } => filled.push_str(&sum(&of.fill(known).unwrap_or_default())),
            }
        }
        if missing.is_empty() { Ok(filled) } else { Err(missing) }
    }

    /// As a scalar of YAML in a template of Helm's; `Err`: it is this text and needs no template.
    pub(super) fn template(&self, inputs: &Inputs) -> Result<String, &str> {
        match self.as_literal() {
            Some(text) if !text.contains("{{") => Err(text),
            _ => Ok(format!("{{{{ {} | quote }}}}", self.operand(inputs, false))),
        }
    }

    /// As an operand in a template; in brackets where it is inside of another.
    fn operand(&self, inputs: &Inputs, is_inner: bool) -> String {
        let code = match self.pieces.as_slice() {
            [] => return "\"\"".to_owned(),
            [piece] => piece.code(inputs),
            pieces => {
                let (mut format, mut arguments) = (String::new(), String::new());
                for piece in pieces {
                    if let Piece::Literal(text) = piece {
                        format.push_str(&text.replace('%', "%%"));
                    } else {
                        format.push_str("%s");
                        let code = piece.code(inputs);
                        let is_word = !code.contains(' ');
                        let _ = if is_word { write!(arguments, " {code}") } else { write!(arguments, " ({code})") };
                    }
                }
                format!("printf {}{arguments}", quote(&format))
            }
        };
        if is_inner && code.contains(' ') && !code.starts_with('"') { format!("({code})") } else { code }
    }
}

impl Piece {
    fn code(&self, inputs: &Inputs) -> String {
        match self {
            Self::Literal(text) => quote(text),
            Self::Fact(Fact::Release) => ".Release.Name".to_owned(),
            Self::Fact(Fact::Service) => ".Release.Service".to_owned(),
            Self::Fact(Fact::Version) => ".Chart.AppVersion".to_owned(),
            Self::Value { input, encoding } => {
                let mut code = inputs.path(input);
                match inputs.get(input).map_or(ParameterType::String, |info| info.kind) {
                    ParameterType::String => {}
                    // A number of YAML is one with a point to Helm, and would be written as 1e+06.
                    ParameterType::Int => code.push_str(" | int64 | toString"),
                    ParameterType::Bool => code.push_str(" | toString"),
                }
                code.push_str(match encoding {
                    Encoding::Plain => "",
                    Encoding::Uri => " | urlquery | replace \"+\" \"%20\"",
                    Encoding::Dollars => " | replace \"$\" \"$$\"",
                });
                code
            }
            Self::Login(login) => {
                let [server, username, password] =
                    [&login.server, &login.username, &login.password].map(|text| text.operand(inputs, true));
                format!(
                    "dict \"auths\" (dict {server} (dict \"auth\" (printf \"%s:%s\" {username} {password} | b64enc) \
                     \"password\" {password} \"username\" {username})) | toRawJson"
                )
            }
            Self::Digest { of, digits } => format!("{} | sha256sum | trunc {digits}", of.operand(inputs, false)),
            Self::FileSum { file, .. } => {
                format!("include (print $.Template.BasePath {}) . | sha256sum", quote(&format!("/{file}")))
            }
        }
    }
}

impl Login {
    fn fill(&self, known: &dyn Known) -> Result<String, Vec<Input>> {
        let [server, username, password] = [&self.server, &self.username, &self.password].map(|it| it.fill(known));
        match (server, username, password) {
            (Ok(server), Ok(username), Ok(password)) => {
                let auth = STANDARD.encode(format!("{username}:{password}"));
                let login = json!({ "auth": auth, "password": password, "username": username });
                Ok(json!({ "auths": { server: login } }).to_string())
            }
            (server, username, password) => {
                Err([server, username, password].into_iter().filter_map(Result::err).flatten().collect())
            }
        }
    }
}

fn sum(text: &str) -> String {
    hex(&Sha256::digest(text))
}

/// As an interpreted string of Go (The Go Programming Language Specification, "String literals").
fn quote(text: &str) -> String {
    let mut quoted = String::from('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                quoted.push('\\');
                quoted.push(c);
            }
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            ' '..='~' => quoted.push(c),
            _ if u32::from(c) > 0xffff => write!(quoted, "\\U{:08x}", u32::from(c)).expect("writing to a String"),
            _ if c.is_alphanumeric() => quoted.push(c),
            _ => write!(quoted, "\\u{:04x}", u32::from(c)).expect("writing to a String"),
        }
    }
    quoted.push('"');
    quoted
}
