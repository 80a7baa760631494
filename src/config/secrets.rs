//! From where a secret is kept to the secret. Nothing here shows one: errors name the place alone.

use std::ffi::OsString;
use std::io::{ErrorKind, Read as _};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::text::quoted;
use super::{Config, ConfigError, SecretSource, values};
use crate::files::{self, OTHERS};
use crate::owner;
use crate::secret::{Cleaned, Flaw, Kind, LARGEST, Secret, clean};

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
    #[error("what `{}` holds {flaw}: it should hold the secret and nothing else", .path.display())]
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
    #[error("the environment variable `{name}` {flaw}: it should hold the secret and nothing else")]
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
    #[error("what the configuration holds {0}")]
    Literal(Flaw),
    /// A heartbeat URL that is none.
    #[error("what is kept there is no URL with `https://` (`http://` on this machine alone)")]
    NoUrl,
}

impl SecretSource {
    /// Fetches the secret. A file must be its owner's alone.
    pub fn resolve(&self, kind: Kind) -> Result<Secret, SecretError> {
        self.cleaned(kind).map(|cleaned| cleaned.secret)
    }

    /// The same, with what stood around it.
    pub fn cleaned(&self, kind: Kind) -> Result<Cleaned, SecretError> {
        self.resolve_with(kind, |name| std::env::var_os(name))
    }

    fn resolve_with(
        &self,
        kind: Kind,
        env: impl Fn(&str) -> Option<OsString>,
    ) -> Result<Cleaned, SecretError> {
        match self {
            Self::File(path) => from_file(path, kind, true),
            Self::Env(name) => from_variable(name, kind, env(name)),
            Self::Credential(name) => {
                let folder = env("CREDENTIALS_DIRECTORY").filter(|folder| !folder.is_empty());
                let folder = folder.ok_or_else(|| SecretError::NoCredentials(name.clone()))?;
                // systemd gives these files to the service's user and sees to their modes.
                from_file(&Path::new(&folder).join(name), kind, false).map_err(|error| match error {
                    SecretError::NoFile(_) => SecretError::NoCredential(name.clone()),
                    error => error,
                })
            }
            Self::Literal(secret) => clean(secret.expose(), kind).map_err(SecretError::Literal),
        }
    }
}

impl Config {
    /// The alert source's API key.
    pub fn api_key(&self) -> Result<Secret, ConfigError> {
        named("integration.api_key", &self.integration.api_key, Kind::Key)
    }

    /// The password for the agent, where there is one.
    pub fn netdata_password(&self) -> Result<Option<Secret>, ConfigError> {
        self.netdata
            .password
            .as_ref()
            .map(|source| named("netdata.password", source, Kind::Password))
            .transpose()
    }

    /// The bearer token for the agent, where there is one.
    pub fn netdata_bearer_token(&self) -> Result<Option<Secret>, ConfigError> {
        self.netdata
            .bearer_token
            .as_ref()
            .map(|source| named("netdata.bearer_token", source, Kind::Key))
            .transpose()
    }

    /// The heartbeat's URL, where there is one: a secret, as its path holds the key.
    pub fn heartbeat_url(&self) -> Result<Option<Secret>, ConfigError> {
        let key = "heartbeat.url";
        let Some(source) = &self.heartbeat else { return Ok(None) };
        let url = named(key, source, Kind::Url)?;
        if values::pingable(url.expose()) {
            Ok(Some(url))
        } else {
            Err(ConfigError::Secret { key, error: SecretError::NoUrl })
        }
    }

    /// Whether the file itself holds a secret, so that only its owner may read it.
    #[must_use]
    pub fn holds_secret(&self) -> bool {
        let literal = |source: &SecretSource| matches!(source, SecretSource::Literal(_));
        let others = [&self.netdata.password, &self.netdata.bearer_token, &self.heartbeat];
        literal(&self.integration.api_key)
            || others.into_iter().flatten().any(literal)
            || self.ilert.proxy.as_deref().is_some_and(values::holds_password)
    }
}

fn named(key: &'static str, source: &SecretSource, kind: Kind) -> Result<Secret, ConfigError> {
    source.resolve(kind).map_err(|error| ConfigError::Secret { key, error })
}

fn from_variable(name: &str, kind: Kind, value: Option<OsString>) -> Result<Cleaned, SecretError> {
    let value = value.ok_or_else(|| SecretError::NoVariable(name.to_owned()))?;
    let flawed = |flaw| SecretError::Variable { name: name.to_owned(), flaw };
    let value = Zeroizing::new(value.into_string().map_err(|_| flawed(Flaw::NotUtf8))?);
    clean(&value, kind).map_err(flawed)
}

fn from_file(path: &Path, kind: Kind, private: bool) -> Result<Cleaned, SecretError> {
    let unreadable = |reason: String| SecretError::Unreadable { path: path.to_owned(), reason };
    let flawed = |flaw| SecretError::File { path: path.to_owned(), flaw };
    let file = files::open(path).map_err(|error| match error.kind() {
        ErrorKind::NotFound => SecretError::NoFile(path.to_owned()),
        ErrorKind::PermissionDenied => unreadable(owner::denied(path)),
        _ => unreadable(error.to_string()),
    })?;
    let metadata = file.metadata().map_err(|error| unreadable(error.to_string()))?;
    if private && metadata.mode() & OTHERS != 0 {
        return Err(SecretError::Exposed { path: path.to_owned(), mode: metadata.mode() & 0o7777 });
    }
    let mut bytes = Zeroizing::new(Vec::new());
    file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(|error| unreadable(error.to_string()))?;
    if bytes.len() as u64 > LARGEST {
        return Err(flawed(Flaw::TooLarge));
    }
    let text = std::str::from_utf8(&bytes).map_err(|_| flawed(Flaw::NotUtf8))?;
    clean(text, kind).map_err(flawed)
}

#[cfg(test)]
mod tests;
