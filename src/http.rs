//! How this program speaks HTTP, to anyone: verified TLS, no redirects, bounded answers, and failures
//! told apart in words.
//!
//! Answers are classified here, once: [`StatusClass`] by their status, [`Reading`] by who wrote them, [`Failure`] by
//! why there is none. Each room that asks decides what that means to it, in its own words.
//!
//! Trusted are Mozilla's roots, which are built in, so that a machine without a certificate store (or
//! with a broken one) still delivers. `SSL_CERT_FILE` replaces them; a `ca_file` adds to either.

mod answer;
mod client_error;
mod failure;
mod proxy;
mod reading;
mod resolver;
mod retry_after;
mod status_class;
mod stranger;
mod tls;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use reqwest::header::HeaderValue;
use zeroize::Zeroizing;

pub use answer::{ErrorAnswer, shown, tells, words};
pub use client_error::ClientError;
pub use failure::Failure;
pub use proxy::{NO_PROXY, Proxy, proxy_variables, variables_of_proxy};
pub use reading::Reading;
pub use retry_after::retry_after;
pub use status_class::StatusClass;
pub use stranger::{NotTheirs, Speaks, Stranger, bare, json};
pub use tls::{Settings, TlsFault};

use crate::secret::Secret;
use crate::url::Url;

/// Time to connect, TLS handshake included.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Time for one request, from its start to the last byte of its answer.
pub const REQUEST_TIMEOUT: Duration = Duration::from_secs(10);

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

/// Whether a file of certificate authorities can be used: it is there, nobody else can change it, and it is PEM.
pub fn check_ca_file(path: &Path) -> Result<(), ClientError> {
    tls::check(path)
}

/// The same for each that is configured; the first that cannot be used is the error.
pub fn check_ca_files(files: [&Option<PathBuf>; 2]) -> Result<(), ClientError> {
    files.into_iter().flatten().try_for_each(|path| check_ca_file(path))
}

/// Builds a client. Costs a millisecond or so: build it when it is needed, and once.
pub fn client(ca_file: Option<&Path>, route: Route<'_>) -> Result<reqwest::Client, ClientError> {
    let builder = reqwest::Client::builder()
        .user_agent(concat!("netdata-ilert/", env!("CARGO_PKG_VERSION")))
        .redirect(reqwest::redirect::Policy::none())
        .dns_resolver(Arc::new(resolver::Resolver))
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

/// Reads an answer's body, as far as `limit` bytes; a larger one is an error, not cut.
pub async fn body(response: reqwest::Response, limit: usize) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    stream(response, limit, |chunk| bytes.extend_from_slice(chunk)).await?;
    Ok(bytes)
}

/// The same, taking it as it comes.
pub async fn stream(
    mut response: reqwest::Response,
    limit: usize,
    mut take: impl FnMut(&[u8]),
) -> Result<(), Failure> {
    let announced = response.content_length().and_then(|length| usize::try_from(length).ok());
    if announced.is_some_and(|length| length > limit) {
        return Err(Failure::TooLarge(limit));
    }
    let mut length = 0;
    while let Some(chunk) = response.chunk().await.map_err(|error| Failure::of(&error.without_url()))? {
        length += chunk.len();
        if length > limit {
            return Err(Failure::TooLarge(limit));
        }
        take(&chunk);
    }
    Ok(())
}
