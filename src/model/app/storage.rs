//! What is mounted into an app's containers.

use super::Memory;
use crate::manifest::{Span, Spanned};
use crate::model::Expression;

#[derive(Clone, Debug)]
pub struct Volume {
    pub span: Span,
    pub source: VolumeSource,
    /// Where it is mounted; absolute.
    pub path: Spanned<String>,
    pub read_only: bool,
    /// Default: the target's.
    pub size: Option<Spanned<Memory>>,
}

#[derive(Clone, Debug)]
pub enum VolumeSource {
    /// Kept by name for as long as the environment is.
    Named(Spanned<String>),
    /// A folder or file of the machine, relative to the manifest's folder.
    Folder(Spanned<String>),
    /// Gone with the replica.
    Temporary,
}

/// A file that is put into the container.
#[derive(Clone, Debug)]
pub struct File {
    pub span: Span,
    /// Where it is; absolute.
    pub path: Spanned<String>,
    pub content: FileContent,
    /// Permission bits; default: the target's.
    pub mode: Option<Spanned<u32>>,
    /// Kept as a secret whatever it holds.
    pub secret: bool,
}

#[derive(Clone, Debug)]
pub enum FileContent {
    Text(Expression),
    /// A file, relative to the manifest's folder; text, without references.
    From(Spanned<String>),
}
