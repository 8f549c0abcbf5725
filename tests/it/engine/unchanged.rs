//! What was built is not built again, and what may be different is.

use super::fake_engine::{Behaviour, FakeEngine, Image};
use shipit::image::build::{BuildMemory, NoCredentials};
use shipit::image::engine::{Engine, EngineSettings};
use shipit::image::{BuildSpec, BuiltImage};
use shipit::util::{Progress, Secret};
use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tempfile::TempDir;

const BASE: &str = "docker.io/library/alpine:3";
const DIGEST: &str = "sha256:cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc";

/// A project whose image was built once, and the engine that it was built in.
struct Fixture {
    fake: FakeEngine,
    spec: BuildSpec,
    memory: BuildMemory,
    _folder: TempDir,
}

impl Fixture {
    async fn new(dockerfile: &str, steps: &[&str]) -> Self {
        Self::of(Behaviour::default(), dockerfile, steps).await
    }

    async fn of(behaviour: Behaviour, dockerfile: &str, steps: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let context = folder.path().join("api");
        fs::create_dir_all(context.join("src")).unwrap();
        fs::write(context.join("Dockerfile"), dockerfile).unwrap();
        fs::write(context.join("src/a"), "one").unwrap();
        fs::write(context.join("left.out"), "x").unwrap();
        fs::write(context.join(".dockerignore"), "*.out\n").unwrap();
        symlink("src/a", context.join("link")).unwrap();
        let fake = FakeEngine::start(behaviour);
        {
            let mut world = fake.world();
            world.id = Some("ENGINE");
            world.add(BASE, "b");
            world.add("docker.io/shop/tool:1", "d");
            world.steps = steps.iter().map(|step| (*step).to_owned()).collect();
        }
        let mut spec = BuildSpec::new("api", folder.path(), context, "shop/api:1");
        spec.is_checked = true;
        let memory = BuildMemory::new(folder.path().join(".shipit/cache/builds"));
        let fixture = Self { fake, spec, memory, _folder: folder };
        assert!(fixture.is_built().await, "there is nothing to remember yet");
        fixture
    }

    fn path(&self, path: &str) -> std::path::PathBuf {
        self.spec.context.join(path)
    }

    async fn build(&self) -> (BuiltImage, bool) {
        let settings = EngineSettings { docker_host: Some(self.fake.address()), ..EngineSettings::default() };
        let engine = Engine::connect(&settings).await.unwrap();
        let (credentials, progress) = (Arc::new(NoCredentials), Progress::none());
        engine.build_unless_done(&self.spec, &self.memory, credentials, &progress).await.unwrap()
    }

    /// Whether the engine is asked to build; no request of a build may go out where not.
    async fn is_built(&self) -> bool {
        self.fake.seen().requests.clear();
        let (image, cached) = self.build().await;
        assert_eq!((image.platforms.len(), image.platforms[0].platform.as_str()), (1, "linux/arm/v7"));
        let asked =
            self.fake.seen().requests.iter().any(|request| request.starts_with("POST") && !request.contains("/tag?"));
        assert_eq!(asked, !cached);
        asked
    }
}

async fn alpine() -> Fixture {
    let fixture = Fixture::new("FROM alpine:3\nCOPY . /\n", &[&format!("[internal] load metadata for {BASE}")]).await;
    assert!(!fixture.is_built().await, "nothing has changed");
    fixture
}

/// After a change it is built once, and then not again.
async fn check(what: &str, change: impl FnOnce(&mut Fixture)) {
    let mut fixture = alpine().await;
    // Past the granularity of the file system's clock.
    std::thread::sleep(Duration::from_millis(15));
    change(&mut fixture);
    assert!(fixture.is_built().await, "{what}");
    assert!(!fixture.is_built().await, "{what}: built again");
}

#[tokio::test]
async fn an_image_of_which_nothing_has_changed_is_not_built() {
    let fixture = alpine().await;
    let requests = fixture.fake.seen().requests.clone();
    let mut asked: Vec<&str> = requests.iter().map(|request| request.trim_start_matches("GET /v1.41")).collect();
    asked.sort_unstable();
    let images = ["/images/docker.io/library/alpine:3/json", "/images/shop/api:1/json", "/info", "GET /_ping"];
    assert_eq!(asked, images);
}

