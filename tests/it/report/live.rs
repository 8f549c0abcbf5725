//! The live tree: pictures, and what the painter sends to a terminal.

use super::golden;
use super::run::{
    Buffer, Hand, SECRET, advanced, cleaner, drive, ended, log, output, planned, shop, shop_outcome, started, task,
};
use shipit::cli::report::{Paint, Reporter, TerminalReporter};
use shipit::pipeline::Event;
use shipit::util::Unit;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

const PLAIN: Paint = Paint { color: false, ascii: false };

/// What a terminal shows: enough of one for what the painter sends.
#[derive(Default)]
struct Screen {
    lines: Vec<String>,
    row: usize,
    cursor_is_hidden: bool,
}

impl Screen {
    fn after(text: &str) -> Self {
        let mut screen = Self { lines: vec![String::new()], ..Self::default() };
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            rest = &rest[c.len_utf8()..];
            match c {
                '\u{1b}' => {
                    let end = rest.find(|c: char| c.is_ascii_alphabetic()).expect("a whole sequence");
                    screen.obey(&rest[1..=end]);
                    rest = &rest[end + 1..];
                }
                '\r' => {}
                '\n' => {
                    screen.row += 1;
                    if screen.row == screen.lines.len() {
                        screen.lines.push(String::new());
                    }
                }
                c => screen.lines[screen.row].push(c),
            }
        }
        screen
    }

    fn obey(&mut self, sequence: &str) {
        match sequence {
            "?25l" => self.cursor_is_hidden = true,
            "?25h" => self.cursor_is_hidden = false,
            "?7l" | "?7h" => {}
            "2K" => self.lines[self.row].clear(),
            "J" => {
                assert!(self.row > 0, "terminals keep what is cleared from their first line on");
                self.lines.truncate(self.row);
                self.lines.push(String::new());
            }
            colour if colour.ends_with('m') => {}
            up => self.row -= up.strip_suffix('A').expect("a known sequence").parse::<usize>().unwrap(),
        }
    }

    fn text(&self) -> String {
        self.lines.join("\n")
    }
}

struct Terminal {
    buffer: Buffer,
    hand: Hand,
    reporter: TerminalReporter,
    width: Arc<AtomicUsize>,
}

fn terminal(width: usize, height: usize, paint: Paint) -> Terminal {
    let (buffer, hand, width) = (Buffer::default(), Hand::default(), Arc::new(AtomicUsize::new(width)));
    let size = width.clone();
    let size = Arc::new(move || (size.load(Ordering::SeqCst), height));
    let reporter = TerminalReporter::new(Box::new(buffer.clone()), hand.clock(), size, 0, paint);
    Terminal { buffer, hand, reporter, width }
}

impl Terminal {
    /// Events up to a moment, and a picture of that moment.
    fn show(&mut self, events: &[(u64, Event)], until: u64) -> String {
        for (millis, event) in events.iter().filter(|(millis, _)| *millis <= until) {
            self.hand.set(*millis);
            self.reporter.event(&cleaner().event(event, false));
        }
        self.hand.set(until + 100);
        self.reporter.tick();
        let text = self.buffer.text();
        assert!(!text.contains(SECRET));
        Screen::after(&text).text()
    }
}

#[test]
fn the_tree_shows_what_runs_and_keeps_what_has_ended() {
    let mut pictures = String::new();
    for until in [850, 2550, 7800] {
        let picture = terminal(80, 24, PLAIN).show(&shop(), until);
        pictures += &format!("──── after {until} ms\n{picture}\n");
    }
    golden("tty.txt", &pictures);
    let ascii = terminal(60, 24, Paint { ascii: true, color: false }).show(&shop(), 7800);
    assert!(ascii.is_ascii(), "{ascii}");
    golden("tty-ascii.txt", &ascii);
    let mut coloured = terminal(80, 24, Paint { ascii: false, color: true });
    coloured.show(&shop(), 850);
    assert!(coloured.buffer.text().contains("\u{1b}[36m"));
}

#[test]
fn the_end_leaves_the_table_and_the_cursor() {
    let mut tty = terminal(80, 24, PLAIN);
    let hand = tty.hand.clone();
    drive(&mut tty.reporter, &hand, &shop(), &shop_outcome());
    let screen = Screen::after(&tty.buffer.text());
    golden("tty-end.txt", &screen.text());
    assert!(!screen.cursor_is_hidden);
    let whole = tty.buffer.text().len();
    drop(tty.reporter);
    assert_eq!(tty.buffer.text().len(), whole);
}

