//! The grammar of names, on the cases that the distribution project tests its own with.

use shipit::oci::reference::familiar::{AnyReference, familiar, parse, parse_any, parse_normalized};
use shipit::oci::{Endpoint, Reference, ReferenceError};

fn digest(digit: &str) -> String {
    format!("sha256:{}", digit.repeat(64))
}

/// `domain|path|tag|digest`, or the error.
fn taken_apart(text: &str) -> Result<String, ReferenceError> {
    let name = parse(text)?;
    assert_eq!(name.to_string(), text);
    let tag = name.tag.map(|tag| tag.to_string()).unwrap_or_default();
    let digest = name.digest.map(|digest| digest.to_string()).unwrap_or_default();
    Ok(format!("{}|{}|{tag}|{digest}", name.domain.unwrap_or_default(), name.path))
}

#[test]
fn names_are_taken_apart_by_the_grammar() {
    for (text, expect) in [
        ("test_com", "|test_com||"),
        ("test.com:tag", "|test.com|tag|"),
        ("test.com:5000", "|test.com|5000|"),
        ("test.com/repo:tag", "test.com|repo|tag|"),
        ("test:5000/repo", "test:5000|repo||"),
        ("test:5000/repo:tag", "test:5000|repo|tag|"),
        ("lowercase:Uppercase", "|lowercase|Uppercase|"),
        ("sub-dom1.foo.com/bar/baz/quux", "sub-dom1.foo.com|bar/baz/quux||"),
        ("sub-dom1.foo.com/bar/baz/quux:some-long-tag", "sub-dom1.foo.com|bar/baz/quux|some-long-tag|"),
        ("b.gcr.io/test.example.com/my-app:test.example.com", "b.gcr.io|test.example.com/my-app|test.example.com|"),
        ("xn--n3h.com/myimage:xn--n3h.com", "xn--n3h.com|myimage|xn--n3h.com|"),
        ("foo_bar.com:8080", "|foo_bar.com|8080|"),
        ("foo/foo_bar.com:8080", "foo|foo_bar.com|8080|"),
        ("192.168.1.1", "|192.168.1.1||"),
        ("192.168.1.1:tag", "|192.168.1.1|tag|"),
        ("192.168.1.1:5000", "|192.168.1.1|5000|"),
        ("192.168.1.1/repo", "192.168.1.1|repo||"),
        ("192.168.1.1:5000/repo", "192.168.1.1:5000|repo||"),
        ("192.168.1.1:5000/repo:5050", "192.168.1.1:5000|repo|5050|"),
        ("[2001:db8::1]/repo", "[2001:db8::1]|repo||"),
        ("[2001:db8:1:2:3:4:5:6]/repo:tag", "[2001:db8:1:2:3:4:5:6]|repo|tag|"),
        ("[2001:db8::1]:5000/repo", "[2001:db8::1]:5000|repo||"),
        ("[2001:db8::1]:5000/repo:tag", "[2001:db8::1]:5000|repo|tag|"),
        ("[2001:db8::]:5000/repo", "[2001:db8::]:5000|repo||"),
        ("[::1]:5000/repo", "[::1]:5000|repo||"),
        ("localhost:8080", "|localhost|8080|"),
    ] {
        assert_eq!(taken_apart(text).as_deref(), Ok(expect), "{text}");
        let digest = digest("f");
        let whole = format!("{text}@{digest}");
        assert_eq!(taken_apart(&whole), Ok(format!("{expect}{digest}")), "{whole}");
    }
    let long = "a/".repeat(127) + "a";
    assert_eq!(
        taken_apart(&format!("{long}:tag-puts-this-over-max")),
        Ok(format!("a|{}|tag-puts-this-over-max|", &long[2..]))
    );
    let longest = "a".repeat(255);
    assert_eq!(taken_apart(&format!("example.com/{longest}:tag")), Ok(format!("example.com|{longest}|tag|")));
}

