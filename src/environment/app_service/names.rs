//! Names in Azure: unique in the world or in the resource group, and short enough.

use crate::azure::Value;
use crate::util::text;

/// `<name>-<what>-<13 characters of the resource group>`, at most so long. For what takes lower-case
/// letters, digits and hyphens.
pub(super) fn unique_name(name: &str, what: &str, most: usize) -> Value {
    let separator = if what.is_empty() { "" } else { "-" };
    let stem = stem(name, most - 14 - what.len() - separator.len());
    Value::expression(format!("'{stem}{separator}{what}-${{uniqueString(resourceGroup().id)}}'"))
}

/// A name in lower case that is no longer than that; what is cut off is replaced by a digest of all.
pub(super) fn stem(name: &str, most: usize) -> String {
    let name = name.to_ascii_lowercase();
    if name.len() <= most {
        return name;
    }
    format!("{}-{}", name[..most - 9].trim_end_matches('-'), text::short_hash(&name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_stay_different() {
        assert_eq!(stem("Api", 46), "api");
        let one = stem(&format!("{}-a", "x".repeat(60)), 46);
        let other = stem(&format!("{}-b", "x".repeat(60)), 46);
        assert_eq!((one.len(), other.len()), (46, 46));
        assert_ne!(one, other);
        assert_eq!(unique_name("env", "mi", 128).code(), "'env-mi-${uniqueString(resourceGroup().id)}'");
        assert_eq!(unique_name("env", "", 60).code(), "'env-${uniqueString(resourceGroup().id)}'");
    }
}
