//! Where what runs in a cluster is reached from outside.

use super::object::{list, number, text};
use super::{Cluster, Error, ObjectRef};
use serde_json::Value;
use std::time::Duration;
use tokio::time::Instant;

/// How long a load balancer may take to have an address.
const LIMIT: Duration = Duration::from_secs(60);
const PERIOD: Duration = Duration::from_secs(2);

/// An address, and what gives it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Address {
    pub object: ObjectRef,
    pub url: String,
}

impl Cluster {
    /// The addresses of those of the objects that have one: Ingresses, routes, load balancers. Waits a
    /// while for those that are only being made.
    pub async fn addresses(&self, objects: &[ObjectRef]) -> Result<Vec<Address>, Error> {
        let mut addresses = Vec::new();
        let began = Instant::now();
        for object in objects {
            if !matches!(object.kind.as_str(), "Ingress" | "HTTPRoute" | "Service") {
                continue;
            }
            let path = self.path(object).await?;
            loop {
                let Some(there) = self.find(&path, &format!("read {object}")).await? else { break };
                let found = of_object(&there);
                let is_pending = found.is_empty() && is_balanced(&there);
                if is_pending && began.elapsed() < LIMIT {
                    tokio::time::sleep(PERIOD).await;
                    continue;
                }
                if is_pending {
                    self.progress().notice(format!("{object} has no address yet: nothing gives it a load balancer"));
                }
                addresses.extend(found.into_iter().map(|url| Address { object: object.clone(), url }));
                break;
            }
        }
        Ok(addresses)
    }
}

fn is_balanced(object: &Value) -> bool {
    text(object, "/spec/type") == Some("LoadBalancer")
}

fn of_object(object: &Value) -> Vec<String> {
    match text(object, "/kind") {
        Some("Ingress") => of_ingress(object),
        Some("HTTPRoute") => {
            let hosts = list(object, "/spec/hostnames").iter().filter_map(Value::as_str);
            hosts.map(|host| format!("http://{host}")).collect()
        }
        Some("Service") if is_balanced(object) => of_service(object),
        _ => Vec::new(),
    }
}

/// One for each path of each host; a rule without a host is reached at the balancer's address.
fn of_ingress(object: &Value) -> Vec<String> {
    let secured: Vec<&str> =
        list(object, "/spec/tls").iter().flat_map(|tls| list(tls, "/hosts")).filter_map(Value::as_str).collect();
    let outer = balancer(object);
    let mut urls = Vec::new();
    for rule in list(object, "/spec/rules") {
        let Some(host) = text(rule, "/host").or(outer) else { continue };
        let scheme = if secured.contains(&host) { "https" } else { "http" };
        for path in list(rule, "/http/paths") {
            let path = text(path, "/path").unwrap_or("/").trim_end_matches('/');
            urls.push(format!("{scheme}://{host}{path}"));
        }
    }
    urls.dedup();
    urls
}

fn of_service(object: &Value) -> Vec<String> {
    let Some(host) = balancer(object) else { return Vec::new() };
    let ports = list(object, "/spec/ports").iter().map(|port| {
        let number = number(port, "/port");
        let name = text(port, "/appProtocol").or(text(port, "/name")).unwrap_or_default();
        match number {
            80 => format!("http://{host}"),
            443 => format!("https://{host}"),
            _ if name.contains("https") => format!("https://{host}:{number}"),
            _ if name.contains("http") => format!("http://{host}:{number}"),
            _ => format!("{host}:{number}"),
        }
    });
    ports.collect()
}

/// What the load balancer is called.
fn balancer(object: &Value) -> Option<&str> {
    let first = list(object, "/status/loadBalancer/ingress").first()?;
    text(first, "/hostname").or(text(first, "/ip"))
}
