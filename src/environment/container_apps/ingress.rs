//! Endpoints as Container Apps has them: one main port behind its proxy, the others reached by the
//! app's name.

use super::names;
use super::workload::Workload;
use crate::azure::{Builder, Lowered, Text, Value};
use crate::manifest::Span;
use crate::model::environment::ContainerAppsEnvironment;
use crate::model::{Endpoint, Environment, Scheme};

/// The output of an environment that says what its addresses end in.
pub(super) const DOMAIN: &str = "AZURE_CONTAINER_APPS_ENVIRONMENT_DEFAULT_DOMAIN";

/// The most ports beside the main one (Microsoft Learn, "Ingress in Azure Container Apps").
pub(super) const ADDITIONAL_PORTS: usize = 5;

/// A port that a container listens on, with all endpoints that name it.
#[derive(Debug)]
pub(super) struct Port<'a> {
    pub(super) target: u16,
    pub(super) endpoints: Vec<(&'a str, &'a Endpoint)>,
}

/// The ports of a workload.
#[derive(Debug)]
pub(super) struct Ports<'a> {
    /// What the proxy serves; `None` for what listens on nothing.
    pub(super) main: Option<Port<'a>>,
    pub(super) additional: Vec<Port<'a>>,
}

impl<'a> Port<'a> {
    pub(super) fn is_external(&self) -> bool {
        self.endpoints.iter().any(|(_, endpoint)| endpoint.external)
    }

    pub(super) fn is_http(&self) -> bool {
        self.endpoints.iter().all(|(_, endpoint)| endpoint.scheme.is_http())
    }

    pub(super) fn is_http2(&self) -> bool {
        self.endpoints.iter().any(|(_, endpoint)| endpoint.scheme.is_http2())
    }

    /// The port that others see, if one was chosen.
    pub(super) fn exposed(&self) -> Option<u16> {
        self.endpoints.iter().find_map(|(_, endpoint)| endpoint.port.as_ref().map(|port| *port.get_ref()))
    }

    /// The port that others connect to where nothing translates it.
    fn reached(&self) -> u16 {
        self.exposed().unwrap_or(self.target)
    }

    fn has(&self, name: &str) -> bool {
        self.endpoints.iter().any(|(known, _)| *known == name)
    }

    /// Where the first external endpoint of it is named, else the first.
    pub(super) fn span(&self) -> Span {
        let external = self.endpoints.iter().find(|(_, endpoint)| endpoint.external);
        external.or(self.endpoints.first()).map(|(_, endpoint)| endpoint.span.clone()).unwrap_or_default()
    }
}

impl<'a> Ports<'a> {
    /// The external HTTP port is the main one, else the first HTTP port, else the first.
    pub(super) fn of(workload: &Workload<'a>) -> Self {
        let mut ports: Vec<Port<'a>> = Vec::new();
        for (name, endpoint) in &workload.endpoints {
            let Some(target) = endpoint.target_port.as_ref().map(|port| *port.get_ref()) else { continue };
            match ports.iter_mut().find(|port| port.target == target) {
                Some(port) => port.endpoints.push((name, endpoint)),
                None => ports.push(Port { target, endpoints: vec![(name, endpoint)] }),
            }
        }
        let main = ports
            .iter()
            .position(|port| port.is_http() && port.is_external())
            .or_else(|| ports.iter().position(Port::is_http))
            .or_else(|| ports.iter().position(Port::is_external))
            .or_else(|| (!ports.is_empty()).then_some(0));
        let main = main.map(|index| ports.remove(index));
        Self { main, additional: ports }
    }

    fn find(&self, endpoint: &str) -> Option<(&Port<'a>, bool)> {
        let main = self.main.as_ref().filter(|port| port.has(endpoint)).map(|port| (port, true));
        main.or_else(|| self.additional.iter().find(|port| port.has(endpoint)).map(|port| (port, false)))
    }
}

/// Whether HTTP endpoints are reached by HTTPS, whatever the app speaks itself.
fn is_upgraded(settings: &ContainerAppsEnvironment, port: &Port<'_>) -> bool {
    settings.https_upgrade
        || port.endpoints.iter().any(|(_, endpoint)| matches!(endpoint.scheme.get_ref(), Scheme::Https | Scheme::Wss))
}

/// The section `ingress` of an app; `Null` where nothing listens.
pub(super) fn data(workload: &Workload<'_>, settings: &ContainerAppsEnvironment, domains: &Value) -> serde_json::Value {
    let ports = Ports::of(workload);
    let Some(main) = &ports.main else { return serde_json::Value::Null };
    let additional = ports.additional.iter().map(|port| {
        let mut mapping = vec![
            ("external".to_owned(), Value::from(port.is_external())),
            ("targetPort".to_owned(), Value::from(port.target)),
        ];
        if let Some(exposed) = port.exposed().filter(|exposed| *exposed != port.target) {
            mapping.push(("exposedPort".to_owned(), Value::from(exposed)));
        }
        Value::Object(mapping)
    });
    let additional: Vec<Value> = additional.collect();
    let transport = match (main.is_http(), main.is_http2()) {
        (true, true) => "http2",
        (true, false) => "http",
        (false, _) => "tcp",
    };
    serde_json::json!({
        "external": main.is_external(),
        "target_port": main.target,
        "exposed_port": (!main.is_http()).then(|| main.exposed()).flatten(),
        "transport": transport,
        "is_http": main.is_http(),
        "allow_insecure": !is_upgraded(settings, main),
        "additional": additional,
        "domains": domains,
    })
}

/// An address of what runs here; `None` if it has none of that name.
pub(super) fn address(
    builder: &mut Builder<'_>,
    environment: &Environment,
    settings: &ContainerAppsEnvironment,
    workload: &Workload<'_>,
    property: &str,
) -> Option<Lowered> {
    let ports = Ports::of(workload);
    let (endpoint, what) = match property.rsplit_once('.') {
        Some((endpoint, what)) => (Some(endpoint), what),
        None => (None, property),
    };
    let (port, is_main) = match endpoint {
        Some(endpoint) => ports.find(endpoint)?,
        // What the app mainly serves is what the proxy has.
        None => (ports.main.as_ref()?, true),
    };
    let name = names::app(workload.name);
    if is_main && port.is_http() {
        let is_secure = is_upgraded(settings, port);
        let (scheme, number) = if is_secure { ("https", 443_u16) } else { ("http", 80) };
        let mut host = Text::default();
        host.literal(&name);
        host.literal(if port.is_external() { "." } else { ".internal." });
        host.push(builder.output(environment.name.as_str(), DOMAIN));
        return Some(Lowered::plain(match what {
            "host" => Value::from(host),
            "port" => Value::from(number.to_string()),
            "scheme" => Value::from(scheme),
            _ => prefixed(&format!("{scheme}://"), host),
        }));
    }
    let named = endpoint.and_then(|endpoint| port.endpoints.iter().find(|(known, _)| *known == endpoint));
    let scheme = named.or(port.endpoints.first()).map_or("tcp", |(_, endpoint)| endpoint.scheme.name());
    Some(Lowered::plain(match what {
        "host" => Value::from(name),
        "port" => Value::from(port.reached().to_string()),
        "scheme" => Value::from(scheme),
        _ => Value::from(format!("{scheme}://{name}:{}", port.reached())),
    }))
}

fn prefixed(prefix: &str, text: Text) -> Value {
    let mut whole = Text::default();
    whole.literal(prefix);
    whole.push(Value::from(text));
    Value::from(whole)
}
