//! The words: what happened, what to do, and why an agent is unreachable.

use std::fmt;

use super::{Error, SetUpError};
use crate::advice::{self, Advised};
use crate::http::{Proxy, Settings};

/// What the settings of `[netdata]` are called: keys of the file, or fields on a screen.
#[derive(Clone, Copy, Debug)]
pub struct SettingNames {
    /// The address.
    pub url: &'static str,
    /// User name and password.
    pub login: &'static str,
    /// The bearer token.
    pub token: &'static str,
    /// When it is asked again.
    pub again: &'static str,
    /// For a certificate that is not trusted.
    pub tls: Settings,
}

impl SettingNames {
    /// The keys of the file.
    const IN_FILE: Self = Self {
        url: "`url` under `[netdata]`",
        login: "`username` and `password` under `[netdata]`",
        token: "`bearer_token` under `[netdata]`",
        again: "it is asked again at the next run",
        tls: Settings::NETDATA,
    };
}

impl Advised for SetUpError {
    fn what(&self) -> String {
        match self {
            Self::Url { reason } => format!("cannot use the URL of the Netdata agent: {reason}"),
            Self::Secret(error) => error.to_string(),
            Self::Credential { what } => format!(
                "the {what} for Netdata holds a character that an HTTP header cannot carry (a line break, perhaps)"
            ),
            Self::Client(error) => error.what(),
        }
    }

    fn hint(&self) -> Option<String> {
        self.hint_with(SettingNames::IN_FILE)
    }
}

impl Advised for Error {
    fn what(&self) -> String {
        match self {
            Self::Refused { url } => format!("nothing listens at `{url}` (connection refused)"),
            Self::Dns { url } => format!("the host name of `{url}` cannot be resolved"),
            Self::Timeout { url } => format!("no answer in time from `{url}`"),
            Self::Tls { url, fault } => format!("no trusted TLS connection to `{url}`: {fault}"),
            Self::Proxy { url, what, .. } => format!("{what}, so `{url}` was not asked"),
            Self::Through { proxy, error } => format!("{} (through the proxy {proxy})", error.what()),
            Self::NotTls { url } => format!("what answers at `{url}` does not speak TLS"),
            Self::WantsTls { url } => format!("what answers at `{url}` wants TLS"),
            Self::Closed { url } => format!("`{url}` closed the connection without an answer"),
            Self::AccessList { url } => format!("Netdata refuses `{url}` to this machine (451)"),
            Self::TokenRefused { url, status } => format!(
                "Netdata refuses the bearer token that `{url}` was asked with ({status}): it is wrong, or has expired"
            ),
            Self::PasswordRefused { url } => {
                format!("`{url}` refuses the user name and the password (401)")
            }
            Self::BearerProtection { url } => format!("Netdata refuses `{url}` without a bearer token (412)"),
            Self::Forbidden { url } => format!("these credentials may not read `{url}` (403)"),
            Self::Unauthorized { url } => format!(
                "`{url}` wants a user name and a password (401): a reverse proxy stands in front of Netdata"
            ),
            Self::NotNetdata { url, detail } => format!("what answers at `{url}` is not Netdata ({detail})"),
            Self::NotFound { url } => format!("`{url}` is not there (404), though Netdata answers"),
            Self::Starting { url } => format!("Netdata at `{url}` is starting or stopping (503)"),
            Self::Redirect { url, status, to } => {
                let to = to.as_ref().map_or_else(String::new, |to| format!(" to `{to}`"));
                format!("`{url}` redirects{to} ({status}), and redirects are not followed")
            }
            Self::Status { url, status } => format!("`{url}` answers with HTTP status {status}"),
            Self::Unreadable { url, detail } => format!("the answer of `{url}` cannot be read: {detail}"),
            Self::SlowToRead { url, bytes, is_json } => {
                format!("the answer of `{url}`, {}", slow_to_read(*bytes, *is_json))
            }
            Self::TooLarge { url, limit } => format!("the answer of `{url}` is larger than {limit} bytes"),
            Self::Network { url, detail } => format!("asking `{url}` failed: {detail}"),
        }
    }

    fn hint(&self) -> Option<String> {
        self.hint_with(SettingNames::IN_FILE)
    }
}

impl SetUpError {
    /// What to do about it, with the settings as the reader knows them.
    #[must_use]
    pub fn hint_with(&self, names: SettingNames) -> Option<String> {
        match self {
            Self::Url { .. } => Some(format!("{} must look like `http://127.0.0.1:19999`", names.url)),
            Self::Secret(_) => None,
            Self::Credential { .. } => Some("store it again as one line".to_owned()),
            Self::Client(error) => error.hint(),
        }
    }
}

