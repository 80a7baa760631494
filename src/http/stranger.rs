//! Recognises an answer that somebody else wrote. A service that answers with JSON or nothing does not send an HTML
//! page; something on the way did: a captive portal, a proxy, or whatever opens TLS there.
//!
//! Only the body decides, because a portal can write any status and header. An empty body counts as the service's, with
//! any content type.

use std::fmt;

use serde_json::Value;

use super::Failure;

/// What was written by somebody else than the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stranger {
    /// It begins with `<`.
    Page,
    /// Text, and no JSON.
    Text,
    /// JSON, and not of the kind that the service speaks.
    OtherJson,
    /// Not even text: an image, or something compressed, which was not asked for.
    Bytes,
    /// More than this many bytes, which the service never writes.
    Large(usize),
}

/// Which JSON a service speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Speaks {
    /// Objects alone.
    Objects,
    /// Objects and lists.
    Lists,
}

/// Why a body cannot be taken for the service's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotTheirs {
    /// Somebody else wrote it.
    Stranger(Stranger),
    /// It broke off: its author is not known.
    Broken(Failure),
}

/// What a service wrote: JSON, or `None` where it wrote nothing. A byte order mark and blanks around it are nothing.
pub fn json(body: Result<&[u8], &Failure>, speaks: Speaks) -> Result<Option<Value>, NotTheirs> {
    let body = match body {
        Ok(body) => body,
        Err(Failure::TooLarge(limit)) => return Err(NotTheirs::Stranger(Stranger::Large(*limit))),
        Err(failure) => return Err(NotTheirs::Broken(failure.clone())),
    };
    parse(bare(body), speaks).map_err(NotTheirs::Stranger)
}

/// A body without a byte order mark and without blanks around it.
#[must_use]
pub fn bare(body: &[u8]) -> &[u8] {
    let body = body.trim_ascii_start();
    body.strip_prefix("\u{feff}".as_bytes()).unwrap_or(body).trim_ascii()
}

fn parse(body: &[u8], speaks: Speaks) -> Result<Option<Value>, Stranger> {
    if body.is_empty() {
        return Ok(None);
    }
    let text = std::str::from_utf8(body).map_err(|_| Stranger::Bytes)?;
    match serde_json::from_str(text) {
        Ok(value @ Value::Object(_)) => Ok(Some(value)),
        Ok(value @ Value::Array(_)) if speaks == Speaks::Lists => Ok(Some(value)),
        Ok(_) => Err(Stranger::OtherJson),
        Err(_) if text.starts_with('<') => Err(Stranger::Page),
        Err(_) => Err(Stranger::Text),
    }
}

impl fmt::Display for Stranger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Page => f.write_str("an HTML page"),
            Self::Text => f.write_str("text that is not JSON"),
            Self::OtherJson => f.write_str("JSON of another kind"),
            Self::Bytes => f.write_str("bytes that are no text"),
            Self::Large(limit) => write!(f, "more than {limit} bytes"),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Failure, NotTheirs, Speaks, Stranger};

    fn read(body: &[u8]) -> Result<Option<serde_json::Value>, Stranger> {
        super::json(Ok(body), Speaks::Objects).map_err(|error| match error {
            NotTheirs::Stranger(stranger) => stranger,
            NotTheirs::Broken(failure) => panic!("{failure}"),
        })
    }

    #[test]
    fn the_body_tells_who_wrote_it() {
        for nothing in ["", " \r\n", "\u{feff}", "\u{feff}\n"] {
            assert_eq!(read(nothing.as_bytes()), Ok(None), "{nothing:?}");
        }
        for object in ["{}", " {}\n", "\u{feff}{}", "\r\n\u{feff} {}"] {
            assert_eq!(read(object.as_bytes()), Ok(Some(json!({}))), "{object:?}");
        }
        for (body, stranger) in [
            (&b"<!DOCTYPE html><p>Log in"[..], Stranger::Page),
            ("\u{feff}\n <html>".as_bytes(), Stranger::Page),
            (b"OK", Stranger::Text),
            (b"{\"status\":202", Stranger::Text),
            (b"{} {}", Stranger::Text),
            (b"\"OK\"", Stranger::OtherJson),
            (b"1", Stranger::OtherJson),
            (b"null", Stranger::OtherJson),
            (b"[{}]", Stranger::OtherJson),
            (b"\x1f\x8b\x08\x00", Stranger::Bytes),
        ] {
            assert_eq!(read(body), Err(stranger), "{}", String::from_utf8_lossy(body));
        }
        assert_eq!(super::json(Ok(b"[{}]"), Speaks::Lists), Ok(Some(json!([{}]))));
    }

    #[test]
    fn one_that_was_not_read_whole_is_nobodys() {
        let large = super::json(Err(&Failure::TooLarge(9)), Speaks::Objects);
        assert_eq!(large, Err(NotTheirs::Stranger(Stranger::Large(9))));
        let broken = super::json(Err(&Failure::Closed), Speaks::Objects);
        assert_eq!(broken, Err(NotTheirs::Broken(Failure::Closed)));
    }
}
