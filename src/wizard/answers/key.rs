//! The answers of *API key*: the key, and where it is kept.

use serde::{Deserialize, Serialize};

use super::Drafted;
use crate::config::{Config, SecretSource};
use crate::wizard::field::SecretField;

/// API key.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct KeyAnswers {
    /// What was pasted or typed.
    #[serde(skip)]
    pub field: SecretField,
    /// Where it is to be kept.
    pub keep: Keep,
}

impl KeyAnswers {
    /// Takes over from a configuration where the key is kept.
    pub(super) fn adopt(&mut self, config: &Config) {
        self.keep = Keep::from(&config.integration.api_key);
    }
}

impl Drafted for KeyAnswers {
    fn resume(self, mut draft: Self) -> Self {
        draft.field = self.field;
        draft
    }
}

/// Where the key is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Keep {
    /// In a file of its own.
    #[default]
    File,
    /// In an environment variable.
    Variable,
    /// In the configuration file.
    Config,
    /// In the systemd credential that the configuration names.
    Credential,
}

impl From<&SecretSource> for Keep {
    fn from(source: &SecretSource) -> Self {
        match source {
            SecretSource::File(_) => Self::File,
            SecretSource::Env(_) => Self::Variable,
            SecretSource::Credential(_) => Self::Credential,
            SecretSource::Literal(_) => Self::Config,
        }
    }
}
