//! What can be wrong with a configuration: every variant ends the program with exit code 3.

mod secret;
mod unknown;

use std::fmt;
use std::path::PathBuf;

use super::invocation::Invocation;
use crate::advice::{self, Advised};
use crate::owner::Untrusted;
use crate::text::{ShownPath as _, one_line, quoted};

pub use secret::SecretError;
pub use unknown::NoSuchName;

/// Longest name that a message repeats, characters.
const LONGEST_NAME: usize = 80;

/// Why there is no configuration to work with, or why it cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// No such file.
    Missing {
        /// Where it was looked for.
        path: PathBuf,
        /// How to name the one that was probably meant, if one is near.
        meant: Option<String>,
        /// What to call the wizard by to make it.
        invocation: Invocation,
    },
    /// A file that cannot be read, or is none.
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// Why.
        reason: String,
        /// What to do, where that is known.
        fix: Option<String>,
    },
    /// Everything that is wrong in the file, a line for each.
    Invalid {
        /// Which file.
        path: PathBuf,
        /// What is wrong, in the file's order; never empty.
        problems: Vec<Problem>,
    },
    /// A file that holds a secret and is not its owner's alone.
    Exposed {
        /// Which file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// A file that others can change.
    Untrusted {
        /// Which file.
        path: PathBuf,
        /// What others can change.
        found: Untrusted,
    },
    /// A secret that the configuration points to.
    Secret {
        /// The key of the configuration, dotted.
        key: &'static str,
        /// What is wrong with it.
        error: SecretError,
    },
    /// A value that would not read back as it is, such as a relative path or a fraction of a second.
    Unfaithful {
        /// Which file.
        path: PathBuf,
        /// The key of the configuration, dotted.
        key: String,
    },
    /// A file or folder that cannot be written.
    Unwritable {
        /// Which file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// A file in `config.d` that no configuration can be in.
    Name {
        /// Which file.
        path: PathBuf,
        /// What is wrong with its name.
        why: String,
    },
    /// A link that leads to nothing.
    Dangling {
        /// Which link.
        path: PathBuf,
    },
    /// No configuration has the name that was given.
    Unknown(NoSuchName),
    /// Nobody's home folder.
    NoHome {
        /// The option that makes the home folder unnecessary.
        option: &'static str,
    },
}

impl ConfigError {
    /// The same where the configuration is called by this.
    #[must_use]
    pub fn called_by(self, invocation: &Invocation) -> Self {
        match self {
            Self::Missing { path, meant, .. } => {
                Self::Missing { path, meant, invocation: invocation.clone() }
            }
            error => error,
        }
    }
}

impl Advised for ConfigError {
    fn what(&self) -> String {
        match self {
            Self::Missing { path, .. } => format!("there is no configuration at `{}`", path.shown()),
            Self::Unreadable { path, reason, .. } => {
                format!("cannot read the configuration `{}`: {reason}", path.shown())
            }
            Self::Invalid { path, problems } => Listed(path, problems).to_string(),
            Self::Exposed { path, mode } => format!(
                "the configuration `{}` holds a secret and others can read it (its mode is {mode:04o})",
                path.shown()
            ),
            Self::Untrusted { path, found } => {
                format!("the configuration `{}` is not used: {}", path.shown(), found.why)
            }
            Self::Secret { key, error } => format!("`{key}`: {}", error.what()),
            Self::Unfaithful { path, key } => {
                format!("cannot write `{key}` to `{}` so that it reads back the same", path.shown())
            }
            Self::Unwritable { path, reason } => format!("cannot write `{}`: {reason}", path.shown()),
            Self::Name { path, why } => {
                format!("the configuration `{}` is not used: {why}", path.shown())
            }
            Self::Dangling { path } => format!("the link `{}` leads to nothing", path.shown()),
            Self::Unknown(NoSuchName { given, .. }) => {
                format!("there is no configuration `{}`", one_line(given, LONGEST_NAME))
            }
            Self::NoHome { .. } => "cannot tell where your files are, as you have no home folder".to_owned(),
        }
    }

    fn hint(&self) -> Option<String> {
        Some(match self {
            Self::Missing { meant: Some(meant), .. } => format!("did you mean {meant}?"),
            Self::Missing { invocation, .. } => format!(
                "run {} to set it up, or fill in what {} prints",
                invocation.command(""),
                Invocation::PLAIN.command("--print-config")
            ),
            Self::Exposed { path, .. } => format!("run `chmod 600 {}`", quoted(path)),
            Self::Untrusted { found, .. } => found.fix.clone(),
            Self::Unfaithful { .. } => {
                "paths must be absolute and UTF-8, durations whole seconds, names trimmed".to_owned()
            }
            Self::NoHome { option } => format!("set HOME, or give `{option}`"),
            Self::Name { .. } => "give the file another name".to_owned(),
            Self::Dangling { .. } => "remove it, or put the file there".to_owned(),
            Self::Unknown(unknown) => unknown.advice(),
            Self::Unreadable { fix, .. } => return fix.clone(),
            Self::Secret { error, .. } => return error.hint(),
            Self::Invalid { .. } | Self::Unwritable { .. } => return None,
        })
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        advice::write(self, f)
    }
}

/// One thing that is wrong in a configuration file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where, counted from 1.
    pub line: usize,
    /// The dotted key; empty where the text is no TOML.
    pub key: String,
    /// What was found and what is allowed. Never the value of a secret.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.key.is_empty() {
            write!(f, "`{}`: ", self.key)?;
        }
        f.write_str(&self.message)
    }
}

struct Listed<'a>(&'a PathBuf, &'a [Problem]);

impl fmt::Display for Listed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.1.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{}:{}: {problem}", self.0.shown(), problem.line)?;
        }
        Ok(())
    }
}
