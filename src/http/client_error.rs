//! Why the HTTP client cannot be built.

use std::fmt;
use std::path::PathBuf;

use crate::advice::{self, Advised};
use crate::owner::Untrusted;
use crate::text::ShownPath as _;

/// What a client cannot be built from.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClientError {
    /// A file of certificate authorities that cannot be used.
    Roots {
        /// Which file.
        path: PathBuf,
        /// Whether `SSL_CERT_FILE` named it, rather than the configuration.
        variable: bool,
        /// What is wrong with it.
        reason: String,
    },
    /// A file of certificate authorities that others can change, or put another in the place of.
    Untrusted {
        /// Which file.
        path: PathBuf,
        /// What others can change.
        found: Untrusted,
    },
    /// A proxy URL that cannot be used.
    Proxy(String),
    /// A variable of the environment that should name a proxy, and does not.
    ProxyVariable {
        /// Which one.
        variable: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// Anything else.
    Build(String),
}

impl Advised for ClientError {
    fn what(&self) -> String {
        match self {
            Self::Roots { path, variable, reason } => {
                let source = if *variable { " (from SSL_CERT_FILE)" } else { "" };
                format!("cannot use the certificate authorities in `{}`{source}: {reason}", path.shown())
            }
            Self::Untrusted { path, found } => {
                format!("the certificate authorities in `{}` are not used: {}", path.shown(), found.why)
            }
            Self::Proxy(reason) => format!("cannot use the proxy of the configuration: {reason}"),
            Self::ProxyVariable { variable, reason } => {
                format!("cannot use the proxy that the variable {variable} names: {reason}")
            }
            Self::Build(reason) => format!("cannot start the HTTP client: {reason}"),
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            Self::ProxyVariable { .. } => Some("correct it (`http://host:port`), or unset it".to_owned()),
            Self::Untrusted { found, .. } => Some(found.fix.clone()),
            Self::Roots { variable: true, .. } => {
                Some("correct the variable SSL_CERT_FILE, or unset it".to_owned())
            }
            Self::Roots { .. } | Self::Proxy(_) | Self::Build(_) => None,
        }
    }
}

impl fmt::Display for ClientError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        advice::write(self, f)
    }
}
