//! `apps`: workloads of the user's own.

mod access;
mod endpoints;
mod image;
mod names;
mod scale;
mod storage;
mod workload;

pub(in crate::model) use access::security;
pub(in crate::model) use endpoints::{endpoints, health};
pub(in crate::model) use image::is_same;
pub(in crate::model) use storage::volumes;
pub(super) use workload::lower;

use crate::manifest::Spanned;
use crate::model::written::Int;

/// A number whose bounds the reader has checked.
fn count<const MIN: i64, const MAX: i64>(written: &Option<Spanned<Int<MIN, MAX>>>) -> Option<Spanned<u32>> {
    written.clone().map(|number| number.map(|number| u32::try_from(number.get()).unwrap_or(u32::MAX)))
}
