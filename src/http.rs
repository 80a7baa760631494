//! How this program speaks HTTP, to anyone: verified TLS, no redirects, bounded answers, and failures
//! told apart in words.
//!
//! Trusted are Mozilla's roots, which are built in, so that a machine without a certificate store (or
//! with a broken one) still delivers. `SSL_CERT_FILE` replaces them; a `ca_file` adds to either.

mod answer;
mod proxy;
mod retry_after;
mod stranger;
mod tls;

use std::error::Error as StdError;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use bytes::Bytes;
use reqwest::header::HeaderValue;
use zeroize::Zeroizing;

pub use answer::{shown, words};
pub use proxy::Proxy;
pub use retry_after::retry_after;
pub use stranger::{NotTheirs, Speaks, Stranger, bare, json};
pub use tls::TlsFault;

use crate::secret::Secret;
use crate::url::Url;

/// Time to connect, TLS handshake included.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Time for one request, from its start to the last byte of its answer.
pub const REQUEST_TIMEOUT: Duration = Duration::from_secs(10);

/// What a client cannot be built from.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClientError {
    /// A file of certificate authorities that cannot be used.
    #[error("cannot use the certificate authorities in `{}`{}: {reason}", path.display(), from_variable(*.variable))]
    Roots {
        /// Which file.
        path: PathBuf,
        /// Whether `SSL_CERT_FILE` named it, rather than the configuration.
        variable: bool,
        /// What is wrong with it.
        reason: String,
    },
    /// A proxy URL that cannot be used.
    #[error("cannot use the proxy of the configuration: {0}")]
    Proxy(String),
    /// A variable of the environment that should name a proxy, and does not.
    #[error(
        "cannot use the proxy that the variable {variable} names: {reason}. Correct it (`http://host:port`), or unset it"
    )]
    ProxyVariable {
        /// Which one.
        variable: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// Anything else.
    #[error("cannot start the HTTP client: {0}")]
    Build(String),
}

fn from_variable(variable: bool) -> &'static str {
    if variable { " (from SSL_CERT_FILE)" } else { "" }
}

/// Which way requests go.
#[derive(Clone, Copy, Debug)]
pub enum Route<'a> {
    /// Straight, whatever the environment says: for this machine itself.
    Direct,
    /// As `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` say.
    Environment,
    /// Through this proxy.
    Proxy(&'a str),
}

/// Builds a client. Costs a millisecond or so: build it when it is needed, and once.
pub fn client(ca_file: Option<&Path>, route: Route<'_>) -> Result<reqwest::Client, ClientError> {
    let builder = reqwest::Client::builder()
        .user_agent(concat!("netdata-ilert/", env!("CARGO_PKG_VERSION")))
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(CONNECT_TIMEOUT)
        .timeout(REQUEST_TIMEOUT)
        .tls_backend_preconfigured(tls::config(ca_file)?);
    let builder = match route {
        Route::Direct => builder.no_proxy(),
        Route::Environment => {
            proxy::check_variables()?;
            builder
        }
        Route::Proxy(url) => {
            let url = Url::proxy(url).map_err(|error| ClientError::Proxy(error.to_string()))?;
            let proxy = reqwest::Proxy::all(url.expose().clone());
            builder.proxy(proxy.map_err(|error| ClientError::Proxy(error.without_url().to_string()))?)
        }
    };
    builder.build().map_err(|error| ClientError::Build(error.without_url().to_string()))
}

/// The value of an `Authorization` header with this token: marked as sensitive, so that it is never printed, and wiped
/// when the last of the HTTP client has let go of it. `None` for what cannot be a token: nothing, or with blanks in it.
#[must_use]
pub fn bearer(token: &Secret) -> Option<HeaderValue> {
    let text = token.expose();
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return None;
    }
    let mut line = Zeroizing::new(Vec::with_capacity("Bearer ".len() + text.len()));
    line.extend_from_slice(b"Bearer ");
    line.extend_from_slice(text.as_bytes());
    let mut value = HeaderValue::from_maybe_shared(Bytes::from_owner(line)).ok()?;
    value.set_sensitive(true);
    Some(value)
}

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
    /// The proxy itself is not reached.
    #[error("the proxy {proxy} is not reached: {failure}")]
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
    /// The peer hung up.
    #[error("the connection was closed before an answer came")]
    Closed,
    /// An answer larger than was agreed to read.
    #[error("the answer is larger than {0} bytes")]
    TooLarge(usize),
    /// Anything else, in the library's words.
    #[error("{0}")]
    Other(String),
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
        if error.is_timeout() { Self::Timeout } else { Self::Other(last) }
    }

    /// What it is where this proxy stands between: whose failure it is, as far as that can be known.
    #[must_use]
    pub fn behind(self, proxy: Option<&Proxy>) -> Self {
        let Some(proxy) = proxy.cloned() else { return self };
        let failure = Box::new(self);
        match *failure {
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
        }
        // hyper-util's errors of resolver and tunnel are private; their texts are all there is.
        match cause.to_string().as_str() {
            "dns error" => return Some(Self::Dns),
            "tunnel error: proxy authorization required" => return Some(Self::ProxyLogin),
            "tunnel error: unsuccessful" | "tunnel error: unexpected end of file" => {
                return Some(Self::ProxyRefuses);
            }
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

/// Reads an answer's body, as far as `limit` bytes; a larger one is an error, not cut.
pub async fn body(mut response: reqwest::Response, limit: usize) -> Result<Vec<u8>, Failure> {
    let announced = response.content_length().and_then(|length| usize::try_from(length).ok());
    if announced.is_some_and(|length| length > limit) {
        return Err(Failure::TooLarge(limit));
    }
    let mut bytes = Vec::with_capacity(announced.unwrap_or(16 * 1024));
    while let Some(chunk) = response.chunk().await.map_err(|error| Failure::of(&error.without_url()))? {
        if bytes.len() + chunk.len() > limit {
            return Err(Failure::TooLarge(limit));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}
