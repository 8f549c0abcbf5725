//! Who is let in, what is refused, and how it ends.

use super::client::{Registry, loopback};
use shipit::oci::server::Server;
use shipit::ops::LocalRegistry;
use std::io::ErrorKind;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_util::sync::CancellationToken;

#[tokio::test]
async fn the_base_says_which_api_this_is() {
    let registry = Registry::start();
    for path in ["/v2/", "/v2"] {
        let answer = registry.get(path).await.expect(200);
        assert_eq!(answer.header("docker-distribution-api-version"), "registry/2.0");
        assert_eq!(answer.body, "{}");
    }
}

#[tokio::test]
async fn only_loopback_is_served() {
    let folder = tempfile::tempdir().unwrap();
    for address in ["0.0.0.0:0", "[::]:0", "192.168.0.1:0"] {
        let error = Server::bind(folder.path(), address.parse().unwrap()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert!(error.to_string().contains("not a loopback address"), "{error}");
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "nothing was touched");
}

#[tokio::test]
async fn a_name_that_only_leads_to_loopback_is_refused() {
    let registry = Registry::start();
    for host in ["evil.example", "evil.example:80", "localhost.evil.example", "192.168.0.1", "", "a@localhost"] {
        let answer = registry.send("GET", "/v2/", &[("host", host)], "").await;
        answer.refused(403, "DENIED");
    }
    for host in ["localhost", "LOCALHOST:5000", "127.0.0.1", "127.1.2.3:80", "[::1]:5000"] {
        registry.send("GET", "/v2/", &[("host", host)], "").await.expect(200);
    }
    let twice = [("host", "localhost"), ("host", "localhost")];
    registry.send("GET", "/v2/", &twice, "").await.refused(400, "DENIED");
    registry.send("GET", "http://evil.example/v2/", &[("host", "localhost")], "").await.refused(403, "DENIED");
}

#[tokio::test]
async fn a_web_page_cannot_push() {
    let registry = Registry::start();
    let page = [("origin", "http://evil.example")];
    registry.send("POST", "/v2/a/blobs/uploads/", &page, "").await.refused(403, "DENIED");
    assert!(!registry.root().join("repositories").exists());
}

#[tokio::test]
async fn names_cannot_lead_out_of_the_folder() {
    let registry = Registry::start();
    for name in ["../a", "a/../b", "%2e%2e", "a%2f..%2fb", "_uploads", "a/_blobs", "A", "a//b", "a%00"] {
        let answer = registry.post(&format!("/v2/{name}/blobs/uploads/"), "").await;
        answer.refused(400, "NAME_INVALID");
    }
    assert!(!registry.root().join("repositories").exists());
}

#[tokio::test]
async fn other_methods_and_paths_are_unsupported() {
    let registry = Registry::start();
    let answer = registry.put("/v2/", "").await.refused(405, "UNSUPPORTED");
    assert_eq!(answer.header("allow"), "GET, HEAD");
    registry.get("/v2/a/blobs/uploads/").await.refused(405, "UNSUPPORTED");
    registry.delete("/v2/a/tags/list").await.refused(405, "UNSUPPORTED");
    registry.get("/").await.refused(404, "UNSUPPORTED");
    registry.get("/v2/a/unknown").await.refused(404, "UNSUPPORTED");
}

#[tokio::test]
async fn a_folder_is_held_by_one_server() {
    let registry = Registry::start();
    let error = Server::bind(registry.root(), loopback()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ResourceBusy);
    let message = error.to_string();
    assert!(message.contains("in use by another shipit"), "{message}");
    assert!(message.contains(&format!("process {}", std::process::id())), "{message}");
    let folder = registry.stop().await;
    Server::bind(folder.path(), loopback()).unwrap();
}

#[tokio::test]
async fn a_taken_port_is_named() {
    let registry = Registry::start();
    let folder = tempfile::tempdir().unwrap();
    let error = Server::bind(folder.path(), registry.address).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::AddrInUse);
    assert!(error.to_string().contains(&registry.address.to_string()), "{error}");
}

#[tokio::test]
async fn the_end_lets_a_request_finish_and_waits_for_no_idle_connection() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::bind(folder.path(), loopback()).unwrap();
    let (address, shutdown) = (server.local_addr(), CancellationToken::new());
    let task = tokio::spawn(server.serve(shutdown.clone()));
    let _idle = TcpStream::connect(address).await.unwrap();
    let mut busy = TcpStream::connect(address).await.unwrap();
    let head = "POST /v2/a/blobs/uploads/?digest=sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824 \
                HTTP/1.1\r\nhost: localhost\r\ncontent-length: 5\r\nexpect: 100-continue\r\n\r\n";
    busy.write_all(head.as_bytes()).await.unwrap();
    // The interim answer shows that the request is under way.
    let mut interim = [0; 25];
    busy.read_exact(&mut interim).await.unwrap();
    assert!(interim.starts_with(b"HTTP/1.1 100 Continue"), "{}", String::from_utf8_lossy(&interim));
    shutdown.cancel();
    busy.write_all(b"hello").await.unwrap();
    let mut answer = String::new();
    busy.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    let began = Instant::now();
    task.await.unwrap().unwrap();
    assert!(began.elapsed() < Duration::from_secs(4), "an idle connection held the server");
}

#[tokio::test]
async fn a_server_ends_when_its_folder_is_removed() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("registry");
    let listener = std::net::TcpListener::bind(loopback()).unwrap();
    let server = Server::listening(&root, listener).unwrap();
    let address = server.local_addr();
    let serving = tokio::spawn(server.serve(CancellationToken::new()));
    drop(TcpStream::connect(address).await.unwrap());
    std::fs::remove_dir_all(&root).unwrap();
    tokio::time::timeout(Duration::from_secs(20), serving).await.expect("it ends").unwrap().unwrap();
    assert!(TcpStream::connect(address).await.is_err());
}

#[test]
fn two_projects_that_start_together_get_two_ports() {
    let folder = tempfile::tempdir().unwrap();
    let registry = |name: &str| LocalRegistry::new(folder.path().join(name), None);
    let (one, two) = (registry("one"), registry("two"));
    let ports = [one.reserve_port().unwrap(), two.reserve_port().unwrap()];
    assert_ne!(ports[0], ports[1]);
    // A port that the manifest asks for is refused as long as somebody has it.
    let third = LocalRegistry::new(folder.path().join("three"), Some(ports[0]));
    let refusal = format!("{:?}", third.reserve_port().unwrap_err());
    assert!(refusal.contains(&format!("port {} is taken by another program", ports[0])), "{refusal}");
    drop(one);
    assert_eq!(third.reserve_port().unwrap(), ports[0]);
}
