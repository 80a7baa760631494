//! What can go wrong with Netdata Cloud: each answer in its own words, with what to do.

use std::fmt;

use crate::http::{self, ClientError, Failure};
use crate::secret::Secret;
use crate::url::UrlError;

/// Why Netdata Cloud did not tell what it was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CloudError {
    /// The base URL cannot be used.
    #[error("this is no URL of Netdata Cloud such as https://app.netdata.cloud: {0}")]
    Base(String),
    /// No client can be made.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// The token cannot be one.
    #[error(
        "this is no API token of Netdata Cloud's: it is empty, or has blanks or other characters in it that no token \
         has; copy it once more, and alone"
    )]
    NoToken,
    /// The id cannot be one.
    #[error("`{0}` is no id of a space or room: take one from Netdata Cloud's list")]
    NoId(String),
    /// 401.
    #[error(
        "Netdata Cloud does not accept the API token ({0}): create one in Netdata Cloud (profile picture, User \
         Settings, API Tokens) with the scope `scope:all`"
    )]
    TokenWrong(Answer),
    /// 403.
    #[error(
        "the API token may not see this in Netdata Cloud ({0}): its scope must be `scope:all`, and its user a member \
         of the space (profile picture, User Settings, API Tokens)"
    )]
    Forbidden(Answer),
    /// 404.
    #[error(
        "Netdata Cloud has no such space or room ({0}): it may have been removed, or the token's user is no member; \
         read the list once more"
    )]
    NotFound(Answer),
    /// Another 4xx.
    #[error("Netdata Cloud refused the request for good ({0}): a person must look")]
    Refused(Answer),
    /// 429.
    #[error("Netdata Cloud takes no more requests just now ({0}): wait a minute")]
    Limited(Answer),
    /// 3xx.
    #[error(
        "redirected elsewhere ({0}), which is not followed, for the token would go along: check the network and the \
         proxy"
    )]
    Redirected(Answer),
    /// 407.
    #[error("the proxy wants a login ({0}): check HTTPS_PROXY")]
    Proxy(Answer),
    /// 408, 425, 5xx.
    #[error("Netdata Cloud could not do it this time ({0}): wait a minute")]
    Unavailable(Answer),
    /// No connection, or no answer that can be read to its end.
    #[error("no usable answer from Netdata Cloud: {0}; check the network")]
    Failed(Failure),
    /// 2xx with something else than was asked for.
    #[error(
        "something answered in Netdata Cloud's place, or Netdata Cloud in another way than it used to \
         (`/api/{path}`): check the network and the proxy"
    )]
    Unreadable {
        /// What was asked for.
        path: String,
    },
}

impl From<UrlError> for CloudError {
    fn from(error: UrlError) -> Self {
        Self::Base(error.to_string())
    }
}

impl CloudError {
    /// What an answer other than 2xx means.
    pub(super) fn of(answer: Answer) -> Self {
        match answer.status {
            401 => Self::TokenWrong(answer),
            403 => Self::Forbidden(answer),
            404 => Self::NotFound(answer),
            407 => Self::Proxy(answer),
            408 | 425 => Self::Unavailable(answer),
            429 => Self::Limited(answer),
            400..=499 => Self::Refused(answer),
            300..=399 => Self::Redirected(answer),
            _ => Self::Unavailable(answer),
        }
    }
}

/// An answer other than 2xx, made fit to be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Cloud's words, one line, without the token; empty where it gave none.
    pub message: String,
}

impl Answer {
    pub(super) fn read(status: u16, body: Result<&[u8], &Failure>, token: &Secret) -> Self {
        Self { status, message: http::words(body, &["errorMessage", "errorMsgKey"], &[token]) }
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.status)?;
        if !self.message.is_empty() {
            write!(f, ": {}", self.message)?;
        }
        Ok(())
    }
}
