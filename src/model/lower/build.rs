//! How an image is built and what it is called: paths, platforms, the grammar of image names.

use super::{Cx, show, values};
use crate::manifest::{Severity, Spanned};
use crate::model::written::{self, PullWord};
use crate::model::{Build, Expression, Part, Platform, Pull};
use crate::oci;
use crate::oci::ReferenceError;
use crate::util::text;
use std::path::{Component, Path};
use std::str::FromStr;

/// Stands for a reference where the grammar of the text around it is checked: it may be part of a
/// host, a port, a repository and a tag.
const PLACEHOLDER: &str = "1";

/// Platforms that Docker's own images are built for, with their variants (containerd, "platforms").
const PLATFORMS: &[(&str, &str, &[&str])] = &[
    ("linux", "amd64", &["v1", "v2", "v3", "v4"]),
    ("linux", "arm64", &["v8", "v9"]),
    ("linux", "arm", &["v5", "v6", "v7", "v8"]),
    ("linux", "386", &[]),
    ("linux", "ppc64le", &[]),
    ("linux", "s390x", &[]),
    ("linux", "riscv64", &[]),
    ("linux", "loong64", &[]),
    ("linux", "mips64", &[]),
    ("linux", "mips64le", &[]),
    ("windows", "amd64", &[]),
    ("windows", "arm64", &[]),
    ("freebsd", "amd64", &[]),
    ("freebsd", "arm64", &[]),
];

/// What other tools call an architecture.
const ALIASES: &[(&str, &str)] = &[
    ("x86_64", "amd64"),
    ("x86-64", "amd64"),
    ("x64", "amd64"),
    ("aarch64", "arm64"),
    ("armhf", "arm/v7"),
    ("i386", "386"),
];

pub(super) fn lower(cx: &mut Cx<'_>, written: &written::App) -> Option<Build> {
    if let Some(files) = &written.files_from {
        cx.error("not-supported", "this version does not support `files-from` yet", files.span(), "")
            .help("copy the files in the Dockerfile, with a stage that builds them")
            .push();
    }
    if let Some(cache) = &written.cache_to {
        cx.warning("no-effect", "`cache-to` has no effect in this version", cache.span(), "").push();
    }
    let context = written.context.as_ref().and_then(|context| cx.plain("context", context));
    let context = context.filter(|context| path(cx, "context", context));
    let dockerfile = written.dockerfile.as_ref().and_then(|path| cx.plain("dockerfile", path));
    let dockerfile = dockerfile.filter(|path| match &context {
        Some(context) => dockerfile_path(cx, context, path),
        None => true,
    });
    let target = written.target.as_ref().and_then(|target| cx.plain("target", target));
    let build_args = values(cx, written.build_args.iter().flatten(), |cx, key| {
        name(cx, "build argument", key, "", "use letters, digits and `_`, as in the Dockerfile's `ARG` line")
    });
    let build_secrets = values(cx, written.build_secrets.iter().flatten(), |cx, key| {
        name(cx, "build secret", key, ".-", "use letters, digits, `_`, `-` and `.`, as in `--mount=type=secret,id=…`")
    });
    let labels = values(cx, written.labels.iter().flatten(), |cx, key| {
        name(
            cx,
            "label",
            key,
            ".-/:",
            "use letters, digits and `.`, `-`, `_`, for example `org.opencontainers.image.title`",
        )
    });
    let cache_from: Vec<Expression> = written
        .cache_from
        .iter()
        .flatten()
        .filter_map(|text| super::registry::not_empty(cx, "cache-from", text))
        .collect();
    for image in &cache_from {
        self::image(cx, image);
    }
    let platforms = platforms(cx, written.platforms.as_deref().unwrap_or_default());
    let pull = match &written.pull {
        None | Some(written::Pull::Boolean(false) | written::Pull::String(PullWord::Missing)) => Pull::Missing,
        Some(written::Pull::Boolean(true) | written::Pull::String(PullWord::Always)) => Pull::Always,
    };
    let network = written.network.as_ref().and_then(|network| cx.plain("network", network));
    let network = network.filter(|network| self::network(cx, network));
    Some(Build {
        context: context?,
        dockerfile,
        target,
        build_args,
        build_secrets,
        platforms,
        labels,
        cache_from,
        no_cache: written.no_cache.unwrap_or(false),
        pull,
        network,
    })
}

