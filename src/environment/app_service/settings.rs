//! App settings: what a site's containers see as environment variables.

use crate::azure::Value;
use crate::model::Name;
use std::collections::BTreeMap;

/// App settings by name.
#[derive(Clone, Debug, Default)]
pub(super) struct Settings(BTreeMap<String, Value>);

impl Settings {
    pub(super) fn set(&mut self, name: impl Into<String>, value: impl Into<Value>) {
        self.0.insert(name.into(), value.into());
    }

    /// The others go before what is there already.
    pub(super) fn extend(&mut self, others: Self) {
        self.0.extend(others.0);
    }

    /// `[{ name, value }]`, in the order of the names.
    pub(super) fn into_value(self) -> Value {
        let entries = self.0.into_iter();
        Value::Array(
            entries.map(|(name, value)| Value::object([("name", Value::from(name)), ("value", value)])).collect(),
        )
    }
}

/// What the dashboard is told. Its users are let in by Azure, so that it asks for no token itself.
pub(super) fn dashboard_settings(environment: &Name, client_id: Value, pull_client_id: Value) -> Value {
    let mut settings = Settings::default();
    for part in ["FRONTEND", "OTLP", "RESOURCESERVICECLIENT"] {
        settings.set(format!("DASHBOARD__{part}__AUTHMODE"), "Unsecured");
    }
    settings.set("DASHBOARD__OTLP__SUPPRESSUNSECUREDTELEMETRYMESSAGE", "true");
    settings.set("DASHBOARD__UI__DISABLEIMPORT", "true");
    settings.set("WEBSITES_PORT", "5000");
    settings.set("HTTP20_ONLY_PORT", "4317");
    settings.set("WEBSITE_START_SCM_WITH_PRELOAD", "true");
    settings.set("AZURE_CLIENT_ID", client_id);
    settings.set("ALLOWED_MANAGED_IDENTITIES", pull_client_id);
    settings.set("ASPIRE_ENVIRONMENT_NAME", environment.as_str());
    settings.into_value()
}

/// What sends a site's telemetry to the dashboard. `service` is what it is called there.
pub(super) fn telemetry(environment: &Name, service: Value, collector: Value, client_id: Value) -> Settings {
    let mut settings = Settings::default();
    settings.set("ASPIRE_ENVIRONMENT_NAME", environment.as_str());
    settings.set("OTEL_SERVICE_NAME", service);
    settings.set("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc");
    settings.set("OTEL_EXPORTER_OTLP_ENDPOINT", "http://localhost:6001");
    settings.set("WEBSITE_ENABLE_ASPIRE_OTEL_SIDECAR", "true");
    settings.set("OTEL_COLLECTOR_URL", collector);
    settings.set("OTEL_CLIENT_ID", client_id);
    settings
}
