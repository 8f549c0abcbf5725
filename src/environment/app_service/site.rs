//! A site and its slots: one container each, with its settings.

use super::plan::{self, output};
use super::settings::{Settings, telemetry};
use super::{address, is_http2, is_web_socket, port};
use crate::azure::identity::{self, Identity};
use crate::azure::{Builder, Cx, Failure, Lowered, Module, NAME_TAG, Stage, Text, Value, pull};
use crate::model::environment::AppServiceEnvironment;
use crate::model::{App, Environment, Expression, ProbeCheck, PullCredentials, RegistryKind, Scheme, Target};
use crate::render::bicep;
use serde::Serialize;

/// As many machines as the plan has: more than any plan.
const ALL_WORKERS: u32 = 30;

/// A site or a slot for the template.
#[derive(Serialize)]
struct Site<'a> {
    symbol: String,
    kind: &'static str,
    name: Value,
    parent: Option<&'static str>,
    /// It is made once, because slots take what is new.
    is_kept: bool,
    identities: &'a [Value],
    plan_id: &'a Value,
    vault_identity: Option<&'a Value>,
    subnet: Option<&'a Value>,
    pull_client_id: Option<&'a Value>,
    health_check_path: Option<&'a str>,
    is_http2: bool,
    is_web_socket: bool,
    workers: Value,
    least_workers: Option<Value>,
    most_workers: Option<Value>,
    settings: Value,
    container: String,
    container_kind: &'static str,
    auth: &'a Auth,
    image: &'a Value,
    command: Option<&'a Value>,
    port: &'a str,
    contributor: Option<Contributor>,
}

/// How the image is pulled.
#[derive(Serialize)]
struct Auth {
    kind: &'static str,
    client_id: Option<Value>,
    username: Option<Value>,
    password: Option<Value>,
}

/// The dashboard's role on a site.
#[derive(Serialize)]
struct Contributor {
    symbol: String,
    id: Value,
    principal_id: Value,
}

/// What the site and its slots have in common.
struct Common {
    environment_settings: AppServiceEnvironment,
    tags: Value,
    identities: Vec<Value>,
    plan_id: Value,
    vault_identity: Option<Value>,
    subnet: Option<Value>,
    pull_client_id: Option<Value>,
    auth: Auth,
    image: Value,
    command: Option<Value>,
    port: String,
    settings: Settings,
    sticky: Vec<String>,
}

pub(super) fn modules(
    cx: &Cx<'_>,
    environment: &Environment,
    settings: &AppServiceEnvironment,
    app: &App,
) -> Result<Vec<Module>, Failure> {
    let mut builder =
        Builder::new(cx, address::module_name(app, environment), Stage::Apps, &app.span).at_home(&environment.name);
    match settings.azure.existing {
        Some(_) => builder.output_as("location", environment.name.as_str(), output::LOCATION),
        None => builder.location(settings.azure.placement.location.as_ref()),
    };
    let common = common(&mut builder, environment, settings, app);
    let name = address::site_name(&mut builder, environment, app);
    let service = Value::from(app.name.as_str());
    let main_settings = site_settings(&mut builder, environment, &common, service);
    let role = settings.dashboard.then(|| contributor(&mut builder, environment, app, ""));
    let has_slots = !settings.slots.is_empty();
    let mut sites = vec![site(&common, app, name, None, 0, main_settings, role, has_slots)];
    for (index, slot) in settings.slots.iter().enumerate() {
        let slot = builder.lower(slot).value;
        let mut service = Text::default();
        service.literal(&format!("{}-", app.name));
        service.push(slot.clone());
        let slot_settings = site_settings(&mut builder, environment, &common, Value::from(service));
        let number = if settings.slots.len() > 1 { index + 1 } else { 0 };
        let suffix = if number == 0 { "_slot".to_owned() } else { format!("_slot_{number}") };
        let role = settings.dashboard.then(|| contributor(&mut builder, environment, app, &suffix));
        sites.push(site(&common, app, slot, Some("webapp"), number, slot_settings, role, false));
    }
    let sticky = common.sticky.iter().map(|name| Value::from(name.as_str())).collect();
    let data = serde_json::json!({
        "tags": common.tags,
        "sites": sites,
        "network": common.subnet.as_ref().filter(|_| has_slots),
        "sticky": Value::Array(sticky),
    });
    Ok(vec![builder.finish("azure-app-service/site.bicep.hbs", &data)?])
}

fn contributor(builder: &mut Builder<'_>, environment: &Environment, app: &App, suffix: &str) -> Contributor {
    let name = environment.name.as_str();
    Contributor {
        symbol: format!("{}_website{suffix}_ra", bicep::identifier(app.name.as_str())),
        id: builder.output(name, output::CONTRIBUTOR_ID),
        principal_id: builder.output(name, output::CONTRIBUTOR_PRINCIPAL),
    }
}

