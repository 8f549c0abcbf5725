//! YAML to nodes. The grammar is `granit-parser`'s, the event parser below serde-saphyr; what a
//! plain scalar means, anchors, merge keys and limits are decided here.
//!
//! Decisions: only `true` and `false` are booleans; only decimal numbers are numbers (`0x1F` and
//! `010` are text, for languages differ on them); tags and a second document are refused; anchors,
//! aliases and merge keys (`<<`) are allowed, since users of Compose know them.

mod anchors;
mod builder;
mod scalar;
mod syntax;

use super::{Diagnostic, Diagnostics, Node, Source, limits};
use builder::Builder;
use serde_saphyr::granit_parser::{self, Event, Parser};
use std::sync::Arc;

pub(super) fn parse(source: &Arc<Source>, problems: &mut Diagnostics) -> Option<Node> {
    parse_text(&source.text, source, problems)
}

/// Reads `text`, which is as long as the source's and means the same.
pub(super) fn parse_text(text: &str, source: &Arc<Source>, problems: &mut Diagnostics) -> Option<Node> {
    let mut builder = Builder::new(source, problems);
    let options = granit_parser::options! {
        emit_anchor_events: true,
        emit_unresolved_aliases: true,
        flow_nesting_limit: limits::NESTING,
        block_nesting_limit: limits::NESTING,
        simple_key_max_lookahead: limits::MANIFEST_SIZE,
    };
    // The text after a byte order mark: the parser would take a second one for content.
    let skipped = text.len() - text.trim_start_matches('\u{feff}').len();
    for item in Parser::new_from_str_with_options(&text[skipped..], options) {
        let (event, span) = match item {
            Ok(item) => item,
            Err(error) => {
                builder.refuse(syntax::explain(&error, &source.text, skipped));
                return None;
            }
        };
        let tag = span.tag_span().and_then(|span| span.byte_range());
        let span = span.byte_range().map_or(0..0, |range| range.start + skipped..range.end + skipped);
        if let Some(tag) = tag {
            builder.refuse_tag(tag.start + skipped..tag.end + skipped);
        }
        let done = match event {
            Event::DocumentStart(..) => builder.document(span),
            Event::Scalar(text, style, anchor, _) => builder.scalar(&text, style, span, anchor),
            Event::SequenceStart(_, anchor, _) => builder.open(span, anchor, false),
            Event::MappingStart(_, anchor, _) => builder.open(span, anchor, true),
            Event::SequenceEnd | Event::MappingEnd => builder.close(span),
            Event::Anchor(id, name) => builder.name_anchor(id, &name, span),
            Event::Alias(id) => builder.alias(id, span),
            Event::UnresolvedAlias(name) => builder.unknown_alias(&name, span),
            _ => Ok(()),
        };
        if let Err(diagnostic) = done {
            builder.refuse(*diagnostic);
            return None;
        }
    }
    builder.finish()
}

/// A mistake after which reading on is of no use.
type Fatal = Box<Diagnostic>;
