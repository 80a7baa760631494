//! Checks that ilert can be reached. No event and no key is sent.

use super::words;
use crate::advice::Advised;
use crate::config;
use crate::http::{self, ClientError, Failure, Reading, Speaks, StatusClass, Stranger};

/// Largest answer that is read, in bytes: a larger one is not ilert's.
const LARGEST_ANSWER: usize = 64 * 1024;

/// Who is there, at the address of ilert's API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reached {
    /// ilert, with this HTTP status; or a redirect (3xx), or a proxy that wants a login (407).
    Ilert {
        /// `ilert.endpoint`.
        endpoint: String,
        /// The HTTP status.
        status: u16,
    },
    /// Somebody in its place.
    Stranger {
        /// `ilert.endpoint`.
        endpoint: String,
        /// The HTTP status.
        status: u16,
        /// What it answered with.
        what: Stranger,
    },
    /// Nobody.
    Nobody {
        /// `ilert.endpoint`.
        endpoint: String,
        /// Why.
        failure: Failure,
    },
}

/// Sends a GET to the address that takes events. ilert refuses it, and the body of its refusal shows that ilert
/// answered.
pub async fn reach(ilert: &config::Ilert) -> Result<Reached, ClientError> {
    let url = super::events(ilert)?;
    let client = http::client(ilert.ca_file.as_deref(), super::route(ilert, &url))?;
    let endpoint = ilert.endpoint.clone();
    let answer = match client.get(url.expose().clone()).send().await {
        Ok(answer) => answer,
        Err(error) => {
            let proxy = super::proxy(ilert, &url);
            let failure = Failure::of(&error.without_url()).behind(proxy.as_ref());
            return Ok(Reached::Nobody { endpoint, failure });
        }
    };
    let status = answer.status().as_u16();
    let body = http::body(answer, LARGEST_ANSWER).await;
    Ok(match Reading::of(status, body.as_deref(), Speaks::Objects) {
        Reading::Status(status) => Reached::Ilert { endpoint, status },
        Reading::Stranger(what) => Reached::Stranger { endpoint, status, what },
        Reading::Broken(failure) => Reached::Nobody { endpoint, failure },
    })
}

impl Advised for Reached {
    fn what(&self) -> String {
        match self {
            Self::Ilert { endpoint, status } => match StatusClass::of(*status) {
                StatusClass::ProxyLogin => format!("the proxy wants a user name and a password ({status})"),
                StatusClass::Redirect => format!(
                    "`{endpoint}` redirects elsewhere ({status}); not followed, because the key would go along"
                ),
                StatusClass::Passing => {
                    format!("`{endpoint}` is reached, but takes no events just now ({status})")
                }
                _ => format!("`{endpoint}` is reached"),
            },
            Self::Stranger { endpoint, status, what } => {
                format!("something else answers in ilert's place at `{endpoint}` ({status}: {what})")
            }
            Self::Nobody { endpoint, failure } => format!("`{endpoint}` cannot be reached: {failure}"),
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            Self::Ilert { status, .. } => {
                let hint = match StatusClass::of(*status) {
                    StatusClass::ProxyLogin => words::HINT_LOGIN,
                    StatusClass::Redirect => {
                        "correct `endpoint` under `[ilert]`: ilert's own is `https://api.ilert.com`"
                    }
                    StatusClass::Passing => {
                        "wait: events are kept and sent again. If it lasts, see `https://status.ilert.com`"
                    }
                    _ => return None,
                };
                Some(hint.to_owned())
            }
            Self::Stranger { .. } => Some(words::HINT_STRANGER.to_owned()),
            Self::Nobody { failure, .. } => {
                Some(words::hint_of_failure(failure, "`endpoint` under `[ilert]`"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Reached;
    use crate::advice::Advised;
    use crate::http::{Failure, Stranger};

    #[test]
    fn each_says_what_it_is_and_what_to_do() {
        let endpoint = || "https://x".to_owned();
        let ilert = |status| Reached::Ilert { endpoint: endpoint(), status };
        for (reached, what, hint) in [
            (ilert(404), "`https://x` is reached", None),
            (ilert(302), "redirects elsewhere (302)", Some("correct `endpoint`")),
            (ilert(407), "wants a user name and a password (407)", Some("user:password@")),
            (ilert(503), "takes no events just now (503)", Some("wait")),
            (
                Reached::Stranger { endpoint: endpoint(), status: 200, what: Stranger::Page },
                "at `https://x` (200: an HTML page)",
                Some("wants a login"),
            ),
            (
                Reached::Nobody { endpoint: endpoint(), failure: Failure::Dns },
                "`https://x` cannot be reached: the host name",
                Some("DNS, or `endpoint` under `[ilert]`"),
            ),
        ] {
            assert!(reached.what().contains(what), "{}", reached.what());
            let said = reached.hint();
            assert_eq!(said.is_some(), hint.is_some(), "{said:?}");
            assert!(said.unwrap_or_default().contains(hint.unwrap_or_default()), "{reached:?}");
        }
    }
}