#[test]
fn a_tree_that_is_dropped_gives_the_cursor_back() {
    let mut tty = terminal(80, 24, PLAIN);
    tty.show(&shop(), 850);
    assert!(Screen::after(&tty.buffer.text()).cursor_is_hidden);
    drop(tty.reporter);
    let screen = Screen::after(&tty.buffer.text());
    assert!(!screen.cursor_is_hidden);
    assert!(!screen.text().contains("build-api"), "{}", screen.text());
}

fn busy(steps: usize, tasks: usize) -> Vec<(u64, Event)> {
    let names: Vec<String> = (0..steps).map(|step| format!("push-service-{step}")).collect();
    let mut events = vec![(0, planned(&names.iter().map(String::as_str).collect::<Vec<_>>()))];
    for name in &names {
        events.push((0, started(name)));
        for n in 0..tasks {
            events.push((0, task(name, &format!("t{n}"), &format!("層 layer {n}"), Unit::Bytes, Some(1000))));
            events.push((0, advanced(name, &format!("t{n}"), 500)));
        }
        events.push((0, log(name, "a line of output that is much longer than any terminal is wide, which is cut")));
    }
    events
}

fn columns(line: &str) -> usize {
    line.chars().map(|c| if c > '\u{2e80}' { 2 } else { 1 }).sum()
}

#[test]
fn a_picture_is_never_larger_than_the_terminal() {
    for (width, height) in [(80, 24), (40, 10), (20, 6), (10, 4), (1, 3), (80, 2), (80, 1)] {
        for (steps, tasks) in [(0, 0), (1, 12), (3, 2), (30, 3), (1000, 1)] {
            let picture = terminal(width, height, PLAIN).show(&busy(steps, tasks), 10);
            let lines: Vec<&str> = picture.lines().collect();
            assert!(lines.len() <= (height - 1).max(1), "{width}x{height}, {steps} steps:\n{picture}");
            assert!(lines.iter().all(|line| columns(line) <= width), "{width}x{height}:\n{picture}");
        }
    }
    golden("tty-small.txt", &terminal(48, 12, PLAIN).show(&busy(3, 9), 900));
    golden("tty-many.txt", &terminal(48, 8, PLAIN).show(&busy(30, 2), 900));
}

#[test]
fn a_terminal_that_becomes_narrower_is_cleared_of_broken_lines() {
    let mut tty = terminal(80, 24, PLAIN);
    tty.show(&busy(1, 0), 10);
    let before = tty.buffer.text().len();
    tty.width.store(30, Ordering::SeqCst);
    tty.hand.set(1000);
    tty.reporter.tick();
    // Header and sum take one row each; the cut line of output took 80 columns, now three rows.
    assert!(tty.buffer.text()[before..].starts_with("\r\u{1b}[4A\u{1b}[J\r\u{1b}[1A\u{1b}[2K"));
}

#[test]
fn only_lines_that_changed_are_written_again() {
    let mut tty = terminal(80, 24, PLAIN);
    tty.show(&busy(4, 2), 0);
    let before = tty.buffer.text().len();
    tty.hand.set(190);
    tty.reporter.event(&advanced("push-service-1", "t1", 600));
    let sent = tty.buffer.text()[before..].to_owned();
    assert!(sent.contains("600 B"), "{sent}");
    // The tasks of the other steps and the lines of output have not changed.
    assert!(!sent.contains("500 B") && !sent.contains("output"), "{sent}");
}

#[test]
fn a_flood_of_events_is_painted_at_most_twelve_times_a_second() {
    let mut tty = terminal(80, 24, PLAIN);
    tty.show(&busy(4, 2), 0);
    let before = tty.buffer.text().matches("\u{1b}[?7l").count();
    for millis in 100..1100 {
        tty.hand.set(millis);
        for _ in 0..20 {
            tty.reporter.event(&advanced("push-service-1", "t1", millis));
        }
    }
    let painted = tty.buffer.text().matches("\u{1b}[?7l").count() - before;
    assert!((10..=13).contains(&painted), "{painted}");
}

#[test]
fn stopping_is_said() {
    let mut events = busy(2, 0);
    events.push((10, Event::Cancelling));
    events.push((20, ended("push-service-0", output(false, "1 layer", 3), 20)));
    let picture = terminal(80, 24, PLAIN).show(&events, 30);
    assert!(picture.contains("stopping… Ctrl-C again ends at once"), "{picture}");
    assert!(picture.starts_with("✔ push-service-0  0.0s  1 layer\n"), "{picture}");
}
