//! What was built is not built again: the last build of each app, and whether it would be the same now.
//!
//! A builder that is asked for what it has built already takes a fraction of a second to find that out,
//! for each app. It is not asked where nothing that an image is made of has changed: the Dockerfile, the
//! ignore file, every setting, every file that would be sent (as git sees it: by its size, times and
//! inode, and by its content if it changed a moment before), and the images that it begins with, by
//! their ids in this engine. Then the image that was built is the result, if the engine still has it. What
//! it is called is no part of that: it is given the app's tag where it does not have it.
//!
//! Whatever is in doubt is built: a wrong image is worse than a lost second. That is so for `no-cache`
//! and `pull`, several platforms, other builders, Dockerfiles with `ADD` of a URL, `# syntax=` or
//! here-documents, an image that is not in the engine, and engines that ask the registry for a tag in
//! every build.

mod inquiry;
mod record;
mod sources;

pub use record::BuildMemory;
pub(super) use sources::Loaded;
