//! The grammar of image names: every combination of good parts is taken apart into them, and a bad
//! part spoils the whole.

use shipit::oci::reference::familiar::{AnyReference, familiar, parse, parse_any, parse_normalized};
use shipit::oci::{Endpoint, Reference, ReferenceError};

fn digest(digit: &str) -> String {
    format!("sha256:{}", digit.repeat(64))
}

/// Domains of the grammar, and whether they are endpoints that one can connect to.
const DOMAINS: &[(&str, bool)] = &[
    ("r.example", true),
    ("r.example:443", true),
    ("localhost", true),
    ("localhost:5000", true),
    ("UPPER.example", true),
    ("x", true),
    ("a-b.c--d.example", true),
    ("7zip.0x1", true),
    ("xn--bcher-kva.example", true),
    ("10.1.2.3", true),
    ("10.1.2.3:65535", true),
    ("[fd12::7]", true),
    ("[fd12::7]:8443", true),
    ("[::]", true),
    ("[1:2:3:4:5:6:7:8]:80", true),
    // The grammar counts neither the size of a port nor the parts of an address.
    ("r.example:65536", false),
    ("r.example:000443443", false),
    ("[fd1234567]", false),
    ("[0123:4567:89ab:cdef:0123:4567:89ab:cdef]:99999", false),
];

const NO_DOMAINS: &[&str] = &[
    "-r.example",
    "r-.example",
    "r.-example",
    "r.example-",
    "r..example",
    ".r.example",
    "r.example.",
    "r_x.example:80",
    "r.example:",
    "r.example:http",
    "r.example:80:80",
    "[fd12::7",
    "[fd12::7]80",
    "[fd12::7]::80",
    "[fd12::7%eth1]",
    "[::ffff:10.1.2.3]",
    "fd12::7:80",
    "r!x.example",
];

const PATHS: &[&str] = &[
    "app",
    "a",
    "7",
    "a/b/c/d/e/f",
    "my.app",
    "my_app",
    "my__app",
    "my-app",
    "my---app",
    "a.b_c__d-e--f",
    "r.example/app",
    "0abc/x1.y2",
];

const NO_PATHS: &[&str] = &[
    "-app", "app-", "_app", "app_", ".app", "app.", "my..app", "my___app", "my._app", "my-_app", "my-.app", "a//b",
    "a/", "____", "a b", "a^b", "app$", "é",
];

const TAGS: &[&str] = &["latest", "1", "5000", "V1.2-rc_3", "_", "a.b--c__d", "xn--bcher-kva"];

/// `domain|path|tag|digest`, or the error.
fn taken_apart(text: &str) -> Result<String, ReferenceError> {
    let name = parse(text)?;
    assert_eq!(name.to_string(), text);
    let tag = name.tag.map(|tag| tag.to_string()).unwrap_or_default();
    let digest = name.digest.map(|digest| digest.to_string()).unwrap_or_default();
    Ok(format!("{}|{}|{tag}|{digest}", name.domain.unwrap_or_default(), name.path))
}

#[test]
fn every_combination_of_good_parts_is_taken_apart_into_them() {
    let sum = digest("9");
    for (domain, _) in DOMAINS {
        for path in PATHS {
            for tag in TAGS.iter().copied().map(Some).chain([None]) {
                for sum in [Some(&sum), None] {
                    let mut text = format!("{domain}/{path}");
                    text.extend(tag.map(|tag| format!(":{tag}")));
                    text.extend(sum.map(|sum| format!("@{sum}")));
                    let expect = format!("{domain}|{path}|{}|{}", tag.unwrap_or(""), sum.map_or("", |sum| sum));
                    assert_eq!(taken_apart(&text), Ok(expect), "{text}");
                }
            }
        }
    }
}

#[test]
fn without_a_slash_there_is_no_domain() {
    for path in PATHS.iter().filter(|path| !path.contains('/')) {
        assert_eq!(taken_apart(path), Ok(format!("|{path}||")));
        // What would be a port behind a domain is a tag.
        assert_eq!(taken_apart(&format!("{path}:8080")), Ok(format!("|{path}|8080|")));
    }
    assert_eq!(taken_apart("10.1.2.3:80").as_deref(), Ok("|10.1.2.3|80|"));
    // The first part is a domain by its place, whatever it looks like, unless it cannot be one.
    assert_eq!(taken_apart("team/app").as_deref(), Ok("team|app||"));
    assert_eq!(taken_apart("team__x/app").as_deref(), Ok("|team__x/app||"));
    assert_eq!(taken_apart("Team/app").as_deref(), Ok("Team|app||"));
}

#[test]
fn one_bad_part_spoils_the_whole() {
    for bad in NO_DOMAINS {
        assert!(parse(&format!("{bad}/app/x:1")).is_err(), "{bad}");
    }
    for bad in NO_PATHS {
        for text in
            [format!("r.example/{bad}"), format!("r.example:80/a/{bad}:1"), format!("r.example/{bad}@{}", digest("1"))]
        {
            assert!(parse(&text).is_err(), "{text}");
        }
    }
    for bad in ["", "-x", ".x", "a/b", "a+b", "a~b", "é", "a:b"] {
        assert!(parse(&format!("r.example/app:{bad}")).is_err(), "{bad}");
    }
    let long = format!("sha256:{}", "a".repeat(65));
    let sha512 = format!("sha512:{}", "a".repeat(128));
    let upper = format!("sha256:{}", "A".repeat(64));
    for bad in ["", "sha256", "sha256:", "sha256:abc", "1x:abc", "nonsense:abcdef", &long, &sha512, &upper] {
        assert!(parse(&format!("r.example/app@{bad}")).is_err(), "{bad}");
    }
    for text in ["", ":tag", "/app", "r.example/", "[fd12::7]", "[fd12::7]:80", &format!("@{}", digest("2"))] {
        assert!(parse(text).is_err(), "{text}");
    }
}

