//! What a registry runs by itself: purges and builds. Both are tasks in Azure and share their names.

use super::super::{Cx, build, values};
use super::part::{Names, Part};
use super::trigger;
use crate::manifest::{Severity, Spanned};
use crate::model::age::{self, AgeError};
use crate::model::lower::registry::not_empty;
use crate::model::lower::schedule::schedule;
use crate::model::scope::Item;
use crate::model::written;
use crate::model::written::{Int, OneOrMany, Purge, Registry, Task, TaskSeconds, Values};
use crate::model::{Expression, Part as Piece, RegistryPurge, RegistryTask, RegistryTaskPlatform, RegistryTaskRun};
use std::collections::BTreeMap;

/// What a purge is called that says nothing; further ones have a number.
const PURGE_NAME: &str = "purgeOldImages";

/// How many of the newest images a purge keeps that says nothing.
const KEEP: u32 = 3;

/// Platforms that Azure builds for: what a manifest says, and Azure's words for it.
const PLATFORMS: &[(&str, RegistryTaskPlatform)] = &[
    ("linux", platform("Linux", None, None)),
    ("linux/amd64", platform("Linux", Some("amd64"), None)),
    ("linux/386", platform("Linux", Some("386"), None)),
    ("linux/arm64", platform("Linux", Some("arm64"), None)),
    ("linux/arm64/v8", platform("Linux", Some("arm64"), Some("v8"))),
    ("linux/arm", platform("Linux", Some("arm"), None)),
    ("linux/arm/v6", platform("Linux", Some("arm"), Some("v6"))),
    ("linux/arm/v7", platform("Linux", Some("arm"), Some("v7"))),
    ("windows", platform("Windows", None, None)),
    ("windows/amd64", platform("Windows", Some("amd64"), None)),
];

const fn platform(
    os: &'static str,
    architecture: Option<&'static str>,
    variant: Option<&'static str>,
) -> RegistryTaskPlatform {
    RegistryTaskPlatform { os, architecture, variant }
}

pub(super) fn lower(cx: &mut Cx<'_>, item: &Item<'_>, written: &Registry) -> (Vec<RegistryPurge>, Vec<RegistryTask>) {
    let mut names = Names::new("task", "-_");
    let mut tasks = Vec::new();
    for task in written.tasks.iter().flatten() {
        let part = Part::of(item, "tasks", "a task", task.span());
        if let Some(task) = self::task(cx, &part, task.get_ref(), &mut names) {
            tasks.push(task);
        }
    }
    let mut purges = Vec::new();
    let purge_names: Vec<Option<Spanned<String>>> =
        written.purge.iter().flatten().map(|purge| purge.name.as_ref().and_then(|name| names.take(cx, name))).collect();
    for (purge, name) in written.purge.iter().flatten().zip(purge_names) {
        let part = Part::of(item, "purge", "a purge", purge.span());
        // A default name goes round the names that are written.
        let name = match name {
            Some(name) => name.into_inner(),
            None => {
                let name = free_name(&names);
                let _ = names.add(cx, &name, part.span.clone());
                name
            }
        };
        if let Some(purge) = self::purge(cx, &part, purge.get_ref(), name) {
            purges.push(purge);
        }
    }
    (purges, tasks)
}

fn free_name(names: &Names) -> String {
    if !names.has(PURGE_NAME) {
        return PURGE_NAME.to_owned();
    }
    (1..)
        .map(|number| format!("{PURGE_NAME}_{number}"))
        .find(|name| !names.has(name))
        .expect("a finite number of names is taken")
}

fn purge(cx: &mut Cx<'_>, part: &Part<'_>, written: &Purge, name: String) -> Option<RegistryPurge> {
    let schedule = part.need(cx, "schedule", written.schedule.as_ref()).and_then(|text| schedule(cx, text));
    let filters = match &written.filter {
        None => vec![".*:.*".to_owned()],
        Some(filter) => filter.clone().into_vec().iter().filter_map(|text| filter_of(cx, text)).collect(),
    };
    if part.is_empty_list("filter") {
        cx.error("empty-value", "`filter` is empty: it would purge nothing", part.span.clone(), "")
            .help("name at least one, or leave the key out for all images")
            .push();
    }
    let ago = match &written.ago {
        None => Some("0d".to_owned()),
        Some(ago) => self::ago(cx, ago),
    };
    let keep = written.keep.as_ref().map(|keep| number(*keep.get_ref()));
    Some(RegistryPurge {
        name,
        schedule: schedule?,
        filters,
        ago: ago?,
        keep: keep.unwrap_or(KEEP),
        untagged: written.untagged.unwrap_or(false),
        run: run(written.enabled, written.cpu.as_ref(), written.timeout.as_ref()),
    })
}