fn common(builder: &mut Builder<'_>, environment: &Environment, settings: &AppServiceEnvironment, app: &App) -> Common {
    let plan_id = builder.output(environment.name.as_str(), output::PLAN_ID);
    let auth = auth(builder, environment, app);
    let image = builder.image(&app.name);
    let identity = identity::of(builder, app);
    let is_identified = auth.client_id.is_some() || settings.dashboard;
    let pull_id = is_identified.then(|| builder.output(environment.name.as_str(), output::PULL_ID));
    let identities = pull_id.iter().chain(identity.as_ref().map(|identity| &identity.id)).map(identity_key).collect();
    let command = command(builder, app);
    let mut own = Settings::default();
    let mut sticky = Vec::new();
    let port = port(app).to_string();
    own.set("WEBSITES_PORT", port.as_str());
    if is_http2(app) {
        own.set("HTTP20_ONLY_PORT", port.as_str());
    }
    if let Some(identity) = &identity {
        own.set("AZURE_CLIENT_ID", identity.client_id.clone());
        own.set("AZURE_TOKEN_CREDENTIALS", "ManagedIdentityCredential");
    }
    if let Some(insights) = plan::insights_of(builder, environment, settings) {
        own.extend(insights);
    }
    let has_vault = variables(builder, app, &mut own, &mut sticky);
    if settings.dashboard {
        sticky.push("OTEL_SERVICE_NAME".to_owned());
    }
    Common {
        environment_settings: settings.clone(),
        tags: tags(builder, settings, app),
        identities,
        plan_id,
        vault_identity: vault_identity(identity, has_vault),
        subnet: settings.subnet.as_ref().map(|subnet| builder.lower(subnet).value),
        pull_client_id: auth.client_id.clone(),
        auth,
        image,
        command,
        port,
        settings: own,
        sticky,
    }
}

fn tags(builder: &mut Builder<'_>, settings: &AppServiceEnvironment, app: &App) -> Value {
    let mut tags = vec![(NAME_TAG.to_owned(), Value::from(app.name.as_str()))];
    for (name, value) in &settings.azure.tags {
        tags.push((name.clone(), builder.lower(value).value));
    }
    Value::object(tags)
}

fn vault_identity(identity: Option<Identity>, has_vault: bool) -> Option<Value> {
    identity.filter(|_| has_vault).map(|identity| identity.id)
}

/// The app's variables; whether one of them is a secret of a key vault.
fn variables(builder: &mut Builder<'_>, app: &App, settings: &mut Settings, sticky: &mut Vec<String>) -> bool {
    let mut has_vault = false;
    for (name, expression) in builder.cx.application.variables(app) {
        if !super::check::is_setting_name(&name) {
            // Reported by the check.
            continue;
        }
        if is_address(&expression) {
            sticky.push(name.clone());
        }
        let lowered = builder.lower(&expression);
        has_vault |= lowered.vault.is_some();
        settings.set(name, setting(lowered));
    }
    has_vault
}

/// Whether a value names another app, so that a slot has its own.
fn is_address(expression: &Expression) -> bool {
    expression
        .references()
        .any(|reference| matches!(&reference.target, Target::App { property, .. } if property != "image"))
}

/// A secret of a key vault is read by the site itself.
fn setting(lowered: Lowered) -> Value {
    let Some(secret) = lowered.vault else { return lowered.value };
    let mut text = Text::default();
    text.literal("@Microsoft.KeyVault(SecretUri=");
    text.push(secret.vault_uri);
    text.literal(&format!("secrets/{})", secret.secret));
    Value::from(text)
}

fn site_settings(builder: &mut Builder<'_>, environment: &Environment, common: &Common, service: Value) -> Value {
    let mut settings = Settings::default();
    if common.environment_settings.dashboard {
        let collector = builder.output(environment.name.as_str(), output::DASHBOARD);
        let client_id = builder.output(environment.name.as_str(), output::PULL_CLIENT_ID);
        settings = telemetry(&environment.name, service, collector, client_id);
    }
    settings.extend(common.settings.clone());
    settings.into_value()
}