#[test]
fn the_reason_is_told_apart() {
    assert_eq!(parse(""), Err(ReferenceError::RepositoryEmpty));
    assert!(matches!(parse("App:1"), Err(ReferenceError::RepositoryUppercase { .. })));
    assert!(matches!(parse("r.example:80/Team/app:1"), Err(ReferenceError::RepositoryUppercase { .. })));
    let path = |length: usize| format!("r.example/{}", "p".repeat(length));
    assert_eq!(parse(&path(255)).map(|name| name.path.len()), Ok(255));
    assert!(matches!(parse(&format!("{}:1", path(256))), Err(ReferenceError::RepositoryTooLong { .. })));
    // The limit is that of the path: a tag and a digest do not count.
    let deep = format!("r.example/{}q:{}", "q/".repeat(127), "t".repeat(128));
    assert_eq!(parse(&deep).map(|name| name.path.len()), Ok(255));
}

#[test]
fn more_is_checked_of_an_endpoint_than_the_grammar_says() {
    for (domain, is_endpoint) in DOMAINS {
        assert_eq!(parse(&format!("{domain}/x")).map(|name| name.domain), Ok(Some((*domain).to_owned())));
        assert_eq!(domain.parse::<Endpoint>().is_ok(), *is_endpoint, "{domain}");
    }
    for domain in NO_DOMAINS {
        assert!(domain.parse::<Endpoint>().is_err(), "{domain}");
    }
}

/// What is written, the whole name, the shortest one.
const SHORT_NAMES: &[(&str, &str, &str)] = &[
    ("nginx", "docker.io/library/nginx", "nginx"),
    ("library/nginx", "docker.io/library/nginx", "nginx"),
    ("docker.io/nginx", "docker.io/library/nginx", "nginx"),
    ("index.docker.io/library/nginx", "docker.io/library/nginx", "nginx"),
    ("index.docker.io/team/app", "docker.io/team/app", "team/app"),
    ("team/app", "docker.io/team/app", "team/app"),
    ("team/library", "docker.io/team/library", "team/library"),
    ("libraries/app", "docker.io/libraries/app", "libraries/app"),
    ("library/team/app", "docker.io/library/team/app", "library/team/app"),
    ("team/sub/app", "docker.io/team/sub/app", "team/sub/app"),
    ("my_team/app", "docker.io/my_team/app", "my_team/app"),
    ("localhost/app", "localhost/app", "localhost/app"),
    ("Team/app", "Team/app", "Team/app"),
    ("r.example/app", "r.example/app", "r.example/app"),
    ("team:80/app", "team:80/app", "team:80/app"),
    ("10.1.2.3:80/team/app", "10.1.2.3:80/team/app", "10.1.2.3:80/team/app"),
    ("[fd12::7]:80/app", "[fd12::7]:80/app", "[fd12::7]:80/app"),
];

#[test]
fn docker_completes_short_names() {
    let sum = digest("3");
    for (text, whole, short) in SHORT_NAMES {
        for end in ["", ":1.2", &format!("@{sum}"), &format!(":1.2@{sum}")] {
            let (whole, short) = (format!("{whole}{end}"), format!("{short}{end}"));
            for written in [&format!("{text}{end}"), &whole, &short] {
                let found = parse_normalized(written).expect(written);
                assert_eq!((found.to_string(), familiar(&found)), (whole.clone(), short.clone()), "{written}");
            }
            assert_eq!(whole.parse::<Reference>().map(|reference| reference.to_string()), Ok(whole));
        }
    }
}

#[test]
fn docker_takes_no_name_that_could_be_an_id() {
    let id = "0123456789abcdef".repeat(4);
    assert!(parse_normalized(&id).is_err());
    assert!(parse_normalized(&format!("docker.io/{id}")).is_ok());
    assert!(parse_normalized(&id[1..]).is_ok());
    assert!(parse_normalized(&id.replace('0', "g")).is_ok());
    for bad in ["https://r.example/app", "team/App", "docker.io/team/App", "-app", "team-/app", "team//app", "team/"] {
        assert!(parse_normalized(bad).is_err(), "{bad}");
    }
    assert!(parse_normalized(&format!("{}/app", "long_".repeat(60))).is_err());
}

#[test]
fn any_reference_is_an_id_a_digest_or_a_name() {
    let id = "0123456789abcdef".repeat(4);
    let sum = format!("sha256:{id}");
    for (text, expect) in [
        (id.as_str(), sum.clone()),
        (&sum, sum.clone()),
        (&id[..63], format!("docker.io/library/{}", &id[..63])),
        ("beef", "docker.io/library/beef".to_owned()),
        ("nginx:1", "docker.io/library/nginx:1".to_owned()),
        (&format!("r.example/app@{sum}"), format!("r.example/app@{sum}")),
    ] {
        let found = parse_any(text).expect(text);
        assert_eq!(found.to_string(), expect);
        assert_eq!(matches!(found, AnyReference::Digest(_)), expect == sum);
    }
}
