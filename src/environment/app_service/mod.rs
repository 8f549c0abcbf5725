//! `azure-app-service`: what is written for Azure App Service, and what it cannot do.
//!
//! The environment is a plan for Linux machines; each app is a site with one container, and with the
//! same container in each slot.

mod address;
mod check;
mod kind;
mod names;
mod plan;
mod settings;
mod site;

pub(super) use kind::AppService;
use kind::{is_http2, is_web_socket, port, port_of};
