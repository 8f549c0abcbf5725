//! Files of apps: what is in them, and whether that is a secret.

use super::input::{Input, InputInfo, key};
use super::text::Text;
use super::workload::File;
use super::writer::Writer;
use crate::environment::lowering::{Lowering as _, Text as _};
use crate::model::{App, FileContent};
use crate::util::fs;

/// The most bytes of all plain files, or all secret ones, of an app: what one object takes
/// (Kubernetes, "ConfigMap" and "Secret": 1 MiB).
pub(super) const LIMIT: u64 = 1024 * 1024;

pub(super) fn of_app(lowering: &mut Writer<'_>, app: &App) -> Vec<File> {
    let mut files = Vec::new();
    for (index, file) in app.files.iter().enumerate() {
        let content = match &file.content {
            FileContent::Text(text) => lowering.lower(text),
            FileContent::From(from) if file.secret => {
                let about =
                    format!("What `{}` has at `{}`: the file `{}`.", app.name, file.path.get_ref(), from.get_ref());
                let mut info = InputInfo::plain(&["secrets", &key(&app.name), &format!("file_{index}")], about, None);
                info.secret = true;
                lowering.input(Input::File { app: app.name.clone(), path: from.get_ref().clone() }, info)
            }
            FileContent::From(from) => match read(lowering, from.get_ref()) {
                Ok(text) => Text::literal(text),
                Err(message) => {
                    lowering.error("file", message, &from.span(), "name a file of text beside the manifest");
                    continue;
                }
            },
        };
        files.push(File {
            path: file.path.get_ref().clone(),
            secret: file.secret || content.is_secret(&lowering.inputs),
            content,
            mode: file.mode.as_ref().map(|mode| *mode.get_ref()),
        });
    }
    for secret in [false, true] {
        let texts = files.iter().filter(|file| file.secret == secret).filter_map(|file| file.content.as_literal());
        let bytes: usize = texts.map(str::len).sum();
        if bytes as u64 > LIMIT
            && let Some(first) = app.files.first()
        {
            let message = format!("the files of `{}` are too long: Kubernetes takes 1 MiB", app.name);
            lowering.error("too-long", message, &first.span, "put them into the image, or on a volume");
        }
    }
    files
}

fn read(lowering: &Writer<'_>, path: &str) -> Result<String, String> {
    let content = fs::read(&lowering.cx.root.join(path), LIMIT)
        .map_err(|error| format!("`{path}` cannot be read: {}", error.source))?;
    String::from_utf8(content.bytes).map_err(|_| format!("`{path}` is no text in UTF-8"))
}
