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
