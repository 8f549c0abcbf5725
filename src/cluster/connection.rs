//! The connection to a cluster: requests, tried again where that may help.

use super::error::{is_mistyped, is_passing};
use super::kubeconfig::Context;
use super::{Error, catalogue::Catalogue};
use crate::render::yaml;
use crate::util::retry::{Retry, RetryPolicy, WaitBudget, spoken};
use crate::util::{FailureClass, Progress};
use hyper::{Method, Request};
use kube::config::KubeConfigOptions;
use kube::core::Status;
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::OnceCell;

/// How long one request may take.
const REQUEST_LIMIT: Duration = Duration::from_secs(45);
const CONNECT_LIMIT: Duration = Duration::from_secs(10);
/// The most that all requests of a connection may wait for better times.
const WAIT_LIMIT: Duration = Duration::from_secs(300);

/// A cluster that is spoken to.
pub struct Cluster {
    client: kube::Client,
    context: String,
    server: String,
    pub(super) catalogue: Catalogue,
    version: OnceCell<String>,
    budget: Arc<WaitBudget>,
    progress: Progress,
}

/// One request.
pub(super) struct Call<'c> {
    pub(super) method: Method,
    /// With its query.
    pub(super) path: String,
    /// The media type and the content.
    pub(super) body: Option<(&'static str, &'c Value)>,
    /// What it is for, as in `may not list pods`.
    pub(super) act: String,
}

/// Why a request came to nothing: what the cluster said, or that it said nothing.
#[derive(Debug)]
pub(super) enum Refusal {
    Status(Box<Status>),
    Other(Error),
}

impl<'c> Call<'c> {
    pub(super) fn get(path: impl Into<String>, act: impl Into<String>) -> Self {
        Self { method: Method::GET, path: path.into(), body: None, act: act.into() }
    }

    pub(super) fn with(method: Method, path: String, kind: &'static str, body: &'c Value, act: String) -> Self {
        Self { method, path, body: Some((kind, body)), act }
    }
}

impl Cluster {
    /// Prepares the connection; nothing is sent yet.
    pub async fn connect(context: &Context, progress: Progress) -> Result<Self, Error> {
        let setup = |cause: String| Error::Setup { context: context.name.clone(), cause };
        let options = KubeConfigOptions { context: Some(context.name.clone()), ..KubeConfigOptions::default() };
        let config = kube::Config::from_custom_kubeconfig(context.config.clone(), &options).await;
        let mut config = config.map_err(|error| setup(error.to_string()))?;
        config.connect_timeout = Some(CONNECT_LIMIT);
        // Requests are tried again here, and only here.
        config.default_retry = false;
        let server = config.cluster_url.to_string().trim_end_matches('/').to_owned();
        let client = kube::Client::try_from(config).map_err(|error| match sign_in(&error) {
            Some(cause) => Error::SignIn { context: context.name.clone(), cause },
            None => setup(chain(&error)),
        })?;
        Ok(Self {
            client,
            context: context.name.clone(),
            server,
            catalogue: Catalogue::default(),
            version: OnceCell::new(),
            budget: WaitBudget::new(WAIT_LIMIT),
            progress,
        })
    }

    /// What the cluster calls its version, e.g. `v1.33.2`: shows that it answers and takes the credentials.
    pub async fn version(&self) -> Result<&str, Error> {
        let version = self.version.get_or_try_init(|| async {
            let version = self.get("/version", "say its version").await?;
            Ok(super::object::text(&version, "/gitVersion").unwrap_or("of an unknown version").to_owned())
        });
        version.await.map(String::as_str)
    }

    pub fn context(&self) -> &str {
        &self.context
    }

    pub(super) fn progress(&self) -> &Progress {
        &self.progress
    }

    /// What is at a path.
    pub(super) async fn get(&self, path: &str, act: &str) -> Result<Value, Error> {
        let call = Call::get(path, act);
        self.send(&call).await.map_err(|refusal| self.error(refusal, &call.act))
    }

    /// What is at a path; `None` where there is nothing.
    pub(super) async fn find(&self, path: &str, act: &str) -> Result<Option<Value>, Error> {
        let call = Call::get(path, act);
        match self.send(&call).await {
            Ok(found) => Ok(Some(found)),
            Err(Refusal::Status(status)) if status.code == 404 => Ok(None),
            Err(refusal) => Err(self.error(refusal, &call.act)),
        }
    }

    /// Text at a path, such as a log.
    pub(super) async fn text(&self, path: &str, act: &str) -> Result<String, Error> {
        let request = build(&Call::get(path, act));
        let sent = tokio::time::timeout(REQUEST_LIMIT, self.client.request_text(request)).await;
        match sent {
            Ok(Ok(text)) => Ok(text),
            Ok(Err(error)) => Err(self.error(self.refusal(error), act)),
            Err(_) => Err(self.silent()),
        }
    }

