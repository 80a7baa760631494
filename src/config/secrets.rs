//! Reads each secret from the place where it is kept. Errors name the place, never the secret.

use std::ffi::OsString;
use std::io::{ErrorKind, Read as _};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use zeroize::Zeroizing;

use super::error::{ConfigError, SecretError};
use super::fields::Config;
use super::kind::{SecretSource, is_pingable};
use crate::child;
use crate::files::{self, OTHERS};
use crate::owner;
use crate::secret::{Cleaned, Flaw, LARGEST, Secret, SecretKind, clean};

impl SecretSource {
    /// Fetches the secret. A file must be its owner's alone.
    pub fn resolve(&self, kind: SecretKind) -> Result<Secret, SecretError> {
        self.cleaned(kind).map(|cleaned| cleaned.secret)
    }

    /// The same, with what stood around it.
    pub fn cleaned(&self, kind: SecretKind) -> Result<Cleaned, SecretError> {
        self.resolve_with(kind, |name| std::env::var_os(name))
    }

    fn resolve_with(
        &self,
        kind: SecretKind,
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
        named("integration.api_key", &self.integration.api_key, SecretKind::Key)
    }

    /// The password for the agent, if one is set.
    pub fn netdata_password(&self) -> Result<Option<Secret>, ConfigError> {
        self.netdata
            .password
            .as_ref()
            .map(|source| named("netdata.password", source, SecretKind::Password))
            .transpose()
    }

    /// The bearer token for the agent, if one is set.
    pub fn netdata_bearer_token(&self) -> Result<Option<Secret>, ConfigError> {
        self.netdata
            .bearer_token
            .as_ref()
            .map(|source| named("netdata.bearer_token", source, SecretKind::Key))
            .transpose()
    }

    /// The heartbeat's URL, if one is set: a secret, as its path holds the key.
    pub fn heartbeat_url(&self) -> Result<Option<Secret>, ConfigError> {
        let key = "heartbeat.url";
        let Some(source) = &self.heartbeat.url else { return Ok(None) };
        let url = named(key, source, SecretKind::Url)?;
        if is_pingable(url.expose()) {
            Ok(Some(url))
        } else {
            Err(ConfigError::Secret { key, error: SecretError::NoUrl })
        }
    }
}

fn named(key: &'static str, source: &SecretSource, kind: SecretKind) -> Result<Secret, ConfigError> {
    source.resolve(kind).map_err(|error| ConfigError::Secret { key, error })
}

fn from_variable(name: &str, kind: SecretKind, value: Option<OsString>) -> Result<Cleaned, SecretError> {
    let value = value.ok_or_else(|| SecretError::NoVariable(name.to_owned()))?;
    child::keep_from(name);
    let flawed = |flaw| SecretError::Variable { name: name.to_owned(), flaw };
    let value = Zeroizing::new(value.into_string().map_err(|_| flawed(Flaw::NotUtf8))?);
    clean(&value, kind).map_err(flawed)
}

fn from_file(path: &Path, kind: SecretKind, private: bool) -> Result<Cleaned, SecretError> {
    let unreadable = |reason: String| SecretError::Unreadable { path: path.to_owned(), reason, fix: None };
    let flawed = |flaw| SecretError::File { path: path.to_owned(), flaw };
    let file = files::open(path).map_err(|error| match error.kind() {
        ErrorKind::NotFound => SecretError::NoFile(path.to_owned()),
        ErrorKind::PermissionDenied => {
            let (reason, fix) = owner::denied(path);
            SecretError::Unreadable { path: path.to_owned(), reason, fix: Some(fix) }
        }
        _ => unreadable(error.to_string()),
    })?;
    let metadata = file.metadata().map_err(|error| unreadable(error.to_string()))?;
    if private && metadata.mode() & OTHERS != 0 {
        return Err(SecretError::Exposed { path: path.to_owned(), mode: metadata.mode() & 0o7777 });
    }
    if private {
        owner::trusted(path, &metadata)
            .map_err(|found| SecretError::Untrusted { path: path.to_owned(), found })?;
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
