//! Why an agent or parent could not be asked. Each refusal is a case of its own; `words` puts it into words.
//!
//! URLs in here never hold credentials: they are built from the base URL without its user information.

mod set_up;
mod words;

use crate::http::{Failure, Proxy, StatusClass, TlsFault};
use crate::text::Shown;

pub use set_up::SetUpError;

/// Which credentials went along with a request.
#[derive(Clone, Copy, Debug)]
pub(super) struct CredentialsSent {
    pub(super) token: bool,
    pub(super) password: bool,
}

/// Why an agent or parent gave no usable answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Nothing listens there.
    Refused {
        /// What was asked.
        url: String,
    },
    /// The host name has no address.
    Dns {
        /// What was asked.
        url: String,
    },
    /// No answer in time.
    Timeout {
        /// What was asked.
        url: String,
    },
    /// The certificate or the handshake.
    Tls {
        /// What was asked.
        url: String,
        /// What is wrong.
        fault: TlsFault,
    },
    /// The proxy on the way failed, and not the agent.
    Proxy {
        /// What was asked.
        url: String,
        /// Through which proxy.
        proxy: Proxy,
        /// What it does.
        what: String,
        /// What to do about it, if that is known.
        fix: Option<&'static str>,
    },
    /// A refusal that may be the proxy's on the way, or the agent's.
    Through {
        /// Through which proxy.
        proxy: Proxy,
        /// What it is if it is the agent's.
        error: Box<Error>,
    },
    /// `https://` where TLS is not spoken.
    NotTls {
        /// What was asked.
        url: String,
    },
    /// `http://` where TLS is spoken.
    WantsTls {
        /// What was asked.
        url: String,
    },
    /// The peer hung up.
    Closed {
        /// What was asked.
        url: String,
    },
    /// 451.
    AccessList {
        /// What was asked.
        url: String,
    },
    /// 412, 403 or 401, though a bearer token was sent.
    TokenRefused {
        /// What was asked.
        url: String,
        /// The HTTP status.
        status: u16,
    },
    /// 401, though a user name and a password were sent.
    PasswordRefused {
        /// What was asked.
        url: String,
    },
    /// 412, and no token was sent.
    BearerProtection {
        /// What was asked.
        url: String,
    },
    /// 403.
    Forbidden {
        /// What was asked.
        url: String,
    },
    /// 401, and no credentials were sent: from a reverse proxy in front of Netdata.
    Unauthorized {
        /// What was asked.
        url: String,
    },
    /// Something answers, but not Netdata.
    NotNetdata {
        /// What was asked.
        url: String,
        /// What was found instead.
        detail: Shown,
    },
    /// 404 where a Netdata agent that has this API answers.
    NotFound {
        /// What was asked.
        url: String,
    },
    /// 503.
    Starting {
        /// What was asked.
        url: String,
    },
    /// 3xx; not followed, for a redirect would carry credentials elsewhere.
    Redirect {
        /// What was asked.
        url: String,
        /// The HTTP status.
        status: u16,
        /// Where to, without credentials and query.
        to: Option<Shown>,
    },
    /// Any other HTTP status.
    Status {
        /// What was asked.
        url: String,
        /// The HTTP status.
        status: u16,
    },
    /// An answer that is not the JSON it should be.
    Unreadable {
        /// What was asked.
        url: String,
        /// What is wrong, with line and column.
        detail: Shown,
    },
    /// An answer that came and that took longer to read than there was time.
    SlowToRead {
        /// What was asked.
        url: String,
        /// How large it is.
        bytes: usize,
        /// Whether it is JSON, as far as it was read.
        is_json: bool,
    },
    /// An answer larger than this program is ready to hold.
    TooLarge {
        /// What was asked.
        url: String,
        /// How much would have been read, bytes.
        limit: usize,
    },
    /// A network failure that has no name of its own here.
    Network {
        /// What was asked.
        url: String,
        /// What the network library says.
        detail: Shown,
    },
}

