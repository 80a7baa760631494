//! Which proxy stands between this program and a URL, so that a failure names the party that failed.

use std::ffi::OsString;
use std::fmt;
use std::sync::Arc;

use hyper_util::client::proxy::matcher::Matcher;

use super::{ClientError, Route};
use crate::secret::Secret;
use crate::url::Url;

/// The variables that name proxies, as they are looked at: of each line the first that is set counts.
const VARIABLES: [[&str; 2]; 3] =
    [["HTTPS_PROXY", "https_proxy"], ["HTTP_PROXY", "http_proxy"], ["ALL_PROXY", "all_proxy"]];

/// The variables that name exceptions from proxies.
pub const NO_PROXY: [&str; 2] = ["NO_PROXY", "no_proxy"];

/// All variables that decide which proxy is asked.
pub fn proxy_variables() -> impl Iterator<Item = &'static str> {
    VARIABLES.into_iter().flatten().chain(NO_PROXY)
}

/// The variables that name the proxy for this URL, as they are looked at: the first that is set counts.
#[must_use]
pub fn variables_of_proxy(url: &Url) -> &'static [&'static str] {
    if url.is_encrypted() {
        &["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"]
    } else {
        &["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"]
    }
}

/// A proxy on the way; shown without user and password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proxy {
    /// `None` where it is one that the library understands and this program does not.
    url: Option<Arc<Url>>,
    /// The configuration names it, not a variable of the environment.
    pub configured: bool,
    /// What is asked through it is `https://`.
    tunnels: bool,
}

impl Proxy {
    fn new(url: &str, configured: bool, target: &Url) -> Self {
        let url = Url::proxy(url).ok().map(Arc::new);
        Self { url, configured, tunnels: target.is_encrypted() }
    }

    /// Whether it only makes a connection, and does not answer itself: what is behind it is `https://`.
    pub(super) fn tunnels(&self) -> bool {
        self.tunnels
    }

    /// Whether TLS is spoken with the proxy itself.
    pub(super) fn is_encrypted(&self) -> bool {
        self.url.as_ref().is_some_and(|url| url.is_encrypted())
    }

    /// Its name and port; `None` where the host is an address.
    #[must_use]
    pub fn name(&self) -> Option<(&str, u16)> {
        self.url.as_ref()?.name()
    }

    /// The same as [`Self::between`]; an error where a variable of the environment names none.
    pub fn on_way(url: &Url, route: Route<'_>) -> Result<Option<Self>, ClientError> {
        if let Route::Environment = route {
            check_variables()?;
        }
        Ok(Self::between(url, route))
    }

    /// The URL and the login of the proxy through which this URL is asked where these variables are set; both may be
    /// secret.
    #[must_use]
    pub fn named(url: &Url, variable: impl Fn(&str) -> Option<String>) -> Option<Secret> {
        let [https, http, all] =
            VARIABLES.map(|names| names.into_iter().find_map(&variable).unwrap_or_default());
        let except = NO_PROXY.into_iter().find_map(&variable).unwrap_or_default();
        let matcher = Matcher::builder().https(https).http(http).all(all).no(except).build();
        let found = matcher.intercept(&url.expose().as_str().parse().ok()?)?;
        Some(Secret::new(format!("{} {:?} {:?}", found.uri(), found.basic_auth(), found.raw_auth())))
    }

    /// The proxy through which this URL is asked on this way, if any.
    #[must_use]
    pub fn between(url: &Url, route: Route<'_>) -> Option<Self> {
        match route {
            Route::Direct => None,
            Route::Proxy(proxy) => Some(Self::new(proxy, true, url)),
            Route::Environment => {
                let found = Matcher::from_system().intercept(&url.expose().as_str().parse().ok()?)?;
                Some(Self::new(&found.uri().to_string(), false, url))
            }
        }
    }
}

impl fmt::Display for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.url {
            Some(url) => write!(f, "`{url}`"),
            None => f.write_str("that is set"),
        }
    }
}

/// Refuses a variable that names no proxy: it would be passed over without a word.
pub(super) fn check_variables() -> Result<(), ClientError> {
    for names in VARIABLES {
        let set = names.iter().find_map(|name| Some((*name, std::env::var_os(name)?)));
        let is_blank = |value: &OsString| value.to_str().is_some_and(|value| value.trim().is_empty());
        let Some((variable, value)) = set.filter(|(_, value)| !is_blank(value)) else { continue };
        let checked = value.to_str().ok_or_else(|| "it is not UTF-8 text".to_owned()).and_then(check);
        if let Err(reason) = checked {
            return Err(ClientError::ProxyVariable { variable, reason });
        }
    }
    Ok(())
}

