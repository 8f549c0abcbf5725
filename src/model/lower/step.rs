//! `steps`: commands of the user's own.

use super::Cx;
use super::read::without;
use crate::manifest::{Kind, Node, Spanned};
use crate::model::CustomStep;
use crate::model::scope::Item;
use crate::model::written;
use std::borrow::Cow;

pub(super) fn lower<'a>(cx: &mut Cx<'a>, item: &'a Item<'a>) -> Option<CustomStep> {
    if !cx.is_table(item) {
        return None;
    }
    cx.required(item, &["run"]);
    let mut node = Cow::Borrowed(item.node);
    if let Some(Node { kind: Kind::String(line), span }) = item.node.get("run") {
        let words: Vec<String> = line.split_whitespace().map(|word| format!("\"{word}\"")).collect();
        cx.error("wrong-type", "`run` must be an array, not a string", span.clone(), "no shell reads this")
            .help(format!("write the program and each argument on its own: `run = [{}]`", words.join(", ")))
            .push();
        node = Cow::Owned(without(item.node, &["run"]));
    }
    let written = cx.read::<written::Step>(&node)?;
    let mut run = Vec::new();
    if let Some(words) = &written.run {
        match words.get_ref().first() {
            None => cx.error("empty-value", "`run` is empty", words.span(), "names no program").push(),
            Some(first) if first.get_ref().trim().is_empty() => cx.empty("run", first.span()),
            Some(_) => {}
        }
        run = words.get_ref().iter().filter_map(|word| cx.text(word)).collect();
    }
    let env = super::env(cx, written.env.as_ref());
    let mut names = |key: &str, list: Option<Vec<Spanned<String>>>| -> Vec<Spanned<String>> {
        list.into_iter().flatten().filter_map(|name| cx.plain(key, &name)).collect()
    };
    let (after, before) = (names("after", written.after), names("before", written.before));
    let working_directory = written
        .working_directory
        .and_then(|path| cx.plain("working-directory", &path))
        .filter(|path| super::build::path(cx, "working-directory", path));
    Some(CustomStep {
        name: item.name.clone(),
        span: item.span.clone(),
        run,
        after,
        before,
        env,
        working_directory,
        description: written.description,
    })
}
