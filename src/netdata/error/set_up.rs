//! Why an agent or parent cannot even be asked.

use crate::config::ConfigError;
use crate::http::ClientError;

/// Why no [`AgentClient`](crate::netdata::AgentClient) can be built.
#[derive(Debug, thiserror::Error)]
pub enum SetUpError {
    /// The agent's base URL is not a URL.
    Url {
        /// What is wrong with it.
        reason: String,
    },
    /// A password or token that cannot be had.
    Secret(ConfigError),
    /// A user name, password or token that no HTTP header can hold.
    Credential {
        /// Which one.
        what: &'static str,
    },
    /// The HTTP client itself.
    Client(ClientError),
}

impl From<ConfigError> for SetUpError {
    fn from(error: ConfigError) -> Self {
        Self::Secret(error)
    }
}

impl From<ClientError> for SetUpError {
    fn from(error: ClientError) -> Self {
        Self::Client(error)
    }
}
