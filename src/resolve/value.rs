//! What an expression comes to.

use crate::model::{Filter, Name, Target};
use crate::util::{Secret, text};
use std::collections::BTreeMap;

/// The value of an expression, as far as it is known.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Known(String),
    /// Anything with a secret in it.
    Secret(Secret),
    /// Only a step that has not run yet knows all of it.
    Deferred(Deferred),
}

/// A text with gaps that steps fill, e.g. with the image of an app once it is pushed.
#[derive(Clone, Debug, PartialEq)]
pub struct Deferred {
    pub parts: Vec<DeferredPart>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum DeferredPart {
    Text(String),
    Secret(Secret),
    /// What a step will know.
    Output {
        target: Target,
        filter: Option<Filter>,
    },
}

impl Value {
    /// The text, secret or not. `None` while a part of it is deferred.
    pub fn as_secret(&self) -> Option<Secret> {
        match self {
            Self::Known(text) => Some(Secret::new(text)),
            Self::Secret(secret) => Some(secret.clone()),
            Self::Deferred(_) => None,
        }
    }

    pub fn is_secret(&self) -> bool {
        match self {
            Self::Known(_) => false,
            Self::Secret(_) => true,
            Self::Deferred(deferred) => deferred.parts.iter().any(|part| matches!(part, DeferredPart::Secret(_))),
        }
    }

    /// Puts in what is known by now: the images of apps that were pushed, by their names. An error
    /// is the first target that is still unknown.
    pub fn complete(&self, images: &BTreeMap<Name, String>) -> Result<Self, Target> {
        let Self::Deferred(deferred) = self else { return Ok(self.clone()) };
        let mut join = Joined::default();
        for part in &deferred.parts {
            match part {
                DeferredPart::Text(text) => join.text(text),
                DeferredPart::Secret(secret) => join.secret(secret.expose()),
                DeferredPart::Output { target, filter } => match target {
                    Target::App { name, property } if property == "image" && images.contains_key(name) => {
                        join.text(&filtered(&images[name], *filter));
                    }
                    _ => return Err(target.clone()),
                },
            }
        }
        Ok(join.finish())
    }
}

impl Deferred {
    /// The same with every part that is known a secret.
    pub(super) fn into_secret(self) -> Self {
        let hide = |part| match part {
            DeferredPart::Text(text) => DeferredPart::Secret(Secret::new(text)),
            other @ (DeferredPart::Secret(_) | DeferredPart::Output { .. }) => other,
        };
        Self { parts: self.parts.into_iter().map(hide).collect() }
    }
}

/// Puts the parts of an expression together; one secret makes the whole a secret.
#[derive(Default)]
pub(super) struct Joined {
    parts: Vec<DeferredPart>,
}

impl Joined {
    pub(super) fn text(&mut self, text: &str) {
        match self.parts.last_mut() {
            Some(DeferredPart::Text(before)) => before.push_str(text),
            _ => self.parts.push(DeferredPart::Text(text.to_owned())),
        }
    }

    pub(super) fn secret(&mut self, text: &str) {
        self.parts.push(DeferredPart::Secret(Secret::new(text)));
    }

    pub(super) fn output(&mut self, target: Target, filter: Option<Filter>) {
        self.parts.push(DeferredPart::Output { target, filter });
    }

    pub(super) fn deferred(&mut self, deferred: Deferred, outer: Option<Filter>) {
        for part in deferred.parts {
            match part {
                DeferredPart::Text(text) => self.text(&filtered(&text, outer)),
                DeferredPart::Secret(secret) => self.secret(&filtered(secret.expose(), outer)),
                DeferredPart::Output { target, filter } => self.output(target, filter.or(outer)),
            }
        }
    }

    /// In bytes, as far as it is known.
    pub(super) fn len(&self) -> usize {
        let length = |part: &DeferredPart| match part {
            DeferredPart::Text(text) => text.len(),
            DeferredPart::Secret(secret) => secret.expose().len(),
            DeferredPart::Output { .. } => 0,
        };
        self.parts.iter().map(length).sum()
    }

    pub(super) fn finish(self) -> Value {
        if self.parts.iter().any(|part| matches!(part, DeferredPart::Output { .. })) {
            return Value::Deferred(Deferred { parts: self.parts });
        }
        // Room for all of it: growing would leave copies of a secret behind.
        let mut whole = String::with_capacity(self.len());
        let mut is_secret = false;
        for part in &self.parts {
            match part {
                DeferredPart::Text(text) => whole.push_str(text),
                DeferredPart::Secret(secret) => {
                    is_secret = true;
                    whole.push_str(secret.expose());
                }
                DeferredPart::Output { .. } => {}
            }
        }
        if is_secret { Value::Secret(Secret::new(whole)) } else { Value::Known(whole) }
    }
}

/// The text after the filter of a reference.
pub(super) fn filtered(text: &str, filter: Option<Filter>) -> String {
    match filter {
        None => text.to_owned(),
        Some(Filter::Uri) => text::percent_encode(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_secret_makes_the_whole_a_secret() {
        let mut join = Joined::default();
        join.text("user:");
        assert_eq!(Joined::default().finish(), Value::Known(String::new()));
        join.secret("hunter2");
        join.text("@host");
        assert_eq!(join.finish(), Value::Secret(Secret::new("user:hunter2@host")));
    }

    #[test]
    fn a_gap_is_filled_once_the_image_is_pushed() {
        let api: Name = "api".parse().unwrap();
        let mut join = Joined::default();
        join.text("run ");
        join.output(Target::App { name: api.clone(), property: "image".to_owned() }, None);
        let value = join.finish();
        assert!(value.complete(&BTreeMap::new()).is_err());
        let images = BTreeMap::from([(api, "ghcr.io/shop/api@sha256:00".to_owned())]);
        assert_eq!(value.complete(&images), Ok(Value::Known("run ghcr.io/shop/api@sha256:00".to_owned())));
    }
}