#[test]
fn what_is_no_name_is_refused() {
    for text in [
        "",
        ":justtag",
        &format!("@{}", digest("f")),
        "repo@sha256:ffffffffffffffffffffffffffffffffff",
        &format!("validname@invaliddigest:{}", "f".repeat(64)),
        &format!("validname@sha512:{}", "f".repeat(128)),
        "Uppercase:tag",
        "test:5000/Uppercase/lowercase:tag",
        &format!("domain/{}:tag", "a".repeat(256)),
        "aa/asdf$$^/aa",
        "[2001:db8::1]",
        "[2001:db8::1]:5000",
        "[2001:db8::1]:tag",
        "[fe80::1%eth0]:5000/repo",
        "[fe80::1%@invalidzone]:5000/repo",
        "registry.com:8080/myapp@sha256:badbadbadbad",
        "registry.com:8080/myapp:invalid~tag",
        "bad_hostname.com:8080/myapp:tag",
        &format!("localhost:http/name@{}", digest("b")),
        "registry.com:8080/myapp@bad",
        "registry.com:8080/myapp@2bad",
    ] {
        assert!(parse(text).is_err(), "{text}");
    }
    assert!(matches!(parse("Uppercase:tag"), Err(ReferenceError::RepositoryUppercase { .. })));
    assert!(matches!(parse("test:5000/Uppercase/lowercase:tag"), Err(ReferenceError::RepositoryUppercase { .. })));
    assert!(matches!(parse(&format!("domain/{}:tag", "a".repeat(256))), Err(ReferenceError::RepositoryTooLong { .. })));
    assert_eq!(parse(""), Err(ReferenceError::RepositoryEmpty));
}

/// Domain and path; `-` for what is no name.
#[test]
fn domains_are_told_from_paths() {
    for (text, expect) in [
        ("", "-"),
        ("short", "|short"),
        ("simple/name", "simple|name"),
        ("library/ubuntu", "library|ubuntu"),
        ("docker/stevvooe/app", "docker|stevvooe/app"),
        ("aa/aa/aa/aa/aa/aa/aa/aa/aa/bb/bb/bb/bb/bb/bb", "aa|aa/aa/aa/aa/aa/aa/aa/aa/bb/bb/bb/bb/bb/bb"),
        ("aa/aa/bb/bb/bb", "aa|aa/bb/bb/bb"),
        ("a/a/a/a", "a|a/a/a"),
        ("a/a/a/a/", "-"),
        ("a//a/a", "-"),
        ("a", "|a"),
        ("a/aa", "a|aa"),
        ("a/aa/a", "a|aa/a"),
        ("foo.com", "|foo.com"),
        ("foo.com/", "-"),
        ("foo.com:8080/bar", "foo.com:8080|bar"),
        ("foo.com:http/bar", "-"),
        ("foo.com/bar", "foo.com|bar"),
        ("foo.com/bar/baz", "foo.com|bar/baz"),
        ("localhost:8080/bar", "localhost:8080|bar"),
        ("sub-dom1.foo.com/bar/baz/quux", "sub-dom1.foo.com|bar/baz/quux"),
        ("blog.foo.com/bar/baz", "blog.foo.com|bar/baz"),
        ("a^a", "-"),
        ("aa/asdf$$^/aa", "-"),
        ("asdf$$^/aa", "-"),
        ("aa-a/a", "aa-a|a"),
        ("a-/a/a/a", "-"),
        ("foo.com/a-/a/a", "-"),
        ("-foo/bar", "-"),
        ("foo/bar-", "-"),
        ("foo-/bar", "-"),
        ("foo/-bar", "-"),
        ("_foo/bar", "-"),
        ("foo_bar", "|foo_bar"),
        ("foo_bar.com", "|foo_bar.com"),
        ("foo_bar.com:8080", "-"),
        ("foo_bar.com:8080/app", "-"),
        ("foo.com/foo_bar", "foo.com|foo_bar"),
        ("____/____", "-"),
        ("_docker/_docker", "-"),
        ("docker_/docker_", "-"),
        ("b.gcr.io/test.example.com/my-app", "b.gcr.io|test.example.com/my-app"),
        ("xn--n3h.com/myimage", "xn--n3h.com|myimage"),
        ("xn--7o8h.com/myimage", "xn--7o8h.com|myimage"),
        ("example.com/xn--7o8h.com/myimage", "example.com|xn--7o8h.com/myimage"),
        ("example.com/some_separator__underscore/myimage", "example.com|some_separator__underscore/myimage"),
        ("example.com/__underscore/myimage", "-"),
        ("example.com/..dots/myimage", "-"),
        ("example.com/.dots/myimage", "-"),
        ("example.com/nodouble..dots/myimage", "-"),
        ("docker./docker", "-"),
        (".docker/docker", "-"),
        ("docker-/docker", "-"),
        ("-docker/docker", "-"),
        ("do..cker/docker", "-"),
        ("do__cker:8080/docker", "-"),
        ("do__cker/docker", "|do__cker/docker"),
        (
            "registry.io/foo/project--id.module--name.ver---sion--name",
            "registry.io|foo/project--id.module--name.ver---sion--name",
        ),
        ("Asdf.com/foo/bar", "Asdf.com|foo/bar"),
        ("Foo/FarB", "-"),
    ] {
        // The table is of names alone: what has a tag is none.
        let found = parse(text).ok().filter(|name| name.tag.is_none() && name.digest.is_none());
        let found = found.map_or("-".to_owned(), |name| format!("{}|{}", name.domain.unwrap_or_default(), name.path));
        assert_eq!(found, expect, "{text}");
    }
}