/// `repository:tag`; what it holds becomes an argument in quotes.
fn filter_of(cx: &mut Cx<'_>, text: &Spanned<String>) -> Option<String> {
    let text = cx.plain("filter", text)?;
    let filter = text.get_ref().as_str();
    let why = if filter.contains(['\'', '"', '`']) {
        "holds quotes"
    } else if filter.contains(char::is_whitespace) {
        "holds white space"
    } else if filter.contains("{{") {
        "holds `{{`, which a task puts values in for"
    } else {
        match filter.split_once(':') {
            Some((repository, tag)) if !repository.is_empty() && !tag.is_empty() => return Some(text.into_inner()),
            Some(_) => "lacks a part",
            None => "has no `:`",
        }
    };
    cx.error("bad-filter", format!("the filter `{filter}` {why}"), text.span(), "")
        .help("write `repository:tag`, both regular expressions, for example `api:.*` or `shop/.*:^pr-.*`")
        .push();
    None
}

fn ago(cx: &mut Cx<'_>, text: &Spanned<String>) -> Option<String> {
    let text = cx.plain("ago", text)?;
    let (why, help) = match age::check(text.get_ref()) {
        Ok(()) => return Some(text.into_inner()),
        Err(AgeError::Syntax) => {
            ("is no age", "write days, hours and minutes, for example `7d`, `12h` or `2d3h15m`; `0d` is every age")
        }
        Err(AgeError::Short) => ("is less than a minute", "write at least `1m`, or `0d` for every age"),
        Err(AgeError::Long) => ("is more than a hundred years", "write at most `36500d`"),
    };
    cx.error("bad-age", format!("`{}` {why}", text.get_ref()), text.span(), "").help(help).push();
    None
}

fn number<const MIN: i64, const MAX: i64>(number: Int<MIN, MAX>) -> u32 {
    u32::try_from(number.get()).expect("its bounds are inside those of u32")
}

fn run(
    enabled: Option<bool>,
    cpu: Option<&Spanned<Int<1, 32>>>,
    timeout: Option<&Spanned<TaskSeconds>>,
) -> RegistryTaskRun {
    RegistryTaskRun {
        enabled: enabled.unwrap_or(true),
        cpu: cpu.map(|cpu| number(*cpu.get_ref())),
        timeout: timeout.map(|timeout| number(*timeout.get_ref())),
    }
}

fn task(cx: &mut Cx<'_>, part: &Part<'_>, written: &Task, names: &mut Names) -> Option<RegistryTask> {
    let name = part.need(cx, "name", written.name.as_ref()).and_then(|name| names.take(cx, name));
    let context = part.need(cx, "context", written.context.as_ref()).and_then(|text| context(cx, text));
    let dockerfile = match &written.dockerfile {
        None => Some(literal("Dockerfile", part)),
        Some(text) => not_empty(cx, "dockerfile", text),
    };
    let images = part.need(cx, "image", written.image.as_ref()).map(|image| images(cx, part, image));
    let token = written.token.as_ref().and_then(|text| token(cx, text));
    let commit = written.commit.as_ref().and_then(|commit| trigger::commit(cx, part, commit, context.as_ref()));
    let base_image = written.base_image.map(trigger::base_image);
    let schedules = written.schedule.clone().map(OneOrMany::into_vec).unwrap_or_default();
    let schedules = schedules.iter().filter_map(|text| schedule(cx, text)).collect();
    let args = args(cx, written.args.as_ref());
    let secret_args = self::args(cx, written.secret_args.as_ref());
    let target = written.target.as_ref().and_then(|text| not_empty(cx, "target", text));
    let platform = match &written.platform {
        None => Some(platform("Linux", None, None)),
        Some(text) => self::platform_of(cx, text),
    };
    twice(cx, written.args.as_ref(), written.secret_args.as_ref());
    Some(RegistryTask {
        name: name?.into_inner(),
        context: context?,
        dockerfile: dockerfile?,
        images: images?,
        target,
        args,
        secret_args,
        platform: platform?,
        no_cache: written.no_cache.unwrap_or(false),
        push: written.push.unwrap_or(true),
        token,
        commit,
        base_image,
        schedules,
        run: run(written.enabled, written.cpu.as_ref(), written.timeout.as_ref()),
    })
}

