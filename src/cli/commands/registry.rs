//! `shipit registry`: the registry of `kind = "local"`.

use crate::cli::arguments::DataFormat;
use crate::cli::signals::Signals;
use crate::cli::{Cx, Exit, runtime};
use crate::model::{Name, RegistryKind};
use crate::oci::server::Contents;
use crate::ops::{self, LocalRegistry, RegistryStatus};
use crate::util::{FailureClass, text};
use std::io;
use std::net::TcpListener;
use std::os::fd::AsFd as _;
use std::path::PathBuf;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Look into, serve or stop the local registry
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  shipit registry list             what it holds
  shipit registry serve            serve it until Ctrl-C
  shipit registry status
  shipit registry stop             end the one that `shipit do push` started")]
pub(crate) struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(clap::Subcommand, Debug)]
enum Verb {
    /// List what the registry holds
    List {
        /// What standard output gets
        #[arg(long, value_enum, default_value_t)]
        format: DataFormat,
    },
    /// Say whether it is being served, and where
    Status {
        /// What standard output gets
        #[arg(long, value_enum, default_value_t)]
        format: DataFormat,
    },
    /// Serve it on the loopback interface until Ctrl-C
    Serve(ServeArgs),
    /// End the process that serves it
    Stop,
}

#[derive(clap::Args, Debug)]
struct ServeArgs {
    /// The port [default: the manifest's, that of the last time, or the first free one from 5005]
    #[arg(long, value_name = "PORT", value_parser = clap::value_parser!(u16).range(1..))]
    port: Option<u16>,
    /// The folder, instead of that of the manifest's local registry
    #[arg(long, value_name = "FOLDER")]
    folder: Option<PathBuf>,
    /// End by itself after this many minutes without a request
    #[arg(long, value_name = "MINUTES", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    idle: Option<u32>,
    /// Serve on the socket that is standard input
    #[arg(long, hide = true, requires = "port")]
    inherited: bool,
}

pub(crate) fn run(cx: &Cx, args: &Args) -> Exit {
    let done = match &args.verb {
        Verb::List { format } => find(cx).and_then(|registry| list(cx, &registry, *format)),
        Verb::Status { format } => find(cx).map(|registry| status(cx, &registry, *format)),
        Verb::Serve(serve_args) => serve(cx, serve_args),
        Verb::Stop => find(cx).and_then(|registry| stop(cx, &registry)),
    };
    done.unwrap_or_else(|error| cx.fail(error))
}

/// The local registry that the manifest declares.
fn find(cx: &Cx) -> Result<LocalRegistry, ops::Error> {
    let loaded = ops::load(&cx.load_request())?;
    let local: Vec<(&Name, Option<u16>)> = loaded
        .application
        .registries
        .iter()
        .filter_map(|(name, registry)| match &registry.kind {
            RegistryKind::Local { port } => Some((name, port.as_ref().map(|port| *port.get_ref()))),
            RegistryKind::Oci { .. } | RegistryKind::Azure(_) => None,
        })
        .collect();
    match local.as_slice() {
        [] => Err(ops::Error::invalid(
            "no-local-registry",
            format!("`{}` declares no registry with `kind = \"local\"`", loaded.application.source.name),
            "declare one: `[registries.local]` with `kind = \"local\"`",
        )),
        [(_, port), ..] => Ok(LocalRegistry::new(ops::registry_folder(&cx.state_dir(&loaded.root)), *port)),
    }
}

fn list(cx: &Cx, registry: &LocalRegistry, format: DataFormat) -> Result<Exit, ops::Error> {
    let contents = registry.contents()?;
    let endpoint = match registry.status() {
        RegistryStatus::Running { port, .. } => Some(format!("localhost:{port}")),
        RegistryStatus::Stopped => None,
    };
    match format {
        DataFormat::Json => cx.print_json(&as_json(&contents, endpoint.as_deref())),
        DataFormat::Text => cx.print(&as_text(&contents, endpoint.as_deref())),
    }
    Ok(Exit::OK)
}

