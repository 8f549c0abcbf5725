//! Amounts of memory and storage.

use std::fmt;

/// Bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Memory(u64);

/// Units of a manifest, biggest first.
const UNITS: &[(&str, u64)] = &[("Ti", 1 << 40), ("Gi", 1 << 30), ("Mi", 1 << 20), ("Ki", 1 << 10)];

impl Memory {
    pub fn from_bytes(bytes: u64) -> Self {
        Self(bytes)
    }

    /// Reads a number and `Ki`, `Mi`, `Gi` or `Ti`; `None` for everything else and for nothing.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(text.len());
        let (number, unit) = text.split_at(digits);
        let (_, factor) = UNITS.iter().find(|(name, _)| *name == unit)?;
        let number: f64 = number.parse().ok().filter(|number: &f64| *number > 0.0)?;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "positive, and saturates"
        )]
        let bytes = (number * *factor as f64).round() as u64;
        (bytes > 0).then_some(Self(bytes))
    }

    pub fn bytes(self) -> u64 {
        self.0
    }

    #[expect(clippy::cast_precision_loss, reason = "no one asks for 2^53 bytes")]
    pub fn gibibytes(self) -> f64 {
        self.0 as f64 / f64::from(1_u32 << 30)
    }
}

/// As a manifest would say it: `512Mi`, `1Gi`.
impl fmt::Display for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match UNITS.iter().find(|(_, factor)| self.0.is_multiple_of(*factor)) {
            Some((unit, factor)) => write!(f, "{}{unit}", self.0 / factor),
            None => write!(f, "{}", self.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_a_number_and_a_unit() {
        let shown = |text: &str| Memory::parse(text).map(|memory| memory.to_string());
        assert_eq!(shown("1Gi").as_deref(), Some("1Gi"));
        assert_eq!(shown("0.5Gi").as_deref(), Some("512Mi"));
        assert_eq!(shown("1024Ki").as_deref(), Some("1Mi"));
        assert_eq!(shown("2Ti").as_deref(), Some("2Ti"));
        for wrong in ["1", "1G", "Gi", "0Gi", "-1Gi", "1 Gi", "1.2.3Gi", ""] {
            assert_eq!(shown(wrong), None, "{wrong}");
        }
        assert!((Memory::parse("1.5Gi").unwrap().gibibytes() - 1.5).abs() < f64::EPSILON);
    }
}
