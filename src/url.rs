//! URLs: read in one place, and shown without what may be secret in them.
//!
//! A URL can hold a user name and a password (`http://user:password@host`) and, behind `?` or `#`, a token. A [`Url`]
//! shows none of these; whoever builds a request takes the whole of it with [`Url::expose`]. For a text that may be no
//! URL at all, such as one that is refused, there is [`shown`].

#[cfg(test)]
mod tests;

use std::fmt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use crate::secret::Secret;

/// An absolute URL with a host. `Display` and `Debug` show neither login nor query nor fragment, and end in no slash.
#[derive(Clone, PartialEq, Eq)]
pub struct Url(reqwest::Url);

/// Why a text is no URL that can be used. Nothing of the text is repeated.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UrlError {
    /// It has another scheme, or none.
    #[error("it does not begin with {0}")]
    Scheme(&'static str),
    /// Blanks, control characters or backslashes, which the URL standard would drop or turn.
    #[error("it has spaces, control characters or backslashes in it")]
    Characters,
    /// An `@` behind the host: a password that was not encoded would be taken for a path or a query, and shown.
    #[error("it has an `@` after its host: in a password write `/`, `?` and `#` as `%2F`, `%3F` and `%23`")]
    At,
    /// A host with signs in it that are in no name and no address.
    #[error("its host has signs in it that are in no name of a machine")]
    Host,
    /// What follows the scheme, in the parser's words.
    #[error("{0}")]
    Rest(String),
}

/// Schemes, and how they are named in a refusal.
struct Schemes(&'static [&'static str], &'static str);

/// What requests are made to.
const WEB: Schemes = Schemes(&["http", "https"], "`http://` or `https://`");
/// What requests are made through.
const PROXIES: Schemes = Schemes(
    &["http", "https", "socks4", "socks4a", "socks5", "socks5h"],
    "`http://`, `https://` or a scheme of SOCKS",
);

impl Url {
    /// Reads the URL of a server, `http://` or `https://`.
    pub fn parse(text: &str) -> Result<Self, UrlError> {
        read(text, &WEB)
    }

    /// Reads the URL of a proxy, as variables such as `HTTPS_PROXY` have it: the scheme may be left out.
    pub fn proxy(text: &str) -> Result<Self, UrlError> {
        if text.contains("://") { read(text, &PROXIES) } else { read(&format!("http://{text}"), &PROXIES) }
    }

    /// The whole URL with all that is secret in it, for a request.
    #[must_use]
    pub fn expose(&self) -> &reqwest::Url {
        &self.0
    }

    /// What is in it to be logged in with, decoded: user name and password.
    #[must_use]
    pub fn login(&self) -> Option<(String, Secret)> {
        if !self.has_login() {
            return None;
        }
        let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        Some((decoded(self.0.username()), Secret::new(decoded(self.0.password().unwrap_or_default()))))
    }

    /// Whether a user name or a password is in it.
    #[must_use]
    pub fn has_login(&self) -> bool {
        !self.0.username().is_empty() || self.has_password()
    }

    /// Whether a password is in it.
    #[must_use]
    pub fn has_password(&self) -> bool {
        self.0.password().is_some()
    }

    /// Whether what is sent there is encrypted on the way.
    #[must_use]
    pub fn is_encrypted(&self) -> bool {
        self.0.scheme() == "https"
    }

    /// Whether it is a proxy that speaks SOCKS.
    #[must_use]
    pub fn is_socks(&self) -> bool {
        self.0.scheme().starts_with("socks")
    }

    /// Whether it has a path of its own.
    #[must_use]
    pub fn has_path(&self) -> bool {
        !matches!(self.0.path(), "" | "/")
    }

    /// Whether something stands behind `?` or `#`.
    #[must_use]
    pub fn has_arguments(&self) -> bool {
        self.0.query().is_some() || self.0.fragment().is_some()
    }

    /// The same without user name and password.
    #[must_use]
    pub fn without_login(mut self) -> Self {
        // Both fail only for a URL without a host, which this is not.
        let _ = self.0.set_username("");
        let _ = self.0.set_password(None);
        self
    }

