//! The small files around a build, read once.

use crate::image::BuildSpec;
use crate::image::build::BuildError;
use crate::image::context::{ContextError, Prepared};
use std::path::Path;

/// The Dockerfile and the ignore file beside it.
#[derive(Clone, Debug)]
pub(in crate::image::build) struct Inputs {
    /// The Dockerfile's own name.
    pub(in crate::image::build) name: String,
    pub(in crate::image::build) dockerfile: Vec<u8>,
    /// Name and content of `<Dockerfile>.dockerignore`, if that is the one that counts.
    pub(in crate::image::build) ignore: Option<(String, Vec<u8>)>,
}

impl Inputs {
    pub(in crate::image::build) fn read(spec: &BuildSpec, prepared: &Prepared) -> Result<Self, BuildError> {
        let name = file_name(&spec.dockerfile)?;
        let dockerfile = read(&spec.dockerfile)?;
        let own = format!("{name}.dockerignore");
        let ignore = match &prepared.ignore {
            Some(file) if file.path.file_name().is_some_and(|name| *name == *own) => Some((own, read(&file.path)?)),
            _ => None,
        };
        Ok(Self { name, dockerfile, ignore })
    }

    /// The Dockerfile as text, for messages.
    pub(in crate::image::build) fn text(&self) -> String {
        String::from_utf8_lossy(&self.dockerfile).into_owned()
    }
}

fn file_name(path: &Path) -> Result<String, BuildError> {
    let name = path.file_name().and_then(|name| name.to_str());
    let error = || ContextError::Name { path: path.display().to_string() };
    Ok(name.ok_or_else(error).map_err(BuildError::Sending)?.to_owned())
}

fn read(path: &Path) -> Result<Vec<u8>, BuildError> {
    std::fs::read(path)
        .map_err(|error| BuildError::Sending(ContextError::Io { act: "read", path: path.display().to_string(), error }))
}