#[test]
fn domains_of_the_grammar_are_read_and_more_is_checked_of_an_endpoint() {
    for (text, grammar, strict) in [
        ("test.com", true, true),
        ("test.com:10304", true, true),
        ("test.com:http", false, false),
        ("localhost", true, true),
        ("localhost:8080", true, true),
        ("a", true, true),
        ("a.b", true, true),
        ("ab.cd.com", true, true),
        ("a-b.com", true, true),
        ("-ab.com", false, false),
        ("ab-.com", false, false),
        ("ab.c-om", true, true),
        ("ab.-com", false, false),
        ("ab.com-", false, false),
        ("0101.com", true, true),
        ("001a.com", true, true),
        ("b.gbc.io:443", true, true),
        ("b.gbc.io", true, true),
        ("xn--n3h.com", true, true),
        ("Asdf.com", true, true),
        ("192.168.1.1:75050", true, false),
        ("192.168.1.1:750050", true, false),
        ("[fd00:1:2::3]:75050", true, false),
        ("[fd00:1:2::3]:5050", true, true),
        ("[fd00:1:2::3]75050", false, false),
        ("[fd00:1:2::3]::75050", false, false),
        ("[fd00:1:2::3%eth0]:75050", false, false),
        ("[fd00123123123]:75050", true, false),
        ("[2001:0db8:85a3:0000:0000:8a2e:0370:7334]:75050", true, false),
        ("[2001:0db8:85a3:0000:0000:8a2e:0370:7334]:750505", true, false),
        ("fd00:1:2::3:75050", false, false),
    ] {
        let found = parse(&format!("{text}/x")).ok().and_then(|name| name.domain);
        assert_eq!(found.as_deref(), grammar.then_some(text), "{text}");
        assert_eq!(text.parse::<Endpoint>().is_ok(), strict, "{text}");
    }
}

#[test]
fn docker_completes_short_names() {
    for (text, whole, short) in [
        ("localhost/fooo", "localhost/fooo", "localhost/fooo"),
        ("localhost/fooo/bar", "localhost/fooo/bar", "localhost/fooo/bar"),
        ("LOCALDOMAIN/fooo", "LOCALDOMAIN/fooo", "LOCALDOMAIN/fooo"),
        ("LOCALDOMAIN/fooo/bar", "LOCALDOMAIN/fooo/bar", "LOCALDOMAIN/fooo/bar"),
        ("fooo/bar", "docker.io/fooo/bar", "fooo/bar"),
        ("index.docker.io/fooo/bar", "docker.io/fooo/bar", "fooo/bar"),
        ("ubuntu", "docker.io/library/ubuntu", "ubuntu"),
        ("library/ubuntu", "docker.io/library/ubuntu", "ubuntu"),
        ("nonlibrary/ubuntu", "docker.io/nonlibrary/ubuntu", "nonlibrary/ubuntu"),
        ("other/library", "docker.io/other/library", "other/library"),
        ("127.0.0.1:8000/private/moonbase", "127.0.0.1:8000/private/moonbase", "127.0.0.1:8000/private/moonbase"),
        ("127.0.0.1:8000/privatebase", "127.0.0.1:8000/privatebase", "127.0.0.1:8000/privatebase"),
        ("example.com/private/moonbase", "example.com/private/moonbase", "example.com/private/moonbase"),
        ("example.com:8000/privatebasee", "example.com:8000/privatebasee", "example.com:8000/privatebasee"),
        ("index.docker.io/library/ubuntu-12.04-base", "docker.io/library/ubuntu-12.04-base", "ubuntu-12.04-base"),
        ("docker.io/foo", "docker.io/library/foo", "foo"),
        ("library/foo/bar", "docker.io/library/foo/bar", "library/foo/bar"),
        ("store/foo/bar", "docker.io/store/foo/bar", "store/foo/bar"),
        ("Foo/bar", "Foo/bar", "Foo/bar"),
        ("FOO/bar", "FOO/bar", "FOO/bar"),
        ("test_com/foo", "docker.io/test_com/foo", "test_com/foo"),
        ("docker/migrator", "docker.io/docker/migrator", "docker/migrator"),
        ("test-com:8080/foo", "test-com:8080/foo", "test-com:8080/foo"),
        ("xn--n3h.com:18080/foo", "xn--n3h.com:18080/foo", "xn--n3h.com:18080/foo"),
    ] {
        for written in [text, whole, short] {
            let found = parse_normalized(written).expect(written);
            assert_eq!((found.to_string().as_str(), familiar(&found).as_str()), (whole, short), "{written}");
        }
        assert_eq!(whole.parse::<Reference>().map(|reference| reference.to_string()), Ok(whole.to_owned()));
    }
    let both = format!("busybox:latest@{}", digest("a"));
    let found = parse_normalized(&both).expect("a name");
    assert_eq!((found.to_string(), familiar(&found)), (format!("docker.io/library/{both}"), both));
}