fn literal(text: &str, part: &Part<'_>) -> Expression {
    Expression { parts: vec![Piece::Literal(text.to_owned())], span: part.span.clone() }
}

fn context(cx: &mut Cx<'_>, text: &Spanned<String>) -> Option<Expression> {
    let context = not_empty(cx, "context", text)?;
    let Some(Piece::Literal(start)) = context.parts.first() else { return Some(context) };
    let rest = start.strip_prefix("https://").or_else(|| start.strip_prefix("oci://"));
    let Some(rest) = rest else {
        cx.error("bad-context", "Azure builds what it can read itself, not a folder of yours", text.span(), "")
            .help("write a repository, `https://github.com/owner/repo.git#branch:folder`, or an artefact, `oci://…`")
            .push();
        return None;
    };
    if rest.split('/').next().is_some_and(|authority| authority.contains('@')) {
        let message = "the context holds a user name or a token";
        cx.hidden(Severity::Error, "secret-in-manifest", message, &text.span())
            .help("take it out; set `token` to a reference to a secret parameter")
            .push();
        return None;
    }
    Some(context)
}

fn images(cx: &mut Cx<'_>, part: &Part<'_>, image: &OneOrMany) -> Vec<Expression> {
    let written = image.clone().into_vec();
    if part.is_empty_list("image") {
        cx.error("empty-value", "`image` is empty: the image would have no name", part.span.clone(), "").push();
    }
    let mut images = Vec::new();
    for text in &written {
        let Some(image) = not_empty(cx, "image", text) else { continue };
        let is_odd = |c: char| c.is_whitespace() || c.is_control() || c == '@';
        if let Some(name) = image.as_literal()
            && name.contains(is_odd)
        {
            cx.error("bad-image", format!("`{name}` is no name of an image"), text.span(), "")
                .help("write repository and tag, for example `api:{{.Run.ID}}`")
                .push();
        }
        images.push(image);
    }
    images
}

fn token(cx: &mut Cx<'_>, text: &Spanned<String>) -> Option<Expression> {
    let token = not_empty(cx, "token", text)?;
    if token.as_literal().is_some() {
        let message = "a token stands in the manifest, where everyone who reads the file has it";
        cx.hidden(Severity::Warning, "secret-in-manifest", message, &text.span())
            .help("declare a parameter with `secret = true` and write `$<its-name>` here")
            .push();
    }
    Some(token)
}

fn args(cx: &mut Cx<'_>, written: Option<&Values>) -> BTreeMap<String, Expression> {
    values(cx, written.into_iter().flatten(), |cx, key| {
        build::name(cx, "build argument", key, "", "use letters, digits and `_`, as in the Dockerfile's `ARG` line")
    })
}

fn twice(cx: &mut Cx<'_>, args: Option<&written::Values>, secret_args: Option<&written::Values>) {
    for key in secret_args.into_iter().flat_map(Values::keys) {
        if let Some((first, _)) = args.and_then(|args| args.get_entry(key)) {
            cx.error("duplicate-name", format!("the build argument `{}` is set twice", key.get_ref()), key.span(), "")
                .also(&first.span(), "first here")
                .help("keep it in `secret-args` if it is a secret, else in `args`")
                .push();
        }
    }
}

fn platform_of(cx: &mut Cx<'_>, text: &Spanned<String>) -> Option<RegistryTaskPlatform> {
    if let Some((_, platform)) = PLATFORMS.iter().find(|(name, _)| *name == text.get_ref().as_str()) {
        return Some(*platform);
    }
    let near = cx.nearest(text.get_ref(), PLATFORMS.iter().map(|(name, _)| *name));
    let label = near.map_or_else(|| "not known".to_owned(), |near| format!("did you mean `{near}`?"));
    let names = crate::util::text::list(PLATFORMS.iter().map(|(name, _)| *name));
    cx.error("unknown-platform", format!("Azure does not build for `{}`", text.get_ref()), text.span(), label)
        .help(format!("it builds for {names}"))
        .push();
    None
}
