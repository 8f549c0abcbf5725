//! Lists: repositories, tags of one, and what refers to a manifest.

use super::blobs::parse_digest;
use super::document::{Document, OCI_INDEX};
use super::failure::{Code, Failure};
use super::name::Name;
use super::reply::{self, FILTERS_APPLIED, Response};
use super::route::query;
use super::service::blocking;
use super::storage::{Pulled, Storage};
use hyper::body::Incoming;
use hyper::header::{CONTENT_TYPE, HeaderValue, LINK};
use hyper::{Request, StatusCode};
use serde_json::{Value, json};
use std::sync::Arc;

pub(super) async fn catalog(storage: &Arc<Storage>, request: &Request<Incoming>) -> Result<Response, Failure> {
    let page = Page::parse(request)?;
    let all = blocking(storage, Storage::repositories).await?;
    let (names, next) = page.cut(all);
    let response = reply::json(StatusCode::OK, &json!({ "repositories": names }));
    Ok(linked(response, "/v2/_catalog", next))
}

pub(super) async fn tags(storage: &Arc<Storage>, name: Name, request: &Request<Incoming>) -> Result<Response, Failure> {
    let page = Page::parse(request)?;
    let of = name.clone();
    let all = blocking(storage, move |storage| storage.tags(&of)).await?;
    let unknown = || Failure::new(Code::NameUnknown, "there is no such repository").detail(name.as_str());
    let (tags, next) = page.cut(all.ok_or_else(unknown)?);
    let response = reply::json(StatusCode::OK, &json!({ "name": name.as_str(), "tags": tags }));
    Ok(linked(response, &format!("/v2/{}/tags/list", name.as_str()), next))
}

pub(super) async fn referrers(
    storage: &Arc<Storage>,
    name: Name,
    digest: &str,
    request: &Request<Incoming>,
) -> Result<Response, Failure> {
    let digest = parse_digest(digest)?;
    let filter = query(request.uri().query(), "artifactType");
    let found = blocking(storage, move |storage| storage.referrers(&name, &digest)).await?;
    let wanted =
        |document: &Document| filter.as_ref().is_none_or(|filter| document.artifact_type.as_ref() == Some(filter));
    let manifests: Vec<Value> = found
        .iter()
        .filter(|(_, document)| wanted(document))
        .map(|(pulled, document)| entry(pulled, document))
        .collect();
    let index = json!({ "schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": manifests });
    let mut response = reply::json(StatusCode::OK, &index);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(OCI_INDEX));
    if filter.is_some() {
        response.headers_mut().insert(FILTERS_APPLIED, HeaderValue::from_static("artifactType"));
    }
    Ok(response)
}

fn entry(pulled: &Pulled, document: &Document) -> Value {
    let mut entry = json!({
        "mediaType": pulled.media_type,
        "digest": pulled.digest.to_string(),
        "size": pulled.bytes.len(),
    });
    if let Some(artifact_type) = &document.artifact_type {
        entry["artifactType"] = artifact_type.as_str().into();
    }
    if let Some(annotations) = &document.annotations {
        entry["annotations"] = json!(annotations);
    }
    entry
}

/// Which part of a list is asked for: at most `n` entries, those after `last`.
struct Page {
    limit: Option<usize>,
    last: Option<String>,
}

impl Page {
    fn parse(request: &Request<Incoming>) -> Result<Self, Failure> {
        let parameters = request.uri().query();
        let refuse = |text: String| {
            Failure::new(Code::PaginationNumberInvalid, "`n` is a number of entries, 0 or more").detail(text)
        };
        let limit = query(parameters, "n").map(|text| text.parse().map_err(|_| refuse(text))).transpose()?;
        Ok(Self { limit, last: query(parameters, "last") })
    }

    /// The entries of this page, and the query of the next one if there is more.
    fn cut(self, all: Vec<String>) -> (Vec<String>, Option<String>) {
        let Self { limit, last } = self;
        let mut rest: Vec<String> =
            all.into_iter().filter(|entry| last.as_ref().is_none_or(|last| entry > last)).collect();
        let Some(limit) = limit.filter(|limit| *limit < rest.len()) else { return (rest, None) };
        rest.truncate(limit);
        let next = rest.last().map(|last| {
            url::form_urlencoded::Serializer::new(String::new())
                .append_pair("n", &limit.to_string())
                .append_pair("last", last)
                .finish()
        });
        (rest, next)
    }
}

fn linked(mut response: Response, path: &str, next: Option<String>) -> Response {
    if let Some(next) = next {
        let link = reply::value(&format!("<{path}?{next}>; rel=\"next\""));
        response.headers_mut().insert(LINK, link);
    }
    response
}