#[tokio::test]
async fn a_changed_file_is_built() {
    check("content", |f| fs::write(f.path("src/a"), "two").unwrap()).await;
    check("content of the same size and time", |f| {
        let time = fs::metadata(f.path("src/a")).unwrap().modified().unwrap();
        fs::write(f.path("src/a"), "eno").unwrap();
        fs::File::options().write(true).open(f.path("src/a")).unwrap().set_modified(time).unwrap();
    })
    .await;
    check("mode", |f| fs::set_permissions(f.path("src/a"), fs::Permissions::from_mode(0o755)).unwrap()).await;
    check("a new file", |f| fs::write(f.path("src/b"), "").unwrap()).await;
    check("a file less", |f| fs::remove_file(f.path("src/a")).unwrap()).await;
    check("an empty folder", |f| fs::create_dir(f.path("empty")).unwrap()).await;
    check("a link", |f| {
        fs::remove_file(f.path("link")).unwrap();
        symlink("src/b", f.path("link")).unwrap();
    })
    .await;
    check("a Dockerfile", |f| fs::write(f.path("Dockerfile"), "FROM alpine:3\nCOPY . /x\n").unwrap()).await;
    check("the ignore file", |f| fs::write(f.path(".dockerignore"), "").unwrap()).await;
    check("an ignore file of its own", |f| fs::write(f.path("Dockerfile.dockerignore"), "*.out\n").unwrap()).await;
}

#[tokio::test]
async fn what_is_left_out_changes_nothing() {
    let fixture = alpine().await;
    fs::write(fixture.path("left.out"), "changed").unwrap();
    fs::write(fixture.path("new.out"), "").unwrap();
    assert!(!fixture.is_built().await);
}

