//! The JSON Schema of a manifest, for editors.

/// The schema.
pub fn schema() -> serde_json::Value {
    serde_json::Value::Null
}
