//! Messages that the account and the client for events share.

use crate::http::{Answer, Failure, Stranger};
use crate::secret::Secret;

/// What to do where somebody else answers.
pub(super) const HINT_STRANGER: &str = "check `ilert.proxy` or HTTPS_PROXY, whether this network wants a login first, \
                                        and `ilert.endpoint`";
/// What to do where a proxy wants a login.
pub(super) const HINT_PROXY: &str = "check `ilert.proxy` or HTTPS_PROXY";
/// What to do where ilert is not.
pub(super) const HINT_ENDPOINT: &str = "check `ilert.endpoint`";

/// Somebody else answers.
pub(super) fn stranger(status: u16, what: Stranger) -> String {
    format!("something answered in ilert's place ({status}: {what})")
}

/// A redirect, which would take what is secret along.
pub(super) fn redirected(answer: &Answer, secret: &str) -> String {
    format!("redirected elsewhere ({answer}); not followed, because the {secret} would go along")
}

/// A proxy that wants a login.
pub(super) fn proxy_login(answer: &Answer) -> String {
    format!("the proxy wants a login ({answer})")
}

/// What an error body of ilert's says, one line, with the secrets masked.
pub(super) fn of_body(body: Result<&[u8], &Failure>, secrets: &[&Secret]) -> String {
    crate::http::words(body, &["message", "code"], secrets)
}
