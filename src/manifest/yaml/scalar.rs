//! What an unquoted word means.

use crate::manifest::Kind;

/// The meaning of a plain scalar; `None` for an integer that is out of range.
pub(super) fn resolve(text: &str) -> Option<Kind> {
    Some(match text {
        "" | "~" | "null" => Kind::Null,
        "true" => Kind::Bool(true),
        "false" => Kind::Bool(false),
        _ if is_integer(text) => Kind::Integer(text.parse().ok()?),
        _ if is_float(text) => text.parse().map_or_else(|_| Kind::String(text.to_owned()), Kind::Float),
        _ => Kind::String(text.to_owned()),
    })
}

/// Decimal digits without a leading zero, after which languages disagree about the base.
fn is_integer(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    !digits.is_empty()
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && (digits == "0" || !digits.starts_with('0'))
}

/// YAML 1.2.2, section 10.3.2, without infinities and "not a number".
fn is_float(text: &str) -> bool {
    let number = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (mantissa, exponent) = match number.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.strip_prefix(['-', '+']).unwrap_or(exponent))),
        None => (number, None),
    };
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let is_plain_integer = exponent.is_none() && !mantissa.contains('.');
    let has_digits = !(whole.is_empty() && fraction.is_empty());
    let has_exponent = exponent.is_none_or(|exponent| !exponent.is_empty() && is_digits(exponent));
    !is_plain_integer && has_digits && has_exponent && is_digits(whole) && is_digits(fraction)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_numbers_and_true_and_false_are_not_text() {
        for text in [
            "no",
            "yes",
            "on",
            "True",
            "0x1F90",
            "0o17",
            "010",
            "2024-01-01",
            "1.2.3",
            "e1",
            ".",
            "1e",
            "-",
            "1_000",
            ".inf",
            "0123456",
        ] {
            assert_eq!(resolve(text), Some(Kind::String(text.to_owned())), "{text}");
        }
        assert_eq!(resolve("-12"), Some(Kind::Integer(-12)));
        assert_eq!(resolve("+0"), Some(Kind::Integer(0)));
        assert_eq!(resolve("1e1"), Some(Kind::Float(10.0)));
        assert_eq!(resolve("1.10"), Some(Kind::Float(1.1)));
        assert_eq!(resolve(".5"), Some(Kind::Float(0.5)));
        assert_eq!(resolve("~"), Some(Kind::Null));
        assert_eq!(resolve("true"), Some(Kind::Bool(true)));
        assert_eq!(resolve("9223372036854775807"), Some(Kind::Integer(i64::MAX)));
        assert_eq!(resolve("9223372036854775808"), None);
    }
}
