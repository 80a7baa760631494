//! Which proxy stands between this program and a URL, so that a failure names the party that failed.

use std::fmt;

use hyper_util::client::proxy::matcher::Matcher;

use super::{ClientError, Route};

/// The variables that name proxies, as they are looked at: of each line the first that is set counts.
const VARIABLES: [[&str; 2]; 3] =
    [["HTTPS_PROXY", "https_proxy"], ["HTTP_PROXY", "http_proxy"], ["ALL_PROXY", "all_proxy"]];

/// The schemes of a proxy's URL.
const SCHEMES: [&str; 6] = ["http", "https", "socks4", "socks4a", "socks5", "socks5h"];

/// A proxy on the way; shown without user and password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proxy {
    shown: String,
    /// The configuration names it, not a variable of the environment.
    pub configured: bool,
}

impl Proxy {
    fn new(url: &str, configured: bool) -> Self {
        let shown = reqwest::Url::parse(url).ok().and_then(|mut url| {
            url.set_username("").ok()?;
            url.set_password(None).ok()?;
            Some(url.as_str().trim_end_matches('/').to_owned())
        });
        Self { shown: shown.unwrap_or_else(|| "the configured one".to_owned()), configured }
    }

    /// The proxy through which this URL is asked on this way, if any.
    #[must_use]
    pub fn between(url: &str, route: Route<'_>) -> Option<Self> {
        match route {
            Route::Direct => None,
            Route::Proxy(proxy) => Some(Self::new(proxy, true)),
            Route::Environment => {
                let found = Matcher::from_system().intercept(&url.parse().ok()?)?;
                Some(Self::new(&found.uri().to_string(), false))
            }
        }
    }
}

impl fmt::Display for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`", self.shown)
    }
}

/// Refuses a variable that names no proxy: it would be passed over without a word.
pub(super) fn check_variables() -> Result<(), ClientError> {
    for names in VARIABLES {
        let set = names.iter().find_map(|name| Some((*name, std::env::var(name).ok()?)));
        let Some((variable, value)) = set.filter(|(_, value)| !value.trim().is_empty()) else { continue };
        if let Err(reason) = check(&value) {
            return Err(ClientError::ProxyVariable { variable, reason });
        }
    }
    Ok(())
}

/// Whether this is a proxy's URL; the scheme may be left out. What is wrong is said without the value, which may hold a
/// password.
fn check(value: &str) -> Result<(), String> {
    let value = value.trim();
    let url = if value.contains("://") { value.to_owned() } else { format!("http://{value}") };
    let url = reqwest::Url::parse(&url).map_err(|error| error.to_string())?;
    if !SCHEMES.contains(&url.scheme()) {
        return Err(format!("`{}:` is no scheme of a proxy", url.scheme()));
    }
    // The library reads it more narrowly than a browser would.
    value.parse::<hyper::Uri>().map_err(|error| error.to_string())?;
    if url.has_host() { Ok(()) } else { Err("it names no host".to_owned()) }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::{Proxy, check};
    use crate::http::{Failure, Route};

    #[test]
    fn shows_no_password() {
        let proxy = Proxy::between("https://x", Route::Proxy("http://me:word@proxy:3128")).unwrap();
        assert_eq!(proxy.to_string(), "`http://proxy:3128`");
        assert_eq!(Proxy::between("https://x", Route::Direct), None);
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
        let (url, route) = ("https://ilert.example", Route::Proxy(&proxy));
        let error = crate::http::client(None, route).unwrap().get(url).send().await.unwrap_err();
        Failure::of(&error).behind(Proxy::between(url, route).as_ref())
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
            ("", Failure::ProxyRefuses),
        ] {
            let failure = through(Some(answer)).await;
            assert_eq!(failure.itself(), &itself, "{answer}");
            assert!(failure.to_string().contains("through the proxy `http://127.0.0.1:"), "{failure}");
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

    #[test]
    fn knows_what_names_a_proxy() {
        for value in ["http://proxy:3128", "proxy:3128", "socks5://me:word@[::1]:1080", "socks5h://proxy"] {
            assert_eq!(check(value), Ok(()), "{value}");
        }
        for value in ["::bad", "http://", "ftp://proxy", "http://a b", "http://proxy:99999"] {
            assert!(check(value).is_err(), "{value}");
        }
    }
}
