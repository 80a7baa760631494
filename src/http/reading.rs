//! Whether the service itself answered. Its bodies are empty or JSON. Any other answer proves nothing, whatever its
//! status: neither that an event was accepted nor that it was refused.

use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;

use super::{Failure, NotTheirs, Speaks, StatusClass, Stranger, bare, json};

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
    /// Tells who wrote an answer. A redirect and a proxy's request for a login (407) are believed whatever their body
    /// is.
    #[must_use]
    pub fn of(status: u16, body: Result<&[u8], &Failure>, speaks: Speaks) -> Self {
        if matches!(StatusClass::of(status), StatusClass::Redirect | StatusClass::ProxyLogin) {
            return Self::Status(status);
        }
        match json(body, speaks) {
            Ok(_) => Self::Status(body.ok().and_then(|body| meant(status, body)).unwrap_or(status)),
            Err(NotTheirs::Stranger(stranger)) => Self::Stranger(stranger),
            Err(NotTheirs::Broken(failure)) => Self::Broken(failure),
        }
    }
}

/// A gateway may hand an error body on with a 2xx: the body's own status is the one that the service gave. Of several
/// the first that is an error counts: what may have been refused was not accepted.
fn meant(status: u16, body: &[u8]) -> Option<u16> {
    if StatusClass::of(status) != StatusClass::Success {
        return None;
    }
    let Statuses(said) = serde_json::from_slice(bare(body)).ok()?;
    said.iter().find_map(error_status)
}

/// The error status that a value is, as a number (`400`, `4e2`) or a text.
fn error_status(value: &Value) -> Option<u16> {
    let number = value.as_f64().or_else(|| value.as_str()?.trim().parse().ok())?;
    (400..600).find(|status| f64::from(*status).total_cmp(&number).is_eq())
}

/// Every `status` of a JSON object: a reader that keeps one of each name would keep the last.
struct Statuses(Vec<Value>);

impl<'de> Deserialize<'de> for Statuses {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(StatusesVisitor)
    }
}

struct StatusesVisitor;

impl<'de> Visitor<'de> for StatusesVisitor {
    type Value = Statuses;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Statuses, A::Error> {
        let mut found = Vec::new();
        while let Some(name) = map.next_key::<String>()? {
            if name == "status" {
                found.push(map.next_value()?);
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(Statuses(found))
    }
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
            (200, r#"{"status":400.0}"#, 400),
            (200, r#"{"status":4e2}"#, 400),
            (200, r#"{"status":" 4.04e2 "}"#, 404),
            (200, r#"{"status":400.5}"#, 200),
            (200, r#"{"status":400,"status":202}"#, 400),
            (200, r#"{"status":202,"status":{},"status":400}"#, 400),
            (200, r#"{"status":503,"message":"no","status":400}"#, 503),
            (200, r#"{"\u0073tatus":400,"status":202}"#, 400),
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
