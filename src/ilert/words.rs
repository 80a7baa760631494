//! Messages that the account and the client for events share.

use crate::http::{ErrorAnswer, Failure, Settings, Stranger, TlsFault};
use crate::secret::Secret;
use crate::text::Shown;

/// What to do where somebody else answers.
pub(super) const HINT_STRANGER: &str = "check `ilert.proxy` or HTTPS_PROXY, whether this network wants a login first, \
                                        and `ilert.endpoint`";
/// What to do where a proxy wants a login.
pub(super) const HINT_PROXY: &str = "check `ilert.proxy` or HTTPS_PROXY";
/// What to do where a proxy wants a login, at more length.
pub(super) const HINT_LOGIN: &str =
    "write them into `proxy` under `[ilert]`: `http://user:password@host:port`";
/// What to do where ilert is not.
pub(super) const HINT_ENDPOINT: &str = "check `ilert.endpoint`";

/// What to do if there is no answer; `place` is the setting with the URL.
pub(super) fn hint_of_failure(failure: &Failure, place: &str) -> String {
    if let Some(fix) = failure.fix_of_proxy() {
        return format!("in `proxy` under `[ilert]` (or in the variable) {fix}");
    }
    match failure {
        Failure::NoProxy { .. } | Failure::ToProxy(_) => {
            "start it, or correct `proxy` under `[ilert]` (or the variable)".to_owned()
        }
        Failure::Through { failure, .. } => hint_through(failure),
        Failure::Tls(TlsFault::UnknownAuthority) => HINT_AUTHORITY.to_owned(),
        Failure::Tls(fault) => fault.fix(Settings::ILERT),
        Failure::Dns => format!("correct this machine's DNS, or {place}"),
        Failure::NotHttp => {
            format!("correct {place}: its port is another service's, or it wants `https://`")
        }
        failure if failure.is_proxys() => HINT_LET.to_owned(),
        _ => format!("check {place}; does a firewall want a proxy? Then set `proxy` under `[ilert]`"),
    }
}

const HINT_AUTHORITY: &str =
    "if a proxy of your own signs certificates on the way, name its authority in `ca_file` under `[ilert]`";
const HINT_LET: &str = "let the proxy connect to it, or set another `proxy` under `[ilert]`";

/// The same where a proxy is on the way.
fn hint_through(failure: &Failure) -> String {
    let hint = match failure {
        Failure::Tls(TlsFault::UnknownAuthority) => HINT_AUTHORITY,
        // Whatever the proxy let through has shown these certificates.
        Failure::Tls(
            fault @ (TlsFault::Expired
            | TlsFault::NotYetValid
            | TlsFault::WrongName { .. }
            | TlsFault::AuthorityAsServer
            | TlsFault::Version1
            | TlsFault::Certificate(_)),
        ) => return fault.fix(Settings::ILERT),
        Failure::Dns => {
            "correct this machine's DNS; or write `socks5h://` for the proxy, so that it resolves names"
        }
        failure if failure.is_proxys() => HINT_LET,
        _ => {
            "it may be the proxy that answers, or something behind it: see its log, or correct `proxy` under \
             `[ilert]` (or the variable)"
        }
    };
    hint.to_owned()
}

/// Somebody else answers.
pub(super) fn stranger(status: u16, what: Stranger) -> String {
    format!("something answered in ilert's place ({status}: {what})")
}

/// A redirect, which would take what is secret along.
pub(super) fn redirected(answer: &ErrorAnswer, secret: &str) -> String {
    format!("redirected elsewhere ({answer}); not followed, because the {secret} would go along")
}

/// A proxy that wants a login.
pub(super) fn proxy_login(answer: &ErrorAnswer) -> String {
    format!("the proxy wants a login ({answer})")
}

/// What an error body of ilert's says, one line, with the secrets masked.
pub(super) fn of_body(body: Result<&[u8], &Failure>, secrets: &[&Secret]) -> Shown {
    crate::http::words(body, &["message", "code"], secrets)
}
