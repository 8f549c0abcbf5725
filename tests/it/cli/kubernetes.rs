//! `shipit deploy` and `destroy` with a cluster in this process, with Helm and without.

use super::{Run, finish, shipit};
use crate::cluster::fake_cluster::FakeCluster;
use serde_json::json;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

const SECRET: &str = "p'\"$ #hostile\nsecond line";
const DEPLOYMENT: &str = "/apis/apps/v1/namespaces/default/deployments/web";

struct Project {
    cluster: FakeCluster,
    folder: tempfile::TempDir,
    kubeconfig: PathBuf,
}

impl Project {
    async fn new(format: &str) -> Self {
        let cluster = FakeCluster::start().await;
        let folder = tempfile::tempdir().unwrap();
        let manifest = format!(
            "name = \"shop\"\n[params]\nkey = {{ secret = true }}\n\
             [environments.prod]\nkind = \"kubernetes\"\nformat = \"{format}\"\n\
             [apps.web]\nkind = \"image\"\nimage = \"registry.example/web:1\"\nenvironment = \"prod\"\n\
             env = {{ KEY = \"$<key>\" }}\n"
        );
        std::fs::write(folder.path().join("apphost.toml"), manifest).unwrap();
        let kubeconfig = cluster.kubeconfig(folder.path());
        Self { cluster, folder, kubeconfig }
    }

    /// A `helm` that notes its arguments and the mode of the values, and ends with `status`.
    fn helm(&self, status: u8) {
        let script = format!(
            "#!/bin/sh\nif [ \"$1\" = version ]; then echo v3.14.2+gc309b6f; exit 0; fi\n\
             echo \"$@\" >>{0}/helm.log\nwhile [ $# -gt 0 ]; do\n\
             if [ \"$1\" = --values ]; then /bin/cp -p \"$2\" {0}/helm.values; fi\nshift\ndone\nexit {status}\n",
            self.folder.path().display()
        );
        let bin = self.folder.path().join("bin");
        std::fs::create_dir_all(&bin).unwrap();
        std::fs::write(bin.join("helm"), script).unwrap();
        std::fs::set_permissions(bin.join("helm"), std::fs::Permissions::from_mode(0o755)).unwrap();
    }