impl Error {
    /// The same error seen through this proxy: whatever is not as it should be may be the proxy's own.
    pub(super) fn behind(self, proxy: Option<&Proxy>) -> Self {
        let Some(proxy) = proxy.cloned() else { return self };
        match self {
            Self::Status { url, status } if StatusClass::of(status) == StatusClass::ProxyLogin => {
                Self::of_proxy(url, proxy, &Failure::ProxyLogin)
            }
            Self::Timeout { .. }
            | Self::Tls { .. }
            | Self::NotTls { .. }
            | Self::WantsTls { .. }
            | Self::Closed { .. }
            | Self::Unauthorized { .. }
            | Self::Forbidden { .. }
            | Self::NotNetdata { .. }
            | Self::Starting { .. }
            | Self::Redirect { .. }
            | Self::Status { .. }
            | Self::Unreadable { .. }
            | Self::Network { .. } => Self::Through { proxy, error: Box::new(self) },
            // These are the agent's, or say themselves whose they are.
            _ => self,
        }
    }

    /// What a network failure at this URL is.
    pub(super) fn failed(url: &str, failure: Failure, proxy: Option<&Proxy>) -> Self {
        let url = url.to_owned();
        match failure.behind(proxy) {
            Failure::Through { proxy, failure } => match *failure {
                failure if failure.is_proxys() => Self::of_proxy(url, proxy, &failure),
                // It is not an agent that wants TLS: the proxy would say so in words.
                failure @ Failure::NotHttp => {
                    Self::Network { url, detail: failure.to_string().into() }.behind(Some(&proxy))
                }
                failure @ Failure::Dns => {
                    Self::Through { error: Box::new(Self::of_failure(url, failure)), proxy }
                }
                failure => Self::of_failure(url, failure).behind(Some(&proxy)),
            },
            Failure::NoProxy { proxy, failure } => {
                let whole = Failure::NoProxy { proxy: proxy.clone(), failure };
                Self::of_proxy(url, proxy, &whole)
            }
            failure => Self::of_failure(url, failure),
        }
    }

    /// What a failure of the proxy itself is.
    fn of_proxy(url: String, proxy: Proxy, failure: &Failure) -> Self {
        let what = match failure {
            Failure::NoProxy { failure, .. } if **failure == Failure::Refused => {
                format!("nothing listens at the proxy {proxy} (connection refused)")
            }
            Failure::NoProxy { failure, .. } if **failure == Failure::Dns => {
                format!("the host name of the proxy {proxy} cannot be resolved")
            }
            Failure::ProxyLogin => format!("the proxy {proxy} wants a user name and a password (407)"),
            failure @ Failure::NoProxy { .. } => failure.to_string(),
            failure => format!("{failure} (through the proxy {proxy})"),
        };
        Self::Proxy { url, what, fix: failure.fix_of_proxy(), proxy }
    }

    /// What a network failure is where no proxy is on the way.
    fn of_failure(url: String, failure: Failure) -> Self {
        match failure {
            Failure::Refused => Self::Refused { url },
            Failure::Dns => Self::Dns { url },
            Failure::Timeout => Self::Timeout { url },
            Failure::Tls(TlsFault::NotTls) => Self::NotTls { url },
            Failure::Tls(fault) => Self::Tls { url, fault },
            // A TLS alert in the place of a status line.
            Failure::NotHttp if url.starts_with("http:") => Self::WantsTls { url },
            Failure::Closed => Self::Closed { url },
            Failure::TooLarge(limit) => Self::TooLarge { url, limit },
            Failure::Other(detail) => Self::Network { url, detail },
            failure => Self::Network { url, detail: failure.to_string().into() },
        }
    }

