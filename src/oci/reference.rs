//! The grammar of image names, as the distribution project has it.

/// Host and port of a registry, without a scheme, e.g. `ghcr.io`, `localhost:5000`, `[::1]:5000`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Endpoint(String);

/// Path of a repository in its registry, e.g. `owner/shop/api`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Repository(String);

/// `[\w][\w.-]{0,127}`
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tag(String);

/// `endpoint/repository[:tag][@digest]`; the endpoint is always written.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reference {
    pub endpoint: Endpoint,
    pub repository: Repository,
    pub tag: Option<Tag>,
    pub digest: Option<super::Digest>,
}