/// Whether this is a proxy's URL. Errors leave the value out: it may hold a password.
fn check(value: &str) -> Result<(), String> {
    let value = value.trim();
    Url::proxy(value).map_err(|error| error.to_string())?;
    // The library reads it more narrowly than a browser would.
    value.parse::<hyper::Uri>().map(drop).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::Proxy;
    use crate::http::{Failure, Route};
    use crate::url::Url;

    #[test]
    fn shows_no_password() {
        let url = Url::parse("https://x").unwrap();
        let proxy = Proxy::between(&url, Route::Proxy("http://me:word@proxy:3128")).unwrap();
        assert_eq!(proxy.to_string(), "`http://****@proxy:3128`");
        assert_eq!(Proxy::between(&url, Route::Direct), None);
    }

    /// The failure of a request to this URL through a proxy that answers each read with the next of these bytes.
    /// Without any, nothing listens.
    async fn through(scheme: &str, target: &str, answers: &'static [&'static [u8]]) -> Failure {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let place = listener.local_addr().unwrap();
        let proxy = match scheme.split_once('@') {
            Some((scheme, login)) => format!("{scheme}://{login}@{place}"),
            None => format!("{scheme}://{place}"),
        };
        if answers.is_empty() {
            drop(listener);
        } else {
            tokio::spawn(async move {
                let (mut stream, _) = listener.accept().await.unwrap();
                for answer in answers {
                    let _ = stream.read(&mut [0; 1024]).await;
                    let _ = stream.write_all(answer).await;
                }
                // Reads what is left: an early end would be a reset.
                let _ = stream.shutdown().await;
                while stream.read(&mut [0; 1024]).await.is_ok_and(|count| count > 0) {}
            });
        }
        let (url, route) = (Url::parse(target).unwrap(), Route::Proxy(&proxy));
        let request = crate::http::client(None, route).unwrap().get(url.expose().clone());
        Failure::of(&request.send().await.unwrap_err()).behind(Proxy::between(&url, route).as_ref())
    }

    const TARGET: &str = "https://ilert.example";

    #[tokio::test]
    async fn the_party_that_failed_is_named() {
        let nothing = through("http", TARGET, &[]).await;
        assert!(matches!(nothing, Failure::NoProxy { .. }), "{nothing:?}");
        let words = nothing.to_string();
        assert!(words.starts_with("the proxy `http://127.0.0.1:") && words.contains("refused"), "{words}");
        let answers: [(&'static [&'static [u8]], Failure); 6] = [
            (&[b"HTTP/1.1 407 x\r\n\r\n"], Failure::ProxyLogin),
            (&[b"HTTP/1.1 403 x\r\n\r\n"], Failure::ProxyRefuses),
            (&[b"HTTP/1.1 503 x\r\n\r\n"], Failure::ProxyRefuses),
            (&[b"\x00\x01garbage\r\n"], Failure::ProxyRefuses),
            (&[b""], Failure::ProxyClosed),
            (&[b"HTTP/1.1 200 OK\r\n\r\n<html>Log in", b""], Failure::Closed),
        ];
        for (answer, itself) in answers {
            let failure = through("http", TARGET, answer).await;
            assert_eq!(failure.itself(), &itself, "{answer:?}");
            assert!(failure.to_string().contains("through the proxy `http://127.0.0.1:"), "{failure}");
        }
    }

    #[tokio::test]
    async fn one_that_speaks_no_tls_is_not_taken_for_what_is_behind_it() {
        for target in [TARGET, "http://netdata.example"] {
            let failure = through("https", target, &[b"HTTP/1.1 400 Bad Request\r\n\r\n"]).await;
            assert!(matches!(failure, Failure::NoProxy { .. }), "{target}: {failure:?}");
            assert!(failure.to_string().contains("does not speak TLS"), "{failure}");
            assert_eq!(failure.fix_of_proxy(), Some("write `http://` for the proxy"), "{target}");
        }
        let closed = through("https", TARGET, &[b""]).await;
        assert!(matches!(closed, Failure::NoProxy { .. }), "{closed:?}");
        assert!(closed.fix_of_proxy().unwrap().contains("`http://`"), "{closed:?}");
    }

    #[tokio::test]
    async fn a_socks_proxy_is_blamed_for_what_it_does_alone() {
        let socks: [(&str, &'static [&'static [u8]], Failure); 7] = [
            ("socks5h", &[b"HTTP/1.1 400 no\r\n\r\n"], Failure::NoSocks),
            ("socks5h", &[b""], Failure::ProxyClosed),
            ("socks5h", &[b"\x05\xff"], Failure::SocksWantsLogin),
            ("socks5h", &[b"\x05\x02"], Failure::SocksWantsLogin),
            ("socks5h@me:word", &[b"\x05\x02", b"\x01\x01"], Failure::SocksRefusesLogin),
            (
                "socks5h",
                &[b"\x05\x00", b"\x05\x05\x00\x01\0\0\0\0\0\0"],
                Failure::SocksRefuses("connection refused".into()),
            ),
            ("socks5", &[b"\x05\x00"], Failure::Dns),
        ];
        for (scheme, answers, itself) in socks {
            let failure = through(scheme, "https://ilert.invalid", answers).await;
            assert!(matches!(failure, Failure::Through { .. }), "{scheme}: {failure}");
            assert_eq!(failure.itself(), &itself, "{scheme}: {failure}");
        }
        let nothing = through("socks5h", "https://ilert.invalid", &[]).await;
        assert!(matches!(nothing, Failure::NoProxy { .. }), "{nothing:?}");
    }

    #[tokio::test]
    async fn speaks_socks() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let proxy = format!("socks5h://{}", listener.local_addr().unwrap());
        let first = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            stream.read_u8().await.unwrap()
        });
        let client = crate::http::client(None, Route::Proxy(&proxy)).unwrap();
        assert!(client.get("http://netdata.example").send().await.is_err());
        assert_eq!(first.await.unwrap(), 5);
    }
}
