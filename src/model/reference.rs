//! The syntax of references in a string: `$<name.property|filter>`, `$name`, `${name}`, `$$`.
//! Knows nothing of what is declared but the names of parameters.

use std::ops::Range;

/// A piece of a string. Ranges are bytes of the string's value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    Literal(&'a str),
    Reference(RawReference<'a>),
}

/// A reference as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RawReference<'a> {
    pub(super) name: &'a str,
    /// What follows the first dot.
    pub(super) property: Option<&'a str>,
    pub(super) filter: Option<&'a str>,
    pub(super) range: Range<usize>,
}

/// What is wrong with a reference's syntax.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Mistake {
    #[error("the reference is not closed")]
    Unterminated,
    #[error("the reference names nothing")]
    Empty,
    #[error("`{0}` is no name")]
    BadName(String),
    #[error("the reference has a dot and no property")]
    NoProperty,
    #[error("the reference has a `|` and no filter")]
    NoFilter,
}

impl Mistake {
    pub(super) fn help(&self) -> &'static str {
        match self {
            Self::Unterminated => "write `$<name>`, or `$$<` for the characters `$<` themselves",
            Self::Empty => {
                "name a parameter, `$<name>`, or a property of something that is declared, `$<name.property>`"
            }
            Self::BadName(_) => "write `$<name>` or `$<name.property>` without spaces, or `$$<` for a literal `$<`",
            Self::NoProperty => "write `$<name.property>`",
            Self::NoFilter => "write `$<name|uri>`, the filter that percent-encodes",
        }
    }
}

/// Cuts a string into literals and references. `parameters` tells whether a bare name is declared.
/// Mistakes go to `mistakes` with their ranges; what they cover is left out.
pub(super) fn parse<'a>(
    text: &'a str,
    is_parameter: &dyn Fn(&str) -> bool,
    mistakes: &mut Vec<(Range<usize>, Mistake)>,
) -> Vec<Piece<'a>> {
    let mut pieces = Vec::new();
    let mut literal = 0;
    let mut at = 0;
    while let Some(found) = text[at..].find('$') {
        let dollar = at + found;
        let rest = &text[dollar + 1..];
        let (piece, end) = if rest.starts_with('$') && escapes(&rest[1..], is_parameter) {
            // One `$` is kept, and what follows it is plain text.
            (None, dollar + 2 + usize::from(rest[1..].starts_with(['<', '{'])))
        } else if rest.starts_with('<') {
            let (piece, end) = angle(text, dollar, mistakes);
            (Some(piece), end)
        } else if let Some((name, length)) = bare(rest, is_parameter) {
            let range = dollar..dollar + 1 + length;
            (Some(Some(RawReference { name, property: None, filter: None, range })), dollar + 1 + length)
        } else {
            at = dollar + 1;
            continue;
        };
        if literal < dollar {
            pieces.push(Piece::Literal(&text[literal..dollar]));
        }
        match piece {
            None => literal = dollar + 1,
            Some(reference) => {
                pieces.extend(reference.map(Piece::Reference));
                literal = end;
            }
        }
        at = end;
    }
    if literal < text.len() {
        pieces.push(Piece::Literal(&text[literal..]));
    }
    pieces
}

/// Whether `$$` before `rest` stands for one literal `$`.
fn escapes(rest: &str, is_parameter: &dyn Fn(&str) -> bool) -> bool {
    rest.starts_with(['<', '{']) || bare(rest, is_parameter).is_some()
}

/// `$<…>` at `dollar`; the end is that of the reference or of its mistake.
fn angle<'a>(
    text: &'a str,
    dollar: usize,
    mistakes: &mut Vec<(Range<usize>, Mistake)>,
) -> (Option<RawReference<'a>>, usize) {
    let inner = dollar + 2;
    let close = text[inner..].find(['>', '\n']).map(|found| inner + found);
    let next = text[inner..].find("$<").map(|found| inner + found);
    let close = close.filter(|&close| text.as_bytes()[close] == b'>' && next.is_none_or(|next| close < next));
    let Some(close) = close else {
        mistakes.push((dollar..inner, Mistake::Unterminated));
        return (None, inner);
    };
    let range = dollar..close + 1;
    match content(&text[inner..close]) {
        Ok((name, property, filter)) => {
            (Some(RawReference { name, property, filter, range: range.clone() }), close + 1)
        }
        Err(mistake) => {
            mistakes.push((range, mistake));
            (None, close + 1)
        }
    }
}

type Content<'a> = (&'a str, Option<&'a str>, Option<&'a str>);

