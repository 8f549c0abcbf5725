//! `state/<profile>.json`: values that were generated or typed.

use super::StateError;
use super::folder::{State, VERSION, read, write};
use crate::util::Secret;
use serde::Deserialize;
use serde_json::json;
use std::collections::BTreeMap;

const LOSS: &str = "generated passwords are lost, and new ones will not fit what was deployed with the old ones";

#[derive(Default, Deserialize)]
struct File {
    #[serde(default)]
    parameters: BTreeMap<String, String>,
}

impl State {
    /// The values of parameters that former runs generated or were told at a prompt, by name.
    pub fn parameters(&self) -> Result<BTreeMap<String, Secret>, StateError> {
        let file: File = read(&self.values_file(), LOSS)?;
        Ok(file.parameters.into_iter().map(|(name, value)| (name, Secret::new(value))).collect())
    }

    /// Keeps values for the next run, besides those that are there. Nothing is written if nothing
    /// is new.
    pub fn keep_parameters(&self, values: &BTreeMap<String, Secret>) -> Result<(), StateError> {
        let _changing = self.changing.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let mut all = self.parameters()?;
        if values.iter().all(|(name, value)| all.get(name) == Some(value)) {
            return Ok(());
        }
        all.extend(values.iter().map(|(name, value)| (name.clone(), value.clone())));
        let exposed: BTreeMap<&str, &str> = all.iter().map(|(name, value)| (name.as_str(), value.expose())).collect();
        write(&self.values_file(), &json!({ "version": VERSION, "parameters": exposed }))?;
        Ok(())
    }
}
