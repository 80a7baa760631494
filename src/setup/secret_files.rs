//! The files with the secrets of configurations, and which of them may go with what used them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::config::{self, Config, ConfigError, Installed, SecretSource};

/// Which files with secrets the configurations use, how many each.
pub struct SecretFiles {
    files: BTreeMap<PathBuf, usize>,
    /// Some configuration cannot be read: what it uses is not known.
    is_partial: bool,
}

impl SecretFiles {
    /// Of all these.
    #[must_use]
    pub fn of(loaded: &[(Installed, Result<Config, ConfigError>)]) -> Self {
        let mut used =
            Self { files: BTreeMap::new(), is_partial: loaded.iter().any(|(_, one)| one.is_err()) };
        for config in loaded.iter().filter_map(|(_, loaded)| loaded.as_ref().ok()) {
            for file in secret_files(config) {
                *used.files.entry(config::real(&file)).or_default() += 1;
            }
        }
        used
    }

    /// Why a file stays that the configuration at `path`, which is one of them, will not use any more; `None` where it
    /// goes.
    #[must_use]
    pub fn stays(&self, file: &Path, path: &Path) -> Option<&'static str> {
        if self.files.get(&config::real(file)).is_some_and(|count| *count > 1) {
            Some("another configuration uses it")
        } else if self.is_partial {
            Some("a configuration that cannot be read may use it")
        } else {
            (file.parent() != path.parent()).then_some("it is in another folder")
        }
    }

    /// The files that are there and that `base`, the configuration at `path`, uses and `wanted` does not.
    #[must_use]
    pub fn unused(&self, base: &Config, wanted: &Config, path: &Path) -> Vec<UnusedSecret> {
        let wanted = secret_files(wanted);
        let unused = secret_files(base).into_iter().filter(|file| !wanted.contains(file) && file.exists());
        unused.map(|file| UnusedSecret { stays: self.stays(&file, path), path: file }).collect()
    }
}

/// A file with a secret that a configuration used, and will not use any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnusedSecret {
    /// The file.
    pub path: PathBuf,
    /// Why it stays; `None` where it goes.
    pub stays: Option<&'static str>,
}

/// The files with a configuration's secrets, each once.
#[must_use]
pub fn secret_files(config: &Config) -> BTreeSet<PathBuf> {
    let sources = [
        Some(&config.integration.api_key),
        config.netdata.password.as_ref(),
        config.netdata.bearer_token.as_ref(),
        config.heartbeat.url.as_ref(),
    ];
    let file = |source: &SecretSource| match source {
        SecretSource::File(path) => Some(path.clone()),
        _ => None,
    };
    sources.into_iter().flatten().filter_map(file).collect()
}
