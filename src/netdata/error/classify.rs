//! Which error a network failure or a refusal is, and whose: the agent's, or that of a proxy on the way.

use super::Error;
use crate::http::{Failure, Proxy, StatusClass, TlsFault};
use crate::text::Shown;

/// Which credentials went along with a request.
#[derive(Clone, Copy, Debug)]
pub(in crate::netdata) struct CredentialsSent {
    pub(in crate::netdata) token: bool,
    pub(in crate::netdata) password: bool,
}

impl Error {
    /// The same error seen through this proxy: whatever is not as it should be may be the proxy's own.
    pub(in crate::netdata) fn behind(self, proxy: Option<&Proxy>) -> Self {
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
    pub(in crate::netdata) fn failed(url: &str, failure: Failure, proxy: Option<&Proxy>) -> Self {
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
    pub(in crate::netdata) fn refused(
        url: &str,
        status: u16,
        to: Option<Shown>,
        sent: CredentialsSent,
    ) -> Self {
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
}

#[cfg(test)]
mod tests {
    use super::{CredentialsSent, Error};
    use crate::http::{Failure, Proxy, Route};
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
