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

macro_rules! checked {
    ($type:ident, $check:expr, $why:literal) => {
        impl std::str::FromStr for $type {
            type Err = NameError;

            fn from_str(text: &str) -> Result<Self, NameError> {
                let check: fn(&str) -> bool = $check;
                if check(text) { Ok(Self(text.to_owned())) } else { Err(NameError($why)) }
            }
        }

        impl $type {
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
    };
}

/// Why a text is no part of an image's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NameError(&'static str);

checked!(Endpoint, |text| !text.is_empty() && !text.contains(['/', '@', ' ']), "is not `host[:port]`");
checked!(
    Repository,
    |text| !text.is_empty() && text.chars().all(|c| matches!(c, 'a'..='z' | '0'..='9' | '.' | '_' | '-' | '/')),
    "repository names are lower-case"
);
checked!(
    Tag,
    |text| !text.is_empty()
        && text.len() <= 128
        && !text.starts_with(['-', '.'])
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "_.-".contains(c)),
    "is not a tag"
);
