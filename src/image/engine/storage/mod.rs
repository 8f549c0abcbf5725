//! The folder in which an engine on this machine keeps images, read past the engine.
//!
//! `docker save` copies every layer of an image into a temporary folder before it sends the first
//! byte. Who may read the engine's folder needs none of that, and gets single layers. Nothing found
//! here is believed: a configuration is checked against the image's id, and who reads a layer
//! compares its digest with what the configuration says. Whatever is odd is an error, for `save`
//! does the same, slower. Reads only; knows no registry.
//!
//! [`Storage`] is the main type.

mod beneath;
mod classic;
mod content;
mod locate;
mod tar_split;

pub use classic::{Classic, StoredImage, StoredLayer};
pub use content::ContentStore;
pub use locate::Storage;
