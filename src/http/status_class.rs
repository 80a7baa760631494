//! What the HTTP status of an answer means, for any service. A service with statuses of its own (Netdata's 412 and 451,
//! ilert's 402) checks those first.

/// The kinds of statuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatusClass {
    /// 2xx.
    Success,
    /// 3xx. It is never followed: what is secret in a request would go along.
    Redirect,
    /// 401: whoever asks is not known.
    Unauthorized,
    /// 403: whoever asks may not.
    Forbidden,
    /// 404: there is no such thing.
    NotFound,
    /// 407, a proxy's own: it wants a login. The service was not asked.
    ProxyLogin,
    /// 429: too much was asked. Not done.
    Limited,
    /// Another 4xx: never, as it was asked.
    Refused,
    /// 408, 425, 5xx, and what is no status of HTTP: it decides nothing, and may have been done.
    Passing,
}

impl StatusClass {
    /// By the status.
    #[must_use]
    pub fn of(status: u16) -> Self {
        match status {
            200..=299 => Self::Success,
            300..=399 => Self::Redirect,
            401 => Self::Unauthorized,
            403 => Self::Forbidden,
            404 => Self::NotFound,
            407 => Self::ProxyLogin,
            408 | 425 => Self::Passing,
            429 => Self::Limited,
            400..=499 => Self::Refused,
            _ => Self::Passing,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::StatusClass;

    #[test]
    fn knows_every_status() {
        for (statuses, class) in [
            (&[200, 202, 204, 299][..], StatusClass::Success),
            (&[300, 301, 302, 307, 308], StatusClass::Redirect),
            (&[401], StatusClass::Unauthorized),
            (&[403], StatusClass::Forbidden),
            (&[404], StatusClass::NotFound),
            (&[407], StatusClass::ProxyLogin),
            (&[429], StatusClass::Limited),
            (&[400, 402, 405, 409, 410, 412, 413, 415, 422, 451, 499], StatusClass::Refused),
            (&[100, 408, 425, 500, 502, 503, 504, 599, 999], StatusClass::Passing),
        ] {
            for status in statuses {
                assert_eq!(StatusClass::of(*status), class, "{status}");
            }
        }
    }
}
