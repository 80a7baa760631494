//! The configuration file: its settings, where it lives, how it is read, checked and written.
//!
//! Parse at the border, then trust the types: what [`load`] returns is valid. `silence/time.rs` says when a silence is
//! in force, `silence/scope.rs` what it covers, `pattern.rs` what a pattern of names matches.
//!
//! A setting is one row in `fields`: its key, type, kind, default and help. Reading, checking, the messages, the
//! annotated file, the JSON Schema and the writer come from the rows. To add one, write
//!
//! 1. its row in the table's file, `fields/….rs`, with a `kind` that is there or a new one,
//! 2. the place that uses it,
//! 3. a test of what it does. Every row is tested already for what it takes and refuses, for writing and reading back,
//!    and for its place in the annotated file.

mod calendar;
mod change;
mod check;
mod error;
mod fields;
mod installed;
mod invocation;
mod kind;
mod load;
mod near;
mod paths;
mod pattern;
mod reader;
mod render;
mod row;
#[cfg(test)]
mod samples;
mod schema;
mod secrets;
mod silence;
mod table;
mod template;
mod text;
mod write;

pub use calendar::{Every, Moment, Zone};
pub use error::{ConfigError, NoSuchName, Problem, SecretError};
pub use fields::{
    Config, DeliveredBy, Delivery, Heartbeat, Ilert, Integration, Netdata, Notification, Notify, Priority,
    Room, Severities, Severity, Silence, Templates, Version,
};
pub use installed::{
    FIRST, FoundConfigurations, Installed, NotAConfiguration, RESERVED, is_path, secret_file,
};
pub use invocation::Invocation;
pub use kind::{SecretSource, Urls};
pub use load::{LARGEST_FILE, load, parse};
pub use paths::{default_path, default_state_dir, is_root, real, usual_folder};
pub use pattern::Pattern;
pub use render::{rebase, render};
pub use schema::schema;
pub use silence::{Asked, AskedAlert, Window};
pub use template::TEMPLATE;
pub use write::{write, write_key};