#[tokio::test]
async fn a_file_that_changed_just_before_a_build_is_known_by_its_content() {
    let fixture = alpine().await;
    // Younger than what a clock can be trusted with, for ever.
    let file = fs::File::options().write(true).open(fixture.path("src/a")).unwrap();
    file.set_modified(SystemTime::now() + Duration::from_secs(3600)).unwrap();
    assert!(fixture.is_built().await);
    assert!(!fixture.is_built().await);
    let record = fixture.path("../.shipit/cache/builds/api.json");
    let text = fs::read_to_string(&record).unwrap();
    // The listing is the same, the content is not: as if the clock had not told it.
    let digest = text.split("\"src/a\":\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    fs::write(&record, text.replace(&digest, &"0".repeat(64))).unwrap();
    assert!(fixture.is_built().await);
}

#[tokio::test]
async fn a_changed_setting_is_built() {
    check("build-args", |f| drop(f.spec.build_args.insert("A".to_owned(), "1".to_owned()))).await;
    check("labels", |f| drop(f.spec.labels.insert("A".to_owned(), "1".to_owned()))).await;
    check("build-secrets", |f| drop(f.spec.build_secrets.insert("s".to_owned(), Secret::new("hunter2")))).await;
    check("target", |f| f.spec.target = Some("x".to_owned())).await;
    check("network", |f| f.spec.network = Some("host".to_owned())).await;
    check("cache-from", |f| f.spec.cache_from = vec!["x".to_owned()]).await;
    check("platforms", |f| f.spec.platforms = vec!["linux/arm/v7".to_owned()]).await;
    check("dockerfile", |f| {
        f.spec.dockerfile = f.path("Other");
        fs::write(f.path("Other"), "FROM alpine:3\n").unwrap();
    })
    .await;
}

#[tokio::test]
async fn what_the_engine_has_counts() {
    check("another base image", |f| f.fake.world().add(BASE, "c")).await;
    check("the image is gone", |f| f.fake.world().images.retain(|name, _| name == BASE)).await;
    check("another engine", |f| f.fake.world().id = Some("OTHER")).await;
    // What is not there, the builder looks for in a registry.
    let fixture = alpine().await;
    fixture.fake.world().images.remove(BASE);
    assert!(fixture.is_built().await && fixture.is_built().await);
    let fixture = alpine().await;
    fixture.fake.world().id = None;
    assert!(fixture.is_built().await && fixture.is_built().await);
}

#[tokio::test]
async fn an_image_is_called_as_it_is_to_be_called_now() {
    let mut fixture = alpine().await;
    let built = fixture.fake.world().images["shop/api:1"].id.clone();
    // The tag is e.g. a commit's, and this commit changed nothing of the app.
    "shop/api:2".clone_into(&mut fixture.spec.tag);
    assert!(!fixture.is_built().await);
    assert_eq!(fixture.fake.world().images["shop/api:2"].id, built);
    // Once it has the name, the engine is only asked.
    assert!(!fixture.is_built().await);
    assert!(!fixture.fake.seen().requests.iter().any(|request| request.starts_with("POST")));
    // The name was given to another image, or taken away.
    for change in [
        |f: &Fixture| f.fake.world().add("shop/api:2", "e"),
        |f: &Fixture| drop(f.fake.world().images.remove("shop/api:2")),
    ] {
        change(&fixture);
        let (image, cached) = fixture.build().await;
        assert_eq!((image.platforms[0].id.clone(), cached), (built.clone(), true));
        assert_eq!(fixture.fake.world().images["shop/api:2"].id, built);
    }
}

#[tokio::test]
async fn what_asks_for_a_build_gets_it() {
    for change in [
        (|spec: &mut BuildSpec| spec.no_cache = true) as fn(&mut BuildSpec),
        |spec| spec.pull = true,
        |spec| spec.platforms = vec!["linux/arm/v7".to_owned(), "linux/amd64".to_owned()],
    ] {
        let mut fixture = alpine().await;
        change(&mut fixture.spec);
        for _ in 0..2 {
            assert!(!fixture.build().await.1);
        }
    }
}

/// Whether it is built the second and the third time.
async fn again(dockerfile: &str, steps: &[&str], change: impl FnOnce(&mut Fixture)) -> (bool, bool) {
    let mut fixture = Fixture::new(dockerfile, steps).await;
    // The first build had none of this.
    let _ = fs::remove_dir_all(fixture.path("../.shipit"));
    change(&mut fixture);
    fixture.is_built().await;
    (fixture.is_built().await, fixture.is_built().await)
}

#[tokio::test]
async fn a_dockerfile_that_may_mean_something_else_tomorrow_is_built() {
    let base = format!("[internal] load metadata for {BASE}");
    let never = (true, true);
    let always = (false, false);
    let text = "FROM alpine:3\nCOPY . /\n";
    assert_eq!(again(text, &[&base], |_| ()).await, always);
    assert_eq!(again("# syntax=docker/dockerfile:1\nFROM alpine:3\n", &[&base], |_| ()).await, never);
    assert_eq!(again("FROM alpine:3\nADD https://example.com/x /\n", &[&base], |_| ()).await, never);
    assert_eq!(again(text, &[&base, "https://example.com/x"], |_| ()).await, never);
    // The builder told of nothing that it began with.
    assert_eq!(again(text, &[], |_| ()).await, never);
    // `ONBUILD` of the base image; one for another platform, which the builder does not take.
    let base_image = |f: &mut Fixture, change: fn(&mut Image)| change(f.fake.world().images.get_mut(BASE).unwrap());
    assert_eq!(again(text, &[&base], |f| base_image(f, |image| image.triggers = vec!["RUN x"])).await, never);
    assert_eq!(again(text, &[&base], |f| base_image(f, |image| image.architecture = "amd64")).await, never);
    // An image that another one is copied from.
    let copies = "FROM scratch\nCOPY --from=shop/tool:1 / /\n";
    assert_eq!(again(copies, &["FROM docker.io/shop/tool:1"], |_| ()).await, always);
    // Engines that ask the registry, unless the image is named by its digest.
    let containerd = |f: &mut Fixture| f.fake.world().containerd = true;
    assert_eq!(again(text, &[&base], containerd).await, never);
    let pinned = format!("FROM alpine@{DIGEST}\n");
    let loads = format!("[internal] load metadata for docker.io/library/alpine@{DIGEST}");
    let named = |f: &mut Fixture| {
        containerd(f);
        f.fake.world().add(&format!("docker.io/library/alpine%40{DIGEST}").replace("%40", "@"), "b");
    };
    assert_eq!(again(&pinned, &[&loads], named).await, always);
    assert_eq!(again("FROM scratch\nCOPY . /\n", &[], containerd).await, always);
}

#[tokio::test]
async fn an_image_that_only_the_builder_can_name_is_looked_at_twice() {
    let base = format!("[internal] load metadata for {BASE}");
    let fixture = Fixture::new("ARG BASE\nFROM $BASE\n", &[&base]).await;
    // Its id was not known before the first build.
    assert!(fixture.is_built().await);
    assert!(!fixture.is_built().await);
    fixture.fake.world().add(BASE, "c");
    assert!(fixture.is_built().await);
    assert!(!fixture.is_built().await);
}

#[tokio::test]
async fn what_changes_during_a_build_is_built_again() {
    let fixture = alpine().await;
    let path = fixture.path("src/a");
    fs::write(&path, "two").unwrap();
    // The base image becomes another one after the builder has begun with the old one.
    fixture.fake.world().meanwhile = Some(Box::new(|world| world.add(BASE, "c")));
    assert!(fixture.is_built().await);
    // And a file, after it was sent.
    fixture.fake.world().meanwhile = Some(Box::new(move |_| fs::write(&path, "three").unwrap()));
    assert!(fixture.is_built().await);
    assert!(fixture.is_built().await);
    assert!(!fixture.is_built().await);
}

#[tokio::test]
async fn other_builders_are_asked_each_time() {
    let base = format!("[internal] load metadata for {BASE}");
    for behaviour in
        [Behaviour { sessions: false, ..Behaviour::default() }, Behaviour { podman: true, ..Behaviour::default() }]
    {
        let fixture = Fixture::of(behaviour, "FROM alpine:3\n", &[&base]).await;
        assert!(fixture.is_built().await);
    }
}

#[tokio::test]
async fn what_cannot_be_remembered_is_built() {
    let mut fixture = alpine().await;
    fixture.memory = BuildMemory::new(Path::new("/proc/nowhere"));
    assert!(fixture.is_built().await && fixture.is_built().await);
    // A file where the folder should be.
    let file = fixture.path("../file");
    fs::write(&file, "").unwrap();
    fixture.memory = BuildMemory::new(file);
    assert!(fixture.is_built().await && fixture.is_built().await);
}
