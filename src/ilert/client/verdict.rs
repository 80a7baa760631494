//! What ilert's answer to an event means: accepted, try later, refused, or wrong key.

use std::fmt;
use std::time::Duration;

use crate::advice::{self, Advised};
use crate::http::{ErrorAnswer, Failure, StatusClass, Stranger};
use crate::ilert::words;
use crate::text::Shown;

/// What became of one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// 2xx of ilert's own (empty, or a JSON object): ilert has it. It answers before it processes: there is no id and
    /// no word on what comes of it.
    Accepted {
        /// HTTP status: 202, as far as is known.
        status: u16,
        /// ilert's `correlation-id`, for its support.
        correlation: Option<Shown>,
    },
    /// 400, 413, 422 and other 4xx: this event will never be taken as it is.
    Refused {
        /// HTTP status.
        status: u16,
        /// ilert's words, one line, without the key; empty where it said nothing.
        message: Shown,
    },
    /// 401, 403, 404: the key (or the endpoint) is wrong; no event will be taken.
    KeyWrong {
        /// HTTP status.
        status: u16,
        /// As above.
        message: Shown,
    },
    /// Not now.
    Later(RetryReason),
}

/// Why a request is to be tried again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RetryReason {
    /// 429, or a 503 that asks to wait: too many events. Certainly not processed.
    Limited {
        /// How long the answer asks to wait, 10 min at most. ilert itself does not say; a proxy may.
        retry_after: Option<Duration>,
    },
    /// Any status with a body that ilert never writes: a captive portal, a proxy or something that opens TLS answered
    /// in ilert's place. Neither accepted nor refused, and no word on the key. Not processed, unless with 5xx: a
    /// gateway in front of ilert, too, says in its own words that it waited for ilert in vain.
    Stranger {
        /// HTTP status.
        status: u16,
        /// What it answered with.
        what: Stranger,
    },
    /// 3xx, 407, 408, 425, 5xx: an answer that decides nothing. May have been processed, unless with 3xx and 407.
    Answered {
        /// HTTP status.
        status: u16,
        /// The answer's words, as in [`Verdict::Refused`].
        message: Shown,
    },
    /// No connection: refused, name, TLS, proxy. Certainly not processed.
    Unsent(Failure),
    /// On the wire, or not known not to be, and no answer. May have been processed.
    NoAnswer(Failure),
}

impl Verdict {
    /// What a status other than success and 429 means (ilert's documentation: never retry a 400, retry
    /// 5xx; an unknown key is a 4xx).
    pub(super) fn of(status: u16, message: Shown) -> Self {
        match StatusClass::of(status) {
            StatusClass::Unauthorized | StatusClass::Forbidden | StatusClass::NotFound => {
                Self::KeyWrong { status, message }
            }
            StatusClass::Refused => Self::Refused { status, message },
            StatusClass::Success
            | StatusClass::Redirect
            | StatusClass::ProxyLogin
            | StatusClass::Limited
            | StatusClass::Passing => Self::Later(RetryReason::Answered { status, message }),
        }
    }

    /// Whether ilert may have the event: it accepted it, or it was on the wire and nothing said no.
    #[must_use]
    pub fn maybe_processed(&self) -> bool {
        match self {
            Self::Accepted { .. } | Self::Later(RetryReason::NoAnswer(_)) => true,
            Self::Later(RetryReason::Answered { status, .. }) => {
                !matches!(StatusClass::of(*status), StatusClass::Redirect | StatusClass::ProxyLogin)
            }
            Self::Later(RetryReason::Stranger { status, .. }) => *status >= 500,
            Self::Refused { .. }
            | Self::KeyWrong { .. }
            | Self::Later(RetryReason::Limited { .. } | RetryReason::Unsent(_)) => false,
        }
    }
}

impl Advised for Verdict {
    fn what(&self) -> String {
        match self {
            Self::Accepted { correlation: Some(id), .. } => {
                format!("accepted by ilert (correlation-id {id})")
            }
            Self::Accepted { correlation: None, .. } => "accepted by ilert".to_owned(),
            Self::Refused { status, message } => format!(
                "ilert refused the event for good ({}): it will never take it as it is",
                answer(*status, message)
            ),
            Self::KeyWrong { status, message } => {
                format!("ilert does not accept the key ({})", answer(*status, message))
            }
            Self::Later(delay) => delay.what(),
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            Self::Accepted { .. } | Self::Refused { .. } => None,
            Self::KeyWrong { .. } => Some(
                "check `integration.api_key` against the alert source (type API, active), and `ilert.endpoint`"
                    .to_owned(),
            ),
            Self::Later(delay) => delay.hint(),
        }
    }
}

