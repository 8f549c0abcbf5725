//! Values that are made up: passwords from the random numbers of the operating system.

use crate::model::Generate;
use crate::util::Secret;
use rand::TryRngCore;
use rand::rngs::OsRng;
use zeroize::Zeroizing;

/// Without `i`, `l` and `o`, which are taken for digits.
const LOWER: &[u8] = b"abcdefghjkmnpqrstuvwxyz";
/// Without `I`, `L` and `O`.
const UPPER: &[u8] = b"ABCDEFGHJKMNPQRSTUVWXYZ";
const DIGITS: &[u8] = b"0123456789";
/// Nothing that shells, connection strings, YAML or XML take for their own in the middle of a word.
const SPECIAL: &[u8] = b"-_.{}~()*+!";

/// Makes up a value. `None` if the operating system has no random numbers or no kind of
/// character is allowed.
pub(super) fn generate(rules: &Generate) -> Option<Secret> {
    let Generate { length, lower, upper, digits, special, min_lower, min_upper, min_digits, min_special } = rules;
    let classes: Vec<(&[u8], usize)> = [
        (LOWER, *lower, *min_lower),
        (UPPER, *upper, *min_upper),
        (DIGITS, *digits, *min_digits),
        (SPECIAL, *special, *min_special),
    ]
    .into_iter()
    .filter(|(_, wanted, _)| *wanted)
    .map(|(characters, _, minimum)| (characters, minimum))
    .collect();
    let union: Vec<u8> = classes.iter().flat_map(|(characters, _)| characters.iter().copied()).collect();
    if union.is_empty() {
        return None;
    }
    let mut text = Zeroizing::new(Vec::with_capacity(*length));
    for (characters, minimum) in &classes {
        for _ in 0..*minimum {
            text.push(characters[below(characters.len())?]);
        }
    }
    while text.len() < *length {
        text.push(union[below(union.len())?]);
    }
    for index in (1..text.len()).rev() {
        let other = below(index + 1)?;
        text.swap(index, other);
    }
    Some(Secret::new(text.iter().map(|byte| char::from(*byte)).collect::<String>()))
}

/// A number less than `bound`, each as likely as the others.
fn below(bound: usize) -> Option<usize> {
    let bound = u64::try_from(bound).ok()?;
    let fair = u64::MAX - u64::MAX % bound;
    loop {
        let number = OsRng.try_next_u64().ok()?;
        if number < fair {
            return usize::try_from(number % bound).ok();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: Generate = Generate {
        length: 22,
        lower: true,
        upper: true,
        digits: true,
        special: true,
        min_lower: 0,
        min_upper: 0,
        min_digits: 0,
        min_special: 0,
    };

    fn count(text: &str, class: &[u8]) -> usize {
        text.bytes().filter(|byte| class.contains(byte)).count()
    }

    #[test]
    fn lengths_and_minimums_are_kept() {
        let rules = Generate { length: 10, min_lower: 2, min_upper: 3, min_digits: 1, min_special: 4, ..RULES };
        for _ in 0..200 {
            let secret = generate(&rules).unwrap();
            let counts = [LOWER, UPPER, DIGITS, SPECIAL].map(|class| count(secret.expose(), class));
            assert_eq!(counts, [2, 3, 1, 4], "{}", secret.expose());
        }
        let rules = Generate { length: 3, min_digits: 5, ..RULES };
        assert_eq!(generate(&rules).unwrap().expose().len(), 5);
    }

    #[test]
    fn only_the_allowed_kinds_occur_and_no_two_values_are_alike() {
        let rules = Generate { special: false, upper: false, ..RULES };
        let mut seen = std::collections::BTreeSet::new();
        for _ in 0..200 {
            let secret = generate(&rules).unwrap();
            let text = secret.expose();
            assert_eq!(count(text, LOWER) + count(text, DIGITS), 22);
            assert!(!text.contains(['i', 'l', 'o']));
            assert!(seen.insert(text.to_owned()));
        }
        let none = Generate { lower: false, digits: false, ..rules };
        assert_eq!(generate(&none), None);
    }

    #[test]
    fn the_minimums_do_not_stay_in_front() {
        let rules = Generate { length: 8, min_digits: 1, digits: true, special: false, upper: false, ..RULES };
        let firsts = (0..400).filter(|_| generate(&rules).unwrap().expose().as_bytes()[0].is_ascii_digit()).count();
        assert!(firsts < 300, "{firsts} of 400");
    }
}
