//! What can go wrong with an account: each answer in its own words, with what to do.

use std::fmt;

use serde_json::Value;

use crate::http::{self, ClientError, Failure, Stranger};
use crate::ilert::words;
use crate::secret::Secret;
use crate::text::one_line;
use crate::url::UrlError;

/// Longest code of ilert's that is repeated, in characters.
const LONGEST_CODE: usize = 60;

/// Why an account did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// `ilert.endpoint` cannot be used.
    #[error("`ilert.endpoint` is no URL such as https://api.ilert.com: {0}")]
    Endpoint(String),
    /// No client can be made from the configuration.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// The token cannot be one.
    #[error(
        "this is no API token of ilert's: it is empty, or has blanks or other characters in it that no token has; \
         copy it once more, and alone"
    )]
    NoToken,
    /// 401, or 403 `KEY_ERROR`.
    #[error(
        "ilert does not accept the API token ({0}): create one in ilert (your user's menu, API keys), for the account \
         behind `ilert.endpoint`"
    )]
    TokenWrong(Answer),
    /// 403 `OAUTH2_SCOPE_ERROR`.
    #[error("the API token's scope is too narrow ({0}): create one that may {scope}", scope = .0.subject.scope())]
    Scope(Answer),
    /// Another 403.
    #[error(
        "the API token's user may not do this in ilert ({0}): use the token of a user who may {right}, such as an admin",
        right = .0.subject.right()
    )]
    Forbidden(Answer),
    /// 402.
    #[error(
        "ilert's plan allows no {more} ({0}): {instead}",
        more = .0.subject.too_many(), instead = .0.subject.instead()
    )]
    Plan(Answer),
    /// 404.
    #[error("there is no such API at `ilert.endpoint` ({0}): it should be https://api.ilert.com")]
    NotFound(Answer),
    /// Another 4xx.
    #[error("ilert refused the request for good ({0}): a person must look")]
    Refused(Answer),
    /// 429.
    #[error("ilert takes no more requests just now ({0}): it takes 120 a minute for a token; wait a minute")]
    Limited(Answer),
    /// 3xx.
    #[error(
        "redirected elsewhere ({0}), which is not followed, for the token would go along: check `ilert.endpoint`"
    )]
    Redirected(Answer),
    /// 407.
    #[error("the proxy wants a login ({0}): check `ilert.proxy` or HTTPS_PROXY")]
    Proxy(Answer),
    /// 408, 425, 5xx.
    #[error("ilert could not do it this time ({0}): wait a minute")]
    Unavailable(Answer),
    /// No connection, or no answer.
    #[error("no answer from ilert: {0}; check the network")]
    Failed(Failure),
    /// Any status, with what ilert never writes.
    #[error(
        "something answered in ilert's place ({status}: {what}): check `ilert.proxy` or HTTPS_PROXY, whether this network \
         wants a login first, and `ilert.endpoint`"
    )]
    Stranger {
        /// HTTP status.
        status: u16,
        /// What it answered with.
        what: Stranger,
    },
    /// 2xx with something else than was asked for, in JSON or empty.
    #[error(
        "something answered in ilert's place, or ilert in another way than it used to (`/api/{path}`): check \
         `ilert.endpoint` and the proxy"
    )]
    Unreadable {
        /// What was asked for.
        path: String,
    },
    /// A list without an end.
    #[error("the list `/api/{path}` has more than {most} items, or no end: check `ilert.endpoint`")]
    Endless {
        /// What was asked for.
        path: String,
        /// How many items were read.
        most: usize,
    },
    /// More open alerts than are read.
    #[error(
        "more than {most} alerts are open in the alert source: resolve in ilert those that are not wanted any more, then \
         run this again"
    )]
    TooManyOpen {
        /// How many are read.
        most: usize,
    },
    /// A list of alerts that was another one each time.
    #[error("the list of open alerts changes faster than it can be read: wait a minute")]
    Restless,
    /// 200 or 201 with a null key.
    #[error(
        "the alert source `{name}` (id {id}) is there, but ilert keeps its API key from this token, as its user may \
         not edit the alert source: use the token of a user who may, or copy the key from the alert source in ilert"
    )]
    KeyWithheld {
        /// The alert source's id.
        id: i64,
        /// Its name.
        name: String,
    },
    /// 201 or 409 with neither a URL nor a key.
    #[error(
        "the heartbeat monitor `{name}` (id {id}) is there, but ilert keeps its URL from this token, as its user may \
         not edit the monitor: use the token of a user who may, or copy the URL from the monitor in ilert"
    )]
    UrlWithheld {
        /// The heartbeat monitor's id.
        id: i64,
        /// Its name.
        name: String,
    },
}

