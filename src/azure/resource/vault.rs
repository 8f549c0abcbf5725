//! Where keys and passwords of other resources are kept: a vault of the manifest, or one of their own.

use super::azure_key_vault;
use super::making::{Making, NameRule};
use crate::azure::{Builder, Cx, Failure, Module, Value, VaultSecret};
use crate::manifest::{Span, Spanned};
use crate::model::resource::Azure;
use crate::model::{Name, Resource};

/// The vault of a resource that has keys or passwords.
#[derive(Clone, Debug)]
pub(super) struct Keeper<'r> {
    /// The module of the vault.
    vault: String,
    /// Whether it is made for this resource alone.
    is_own: bool,
    azure: &'r Azure,
    span: &'r Span,
}

/// The name of the secret with the connection string of a resource or a part of it.
pub(super) fn connection_string_of(key: &str) -> String {
    format!("connectionstrings--{key}")
}

impl<'r> Keeper<'r> {
    pub(super) fn of(resource: &'r Resource, azure: &'r Azure, written: Option<&Spanned<Name>>) -> Self {
        let own = format!("{}-kv", resource.name);
        let vault = written.map_or(own, |name| name.get_ref().to_string());
        Self { vault, is_own: written.is_none(), azure, span: &resource.span }
    }

    /// The module of the vault, where it is made for this resource alone.
    pub(super) fn modules(&self, cx: &Cx<'_>) -> Result<Vec<Module>, Failure> {
        if !self.is_own {
            return Ok(Vec::new());
        }
        azure_key_vault::own(cx, &self.vault, self.span, self.azure)
    }

    /// The vault's name in Azure, for a module that writes into it.
    pub(super) fn name(&self, making: &mut Making<'_>) -> Value {
        making.builder.output(&self.vault, "name")
    }

    /// A secret of it, for those who read it.
    pub(super) fn secret(&self, builder: &mut Builder<'_>, secret: &str) -> Option<VaultSecret> {
        let vault: Name = self.vault.parse().ok()?;
        let vault_uri = builder.output(&self.vault, "vaultUri");
        Some(VaultSecret { vault, secret: secret.to_owned(), vault_uri })
    }

    pub(super) fn vault(&self) -> &str {
        &self.vault
    }
}

/// See [`NameRule`].
pub(super) const NAME: NameRule = NameRule { most: 24, separator: "-", is_lower: false };
