//! What shipit writes for Azure: one Bicep module for each thing, and the files that put them together.
//!
//! A kind of resource, registry or environment makes a [`Module`] with a [`Builder`]: it lowers the
//! expressions of the manifest with [`Builder::lower`], takes outputs of other modules with
//! [`Builder::output`], and fills its template with [`Builder::finish`]. The builder notes which
//! parameters the module needs for that and where their values come from ([`Feed`]). [`assemble`]
//! then writes `main.bicep` (infrastructure), `apps.bicep` (apps, once their images are pushed),
//! their `.bicepparam` and the README, and calls every module with what it needs.
//!
//! A new kind of resource is a file in `resource/`, its template in `templates/<kind>/`, its line in
//! the table there. What runs apps is in `environment`, a room above this one.

pub mod bicep;
mod builder;
mod files;
pub mod identity;
mod module;
pub mod pull;
pub mod registry;
pub mod resource;
mod root;
mod value;

pub use builder::{Builder, Cx, Failure, LowerReference, Lowered, VaultSecret};
pub use files::{Assembly, Given, assemble};
pub use module::{Feed, Module, Param, ParamType, Scope, Stage};
pub use root::is_keyword;
pub use value::{Text, Value};

/// The tag that says which entry of the manifest a resource was made for.
pub const NAME_TAG: &str = "shipit-resource-name";
