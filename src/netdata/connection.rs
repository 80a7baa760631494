//! One agent or parent, one GET at a time: the URL, the credentials, and what its refusals mean.

use std::path::Path;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD_NO_PAD;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue, LOCATION};
use reqwest::{RequestBuilder, Response, StatusCode};
use zeroize::Zeroizing;

use super::Credentials;
use super::answer::{AnswerBody, LargeRead, Secrets};
use super::error::{CredentialsSent, Error, SetUpError};
use crate::http::{self, Failure, Proxy, Route};
use crate::secret::Secret;
use crate::text::Shown;
use crate::url::Url;

/// Netdata's own header for a bearer token, for where `Authorization` belongs to a reverse proxy. Agents take
/// the token in either.
const NETDATA_AUTH: HeaderName = HeaderName::from_static("x-netdata-auth");

/// Most that is read of an answer about the agent itself, bytes.
pub(super) const SMALL: usize = 1 << 20;
/// Most that is read of an answer about nodes, alerts and transitions, bytes.
pub(super) const LARGE: usize = 256 << 20;

/// Longest target of a redirect that is repeated, characters.
const LONGEST_TARGET: usize = 200;

/// How an agent is reached.
pub(super) struct Connection {
    http: reqwest::Client,
    /// Without credentials, query and trailing slash.
    base: String,
    /// The proxy on the way, if any.
    proxy: Option<Proxy>,
    basic: Option<(String, Secret)>,
    bearer: Option<(HeaderName, HeaderValue)>,
    reading: LargeRead,
    /// The credentials, in each form in which an answer may repeat them.
    secrets: Secrets,
}

impl Connection {
    pub(super) fn new(
        url: &str,
        ca_file: Option<&Path>,
        credentials: Credentials,
    ) -> Result<Self, SetUpError> {
        let url = Url::parse(url).map_err(|error| SetUpError::Url { reason: error.to_string() })?;
        let route = if url.is_loopback() { Route::Direct } else { Route::Environment };
        let basic = credentials.basic.or_else(|| url.login());
        let secrets = secrets(basic.as_ref(), credentials.bearer.as_ref());
        let bearer = match credentials.bearer {
            None => None,
            Some(token) => {
                let text = Zeroizing::new(format!("Bearer {}", token.expose()));
                let mut value = HeaderValue::from_str(&text)
                    .map_err(|_| SetUpError::Credential { what: "bearer token" })?;
                value.set_sensitive(true);
                Some((if basic.is_some() { NETDATA_AUTH } else { AUTHORIZATION }, value))
            }
        };
        let base = url.plain();
        let proxy = Proxy::between(&base, route);
        let (base, reading) = (base.to_string(), LargeRead::default());
        Ok(Self { http: http::client(ca_file, route)?, base, proxy, basic, bearer, reading, secrets })
    }

    /// The base URL, without credentials.
    pub(super) fn base(&self) -> &str {
        &self.base
    }

    /// The large answer that is being read, if one is.
    pub(super) fn reading(&self) -> &LargeRead {
        &self.reading
    }

    /// The proxy on the way, if any.
    pub(super) fn proxy(&self) -> Option<&Proxy> {
        self.proxy.as_ref()
    }

    /// Asks for `path` (with its query), reading at most `limit` bytes.
    pub(super) async fn get(&self, path: &str, limit: usize) -> Result<AnswerBody, Error> {
        let mut body = Vec::new();
        let empty = self.stream(path, limit, |bytes| body.extend_from_slice(bytes)).await?;
        Ok(AnswerBody { body, ..empty })
    }

    /// The same, taking the answer as it comes. What is returned says where it came from.
    pub(super) async fn stream(
        &self,
        path: &str,
        limit: usize,
        take: impl FnMut(&[u8]),
    ) -> Result<AnswerBody, Error> {
        let url = format!("{}{path}", self.base);
        let failed = |failure: Failure| Error::failed(&url, failure, self.proxy.as_ref());
        let response =
            self.authorized(self.http.get(&url)).send().await.map_err(|error| failed(Failure::of(&error)))?;
        let status = response.status();
        tracing::debug!(%url, status = status.as_u16(), "asked Netdata");
        if !status.is_success() {
            let to = target(&url, response.headers(), &self.secrets);
            if status == StatusCode::BAD_REQUEST && url.starts_with("http:") && wants_tls(response).await {
                return Err(Error::WantsTls { url });
            }
            return Err(Error::refused(&url, status.as_u16(), to, self.sent()).behind(self.proxy.as_ref()));
        }
        http::stream(response, limit, take).await.map_err(failed)?;
        Ok(AnswerBody { url, body: Vec::new(), reading: self.reading.clone(), secrets: self.secrets.clone() })
    }

    fn sent(&self) -> CredentialsSent {
        CredentialsSent { token: self.bearer.is_some(), password: self.basic.is_some() }
    }

    /// Basic authentication and a bearer token, both marked sensitive.
    fn authorized(&self, mut request: RequestBuilder) -> RequestBuilder {
        if let Some((user, password)) = &self.basic {
            request = request.basic_auth(user, Some(password.expose()));
        }
        if let Some((name, value)) = &self.bearer {
            request = request.header(name.clone(), value.clone());
        }
        request
    }
}