    /// What an HTTP status other than 2xx means on Netdata. `to` is where a redirect points.
    pub(super) fn refused(url: &str, status: u16, to: Option<Shown>, sent: CredentialsSent) -> Self {
        let url = url.to_owned();
        match (status, StatusClass::of(status)) {
            (412, _) if !sent.token => Self::BearerProtection { url },
            (451, _) => Self::AccessList { url },
            (503, _) => Self::Starting { url },
            (_, StatusClass::Unauthorized) if sent.password => Self::PasswordRefused { url },
            (412, _) | (_, StatusClass::Unauthorized | StatusClass::Forbidden) if sent.token => {
                Self::TokenRefused { url, status }
            }
            (_, StatusClass::Unauthorized) => Self::Unauthorized { url },
            (_, StatusClass::Forbidden) => Self::Forbidden { url },
            (_, StatusClass::NotFound) => Self::NotFound { url },
            (_, StatusClass::Redirect) => Self::Redirect { url, status, to },
            _ => Self::Status { url, status },
        }
    }

    /// Whether the agent is starting or stopping, as far as it is the agent that says so.
    #[must_use]
    pub fn is_starting(&self) -> bool {
        match self {
            Self::Starting { .. } => true,
            Self::Through { error, .. } => error.is_starting(),
            _ => false,
        }
    }

    /// Whether only one answer is missing and the agent is well: the answer was slow, too large or broken, or the agent
    /// (or a proxy in front of it) could not make it. A refusal is none of these.
    pub(super) fn leaves_a_gap(&self) -> bool {
        match self {
            Self::Timeout { .. }
            | Self::SlowToRead { .. }
            | Self::TooLarge { .. }
            | Self::Unreadable { .. } => true,
            Self::Status { status, .. } => *status >= 500,
            Self::Through { error, .. } => error.leaves_a_gap(),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::Route;
    use crate::url::Url;

    #[test]
    fn names_the_party_that_failed() {
        let url = "http://netdata.example:19999/api/v3/info";
        let proxy =
            Proxy::between(&Url::parse(url).unwrap(), Route::Proxy("http://me:word@proxy.example:3128"));
        let failed = |failure| Error::failed(url, failure, proxy.as_ref());
        let sent = CredentialsSent { token: false, password: false };
        let refused = |status| Error::refused(url, status, None, sent).behind(proxy.as_ref());
        for (error, says) in [
            (failed(Failure::Refused), "nothing listens at the proxy `http://****@proxy.example:3128`"),
            (
                failed(Failure::Dns),
                "the host name of the proxy `http://****@proxy.example:3128` cannot be resolved",
            ),
            (failed(Failure::ProxyLogin), "the proxy `http://****@proxy.example:3128` wants a user name"),
            (failed(Failure::ProxyRefuses), "the proxy refuses to connect"),
            (failed(Failure::Timeout), "is it the proxy `http://****@proxy.example:3128` that answers?"),
            (refused(407), "the proxy `http://****@proxy.example:3128` wants a user name"),
            (refused(403), "is it the proxy `http://****@proxy.example:3128` that answers?"),
            (refused(503), "is it the proxy `http://****@proxy.example:3128` that answers?"),
            (refused(302), "is it the proxy `http://****@proxy.example:3128` that answers?"),
            (failed(Failure::NotHttp), "does not speak HTTP (through the proxy `http://****@proxy.example"),
            (
                Error::NotNetdata { url: url.into(), detail: "an HTML page".into() }.behind(proxy.as_ref()),
                "is it the proxy `http://****@proxy.example:3128` that answers?",
            ),
            (failed(Failure::SocksWantsLogin), "`socks5h://user:password@host:port`"),
        ] {
            let words = error.to_string();
            assert!(words.contains(says) && words.contains("NO_PROXY"), "{words}");
            assert!(error.reason().contains("proxy") && !words.contains("me:word"), "{words}");
        }
        // The agent's own, whatever stands between.
        assert!(matches!(refused(404), Error::NotFound { .. }));
        assert!(refused(503).is_starting() && refused(503).to_string().contains("starting or stopping"));
        assert!(refused(502).leaves_a_gap() && !refused(403).leaves_a_gap());
    }
}
