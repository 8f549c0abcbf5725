//! What things are called in Azure: valid, short enough, the same on every run, and never the same for
//! two things.

use crate::azure::{Value, is_keyword};
use crate::model::Name;
use crate::render::bicep;
use crate::util::text::short_hash;

/// Characters of a container app's name (Microsoft Learn, "Naming rules and restrictions for Azure
/// resources").
pub(super) const APP_LENGTH: usize = 32;
/// Characters that `uniqueString` gives.
const UNIQUE_LENGTH: usize = 13;
/// Words that stand for something else in a module.
const TAKEN: &[&str] = &["location", "tags"];

/// The name of a container app.
pub(super) fn app(name: &Name) -> String {
    let lower = name.as_str().to_ascii_lowercase();
    let cut = lower.get(..APP_LENGTH).unwrap_or(&lower);
    cut.trim_end_matches('-').to_owned()
}

/// A name of the manifest as an identifier that clashes with no word of a module.
pub(super) fn symbol(name: &str) -> String {
    let symbol = bicep::identifier(name);
    if TAKEN.contains(&symbol.as_str()) || is_keyword(&symbol) { format!("{symbol}_") } else { symbol }
}

/// Lower-case letters and digits of a name.
pub(super) fn letters(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

/// `take('<name><ending><unique>', limit)`, unique in Azure. A name that is too long for the unique part
/// is cut and becomes part of what makes it unique.
pub(super) fn unique(name: &str, ending: &str, limit: usize) -> Value {
    let room = limit.saturating_sub(UNIQUE_LENGTH + ending.len());
    let letters = letters(name);
    Value::expression(if letters.len() <= room {
        format!("take('{letters}{ending}${{uniqueString(resourceGroup().id)}}', {limit})")
    } else {
        format!(
            "take('{}{ending}${{uniqueString(resourceGroup().id, {})}}', {limit})",
            &letters[..room],
            bicep::quote(name)
        )
    })
}

/// A name of lower-case letters, digits and single hyphens, of at most `limit` characters. What had to
/// be changed for that gets a number made of the whole, so that two names stay two.
pub(super) fn plain(text: &str, limit: usize) -> String {
    let mut name = String::new();
    for c in text.chars() {
        if c.is_ascii_alphanumeric() {
            name.push(c.to_ascii_lowercase());
        } else if !name.is_empty() && !name.ends_with('-') {
            name.push('-');
        }
    }
    let name = name.trim_end_matches('-');
    if name == text && name.len() <= limit && name.len() >= 3 {
        return name.to_owned();
    }
    let room = limit.saturating_sub(9);
    let cut = name.get(..room).unwrap_or(name).trim_end_matches('-');
    let hash = short_hash(text);
    if cut.is_empty() { format!("v{hash}") } else { format!("{cut}-{hash}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_kept_where_they_can_be() {
        assert_eq!(plain("api-data", 63), "api-data");
        assert_eq!(plain("Data_1", 63), format!("data-1-{}", short_hash("Data_1")));
        assert_ne!(plain("data.1", 63), plain("data_1", 63));
        assert_eq!(plain("a", 63), format!("a-{}", short_hash("a")));
        let long = plain(&"x".repeat(80), 63);
        assert_eq!(long.len(), 63);
        assert_ne!(long, plain(&"x".repeat(81), 63));
    }

    #[test]
    fn the_unique_part_is_never_cut_off() {
        assert_eq!(unique("my-env", "", 24).code(), "take('myenv${uniqueString(resourceGroup().id)}', 24)");
        assert_eq!(
            unique("production-europe", "sv", 24).code(),
            "take('productiosv${uniqueString(resourceGroup().id, 'production-europe')}', 24)"
        );
    }

    #[test]
    fn an_app_has_at_most_32_characters() {
        let name = |text: &str| app(&text.parse().unwrap());
        assert_eq!(name("Api"), "api");
        assert_eq!(name("a-name-that-is-longer-than-32-ch-x"), "a-name-that-is-longer-than-32-ch");
        assert_eq!(name("a-name-that-is-longer-than-32-c-x"), "a-name-that-is-longer-than-32-c");
    }
}