    /// Sends a request until it is answered or there is no use in it. All that are sent may be repeated:
    /// they read, apply or delete.
    pub(super) async fn send(&self, call: &Call<'_>) -> Result<Value, Refusal> {
        let policy =
            RetryPolicy { tries: 5, first_wait: Duration::from_millis(400), longest_wait: Duration::from_secs(10) };
        let mut retry = Retry::new(policy, self.budget.clone());
        loop {
            let sent = tokio::time::timeout(REQUEST_LIMIT, self.client.request::<Value>(build(call))).await;
            let refusal = match sent {
                Ok(Ok(value)) => return Ok(value),
                Ok(Err(error)) => self.refusal(error),
                Err(_) => Refusal::Other(self.silent()),
            };
            let asked = match &refusal {
                Refusal::Status(status) if is_passing(status.code) && !is_mistyped(status) => status
                    .details
                    .as_ref()
                    .filter(|details| details.retry_after_seconds > 0)
                    .map(|details| Duration::from_secs(details.retry_after_seconds.into())),
                Refusal::Other(error) if error.class() == FailureClass::Passing => None,
                Refusal::Status(_) | Refusal::Other(_) => return Err(refusal),
            };
            let Ok(wait) = retry.after_failure(asked) else { return Err(refusal) };
            let why = match &refusal {
                Refusal::Status(status) => status.message.clone(),
                Refusal::Other(error) => error.to_string(),
            };
            let (turn, tries) = (wait.failures, wait.tries);
            self.progress.notice(format!("{why}; again in {} ({turn}/{tries})", spoken(wait.duration)));
            tokio::time::sleep(wait.duration).await;
        }
    }

    /// A refusal that nobody has a better word for.
    pub(super) fn error(&self, refusal: Refusal, act: &str) -> Error {
        let status = match refusal {
            Refusal::Other(error) => return error,
            Refusal::Status(status) => status,
        };
        match status.code {
            401 => Error::Unauthorized { context: self.context.clone() },
            403 => {
                let (context, act) = (self.context.clone(), act.to_owned());
                Error::Forbidden { context, act, message: status.message }
            }
            code => Error::Api { act: act.to_owned(), code, message: status.message },
        }
    }

    fn refusal(&self, error: kube::Error) -> Refusal {
        if let kube::Error::Api(status) = error {
            return Refusal::Status(status);
        }
        if let Some(cause) = sign_in(&error) {
            return Refusal::Other(Error::SignIn { context: self.context.clone(), cause });
        }
        let cause = innermost(&error);
        let server = self.server.clone();
        Refusal::Other(match error {
            kube::Error::SerdeError(_) => {
                Error::Away { server, cause: "what it says is not the API of Kubernetes".to_owned() }
            }
            _ if cause.contains("certificate") => Error::Certificate { server, cause },
            _ => Error::Away { server, cause },
        })
    }

    fn silent(&self) -> Error {
        let cause = format!("no answer within {}", spoken(REQUEST_LIMIT));
        Error::Away { server: self.server.clone(), cause }
    }
}

fn build(call: &Call<'_>) -> Request<Vec<u8>> {
    let mut request = Request::builder().method(call.method.clone()).uri(&call.path);
    request = request.header("accept", "application/json");
    let body = match call.body {
        Some((kind, body)) => {
            request = request.header("content-type", kind);
            // Readers of YAML break lines at, or refuse, characters that JSON leaves as they are.
            let text = if kind == super::apply::APPLY { yaml::document(body) } else { body.to_string() };
            text.into_bytes()
        }
        None => Vec::new(),
    };
    request.body(body).expect("paths are made of encoded names")
}

/// What went wrong while credentials were fetched, if it was that.
fn sign_in(error: &(dyn std::error::Error + 'static)) -> Option<String> {
    let mut chain = std::iter::successors(Some(error), |error| error.source());
    let found = chain.find_map(|error| error.downcast_ref::<kube::client::AuthError>())?;
    Some(match found {
        kube::client::AuthError::AuthExecRun { cmd, out } => {
            let said = String::from_utf8_lossy(&out.stderr);
            // The command holds arguments of the user's; its name is enough.
            let name = cmd.split_whitespace().next().unwrap_or("the plugin").trim_matches('"');
            format!("`{name}` ended with {}: {}", out.status, said.trim())
        }
        other => other.to_string(),
    })
}

fn innermost(error: &(dyn std::error::Error + 'static)) -> String {
    let last = std::iter::successors(Some(error), |error| error.source()).last();
    last.map_or_else(String::new, ToString::to_string)
}

/// An error with its causes, on one line.
fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source()).map(ToString::to_string);
    causes.collect::<Vec<_>>().join(": ")
}

impl std::fmt::Debug for Cluster {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cluster").field("context", &self.context).finish_non_exhaustive()
    }
}
