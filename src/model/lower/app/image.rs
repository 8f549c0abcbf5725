//! What an app's image is and what it is called.

use super::super::{Cx, build, registry};
use crate::manifest::Spanned;
use crate::model::scope::Item;
use crate::model::written;
use crate::model::{AppKind, Expression, Part};

pub(super) fn image(cx: &mut Cx<'_>, item: &Item<'_>, written: &written::App) -> Option<AppKind> {
    let mirror = written.mirror.as_ref().is_some_and(|mirror| *mirror.get_ref());
    if let (false, Some(key)) = (mirror, item.node.entries().iter().find(|(key, _)| key.name == "registry")) {
        cx.warning("no-effect", "`registry` has no effect: the image is not pushed", key.0.span.clone(), "")
            .help("set `mirror = true` to copy the image into the registry, or leave `registry` out")
            .push();
    }
    let image = written.image.as_ref().and_then(|text| registry::not_empty(cx, "image", text))?;
    build::image(cx, &image);
    Some(AppKind::Image { image, mirror })
}

pub(super) fn image_name(
    cx: &mut Cx<'_>,
    item: &Item<'_>,
    written: Option<&Spanned<String>>,
    is_pushed: bool,
) -> Option<Expression> {
    if let Some(text) = written {
        let name = registry::not_empty(cx, "image-name", text)?;
        build::repository(cx, &name);
        return Some(name);
    }
    if is_pushed
        && item.node.get("image-name").is_none()
        && item.name.as_str().contains(|c: char| c.is_ascii_uppercase())
    {
        let lower = item.name.as_str().to_ascii_lowercase();
        let message = format!("repository must be lowercase: the image of `{}` would be called `{0}`", item.name);
        cx.error("bad-repository", message, item.span.clone(), "")
            .help(format!("call the app `{lower}`, or set `image-name = \"{lower}\"`"))
            .push();
    }
    None
}

pub(super) fn tags(cx: &mut Cx<'_>, written: &written::App) -> Vec<Expression> {
    if let (Some(tag), Some(tags)) = (&written.tag, &written.tags) {
        cx.error("exclusive-keys", "`tag` and `tags` exclude each other", tag.span(), "")
            .also(&tags.span(), "also here")
            .help("keep one of them")
            .push();
    }
    let mut list: Vec<&Spanned<crate::manifest::Text>> = written.tag.iter().collect();
    if let Some(tags) = &written.tags {
        if tags.get_ref().is_empty() {
            cx.empty("tags", tags.span());
        }
        list.extend(tags.get_ref());
    }
    let mut tags: Vec<Expression> = Vec::new();
    for text in list {
        if text.get_ref().trim().is_empty() {
            cx.empty("tag", text.span());
            continue;
        }
        let Some(tag) = cx.text(text) else { continue };
        build::tag(cx, &tag);
        match tags.iter().find(|other| is_same(other, &tag)) {
            Some(first) => cx
                .error("duplicate-tag", format!("the tag `{}` is listed twice", text.get_ref()), text.span(), "")
                .also(&first.span, "first here")
                .push(),
            None => tags.push(tag),
        }
    }
    if tags.is_empty() {
        let span = written.kind.as_ref().map(Spanned::span).unwrap_or_default();
        tags.push(Expression { parts: vec![Part::Literal("latest".to_owned())], span });
    }
    tags
}

/// Whether two expressions always have the same value; their places do not matter.
pub(in crate::model) fn is_same(one: &Expression, other: &Expression) -> bool {
    let key = |part: &Part| match part {
        Part::Literal(text) => (Some(text.clone()), None),
        Part::Reference(reference) => (None, Some((reference.target.clone(), reference.filter))),
    };
    one.parts.len() == other.parts.len()
        && one.parts.iter().zip(&other.parts).all(|(one, other)| key(one) == key(other))
}