impl Advised for RetryReason {
    fn what(&self) -> String {
        match self {
            Self::Limited { retry_after: Some(wait) } => {
                format!("ilert takes no more events just now: it asks to wait {} s", wait.as_secs())
            }
            Self::Limited { retry_after: None } => {
                "ilert takes no more events for this key just now (429): it takes \
                                                    50 a minute from all senders together"
                    .to_owned()
            }
            Self::Stranger { status, what } => words::stranger(*status, *what),
            Self::Answered { status, message } => {
                let answer = answer(*status, message);
                match StatusClass::of(*status) {
                    StatusClass::Redirect => words::redirected(&answer, "key"),
                    StatusClass::ProxyLogin => words::proxy_login(&answer),
                    _ => format!("ilert did not take the event this time ({answer})"),
                }
            }
            Self::Unsent(failure) => format!("ilert could not be reached: {failure}"),
            Self::NoAnswer(failure) => format!("ilert may or may not have the event: {failure}"),
        }
    }

    fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::Stranger { .. } => words::HINT_STRANGER,
            Self::Answered { status, .. } => match StatusClass::of(*status) {
                StatusClass::Redirect => words::HINT_ENDPOINT,
                StatusClass::ProxyLogin => words::HINT_PROXY,
                _ => return None,
            },
            Self::Limited { .. } | Self::Unsent(_) | Self::NoAnswer(_) => return None,
        };
        Some(hint.to_owned())
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        advice::write(self, f)
    }
}

impl fmt::Display for RetryReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        advice::write(self, f)
    }
}

fn answer(status: u16, message: &Shown) -> ErrorAnswer {
    ErrorAnswer { status, code: Shown::default(), message: message.clone() }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{RetryReason, Verdict};
    use crate::http::{Failure, Stranger};

    #[test]
    fn knows_what_each_status_means() {
        let kind = |status| match Verdict::of(status, "".into()) {
            Verdict::Accepted { .. } => "accepted",
            Verdict::Refused { .. } => "refused",
            Verdict::KeyWrong { .. } => "key",
            Verdict::Later(_) => "later",
        };
        for status in [400, 402, 405, 409, 410, 413, 415, 422, 451] {
            assert_eq!(kind(status), "refused", "{status}");
        }
        for status in [401, 403, 404] {
            assert_eq!(kind(status), "key", "{status}");
        }
        for status in [301, 302, 307, 308, 407, 408, 425, 500, 502, 503, 504, 599, 999] {
            assert_eq!(kind(status), "later", "{status}");
        }
    }

    #[test]
    fn knows_what_ilert_may_have() {
        let answered = |status| Verdict::Later(RetryReason::Answered { status, message: "".into() });
        let stranger = |status| Verdict::Later(RetryReason::Stranger { status, what: Stranger::Page });
        for verdict in [answered(408), answered(500), answered(503), stranger(500), stranger(504)] {
            assert!(verdict.maybe_processed(), "{verdict:?}");
        }
        let limited = Verdict::Later(RetryReason::Limited { retry_after: None });
        for verdict in [limited, answered(307), answered(407), stranger(200), stranger(404), stranger(429)] {
            assert!(!verdict.maybe_processed(), "{verdict:?}");
        }
    }

    #[test]
    fn says_what_to_do() {
        let message = || "why".to_owned();
        let all = [
            Verdict::Accepted { status: 202, correlation: Some("abc".into()) },
            Verdict::Refused { status: 400, message: message().into() },
            Verdict::KeyWrong { status: 404, message: "".into() },
            Verdict::Later(RetryReason::Limited { retry_after: None }),
            Verdict::Later(RetryReason::Limited { retry_after: Some(Duration::from_secs(120)) }),
            Verdict::Later(RetryReason::Stranger { status: 200, what: Stranger::Page }),
            Verdict::Later(RetryReason::Answered { status: 302, message: "".into() }),
            Verdict::Later(RetryReason::Answered { status: 407, message: "an HTML page".into() }),
            Verdict::Later(RetryReason::Answered { status: 503, message: message().into() }),
            Verdict::Later(RetryReason::Unsent(Failure::Refused)),
            Verdict::Later(RetryReason::NoAnswer(Failure::Timeout)),
        ];
        insta::assert_snapshot!(all.map(|verdict| verdict.to_string()).join("\n"), @r#"
        accepted by ilert (correlation-id abc)
        ilert refused the event for good (400: why): it will never take it as it is
        ilert does not accept the key (404): check `integration.api_key` against the alert source (type API, active), and `ilert.endpoint`
        ilert takes no more events for this key just now (429): it takes 50 a minute from all senders together
        ilert takes no more events just now: it asks to wait 120 s
        something answered in ilert's place (200: an HTML page): check `ilert.proxy` or HTTPS_PROXY, whether this network wants a login first, and `ilert.endpoint`
        redirected elsewhere (302); not followed, because the key would go along: check `ilert.endpoint`
        the proxy wants a login (407: an HTML page): check `ilert.proxy` or HTTPS_PROXY
        ilert did not take the event this time (503: why)
        ilert could not be reached: connection refused
        ilert may or may not have the event: no answer in time
        "#);
    }
}
