//! The cases of Docker's own matcher and of Go's `filepath.Match`: facts about the format, one a row.

use shipit::image::context::ignore::{Patterns, read_patterns};

fn patterns(list: &[&str]) -> Result<Patterns, shipit::image::context::ignore::PatternError> {
    Patterns::new(&list.iter().map(|pattern| (*pattern).to_owned()).collect::<Vec<_>>())
}

fn check(list: &[&str], path: &str, expect: bool) {
    let patterns = patterns(list).unwrap_or_else(|error| panic!("{list:?}: {error}"));
    assert_eq!(patterns.is_ignored(path), expect, "{list:?} on {path:?}");
}

#[test]
fn one_pattern_matches_as_in_docker() {
    for (pattern, path, expect) in [
        ("**", "file", true),
        ("**", "file/", true),
        ("**/", "file", true),
        ("**/", "file/", true),
        ("**", "/", true),
        ("**/", "/", true),
        ("**", "dir/file", true),
        ("**/", "dir/file", true),
        ("**", "dir/file/", true),
        ("**/", "dir/file/", true),
        ("**/**", "dir/file", true),
        ("**/**", "dir/file/", true),
        ("dir/**", "dir/file", true),
        ("dir/**", "dir/file/", true),
        ("dir/**", "dir/dir2/file", true),
        ("dir/**", "dir/dir2/file/", true),
        ("**/dir", "dir", true),
        ("**/dir", "dir/file", true),
        ("**/dir2/*", "dir/dir2/file", true),
        ("**/dir2/*", "dir/dir2/file/", true),
        ("**/dir2/**", "dir/dir2/dir3/file", true),
        ("**/dir2/**", "dir/dir2/dir3/file/", true),
        ("**file", "file", true),
        ("**file", "dir/file", true),
        ("**/file", "dir/file", true),
        ("**file", "dir/dir/file", true),
        ("**/file", "dir/dir/file", true),
        ("**/file*", "dir/dir/file", true),
        ("**/file*", "dir/dir/file.txt", true),
        ("**/file*txt", "dir/dir/file.txt", true),
        ("**/file*.txt", "dir/dir/file.txt", true),
        ("**/file*.txt*", "dir/dir/file.txt", true),
        ("**/**/*.txt", "dir/dir/file.txt", true),
        ("**/**/*.txt2", "dir/dir/file.txt", false),
        ("**/*.txt", "file.txt", true),
        ("**/**/*.txt", "file.txt", true),
        ("a**/*.txt", "a/file.txt", true),
        ("a**/*.txt", "a/dir/file.txt", true),
        ("a**/*.txt", "a/dir/dir/file.txt", true),
        ("a/*.txt", "a/dir/file.txt", false),
        ("a/*.txt", "a/file.txt", true),
        ("a/*.txt**", "a/file.txt", true),
        ("a[b-d]e", "ae", false),
        ("a[b-d]e", "ace", true),
        ("a[b-d]e", "aae", false),
        ("a[^b-d]e", "aze", true),
        (".*", ".foo", true),
        (".*", "foo", false),
        ("abc.def", "abcdef", false),
        ("abc.def", "abc.def", true),
        ("abc.def", "abcZdef", false),
        ("abc?def", "abcZdef", true),
        ("abc?def", "abcdef", false),
        ("a\\\\", "a\\", true),
        ("**/foo/bar", "foo/bar", true),
        ("**/foo/bar", "dir/foo/bar", true),
        ("**/foo/bar", "dir/dir2/foo/bar", true),
        ("abc/**", "abc", false),
        ("abc/**", "abc/def", true),
        ("abc/**", "abc/def/ghi", true),
        ("**/.foo", ".foo", true),
        ("**/.foo", "bar.foo", false),
        ("a(b)c/def", "a(b)c/def", true),
        ("a(b)c/def", "a(b)c/xyz", false),
        ("a.|)$(}+{bc", "a.|)$(}+{bc", true),
        (
            "dist/proxy.py-2.4.0rc3.dev36+g08acad9-py3-none-any.whl",
            "dist/proxy.py-2.4.0rc3.dev36+g08acad9-py3-none-any.whl",
            true,
        ),
        ("dist/*.whl", "dist/proxy.py-2.4.0rc3.dev36+g08acad9-py3-none-any.whl", true),
        ("a\\*b", "a*b", true),
    ] {
        check(&[pattern], path, expect);
    }
}

