//! What patterns of ignore files match: by example, and against a matcher that is too slow to be wrong.

use proptest::prelude::*;
use shipit::image::context::ignore::{PatternError, Patterns, read_patterns};

fn patterns(list: &[&str]) -> Result<Patterns, PatternError> {
    Patterns::new(&list.iter().map(|pattern| (*pattern).to_owned()).collect::<Vec<_>>())
}

fn is_ignored(list: &[&str], path: &str) -> bool {
    patterns(list).unwrap_or_else(|error| panic!("{list:?}: {error}")).is_ignored(path)
}

/// Each row: a pattern, the paths that it leaves out, the paths that it does not.
fn check(rows: &[(&str, &[&str], &[&str])]) {
    for (pattern, out, kept) in rows {
        for (paths, expect) in [(out, true), (kept, false)] {
            for path in *paths {
                assert_eq!(is_ignored(&[pattern], path), expect, "`{pattern}` on `{path}`");
            }
        }
    }
}

#[test]
fn a_name_is_anchored_at_the_root_and_takes_what_is_below_it() {
    check(&[
        (".env", &[".env"], &["api/.env", "env", ".env.local", "xenv"]),
        (
            "web/out",
            &["web/out", "web/out/main.css", "web/out/img/logo.svg"],
            &["out", "web", "web/outer", "x/web/out"],
        ),
        ("target", &["target", "target/debug/shop"], &["targets", "my-target", "crates/target"]),
        // Only `*`, `?`, `[` and `\` mean anything.
        ("v1.2(rc)+{x}|$^", &["v1.2(rc)+{x}|$^", "v1.2(rc)+{x}|$^/a"], &["v1x2(rc)+{x}|$^", "v1.2rc"]),
        ("wheels/shop-1.0+gabc-py3.whl", &["wheels/shop-1.0+gabc-py3.whl"], &["wheels/shop-110+gabc-py3.whl"]),
    ]);
}

#[test]
fn a_star_and_a_question_mark_stay_in_one_folder() {
    check(&[
        ("*", &["a", "a/b", ".git", "a/b/c"], &[]),
        ("*.log", &["x.log", ".log", "x.log/y"], &["logs/x.log", "x.logs", "log"]),
        ("build-*", &["build-", "build-1", "build-1/x"], &["build", "rebuild-1", "x/build-1"]),
        ("*/cache", &["api/cache", "api/cache/1"], &["cache", "api/v1/cache"]),
        ("k*p*r", &["kpr", "keeper", "kppprr"], &["kerp", "kee/per", "keepers"]),
        ("s?p*d?r", &["sopxdur", "szpdyr/x"], &["spdr", "s/pdur", "sopdr"]),
        ("data?", &["data1", "data_"], &["data", "data12", "data/"]),
        ("?ü?", &["☃ü☃", "aüb"], &["aü", "☃☃ü"]),
        (".*", &[".git", ".github/ci.yml"], &["git", "a.b"]),
    ]);
}

#[test]
fn two_stars_cross_folders() {
    check(&[
        ("**", &["a", "a/b", "a/b/c", "a/", "/"], &[]),
        ("**/", &["a", "a/b", "a/b/"], &[]),
        ("**/**", &["a", "a/b"], &[]),
        ("**/.env", &[".env", "api/.env", "a/b/c/.env"], &["api/x.env", "a.env"]),
        // Nothing but text behind two stars: the text is an ending. Else a folder ends before it.
        ("**.bak", &["x.bak", "a/x.bak", "a/b/.bak"], &["x.bak2", "bak"]),
        ("**bak?", &["bak1", "a/bak2"], &["xbak1", "a/xbak2"]),
        ("**/x*.tm?", &["x.tmp", "a/xyz.tmp", "a/b/x1.tmx"], &["y.tmp", "a/x.tm", "a/x.tmpp"]),
        ("logs/**", &["logs/a", "logs/a/b", "logs/a/"], &["logs", "log/a", "api/logs/a"]),
        ("**/dist", &["dist", "web/dist", "web/dist/a.js", "a/b/dist"], &["distribution", "web/dist2"]),
        ("**/dist/*", &["dist/a", "web/dist/a/b"], &["dist", "web/dist"]),
        ("**/dist/**", &["dist/a", "web/dist/a/b"], &["dist", "web/dist"]),
        ("src**/*.o", &["src/a.o", "src/x/y/a.o", "srcs/a.o"], &["a.o", "src/a.obj", "x/src/a.o"]),
        ("src/*.o", &["src/a.o"], &["src/x/a.o"]),
        ("src/*.o**", &["src/a.o", "src/a.obj", "src/a.o/x"], &["src/a.c"]),
        ("**/**/*.snap", &["a.snap", "a/b.snap", "a/b/c.snap"], &["a.snaps"]),
    ]);
}

