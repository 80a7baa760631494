//! What can go wrong with Netdata Cloud: each answer in its own words, with what to do.

use std::fmt;

use crate::advice::{self, Advised};
use crate::http::{ClientError, ErrorAnswer, Failure, StatusClass};
use crate::url::UrlError;

/// Why Netdata Cloud did not tell what it was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CloudError {
    /// The base URL cannot be used.
    Base(String),
    /// No client can be made.
    Client(ClientError),
    /// The token cannot be one.
    NoToken,
    /// The id cannot be one.
    NoId(String),
    /// 401.
    TokenWrong(ErrorAnswer),
    /// 403.
    Forbidden(ErrorAnswer),
    /// 404.
    NotFound(ErrorAnswer),
    /// Another 4xx.
    Refused(ErrorAnswer),
    /// 429.
    Limited(ErrorAnswer),
    /// 3xx.
    Redirected(ErrorAnswer),
    /// 407.
    Proxy(ErrorAnswer),
    /// 408, 425, 5xx.
    Unavailable(ErrorAnswer),
    /// No connection, or no answer that can be read to its end.
    Failed(Failure),
    /// 2xx with something else than was asked for.
    Unreadable {
        /// What was asked for.
        path: String,
    },
}

impl From<ClientError> for CloudError {
    fn from(error: ClientError) -> Self {
        Self::Client(error)
    }
}

impl From<UrlError> for CloudError {
    fn from(error: UrlError) -> Self {
        Self::Base(error.to_string())
    }
}

impl CloudError {
    /// What an answer other than 2xx means.
    pub(super) fn of(answer: ErrorAnswer) -> Self {
        match StatusClass::of(answer.status) {
            StatusClass::Unauthorized => Self::TokenWrong(answer),
            StatusClass::Forbidden => Self::Forbidden(answer),
            StatusClass::NotFound => Self::NotFound(answer),
            StatusClass::ProxyLogin => Self::Proxy(answer),
            StatusClass::Limited => Self::Limited(answer),
            StatusClass::Refused => Self::Refused(answer),
            StatusClass::Redirect => Self::Redirected(answer),
            StatusClass::Success | StatusClass::Passing => Self::Unavailable(answer),
        }
    }
}

impl Advised for CloudError {
    fn what(&self) -> String {
        match self {
            Self::Base(reason) => {
                format!("this is not a URL of Netdata Cloud such as https://app.netdata.cloud: {reason}")
            }
            Self::Client(error) => error.what(),
            Self::NoToken => "this is not a Netdata Cloud API token: it is empty, or has spaces or other \
                              characters in it that no token has"
                .to_owned(),
            Self::NoId(id) => format!("`{id}` is not the id of a space or room"),
            Self::TokenWrong(answer) => format!("Netdata Cloud does not accept the API token ({answer})"),
            Self::Forbidden(answer) => format!("the API token may not see this in Netdata Cloud ({answer})"),
            Self::NotFound(answer) => format!("Netdata Cloud has no such space or room ({answer})"),
            Self::Refused(answer) => format!("Netdata Cloud refused the request for good ({answer})"),
            Self::Limited(answer) => format!("Netdata Cloud takes no more requests just now ({answer})"),
            Self::Redirected(answer) => {
                format!("redirected elsewhere ({answer}); not followed, because the token would go along")
            }
            Self::Proxy(answer) => format!("the proxy wants a login ({answer})"),
            Self::Unavailable(answer) => format!("Netdata Cloud could not do it this time ({answer})"),
            Self::Failed(failure) => format!("no usable answer from Netdata Cloud: {failure}"),
            Self::Unreadable { path } => format!(
                "something answered in Netdata Cloud's place, or Netdata Cloud in another way than it used to \
                 (`/api/{path}`)"
            ),
        }
    }

    fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::Base(_) => return None,
            Self::Client(error) => return error.hint(),
            Self::NoToken => "copy it again, and nothing else",
            Self::NoId(_) => "take one from Netdata Cloud's list",
            Self::TokenWrong(_) => {
                "create one in Netdata Cloud (profile picture, User Settings, API Tokens) with the scope `scope:all`"
            }
            Self::Forbidden(_) => {
                "its scope must be `scope:all`, and its user a member of the space (profile picture, User Settings, \
                 API Tokens)"
            }
            Self::NotFound(_) => {
                "it may have been removed, or the token's user is not a member; list them again"
            }
            Self::Refused(_) => "see what the answer says",
            Self::Limited(_) | Self::Unavailable(_) => "wait a minute",
            Self::Redirected(_) | Self::Unreadable { .. } => "check the network and the proxy",
            Self::Proxy(_) => "check HTTPS_PROXY",
            Self::Failed(_) => "check the network",
        };
        Some(hint.to_owned())
    }
}

impl fmt::Display for CloudError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        advice::write(self, f)
    }
}
