//! Why an agent or parent could not be asked: each refusal in its own sentence, with what to do.
//!
//! URLs in here never hold credentials: they are built from the base URL without its user information.

use crate::http::{ClientError, Failure, Proxy, TlsFault};

/// Why no [`Client`](super::Client) can be built.
#[derive(Debug, thiserror::Error)]
pub enum SetUpError {
    /// The base URL of the agent is none.
    #[error(
        "cannot use the URL of the Netdata agent: {reason}. `url` under `[netdata]` must look like \
         `http://127.0.0.1:19999`"
    )]
    Url {
        /// What is wrong with it.
        reason: String,
    },
    /// A user name, password or token that no HTTP header can hold.
    #[error(
        "the {what} for Netdata holds a character that an HTTP header cannot carry (a line break, perhaps); \
         store it again as one line"
    )]
    Credential {
        /// Which one.
        what: &'static str,
    },
    /// The HTTP client itself.
    #[error(transparent)]
    Client(#[from] ClientError),
}

/// Which credentials went along with a request.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sent {
    pub(super) token: bool,
    pub(super) password: bool,
}

/// Why an agent or parent gave no usable answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Nothing listens there.
    #[error(
        "nothing listens at `{url}` (connection refused). Start Netdata, or correct `url` under `[netdata]`"
    )]
    Refused {
        /// What was asked.
        url: String,
    },
    /// The host name has no address.
    #[error(
        "the host name of `{url}` cannot be resolved. Correct `url` under `[netdata]`, or this machine's DNS"
    )]
    Dns {
        /// What was asked.
        url: String,
    },
    /// No answer in time.
    #[error(
        "no answer in time from `{url}`. Is the machine up, does a firewall drop the connection, is the agent \
         overloaded?"
    )]
    Timeout {
        /// What was asked.
        url: String,
    },
    /// The certificate or the handshake.
    #[error("no trusted TLS connection to `{url}`: {fault}. What to do: {}", fault.fix("[netdata]"))]
    Tls {
        /// What was asked.
        url: String,
        /// What is wrong.
        fault: TlsFault,
    },
    /// The proxy on the way failed, and not the agent.
    #[error(
        "{what}, so `{url}` is not asked. Correct {}, or name the agent's host in NO_PROXY",
        variable(proxy)
    )]
    Proxy {
        /// What was asked.
        url: String,
        /// Through which proxy.
        proxy: Proxy,
        /// What it does.
        what: String,
    },
    /// A refusal that may be the proxy's on the way, or the agent's.
    #[error("{error}. Or is it the proxy {proxy} that answers? Then name the agent's host in NO_PROXY")]
    Through {
        /// Through which proxy.
        proxy: Proxy,
        /// What it is if it is the agent's.
        error: Box<Error>,
    },
    /// `https://` where TLS is not spoken.
    #[error(
        "what answers at `{url}` does not speak TLS. Write `http://` in `url` under `[netdata]`, or set up TLS in the \
         `[web]` section of that agent's netdata.conf"
    )]
    NotTls {
        /// What was asked.
        url: String,
    },
    /// `http://` where TLS is spoken.
    #[error("what answers at `{url}` wants TLS. Write `https://` in `url` under `[netdata]`")]
    WantsTls {
        /// What was asked.
        url: String,
    },
    /// The peer hung up.
    #[error(
        "`{url}` closed the connection without an answer. If Netdata runs there, `allow connections from` in \
         the `[web]` section of its netdata.conf does not list this machine{}",
        if url.starts_with("http:") { "; or it speaks TLS alone: then write `https://` in `url` under `[netdata]`" }
        else { "; or it does not speak TLS: then write `http://` in `url` under `[netdata]`" }
    )]
    Closed {
        /// What was asked.
        url: String,
    },
    /// 451.
    #[error(
        "Netdata refuses `{url}` to this machine (451). Add its address to `allow dashboard from` in the \
         `[web]` section of that agent's netdata.conf"
    )]
    AccessList {
        /// What was asked.
        url: String,
    },
    /// 412, 403 or 401, though a bearer token was sent.
    #[error(
        "Netdata refuses the bearer token that `{url}` was asked with ({status}): it is wrong, or has expired. Netdata \
         Cloud mints tokens, they last 24 hours: put a new one into `bearer_token` under `[netdata]`, or turn `bearer \
         token protection` off in the `[web]` section of that agent's netdata.conf"
    )]
    TokenRefused {
        /// What was asked.
        url: String,
        /// The HTTP status.
        status: u16,
    },
    /// 401, though a user name and a password were sent.
    #[error(
        "`{url}` refuses the user name and the password (401). Correct `username` and `password` under `[netdata]`: \
         the reverse proxy in front of Netdata knows others"
    )]
    PasswordRefused {
        /// What was asked.
        url: String,
    },
    /// 412, and no token was sent.
    #[error(
        "Netdata refuses `{url}` without a bearer token (412). Set `bearer_token` under `[netdata]` (Netdata \
         Cloud mints tokens, they last 24 hours), or turn `bearer token protection` off in the `[web]` section \
         of that agent's netdata.conf"
    )]
    BearerProtection {
        /// What was asked.
        url: String,
    },
    /// 403.
    #[error(
        "`{url}` is forbidden to these credentials (403). Use a token or an account that may read alerts"
    )]
    Forbidden {
        /// What was asked.
        url: String,
    },
    /// 401, and nobody was named: not Netdata itself, but a reverse proxy in front of it.
    #[error(
        "`{url}` wants a user name and a password (401): a reverse proxy stands in front of Netdata. Set \
         `username` and `password` under `[netdata]`"
    )]
    Unauthorized {
        /// What was asked.
        url: String,
    },
    /// Something answers, but not Netdata.
    #[error(
        "what answers at `{url}` is not Netdata ({detail}). Correct `url` under `[netdata]`: it is the address \
         of the agent's dashboard, such as `http://127.0.0.1:19999`"
    )]
    NotNetdata {
        /// What was asked.
        url: String,
        /// What was found instead.
        detail: String,
    },
    /// 404 where a Netdata agent that has this API answers.
    #[error(
        "`{url}` is not there (404), though Netdata answers. Does a reverse proxy hide a part of its API?"
    )]
    NotFound {
        /// What was asked.
        url: String,
    },
    /// 503.
    #[error("Netdata at `{url}` is starting or stopping (503). It is asked again at the next run")]
    Starting {
        /// What was asked.
        url: String,
    },
    /// 3xx; not followed, for a redirect would carry credentials elsewhere.
    #[error(
        "`{url}` redirects{} ({status}), and redirects are not followed. Put the final address into `url` under \
         `[netdata]`",
        to.as_ref().map_or_else(String::new, |to| format!(" to `{to}`"))
    )]
    Redirect {
        /// What was asked.
        url: String,
        /// The HTTP status.
        status: u16,
        /// Where to, without credentials and query.
        to: Option<String>,
    },
    /// Any other HTTP status.
    #[error("`{url}` answers with HTTP status {status}. The agent's log, or its reverse proxy's, says why")]
    Status {
        /// What was asked.
        url: String,
        /// The HTTP status.
        status: u16,
    },
    /// An answer that is not the JSON it should be.
    #[error(
        "the answer of `{url}` cannot be read: {detail}. If this stays, please report it with the version of Netdata"
    )]
    Unreadable {
        /// What was asked.
        url: String,
        /// What is wrong, with line and column.
        detail: String,
    },
    /// An answer larger than this program is ready to hold.
    #[error(
        "the answer of `{url}` is larger than {limit} bytes. Is it Netdata? A parent this large needs several \
         smaller ones"
    )]
    TooLarge {
        /// What was asked.
        url: String,
        /// How much would have been read, bytes.
        limit: usize,
    },
    /// A network failure that has no name of its own here.
    #[error("asking `{url}` failed: {detail}")]
    Network {
        /// What was asked.
        url: String,
        /// What the network library says.
        detail: String,
    },
}

