//! Whom we speak plain HTTP with, and whose certificates we take.

use super::fake_registry::FakeRegistry;
use super::world::{client, repository};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use shipit::oci::{ErrorKind, Login, RegistryOptions};
use shipit::util::{FailureClass, Progress};
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

/// Certificate and key for `localhost`, signed by themselves, good for a hundred years.
const PEM: &[u8] = include_bytes!("../../support/self_signed.pem");

/// A TLS server that answers 200 to everything; it counts its connections.
struct Server {
    address: SocketAddr,
    connections: Arc<AtomicUsize>,
}

fn config() -> Arc<rustls::ServerConfig> {
    static CONFIG: OnceLock<Arc<rustls::ServerConfig>> = OnceLock::new();
    let make = || {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let certificate = CertificateDer::from_pem_slice(PEM).expect("a certificate");
        let key = PrivateKeyDer::from_pem_slice(PEM).expect("a key");
        let builder = rustls::ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        let builder = builder.expect("versions").with_no_client_auth();
        Arc::new(builder.with_single_cert(vec![certificate], key).expect("they fit"))
    };
    CONFIG.get_or_init(make).clone()
}

fn serve() -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("it is bound");
    let connections = Arc::new(AtomicUsize::new(0));
    let counter = connections.clone();
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            counter.fetch_add(1, Ordering::SeqCst);
            let session = rustls::ServerConnection::new(config()).expect("a session");
            let mut stream = rustls::StreamOwned::new(session, stream);
            // Whoever does not take the certificate breaks off here.
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}");
            stream.conn.send_close_notify();
            let _ = stream.flush();
        }
    });
    Server { address, connections }
}

fn options(endpoint: &str, insecure: bool) -> RegistryOptions {
    RegistryOptions {
        endpoint: endpoint.parse().expect(endpoint),
        login: Login::Anonymous,
        insecure,
        trust_realms: Vec::new(),
    }
}

#[tokio::test]
async fn a_certificate_that_nobody_knows_is_an_error_at_once() {
    let server = serve();
    let registry = client().registry(options(&server.address.to_string(), false));
    let error = registry.sign_in(&[repository("a")], &Progress::none()).await.expect_err("nobody knows it");
    assert_eq!((error.class, error.kind.clone()), (FailureClass::Permanent, ErrorKind::Tls), "{error}");
    assert!(error.message.contains("certificate") && error.help.is_some(), "{error}");
    // One that tried plain HTTP, one that saw the certificate.
    assert_eq!(server.connections.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn insecure_takes_any_certificate() {
    let server = serve();
    let registry = client().registry(options(&server.address.to_string(), true));
    registry.sign_in(&[repository("a")], &Progress::none()).await.expect("any certificate will do");
}

#[tokio::test]
async fn insecure_speaks_plain_http_where_there_is_no_tls() {
    let fake = FakeRegistry::start().await;
    let registry = client().registry(options(&fake.endpoint(), true));
    registry.sign_in(&[repository("a")], &Progress::none()).await.expect("plain HTTP will do");
}