/// Docker's rule for names (moby `daemon/names`).
fn network(cx: &mut Cx<'_>, network: &Spanned<String>) -> bool {
    let name = network.get_ref();
    let inside = |c: char| c.is_ascii_alphanumeric() || "_.-".contains(c);
    if name.starts_with(|c: char| c.is_ascii_alphanumeric()) && name.chars().all(inside) {
        return true;
    }
    cx.error("bad-network", format!("`{name}` is no name of a network"), network.span(), "")
        .help("write `none`, `host`, or the name of a network that the engine has")
        .push();
    false
}

pub(super) fn name(cx: &mut Cx<'_>, what: &str, key: &Spanned<String>, also: &str, help: &str) -> bool {
    let text = key.get_ref().as_str();
    let why = if text.is_empty() {
        "is empty".to_owned()
    } else if let Some(c) = text.chars().find(|&c| !(c.is_ascii_alphanumeric() || c == '_' || also.contains(c))) {
        format!("holds {}", show(c))
    } else {
        return true;
    };
    cx.error("bad-name", format!("the {what} `{text}` {why}"), key.span(), "").help(help).push();
    false
}

/// Checks that a relative path does not lead out of the manifest's folder, without looking at the disk.
pub(in crate::model) fn path(cx: &mut Cx<'_>, key: &str, path: &Spanned<String>) -> bool {
    if !leaves(Path::new(path.get_ref())) {
        return true;
    }
    let message = format!("`{}` leads out of the manifest's folder", path.get_ref());
    cx.error("path-outside", message, path.span(), "")
        .help(format!("`{key}` is relative to the manifest; move the manifest up, or write an absolute path"))
        .push();
    false
}

fn dockerfile_path(cx: &mut Cx<'_>, context: &Spanned<String>, dockerfile: &Spanned<String>) -> bool {
    let written = Path::new(dockerfile.get_ref());
    if written.is_absolute() || !leaves(&Path::new(context.get_ref()).join(written)) {
        return true;
    }
    let message = format!("`{}` leads out of the manifest's folder", dockerfile.get_ref());
    cx.error("path-outside", message, dockerfile.span(), "")
        .also(&context.span(), "relative to this folder")
        .help("`dockerfile` is relative to the context")
        .push();
    false
}

fn leaves(path: &Path) -> bool {
    let mut depth = 0_i64;
    for component in path.components() {
        match component {
            Component::RootDir | Component::Prefix(_) => return false,
            Component::ParentDir => depth -= 1,
            Component::Normal(_) => depth += 1,
            Component::CurDir => {}
        }
        if depth < 0 {
            return true;
        }
    }
    false
}

fn platforms(cx: &mut Cx<'_>, written: &[Spanned<String>]) -> Vec<Spanned<Platform>> {
    let mut platforms: Vec<Spanned<Platform>> = Vec::new();
    for text in written {
        let Some(platform) = platform(cx, text) else { continue };
        if let Some(first) = platforms.iter().find(|other| other.get_ref() == &platform) {
            let first = first.span();
            cx.error("duplicate-name", format!("the platform `{}` is listed twice", text.get_ref()), text.span(), "")
                .also(&first, "first here")
                .push();
            continue;
        }
        platforms.push(Spanned::new(text.span(), platform));
    }
    platforms
}

