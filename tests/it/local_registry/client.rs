//! A registry in a temporary folder, and a client that sends exactly what a test says.

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::header::{CONTENT_TYPE, HOST, HeaderMap, LOCATION};
use hyper_util::rt::TokioIo;
use sha2::{Digest as _, Sha256};
use shipit::oci::server::Server;
use std::net::SocketAddr;
use std::path::Path;
use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

pub(super) const OCI_MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
pub(super) const OCI_INDEX: &str = "application/vnd.oci.image.index.v1+json";
pub(super) const DOCKER_MANIFEST: &str = "application/vnd.docker.distribution.manifest.v2+json";

pub(super) struct Registry {
    pub(super) address: SocketAddr,
    folder: TempDir,
    shutdown: CancellationToken,
    task: JoinHandle<std::io::Result<()>>,
}

#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

impl Registry {
    pub(super) fn start() -> Self {
        Self::start_in(tempfile::tempdir().unwrap())
    }

    pub(super) fn start_in(folder: TempDir) -> Self {
        let server = Server::bind(folder.path(), loopback()).unwrap();
        let (address, shutdown) = (server.local_addr(), CancellationToken::new());
        let task = tokio::spawn(server.serve(shutdown.clone()));
        Self { address, folder, shutdown, task }
    }

    pub(super) fn root(&self) -> &Path {
        self.folder.path()
    }

    pub(super) async fn stop(self) -> TempDir {
        self.shutdown.cancel();
        self.task.await.unwrap().unwrap();
        self.folder
    }

    pub(super) async fn restart(self) -> Self {
        Self::start_in(self.stop().await)
    }

    pub(super) async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[], "").await
    }

    pub(super) async fn head(&self, path: &str) -> Answer {
        self.send("HEAD", path, &[], "").await
    }

    pub(super) async fn delete(&self, path: &str) -> Answer {
        self.send("DELETE", path, &[], "").await
    }

    pub(super) async fn post(&self, path: &str, body: impl Into<Bytes>) -> Answer {
        self.send("POST", path, &[], body).await
    }

    pub(super) async fn patch(&self, path: &str, body: impl Into<Bytes>) -> Answer {
        self.send("PATCH", path, &[], body).await
    }

    pub(super) async fn chunk(&self, path: &str, range: &str, body: impl Into<Bytes>) -> Answer {
        self.send("PATCH", path, &[("content-range", range)], body).await
    }

    pub(super) async fn put(&self, path: &str, body: impl Into<Bytes>) -> Answer {
        self.send("PUT", path, &[], body).await
    }

    /// Sends one request on a connection of its own. `Host` is the registry's unless it is given.
    pub(super) async fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Bytes>,
    ) -> Answer {
        let stream = TcpStream::connect(self.address).await.unwrap();
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.unwrap();
        let connection = tokio::spawn(connection);
        let mut request = hyper::Request::builder().method(method).uri(path);
        if !headers.iter().any(|(name, _)| *name == HOST.as_str()) {
            request = request.header(HOST, self.address.to_string());
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = sender.send_request(request.body(Full::new(body.into())).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        connection.abort();
        Answer { status: parts.status.as_u16(), headers: parts.headers, body }
    }

    /// Opens an upload and gives its path.
    pub(super) async fn open_upload(&self, repository: &str) -> String {
        let answer = self.post(&format!("/v2/{repository}/blobs/uploads/"), "").await;
        answer.expect(202).location()
    }

    pub(super) async fn push_blob(&self, repository: &str, content: &[u8]) -> String {
        let digest = digest(content);
        let upload = self.open_upload(repository).await;
        self.put(&format!("{upload}?digest={digest}"), content.to_vec()).await.expect(201);
        digest
    }

    pub(super) async fn put_manifest(&self, repository: &str, reference: &str, kind: &str, text: &str) -> Answer {
        let path = format!("/v2/{repository}/manifests/{reference}");
        self.send("PUT", &path, &[(CONTENT_TYPE.as_str(), kind)], text.to_owned()).await
    }

    /// Pushes an image with one layer; gives its manifest.
    pub(super) async fn push_image(&self, repository: &str, tag: &str, layer: &[u8]) -> String {
        self.push_blob(repository, b"{}").await;
        self.push_blob(repository, layer).await;
        let text = image(b"{}", &[layer], "");
        self.put_manifest(repository, tag, OCI_MANIFEST, &text).await.expect(201);
        text
    }
}

impl Answer {
    #[track_caller]
    pub(super) fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", String::from_utf8_lossy(&self.body));
        self
    }

    /// Checks a refusal: its status and the code of the error document.
    #[track_caller]
    pub(super) fn refused(self, status: u16, code: &str) -> Self {
        let answer = self.expect(status);
        assert_eq!(answer.header("content-type"), "application/json");
        let document = answer.json();
        assert_eq!(document["errors"][0]["code"], code, "{document}");
        assert!(document["errors"][0]["message"].is_string());
        answer
    }

    #[track_caller]
    pub(super) fn header(&self, name: &str) -> &str {
        self.headers.get(name).unwrap_or_else(|| panic!("no header {name}: {:?}", self.headers)).to_str().unwrap()
    }

    #[track_caller]
    pub(super) fn location(&self) -> String {
        self.header(LOCATION.as_str()).to_owned()
    }

    #[track_caller]
    pub(super) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

pub(super) fn loopback() -> SocketAddr {
    "127.0.0.1:0".parse().unwrap()
}

pub(super) fn digest(content: &[u8]) -> String {
    let hex: String = Sha256::digest(content).iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256:{hex}")
}

pub(super) fn descriptor(media_type: &str, content: &[u8]) -> String {
    format!(r#"{{"mediaType":"{media_type}","digest":"{}","size":{}}}"#, digest(content), content.len())
}

/// The text of an image manifest; `extra` is put at its end.
pub(super) fn image(config: &[u8], layers: &[&[u8]], extra: &str) -> String {
    let layers: Vec<String> =
        layers.iter().map(|layer| descriptor("application/vnd.oci.image.layer.v1.tar", layer)).collect();
    let config = descriptor("application/vnd.oci.image.config.v1+json", config);
    format!(r#"{{"schemaVersion":2,"config":{config},"layers":[{}]{extra}}}"#, layers.join(","))
}

pub(super) fn index(manifests: &[&str]) -> String {
    let manifests: Vec<String> = manifests.iter().map(|text| descriptor(OCI_MANIFEST, text.as_bytes())).collect();
    format!(r#"{{"schemaVersion":2,"mediaType":"{OCI_INDEX}","manifests":[{}]}}"#, manifests.join(","))
}
