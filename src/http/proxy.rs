//! Which proxy stands between this program and a URL, so that a failure names the party that failed.

use std::ffi::OsString;
use std::fmt;
use std::sync::Arc;

use hyper_util::client::proxy::matcher::Matcher;

use super::{ClientError, Route};
use crate::url::Url;

/// The variables that name proxies, as they are looked at: of each line the first that is set counts.
const VARIABLES: [[&str; 2]; 3] =
    [["HTTPS_PROXY", "https_proxy"], ["HTTP_PROXY", "http_proxy"], ["ALL_PROXY", "all_proxy"]];

/// A proxy on the way; shown without user and password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proxy {
    /// `None` where it is one that the library understands and this program does not.
    url: Option<Arc<Url>>,
    /// The configuration names it, not a variable of the environment.
    pub configured: bool,
}

impl Proxy {
    fn new(url: &str, configured: bool) -> Self {
        Self { url: Url::proxy(url).ok().map(Arc::new), configured }
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

    /// The proxy through which this URL is asked on this way, if any.
    #[must_use]
    pub fn between(url: &Url, route: Route<'_>) -> Option<Self> {
        match route {
            Route::Direct => None,
            Route::Proxy(proxy) => Some(Self::new(proxy, true)),
            Route::Environment => {
                let found = Matcher::from_system().intercept(&url.expose().as_str().parse().ok()?)?;
                Some(Self::new(&found.uri().to_string(), false))
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

/// Whether this is a proxy's URL. What is wrong is said without the value, which may hold a password.
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

    /// What fails on the way through a proxy that says this to CONNECT; nothing listens where it says nothing.
    async fn through(answer: Option<&'static str>) -> Failure {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let proxy = format!("http://{}", listener.local_addr().unwrap());
        match answer {
            None => drop(listener),
            Some(answer) => drop(tokio::spawn(async move {
                let (mut stream, _) = listener.accept().await.unwrap();
                let _ = stream.read(&mut [0; 1024]).await;
                stream.write_all(answer.as_bytes()).await.unwrap();
            })),
        }
        let (url, route) = (Url::parse("https://ilert.example").unwrap(), Route::Proxy(&proxy));
        let request = crate::http::client(None, route).unwrap().get(url.expose().clone());
        Failure::of(&request.send().await.unwrap_err()).behind(Proxy::between(&url, route).as_ref())
    }

    #[tokio::test]
    async fn the_party_that_failed_is_named() {
        let nothing = through(None).await;
        assert!(matches!(nothing, Failure::NoProxy { .. }), "{nothing:?}");
        let words = nothing.to_string();
        assert!(words.starts_with("the proxy `http://127.0.0.1:") && words.contains("refused"), "{words}");
        for (answer, itself) in [
            ("HTTP/1.1 407 x\r\n\r\n", Failure::ProxyLogin),
            ("HTTP/1.1 403 x\r\n\r\n", Failure::ProxyRefuses),
            ("HTTP/1.1 503 x\r\n\r\n", Failure::ProxyRefuses),
            ("", Failure::ProxyClosed),
        ] {
            let failure = through(Some(answer)).await;
            assert_eq!(failure.itself(), &itself, "{answer}");
            assert!(failure.to_string().contains("through the proxy `http://127.0.0.1:"), "{failure}");
        }
    }

    #[tokio::test]
    async fn a_socks_proxy_is_blamed_for_what_it_does_alone() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let place = listener.local_addr().unwrap();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                stream.write_all(b"HTTP/1.1 400 no\r\n\r\n").await.unwrap();
            }
        });
        for (scheme, itself) in [("socks5h", Failure::NoSocks), ("socks5", Failure::Dns)] {
            let proxy = format!("{scheme}://{place}");
            let (url, route) = (Url::parse("https://ilert.invalid").unwrap(), Route::Proxy(&proxy));
            let request = crate::http::client(None, route).unwrap().get(url.expose().clone());
            let failure =
                Failure::of(&request.send().await.unwrap_err()).behind(Proxy::between(&url, route).as_ref());
            assert!(matches!(failure, Failure::Through { .. }), "{scheme}: {failure}");
            assert_eq!(failure.itself(), &itself, "{scheme}: {failure}");
        }
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