/// Whether a 400 is a TLS port's answer to plain HTTP: nginx and Go name HTTPS in it, Apache SSL.
async fn wants_tls(response: Response) -> bool {
    let body = http::body(response, SMALL).await.unwrap_or_default();
    let body = String::from_utf8_lossy(&body);
    ["HTTPS port", "HTTPS server", "SSL-enabled"].iter().any(|words| body.contains(words))
}

/// Token and password, and both as the headers have them.
fn secrets(basic: Option<&(String, Secret)>, bearer: Option<&Secret>) -> Secrets {
    let encoded = basic.map(|(user, password)| {
        let login = Zeroizing::new(format!("{user}:{}", password.expose()));
        Secret::new(BASE64_STANDARD_NO_PAD.encode(login.as_bytes()))
    });
    let password = basic.map(|(_, password)| password.clone());
    [bearer.cloned(), password, encoded].into_iter().flatten().collect()
}

/// Where a redirect points, for the message: whole, or the host alone, or nothing, as far as no credentials are in it.
fn target(url: &str, headers: &HeaderMap, secrets: &[Secret]) -> Option<Shown> {
    let location = headers.get(LOCATION)?.to_str().ok()?;
    let target = Url::parse(url).ok()?.join(location).ok()?.plain();
    let shown = [target.to_string(), target.origin()].into_iter().find(|to| !http::tells(to, secrets))?;
    Some(Shown::line(&shown, LONGEST_TARGET))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn none() -> Credentials {
        Credentials::default()
    }

    #[test]
    fn hides_and_uses_credentials_of_the_url() {
        let connection = Connection::new("http://u%40x:pass@localhost:1/netdata/?a=b", None, none()).unwrap();
        assert_eq!(connection.base(), "http://localhost:1/netdata");
        let (user, password) = connection.basic.unwrap();
        assert_eq!((user.as_str(), password.expose()), ("u@x", "pass"));
    }

    #[test]
    fn marks_credentials_sensitive() {
        let credentials = Credentials {
            basic: Some(("me".into(), Secret::new("word".into()))),
            bearer: Some(Secret::new("0b9a2c5e-token".into())),
        };
        let connection = Connection::new("http://localhost:1", None, credentials).unwrap();
        let request = connection.authorized(connection.http.get("http://localhost:1/")).build().unwrap();
        assert_eq!(request.headers()[NETDATA_AUTH], "Bearer 0b9a2c5e-token");
        assert_eq!(request.headers()[AUTHORIZATION], "Basic bWU6d29yZA==");
        assert!(request.headers().values().all(HeaderValue::is_sensitive));
    }

    #[test]
    fn refuses_what_is_no_url_of_an_agent() {
        for url in
            ["", "localhost:19999", "ftp://localhost", "http://", "hunter2:19999", "me:hunter2@host?hunter2"]
        {
            let refused = Connection::new(url, None, none()).map(|_| ()).unwrap_err().to_string();
            assert!(
                refused.contains("`url` under `[netdata]`") && !refused.contains("hunter2"),
                "{url}: {refused}"
            );
        }
        let token = Credentials { bearer: Some(Secret::new("first line\nsecond line".into())), ..none() };
        let refused = Connection::new("http://localhost", None, token).map(|_| ()).unwrap_err().to_string();
        assert!(!refused.contains("second"), "{refused}");
    }

    #[test]
    fn shows_no_credentials_of_a_redirect() {
        let mut headers = HeaderMap::new();
        headers.insert(LOCATION, HeaderValue::from_static("//me:word@elsewhere/x?token=1"));
        assert_eq!(target("http://localhost:1/api", &headers, &[]).unwrap(), "http://elsewhere/x");
    }

    #[test]
    fn shows_of_a_redirect_what_has_no_credentials_in_it() {
        let token = "0b9a2c5e-1111-4d2f-8e1f-aa55bb66cc77";
        let basic = Some(("me".into(), Secret::new("hunter2-hunter2".into())));
        let credentials = Credentials { basic, bearer: Some(Secret::new(token.into())) };
        let secrets = Connection::new("http://localhost:1", None, credentials).unwrap().secrets;
        for (location, shown) in [
            ("http://x:8/login".to_owned(), Some("http://x:8/login")),
            (format!("http://x:8/{token}"), Some("http://x:8")),
            (format!("http://x/a/{}/b", token.to_uppercase().replace('-', "")), Some("http://x")),
            (format!("https://x/{}", token.replace('-', "%2D")), Some("https://x")),
            ("/hunter2-hunter2".to_owned(), Some("http://localhost:1")),
            ("/bWU6aHVudGVyMi1odW50ZXIy".to_owned(), Some("http://localhost:1")),
            (format!("http://{token}.x/"), None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(LOCATION, HeaderValue::from_str(&location).unwrap());
            let to = target("http://localhost:1/api", &headers, &secrets);
            assert_eq!(to.as_deref(), shown, "{location}");
        }
    }
}