impl Error {
    /// What to do about it, with the settings as the reader knows them.
    #[must_use]
    pub fn hint_with(&self, names: SettingNames) -> Option<String> {
        let SettingNames { url: address, login, token, .. } = names;
        let hint = match self {
            Self::Refused { .. } => return Some(format!("start Netdata, or correct {address}")),
            Self::Dns { .. } => return Some(format!("correct {address}, or this machine's DNS")),
            Self::Timeout { .. } => {
                "is the machine up? Does a firewall drop the connection? Is the agent overloaded?"
            }
            Self::Tls { fault, .. } => return Some(fault.fix(names.tls)),
            Self::Proxy { proxy, fix, .. } => {
                let source = source(proxy);
                let fix = fix.map_or_else(|| format!("correct {source}"), |fix| format!("in {source} {fix}"));
                return Some(format!("{fix}, or name the agent's host in NO_PROXY"));
            }
            Self::Through { proxy, error } => {
                let hint = error.hint_with(names).map_or_else(String::new, |hint| format!("{hint}; or "));
                return Some(format!(
                    "{hint}is it the proxy {proxy} that answers? Then name the agent's host in NO_PROXY"
                ));
            }
            Self::NotTls { .. } => {
                return Some(format!(
                    "write `http://` in {address}, or set up TLS in the `[web]` section of that agent's netdata.conf"
                ));
            }
            Self::WantsTls { .. } => return Some(format!("write `https://` in {address}")),
            Self::Closed { url } => {
                let or = if url.starts_with("http:") {
                    "it speaks TLS alone: then write `https://`"
                } else {
                    "it does not speak TLS: then write `http://`"
                };
                return Some(format!(
                    "if Netdata runs there, `allow connections from` in the `[web]` section of its netdata.conf does \
                     not list this machine; or {or} in {address}"
                ));
            }
            Self::AccessList { .. } => {
                "add its address to `allow dashboard from` in the `[web]` section of that agent's netdata.conf"
            }
            Self::TokenRefused { .. } => {
                return Some(format!(
                    "Netdata Cloud mints tokens, they last 24 hours: put a new one into {token}, or turn `bearer token \
                     protection` off in the `[web]` section of that agent's netdata.conf"
                ));
            }
            Self::PasswordRefused { .. } => {
                return Some(format!("correct {login}: the reverse proxy in front of Netdata knows others"));
            }
            Self::BearerProtection { .. } => {
                return Some(format!(
                    "set {token} (Netdata Cloud mints tokens, they last 24 hours), or turn `bearer token protection` \
                     off in the `[web]` section of that agent's netdata.conf"
                ));
            }
            Self::Forbidden { .. } => "use a token or an account that may read alerts",
            Self::Unauthorized { .. } => return Some(format!("set {login}")),
            Self::NotNetdata { .. } => {
                return Some(format!(
                    "correct {address}: it is the address of the agent's dashboard, such as `http://127.0.0.1:19999`"
                ));
            }
            Self::NotFound { .. } => "does a reverse proxy hide a part of its API?",
            Self::Starting { .. } => names.again,
            Self::Redirect { .. } => return Some(format!("put the final address into {address}")),
            Self::Status { .. } => "the agent's log, or its reverse proxy's, says why",
            Self::Unreadable { .. } => "if this stays, please report it with the version of Netdata",
            Self::SlowToRead { is_json: true, .. } => {
                "is this machine overloaded? If not, split this parent into several smaller ones"
            }
            Self::SlowToRead { .. } => {
                "is it Netdata? If this stays, please report it with the version of Netdata"
            }
            Self::TooLarge { .. } => "is it Netdata? If so, split this parent into several smaller ones",
            Self::Network { .. } => return None,
        };
        Some(hint.to_owned())
    }
}

impl fmt::Display for SetUpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        advice::write(self, f)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        advice::write(self, f)
    }
}

fn slow_to_read(bytes: usize, is_json: bool) -> String {
    let size = format!("{} MiB", bytes.div_ceil(1 << 20));
    let no_json = if is_json { "" } else { " is no JSON and" };
    format!("{size} long,{no_json} took too long to read")
}

/// What names a proxy.
fn source(proxy: &Proxy) -> &'static str {
    if proxy.configured {
        "the configuration's proxy"
    } else {
        "the variable (HTTP_PROXY, HTTPS_PROXY or ALL_PROXY)"
    }
}

impl Error {
    /// The same as a short clause, for the details of an alert that says why an agent is unreachable.
    #[must_use]
    pub fn reason(&self) -> String {
        match self {
            Self::Refused { .. } => "connection refused".to_owned(),
            Self::Dns { .. } => "its host name cannot be resolved".to_owned(),
            Self::Timeout { .. } => "no answer in time".to_owned(),
            Self::Tls { fault, .. } => format!("no trusted TLS connection: {fault}"),
            Self::Proxy { what, .. } => what.clone(),
            Self::Through { proxy, error } => format!("{} (through the proxy {proxy})", error.reason()),
            Self::NotTls { .. } => "what answers does not speak TLS".to_owned(),
            Self::WantsTls { .. } => "what answers wants TLS".to_owned(),
            Self::Closed { .. } => {
                "closes the connection: down, or this address is not in `allow connections from`".to_owned()
            }
            Self::AccessList { .. } => {
                "answers 451: this address is not in `allow dashboard from`".to_owned()
            }
            Self::BearerProtection { .. } => "answers 412: it wants a bearer token".to_owned(),
            Self::TokenRefused { status, .. } => {
                format!("answers {status}: the bearer token is wrong or has expired")
            }
            Self::PasswordRefused { .. } => "answers 401: the user name or the password is wrong".to_owned(),
            Self::Forbidden { .. } => "answers 403: the token or account may not read alerts".to_owned(),
            Self::Unauthorized { .. } => {
                "answers 401: a reverse proxy wants a user name and a password".to_owned()
            }
            Self::NotNetdata { detail, .. } => format!("what answers is not Netdata: {detail}"),
            Self::NotFound { .. } => "answers 404 where its API should be".to_owned(),
            Self::Starting { .. } => "answers 503: it is starting or stopping".to_owned(),
            Self::Redirect { status, .. } => format!("answers {status}, a redirect, which is not followed"),
            Self::Status { status, .. } => format!("answers with HTTP status {status}"),
            Self::Unreadable { detail, .. } => format!("its answer cannot be read: {detail}"),
            Self::SlowToRead { bytes, is_json, .. } => {
                format!("its answer, {}", slow_to_read(*bytes, *is_json))
            }
            Self::TooLarge { limit, .. } => format!("its answer is larger than {limit} bytes"),
            Self::Network { detail, .. } => detail.to_string(),
        }
    }
}