fn as_text(contents: &Contents, endpoint: Option<&str>) -> String {
    let mut lines = Vec::new();
    for repository in &contents.repositories {
        for manifest in repository.manifests.iter().filter(|manifest| !manifest.tags.is_empty()) {
            for tag in &manifest.tags {
                let name =
                    format!("{}{}:{tag}", endpoint.map(|host| format!("{host}/")).unwrap_or_default(), repository.name);
                lines.push([name, manifest.digest.clone(), text::bytes(manifest.size)]);
            }
        }
    }
    if lines.is_empty() {
        return "the registry is empty\n".to_owned();
    }
    let width = lines.iter().map(|line| line[0].len()).max().unwrap_or_default();
    let mut table: String =
        lines.iter().map(|[name, digest, size]| format!("{name:width$}  {digest}  {size}\n")).collect();
    table.push_str(&format!("{} stored\n", text::bytes(contents.stored)));
    table
}

fn as_json(contents: &Contents, endpoint: Option<&str>) -> serde_json::Value {
    let repositories: Vec<_> = contents
        .repositories
        .iter()
        .map(|repository| {
            let manifests: Vec<_> = repository.manifests.iter().map(|manifest| serde_json::json!({
            "digest": manifest.digest, "mediaType": manifest.media_type, "tags": manifest.tags, "size": manifest.size,
        })).collect();
            serde_json::json!({ "name": repository.name, "manifests": manifests })
        })
        .collect();
    serde_json::json!({ "endpoint": endpoint, "stored": contents.stored, "repositories": repositories })
}

fn status(cx: &Cx, registry: &LocalRegistry, format: DataFormat) -> Exit {
    let status = registry.status();
    match (format, status) {
        (DataFormat::Json, RegistryStatus::Running { pid, port }) => {
            cx.print_json(&serde_json::json!({ "running": true, "pid": pid, "endpoint": format!("localhost:{port}"), "folder": registry.folder() }));
        }
        (DataFormat::Json, RegistryStatus::Stopped) => {
            cx.print_json(&serde_json::json!({ "running": false, "folder": registry.folder() }));
        }
        (DataFormat::Text, RegistryStatus::Running { pid, port }) => {
            cx.print(&format!("serves {} on localhost:{port} (process {pid})\n", registry.folder().display()));
        }
        (DataFormat::Text, RegistryStatus::Stopped) => {
            cx.print(&format!("{} is not being served\n", registry.folder().display()))
        }
    }
    Exit::OK
}

fn serve(cx: &Cx, args: &ServeArgs) -> Result<Exit, ops::Error> {
    let registry = match &args.folder {
        Some(folder) => LocalRegistry::new(cx.current.join(folder), args.port),
        None => find(cx)?,
    };
    let port = match args.port {
        Some(port) => port,
        None => registry.reserve_port()?,
    };
    let listener = args.inherited.then(inherited).transpose()?;
    let idle = args.idle.map(|minutes| Duration::from_secs(u64::from(minutes) * 60));
    let shutdown = CancellationToken::new();
    // Without signals the process ends as it does by default, and the folder is as safe.
    let _signals = Signals::listen(shutdown.clone());
    runtime(async {
        let ready = |address| cx.say(&format!("serving {} on {address}; Ctrl-C ends it", registry.folder().display()));
        registry.serve(port, listener, idle, shutdown, ready).await?;
        Ok(Exit::OK)
    })
}

/// The socket that whoever started this process listens on.
fn inherited() -> Result<TcpListener, ops::Error> {
    let socket = io::stdin().as_fd().try_clone_to_owned().map(TcpListener::from);
    socket.map_err(|error| {
        ops::Error::failed(FailureClass::Permanent, format!("standard input cannot be used as a socket: {error}"))
    })
}

fn stop(cx: &Cx, registry: &LocalRegistry) -> Result<Exit, ops::Error> {
    let stopped = runtime(registry.stop())?;
    cx.say(if stopped { "the local registry has stopped" } else { "the local registry was not running" });
    Ok(Exit::OK)
}
