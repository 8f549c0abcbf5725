//! What must hold between the things that an application declares. One file for each check, one line
//! for each in [`RULES`].

mod cycles;
mod images;
mod late;
mod ports;
mod profiles;
mod registries;
mod registry_roles;
mod secrets;
mod steps;
mod truncation;

pub(super) use secrets::settle as settle_secrets;

use super::Application;
use super::bind::Edge;
use super::lower::Cx;

/// What a rule looks at. Entries with mistakes of their own are not in the application.
pub(super) struct Facts<'r, 'a> {
    pub(super) application: &'r Application,
    pub(super) edges: &'r [Edge],
    pub(super) cx: &'r mut Cx<'a>,
}

type Rule = fn(&mut Facts<'_, '_>);

const RULES: &[Rule] = &[
    cycles::check,
    images::check,
    late::check,
    ports::check,
    profiles::check,
    registries::check,
    registry_roles::check,
    secrets::check,
    steps::check,
    truncation::check,
];

pub(super) fn check(facts: &mut Facts<'_, '_>) {
    for rule in RULES {
        rule(facts);
    }
}
