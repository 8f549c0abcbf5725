//! Paths and queries of the distribution API, read strictly.

use super::failure::{Code, Failure};
use super::name::Name;

/// What a path asks for. Parts that depend on the method to judge stay text.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Route {
    Base,
    Catalog,
    Blob { name: Name, digest: String },
    Uploads { name: Name },
    Upload { name: Name, id: String },
    Manifest { name: Name, reference: String },
    Tags { name: Name },
    Referrers { name: Name, digest: String },
}

impl Route {
    /// Reads a path from its end, because a repository may itself be called `blobs/uploads`.
    pub(super) fn parse(path: &str) -> Result<Self, Failure> {
        let unknown = || {
            Failure::new(Code::Unsupported, "this is not a path of the distribution API")
                .status(hyper::StatusCode::NOT_FOUND)
        };
        let rest = path.strip_prefix("/v2").ok_or_else(unknown)?;
        if matches!(rest, "" | "/") {
            return Ok(Self::Base);
        }
        let rest = rest.strip_prefix('/').ok_or_else(unknown)?;
        let parts: Vec<String> = rest.split('/').map(decode).collect::<Option<_>>().ok_or_else(unknown)?;
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        match parts.as_slice() {
            ["_catalog"] => Ok(Self::Catalog),
            [name @ .., "blobs", "uploads"] | [name @ .., "blobs", "uploads", ""] => {
                Ok(Self::Uploads { name: parse_name(name)? })
            }
            [name @ .., "blobs", "uploads", id] => Ok(Self::Upload { name: parse_name(name)?, id: (*id).to_owned() }),
            [name @ .., "blobs", digest] => Ok(Self::Blob { name: parse_name(name)?, digest: (*digest).to_owned() }),
            [name @ .., "manifests", reference] => {
                Ok(Self::Manifest { name: parse_name(name)?, reference: (*reference).to_owned() })
            }
            [name @ .., "tags", "list"] => Ok(Self::Tags { name: parse_name(name)? }),
            [name @ .., "referrers", digest] => {
                Ok(Self::Referrers { name: parse_name(name)?, digest: (*digest).to_owned() })
            }
            _ => Err(unknown()),
        }
    }
}

fn parse_name(parts: &[&str]) -> Result<Name, Failure> {
    let name = parts.join("/");
    // A part with an encoded slash would otherwise become two.
    let valid = parts.iter().all(|part| !part.contains('/'));
    if valid { parse_repository(&name) } else { Err(invalid_name(&name)) }
}

pub(super) fn parse_repository(text: &str) -> Result<Name, Failure> {
    Name::parse(text).ok_or_else(|| invalid_name(text))
}

fn invalid_name(text: &str) -> Failure {
    Failure::new(Code::NameInvalid, "a repository's name is lower-case words, joined by `.`, `_`, `-` and `/`")
        .detail(text)
}

/// Undoes `%xx`; `None` where that is broken or not UTF-8.
fn decode(part: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(part.len());
    let mut rest = part.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        rest = tail;
        if first != b'%' {
            bytes.push(first);
            continue;
        }
        let digits = std::str::from_utf8(tail.get(..2)?).ok()?;
        bytes.push(u8::from_str_radix(digits, 16).ok().filter(|_| !digits.starts_with('+'))?);
        rest = &tail[2..];
    }
    String::from_utf8(bytes).ok()
}

/// The first value of a key in a query.
pub(super) fn query(query: Option<&str>, key: &str) -> Option<String> {
    url::form_urlencoded::parse(query?.as_bytes()).find(|(name, _)| name == key).map(|(_, value)| value.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn route(path: &str) -> Option<Route> {
        Route::parse(path).ok()
    }

    fn name(text: &str) -> Name {
        Name::parse(text).unwrap()
    }

    #[test]
    fn a_repository_may_be_called_like_a_part_of_the_api() {
        assert_eq!(route("/v2/a/blobs/blobs/uploads/"), Some(Route::Uploads { name: name("a/blobs") }));
        assert_eq!(
            route("/v2/blobs/uploads/manifests/list"),
            Some(Route::Manifest { name: name("blobs/uploads"), reference: "list".to_owned() })
        );
        assert_eq!(route("/v2/tags/tags/list"), Some(Route::Tags { name: name("tags") }));
    }

    #[test]
    fn encoded_parts_are_decoded_but_make_no_new_parts() {
        assert_eq!(
            route("/v2/a/blobs/sha256%3Aab"),
            Some(Route::Blob { name: name("a"), digest: "sha256:ab".to_owned() })
        );
        assert_eq!(route("/v2/a%2Fb/tags/list"), None);
        assert_eq!(route("/v2/%2e%2e/tags/list"), None);
        assert_eq!(route("/v2/a%/tags/list"), None);
        assert_eq!(route("/v2/a%+1/tags/list"), None);
    }

    #[test]
    fn other_paths_are_unknown() {
        for path in ["/", "/v1/", "/v2x", "/v2/a", "/v2//tags/list", "/v2/../etc/tags/list", "/v2/tags/list"] {
            assert_eq!(route(path), None, "{path}");
        }
        assert_eq!(route("/v2"), Some(Route::Base));
        assert_eq!(route("/v2/"), Some(Route::Base));
    }
}
