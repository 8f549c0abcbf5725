//! Finds the manifest: named by `-f`, or in the current folder and its parents.

use super::Error;
use crate::manifest::{Diagnostic, Format};
use std::path::{Path, PathBuf};

/// The names that are looked for, in this order.
const NAMES: [&str; 3] = ["apphost.toml", "apphost.yaml", "apphost.yml"];

/// A manifest that was found; it has not been read yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Located {
    pub path: PathBuf,
    /// How messages call it: as given, or relative to the current folder.
    pub display: String,
    pub format: Format,
    /// The manifest's folder, absolute: what relative paths are relative to.
    pub root: PathBuf,
}

/// Finds the manifest. `file` is relative to `current`; without it the folders from `current`
/// upwards are searched. Two manifests in one folder are an error, and so is none at all.
pub fn locate(file: Option<&Path>, current: &Path) -> Result<Located, Error> {
    match file {
        Some(file) => named(file, current),
        None => search(current),
    }
}

fn named(file: &Path, current: &Path) -> Result<Located, Error> {
    let path = current.join(file);
    if path.is_dir() {
        let help = match found_in(&path).first() {
            Some(name) => format!("name the file: `-f {}`", file.join(name).display()),
            None => "name the file itself, for example `-f apphost.toml`".to_owned(),
        };
        return Err(Error::invalid("manifest-is-a-folder", format!("`{}` is a folder", file.display()), help));
    }
    located(path, file.display().to_string())
}

fn search(current: &Path) -> Result<Located, Error> {
    for folder in current.ancestors() {
        let found = found_in(folder);
        match found.as_slice() {
            [] => {}
            [name] => {
                let path = folder.join(name);
                return located(path.clone(), relative(&path, current));
            }
            [first, second, ..] => {
                let (first, second) = (folder.join(first), folder.join(second));
                return Err(Error::invalid(
                    "two-manifests",
                    format!("two manifests: `{}` and `{}`", relative(&first, current), relative(&second, current)),
                    format!("name the one to use, for example `-f {}`, or delete the other", relative(&first, current)),
                ));
            }
        }
    }
    Err(Error::Invalid(vec![
        Diagnostic::error("no-manifest", format!("no manifest in `{}` or any folder above it", current.display()))
            .help(format!(
                "looked for {}; run `shipit init` to write one, or name it with `-f`",
                crate::util::text::list(NAMES)
            )),
    ]))
}

fn found_in(folder: &Path) -> Vec<&'static str> {
    NAMES.into_iter().filter(|name| folder.join(name).exists()).collect()
}

fn located(path: PathBuf, display: String) -> Result<Located, Error> {
    let format = match path.extension().and_then(|ending| ending.to_str()) {
        Some("toml") => Format::Toml,
        Some("yaml" | "yml" | "json") => Format::Yaml,
        _ => {
            return Err(Error::invalid(
                "manifest-ending",
                format!("cannot tell the syntax of `{display}` from its name"),
                "use a name that ends in `.toml`, `.yaml` or `.yml`",
            ));
        }
    };
    let path = std::path::absolute(&path).unwrap_or(path);
    let root = path.parent().map_or_else(|| path.clone(), Path::to_path_buf);
    Ok(Located { path, display, format, root })
}

/// `path` as seen from `current`, where that is shorter to read.
pub(super) fn relative(path: &Path, current: &Path) -> String {
    if let Ok(below) = path.strip_prefix(current) {
        return below.display().to_string();
    }
    for (up, folder) in current.ancestors().enumerate() {
        if let Ok(below) = path.strip_prefix(folder) {
            return Path::new(&"../".repeat(up)).join(below).display().to_string();
        }
    }
    path.display().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_shown_as_the_user_sees_it() {
        let show = |path: &str, current: &str| relative(Path::new(path), Path::new(current));
        assert_eq!(show("/a/b/apphost.toml", "/a/b"), "apphost.toml");
        assert_eq!(show("/a/apphost.toml", "/a/b/c"), "../../apphost.toml");
    }
}
