//! The parameters of `POST /build`, which both builders share.

use super::run::Job;
use std::collections::BTreeMap;
use url::form_urlencoded::Serializer;

/// The path of the request; `more` is what tells the builders apart.
pub(super) fn path(job: &Job<'_>, dockerfile: &str, more: &[(&str, &str)]) -> String {
    let Job { spec, platform, network, tag, .. } = job;
    let mut query = Serializer::new(String::new());
    query.append_pair("t", tag);
    query.append_pair("dockerfile", dockerfile);
    query.append_pair("rm", "1");
    query.append_pair("forcerm", "1");
    let mut optional = |name: &str, value: Option<&str>| {
        if let Some(value) = value {
            query.append_pair(name, value);
        }
    };
    optional("target", spec.target.as_deref());
    optional("platform", *platform);
    optional("networkmode", *network);
    optional("nocache", spec.no_cache.then_some("1"));
    optional("pull", spec.pull.then_some("1"));
    optional("buildargs", map(&spec.build_args).as_deref());
    optional("labels", map(&spec.labels).as_deref());
    let cache_from = serde_json::Value::from(spec.cache_from.clone()).to_string();
    optional("cachefrom", (!spec.cache_from.is_empty()).then_some(&cache_from));
    query.extend_pairs(more);
    format!("/build?{}", query.finish())
}

fn map(map: &BTreeMap<String, String>) -> Option<String> {
    let object: serde_json::Map<_, _> = map.iter().map(|(name, value)| (name.clone(), value.as_str().into())).collect();
    (!object.is_empty()).then(|| serde_json::Value::Object(object).to_string())
}