fn content(inner: &str) -> Result<Content<'_>, Mistake> {
    let (path, filter) = match inner.split_once('|') {
        Some((path, filter)) => (path, Some(filter)),
        None => (inner, None),
    };
    let (name, property) = match path.split_once('.') {
        Some((name, property)) => (name, Some(property)),
        None => (path, None),
    };
    if name.is_empty() {
        return Err(Mistake::Empty);
    }
    if property.is_some_and(|property| property.split('.').any(str::is_empty)) {
        return Err(Mistake::NoProperty);
    }
    if filter.is_some_and(str::is_empty) {
        return Err(Mistake::NoFilter);
    }
    let odd = |c: char| !(c.is_alphanumeric() || matches!(c, '-' | '_' | '.'));
    match [Some(name), property, filter].into_iter().flatten().find(|part| part.contains(odd)) {
        Some(bad) => Err(Mistake::BadName(bad.to_owned())),
        None => Ok((name, property, filter)),
    }
}

/// `name` or `{name}` of a declared parameter, and how many bytes it takes. Of `tag-amd64` it is
/// `tag` if only that is declared; a shell would read `tag_amd64` as one name, so that is not cut.
fn bare<'a>(rest: &'a str, is_parameter: &dyn Fn(&str) -> bool) -> Option<(&'a str, usize)> {
    if let Some(braced) = rest.strip_prefix('{') {
        let name = &braced[..braced.find('}')?];
        return is_parameter(name).then_some((name, name.len() + 2));
    }
    if !rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let mut name = &rest[..rest.find(|c| !is_part(c)).unwrap_or(rest.len())];
    loop {
        if is_parameter(name) {
            return Some((name, name.len()));
        }
        name = &name[..name.rfind('-')?];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> String {
        let mut mistakes = Vec::new();
        let is_parameter = |name: &str| matches!(name, "tag" | "db-password");
        let mut shown: Vec<String> = parse(text, &is_parameter, &mut mistakes)
            .iter()
            .map(|piece| match piece {
                Piece::Literal(text) => format!("{text:?}"),
                Piece::Reference(r) => {
                    let property = r.property.map(|p| format!(".{p}")).unwrap_or_default();
                    let filter = r.filter.map(|f| format!("|{f}")).unwrap_or_default();
                    format!("<{}{property}{filter}>@{:?}", r.name, r.range)
                }
            })
            .collect();
        shown.extend(mistakes.iter().map(|(range, mistake)| format!("!{range:?} {mistake}")));
        shown.join(" ")
    }

    #[test]
    fn references_stand_anywhere_any_number_of_times() {
        assert_eq!(cut("plain"), r#""plain""#);
        assert_eq!(cut("$<tag>"), "<tag>@0..6");
        assert_eq!(cut("a-$<tag>-$<db.orders.uri>"), r#""a-" <tag>@2..8 "-" <db.orders.uri>@9..25"#);
        assert_eq!(cut("$<db-password|uri>!"), r#"<db-password|uri>@0..18 "!""#);
        assert_eq!(cut("$tag ${tag} $tag-amd64"), r#"<tag>@0..4 " " <tag>@5..11 " " <tag>@12..16 "-amd64""#);
    }

    #[test]
    fn other_dollars_are_text() {
        for text in
            ["sh -c 'echo $HOME'", "$", "$$", "$$HOME", "100$ ", "${HOME:-x}", "$tags", "$tag_x", "${tag", "é$é"]
        {
            assert_eq!(cut(text), format!("{text:?}"));
        }
    }

    #[test]
    fn two_dollars_escape_a_reference() {
        assert_eq!(cut("$$<tag>"), r#""$<tag>""#);
        assert_eq!(cut("$$tag $${HOME} x$$$<tag>"), r#""$tag " "${HOME} x$" "$<tag>""#);
    }

    #[test]
    fn mistakes_have_their_place() {
        assert_eq!(cut("a $<tag"), r#""a " "tag" !2..4 the reference is not closed"#);
        assert_eq!(cut("$<a $<tag>"), r#""a " <tag>@4..10 !0..2 the reference is not closed"#);
        assert_eq!(cut("x$<>"), r#""x" !1..4 the reference names nothing"#);
        assert_eq!(cut("$<a b>"), "!0..6 `a b` is no name");
        assert_eq!(cut("$<a.>"), "!0..5 the reference has a dot and no property");
        assert_eq!(cut("$<a|>"), "!0..5 the reference has a `|` and no filter");
    }
}
