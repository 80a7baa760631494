//! The answers of *Netdata*: where the agent is.

use serde::{Deserialize, Serialize, Serializer};

use super::Drafted;
use crate::config::Config;
use crate::url::{self, Url};
use crate::wizard::field::{Field, SecretField};

/// Netdata.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct AgentAnswers {
    /// Base URL.
    #[serde(serialize_with = "without_secrets")]
    pub url: Field,
    /// Base URLs of other parents of the same nodes, with blanks or commas between.
    #[serde(serialize_with = "without_secrets")]
    pub others: Field,
    /// User name for basic authentication.
    pub username: Field,
    /// Its password.
    #[serde(skip)]
    pub password: SecretField,
    /// Bearer token.
    #[serde(skip)]
    pub token: SecretField,
    /// Path of a PEM file.
    pub ca_file: Field,
    /// What is seldom needed is shown.
    #[serde(skip)]
    pub more: bool,
    /// Go on although there is no answer.
    #[serde(skip)]
    pub anyway: bool,
}

impl Default for AgentAnswers {
    fn default() -> Self {
        Self {
            url: Field::default(),
            others: Field::default(),
            username: Field::default(),
            password: SecretField::password(),
            token: SecretField::default(),
            ca_file: Field::default(),
            more: false,
            anyway: false,
        }
    }
}

impl AgentAnswers {
    pub(super) fn of(config: &Config) -> Self {
        let netdata = &config.netdata;
        let ca_file = netdata.ca_file.as_ref().map(|path| path.to_string_lossy().into_owned());
        Self {
            url: Field::new(&netdata.url),
            others: Field::new(&netdata.url.others().join(" ")),
            username: Field::new(netdata.username.as_deref().unwrap_or_default()),
            ca_file: Field::new(ca_file.as_deref().unwrap_or_default()),
            ..Self::default()
        }
    }
}

impl Drafted for AgentAnswers {
    fn resume(self, mut draft: Self) -> Self {
        draft.password = self.password;
        draft.token = self.token;
        draft.more = self.more;
        draft.anyway = self.anyway;
        draft
    }
}

/// A URL as far as it may be kept. What is not one yet may have a password or a token in it, too.
fn without_secrets<S: Serializer>(field: &Field, serializer: S) -> Result<S::Ok, S::Error> {
    let text = field.value();
    match Url::parse(text) {
        Ok(url) => serializer.collect_str(&url.plain()),
        Err(_) if url::shown(text) == text => serializer.serialize_str(text),
        Err(_) => serializer.serialize_str(""),
    }
}