    fn run(&self, arguments: &[&str]) -> Run {
        let mut command = shipit(self.folder.path());
        command.args(arguments).args(["--progress", "plain"]);
        command.env("KUBECONFIG", &self.kubeconfig).env("Parameters__key", SECRET);
        finish(command.env("PATH", self.folder.path().join("bin")))
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.folder.path().join(name)).unwrap_or_default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_helm_the_api_is_used() {
    let project = Project::new("manifests").await;
    let run = project.run(&["deploy"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    let secrets = project.cluster.paths().into_iter().filter(|path| path.contains("/secrets/"));
    let values: Vec<String> = secrets.map(|path| project.cluster.object(&path).unwrap().to_string()).collect();
    assert!(values.iter().any(|value| value.contains(&json!(SECRET).to_string())), "{values:?}");
    assert!(project.cluster.object(DEPLOYMENT).is_some());
    let run = project.run(&["deploy"]);
    assert!(run.stderr.contains("unchanged") && !run.stderr.contains("created"), "{}", run.stderr);
    let run = project.run(&["destroy", "--yes"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert_eq!(project.cluster.paths(), Vec::<String>::new());
    let run = project.run(&["destroy", "--yes"]);
    assert!(run.status == 0 && run.stderr.contains("not deployed"), "{}", run.stderr);
}

/// Characters that YAML does not print, or breaks lines at.
const ODD: &str = "a \u{2028} b \u{85} c\u{7f}\u{feff} \u{1f600}\r\n";

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_of_value_arrives_as_it_is() {
    let manifest = |format: &str| {
        format!(
            "name = \"shop\"\n[params]\nkey = {{ secret = true }}\ntoken = {{ secret = true }}\n\
             odd = {odd}\nport = {{ type = \"int\", default = \"1000000\" }}\nzip = \"007\"\n\
             flag = {{ type = \"bool\", default = \"true\" }}\n\
             [registries.own]\nkind = \"oci\"\nendpoint = \"registry.example\"\n\
             pull = {{ username = \"bot\", password = \"$<token>\" }}\n\
             [environments.prod]\nkind = \"kubernetes\"\nformat = \"{format}\"\n\
             [apps.web]\nkind = \"image\"\nimage = \"registry.example/web:1\"\nargs = [\"--key=$<key>\"]\n\
             env = {{ ODD = \"$<odd>\", PORT = \"$<port>\", FLAG = \"$<flag>\", ZIP = \"$<zip>\", PLAIN = \"{{{{ .Values }}}}\" }}\n\
             files = [{{ path = \"/run/key.pem\", from = \"key.pem\", secret = true }}]\n",
            odd = json!(ODD).to_string().replace('\u{7f}', "\\u007f"),
        )
    };
    let project = Project::new("manifests").await;
    let write = |name: &str, text: &str| std::fs::write(project.folder.path().join(name), text).unwrap();
    write("apphost.toml", &manifest("manifests"));
    write("key.pem", &format!("{SECRET}\n{ODD}"));
    let token = ["--param", "token=t\"'"];
    let run = project.run(&[&["deploy"], &token[..]].concat());
    assert_eq!(run.status, 0, "{}", run.stderr);
    let data = |kind: &str, name: &str, field: &str| {
        project.cluster.object(&format!("/api/v1/namespaces/default/{kind}/{name}")).unwrap()[field].clone()
    };
    let config = json!({ "ODD": ODD, "PORT": "1000000", "FLAG": "true", "ZIP": "007", "PLAIN": "{{ .Values }}" });
    assert_eq!(data("configmaps", "web-config", "data"), config);
    let argument = json!({ "SHIPIT_ARG_0": format!("--key={SECRET}") });
    assert_eq!(data("secrets", "web-secrets", "stringData"), argument);
    let files = json!({ "key.pem": format!("{SECRET}\n{ODD}") });
    assert_eq!(data("secrets", "web-secret-files", "stringData"), files);
    let login = data("secrets", "own-pull", "stringData")[".dockerconfigjson"].as_str().unwrap().to_owned();
    let login: serde_json::Value = serde_json::from_str(&login).unwrap();
    let expect = json!({ "auth": "Ym90OnQiJw==", "password": "t\"'", "username": "bot" });
    assert_eq!(login["auths"]["registry.example"], expect);
    assert_eq!(project.cluster.object(DEPLOYMENT).unwrap()["spec"]["replicas"], 1);
    assert_eq!(project.run(&["destroy", "--yes"]).status, 0);

    write("apphost.toml", &manifest("helm"));
    project.helm(0);
    let run = project.run(&[&["deploy"], &token[..]].concat());
    assert_eq!(run.status, 0, "{}", run.stderr);
    let written = project.read("helm.values");
    let odd = |c: char| c != '\n' && (c.is_control() || matches!(c, '\u{2028}' | '\u{feff}'));
    assert!(!written.contains(odd), "{written:?}");
    let values: serde_json::Value = serde_saphyr::from_str(&written).unwrap();
    let parameters = json!({ "odd": ODD, "port": 1_000_000, "flag": true, "zip": "007" });
    let secrets = json!({ "key": SECRET, "token": "t\"'", "web": { "file_0": format!("{SECRET}\n{ODD}") } });
    assert_eq!(values, json!({ "parameters": parameters, "secrets": secrets }));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_environment_that_is_not_there_is_said() {
    let project = Project::new("manifests").await;
    for verb in ["deploy", "destroy"] {
        let yes = (verb == "destroy").then_some("--yes");
        let run = project.run(&[&[verb, "--environment", "prd"], yes.as_slice()].concat());
        assert_eq!(run.status, 2, "{}", run.stderr);
        assert!(run.stderr.contains("no environment is called `prd`"), "{}", run.stderr);
        assert!(run.stderr.contains("did you mean `prod`?"), "{}", run.stderr);
        let run = project.run(&[&[verb, "--environment", "elsewhere"], yes.as_slice()].concat());
        assert!(run.status == 2 && run.stderr.contains("declared are `prod`"), "{}", run.stderr);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_line_names_another_namespace() {
    let project = Project::new("manifests").await;
    let run = project.run(&["deploy", "--namespace", "blue", "--environment", "prod"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert!(project.cluster.object("/apis/apps/v1/namespaces/blue/deployments/web").is_some());
    assert!(project.cluster.object("/api/v1/namespaces/blue").is_some());
    assert!(project.cluster.object(DEPLOYMENT).is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn helm_gets_its_values_in_a_file_that_nobody_else_reads() {
    let project = Project::new("helm").await;
    project.helm(0);
    let run = project.run(&["deploy", "--namespace", "blue"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    let arguments = project.read("helm.log");
    let expect = "--kube-context here --namespace blue upgrade --install shop ";
    assert!(arguments.starts_with(expect) && arguments.contains("--wait"), "{arguments}");
    assert!(arguments.contains("--create-namespace") && !arguments.contains("hostile"), "{arguments}");
    assert!(project.read("helm.values").contains(&json!(SECRET).to_string()));
    let mode = std::fs::metadata(project.folder.path().join("helm.values")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert!(project.cluster.paths().is_empty(), "Helm applies, not we: {:?}", project.cluster.paths());
}

#[tokio::test(flavor = "multi_thread")]
async fn when_helm_fails_the_cluster_says_why() {
    let project = Project::new("helm").await;
    project.helm(1);
    let template = json!({ "matchLabels": { "app.kubernetes.io/name": "web" } });
    let web = json!({ "kind": "Deployment", "spec": { "selector": template },
        "metadata": { "name": "web", "namespace": "default", "generation": 1 },
        "status": { "observedGeneration": 1, "conditions": [{ "type": "ReplicaFailure", "status": "True",
            "message": "exceeded quota: small" }] } });
    project.cluster.put(DEPLOYMENT, web);
    let run = project.run(&["deploy"]);
    assert_eq!(run.status, 1, "{}", run.stderr);
    let expect = "Deployment `web` gets no pods: exceeded quota: small";
    assert!(run.stderr.contains("`helm` ended with exit status 1") && run.stderr.contains(expect), "{}", run.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_helm_installed_helm_takes_away() {
    let project = Project::new("helm").await;
    let note = json!({ "metadata": { "name": "sh.helm.release.v1.shop.v1",
        "labels": { "owner": "helm", "name": "shop" } } });
    project.cluster.put("/api/v1/namespaces/default/secrets/sh.helm.release.v1.shop.v1", note);
    let run = project.run(&["destroy", "--yes"]);
    assert_eq!(run.status, 1, "{}", run.stderr);
    assert!(run.stderr.contains("there is no `helm` on PATH"), "{}", run.stderr);
    project.helm(0);
    let run = project.run(&["destroy", "--yes"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert!(project.read("helm.log").contains("--namespace default uninstall shop --wait"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_start_is_explained_and_masked() {
    let project = Project::new("manifests").await;
    let quota = json!([{ "type": "ReplicaFailure", "status": "True", "message": format!("no room for {SECRET}") }]);
    project.cluster.status("web", json!({ "observedGeneration": 1, "conditions": quota }));
    let run = project.run(&["deploy"]);
    assert_eq!(run.status, 1, "{}", run.stderr);
    assert!(run.stderr.contains("gets no pods: no room for ***"), "{}", run.stderr);
    assert!(!run.stderr.contains("hostile"), "{}", run.stderr);
    assert!(run.stderr.contains("kubectl --context here --namespace default describe deployment web"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_exit_status_says_what_kind_of_failure_it_was() {
    let project = Project::new("manifests").await;
    let run = project.run(&["deploy", "--context", "hrere"]);
    assert!(run.status == 2 && run.stderr.contains("did you mean `here`?"), "{}", run.stderr);
    assert!(project.cluster.asked().is_empty());
    let run = project.run(&["deploy", "--context", "other"]);
    assert_eq!(run.status, 3, "{}", run.stderr);
    project.cluster.refuse("GET /version", 503, "starting", usize::MAX);
    let run = project.run(&["deploy"]);
    assert_eq!(run.status, 4, "{}", run.stderr);
}
