//! What this program is to be called by, in the commands that it suggests.

use std::path::Path;

use crate::text::quoted;

/// How to call this program so that a command means the configuration that is spoken of. Whoever suggests a command is
/// handed one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Invocation {
    /// What `-c` says, as a shell takes it. Nothing where a call without it means the same.
    named: Option<String>,
}

impl Invocation {
    /// The call that names no configuration.
    pub const PLAIN: &'static Self = &Self { named: None };

    /// The call that means the installed configuration of this name.
    pub(super) fn named(name: &str) -> Self {
        Self { named: Some(name.to_owned()) }
    }

    /// The call that names this file.
    #[must_use]
    pub fn with_file(path: &Path) -> Self {
        Self { named: Some(quoted(path)) }
    }

    /// A command for a message, such as `` `netdata-ilert -c web --retry 3` ``. Without arguments it is the wizard's.
    #[must_use]
    pub fn command(&self, arguments: &str) -> String {
        let named = self.named.iter().flat_map(|named| ["-c", named]);
        let arguments = Some(arguments).filter(|arguments| !arguments.is_empty());
        let words: Vec<&str> = ["netdata-ilert"].into_iter().chain(named).chain(arguments).collect();
        format!("`{}`", words.join(" "))
    }
}