fn platform(cx: &mut Cx<'_>, text: &Spanned<String>) -> Option<Platform> {
    let parts: Vec<&str> = text.get_ref().split('/').collect();
    let known = |os: &str, architecture: &str| PLATFORMS.iter().find(|known| known.0 == os && known.1 == architecture);
    let found = match parts.as_slice() {
        [os, architecture] => known(os, architecture).map(|_| None),
        [os, architecture, variant] => {
            known(os, architecture).filter(|known| known.2.contains(variant)).map(|_| Some((*variant).to_owned()))
        }
        _ => None,
    };
    if let (Some(variant), [os, architecture, ..]) = (found, parts.as_slice()) {
        return Some(Platform { os: (*os).to_owned(), architecture: (*architecture).to_owned(), variant });
    }
    let names: Vec<String> = PLATFORMS
        .iter()
        .flat_map(|(os, architecture, variants)| {
            let whole = format!("{os}/{architecture}");
            let with = variants.iter().map(|variant| format!("{os}/{architecture}/{variant}")).collect::<Vec<_>>();
            std::iter::once(whole).chain(with)
        })
        .collect();
    let lower = text.get_ref().to_lowercase();
    let alias = ALIASES.iter().find(|(alias, _)| lower == *alias || lower == format!("linux/{alias}"));
    let near = match alias {
        Some((_, meant)) => Some(format!("linux/{meant}")),
        None => cx.nearest(&lower, names.iter().map(String::as_str)).map(str::to_owned),
    };
    let label = near.map_or_else(|| "not known".to_owned(), |near| format!("did you mean `{near}`?"));
    cx.error("unknown-platform", format!("unknown platform `{}`", text.get_ref()), text.span(), label)
        .help("write `os/architecture`, for example `linux/amd64` or `linux/arm64`")
        .push();
    None
}

/// The text of an expression with something harmless for its references.
fn shape(expression: &Expression) -> String {
    expression
        .parts
        .iter()
        .map(|part| match part {
            Part::Literal(text) => text.as_str(),
            Part::Reference(_) => PLACEHOLDER,
        })
        .collect()
}

fn grammar<T: FromStr<Err = ReferenceError>>(cx: &mut Cx<'_>, code: &'static str, expression: &Expression) {
    let Err(error) = T::from_str(&shape(expression)) else { return };
    cx.error(code, error.to_string(), expression.span.clone(), "").help(error.help()).push();
}

pub(super) fn endpoint(cx: &mut Cx<'_>, expression: &Expression) {
    let shape = shape(expression);
    let Err(error) = oci::Endpoint::from_str(&shape) else { return };
    let has_login = matches!(error, ReferenceError::EndpointUserinfo) || shape.contains('@');
    if has_login {
        cx.hidden(
            Severity::Error,
            "secret-in-endpoint",
            "the endpoint holds a user name or a password",
            &expression.span,
        )
        .help(ReferenceError::EndpointUserinfo.help())
        .push();
        return;
    }
    cx.error("bad-endpoint", error.to_string(), expression.span.clone(), "").help(error.help()).push();
}

/// A host that may be asked for tokens: a name, perhaps with a port.
pub(super) fn realm(cx: &mut Cx<'_>, realm: &Spanned<String>) -> bool {
    let Err(error) = oci::Endpoint::from_str(realm.get_ref()) else { return true };
    cx.error("bad-endpoint", format!("`trust-realms` takes hosts: {error}"), realm.span(), "")
        .help("write the host alone, such as `auth.example.com`")
        .push();
    false
}

pub(super) fn repository(cx: &mut Cx<'_>, expression: &Expression) {
    grammar::<oci::Repository>(cx, "bad-repository", expression);
}

pub(super) fn tag(cx: &mut Cx<'_>, expression: &Expression) {
    grammar::<oci::Tag>(cx, "bad-tag", expression);
}

/// A whole image name. Where a reference begins it, its host is not known before it is resolved.
pub(in crate::model) fn image(cx: &mut Cx<'_>, expression: &Expression) {
    if matches!(expression.parts.first(), Some(Part::Reference(_))) {
        return;
    }
    let Err(error) = oci::Reference::from_str(&shape(expression)) else { return };
    let help = match &error {
        ReferenceError::NoEndpoint => format!(
            "write the registry's host too; on Docker Hub that is {}",
            text::list([format!("docker.io/library/{}", shape(expression)).as_str()])
        ),
        other => other.help().to_owned(),
    };
    cx.error("bad-image", error.to_string(), expression.span.clone(), "").help(help).push();
}
