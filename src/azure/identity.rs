//! The identity of an app and the roles that it has: modules `<app>-identity` and `<app>-roles-<resource>`.

use super::{Builder, Cx, Failure, Module, Value};
use crate::model::App;

/// The identity of an app as its own module takes it.
#[derive(Clone, Debug, PartialEq)]
pub struct Identity {
    pub id: Value,
    pub client_id: Value,
}

/// The modules of an app's identity and roles; none for an app that needs none.
pub fn modules(_cx: &Cx<'_>, _app: &App) -> Result<Vec<Module>, Failure> {
    Ok(Vec::new())
}

/// The identity that [`modules`] makes, as inputs of the app's module; `None` for an app without one.
pub fn of(_builder: &mut Builder<'_>, _app: &App) -> Option<Identity> {
    None
}
