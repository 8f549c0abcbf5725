//! Which network a build gets.

use super::{Engine, EngineError};
use hyper::Method;

impl Engine {
    /// Whether the engine has the network that BuildKit gives to `RUN` where nobody asks for another.
    /// An engine started with `--bridge none` has not; what it gives to a container is `none`.
    /// Asked once; where the engine refuses to say, the build itself will tell.
    pub(crate) async fn has_bridge(&self) -> bool {
        let ask = || async {
            let answer = self.http.ask("look for the bridge network", Method::GET, "/networks/bridge").await;
            !matches!(answer, Err(EngineError::Answer { status: 404, .. }))
        };
        *self.bridge.get_or_init(ask).await
    }
}
