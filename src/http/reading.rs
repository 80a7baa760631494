//! Whether the service itself answered. Its bodies are empty or JSON. Any other answer, with whatever status, decides
//! nothing: neither that something was accepted nor that it is wrong.

use serde_json::Value;

use super::{Class, Failure, NotTheirs, Speaks, Stranger, json};

/// An answer, by who wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading {
    /// The service did, or there is no telling; and the status that it means.
    Status(u16),
    /// Somebody else did.
    Stranger(Stranger),
    /// It broke off before that could be told.
    Broken(Failure),
}

impl Reading {
    /// Tells who wrote an answer. A redirect, and a proxy that wants a login (407), are what they say, whatever their
    /// page looks like.
    #[must_use]
    pub fn of(status: u16, body: Result<&[u8], &Failure>, speaks: Speaks) -> Self {
        if matches!(Class::of(status), Class::Redirect | Class::ProxyLogin) {
            return Self::Status(status);
        }
        match json(body, speaks) {
            Ok(said) => Self::Status(meant(status, said.as_ref())),
            Err(NotTheirs::Stranger(stranger)) => Self::Stranger(stranger),
            Err(NotTheirs::Broken(failure)) => Self::Broken(failure),
        }
    }
}

/// A gateway may hand an error body on with a 2xx: the body's own status is the one that the service gave.
fn meant(status: u16, said: Option<&Value>) -> u16 {
    if Class::of(status) != Class::Success {
        return status;
    }
    let inner = said.and_then(|said| said.get("status"));
    let inner = inner.and_then(|inner| inner.as_u64().or_else(|| inner.as_str()?.trim().parse().ok()));
    inner
        .and_then(|inner| u16::try_from(inner).ok())
        .filter(|inner| (400..600).contains(inner))
        .unwrap_or(status)
}

#[cfg(test)]
mod tests {
    use super::{Reading, Speaks, Stranger};
    use crate::http::Failure;

    fn of(status: u16, body: &str) -> Reading {
        Reading::of(status, Ok(body.as_bytes()), Speaks::Objects)
    }

    #[test]
    fn an_error_within_a_success_is_that_error() {
        for (status, body, meant) in [
            (202, "", 202),
            (200, "{}", 200),
            (200, r#"{"status":"ok"}"#, 200),
            (200, r#"{"status":202}"#, 200),
            (200, r#"{"status":400,"message":"no"}"#, 400),
            (200, r#"{"status":"503"}"#, 503),
            (200, r#"{"status":300}"#, 200),
            (200, r#"{"status":600}"#, 200),
            (200, r#"{"status":65936}"#, 200),
            (200, r#"{"error":{"status":400}}"#, 200),
            (500, r#"{"status":400}"#, 500),
        ] {
            assert_eq!(of(status, body), Reading::Status(meant), "{status} {body}");
        }
    }

    #[test]
    fn a_page_is_nobodys_word_but_a_proxys_login_is() {
        for status in [200, 202, 400, 401, 403, 404, 408, 429, 500, 502, 999] {
            assert_eq!(of(status, "<html>"), Reading::Stranger(Stranger::Page), "{status}");
        }
        for status in [301, 302, 307, 407] {
            assert_eq!(of(status, "<html>"), Reading::Status(status));
        }
        for status in [200, 404] {
            let broken = Reading::of(status, Err(&Failure::Closed), Speaks::Objects);
            assert_eq!(broken, Reading::Broken(Failure::Closed));
        }
    }
}
