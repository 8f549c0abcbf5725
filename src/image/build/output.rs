//! What an engine sends while it builds: lines of JSON, cut out of the stream with a bound.

use super::BuildError;
use crate::image::engine::{EngineError, Reply, cause};
use bollard::models::BuildInfo;
use bytes::BytesMut;

/// The longest line that is taken, in bytes: an engine cuts its output long before.
const LINE_LIMIT: usize = 16 * 1024 * 1024;
const ACT: &str = "build the image";

/// The messages of a build, in order.
#[derive(Debug)]
pub(super) struct Output {
    reply: Reply,
    buffer: BytesMut,
    /// How much of the buffer is known to hold no end of a line.
    searched: usize,
    ended: bool,
}

impl Output {
    pub(super) fn new(reply: Reply) -> Self {
        Self { reply, buffer: BytesMut::new(), searched: 0, ended: false }
    }

    /// The next message; `None` at the end.
    pub(super) async fn next(&mut self) -> Result<Option<BuildInfo>, BuildError> {
        while let Some(line) = self.line().await? {
            if !line.trim_ascii().is_empty() {
                let message = serde_json::from_slice(&line);
                return Ok(Some(message.map_err(|error| EngineError::nonsense(ACT, error))?));
            }
        }
        Ok(None)
    }

    async fn line(&mut self) -> Result<Option<BytesMut>, EngineError> {
        loop {
            if let Some(end) = self.buffer[self.searched..].iter().position(|byte| *byte == b'\n') {
                let line = self.buffer.split_to(self.searched + end + 1);
                self.searched = 0;
                return Ok(Some(line));
            }
            self.searched = self.buffer.len();
            if self.ended {
                self.searched = 0;
                return Ok(Some(self.buffer.split()).filter(|line| !line.is_empty()));
            }
            if self.buffer.len() > LINE_LIMIT {
                return Err(EngineError::nonsense(ACT, "a line of its output has no end"));
            }
            match self.reply.chunk().await {
                Ok(Some(chunk)) => self.buffer.extend_from_slice(&chunk),
                Ok(None) => self.ended = true,
                Err(error) => return Err(EngineError::closed(ACT, cause(&error))),
            }
        }
    }
}

/// The engine's words, if the message says that the build failed.
pub(super) fn failure(message: &BuildInfo) -> Option<&str> {
    message.error_detail.as_ref()?.message.as_deref()
}
