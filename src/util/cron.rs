//! The five fields of cron: minute, hour, day of the month, month, day of the week.

use std::fmt;

/// Names and bounds of the fields.
const FIELDS: [(&str, u32, u32); 5] =
    [("minute", 0, 59), ("hour", 0, 23), ("day", 1, 31), ("month", 1, 12), ("weekday", 0, 7)];
const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const WEEKDAYS: [&str; 7] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

/// Why a text is no schedule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CronError {
    /// It has so many fields.
    Fields(usize),
    /// The named field is wrong.
    Field(&'static str, String),
}

impl fmt::Display for CronError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fields(1) => write!(f, "it has one field, not five"),
            Self::Fields(count) => write!(f, "it has {count} fields, not five"),
            Self::Field(name, text) => write!(f, "`{text}` is no {name}"),
        }
    }
}

/// Checks a schedule: `*`, numbers, names of months and days, ranges, lists and steps.
pub fn check(text: &str) -> Result<(), CronError> {
    let fields: Vec<&str> = text.split_ascii_whitespace().collect();
    if fields.len() != FIELDS.len() {
        return Err(CronError::Fields(fields.len()));
    }
    for ((name, low, high), field) in FIELDS.into_iter().zip(fields) {
        let number = |text: &str| number(name, text).filter(|number| (low..=high).contains(number));
        if !field.split(',').all(|item| item_fits(item, high, &number)) {
            return Err(CronError::Field(name, field.to_owned()));
        }
    }
    Ok(())
}

fn item_fits(item: &str, high: u32, number: &dyn Fn(&str) -> Option<u32>) -> bool {
    let (range, step) = match item.split_once('/') {
        Some((range, step)) => (range, Some(step)),
        None => (item, None),
    };
    let step_fits = step.is_none_or(|step| digits(step).is_some_and(|step| (1..=high).contains(&step)));
    let range_fits = match range.split_once('-') {
        Some((low, high)) => matches!((number(low), number(high)), (Some(low), Some(high)) if low <= high),
        None => range == "*" || number(range).is_some(),
    };
    step_fits && range_fits
}

fn number(field: &str, text: &str) -> Option<u32> {
    let named = |names: &[&str], first: u32| {
        let index = names.iter().position(|name| name.eq_ignore_ascii_case(text))?;
        u32::try_from(index).ok().map(|index| index + first)
    };
    match field {
        "month" => named(&MONTHS, 1).or_else(|| digits(text)),
        "weekday" => named(&WEEKDAYS, 0).or_else(|| digits(text)),
        _ => digits(text),
    }
}

/// A number without a sign.
fn digits(text: &str) -> Option<u32> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schedules_have_five_fields() {
        for good in ["0 1 * * *", "*/5 * * * *", "0 0 1,15 * mon-fri", "30 4 1-7/2 JAN *", "0 0 * * 7", "5/10 * * * *"]
        {
            assert_eq!(check(good), Ok(()), "{good}");
        }
        assert_eq!(check(""), Err(CronError::Fields(0)));
        assert_eq!(check("* * * *"), Err(CronError::Fields(4)));
        assert_eq!(check("0 0 1 * * *"), Err(CronError::Fields(6)));
    }

    #[test]
    fn fields_have_bounds() {
        for (bad, field) in [
            ("60 * * * *", "minute"),
            ("* 24 * * *", "hour"),
            ("* * 0 * *", "day"),
            ("* * * 13 *", "month"),
            ("* * * * 8", "weekday"),
            ("5-1 * * * *", "minute"),
            ("*/0 * * * *", "minute"),
            ("+1 * * * *", "minute"),
            ("1, * * * *", "minute"),
            ("x * * * *", "minute"),
        ] {
            let text = bad.split(' ').find(|part| *part != "*").unwrap().to_owned();
            assert_eq!(check(bad), Err(CronError::Field(field, text)), "{bad}");
        }
    }
}
