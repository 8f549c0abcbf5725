//! Azure's registries in the pipeline: which steps there are, and what pushing to one says.

use super::{folder, run};

const APP: &str = "[apps.api]\nkind = \"dockerfile\"\ncontext = \".\"\n";

/// The lines of `shipit do --list` that speak of registries, without what a step does.
fn steps(manifest: &str) -> Vec<String> {
    let folder = folder(&[("apphost.toml", &format!("{manifest}{APP}"))]);
    let listed = run(folder.path(), &["do", "--list"]);
    assert_eq!(listed.status, 0, "{}", listed.stderr);
    let wanted = ["provision", "login-", "push-"];
    let lines = listed.stdout.lines().filter(|line| wanted.iter().any(|start| line.starts_with(start)));
    let short = |line: &str| {
        let name = line.split_whitespace().next().unwrap_or_default();
        let after = line.split_once("(after ").map_or("", |(_, after)| after.trim_end_matches(')'));
        format!("{name} < {after}")
    };
    lines.map(short).collect()
}

#[test]
fn a_registry_is_provisioned_before_its_login_and_no_push_waits_for_an_environment() {
    assert_eq!(
        steps("[registries.acr]\nkind = \"azure\"\n"),
        [
            "provision-acr < process-parameters",
            "login-acr < process-parameters, provision-acr",
            "provision < provision-acr",
            "push-api < build-api, login-acr",
        ]
    );
    assert_eq!(
        steps("[environments.aca]\nkind = \"azure-container-apps\"\n"),
        [
            "provision-aca-acr < process-parameters",
            "login-aca-acr < process-parameters, provision-aca-acr",
            "provision < provision-aca-acr",
            "push-api < build-api, login-aca-acr",
        ]
    );
}

#[test]
fn a_registry_that_exists_is_not_provisioned() {
    assert_eq!(
        steps("[registries.acr]\nkind = \"azure\"\nexisting = { name = \"shopregistry\" }\n"),
        ["login-acr < process-parameters", "push-api < build-api, login-acr"]
    );
}

#[test]
fn provisioning_is_left_to_what_is_published() {
    let manifest = format!("[registries.acr]\nkind = \"azure\"\nname = \"shopregistry\"\n{APP}");
    let folder = folder(&[("apphost.toml", &manifest)]);
    for step in ["provision", "provision-acr"] {
        let refused = run(folder.path(), &["do", step]);
        assert_eq!(refused.status, 2);
        assert!(refused.stderr.contains("this version does not provision `acr` by itself"), "{}", refused.stderr);
        assert!(refused.stderr.contains("`az deployment sub create`"), "{}", refused.stderr);
    }
}

#[test]
fn a_login_server_that_only_azure_knows_is_asked_for() {
    let manifest = format!("[registries.acr]\nkind = \"azure\"\n{APP}");
    let folder = folder(&[("apphost.toml", &manifest), ("Dockerfile", "FROM scratch\n")]);
    let refused = run(folder.path(), &["do", "push"]);
    assert_eq!(refused.status, 2);
    let said = refused.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("the login server of `acr` is not known before Azure has made it"), "{said}");
    assert!(said.contains("name = \"…\""), "{said}");
}
