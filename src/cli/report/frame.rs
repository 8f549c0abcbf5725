//! One picture of the live tree: a pure function of the run's state, the size and the time.

use super::RunView;
use super::run_view::{StepView, TaskView};
use super::style::{Ink, Line, Paint, bytes, columns, count, seconds};
use crate::util::Unit;
use std::time::Duration;

/// The most lines of output of a running step, while few run and while many do.
const LOG_LINES: usize = 3;
const LOG_LINES_OF_MANY: usize = 1;
/// How many running steps are few.
const FEW: usize = 2;
/// The most tasks of a running step.
const TASKS: usize = 6;
const LABEL_COLUMNS: usize = 28;
const BAR_COLUMNS: usize = 24;

/// What there is to draw on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame {
    /// In columns and rows.
    pub width: usize,
    pub height: usize,
    pub paint: Paint,
}

/// The steps that are done, the running ones, their tasks and the last lines of their output, and one
/// line about the whole. Where there is no room for all, the first steps that are done go first.
///
/// Never more lines than `height - 1` (but one), never wider than `width`.
pub fn frame(view: &RunView, frame: &Frame, now: Duration) -> Vec<String> {
    // One line for the sum, one for the cursor.
    let room = frame.height.saturating_sub(2);
    let mut lines = Vec::new();
    let steps = if view.running.len() > room { room.saturating_sub(1) } else { view.running.len() };
    let log_lines = if view.running.len() <= FEW { LOG_LINES } else { LOG_LINES_OF_MANY };
    let details: Vec<Vec<Line>> =
        view.running[..steps].iter().map(|step| details(step, frame, now, log_lines)).collect();
    let headers = steps + usize::from(steps < view.running.len());
    let wanted = headers + details.iter().map(Vec::len).sum::<usize>();
    lines.extend(finished(view, room.saturating_sub(wanted), frame.paint));
    let room = room - lines.len();
    let rooms = share(room.saturating_sub(headers), &details);
    for ((step, details), room) in view.running.iter().zip(details).zip(rooms) {
        lines.push(header(step, frame.paint, now));
        let hidden = details.len() - room;
        // In a single line the first detail says more than that there are others.
        let counts_hidden = hidden > 0 && room > 1;
        let shown = room - usize::from(counts_hidden);
        lines.extend(details.into_iter().take(shown));
        if counts_hidden {
            lines.push(more(hidden + 1, frame.paint).indented());
        }
    }
    if steps < view.running.len() && room > 0 {
        lines.push(more(view.running.len() - steps, frame.paint));
    }
    lines.push(sum(view, frame.paint, now));
    lines.iter().map(|line| line.render(frame.paint, Some(frame.width))).collect()
}

/// The last of the steps that are done.
fn finished(view: &RunView, room: usize, paint: Paint) -> Vec<Line> {
    let all = view.finished.len();
    if all <= room {
        return view.finished.iter().cloned().collect();
    }
    let shown = room.saturating_sub(1);
    let first =
        (room > 0).then(|| Line::new(Ink::Dim, format!("{} and {} more that ended", paint.ellipsis(), all - shown)));
    first.into_iter().chain(view.finished.iter().skip(all - shown).cloned()).collect()
}

/// How many of its details each step may show: as evenly as they are wanted.
fn share(mut room: usize, details: &[Vec<Line>]) -> Vec<usize> {
    let mut rooms = vec![0; details.len()];
    loop {
        let mut given = false;
        for (index, details) in details.iter().enumerate() {
            if room > 0 && rooms[index] < details.len() {
                rooms[index] += 1;
                room -= 1;
                given = true;
            }
        }
        if !given {
            return rooms;
        }
    }
}

fn header(step: &StepView, paint: Paint, now: Duration) -> Line {
    Line::new(Ink::Active, paint.spinner(now).to_string())
        .add(Ink::Bold, format!(" {}", step.id))
        .add(Ink::Dim, format!("  {}", seconds(now.saturating_sub(step.started))))
}

fn details(step: &StepView, frame: &Frame, now: Duration, log_lines: usize) -> Vec<Line> {
    let mut lines: Vec<Line> = step.tasks.iter().take(TASKS).map(|task| task_line(task, frame, now)).collect();
    if step.tasks.len() > TASKS {
        lines.truncate(TASKS - 1);
        lines.push(more(step.tasks.len() - lines.len(), frame.paint).indented());
    }
    let log = step.log.iter().skip(step.log.len().saturating_sub(log_lines));
    lines.extend(log.map(|line| Line::new(Ink::Dim, format!("    {}{line}", frame.paint.stem()))));
    lines
}

fn task_line(task: &TaskView, frame: &Frame, now: Duration) -> Line {
    let took = now.saturating_sub(task.started);
    let (numbers, total) = match (task.unit, task.total) {
        (Unit::Bytes, Some(total)) => {
            // Who has sent all waits for an answer; a rate would fall from then on.
            let rate = if task.done < total { rate(task.done, took) } else { String::new() };
            (format!("{:>6} / {:<6}  {rate}", bytes(task.done), bytes(total)), Some(total))
        }
        (Unit::Bytes, None) => (format!("{:>6}  {}", bytes(task.done), rate(task.done, took)), None),
        (Unit::Items, Some(total)) => (format!("{}/{total}", task.done), Some(total)),
        (Unit::Items, None) => {
            return Line::new(Ink::Plain, format!("    {}", task.label)).add(Ink::Dim, format!("  {}", seconds(took)));
        }
    };
    let label_room = LABEL_COLUMNS.min(frame.width / 3);
    let label = Line::new(Ink::Plain, task.label.clone()).render(frame.paint.colorless(), Some(label_room));
    let label = format!("    {label}{}", " ".repeat(label_room - columns(&label).min(label_room)));
    let left = frame.width.saturating_sub(columns(&label) + columns(&numbers) + 4);
    let line = Line::new(Ink::Plain, label);
    let line = match total {
        Some(total) if left >= 5 => {
            line.add(Ink::Active, format!("  {}", frame.paint.bar(task.done, total, left.min(BAR_COLUMNS))))
        }
        _ => line,
    };
    line.add(Ink::Plain, format!("  {}", numbers.trim_end()))
}

/// Over the whole time of the task; nothing in its first moments.
fn rate(done: u64, took: Duration) -> String {
    let millis = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    if millis < 500 || done == 0 {
        return String::new();
    }
    let rate = u128::from(done) * 1000 / u128::from(millis);
    format!("{}/s", bytes(u64::try_from(rate).unwrap_or(u64::MAX)))
}

fn more(number: usize, paint: Paint) -> Line {
    Line::new(Ink::Dim, format!("{} and {number} more", paint.ellipsis()))
}

fn sum(view: &RunView, paint: Paint, now: Duration) -> Line {
    let time = format!("  {}", seconds(now));
    if view.cancelling {
        let text = format!("stopping{} Ctrl-C again ends at once", paint.ellipsis());
        return Line::new(Ink::Warning, text).add(Ink::Dim, time);
    }
    let (ended, planned) = view.extent();
    let mut line = Line::new(Ink::Plain, format!("{ended} of {}", count(planned, "step")));
    let failed = view.counts.failed;
    if failed > 0 {
        line = line.add(Ink::Bad, format!("  {failed} failed"));
    }
    line.add(Ink::Dim, time)
}