#[test]
fn one_pattern_matches_as_in_go() {
    for (pattern, path, expect) in [
        ("abc", "abc", true),
        ("*", "abc", true),
        ("*c", "abc", true),
        ("a*", "a", true),
        ("a*", "abc", true),
        ("a*", "ab/c", true),
        ("a*/b", "abc/b", true),
        ("a*/b", "a/c/b", false),
        ("a*b*c*d*e*/f", "axbxcxdxe/f", true),
        ("a*b*c*d*e*/f", "axbxcxdxexxx/f", true),
        ("a*b*c*d*e*/f", "axbxcxdxe/xxx/f", false),
        ("a*b*c*d*e*/f", "axbxcxdxexxx/fff", false),
        ("a*b?c*x", "abxbbxdbxebxczzx", true),
        ("a*b?c*x", "abxbbxdbxebxczzy", false),
        ("ab[c]", "abc", true),
        ("ab[b-d]", "abc", true),
        ("ab[e-g]", "abc", false),
        ("ab[^c]", "abc", false),
        ("ab[^b-d]", "abc", false),
        ("ab[^e-g]", "abc", true),
        ("a\\*b", "a*b", true),
        ("a\\*b", "ab", false),
        ("a?b", "a☺b", true),
        ("a[^a]b", "a☺b", true),
        ("a???b", "a☺b", false),
        ("a[^a][^a][^a]b", "a☺b", false),
        ("[a-ζ]*", "α", true),
        ("*[a-ζ]", "A", false),
        ("a?b", "a/b", false),
        ("a*b", "a/b", false),
        ("[\\]a]", "]", true),
        ("[\\-]", "-", true),
        ("[x\\-]", "x", true),
        ("[x\\-]", "-", true),
        ("[x\\-]", "z", false),
        ("[\\-x]", "x", true),
        ("[\\-x]", "-", true),
        ("[\\-x]", "a", false),
        ("*x", "xxx", true),
    ] {
        check(&[pattern], path, expect);
    }
}

#[test]
fn malformed_patterns_are_refused() {
    for pattern in ["[]a]", "[-]", "[x-]", "[-x]", "\\", "[a-b-c]", "[", "[^", "[^bc", "a[", "[Local-Only]/", "!", "!["]
    {
        let error = patterns(&["fine", pattern]).unwrap_err();
        assert_eq!((error.line, error.pattern.as_str()), (2, pattern));
    }
}

#[test]
fn the_last_match_wins() {
    let wheel = "dist/proxy.py-2.4.0rc3.dev36+g08acad9-py3-none-any.whl";
    let not_wheel = format!("!{wheel}");
    check(&["**", "!util/docker/web"], "util/docker/web/foo", false);
    check(&["**", "!util/docker/web", "util/docker/web/foo"], "util/docker/web/foo", true);
    check(&["**", &not_wheel], wheel, false);
    check(&["**", "!dist/*.whl"], wheel, false);
    check(&["!fileutils.go", "*.go"], "fileutils.go", true);
    check(&["*.go", "!fileutils.go"], "fileutils.go", false);
    check(&["docs", "!docs/README.md"], "docs/README.md", false);
    check(&["docs/", "!docs/README.md"], "docs/README.md", false);
    check(&["docs/*", "!docs/README.md"], "docs/README.md", false);
    check(&["docs", "  !docs/README.md"], "docs/README.md", false);
    check(&["docs", "!docs/README.md  "], "docs/README.md", false);
    check(&["docs", "config", ""], "config", true);
    check(&["*.go"], ".", false);
    check(&[], "/any/path/there", false);
}

#[test]
fn a_name_is_anchored_at_the_root() {
    check(&[".env"], ".env", true);
    check(&[".env"], "sub/.env", false);
    check(&["**/.env"], "sub/deep/.env", true);
    check(&["node_modules"], "node_modules/a/b", true);
    check(&["node_modules"], "web/node_modules/a", false);
}

#[test]
fn an_ignore_file_is_read_as_docker_reads_it() {
    let text = "test1\n/test2\n/a/file/here\n\nlastfile\n# this is a comment\n! /inverted/abs/path\n!\n! ";
    let expect = ["test1", "test2", "a/file/here", "lastfile", "!inverted/abs/path", "!", "!"];
    assert_eq!(read_patterns(text), expect);
    assert_eq!(read_patterns("\u{feff}a\r\n  b/../c/ \r\n\u{feff}#x\r\n #y\n/\n"), ["a", "c", "\u{feff}#x", "#y", "/"]);
    assert_eq!(read_patterns(""), Vec::<String>::new());
}
