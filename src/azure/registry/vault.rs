//! Addresses of what is in a Key Vault.

use super::super::{Builder, Text, Value};
use crate::model::{Expression, Part};

/// How the hosts of vaults end in the public cloud; other clouds have others.
const SUFFIX: &str = ".vault.azure.net";

/// An address, with the ending of its host left to the cloud that it is deployed to.
pub(super) fn address(builder: &mut Builder<'_>, expression: &Expression) -> Value {
    let mut text = Text::default();
    for part in &expression.parts {
        match part {
            Part::Literal(literal) => match literal.split_once(SUFFIX) {
                Some((before, after)) => {
                    text.literal(before);
                    text.expression("environment().suffixes.keyvaultDns");
                    text.literal(after);
                }
                None => text.literal(literal),
            },
            Part::Reference(_) => {
                let alone = Expression { parts: vec![part.clone()], span: expression.span.clone() };
                text.push(builder.lower(&alone).value);
            }
        }
    }
    Value::from(text)
}
