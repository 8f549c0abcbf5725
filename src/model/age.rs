//! Ages of images as `acr purge` reads them: days, then what Go calls a duration: `7d`, `2d3h15m`,
//! `1.5h` (Azure/acr-cli, `--ago`).

/// What a unit is in seconds; a longer name stands before one that it ends with.
const UNITS: &[(&str, f64)] =
    &[("ns", 1e-9), ("us", 1e-6), ("µs", 1e-6), ("ms", 1e-3), ("h", 3600.0), ("m", 60.0), ("s", 1.0)];

const DAY: f64 = 86_400.0;

/// The most that is an age and no mistake: a hundred years.
const MOST: f64 = 36_500.0 * DAY;

/// Why a text is no age.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum AgeError {
    Syntax,
    /// More than nothing and less than a minute, which `acr purge` takes for nothing.
    Short,
    Long,
}

/// Checks an age. Nothing (`0d`) stands for every age.
pub(super) fn check(text: &str) -> Result<(), AgeError> {
    let (days, rest) = match text.split_once('d') {
        Some((days, rest)) if !days.is_empty() && days.bytes().all(|byte| byte.is_ascii_digit()) => {
            (days.parse::<f64>().map_err(|_| AgeError::Syntax)?, rest)
        }
        Some(_) => return Err(AgeError::Syntax),
        None if text.is_empty() => return Err(AgeError::Syntax),
        None => (0.0, text),
    };
    let mut seconds = days * DAY;
    let mut rest = rest;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !(c.is_ascii_digit() || c == '.')).ok_or(AgeError::Syntax)?;
        let (number, after) = rest.split_at(end);
        // Go takes `.5h` and `1.h` too, but no dot alone; two dots are no number for Rust either.
        let number: f64 = number.parse().map_err(|_| AgeError::Syntax)?;
        let (unit, length) = UNITS.iter().find(|(unit, _)| is_unit(after, unit)).ok_or(AgeError::Syntax)?;
        seconds += number * length;
        rest = &after[unit.len()..];
    }
    if seconds > MOST {
        Err(AgeError::Long)
    } else if seconds > 0.0 && seconds < 60.0 {
        Err(AgeError::Short)
    } else {
        Ok(())
    }
}

/// Whether `unit` stands at the beginning of a text, alone.
fn is_unit(text: &str, unit: &str) -> bool {
    text.strip_prefix(unit)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(|c: char| c.is_ascii_digit() || c == '.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_days_and_durations() {
        for good in ["0d", "7d", "30d", "2d3h15m", "1.5h", "90s", "1m", "60000ms", "0h", "36500d"] {
            assert_eq!(check(good), Ok(()), "{good}");
        }
        for bad in ["", "7", "d", "-7d", "7 d", "7D", "3h2d", "1.5d", "7w", "1y", "7dd", "1..5h", "h", "1hm", "7d3"] {
            assert_eq!(check(bad), Err(AgeError::Syntax), "{bad}");
        }
        assert_eq!(check("59s"), Err(AgeError::Short));
        assert_eq!(check("1ns"), Err(AgeError::Short));
        assert_eq!(check("36500d1h"), Err(AgeError::Long));
        assert_eq!(check("99999999999999999999999d"), Err(AgeError::Long));
    }
}
