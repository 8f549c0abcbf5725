//! Ranges of bytes: what a pull asks for (RFC 9110) and where a chunk of an upload belongs.

use std::ops::RangeInclusive;

/// What a `Range` header means for content of a known size.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// No range, or one that RFC 9110 lets a server ignore.
    Everything,
    Part(RangeInclusive<u64>),
    Unsatisfiable,
}

/// Reads `bytes=first-last`, `bytes=first-` or `bytes=-suffix`.
pub(super) fn wanted(header: Option<&str>, size: u64) -> Wanted {
    let Some((first, last)) =
        header.and_then(|header| header.strip_prefix("bytes=")).and_then(|range| range.split_once('-'))
    else {
        return Wanted::Everything;
    };
    let end = size.saturating_sub(1);
    match (number(first), number(last)) {
        (Some(first), Some(last)) if first <= last && first < size => Wanted::Part(first..=last.min(end)),
        (Some(first), None) if last.is_empty() && first < size => Wanted::Part(first..=end),
        (None, Some(suffix)) if first.is_empty() && suffix > 0 && size > 0 => {
            Wanted::Part(size.saturating_sub(suffix)..=end)
        }
        (Some(_), Some(_)) => Wanted::Unsatisfiable,
        (Some(_), None) if last.is_empty() => Wanted::Unsatisfiable,
        (None, Some(_)) if first.is_empty() => Wanted::Unsatisfiable,
        (Some(_) | None, None) | (None, Some(_)) => Wanted::Everything,
    }
}

/// Reads the `Content-Range` of a chunk: `first-last`, both inclusive, without a unit
/// (distribution specification, "Pushing a blob in chunks").
pub(super) fn chunk(header: &str) -> Option<RangeInclusive<u64>> {
    let (first, last) = header.split_once('-')?;
    let (first, last) = (number(first)?, number(last)?);
    (first <= last).then_some(first..=last)
}

/// Digits only: Rust's own parser would take a sign.
fn number(text: &str) -> Option<u64> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pull_may_ask_for_a_part() {
        let check = |header, size, expect| assert_eq!(wanted(Some(header), size), expect, "{header} of {size}");
        check("bytes=0-3", 10, Wanted::Part(0..=3));
        check("bytes=4-", 10, Wanted::Part(4..=9));
        check("bytes=4-99", 10, Wanted::Part(4..=9));
        check("bytes=-3", 10, Wanted::Part(7..=9));
        check("bytes=-99", 10, Wanted::Part(0..=9));
        check("bytes=10-", 10, Wanted::Unsatisfiable);
        check("bytes=10-12", 10, Wanted::Unsatisfiable);
        check("bytes=-0", 10, Wanted::Unsatisfiable);
        check("bytes=0-", 0, Wanted::Unsatisfiable);
        check("bytes=3-1", 10, Wanted::Unsatisfiable);
        for ignored in ["bytes=0-1,4-5", "lines=0-1", "bytes=", "bytes=-", "bytes=a-b", "bytes=+1-2"] {
            check(ignored, 10, Wanted::Everything);
        }
        assert_eq!(wanted(None, 10), Wanted::Everything);
    }

    #[test]
    fn a_chunk_says_where_it_belongs() {
        assert_eq!(chunk("0-9"), Some(0..=9));
        for bad in ["", "-", "9-0", "bytes 0-9/10", "0-", "-9", "+0-9", "0-99999999999999999999"] {
            assert_eq!(chunk(bad), None, "{bad}");
        }
    }
}
