//! What a run pushed: for the terminal, for programs and for `.shipit/images.json`.

use serde::Serialize;

/// One image under one tag in one registry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PushedImage {
    pub app: String,
    /// `endpoint/repository/name:tag`
    pub reference: String,
    /// `sha256:…`
    pub digest: String,
    /// The registry had it under this tag already; nothing was sent.
    pub unchanged: bool,
    /// Bytes that were sent for this registry, shared by the tags of one push.
    pub bytes_sent: u64,
}
