//! What processes may do, by the Pod Security Standards (Kubernetes, "Pod Security Standards").

use super::node::{Map, Node};
use super::writer::Writer;
use crate::environment::lowering::Lowering as _;
use crate::model::resource::Service;
use crate::model::{App, AppKind, Name, Security as Written, SecurityLevel};
use crate::util::fs;
use std::path::Path;

/// The most bytes of a Dockerfile.
const LIMIT: u64 = 1024 * 1024;
/// Group of volumes of processes whose user is the image's own.
const GROUP: u32 = 1000;
/// Ports below are root's, unless the namespace of the network says otherwise.
const UNPRIVILEGED: u16 = 1024;
/// Words in the names of images that do not run as root.
const ROOTLESS: &[&str] = &["nonroot", "chiseled", "unprivileged", "rootless"];

/// What the processes of a workload may do.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Security {
    level: SecurityLevel,
    user: Option<u32>,
    group: Option<u32>,
    read_only: bool,
    /// A capability that the program of the image cannot do without, and that `restricted` allows.
    binds: bool,
}

impl Security {
    /// Of an app; what it says, else the environment. Warns where the image will not start.
    pub(super) fn of_app(lowering: &mut Writer<'_>, app: &App) -> Self {
        let security = Self::of(lowering, &app.name, app.security.as_ref());
        if let (SecurityLevel::Restricted, None, AppKind::Dockerfile(build)) =
            (security.level, security.user, &app.kind)
        {
            let file = build.dockerfile.as_ref().map_or("Dockerfile", |file| file.get_ref().as_str());
            let path = lowering.cx.root.join(build.context.get_ref()).join(file);
            let target = build.target.as_ref().map(|target| target.get_ref().as_str());
            if let Some(why) = runs_as_root(&path, target) {
                let message = format!("Kubernetes will not start `{}`: {why}", app.name);
                let help = "end its Dockerfile with a number (`USER 1000`), or give the app `security = { user = 1000 }` \
                            or `security = \"baseline\"`";
                lowering.warning("runs-as-root", message, &app.span, help);
            }
        }
        security
    }

    /// Of a backing service: what it says, else the user that its image has for the server.
    pub(super) fn of_service(lowering: &mut Writer<'_>, name: &Name, service: &Service) -> Self {
        let security = Self::of(lowering, name, service.security.as_ref());
        let own = user_of(service.kind).filter(|_| security.level == SecurityLevel::Restricted);
        // Its program has the capability in its file: without it, it does not start.
        Self { user: security.user.or(own), binds: service.kind == "sqlserver", ..security }
    }

    fn of(lowering: &mut Writer<'_>, name: &Name, own: Option<&Written>) -> Self {
        let written = own.and_then(|own| own.level.as_ref()).or(lowering.settings.security.as_ref());
        let level = written.map(|level| *level.get_ref()).unwrap_or_default();
        let user = own.and_then(|own| own.user.as_ref());
        if let (SecurityLevel::Restricted, Some(root)) = (level, user.filter(|user| *user.get_ref() == 0)) {
            let message = format!("`{name}` would run as root, which `restricted` does not allow");
            lowering.error("runs-as-root", message, &root.span(), "write another user, or `level = \"baseline\"`");
        }
        Self {
            level,
            user: user.map(|user| *user.get_ref()),
            group: own.and_then(|own| own.group.as_ref()).map(|group| *group.get_ref()),
            read_only: own.is_some_and(|own| own.read_only),
            binds: false,
        }
    }

    /// Of what looks whether something answers.
    pub(super) fn of_waiting(self) -> Map {
        Self { user: None, group: None, read_only: true, binds: false, ..self }
            .container()
            .with("runAsUser", 65_534_u32)
    }

    /// Of a pod that listens on `ports`, with volumes that are kept or not.
    pub(super) fn pod(self, ports: &[u16], keeps: bool) -> Map {
        let is_restricted = self.level == SecurityLevel::Restricted;
        let group = self.group.or(self.user);
        let of_volumes = group.or((is_restricted && keeps).then_some(GROUP));
        // A safe sysctl since Kubernetes 1.22.
        let opened = is_restricted && ports.iter().any(|port| *port < UNPRIVILEGED);
        let sysctl = Map::new().with("name", "net.ipv4.ip_unprivileged_port_start").with("value", "0");
        Map::new()
            .some("runAsNonRoot", is_restricted.then_some(true))
            .some("runAsUser", self.user)
            .some("runAsGroup", group)
            .some("fsGroup", of_volumes)
            .some("fsGroupChangePolicy", of_volumes.map(|_| "OnRootMismatch"))
            .with("seccompProfile", Map::new().with("type", "RuntimeDefault"))
            .some("sysctls", opened.then(|| vec![Node::from(sysctl)]))
    }

