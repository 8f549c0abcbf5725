//! Looks through a whole context before anything of it is sent.

use super::ContextError;
use super::walk::{Filter, Kind, Walk};
use rustix::fs::Access;
use std::path::Path;

/// The most that is listed of one kind of mistake.
const LISTED: usize = 50;

/// The permission to read, of owner, group and others.
const READABLE: u32 = 0o444;

/// What a context holds.
#[derive(Debug, Default)]
pub struct Scan {
    pub files: u64,
    pub bytes: u64,
    /// Sockets, pipes and devices: the path and what it is. At most fifty.
    pub special: Vec<(String, &'static str)>,
    /// What cannot be read or named. At most fifty.
    pub errors: Vec<ContextError>,
    /// Files that usually hold secrets. At most fifty.
    pub sensitive: Vec<String>,
}

/// Walks everything that a builder may ask for. Reads no file.
pub fn scan(context: &Path, filter: Filter) -> Scan {
    let mut scan = Scan::default();
    for entry in Walk::new(context, filter) {
        match entry {
            Ok(entry) => {
                if is_sensitive(&entry.path) && entry.kind != Kind::Folder {
                    push(&mut scan.sensitive, entry.path.clone());
                }
                match entry.kind {
                    Kind::File { size } => {
                        scan.files += 1;
                        scan.bytes += size;
                        // What everybody may read needs no question of its own: half of the time.
                        let is_open = entry.mode & READABLE == READABLE;
                        if !is_open && let Err(error) = rustix::fs::access(context.join(&entry.path), Access::READ_OK) {
                            let error = ContextError::Io { act: "read", path: entry.path, error: error.into() };
                            push(&mut scan.errors, error);
                        }
                    }
                    Kind::Special(kind) => push(&mut scan.special, (entry.path, kind)),
                    Kind::Folder | Kind::Link { .. } => {}
                }
            }
            Err(error) => push(&mut scan.errors, error),
        }
    }
    scan
}

fn push<T>(list: &mut Vec<T>, item: T) {
    if list.len() < LISTED {
        list.push(item);
    }
}

/// Names that are nearly always secrets: `.env` and its stages but not its examples, private keys.
fn is_sensitive(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
    let example = ["example", "sample", "template", "dist"].iter().any(|end| name.ends_with(end));
    let env = name == ".env" || name.starts_with(".env.") && !example;
    let key = matches!(name.as_str(), "id_rsa" | "id_dsa" | "id_ecdsa" | "id_ed25519" | ".netrc" | ".pgpass");
    env || key || [".pem", ".pfx", ".p12"].iter().any(|end| name.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_known_by_their_names() {
        for name in [".env", "a/.env.production", "deep/tls.PEM", ".ssh/id_ed25519", "x.pfx"] {
            assert!(is_sensitive(name), "{name}");
        }
        for name in [".env.example", "env", "pem", ".environment", "id_rsa.pub", "a.env.ts"] {
            assert!(!is_sensitive(name), "{name}");
        }
    }
}