/// What names a proxy.
fn variable(proxy: &Proxy) -> &'static str {
    if proxy.configured {
        "the configuration's proxy"
    } else {
        "the variable (HTTP_PROXY, HTTPS_PROXY or ALL_PROXY)"
    }
}

impl Error {
    /// The same, where this proxy stands between: a refusal may be its own, a failure mostly is.
    pub(super) fn behind(self, proxy: Option<&Proxy>) -> Self {
        let Some(proxy) = proxy.cloned() else { return self };
        let failed = |url, what| Self::Proxy { url, what, proxy: proxy.clone() };
        match self {
            Self::Refused { url } => {
                failed(url, format!("nothing listens at the proxy {proxy} (connection refused)"))
            }
            Self::Dns { url } => {
                failed(url, format!("the host name of the proxy {proxy} cannot be resolved"))
            }
            Self::Status { url, status: 407 } => {
                failed(url, format!("the proxy {proxy} wants a user name and a password (407)"))
            }
            Self::Timeout { .. }
            | Self::Tls { .. }
            | Self::Closed { .. }
            | Self::Forbidden { .. }
            | Self::Starting { .. }
            | Self::Status { .. }
            | Self::Network { .. } => Self::Through { proxy, error: Box::new(self) },
            // The agent's, or of a kind that tells who it is.
            _ => self,
        }
    }

