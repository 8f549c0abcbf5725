//! Health checks. Compose asks nothing from outside: a program in the container has to answer.

use super::composer::Composer;
use super::text::Text;
use crate::environment::lowering::{Lowering as _, Text as _};
use crate::model::resource::{Readiness, Service};
use crate::model::{App, Endpoint, Name, Probe, ProbeCheck};
use serde_json::{Map, Value, json};

/// Seconds between checks where nothing is said: soon seen, and cheap.
const PERIOD: u32 = 5;
const TIMEOUT: u32 = 5;
const RETRIES: u32 = 6;
/// Seconds in which a failure does not count yet.
const START: u32 = 30;

/// The health check of an app: its readiness probe, else its startup or liveness probe.
pub(super) fn of_app(composer: &mut Composer<'_>, app: &App) -> Option<Value> {
    let probe = app.health.readiness.as_ref().or(app.health.startup.as_ref()).or(app.health.liveness.as_ref())?;
    let endpoints = app.endpoints_in_order();
    if probe.command.is_none()
        && let Some(why) = super::shell::missing(composer.cx.root, app)
    {
        let message =
            format!("`{}` gets no health check: Compose runs it inside of the container, and {why}", app.name);
        let help = "write a program of the image's: `command = [\"/app/healthy\"]`";
        composer.warning("no-health-check", message, &probe.span, help);
        return None;
    }
    let first = endpoints.first().map(|(_, endpoint)| *endpoint);
    let test = test(composer, &app.name, probe, first)?;
    Some(settings(test, Some(probe), app.health.startup.as_ref()))
}

/// The health check of a service: what the manifest says, else the kind's own.
pub(super) fn of_service(composer: &mut Composer<'_>, name: &Name, service: &Service) -> Option<Value> {
    let written = service.health.readiness.as_ref().or(service.health.startup.as_ref());
    if let Some(probe) = written.or(service.health.liveness.as_ref()) {
        let first = service.endpoints.first().map(|it| &it.endpoint);
        let test = test(composer, name, probe, first)?;
        return Some(settings(test, Some(probe), service.health.startup.as_ref()));
    }
    let test = match own(service.kind) {
        Own::Shell(command) => shell(command),
        Own::None => return None,
        Own::Readiness => match service.readiness {
            Readiness::Http(port, path) => shell(&http(port, path, false)),
            Readiness::Tcp => {
                let first = service.endpoints.first()?;
                shell(&tcp(composer.port(name, &first.endpoint)))
            }
        },
    };
    Some(settings(test, None, None))
}

