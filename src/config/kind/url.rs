//! URLs.

use super::Kind;
use crate::config::reader::Item;
use crate::config::row::Shape;
use crate::config::text::shown_url;
use crate::url::{self, Url, UrlError};

/// What ilert's secrets are sent to.
pub(super) const ENCRYPTED: &str = "a URL with `https://` (`http://` is for this machine only)";

/// The same as a regular expression. An address in numbers may be this machine's: the reader knows.
pub(super) const ENCRYPTED_PATTERN: &str =
    r"^\s*[Hh][Tt][Tt][Pp]([Ss]://|://([^/]*@)?([Ll][Oo][Cc][Aa][Ll][Hh][Oo][Ss][Tt]|[0-9%\[]))";

/// The URL of an agent, a parent or a dashboard, without a trailing slash.
pub(in crate::config) struct HttpUrl;

/// The URL of ilert's API, without a trailing slash. Plain HTTP would show the key on the way.
pub(in crate::config) struct Endpoint;

/// The URL of a proxy; it may hold a user name and a password.
pub(in crate::config) struct Proxy;

impl Kind for HttpUrl {
    type Value = String;
    const ALLOWED: &'static str = "a URL that begins with `http://` or `https://`";

    #[cfg(test)]
    const SAMPLES: [&'static [&'static str]; 2] = [
        &[r#""http://127.0.0.1:19999""#, r#""https://a.example/b""#],
        &[r#""localhost:19999""#, r#""ftp://a""#, r#""http://me:p@a""#, r#""http://a/?b""#, "1"],
    ];

    fn read(item: &Item<'_>) -> Option<String> {
        base(item, "a URL without user name and password, for which there are `username` and `password`,")
    }

    fn shape(_: Option<&String>) -> Shape {
        Shape::Matching(r"^\s*[Hh][Tt][Tt][Pp][Ss]?://[^\s@?#\\]+\s*$")
    }
}

impl Kind for Endpoint {
    type Value = String;
    const ALLOWED: &'static str = ENCRYPTED;

    #[cfg(test)]
    const SAMPLES: [&'static [&'static str]; 2] = [
        &[r#""https://api.ilert.com""#, r#""http://127.0.0.1:1""#],
        &[r#""http://api.ilert.com""#, r#""api.ilert.com""#, "443"],
    ];

    fn read(item: &Item<'_>) -> Option<String> {
        let url = base(item, "a URL without user name and password")?;
        if is_encrypted(&url) { Some(url) } else { item.refuse(ENCRYPTED) }
    }

    fn shape(_: Option<&String>) -> Shape {
        Shape::Matching(ENCRYPTED_PATTERN)
    }
}

impl Kind for Proxy {
    type Value = String;
    const ALLOWED: &'static str = "an HTTP proxy, such as `http://proxy.example.org:3128`";

    #[cfg(test)]
    const SAMPLES: [&'static [&'static str]; 2] = [
        &[r#""http://proxy:3128""#, r#""http://me:p@proxy:3128""#],
        &[r#""proxy:3128""#, r#""socks5://proxy:1""#, r#""http://proxy/path""#, "3128"],
    ];

    fn read(item: &Item<'_>) -> Option<String> {
        let Some(text) = item.text().map(str::trim) else { return item.refuse(Self::ALLOWED) };
        let is_socks = || text.contains("://") && Url::proxy(text).is_ok_and(|url| url.is_socks());
        match Url::parse(text) {
            Ok(url) if !url.has_path() && !url.has_arguments() => Some(text.trim_end_matches('/').to_owned()),
            Err(_) if is_socks() => {
                item.refuse_as(&format!("{}, a SOCKS proxy", shown_url(text)), Self::ALLOWED)
            }
            _ => item.refuse_as(&shown_url(text), Self::ALLOWED),
        }
    }

    fn masked(value: &String) -> Option<String> {
        // Some proxies take a token as the user.
        value.contains('@').then(|| url::shown(value))
    }

    fn shape(_: Option<&String>) -> Shape {
        Shape::Matching(r"^\s*[Hh][Tt][Tt][Pp][Ss]?://[^\s/?#\\]+/?\s*$")
    }
}

/// Whether what is sent there is safe from readers on the way.
pub(super) fn is_encrypted(url: &str) -> bool {
    Url::parse(url).is_ok_and(|url| url.is_encrypted() || url.is_loopback())
}

/// A URL that paths are added to.
fn base(item: &Item<'_>, without_user: &'static str) -> Option<String> {
    let Some(text) = item.text().map(str::trim) else { return item.refuse(HttpUrl::ALLOWED) };
    let url = match Url::parse(text) {
        Ok(url) => url,
        Err(UrlError::Rest(why)) => {
            let found = format!("{}, of which this is wrong: {why}", shown_url(text));
            return item.refuse_as(&found, "a URL whose host and port can be");
        }
        Err(_) => return item.refuse_as(&shown_url(text), HttpUrl::ALLOWED),
    };
    if url.has_login() || text.contains('@') {
        return item.refuse_as(&shown_url(text), without_user);
    }
    if url.has_arguments() {
        return item.refuse_as(&shown_url(text), "a URL without `?` and `#`");
    }
    Some(text.trim_end_matches('/').to_owned())
}
