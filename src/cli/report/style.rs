//! Colours, marks, widths, and numbers as people read them.

use std::borrow::Cow;
use std::time::Duration;

/// What may be used to draw with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Paint {
    pub color: bool,
    /// Only ASCII: the locale is not UTF-8.
    pub ascii: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ink {
    Plain,
    Bold,
    Dim,
    Good,
    Bad,
    Warning,
    Active,
}

/// A line of pieces of text, coloured and cut only when it is rendered.
#[derive(Clone, Debug, Default)]
pub(super) struct Line(Vec<(Ink, String)>);

impl Line {
    pub(super) fn new(ink: Ink, text: impl Into<String>) -> Self {
        Self(Vec::new()).add(ink, text)
    }

    pub(super) fn add(mut self, ink: Ink, text: impl Into<String>) -> Self {
        self.0.push((ink, text.into()));
        self
    }

    pub(super) fn indented(mut self) -> Self {
        self.0.insert(0, (Ink::Plain, "    ".to_owned()));
        self
    }

    /// The line, cut to a number of columns if one is given.
    pub(super) fn render(&self, paint: Paint, width: Option<usize>) -> String {
        let mut left = width.unwrap_or(usize::MAX);
        let mut rendered = String::new();
        for (index, (ink, text)) in self.0.iter().enumerate() {
            let text = paint.letters(text);
            let is_last = index + 1 == self.0.len();
            // What follows needs a place too, or at least the sign that it is left out.
            let fits = columns(&text) < left || (is_last && columns(&text) == left);
            let shown = if fits { text } else { Cow::Owned(cut(&text, left, paint)) };
            left -= columns(&shown).min(left);
            paint.push(*ink, &shown, &mut rendered);
            if !fits {
                break;
            }
        }
        rendered
    }
}

impl Paint {
    pub(super) fn colorless(self) -> Self {
        Self { color: false, ..self }
    }

    pub(super) fn done(self) -> &'static str {
        if self.ascii { "+" } else { "✔" }
    }

    pub(super) fn failed(self) -> &'static str {
        if self.ascii { "x" } else { "✘" }
    }

    pub(super) fn cached(self) -> &'static str {
        "="
    }

    pub(super) fn not_run(self) -> &'static str {
        "-"
    }

    pub(super) fn ellipsis(self) -> &'static str {
        if self.ascii { "..." } else { "…" }
    }

    pub(super) fn stem(self) -> &'static str {
        if self.ascii { "| " } else { "│ " }
    }

    pub(super) fn spinner(self, now: Duration) -> char {
        let phases: &[char] = if self.ascii {
            &['-', '\\', '|', '/']
        } else {
            &['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']
        };
        let phase = now.as_millis() / 100 % phases.len() as u128;
        phases[usize::try_from(phase).unwrap_or(0)]
    }

    /// A bar of `width` columns.
    pub(super) fn bar(self, done: u64, total: u64, width: usize) -> String {
        let (full, empty) = if self.ascii { ("#", ".") } else { ("━", "╌") };
        let share =
            if total == 0 { width as u128 } else { u128::from(done.min(total)) * width as u128 / u128::from(total) };
        let filled = usize::try_from(share).unwrap_or(width).min(width);
        full.repeat(filled) + &empty.repeat(width - filled)
    }

    /// Text in the letters that may be used; what is none of them becomes `?`.
    fn letters(self, text: &str) -> Cow<'_, str> {
        if !self.ascii || text.is_ascii() {
            return Cow::Borrowed(text);
        }
        Cow::Owned(text.replace('…', "...").chars().map(|c| if c.is_ascii() { c } else { '?' }).collect())
    }

    fn push(self, ink: Ink, text: &str, to: &mut String) {
        let code = match ink {
            Ink::Plain => "",
            Ink::Bold => "1",
            Ink::Dim => "2",
            Ink::Good => "32",
            Ink::Bad => "31",
            Ink::Warning => "33",
            Ink::Active => "36",
        };
        if !self.color || code.is_empty() || text.is_empty() {
            to.push_str(text);
        } else {
            to.extend(["\u{1b}[", code, "m", text, "\u{1b}[0m"]);
        }
    }
}

fn cut(text: &str, width: usize, paint: Paint) -> String {
    let sign = paint.ellipsis();
    let Some(mut left) = width.checked_sub(columns(sign)) else { return ".".repeat(width) };
    let mut shown = String::new();
    for c in text.chars() {
        let Some(rest) = left.checked_sub(char_columns(c)) else { break };
        left = rest;
        shown.push(c);
    }
    shown + sign
}

