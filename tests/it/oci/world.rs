//! What the tests of the client share.

use super::fake_registry::FakeRegistry;
use bytes::Bytes;
use shipit::oci::{Blob, Client, ClientOptions, Login, Registry, RegistryOptions, Repository};
use shipit::util::{Progress, Secret, Update};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Short waits, everything else as in life.
pub(super) fn options() -> ClientOptions {
    ClientOptions { first_wait: Duration::from_millis(10), ..ClientOptions::default() }
}

pub(super) fn client() -> Client {
    Client::new(options()).expect("a client")
}

pub(super) fn password(word: &str) -> Login {
    Login::Password {
        username: "user".into(),
        password: Secret::new(word),
        origin: "~/.docker/config.json (auths)".into(),
    }
}

pub(super) fn at(client: &Client, endpoint: &str, login: Login) -> Registry {
    let endpoint = endpoint.parse().expect(endpoint);
    client.registry(RegistryOptions { endpoint, login, insecure: false, trust_realms: Vec::new() })
}

pub(super) fn open(fake: &FakeRegistry) -> Registry {
    at(&client(), &fake.endpoint(), Login::Anonymous)
}

pub(super) fn repository(name: &str) -> Repository {
    name.parse().expect(name)
}

/// Content that is not the same twice in a row.
pub(super) fn blob(size: usize) -> Blob {
    Blob::from_bytes(content(size))
}

pub(super) fn content(size: usize) -> Bytes {
    (0..size).map(|index| (index * 31 + index / 251) as u8).collect::<Vec<_>>().into()
}

/// Notices and details as they come.
pub(super) fn listen() -> (Progress, Arc<Mutex<Vec<String>>>) {
    let heard = Arc::new(Mutex::new(Vec::new()));
    let sink = heard.clone();
    let progress = Progress::new(move |update| {
        let line = match update {
            Update::Notice(text) => text,
            Update::Detail(text) => format!("detail: {text}"),
            Update::TaskFinished { note, .. } => format!("finished: {note:?}"),
            Update::TaskStarted { .. } | Update::TaskAdvanced { .. } | Update::Log(_) => return,
        };
        sink.lock().expect("no test panics while it holds this").push(line);
    });
    (progress, heard)
}