/// How a kind of service is asked.
enum Own {
    Shell(&'static str),
    /// As its readiness says.
    Readiness,
    /// Nothing in its image can ask.
    None,
}

/// What the images of the kinds bring along to ask them with. By TCP where a server that is only
/// being set up answers on its socket already.
fn own(kind: &str) -> Own {
    match kind {
        "postgres" => Own::Shell("pg_isready --quiet --host=127.0.0.1 --username=\"$POSTGRES_USER\""),
        "mysql" => Own::Shell("mysqladmin ping --silent --host=127.0.0.1 --protocol=tcp"),
        "sqlserver" => Own::Shell(
            "SQLCMDPASSWORD=\"$MSSQL_SA_PASSWORD\" /opt/mssql-tools18/bin/sqlcmd -C -S 127.0.0.1 -U sa -b -Q 'SELECT 1'",
        ),
        "mongodb" => {
            // Not by 127.0.0.1, where the server that sets its users up listens.
            Own::Shell("mongosh --quiet --host \"$HOSTNAME\" --eval 'quit(db.adminCommand({ ping: 1 }).ok ? 0 : 1)'")
        }
        "redis" => Own::Shell("REDISCLI_AUTH=\"$REDIS_PASSWORD\" redis-cli ping | grep -q PONG"),
        "valkey" => Own::Shell("REDISCLI_AUTH=\"$VALKEY_PASSWORD\" valkey-cli ping | grep -q PONG"),
        "rabbitmq" => Own::Shell("rabbitmq-diagnostics --quiet check_port_connectivity"),
        // Any image: nothing is known of what is in it.
        "container" => Own::None,
        _ => Own::Readiness,
    }
}

fn test(composer: &mut Composer<'_>, of: &Name, probe: &Probe, first: Option<&Endpoint>) -> Option<Value> {
    if let Some(command) = &probe.command {
        let words: Vec<String> = command.iter().map(|word| composer.lower(word).to_compose()).collect();
        return Some(std::iter::once("CMD".to_owned()).chain(words).collect());
    }
    let port = match (&probe.port, first) {
        (Some(port), _) => *port.get_ref(),
        (None, Some(endpoint)) => composer.port(of, endpoint),
        (None, None) => {
            let message = format!("the port that the probe of `{of}` asks is not known");
            composer.error("no-port", message, &probe.span, "write `port`, or give it an endpoint");
            return None;
        }
    };
    Some(shell(&match &probe.check {
        ProbeCheck::Tcp => tcp(port),
        ProbeCheck::Http { path, https } => {
            http(port, path.as_ref().map_or("/", |path| path.get_ref().as_str()), *https)
        }
    }))
}

fn shell(command: &str) -> Value {
    json!(["CMD-SHELL", Text::literal(command).to_compose()])
}

fn settings(test: Value, probe: Option<&Probe>, startup: Option<&Probe>) -> Value {
    let number = |value: fn(&Probe) -> Option<u32>| probe.and_then(value);
    let period = number(|probe| Some(*probe.period.as_ref()?.get_ref())).unwrap_or(PERIOD);
    let timeout = number(|probe| Some(*probe.timeout.as_ref()?.get_ref())).unwrap_or(TIMEOUT);
    let retries = number(|probe| Some(*probe.failure_threshold.as_ref()?.get_ref())).unwrap_or(RETRIES);
    let delay = number(|probe| Some(*probe.initial_delay.as_ref()?.get_ref())).unwrap_or(0);
    let patience = startup.map_or(0, |startup| {
        let period = startup.period.as_ref().map_or(PERIOD, |period| *period.get_ref());
        period.saturating_mul(startup.failure_threshold.as_ref().map_or(RETRIES, |number| *number.get_ref()))
    });
    let mut check = Map::new();
    check.insert("test".to_owned(), test);
    check.insert("interval".to_owned(), json!(format!("{period}s")));
    check.insert("timeout".to_owned(), json!(format!("{timeout}s")));
    check.insert("retries".to_owned(), json!(retries));
    check.insert("start_period".to_owned(), json!(format!("{}s", START.max(delay).max(patience))));
    Value::Object(check)
}

/// Asks with what the image has: wget (BusyBox, Alpine), curl, or bash (Debian). Docker ends what takes
/// too long, so no program is told a limit: the `-T` of a static BusyBox is a crash.
fn http(port: u16, path: &str, https: bool) -> String {
    let scheme = if https { "https" } else { "http" };
    let url = quote(&format!("{scheme}://127.0.0.1:{port}{path}"));
    let (wget, curl) = if https { (" --no-check-certificate", " -k") } else { ("", "") };
    let mut command = format!(
        "if command -v wget >/dev/null; then wget -q{wget} -O /dev/null {url}; \
         elif command -v curl >/dev/null; then curl -fs{curl} -o /dev/null {url}; "
    );
    command.push_str(&match https {
        true => "else echo 'no wget and no curl to ask with' >&2; exit 1; fi".to_owned(),
        false => {
            let request = quote(&format!("GET {path} HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n"));
            let script = format!(
                "exec 3<>/dev/tcp/127.0.0.1/{port} && printf '%b' {request} >&3 && \
                 read -r _ status _ <&3 && [ \"$status\" -ge 200 ] && [ \"$status\" -lt 400 ]"
            );
            format!("else bash -c {}; fi", quote(&script))
        }
    });
    command
}

/// Sees that somebody listens, with nothing but `grep`: not every image has more.
fn tcp(port: u16) -> String {
    format!("grep -Eqs ':{port:04X} [0-9A-F]+:0000 0A ' /proc/net/tcp /proc/net/tcp6")
}

/// For a shell: one word, whatever is in it.
fn quote(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sh(script: &str) -> bool {
        std::process::Command::new("sh").args(["-c", script]).status().is_ok_and(|status| status.success())
    }

    /// Answers one request after the other on a port of its own.
    fn serve(answer: &'static str) -> u16 {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        std::thread::spawn(move || {
            use std::io::{Read, Write};
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let (mut request, mut buffer) = (Vec::new(), [0; 4096]);
                // All of it: a connection that is closed before is one that broke.
                while !request.windows(4).any(|end| end == b"\r\n\r\n") {
                    match stream.read(&mut buffer) {
                        Ok(length) if length > 0 => request.extend_from_slice(&buffer[..length]),
                        _ => break,
                    }
                }
                let _ = stream.write_all(answer.as_bytes());
            }
        });
        port
    }

    #[test]
    fn the_checks_tell_well_from_ill() {
        let well = serve("HTTP/1.0 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
        let ill = serve("HTTP/1.0 503 Ill\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno");
        let unused = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        assert!(sh(&http(well, "/a?b='c'&d=$e", false)));
        assert!(!sh(&http(ill, "/", false)));
        assert!(!sh(&http(unused, "/", false)));
        // The last resort, where there is neither wget nor curl.
        let only_bash = |port| http(port, "/a'b", false).replace("command -v", "false");
        assert!(sh(&only_bash(well)));
        assert!(!sh(&only_bash(ill)));
        if std::path::Path::new("/proc/net/tcp").exists() {
            assert!(sh(&tcp(well)));
            assert!(!sh(&tcp(unused)));
        }
    }
}
