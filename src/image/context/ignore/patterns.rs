//! A list of patterns and what it says of a path.

use super::pattern::{Matcher, clean};

/// An ordered list of patterns, compiled.
#[derive(Clone, Debug, Default)]
pub struct Patterns {
    rules: Vec<Rule>,
}

#[derive(Clone, Debug)]
struct Rule {
    /// `!pattern`: takes back what came before.
    negated: bool,
    text: String,
    matcher: Matcher,
}

/// A pattern that is malformed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{pattern}` is not a valid pattern")]
pub struct PatternError {
    /// The line of the file, from 1; where the patterns came as a list, the position in it.
    pub line: usize,
    /// The pattern as it was written.
    pub pattern: String,
}

/// For each rule whether it matches a path or one of its parents. What a walker carries downwards,
/// so that no parent is compared twice.
#[derive(Clone, Debug, Default)]
pub(crate) struct Matches(Vec<bool>);

impl Patterns {
    /// Compiles what [`read_patterns`](super::read_patterns) returned.
    ///
    /// # Errors
    /// The first pattern that is malformed: an open `[`, a `\` at the end, a range that runs
    /// backwards, a lone `!`.
    pub fn new(patterns: &[String]) -> Result<Self, PatternError> {
        let mut rules = Vec::with_capacity(patterns.len());
        for (index, written) in patterns.iter().enumerate() {
            if written.trim().is_empty() {
                continue;
            }
            let rule = Rule::new(written).ok_or_else(|| PatternError { line: index + 1, pattern: written.clone() })?;
            rules.push(rule);
        }
        Ok(Self { rules })
    }

    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// Whether a path, relative to the context and with `/` between its parts, is left out.
    pub fn is_ignored(&self, path: &str) -> bool {
        if path == "." {
            return false;
        }
        self.decide(|_, rule| rule.matches_or_parent(path))
    }

    /// The same as [`is_ignored`](Self::is_ignored) where the parent's matches are known.
    pub(crate) fn is_ignored_below(&self, parent: &Matches, path: &str) -> bool {
        self.decide(|index, rule| parent.0.get(index) == Some(&true) || rule.matcher.is_match(path))
    }

    pub(crate) fn matches_below(&self, parent: &Matches, path: &str) -> Matches {
        let rules = self.rules.iter().enumerate();
        Matches(rules.map(|(index, rule)| parent.0.get(index) == Some(&true) || rule.matcher.is_match(path)).collect())
    }

    /// Whether something below the folder `path`, which is left out itself, may be taken back.
    pub(crate) fn may_take_back_below(&self, path: &str) -> bool {
        self.rules.iter().any(|rule| rule.negated && rule.may_match_below(path))
    }

    /// Whether some pattern may match something below the folder `path`.
    pub(crate) fn may_match_below(&self, path: &str) -> bool {
        self.rules.iter().any(|rule| rule.may_match_below(path))
    }

    fn decide(&self, matches: impl Fn(usize, &Rule) -> bool) -> bool {
        self.rules.iter().enumerate().fold(false, |ignored, (index, rule)| {
            // A rule that could not change the answer is not compared.
            if rule.negated == ignored && matches(index, rule) { !ignored } else { ignored }
        })
    }
}

impl Rule {
    fn new(written: &str) -> Option<Self> {
        let text = clean(written.trim());
        let (negated, text) = match text.strip_prefix('!') {
            Some("") => return None,
            Some(rest) => (true, rest.to_owned()),
            None => (false, text),
        };
        Some(Self { negated, matcher: Matcher::new(&text)?, text })
    }

    fn matches_or_parent(&self, path: &str) -> bool {
        self.matcher.is_match(path) || path.match_indices('/').any(|(end, _)| self.matcher.is_match(&path[..end]))
    }

    /// May err on the side of yes: a part with a wildcard is taken to match anything.
    fn may_match_below(&self, folder: &str) -> bool {
        let mut parts = folder.split('/');
        for part in self.text.split('/') {
            if part.contains("**") {
                return true;
            }
            let Some(name) = parts.next() else { return true };
            if !part.contains(['*', '?', '[', '\\']) && part != name {
                return false;
            }
        }
        // The pattern names the folder or one above it: all below it matches as well.
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn patterns(list: &[&str]) -> Patterns {
        Patterns::new(&list.iter().map(|p| (*p).to_owned()).collect::<Vec<_>>()).unwrap()
    }

    #[test]
    fn a_folder_is_pruned_only_where_nothing_can_come_back() {
        let check = |list: &[&str], folder: &str, expect: bool| {
            assert_eq!(patterns(list).may_take_back_below(folder), expect, "{list:?} {folder}");
        };
        check(&["*"], "a", false);
        check(&["*", "!src"], "a", false);
        check(&["*", "!src"], "src", true);
        check(&["*", "!src"], "src/deep", true);
        check(&["*", "!a/b/c"], "a", true);
        check(&["*", "!a/b/c"], "a/b", true);
        check(&["*", "!a/b/c"], "a/x", false);
        check(&["*", "!**/*.md"], "a/x", true);
        check(&["*", "!*/x"], "a", true);
        check(&["*", "!a?/x"], "b/y", false);
    }

    #[test]
    fn the_result_is_the_same_with_the_parents_matches() {
        let lists: [&[&str]; 6] = [
            &["a", "!a/b", "a/b/c"],
            &["**", "!docs/**/*.md"],
            &["*/b", "!a"],
            &["!a", "a/b", "!a/b/c"],
            &["a/**", "!**/c"],
            &["[ab]*", "!a/?"],
        ];
        let paths = ["a", "b", "a/b", "a/b/c", "a/b/c/d", "a/x", "docs", "docs/x/y.md", "docs/x/y.txt"];
        for list in lists {
            let patterns = patterns(list);
            for path in paths {
                let mut matches = Matches::default();
                for (end, _) in path.match_indices('/') {
                    matches = patterns.matches_below(&matches, &path[..end]);
                }
                let below = patterns.is_ignored_below(&matches, path);
                assert_eq!(below, patterns.is_ignored(path), "{list:?} {path}");
            }
        }
    }
}
