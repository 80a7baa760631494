//! What this program is to be called by, in the commands that it suggests.

use std::path::Path;

use crate::text::quoted;

/// How to call this program so that a command means the configuration and the state that are spoken of. Whoever suggests
/// a command is handed one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Invocation {
    /// What `-c` says, as a shell takes it. Nothing where a call without it means the same.
    named: Option<String>,
    /// What `--state-dir` says, likewise.
    states: Option<String>,
}

impl Invocation {
    /// The call that names neither a configuration nor a folder.
    pub const PLAIN: &'static Self = &Self { named: None, states: None };

    /// The call that names this folder for the state, and no configuration.
    pub(super) fn with_states(folder: &Path) -> Self {
        Self { named: None, states: Some(quoted(folder)) }
    }

    /// The call that names this file.
    #[must_use]
    pub fn with_file(path: &Path) -> Self {
        Self::PLAIN.for_file(path)
    }

    /// The same for the installed configuration of this name.
    pub(super) fn for_name(&self, name: &str) -> Self {
        Self { named: Some(name.to_owned()), ..self.clone() }
    }

    /// The same for the configuration in this file.
    #[must_use]
    pub fn for_file(&self, path: &Path) -> Self {
        Self { named: Some(quoted(path)), ..self.clone() }
    }

    /// The same for all that are installed.
    #[must_use]
    pub fn for_all(&self) -> Self {
        Self { named: None, ..self.clone() }
    }

    /// A command for a message, such as `` `netdata-ilert -c web --retry 3` ``. Without arguments it is the wizard's.
    #[must_use]
    pub fn command(&self, arguments: &str) -> String {
        let named = self.named.iter().flat_map(|named| ["-c", named]);
        let states = self.states.iter().flat_map(|states| ["--state-dir", states]);
        let arguments = Some(arguments).filter(|arguments| !arguments.is_empty());
        let words: Vec<&str> =
            ["netdata-ilert"].into_iter().chain(named).chain(states).chain(arguments).collect();
        format!("`{}`", words.join(" "))
    }
}
