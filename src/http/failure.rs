//! Why there is no answer: tells network failures apart by the types of the libraries' errors.

use std::error::Error as StdError;
use std::io;

use super::resolver::NoAddress;
use super::{ClientError, Proxy, TlsFault};
use crate::text::Shown;

/// hyper-util's word for no connection to a proxy, or no TLS with it; the reason is the next error.
const TO_PROXY: &str = "tunnel error: failed to create underlying connection";

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
    /// The proxy makes no connection to there. The library does not tell its answer.
    #[error("the proxy refuses to connect to it (its answer to CONNECT is not 200)")]
    ProxyRefuses,
    /// The proxy hung up.
    #[error("the proxy closed the connection without an answer")]
    ProxyClosed,
    /// What answers in a SOCKS proxy's place is none.
    #[error("what answers there does not speak SOCKS")]
    NoSocks,
    /// A SOCKS proxy makes no connection to there: its reason.
    #[error("the SOCKS proxy makes no connection to it: {0}")]
    SocksRefuses(Shown),
    /// A SOCKS proxy wants a login, and was given none; or another kind.
    #[error("the SOCKS proxy wants a login, a user name and a password, or another kind than it was given")]
    SocksWantsLogin,
    /// A SOCKS proxy refuses the login.
    #[error("the SOCKS proxy does not accept the user name and the password")]
    SocksRefusesLogin,
    /// No connection to the proxy; which one is not known here.
    #[error("the proxy cannot be reached: {0}")]
    ToProxy(Box<Failure>),
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
    /// There is no client to ask with.
    #[error("{0}")]
    Client(ClientError),
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
        let mut to_proxy = false;
        while let Some(current) = cause {
            last = current.to_string();
            if let Some(found) = Self::of_cause(current) {
                return if to_proxy { Self::ToProxy(Box::new(found)) } else { found };
            }
            to_proxy |= last == TO_PROXY;
            cause = current.source();
        }
        if error.is_timeout() { Self::Timeout } else { Self::Other(Shown::line(&last, LONGEST_REASON)) }
    }

    /// Reclassifies a failure seen through this proxy: was it the proxy's or the server's?
    #[must_use]
    pub fn behind(self, proxy: Option<&Proxy>) -> Self {
        let Some(proxy) = proxy.cloned() else { return self };
        let failure = Box::new(self);
        match *failure {
            Self::ToProxy(failure) => Self::NoProxy { proxy, failure },
            // Only the proxy speaks TLS with this program where a URL begins with `http://`.
            Self::Tls(_) if !proxy.tunnels() => Self::NoProxy { proxy, failure },
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

    /// Whether the proxy on the way failed, and not what is behind it.
    #[must_use]
    pub fn is_proxys(&self) -> bool {
        matches!(
            self,
            Self::ProxyLogin
                | Self::ProxyRefuses
                | Self::ProxyClosed
                | Self::NoSocks
                | Self::SocksRefuses(_)
                | Self::SocksWantsLogin
                | Self::SocksRefusesLogin
                | Self::ToProxy(_)
                | Self::NoProxy { .. }
        )
    }

    /// What to write into a proxy's URL, where this says that something in it is wrong.
    #[must_use]
    pub fn fix_of_proxy(&self) -> Option<&'static str> {
        match self {
            Self::NoProxy { proxy, failure } if proxy.is_encrypted() => match **failure {
                Self::Tls(TlsFault::NotTls) => Some("write `http://` for the proxy"),
                Self::Tls(TlsFault::Handshake | TlsFault::Incompatible) | Self::Closed => {
                    Some("write `http://` for the proxy, if it does not speak TLS")
                }
                _ => None,
            },
            Self::ProxyLogin => {
                Some("write the user name and the password too: `http://user:password@host:port`")
            }
            Self::SocksWantsLogin | Self::SocksRefusesLogin => {
                Some("write the user name and the password too: `socks5h://user:password@host:port`")
            }
            Self::Through { failure, .. } => failure.fix_of_proxy(),
            _ => None,
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
        if let Some(found) = Self::of_tunnel(&cause.to_string()) {
            return Some(found);
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

    /// hyper-util's errors of tunnels are of private types: their texts are all there is, and tests hold them fast.
    fn of_tunnel(words: &str) -> Option<Self> {
        if let Some(words) = words.strip_prefix("SOCKS error: ") {
            return Some(match words {
                "failed to create underlying connection" => {
                    Self::ToProxy(Box::new(Self::Other("no connection".into())))
                }
                "io error during SOCKS handshake" => Self::ProxyClosed,
                "failed parsing server response" => Self::NoSocks,
                "server does not support user/pass authentication"
                | "server implements authentication incorrectly" => Self::SocksWantsLogin,
                "credentials not accepted" => Self::SocksRefusesLogin,
                reason => Self::SocksRefuses(Shown::line(reason, LONGEST_REASON)),
            });
        }
        match words {
            "tunnel error: proxy authorization required" => Some(Self::ProxyLogin),
            "tunnel error: unsuccessful" => Some(Self::ProxyRefuses),
            "tunnel error: unexpected end of file" => Some(Self::ProxyClosed),
            _ => None,
        }
    }
}
