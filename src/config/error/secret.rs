//! What can be wrong with a secret. Errors name the place, never the secret.

use std::path::PathBuf;

use crate::config::text::quoted;
use crate::secret::Flaw;

/// Why a secret cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// No such file.
    #[error("there is no file `{}`: write the secret to it, then run `chmod 600 {}`", .0.display(), quoted(.0))]
    NoFile(PathBuf),
    /// A file that others can read.
    #[error(
        "`{path}` holds a secret and others can read it (its mode is {mode:04o}): run `chmod 600 {quoted}`",
        path = .path.display(),
        quoted = quoted(.path)
    )]
    Exposed {
        /// Which file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// A file that cannot be read.
    #[error("cannot read `{}`: {reason}", .path.display())]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// Why, and what to do.
        reason: String,
    },
    /// A file that holds something else than a secret.
    #[error("the secret in `{}` {flaw}: the file must hold the secret and nothing else", .path.display())]
    File {
        /// Which file.
        path: PathBuf,
        /// What is wrong.
        flaw: Flaw,
    },
    /// No such variable.
    #[error(
        "the environment variable `{0}` is not set: set it where this is run (cron and systemd have their own)"
    )]
    NoVariable(String),
    /// A variable that holds something else than a secret.
    #[error("the environment variable `{name}` {flaw}: it must hold the secret and nothing else")]
    Variable {
        /// Its name.
        name: String,
        /// What is wrong.
        flaw: Flaw,
    },
    /// Credentials are systemd's.
    #[error(
        "the credential `{0}` is there only where systemd starts this, with `LoadCredential={0}:PATH` in the \
         service: `CREDENTIALS_DIRECTORY` is not set"
    )]
    NoCredentials(String),
    /// systemd started this without that credential.
    #[error("systemd handed over no credential `{0}`: add `LoadCredential={0}:PATH` to the service")]
    NoCredential(String),
    /// A secret in the configuration that is none.
    #[error("the secret in the configuration {0}")]
    Literal(Flaw),
    /// A heartbeat URL that is none.
    #[error("what is kept there is not a URL with `https://` (`http://` is for this machine only)")]
    NoUrl,
}
