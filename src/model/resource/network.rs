//! Ranges of IPv4 addresses: `10.0.0.0/16`.

use std::net::Ipv4Addr;
use std::str::FromStr;

/// A range of addresses with a common beginning (RFC 4632).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cidr {
    first: u32,
    bits: u32,
}

impl FromStr for Cidr {
    /// What is wrong, as a phrase that follows the text.
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (address, bits) = text.split_once('/').ok_or("has no `/` and length")?;
        let address: Ipv4Addr = address.parse().map_err(|_| "does not begin with an IPv4 address")?;
        let bits: u32 = bits.parse().ok().filter(|bits| *bits <= 32).ok_or("has no length from 0 to 32")?;
        let cidr = Self { first: u32::from(address), bits };
        let clean = cidr.first & cidr.mask();
        if clean != cidr.first {
            return Err(format!("does not begin at its first address; that is `{}/{bits}`", Ipv4Addr::from(clean)));
        }
        Ok(cidr)
    }
}

impl Cidr {
    fn mask(self) -> u32 {
        u32::MAX.checked_shl(32 - self.bits).unwrap_or(0)
    }

    pub(super) fn bits(self) -> u32 {
        self.bits
    }

    pub(super) fn holds(self, other: Self) -> bool {
        self.bits <= other.bits && other.first & self.mask() == self.first
    }

    pub(super) fn overlaps(self, other: Self) -> bool {
        self.holds(other) || other.holds(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cidr(text: &str) -> Cidr {
        text.parse().unwrap()
    }

    #[test]
    fn ranges_hold_and_overlap_each_other() {
        assert!(cidr("10.0.0.0/16").holds(cidr("10.0.255.0/24")));
        assert!(!cidr("10.0.0.0/16").holds(cidr("10.1.0.0/24")));
        assert!(!cidr("10.0.0.0/24").holds(cidr("10.0.0.0/16")));
        assert!(cidr("10.0.0.0/24").overlaps(cidr("10.0.0.0/16")));
        assert!(!cidr("10.0.0.0/24").overlaps(cidr("10.0.1.0/24")));
        assert!(cidr("0.0.0.0/0").holds(cidr("255.255.255.255/32")));
    }

    #[test]
    fn what_is_no_range_says_why() {
        let why = |text: &str| text.parse::<Cidr>().unwrap_err();
        assert_eq!(why("10.0.0.0"), "has no `/` and length");
        assert_eq!(why("10.0.0/16"), "does not begin with an IPv4 address");
        assert_eq!(why("10.0.0.0/33"), "has no length from 0 to 32");
        assert_eq!(why("10.0.0.5/24"), "does not begin at its first address; that is `10.0.0.0/24`");
    }
}
