//! What Container Apps cannot do, told at the place where it is asked for.

mod all;
mod limits;
mod network;

pub(super) use all::check;
