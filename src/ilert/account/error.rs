//! What can go wrong with an account, each answer a case of its own; `words` says it.

mod refusal;
mod words;

pub use refusal::{Refusal, Resource};

use crate::http::{ClientError, Failure, StatusClass, Stranger};
use crate::text::Shown;
use crate::url::UrlError;

/// Why an account did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// `ilert.endpoint` cannot be used.
    Endpoint(String),
    /// No client can be made from the configuration.
    Client(ClientError),
    /// The token cannot be one.
    NoToken,
    /// 401, or 403 `KEY_ERROR`.
    TokenWrong(Refusal),
    /// 403 `OAUTH2_SCOPE_ERROR`.
    Scope(Refusal),
    /// Another 403.
    Forbidden(Refusal),
    /// 402.
    Plan(Refusal),
    /// 404.
    NotFound(Refusal),
    /// Another 4xx.
    Refused(Refusal),
    /// 429.
    Limited(Refusal),
    /// 3xx.
    Redirected(Refusal),
    /// 407.
    Proxy(Refusal),
    /// 408, 425, 5xx.
    Unavailable(Refusal),
    /// No connection, or no answer.
    Failed(Failure),
    /// Any status, with what ilert never writes.
    Stranger {
        /// HTTP status.
        status: u16,
        /// What it answered with.
        what: Stranger,
    },
    /// 2xx with something else than was asked for, in JSON or empty.
    Unreadable {
        /// What was asked for.
        path: String,
    },
    /// A list without an end.
    Endless {
        /// What was asked for.
        path: String,
        /// How many items were read.
        most: usize,
    },
    /// More open alerts than are read.
    TooManyOpen {
        /// How many are read.
        most: usize,
    },
    /// A list of alerts that changed each time it was read.
    Restless,
    /// 200 or 201 with a null key.
    KeyWithheld {
        /// The alert source's id.
        id: i64,
        /// Its name.
        name: Shown,
    },
    /// 201 or 409 with neither a URL nor a key.
    UrlWithheld {
        /// The heartbeat monitor's id.
        id: i64,
        /// Its name.
        name: Shown,
    },
}

impl From<ClientError> for AccountError {
    fn from(error: ClientError) -> Self {
        Self::Client(error)
    }
}

impl From<UrlError> for AccountError {
    fn from(error: UrlError) -> Self {
        Self::Endpoint(error.to_string())
    }
}

impl AccountError {
    /// What an answer other than 2xx means (ilert's `OpenAPI`).
    pub(super) fn of(refusal: Refusal) -> Self {
        match (refusal.answer.status, refusal.answer.code.as_str()) {
            (402, _) => return Self::Plan(refusal),
            (403, "KEY_ERROR") => return Self::TokenWrong(refusal),
            (403, "OAUTH2_SCOPE_ERROR") => return Self::Scope(refusal),
            _ => {}
        }
        match StatusClass::of(refusal.answer.status) {
            StatusClass::Unauthorized => Self::TokenWrong(refusal),
            StatusClass::Forbidden => Self::Forbidden(refusal),
            StatusClass::NotFound => Self::NotFound(refusal),
            StatusClass::ProxyLogin => Self::Proxy(refusal),
            StatusClass::Limited => Self::Limited(refusal),
            StatusClass::Refused => Self::Refused(refusal),
            StatusClass::Redirect => Self::Redirected(refusal),
            StatusClass::Success | StatusClass::Passing => Self::Unavailable(refusal),
        }
    }

    /// Whether the same may go well later, with nothing changed here.
    #[must_use]
    pub fn may_pass(&self) -> bool {
        matches!(
            self,
            Self::Limited(_)
                | Self::Redirected(_)
                | Self::Proxy(_)
                | Self::Unavailable(_)
                | Self::Failed(_)
                | Self::Stranger { .. }
                | Self::Restless
                | Self::Unreadable { .. }
        )
    }

    /// Whether the configuration is what cannot be used.
    #[must_use]
    pub fn is_configuration(&self) -> bool {
        matches!(self, Self::Endpoint(_) | Self::Client(_))
    }
}