impl From<UrlError> for AccountError {
    fn from(error: UrlError) -> Self {
        Self::Endpoint(error.to_string())
    }
}

impl AccountError {
    /// What an answer other than 2xx means (ilert's `OpenAPI`).
    pub(super) fn of(answer: Answer) -> Self {
        match (answer.status, answer.code.as_str()) {
            (401, _) | (403, "KEY_ERROR") => Self::TokenWrong(answer),
            (403, "OAUTH2_SCOPE_ERROR") => Self::Scope(answer),
            (403, _) => Self::Forbidden(answer),
            (402, _) => Self::Plan(answer),
            (404, _) => Self::NotFound(answer),
            (407, _) => Self::Proxy(answer),
            (408 | 425, _) => Self::Unavailable(answer),
            (429, _) => Self::Limited(answer),
            (400..=499, _) => Self::Refused(answer),
            (300..=399, _) => Self::Redirected(answer),
            _ => Self::Unavailable(answer),
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

/// An answer other than 2xx, made fit to be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// ilert's code, such as `KEY_ERROR`; empty where it gave none.
    pub code: String,
    /// ilert's words, one line, without what was secret in the request; empty where it gave none.
    pub message: String,
    /// What was asked about.
    pub subject: Subject,
}

/// What a request is about, as far as a refusal's words depend on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The set-up of alert sources: who it is, escalation policies, alert sources.
    AlertSources,
    /// Alerts.
    Alerts,
    /// Heartbeat monitors.
    HeartbeatMonitors,
}

impl Subject {
    pub(super) fn of(path: &str) -> Self {
        match path {
            "alerts" => Self::Alerts,
            "heartbeat-monitors" => Self::HeartbeatMonitors,
            _ => Self::AlertSources,
        }
    }

    fn scope(self) -> &'static str {
        match self {
            Self::AlertSources => "read escalation policies, and read and write alert sources",
            Self::Alerts => "read alerts",
            Self::HeartbeatMonitors => "read and write heartbeat monitors",
        }
    }

    fn right(self) -> &'static str {
        match self {
            Self::AlertSources => "manage alert sources",
            Self::Alerts => "see the alert source's alerts",
            Self::HeartbeatMonitors => "manage heartbeat monitors",
        }
    }

    fn too_many(self) -> &'static str {
        match self {
            Self::AlertSources => "more alert sources",
            Self::Alerts => "look at alerts",
            Self::HeartbeatMonitors => "more heartbeat monitors",
        }
    }

    fn instead(self) -> &'static str {
        match self {
            Self::AlertSources => "remove one or extend the plan, or give the name of one that is there",
            Self::Alerts => "extend the plan, or look in ilert itself",
            Self::HeartbeatMonitors => "remove one or extend the plan, or go without one",
        }
    }
}

impl Answer {
    pub(super) fn read(
        status: u16,
        body: Result<&[u8], &Failure>,
        subject: Subject,
        secrets: &[&Secret],
    ) -> Self {
        let code = body
            .ok()
            .and_then(|body| serde_json::from_slice::<Value>(http::bare(body)).ok())
            .and_then(|error| Some(one_line(error.get("code")?.as_str()?, LONGEST_CODE)))
            // A code is a word of ilert's own; a secret is not one.
            .filter(|code| {
                code.bytes().all(|byte| byte.is_ascii_uppercase() || b"_0123456789".contains(&byte))
            })
            .filter(|code| secrets.iter().all(|secret| !code.eq_ignore_ascii_case(secret.expose())))
            .unwrap_or_default();
        Self { status, code, message: words(body, secrets), subject }
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.status)?;
        if !self.code.is_empty() {
            write!(f, " {}", self.code)?;
        }
        if !self.message.is_empty() && self.message != self.code {
            write!(f, ": {}", self.message)?;
        }
        Ok(())
    }
}
