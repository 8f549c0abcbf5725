//! The lines of a file that a diagnostic speaks of, made safe to show.
//!
//! Foreign text is cleaned and overlong lines are cut to a window before miette sees them, so
//! spans are translated from the file to the excerpt; line and column stay those of the file.

use crate::manifest::{Label, Source, Span};
use crate::util::text;
use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

/// Lines of more characters than this are shown in part.
const LONG_LINE: usize = 200;
/// How much of a long line is shown before a label, in characters.
const LEAD: usize = 30;
/// How much of a long line is shown from the start of a label on.
const WINDOW: usize = 90;
/// So many lines between two labels are shown rather than left out.
const GAP: usize = 1;

/// Pieces of a file, each a run of whole lines, one after another in `text`.
#[derive(Debug)]
pub(super) struct Excerpt {
    name: String,
    text: String,
    pieces: Vec<Piece>,
}

#[derive(Debug)]
struct Piece {
    /// In the excerpt.
    span: Span,
    /// Counted from 0.
    first_line: usize,
    marks: Vec<Mark>,
}

/// A label's place in the excerpt and in the file.
#[derive(Debug)]
struct Mark {
    start: usize,
    line: usize,
    column: usize,
}

/// A line of the file; the end is before the line break.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Line {
    number: usize,
    span: Span,
}

impl Excerpt {
    /// The lines that the labels start on, and where in the excerpt each label is. The piece with
    /// the first label comes first.
    pub(super) fn new(source: &Source, labels: &[&Label]) -> (Self, Vec<Span>) {
        let mut excerpt =
            Self { name: text::sanitize(&source.name).into_owned(), text: String::new(), pieces: Vec::new() };
        let mut spans = vec![0..0; labels.len()];
        let lines: Vec<Line> = labels.iter().map(|label| line_of(&source.text, label.span.start)).collect();
        for group in groups(&source.text, &lines) {
            let start = excerpt.text.len();
            let mut marks = Vec::new();
            for line in &group {
                let here: Vec<usize> = (0..labels.len()).filter(|&index| lines[index] == *line).collect();
                let wanted: Vec<Span> = here.iter().map(|&index| clip(&labels[index].span, &line.span)).collect();
                let places = excerpt.add_line(&source.text[line.span.clone()], line.span.start, &wanted);
                for (&index, place) in here.iter().zip(places) {
                    let (_, column) = position(&source.text, labels[index].span.start);
                    marks.push(Mark { start: place.start, line: line.number, column: column - 1 });
                    spans[index] = place;
                }
            }
            let first_line = group.first().map_or(0, |line| line.number);
            excerpt.pieces.push(Piece { span: start..excerpt.text.len(), first_line, marks });
        }
        (excerpt, spans)
    }

    /// Appends a line, cleaned; gives the places of spans of the file in the excerpt.
    fn add_line(&mut self, line: &str, offset: usize, wanted: &[Span]) -> Vec<Span> {
        let window = window(line, offset, wanted);
        let mut places: Vec<(Option<usize>, Option<usize>)> = vec![(None, None); wanted.len()];
        let mut note = |at: usize, place: usize| {
            for (span, found) in wanted.iter().zip(&mut places) {
                if at >= span.start && found.0.is_none() {
                    found.0 = Some(place);
                }
                if at >= span.end && found.1.is_none() {
                    found.1 = Some(place);
                }
            }
        };
        if window.start > 0 {
            self.text.push('…');
        }
        for (index, c) in line[window.clone()].char_indices() {
            note(offset + window.start + index, self.text.len());
            if c != '\u{feff}' {
                self.text.push_str(&text::sanitize(c.encode_utf8(&mut [0; 4])));
            }
        }
        note(usize::MAX, self.text.len());
        if window.end < line.len() {
            self.text.push('…');
        }
        self.text.push('\n');
        places
            .into_iter()
            .map(|(start, end)| {
                let start = start.unwrap_or(self.text.len() - 1);
                start..end.unwrap_or(start).max(start)
            })
            .collect()
    }
}

