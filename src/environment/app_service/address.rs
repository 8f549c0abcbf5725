//! Where a site is reached: `https://<site>.azurewebsites.net`.

use super::names::{stem, unique_name};
use super::plan::output;
use crate::azure::{Builder, Lowered, Scope, Text, Value, pull};
use crate::environment::Workload;
use crate::manifest::Span;
use crate::model::{App, Environment};

/// The domain of every site in the public cloud.
pub(super) const DOMAIN: &str = "azurewebsites.net";
/// What a site's name has before `-` and the 13 characters of its resource group; all of it has 60.
const STEM: usize = 46;

/// The folder of an app: its name, which Azure's names of deployments share.
pub(super) fn module_name(app: &App, environment: &Environment) -> String {
    match app.environments.as_slice() {
        [] | [_] => app.name.to_string(),
        _ => format!("{}-{}", app.name, environment.name),
    }
}

/// The site's name in its own module.
pub(super) fn site_name(builder: &mut Builder<'_>, environment: &Environment, app: &App) -> Value {
    let own = environment.kind.get_ref().azure().map(|azure| pull::scope(&azure.placement));
    match own {
        Some(Scope::Group) => unique_name(&module_name(app, environment), "", 60),
        Some(Scope::OtherGroup { .. }) | None => Value::from(name(builder, environment, app)),
    }
}

/// The same anywhere else: the environment's module tells the end of it.
fn name(builder: &mut Builder<'_>, environment: &Environment, app: &App) -> Text {
    let mut name = Text::default();
    name.literal(&stem(&module_name(app, environment), STEM));
    name.literal("-");
    name.push(builder.output(environment.name.as_str(), output::SUFFIX));
    name
}

/// See [`AzureKind::address`](crate::environment::AzureKind::address).
pub(super) fn of(
    builder: &mut Builder<'_>,
    environment: &Environment,
    of: Workload<'_>,
    property: &str,
    span: &Span,
) -> Option<Lowered> {
    let app = match of {
        Workload::App(app) => app,
        // That no service can run here is reported where it is declared.
        Workload::Service(_) => return None,
    };
    let (endpoint, part) =
        property.rsplit_once('.').map_or((None, property), |(endpoint, part)| (Some(endpoint), part));
    let is_known = match endpoint {
        Some(endpoint) => app.endpoints.contains_key(endpoint),
        None => !app.endpoints.is_empty(),
    };
    if !is_known {
        let message = format!("`{}` has no endpoint, and so no `{property}`", app.name);
        builder.error("no-address", message, span, "give it an endpoint, or refer to another app");
        return None;
    }
    let mut text = Text::default();
    match part {
        "port" => text.literal("443"),
        "scheme" => text.literal("https"),
        part => {
            if part != "host" {
                text.literal("https://");
            }
            text.push(Value::from(name(builder, environment, app)));
            text.literal(&format!(".{DOMAIN}"));
        }
    }
    Some(Lowered::plain(Value::from(text)))
}