#[expect(clippy::too_many_arguments, reason = "what differs between a site and its slots")]
fn site<'a>(
    common: &'a Common,
    app: &'a App,
    name: Value,
    parent: Option<&'static str>,
    number: usize,
    settings: Value,
    contributor: Option<Contributor>,
    is_kept: bool,
) -> Site<'a> {
    let count = |count: &Option<crate::manifest::Spanned<u32>>| count.as_ref().map(|count| *count.get_ref());
    let [least, most] = [count(&app.replicas.min), count(&app.replicas.max)];
    let is_elastic = common.environment_settings.automatic_scaling.is_some();
    let workers = if is_elastic { None } else { least.or(most) };
    let numbered = |name: &str| if number == 0 { name.to_owned() } else { format!("{name}_{number}") };
    let is_slot = parent.is_some();
    Site {
        symbol: if is_slot { numbered("webappslot") } else { "webapp".to_owned() },
        kind: if is_slot { "Microsoft.Web/sites/slots@2025-03-01" } else { "Microsoft.Web/sites@2025-03-01" },
        name,
        parent,
        is_kept,
        identities: &common.identities,
        plan_id: &common.plan_id,
        vault_identity: common.vault_identity.as_ref(),
        subnet: common.subnet.as_ref(),
        pull_client_id: common.pull_client_id.as_ref(),
        health_check_path: health_check_path(app),
        is_http2: is_http2(app),
        is_web_socket: is_web_socket(app),
        workers: Value::from(workers.unwrap_or(ALL_WORKERS)),
        least_workers: least.filter(|_| is_elastic).map(Value::from),
        most_workers: most.filter(|_| is_elastic).map(Value::from),
        settings,
        container: if is_slot { numbered("mainContainerSlot") } else { "mainContainer".to_owned() },
        container_kind: if is_slot {
            "Microsoft.Web/sites/slots/sitecontainers@2025-03-01"
        } else {
            "Microsoft.Web/sites/sitecontainers@2025-03-01"
        },
        auth: &common.auth,
        image: &common.image,
        command: common.command.as_ref(),
        port: &common.port,
        contributor,
    }
}

/// Of the liveness probe: a machine that does not answer is replaced.
fn health_check_path(app: &App) -> Option<&str> {
    match &app.health.liveness.as_ref().filter(|probe| !probe.is_only_a_command())?.check {
        ProbeCheck::Http { path, .. } => Some(path.as_ref().map_or("/", |path| path.get_ref().as_str())),
        ProbeCheck::Tcp => None,
    }
}

fn auth(builder: &mut Builder<'_>, environment: &Environment, app: &App) -> Auth {
    let anonymous = Auth { kind: "Anonymous", client_id: None, username: None, password: None };
    let Some(registry) = pull::registry_of(builder.cx.application, app) else { return anonymous };
    match (&registry.kind, &registry.pull) {
        (RegistryKind::Azure(_), _) => Auth {
            kind: "UserAssigned",
            client_id: Some(builder.output(environment.name.as_str(), output::PULL_CLIENT_ID)),
            ..anonymous
        },
        (RegistryKind::Oci { .. } | RegistryKind::Local { .. }, Some(PullCredentials::Login(credentials))) => Auth {
            kind: "UserCredentials",
            username: Some(builder.lower(&credentials.username).value),
            password: Some(builder.lower(&credentials.password).value),
            ..anonymous
        },
        (RegistryKind::Oci { .. } | RegistryKind::Local { .. }, Some(PullCredentials::Anonymous) | None) => anonymous,
    }
}

/// The arguments as one line; everybody who may read the site reads them.
fn command(builder: &mut Builder<'_>, app: &App) -> Option<Value> {
    let args = app.args.as_ref().filter(|args| !args.is_empty())?;
    let mut line = Text::default();
    for (index, arg) in args.iter().enumerate() {
        if index > 0 {
            line.literal(" ");
        }
        let lowered = builder.lower(arg);
        if lowered.is_secret {
            builder.error(
                "secret-in-command",
                "a secret cannot be an argument: App Service shows the command of a site",
                &arg.span,
                "pass the secret in `env`",
            );
        }
        match lowered.value.as_literal() {
            Some(literal) => line.literal(&quoted(literal)),
            None => line.push(lowered.value),
        }
    }
    Some(Value::from(line))
}

/// App Service cuts the line at blanks, but not between double quotes.
fn quoted(arg: &str) -> String {
    let is_plain = !arg.is_empty() && !arg.contains(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '\\'));
    if is_plain { arg.to_owned() } else { format!("\"{}\"", arg.replace('\\', "\\\\").replace('"', "\\\"")) }
}

/// `'${id}'`: the only way in which a key can be computed.
fn identity_key(id: &Value) -> Value {
    match id.as_literal() {
        Some(literal) => Value::from(literal),
        None => Value::expression(format!("'${{{}}}'", id.code())),
    }
}

/// Whether an endpoint can be served.
pub(super) fn is_served(scheme: Scheme) -> bool {
    scheme.is_http()
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn arguments_are_told_apart() {
        let quoted = ["--port", "a b", "", "it's", r#"C:\"x""#].map(quoted);
        assert_eq!(quoted, ["--port", "\"a b\"", "\"\"", "\"it's\"", r#""C:\\\"x\"""#]);
    }
}