impl SourceCode for Excerpt {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        context: usize,
        _: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let (start, end) = (span.offset(), span.offset() + span.len());
        let piece = self
            .pieces
            .iter()
            .find(|piece| piece.span.start <= start && end <= piece.span.end && start < piece.span.end)
            .ok_or(MietteError::OutOfBounds)?;
        // Without context miette asks for the place to name, with context for the lines to show.
        let mark = piece.marks.iter().find(|mark| context == 0 && mark.start == start);
        let (line, column) = mark.map_or((piece.first_line, 0), |mark| (mark.line, mark.column));
        let data = &self.text[piece.span.clone()];
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.clone(),
            data.as_bytes(),
            (piece.span.start, piece.span.len()).into(),
            line,
            column,
            data.matches('\n').count(),
        )))
    }
}

/// Line and column of a place, both from 1; the column in characters. A byte order mark is none.
pub(super) fn position(text: &str, offset: usize) -> (usize, usize) {
    let line = line_of(text, offset);
    let offset = text.floor_char_boundary(offset);
    let before = text[line.span.start..offset.max(line.span.start)].trim_start_matches('\u{feff}');
    (line.number + 1, before.chars().count() + 1)
}

fn line_of(text: &str, offset: usize) -> Line {
    let offset = text.floor_char_boundary(offset);
    let before = &text[..offset];
    let start = before.rfind('\n').map_or(0, |index| index + 1);
    let end = text[offset..].find('\n').map_or(text.len(), |index| offset + index);
    let end = if text[start..end].ends_with('\r') { end - 1 } else { end };
    Line { number: before.bytes().filter(|byte| *byte == b'\n').count(), span: start..end }
}

/// Lines that are shown together; the group of the first line comes first.
fn groups(text: &str, lines: &[Line]) -> Vec<Vec<Line>> {
    let mut sorted = lines.to_vec();
    sorted.sort_by_key(|line| line.number);
    sorted.dedup();
    let mut groups: Vec<Vec<Line>> = Vec::new();
    for line in sorted {
        match groups.last_mut() {
            Some(group) if group.last().is_some_and(|last| line.number <= last.number + 1 + GAP) => {
                while let Some(next) = group.last().filter(|last| last.number + 1 < line.number) {
                    let after = text[next.span.end..].find('\n').map_or(text.len(), |index| next.span.end + index + 1);
                    let between = Line { number: next.number + 1, ..line_of(text, after) };
                    group.push(between);
                }
                group.push(line);
            }
            _ => groups.push(vec![line]),
        }
    }
    if let Some(first) = lines.first().and_then(|first| groups.iter().position(|group| group.contains(first))) {
        groups[..=first].rotate_right(1);
    }
    groups
}

/// The part of a span that is on the line.
fn clip(span: &Span, line: &Span) -> Span {
    let start = span.start.clamp(line.start, line.end);
    start..span.end.clamp(start, line.end)
}

/// The part of a line that is shown, in bytes of the line.
fn window(line: &str, offset: usize, wanted: &[Span]) -> Span {
    if line.chars().nth(LONG_LINE).is_none() {
        return 0..line.len();
    }
    let first = wanted.iter().map(|span| span.start - offset).min().unwrap_or(0);
    let before = line[..first].char_indices().rev().nth(LEAD - 1).map_or(0, |(index, _)| index);
    let after = line[first..].char_indices().nth(WINDOW).map_or(line.len(), |(index, _)| first + index);
    before..after
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_characters_from_one() {
        let text = "\u{feff}a\r\nüx = 1\n";
        assert_eq!(position(text, 0), (1, 1));
        assert_eq!(position(text, 3), (1, 1));
        assert_eq!(position(text, 8), (2, 2));
        assert_eq!(position(text, text.len()), (3, 1));
        assert_eq!(position(text, 1000), (3, 1));
    }
}