#[test]
fn classes_hold_ranges_negations_and_escapes() {
    check(&[
        ("log[0-9]", &["log0", "log7/x"], &["log", "logx", "log10"]),
        ("log[^0-9]", &["logs", "log☃"], &["log5", "log"]),
        ("v[13]x", &["v1x", "v3x"], &["v2x", "v13x"]),
        ("[à-ü]*", &["é", "éa"], &["a", "z"]),
        (r"[\]z]", &["]", "z"], &["\\", "a"]),
        (r"[a\-c]", &["a", "-", "c"], &["b", "\\"]),
        (r"[\-a]", &["-", "a"], &["b"]),
        (r"100\%\*", &["100%*"], &["100%x", r"100\%\*"]),
        (r"dir\\", &[r"dir\"], &["dir"]),
        (r"\[id\].tsx", &["[id].tsx"], &["i.tsx"]),
    ]);
}

#[test]
fn malformed_patterns_are_refused_with_their_line() {
    let malformed =
        ["[", "x[", "[^", "[^xy", "[]", "[]x]", "[-]", "[-x]", "[x-]", "[x-y-z]", "[Tmp-Only]", "\\", "!", "![x"];
    for pattern in malformed {
        let error = patterns(&["fine", pattern]).unwrap_err();
        assert_eq!((error.line, error.pattern.as_str()), (2, pattern));
    }
}

#[test]
fn the_last_pattern_that_matches_decides() {
    for (list, path, expect) in [
        (&["*", "!src"][..], "src/main.rs", false),
        (&["*", "!src", "src/secret.rs"], "src/secret.rs", true),
        (&["*", "!src", "src/secret.rs"], "src/main.rs", false),
        (&["!keep.txt", "*.txt"], "keep.txt", true),
        (&["*.txt", "!keep.txt"], "keep.txt", false),
        (&["notes", "!notes/README"], "notes/README", false),
        (&["notes/", "!notes/README"], "notes/README", false),
        (&["notes/*", "!notes/README"], "notes/draft", true),
        (&["notes", " \t!notes/README "], "notes/README", false),
        (&["**", "!wheels/*.whl"], "wheels/shop-1.0+gabc-py3.whl", false),
        (&["**", "!wheels/*.whl"], "wheels/shop.tar", true),
        (&["a", "", "b"], "b", true),
        (&["*"], ".", false),
        (&[], "a/b", false),
    ] {
        assert_eq!(is_ignored(list, path), expect, "{list:?} on {path}");
    }
}

#[test]
fn an_ignore_file_is_read_line_by_line() {
    let text = "\u{feff}/top\r\n  spaced \r\n\r\n#comment\r\n  #no comment\r\n\u{feff}odd\r\na//b/./c/../d/\r\n! /kept/\r\n!\r\n/\r\n";
    let expect = ["top", "spaced", "#no comment", "\u{feff}odd", "a/b/d", "!kept", "!", "/"];
    assert_eq!(read_patterns(text), expect);
    assert_eq!(read_patterns("\n \n\t\n"), Vec::<String>::new());
    assert_eq!(read_patterns("last line"), ["last line"]);
}

/// Whether a pattern matches the whole of a text. One of two stars and plain text is an ending.
fn matches_whole(pattern: &str, text: &str) -> bool {
    match pattern.strip_prefix("**").filter(|rest| !rest.contains(['*', '?', '[', '\\'])) {
        Some(end) => text.ends_with(end) || end.strip_prefix('/') == Some(text),
        None => matches(&pattern.chars().collect::<Vec<_>>(), &text.chars().collect::<Vec<_>>()),
    }
}

/// The same by trying everything. `**` swallows a slash behind it; at the end it stands for anything,
/// elsewhere for nothing or for anything that ends with a slash.
fn matches(pattern: &[char], text: &[char]) -> bool {
    match pattern {
        [] => text.is_empty(),
        ['*', '*', rest @ ..] => {
            let rest = rest.strip_prefix(&['/']).unwrap_or(rest);
            let folders = (1..=text.len()).filter(|&end| text[end - 1] == '/');
            rest.is_empty() || std::iter::once(0).chain(folders).any(|end| matches(rest, &text[end..]))
        }
        ['*', rest @ ..] => {
            let reach = text.iter().take_while(|c| **c != '/').count();
            (0..=reach).any(|end| matches(rest, &text[end..]))
        }
        ['?', rest @ ..] => text.split_first().is_some_and(|(first, text)| *first != '/' && matches(rest, text)),
        ['[', low, '-', high, ']', rest @ ..] => {
            text.split_first().is_some_and(|(first, text)| (low..=high).contains(&first) && matches(rest, text))
        }
        ['\\', c, rest @ ..] | [c, rest @ ..] => {
            text.split_first().is_some_and(|(first, text)| first == c && matches(rest, text))
        }
    }
}

/// Left out is what matches, and what is below a folder that does.
fn is_left_out(pattern: &str, path: &str) -> bool {
    let mut ends = path.match_indices('/').map(|(end, _)| end).chain([path.len()]);
    ends.any(|end| matches_whole(pattern, &path[..end]))
}

fn joined(parts: &'static [&'static str], most: usize) -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(parts), 1..most).prop_map(|parts| parts.concat())
}

fn pattern() -> impl Strategy<Value = String> {
    let part = joined(&["a", "b", "ab", "c.", "*", "**", "?", "[a-b]", r"\*", "ü"], 4);
    prop::collection::vec(part, 1..4).prop_map(|parts| parts.join("/"))
}

fn path() -> impl Strategy<Value = String> {
    let part = joined(&["a", "b", "ab", "c.", "*", "ü", "x"], 4);
    prop::collection::vec(part, 1..5).prop_map(|parts| parts.join("/"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 800, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_pattern_matches_what_trying_everything_finds(pattern in pattern(), path in path()) {
        prop_assert_eq!(is_ignored(&[&pattern], &path), is_left_out(&pattern, &path), "`{}` on `{}`", pattern, path);
    }

    #[test]
    fn what_is_taken_back_is_decided_by_the_last_match(list in prop::collection::vec((any::<bool>(), pattern()), 1..5), path in path()) {
        let lines: Vec<String> =
            list.iter().map(|(back, pattern)| format!("{}{pattern}", if *back { "!" } else { "" })).collect();
        let last = list.iter().rev().find(|(_, pattern)| is_left_out(pattern, &path));
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        prop_assert_eq!(is_ignored(&lines, &path), last.is_some_and(|(back, _)| !back), "{:?} on `{}`", lines, path);
    }
}
