//! Schedules of cron as Azure reads them: five fields, UTC, no seconds, no nicknames
//! (Microsoft Learn, "Run an ACR task on a defined schedule", "Cron expressions").

use crate::util::text;
use std::ops::Range;

/// What is wrong with a schedule.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct CronError {
    /// The offending part of the text, in bytes.
    pub(super) range: Range<usize>,
    pub(super) message: String,
    pub(super) help: String,
}

struct Field {
    name: &'static str,
    least: u32,
    most: u32,
    /// Words for the values from `least` on.
    words: &'static [&'static str],
}

const FIELDS: [Field; 5] = [
    Field { name: "minute", least: 0, most: 59, words: &[] },
    Field { name: "hour", least: 0, most: 23, words: &[] },
    Field { name: "day of the month", least: 1, most: 31, words: &[] },
    Field {
        name: "month",
        least: 1,
        most: 12,
        words: &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
    },
    Field { name: "day of the week", least: 0, most: 6, words: &["sun", "mon", "tue", "wed", "thu", "fri", "sat"] },
];

/// Words that other programs take for a whole schedule.
const NICKNAMES: &[(&str, &str)] = &[
    ("@yearly", "0 0 1 1 *"),
    ("@annually", "0 0 1 1 *"),
    ("@monthly", "0 0 1 * *"),
    ("@weekly", "0 0 * * 0"),
    ("@daily", "0 0 * * *"),
    ("@midnight", "0 0 * * *"),
    ("@hourly", "0 * * * *"),
];

/// Checks a schedule and gives it with single spaces.
pub(super) fn parse(schedule: &str) -> Result<String, CronError> {
    let whole = 0..schedule.len();
    let written = schedule.trim();
    if written.starts_with('@') {
        let meant = NICKNAMES.iter().find(|(nickname, _)| written.eq_ignore_ascii_case(nickname));
        let example = meant.map_or("0 1 * * *", |(_, meant)| meant);
        return Err(CronError {
            range: whole,
            message: format!("`{written}` is no schedule of five fields"),
            help: format!("write `{example}`"),
        });
    }
    let fields = words(schedule);
    if fields.len() != FIELDS.len() {
        let order = "minute, hour, day of the month, month, day of the week (UTC), for example `0 1 * * *`";
        let help = match fields.len() {
            6 | 7 => format!("leave the seconds out and write {order}"),
            _ => format!("write {order}"),
        };
        let message = format!("a schedule has five fields, this one has {}", fields.len());
        return Err(CronError { range: whole, message, help });
    }
    for (field, range) in FIELDS.iter().zip(&fields) {
        let mut start = range.start;
        for item in schedule[range.clone()].split(',') {
            if let Err(why) = field.item(item) {
                let range = if item.is_empty() { range.clone() } else { start..start + item.len() };
                return Err(CronError { range, message: format!("the {} {why}", field.name), help: field.help() });
            }
            start += item.len() + 1;
        }
    }
    Ok(fields.into_iter().map(|range| &schedule[range]).collect::<Vec<_>>().join(" "))
}

/// The places of what stands between white space.
fn words(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match (c.is_whitespace(), start) {
            (true, Some(from)) => {
                found.push(from..at);
                start = None;
            }
            (false, None) => start = Some(at),
            (true, None) | (false, Some(_)) => {}
        }
    }
    found
}

impl Field {
    /// `*`, `5`, `1-5`, each perhaps with `/2`.
    fn item(&self, item: &str) -> Result<(), String> {
        let (values, step) = match item.split_once('/') {
            Some((values, step)) => (values, Some(step)),
            None => (item, None),
        };
        if let Some(step) = step {
            match step.parse::<u32>() {
                Ok(1..) if step.bytes().all(|byte| byte.is_ascii_digit()) => {}
                _ => return Err(format!("has the step `{step}`, which is no number from 1 on")),
            }
        }
        if values == "*" {
            return Ok(());
        }
        match values.split_once('-') {
            None => self.value(values).map(|_| ()),
            Some((from, to)) => {
                if self.value(from)? > self.value(to)? {
                    return Err(format!("runs backwards in `{values}`"));
                }
                Ok(())
            }
        }
    }

    fn value(&self, text: &str) -> Result<u32, String> {
        if text.is_empty() {
            return Err("lacks a value".to_owned());
        }
        let word = self.words.iter().position(|word| text.eq_ignore_ascii_case(word));
        if let Some(index) = word.and_then(|index| u32::try_from(index).ok()) {
            return Ok(self.least + index);
        }
        match text.parse::<u32>() {
            Ok(number) if !text.starts_with('+') && (self.least..=self.most).contains(&number) => Ok(number),
            Ok(number) if !text.starts_with('+') => Err(format!("cannot be `{number}`")),
            _ => Err(format!("cannot be `{text}`")),
        }
    }

    fn help(&self) -> String {
        let mut help = format!("write `*`, or numbers from {} to {}", self.least, self.most);
        if let (Some(first), Some(last)) = (self.words.first(), self.words.last()) {
            help += &format!(" or names from {}", text::list([*first, *last]).replace(" and ", " to "));
        }
        help + ", lists (`1,3`), ranges (`1-5`), steps (`*/2`)"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn wrong(schedule: &str, part: &str, message: &str) {
        let error = parse(schedule).unwrap_err();
        assert_eq!((&schedule[error.range], error.message.as_str()), (part, message));
    }

    #[test]
    fn schedules_of_five_fields_are_taken() {
        for good in ["0 1 * * *", "*/15 0-6/2 1,15 JAN-mar mon-Fri", "59 23 31 12 6", "5/10 * * * 0"] {
            assert_eq!(parse(good).as_deref(), Ok(good));
        }
        assert_eq!(parse(" 0  1\t* * * ").as_deref(), Ok("0 1 * * *"));
    }

    #[test]
    fn the_offending_part_is_found() {
        wrong("0 24 * * *", "24", "the hour cannot be `24`");
        wrong("0 1 * * 7", "7", "the day of the week cannot be `7`");
        wrong("0 1 0 * *", "0", "the day of the month cannot be `0`");
        wrong("1,61 1 * * *", "61", "the minute cannot be `61`");
        wrong("0 1 * foo *", "foo", "the month cannot be `foo`");
        wrong("0 5-1 * * *", "5-1", "the hour runs backwards in `5-1`");
        wrong("*/0 1 * * *", "*/0", "the minute has the step `0`, which is no number from 1 on");
        wrong("1,,2 1 * * *", "1,,2", "the minute lacks a value");
        wrong("+1 1 * * *", "+1", "the minute cannot be `+1`");
        wrong("-1 1 * * *", "-1", "the minute lacks a value");
    }

    #[test]
    fn other_numbers_of_fields_are_refused() {
        wrong("", "", "a schedule has five fields, this one has 0");
        wrong("0 0 1 * * *", "0 0 1 * * *", "a schedule has five fields, this one has 6");
        assert!(parse("0 0 1 * * *").unwrap_err().help.starts_with("leave the seconds out"));
        assert_eq!(parse("@daily").unwrap_err().help, "write `0 0 * * *`");
    }
}
