//! What can be wrong with a secret. Errors name the place, never the secret.

use std::fmt;
use std::path::PathBuf;

use crate::advice::{self, Advised};
use crate::owner::Untrusted;
use crate::secret::Flaw;
use crate::text::{ShownPath as _, quoted};

/// Why a secret cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// No such file.
    NoFile(PathBuf),
    /// A file that others can read.
    Exposed {
        /// Which file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// A file that others can change, or put another in the place of: they could have pages sent elsewhere.
    Untrusted {
        /// Which file.
        path: PathBuf,
        /// What others can change.
        found: Untrusted,
    },
    /// A file that cannot be read.
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// Why.
        reason: String,
        /// What to do, where that is known.
        fix: Option<String>,
    },
    /// A file that holds something else than a secret.
    File {
        /// Which file.
        path: PathBuf,
        /// What is wrong.
        flaw: Flaw,
    },
    /// No such variable.
    NoVariable(String),
    /// A variable that holds something else than a secret.
    Variable {
        /// Its name.
        name: String,
        /// What is wrong.
        flaw: Flaw,
    },
    /// Credentials are systemd's.
    NoCredentials(String),
    /// systemd started this without that credential.
    NoCredential(String),
    /// A secret in the configuration that is not valid.
    Literal(Flaw),
    /// A heartbeat URL that is not valid.
    NoUrl,
}

impl Advised for SecretError {
    fn what(&self) -> String {
        match self {
            Self::NoFile(path) => format!("there is no file `{}`", path.shown()),
            Self::Exposed { path, mode } => {
                format!("`{}` holds a secret and others can read it (its mode is {mode:04o})", path.shown())
            }
            Self::Untrusted { path, found } => {
                format!("the secret in `{}` is not used: {}", path.shown(), found.why)
            }
            Self::Unreadable { path, reason, .. } => format!("cannot read `{}`: {reason}", path.shown()),
            Self::File { path, flaw } => format!("the secret in `{}` {flaw}", path.shown()),
            Self::NoVariable(name) => format!("the environment variable `{name}` is not set"),
            Self::Variable { name, flaw } => format!("the environment variable `{name}` {flaw}"),
            Self::NoCredentials(name) => format!(
                "the credential `{name}` is there only where systemd starts this, and `CREDENTIALS_DIRECTORY` is not set"
            ),
            Self::NoCredential(name) => format!("systemd handed over no credential `{name}`"),
            Self::Literal(flaw) => format!("the secret in the configuration {flaw}"),
            Self::NoUrl => {
                "what is kept there is not a URL with `https://` (`http://` is for this machine only)"
                    .to_owned()
            }
        }
    }

    fn hint(&self) -> Option<String> {
        Some(match self {
            Self::NoFile(path) => {
                format!("write the secret to it, then run `chmod 600 {}`", quoted(path))
            }
            Self::Exposed { path, .. } => format!("run `chmod 600 {}`", quoted(path)),
            Self::Untrusted { found, .. } => found.fix.clone(),
            Self::File { .. } | Self::Variable { .. } => {
                "it must hold the secret and nothing else".to_owned()
            }
            Self::NoVariable(_) => "set it where this is run (cron and systemd have their own)".to_owned(),
            Self::NoCredentials(name) | Self::NoCredential(name) => {
                format!("add `LoadCredential={name}:PATH` to the service")
            }
            Self::Unreadable { fix, .. } => return fix.clone(),
            Self::Literal(_) | Self::NoUrl => return None,
        })
    }
}

impl fmt::Display for SecretError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        advice::write(self, f)
    }
}