    pub(super) fn container(self) -> Map {
        let mut capabilities = Map::new().with("drop", ["ALL"]);
        if self.binds {
            capabilities.put("add", ["NET_BIND_SERVICE"]);
        }
        let is_restricted = self.level == SecurityLevel::Restricted;
        Map::new()
            .some("allowPrivilegeEscalation", is_restricted.then_some(false))
            .some("capabilities", is_restricted.then_some(capabilities))
            .some("readOnlyRootFilesystem", self.read_only.then_some(true))
    }
}

/// The user that the images of the kinds have for their servers, or one that they take as well as any.
fn user_of(kind: &str) -> Option<u32> {
    match kind {
        "postgres" | "mysql" | "mongodb" | "redis" | "valkey" | "rabbitmq" => Some(999),
        "sqlserver" => Some(10_001),
        "nats" | "kafka" | "minio" | "seq" => Some(1000),
        // Any image: nothing is known of it.
        _ => None,
    }
}

/// Why an image does not start where root may not run, as far as its Dockerfile tells. The kubelet
/// takes no user's name: it cannot see whether that is root.
fn runs_as_root(path: &Path, target: Option<&str>) -> Option<String> {
    let text = fs::read(path, LIMIT).ok()?;
    user_in(&String::from_utf8_lossy(&text.bytes), target)
}

fn user_in(dockerfile: &str, target: Option<&str>) -> Option<String> {
    struct Stage {
        from: String,
        name: Option<String>,
        user: Option<String>,
    }
    let joined = dockerfile.replace("\\\n", " ");
    let mut stages: Vec<Stage> = Vec::new();
    for line in joined.lines() {
        let words: Vec<&str> = line.split_whitespace().filter(|word| !word.starts_with("--")).collect();
        match words.as_slice() {
            [from, image, rest @ ..] if from.eq_ignore_ascii_case("FROM") => {
                let name = rest.get(1).filter(|_| rest[0].eq_ignore_ascii_case("as")).map(ToString::to_string);
                stages.push(Stage { from: (*image).to_owned(), name, user: None });
            }
            [instruction, user, ..] if instruction.eq_ignore_ascii_case("USER") => {
                stages.last_mut()?.user = Some((*user).to_owned());
            }
            _ => {}
        }
    }
    let named = |name: &str, stages: &[Stage]| {
        stages.iter().rposition(|stage| stage.name.as_deref().is_some_and(|known| known.eq_ignore_ascii_case(name)))
    };
    let mut index = match target {
        Some(target) => named(target, &stages)?,
        None => stages.len().checked_sub(1)?,
    };
    loop {
        let stage = &stages[index];
        if let Some(user) = &stage.user {
            let user = user.split(':').next().unwrap_or(user);
            return match user.parse::<u32>() {
                Ok(0) => Some("it runs as root".to_owned()),
                Err(_) if user == "root" => Some("it runs as root".to_owned()),
                Ok(_) => None,
                // A variable may be a number.
                Err(_) if user.contains('$') => None,
                Err(_) => Some(format!("it runs as `{user}`, and only a number shows that this is not root")),
            };
        }
        match named(&stage.from, &stages[..index]) {
            Some(earlier) => index = earlier,
            None if ROOTLESS.iter().any(|word| stage.from.contains(word)) => return None,
            None => return Some("it runs as root, unless its base image says otherwise".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::user_in;

    #[test]
    fn the_user_of_an_image_is_the_last_one_that_is_named() {
        let why = |text: &str| user_in(text, None);
        assert_eq!(why("FROM debian\nUSER 1000\n"), None);
        assert_eq!(why("FROM debian AS base\nUSER 1000:1000\nFROM base\nCOPY . .\n"), None);
        assert_eq!(why("FROM gcr.io/distroless/static:nonroot\n"), None);
        assert_eq!(why("FROM debian\nARG uid=1\nUSER $uid\n"), None);
        for text in
            ["FROM debian\n", "FROM debian\nUSER 0\n", "FROM debian\nUSER 1\nUSER root\n", "FROM node\nuser node\n"]
        {
            assert!(why(text).is_some(), "{text}");
        }
        assert_eq!(user_in("FROM a AS x\nUSER 5\nFROM b\n", Some("x")), None);
    }
}