#[test]
fn docker_takes_and_refuses_these() {
    let hexadecimal = "1a3f5e7d9c1b3a5f7e9d1c3b5a7f9e1d3c5b7a9f1e3d5d7c9b1a3f5e7d9c1b3a";
    let with_domain = format!("docker.io/{hexadecimal}");
    for text in [
        "docker/docker",
        "library/debian",
        "debian",
        "localhost/library/debian",
        "localhost/debian",
        "LOCALDOMAIN/library/debian",
        "docker.io/docker/docker",
        "docker.io/debian",
        "index.docker.io/docker/docker",
        "index.docker.io/debian",
        "127.0.0.1:5000/docker/docker",
        "127.0.0.1:5000/debian",
        "192.168.0.1",
        "192.168.0.1:80",
        "192.168.0.1:8/debian",
        "192.168.0.2:25000/debian",
        "thisisthesongthatneverendsitgoesonandonandonthisisthesongthatnev",
        "[fc00::1]:5000/docker",
        "[fc00::1]:5000/docker/docker",
        "[fc00:1:2:3:4:5:6:7]:5000/library/debian",
        &with_domain,
        "Docker/docker",
        "DOCKER/docker",
        "docker-rules/docker",
        "docker---rules/docker",
        "doc/docker",
        "d/docker",
        "jess/t",
        "dock__er/docker",
    ] {
        assert!(parse_normalized(text).is_ok(), "{text}");
    }
    let long = format!("{}/docker", "this_is_not_a_valid_namespace_because_its_lenth_is_greater_than_255_".repeat(4));
    for text in [
        "https://github.com/docker/docker",
        "docker/Docker",
        "-docker",
        "-foo",
        "-docker/docker",
        "-docker.io/docker/docker",
        "docker///docker",
        "docker.io/docker/Docker",
        "docker.io/docker///docker",
        "[fc00::1]",
        "[fc00::1]:5000",
        "fc00::1:5000/debian",
        "[fe80::1%eth0]:5000/debian",
        "[2001:db8:3:4::192.0.2.33]:5000/debian",
        hexadecimal,
        "docker-/docker",
        "-docker-/docker",
        "____/____",
        "_docker/_docker",
        "dock..er/docker",
        "dock_.er/docker",
        "dock-.er/docker",
        "docker/",
        &long,
    ] {
        assert!(parse_normalized(text).is_err(), "{text}");
    }
}

#[test]
fn any_reference_is_an_id_a_digest_or_a_name() {
    let id = "dbcc1c35ac38df41fd2f5e4130b32ffdb93ebae8b3dbe638c23575912276fc9c";
    for (text, expect) in [
        (id, format!("sha256:{id}")),
        (&format!("sha256:{id}"), format!("sha256:{id}")),
        (&id[..63], format!("docker.io/library/{}", &id[..63])),
        ("dbcc1", "docker.io/library/dbcc1".to_owned()),
        ("redis", "docker.io/library/redis".to_owned()),
        ("redis:latest", "docker.io/library/redis:latest".to_owned()),
        (&format!("redis@sha256:{id}"), format!("docker.io/library/redis@sha256:{id}")),
        ("dmcgowan/myapp:latest", "docker.io/dmcgowan/myapp:latest".to_owned()),
        (&format!("docker.io/dmcgowan/myapp@sha256:{id}"), format!("docker.io/dmcgowan/myapp@sha256:{id}")),
    ] {
        let found = parse_any(text).expect(text);
        assert_eq!(found.to_string(), expect);
        assert_eq!(matches!(found, AnyReference::Digest(_)), expect.starts_with("sha256:"));
    }
}