/// How many columns of a terminal a text takes; control characters count none.
pub(super) fn columns(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.chars().map(char_columns).sum() }
}

/// After Unicode's East Asian Width (UAX 11): wide and full-width characters take two columns.
fn char_columns(c: char) -> usize {
    match c {
        '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' => 0,
        '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200f}' | '\u{20d0}'..='\u{20ff}' | '\u{fe00}'..='\u{fe0f}' => 0,
        '\u{1100}'..='\u{115f}'
        | '\u{2e80}'..='\u{303e}'
        | '\u{3041}'..='\u{a4cf}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}'
        | '\u{fe30}'..='\u{fe6f}'
        | '\u{ff00}'..='\u{ff60}'
        | '\u{ffe0}'..='\u{ffe6}'
        | '\u{1f300}'..='\u{1f64f}'
        | '\u{1f680}'..='\u{1f6ff}'
        | '\u{1f900}'..='\u{1f9ff}'
        | '\u{20000}'..='\u{3fffd}' => 2,
        _ => 1,
    }
}

/// `3.2s`, `2m 05s`, `1h 02m`.
pub(super) fn seconds(time: Duration) -> String {
    let tenths = (time.as_millis() + 50) / 100;
    let whole = tenths / 10;
    if whole < 60 {
        format!("{whole}.{}s", tenths % 10)
    } else if whole < 3600 {
        format!("{}m {:02}s", whole / 60, whole % 60)
    } else {
        format!("{}h {:02}m", whole / 3600, whole % 3600 / 60)
    }
}

/// `340 B`, `3.4 MB`, `12 GB`: decimal, two figures at least.
pub(super) fn bytes(count: u64) -> String {
    const UNITS: [&str; 6] = ["kB", "MB", "GB", "TB", "PB", "EB"];
    if count < 1000 {
        return format!("{count} B");
    }
    let (mut unit, mut size) = (0, 1000_u64);
    while unit + 1 < UNITS.len() && count / size >= 1000 {
        unit += 1;
        size *= 1000;
    }
    let tenths = u128::from(count) * 10 / u128::from(size);
    if tenths < 100 {
        format!("{}.{} {}", tenths / 10, tenths % 10, UNITS[unit])
    } else {
        format!("{} {}", tenths / 10, UNITS[unit])
    }
}

/// A count with its noun: `1 step`, `2 steps`.
pub(super) fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_well() {
        let times = [0, 49, 51, 3249, 59_949, 59_950, 125_000, 3_725_000];
        let times: Vec<String> = times.iter().map(|millis| seconds(Duration::from_millis(*millis))).collect();
        assert_eq!(times, ["0.0s", "0.0s", "0.1s", "3.2s", "59.9s", "1m 00s", "2m 05s", "1h 02m"]);
        let sizes = [0, 999, 1000, 9_999, 10_000, 999_999, 1_000_000, 12_345_678, u64::MAX].map(bytes);
        assert_eq!(sizes, ["0 B", "999 B", "1.0 kB", "9.9 kB", "10 kB", "999 kB", "1.0 MB", "12 MB", "18 EB"]);
    }

    #[test]
    fn a_line_is_cut_to_columns_not_bytes() {
        let line = Line::new(Ink::Good, "日本").add(Ink::Plain, " text");
        let plain = Paint::default();
        assert_eq!(line.render(plain, Some(9)), "日本 text");
        assert_eq!(line.render(plain, Some(8)), "日本 te…");
        assert_eq!(line.render(plain, Some(4)), "日…");
        assert_eq!(line.render(plain, Some(0)), "");
        assert_eq!(line.render(Paint { ascii: true, color: false }, Some(8)), "?? text");
        assert_eq!(line.render(Paint { ascii: true, color: false }, Some(6)), "?? ...");
        let coloured = Paint { color: true, ascii: false };
        assert_eq!(line.render(coloured, Some(6)), "\u{1b}[32m日本\u{1b}[0m …");
        for width in 0..12 {
            assert!(columns(&line.render(plain, Some(width))) <= width);
        }
    }

    #[test]
    fn a_bar_is_never_wider_than_it_may_be() {
        let paint = Paint { ascii: true, color: false };
        assert_eq!(paint.bar(1, 2, 4), "##..");
        assert_eq!(paint.bar(9, 2, 4), "####");
        assert_eq!(paint.bar(0, 0, 4), "####");
        assert_eq!(paint.bar(u64::MAX - 1, u64::MAX, 4), "###.");
    }
}
