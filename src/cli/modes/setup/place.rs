//! Where the API key is kept.

use std::path::{Path, PathBuf};

use crate::config::{self, Config, Installed, SecretError, SecretSource};
use crate::exit::{Exit, Stopped};
use crate::secret::{Secret, SecretKind};
use crate::text::ShownPath as _;

/// The file that the key is written into: the one that the configuration names, or the one from which systemd's service
/// loads the credential. `None` where it is kept in no file of its own.
pub(super) fn file_of(source: &SecretSource, one: &Installed) -> Option<PathBuf> {
    match source {
        SecretSource::File(path) => Some(path.clone()),
        SecretSource::Credential(name) => Some(folder(one).join(name)),
        SecretSource::Env(_) | SecretSource::Literal(_) => None,
    }
}

/// Where the service looks for credentials: beside the configuration, or beside the first where it serves all.
fn folder(one: &Installed) -> PathBuf {
    let first = config::default_path().ok().filter(|_| !one.is_elsewhere);
    let path = first.as_ref().unwrap_or(&one.path);
    path.parent().unwrap_or(Path::new("/")).to_owned()
}

/// The key that a configuration has; a credential is read from the file that systemd loads it from.
pub(super) fn held_key(config: &Config, one: &Installed) -> Result<Secret, SecretError> {
    let source = &config.integration.api_key;
    match source.resolve(SecretKind::Key) {
        Err(SecretError::NoCredentials(_) | SecretError::NoCredential(_)) => file_of(source, one)
            .map_or_else(
                || source.resolve(SecretKind::Key),
                |file| SecretSource::File(file).resolve(SecretKind::Key),
            ),
        resolved => resolved,
    }
}

/// Whether there is no key in its place, so that one must be given.
pub(super) fn lost_key(error: &SecretError) -> bool {
    matches!(error, SecretError::NoFile(_) | SecretError::NoVariable(_))
}

/// Why this call cannot read the key as the sender will; `None` where it can, or where it is yet to be written.
pub(super) fn unseen(source: &SecretSource, one: &Installed) -> Option<String> {
    match source.resolve(SecretKind::Key) {
        Err(SecretError::NoCredentials(name) | SecretError::NoCredential(name)) => Some(format!(
            "systemd gives the credential `{name}` to its service alone: {} shows the service's first run",
            one.invocation.command("--status")
        )),
        Err(SecretError::NoVariable(name)) => Some(format!(
            "the environment variable `{name}` is not set in this call: set it where the sender runs"
        )),
        _ => None,
    }
}

/// That the key cannot be written where the configuration has it.
pub(super) fn elsewhere(source: &SecretSource, path: &Path) -> Stopped {
    let place = match source {
        SecretSource::Env(name) => format!("the environment variable `{name}`"),
        _ => "the configuration itself".to_owned(),
    };
    Stopped {
        words: format!(
            "`{}` reads the API key from {place}, so another cannot be saved there: `--keep-key file` keeps it in a file. \
             Nothing was written.",
            path.shown()
        ),
        exit: Exit::Configuration,
    }
}