    /// The same without user name, password, query and fragment: nothing in it is secret.
    #[must_use]
    pub fn plain(self) -> Self {
        let mut plain = self.without_login();
        plain.0.set_query(None);
        plain.0.set_fragment(None);
        plain
    }

    /// Scheme, host and port alone.
    #[must_use]
    pub fn origin(&self) -> String {
        self.0.origin().ascii_serialization()
    }

    /// What stands below it: `below("api/events")` of `https://host/path` is `https://host/path/api/events`.
    pub fn below(&self, path: &str) -> Result<Self, UrlError> {
        let base = self.clone().plain();
        let mut below = read(&format!("{}/{path}", base.0.as_str().trim_end_matches('/')), &WEB)?;
        let _ = below.0.set_username(self.0.username());
        let _ = below.0.set_password(self.0.password());
        Ok(below)
    }

    /// Where a relative or absolute URL leads that was found here, such as a redirect's.
    pub fn join(&self, text: &str) -> Result<Self, UrlError> {
        let joined = self.0.join(text).map_err(|error| UrlError::Rest(error.to_string()))?;
        read(joined.as_str(), &WEB)
    }

    /// The host's name and the port; `None` where the host is an address.
    #[must_use]
    pub fn name(&self) -> Option<(&str, u16)> {
        // To the URL standard an address is a name behind `socks5://`; and only there a URL has no port of its own.
        let name = self.0.domain().filter(|name| name.parse::<std::net::IpAddr>().is_err());
        name.map(|name| (name, self.0.port_or_known_default().unwrap_or(1080)))
    }

    /// Whether the host is this machine: `localhost`, `127.0.0.0/8` or `::1`.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        let host = self.0.host_str().unwrap_or_default();
        let address = host.trim_start_matches('[').trim_end_matches(']').parse::<std::net::IpAddr>();
        host.eq_ignore_ascii_case("localhost") || address.is_ok_and(|address| address.is_loopback())
    }
}

/// Whether this is the URL of a server on this machine.
#[must_use]
pub fn is_loopback(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| url.is_loopback())
}

/// Makes a text that should be a URL fit to be shown: `****` replaces what is before an `@`, `…` what follows the first
/// `?` or `#`.
#[must_use]
pub fn shown(text: &str) -> String {
    // First the login: a password may have a question mark in it.
    let (scheme, rest) =
        text.split_once("://").map_or(("", text), |(_, rest)| (text.strip_suffix(rest).unwrap_or(""), rest));
    let (login, rest) = rest.rsplit_once('@').map_or(("", rest), |(_, rest)| ("****@", rest));
    let end = rest.find(['?', '#']).map_or(rest.len(), |at| at + 1);
    let hides = if end < rest.len() { "…" } else { "" };
    format!("{scheme}{login}{}{hides}", rest.get(..end).unwrap_or_default())
}

/// All but RFC 3986's unreserved characters.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Text as one segment of a path.
#[must_use]
pub fn segment(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

fn read(text: &str, schemes: &Schemes) -> Result<Url, UrlError> {
    let Schemes(known, named) = schemes;
    let parts = text.split_once("://");
    let is_known = |scheme: &str| known.iter().any(|known| scheme.eq_ignore_ascii_case(known));
    let (_, rest) = parts.filter(|(scheme, _)| is_known(scheme)).ok_or(UrlError::Scheme(named))?;
    if rest.find(['/', '?', '#']).is_some_and(|end| rest.rfind('@') > Some(end)) {
        return Err(UrlError::At);
    }
    if text.chars().any(|c| c.is_whitespace() || c.is_control() || c == '\\') {
        return Err(UrlError::Characters);
    }
    let url = reqwest::Url::parse(text).map_err(|error| UrlError::Rest(error.to_string()))?;
    let Some(host) = url.host_str() else { return Err(UrlError::Rest("it names no host".to_owned())) };
    // The URL standard takes more than a request does. Other letters are encoded, if they are taken.
    // A host that is masked is stars alone.
    let is_named =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | ':' | '[' | ']' | '*');
    if host.chars().all(is_named) { Ok(Url(url)) } else { Err(UrlError::Host) }
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(shown(self.0.as_str()).trim_end_matches('/'))
    }
}

impl fmt::Debug for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{self}`")
    }
}
