//! The secrets of an app: values of secure parameters, and references to key vaults.

use crate::azure::{Lowered, Value};

/// The longest name of a secret.
const LENGTH: usize = 253;

/// Secrets by name, in the order in which they are needed.
#[derive(Debug, Default)]
pub(super) struct Secrets {
    list: Vec<(String, Value)>,
    /// The identity that reads key vaults.
    identity: Option<Value>,
    /// Something in a key vault is needed and nothing may read it.
    pub(super) lacks_identity: bool,
}

impl Secrets {
    pub(super) fn new(identity: Option<Value>) -> Self {
        Self { identity, ..Self::default() }
    }

    /// The name of a secret of this value, called after `wanted` where that is free.
    pub(super) fn add(&mut self, wanted: &str, lowered: &Lowered) -> String {
        let entry = self.entry(lowered);
        let base = clean(wanted);
        let mut name = base.clone();
        let mut number = 2;
        loop {
            match self.list.iter().find(|(known, _)| *known == name) {
                None => break,
                Some((_, known)) if *known == entry => return name,
                Some(_) => name = format!("{base}-{number}"),
            }
            number += 1;
        }
        self.list.push((name.clone(), entry));
        name
    }

    fn entry(&mut self, lowered: &Lowered) -> Value {
        let Some(vault) = &lowered.vault else {
            return Value::object([("value", secure(lowered))]);
        };
        if self.identity.is_none() {
            self.lacks_identity = true;
        }
        let mut address = crate::azure::Text::default();
        address.push(vault.vault_uri.clone());
        address.literal(&format!("secrets/{}", vault.secret));
        Value::object([
            ("keyVaultUrl", Value::from(address)),
            ("identity", self.identity.clone().unwrap_or_else(|| Value::from("system"))),
        ])
    }

    /// The section `secrets`.
    pub(super) fn data(&self) -> Value {
        let entries = self.list.iter().map(|(name, entry)| {
            let name = ("name".to_owned(), Value::from(name.as_str()));
            let Value::Object(entry) = entry else { return Value::Object(vec![name]) };
            Value::Object([name].into_iter().chain(entry.iter().cloned()).collect())
        });
        Value::Array(entries.collect())
    }
}

/// Bicep wants secure parameters in secure places; what is no secret is said to be a text of its own.
fn secure(lowered: &Lowered) -> Value {
    match &lowered.value {
        Value::Expression(code) if !lowered.is_secret => Value::expression(format!("string({code})")),
        other => other.clone(),
    }
}

/// Lower-case letters, digits, `-` and `.`, from a letter or digit to one.
fn clean(wanted: &str) -> String {
    let lower = wanted.chars().map(|c| match c {
        'a'..='z' | '0'..='9' | '.' => c,
        'A'..='Z' => c.to_ascii_lowercase(),
        _ => '-',
    });
    let lower: String = lower.take(LENGTH - 4).collect();
    let trimmed = lower.trim_matches(['-', '.']);
    if trimmed.is_empty() { "secret".to_owned() } else { trimmed.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_variables_and_never_two() {
        let mut secrets = Secrets::new(None);
        let one = Lowered::secret(Value::expression("a_value"));
        let other = Lowered::secret(Value::expression("b_value"));
        assert_eq!(secrets.add("DB_PASSWORD", &one), "db-password");
        assert_eq!(secrets.add("db-password", &one), "db-password");
        assert_eq!(secrets.add("Db.Password", &one), "db.password");
        assert_eq!(secrets.add("DB_PASSWORD", &other), "db-password-2");
        assert_eq!(secrets.add("__", &other), "secret");
        assert!(!secrets.lacks_identity);
    }
}