    /// What a network failure at this URL is.
    pub(super) fn failed(url: &str, failure: Failure, proxy: Option<&Proxy>) -> Self {
        let url = url.to_owned();
        match failure {
            Failure::ProxyLogin => Self::Status { url, status: 407 },
            Failure::NoProxy { failure, .. } | Failure::Through { failure, .. } => {
                return Self::failed(&url, *failure, proxy);
            }
            Failure::ProxyRefuses => Self::Network { url, detail: Failure::ProxyRefuses.to_string() },
            Failure::Refused => Self::Refused { url },
            Failure::Dns => Self::Dns { url },
            Failure::Timeout => Self::Timeout { url },
            Failure::Tls(TlsFault::NotTls) => Self::NotTls { url },
            Failure::Tls(fault) => Self::Tls { url, fault },
            // What hyper says of a TLS alert in the place of a status line.
            Failure::Other(detail) if url.starts_with("http:") && detail.contains("invalid HTTP version") => {
                Self::WantsTls { url }
            }
            Failure::Closed => Self::Closed { url },
            Failure::TooLarge(limit) => Self::TooLarge { url, limit },
            Failure::Other(detail) => Self::Network { url, detail },
        }
        .behind(proxy)
    }

    /// What an HTTP status other than 2xx means on Netdata. `to` is where a redirect points.
    pub(super) fn refused(url: &str, status: u16, to: Option<String>, sent: Sent) -> Self {
        let url = url.to_owned();
        match status {
            401 if sent.password => Self::PasswordRefused { url },
            401 | 403 | 412 if sent.token => Self::TokenRefused { url, status },
            401 => Self::Unauthorized { url },
            403 => Self::Forbidden { url },
            404 => Self::NotFound { url },
            412 => Self::BearerProtection { url },
            451 => Self::AccessList { url },
            503 => Self::Starting { url },
            300..=399 => Self::Redirect { url, status, to },
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

    /// Whether it leaves the agent well and one answer missing: it was slow, too large or broken, or the agent (or
    /// a proxy in front of it) could not make it. A refusal is none of these.
    pub(super) fn leaves_a_gap(&self) -> bool {
        match self {
            Self::Timeout { .. } | Self::TooLarge { .. } | Self::Unreadable { .. } => true,
            Self::Status { status, .. } => *status >= 500,
            Self::Through { error, .. } => error.leaves_a_gap(),
            _ => false,
        }
    }

    /// The same as a short clause, for the details of an alert that says why an agent is unreachable.
    #[must_use]
    pub fn reason(&self) -> String {
        match self {
            Self::Refused { .. } => "connection refused".to_owned(),
            Self::Dns { .. } => "its host name cannot be resolved".to_owned(),
            Self::Timeout { .. } => "no answer in time".to_owned(),
            Self::Tls { fault, .. } => format!("no trusted TLS connection: {fault}"),
            Self::Proxy { what, .. } => what.clone(),
            Self::Through { proxy, error } => format!("{} (through the proxy {proxy})", error.reason()),
            Self::NotTls { .. } => "what answers does not speak TLS".to_owned(),
            Self::WantsTls { .. } => "what answers wants TLS".to_owned(),
            Self::Closed { .. } => {
                "closes the connection: down, or this address is not in `allow connections from`".to_owned()
            }
            Self::AccessList { .. } => {
                "answers 451: this address is not in `allow dashboard from`".to_owned()
            }
            Self::BearerProtection { .. } => "answers 412: it wants a bearer token".to_owned(),
            Self::TokenRefused { status, .. } => {
                format!("answers {status}: the bearer token is wrong or has expired")
            }
            Self::PasswordRefused { .. } => "answers 401: the user name or the password is wrong".to_owned(),
            Self::Forbidden { .. } => "answers 403: the token or account may not read alerts".to_owned(),
            Self::Unauthorized { .. } => {
                "answers 401: a reverse proxy wants a user name and a password".to_owned()
            }
            Self::NotNetdata { detail, .. } => format!("what answers is not Netdata: {detail}"),
            Self::NotFound { .. } => "answers 404 where its API should be".to_owned(),
            Self::Starting { .. } => "answers 503: it is starting or stopping".to_owned(),
            Self::Redirect { status, .. } => format!("answers {status}, a redirect, which is not followed"),
            Self::Status { status, .. } => format!("answers with HTTP status {status}"),
            Self::Unreadable { detail, .. } => format!("its answer cannot be read: {detail}"),
            Self::TooLarge { limit, .. } => format!("its answer is larger than {limit} bytes"),
            Self::Network { detail, .. } => detail.clone(),
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
        let sent = Sent { token: false, password: false };
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
        ] {
            let words = error.to_string();
            assert!(words.contains(says) && words.contains("NO_PROXY"), "{words}");
            assert!(error.reason().contains("proxy") && !words.contains("word@"), "{words}");
        }
        // The agent's own, whatever stands between.
        assert!(matches!(refused(404), Error::NotFound { .. }));
        assert!(refused(503).is_starting() && refused(503).to_string().contains("starting or stopping"));
        assert!(refused(502).leaves_a_gap() && !refused(403).leaves_a_gap());
    }
}
