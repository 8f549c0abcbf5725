//! Azure roles that apps may be given. Ids: "Azure built-in roles", Microsoft Learn.

/// A built-in role.
#[derive(Debug, PartialEq, Eq)]
pub struct Role {
    /// As Azure shows it, for example `Storage Blob Data Reader`.
    pub name: &'static str,
    /// Of its definition, the same in all of Azure. For a service that keeps roles of its own it is
    /// what that service calls the role.
    pub id: &'static str,
}

/// Of Azure Container Registry.
pub const REGISTRY_ROLES: &[Role] = &[
    Role { name: "AcrPull", id: "7f951dda-4ed3-4680-a7ca-43fe172d538d" },
    Role { name: "AcrPush", id: "8311e382-0749-4cb8-b61a-304f252e45ec" },
    Role { name: "AcrDelete", id: "c2f4ef07-c644-48eb-af81-4b1b4947fb11" },
    Role { name: "AcrImageSigner", id: "6cef56e8-d556-48e5-a04f-b8e64114680f" },
    Role { name: "AcrQuarantineReader", id: "cdda3590-29a3-44f6-95f2-9f980659eb04" },
    Role { name: "AcrQuarantineWriter", id: "c8d4ff99-41c3-41a8-9f60-21dfdad59608" },
];

impl Role {
    /// Its name without spaces, as it stands in identifiers.
    pub fn identifier(&self) -> String {
        self.name.chars().filter(char::is_ascii_alphanumeric).collect()
    }

    /// Whether a text means this role: its name in any spelling, or its id.
    pub fn is_called(&self, text: &str) -> bool {
        normal(text) == normal(self.name) || text.eq_ignore_ascii_case(self.id)
    }
}

fn normal(text: &str) -> String {
    text.chars().filter(|c| !matches!(c, ' ' | '-' | '_')).map(|c| c.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_is_known_by_any_spelling_of_its_name() {
        let role = Role { name: "Storage Blob Data Reader", id: "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1" };
        for name in ["Storage Blob Data Reader", "storage-blob-data-reader", "StorageBlobDataReader", role.id] {
            assert!(role.is_called(name), "{name}");
        }
        assert!(!role.is_called("Storage Blob Data Owner"));
        assert_eq!(role.identifier(), "StorageBlobDataReader");
    }
}
