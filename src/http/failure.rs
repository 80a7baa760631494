//! Why there is no answer: tells network failures apart by the types of the libraries' errors.

use std::error::Error as StdError;
use std::io;

use super::resolver::NoAddress;
use super::{Proxy, TlsFault};
use crate::text::Shown;

/// Longest words of a library that are repeated, in characters.
const LONGEST_REASON: usize = 200;

/// Why a request got no usable answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// Nothing listens there.
    #[error("connection refused")]
    Refused,
    /// The name has no address.
    #[error("the host name cannot be resolved")]
    Dns,
    /// No connection, or no answer, in time.
    #[error("no answer in time")]
    Timeout,
    /// The certificate or the handshake.
    #[error("TLS failed: {0}")]
    Tls(TlsFault),
    /// The proxy wants a login.
    #[error("the proxy wants a user name and a password (407)")]
    ProxyLogin,
    /// The proxy makes no connection to there.
    #[error("the proxy refuses to connect to it")]
    ProxyRefuses,
    /// The proxy hung up.
    #[error("the proxy closed the connection without an answer")]
    ProxyClosed,
    /// A SOCKS proxy makes no connection to there, or what answers is none.
    #[error("what answers there makes no SOCKS connection to it")]
    NoSocks,
    /// The proxy itself is not reached.
    #[error("the proxy {proxy} cannot be reached: {failure}")]
    NoProxy {
        /// Which proxy.
        proxy: Proxy,
        /// Why.
        failure: Box<Failure>,
    },
    /// Failed on a way that leads through a proxy.
    #[error("{failure} (through the proxy {proxy})")]
    Through {
        /// Which proxy.
        proxy: Proxy,
        /// What failed.
        failure: Box<Failure>,
    },
    /// What answers speaks another protocol: TLS, perhaps.
    #[error("what answers does not speak HTTP")]
    NotHttp,
    /// The peer hung up.
    #[error("the connection was closed before an answer came")]
    Closed,
    /// An answer larger than was agreed to read.
    #[error("the answer is larger than {0} bytes")]
    TooLarge(usize),
    /// Anything else, in the library's words.
    #[error("{0}")]
    Other(Shown),
}

impl Failure {
    /// Tells what kind of failure an error is. The URL, which may hold a secret, is not repeated.
    #[must_use]
    pub fn of(error: &reqwest::Error) -> Self {
        let mut cause: Option<&(dyn StdError + 'static)> = Some(error);
        let mut last = String::new();
        while let Some(current) = cause {
            last = current.to_string();
            if let Some(found) = Self::of_cause(current) {
                return found;
            }
            cause = current.source();
        }
        if error.is_timeout() { Self::Timeout } else { Self::Other(Shown::line(&last, LONGEST_REASON)) }
    }

    /// What it is where this proxy stands between: whose failure it is, as far as that can be known.
    #[must_use]
    pub fn behind(self, proxy: Option<&Proxy>) -> Self {
        let Some(proxy) = proxy.cloned() else { return self };
        let failure = Box::new(self);
        match *failure {
            // `socks5://` resolves the target's name here; `socks5h://` leaves that to the proxy.
            Self::Dns if proxy.name().is_none() => Self::Through { proxy, failure },
            // A name is resolved, and a connection made, to the proxy alone.
            Self::Refused | Self::Dns => Self::NoProxy { proxy, failure },
            Self::TooLarge(_) | Self::NoProxy { .. } | Self::Through { .. } => *failure,
            _ => Self::Through { proxy, failure },
        }
    }

    /// What failed, wherever it did.
    #[must_use]
    pub fn itself(&self) -> &Self {
        match self {
            Self::Through { failure, .. } => failure,
            other => other,
        }
    }

    fn of_cause(cause: &(dyn StdError + 'static)) -> Option<Self> {
        if let Some(tls) = cause.downcast_ref::<rustls::Error>() {
            return Some(Self::Tls(TlsFault::of(tls)));
        }
        if let Some(error) = cause.downcast_ref::<hyper::Error>() {
            // hyper's own word for a peer that hung up has no `io::Error` behind it.
            if error.is_incomplete_message() {
                return Some(Self::Closed);
            }
            if error.is_parse() && !error.is_parse_too_large() {
                return Some(Self::NotHttp);
            }
        }
        if cause.is::<NoAddress>() {
            return Some(Self::Dns);
        }
        // hyper-util's error of a tunnel is of a private type: its text is all there is, and a test holds it fast.
        match cause.to_string().as_str() {
            "tunnel error: proxy authorization required" => return Some(Self::ProxyLogin),
            "tunnel error: unsuccessful" => return Some(Self::ProxyRefuses),
            "tunnel error: unexpected end of file" => return Some(Self::ProxyClosed),
            words if words.starts_with("SOCKS error: ") => return Some(Self::NoSocks),
            _ => {}
        }
        let error = cause.downcast_ref::<io::Error>()?;
        if let Some(found) = error.get_ref().and_then(|inner| Self::of_cause(inner)) {
            return Some(found);
        }
        match error.kind() {
            io::ErrorKind::ConnectionRefused => Some(Self::Refused),
            io::ErrorKind::TimedOut => Some(Self::Timeout),
            io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::BrokenPipe
            | io::ErrorKind::UnexpectedEof => Some(Self::Closed),
            _ => None,
        }
    }
}
