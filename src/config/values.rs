//! The kinds of values that the file has: each is read from TOML, checked, and refused in words.

use std::path::{Path, PathBuf};
use std::time::Duration;

use toml_edit::Item;

use super::Priority;
use super::duration;
use super::reader::{Read, refuse, refuse_found};
use super::text::shown_url;
use crate::url::Url;

/// Longer delays are mistakes: an alert that is told a month late is not told.
const LONGEST_DELAY: Duration = Duration::from_secs(30 * 86_400);

/// What [`name`] allows.
pub(super) const NAME: &str = "a text of one line that is not empty";

/// Any text.
pub(super) fn text(item: &Item) -> Read<String> {
    item.as_str().map_or_else(|| refuse("a text in quotes"), |text| Ok(text.to_owned()))
}

/// A name that a person reads: one line, not empty, trimmed.
pub(super) fn name(item: &Item) -> Read<String> {
    match item.as_str().map(str::trim) {
        Some(name) if !name.is_empty() && !name.chars().any(char::is_control) => Ok(name.to_owned()),
        _ => refuse(NAME),
    }
}

/// A user name for basic authentication, where a colon ends it (RFC 7617).
pub(super) fn username(item: &Item) -> Read<String> {
    match name(item) {
        Ok(name) if name.contains(':') => refuse("a user name without a colon"),
        read => read,
    }
}

/// A delay.
pub(super) fn delay(item: &Item) -> Read<Duration> {
    match item.as_str().and_then(duration::parse) {
        Some(delay) if delay <= LONGEST_DELAY => Ok(delay),
        _ => refuse("a duration from `\"0s\"` to `\"30d\"`, such as `\"90s\"`, `\"2m\"` or `\"1h 30m\"`,"),
    }
}

/// A number of events.
pub(super) fn events(item: &Item) -> Read<u32> {
    match item.as_integer().map(u32::try_from) {
        Some(Ok(number)) if number >= 1 => Ok(number),
        Some(Err(_)) if item.as_integer() > Some(0) => refuse(format!("a whole number up to {}", u32::MAX)),
        _ => refuse("a whole number from 1 up"),
    }
}

/// ilert's priorities, in any case.
pub(super) fn priority(item: &Item) -> Read<Priority> {
    match item.as_str().map(str::to_ascii_uppercase).as_deref() {
        Some("HIGH") => Ok(Priority::High),
        Some("LOW") => Ok(Priority::Low),
        _ => refuse("`\"HIGH\"` or `\"LOW\"`"),
    }
}

/// ilert's severities.
pub(super) fn severity(item: &Item) -> Read<u8> {
    match item.as_integer().map(u8::try_from) {
        Some(Ok(number @ 1..=5)) => Ok(number),
        _ => refuse("a whole number from 1 (worst) to 5"),
    }
}

/// A path; one that is relative starts from the folder of the file.
pub(super) fn path(item: &Item, folder: &Path) -> Read<PathBuf> {
    match item.as_str() {
        Some(path) if path.starts_with('~') => refuse("a path without `~`, which only a shell understands,"),
        Some(path) if !path.is_empty() && !path.contains('\0') => Ok(folder.join(path)),
        _ => refuse("a path, absolute or from this file's folder,"),
    }
}

/// The URL of an agent, a parent or a dashboard, without a trailing slash.
pub(super) fn http_url(item: &Item) -> Read<String> {
    base_url(item, "a URL without user name and password, for which there are `username` and `password`,")
}

/// The URL of ilert's API, without a trailing slash. Plain HTTP would show the key on the way.
pub(super) fn endpoint(item: &Item) -> Read<String> {
    let url = base_url(item, "a URL without user name and password")?;
    if encrypted(&url) { Ok(url) } else { refuse("a URL with `https://` (`http://` on this machine alone)") }
}

/// Whether what is sent there can be read on the way by nobody.
pub(super) fn encrypted(url: &str) -> bool {
    Url::parse(url).is_ok_and(|url| url.is_encrypted() || url.is_loopback())
}

/// The URL of a proxy; it may hold a user name and a password.
pub(super) fn proxy(item: &Item) -> Read<String> {
    const ALLOWED: &str = "an HTTP proxy, such as `http://proxy.example.org:3128`,";
    let Some(text) = item.as_str().map(str::trim) else { return refuse(ALLOWED) };
    let socks = || Url::proxy(text).is_ok_and(|url| text.contains("://") && url.is_socks());
    match Url::parse(text) {
        Ok(url) if !url.has_path() && !url.has_arguments() => Ok(text.trim_end_matches('/').to_owned()),
        Err(_) if socks() => refuse_found(format!("{}, a SOCKS proxy", shown_url(text)), ALLOWED),
        _ => refuse_found(shown_url(text), ALLOWED),
    }
}

/// Whether a proxy's URL holds a password.
pub(super) fn holds_password(proxy: &str) -> bool {
    Url::parse(proxy).is_ok_and(|url| url.has_password())
}

/// Whether a heartbeat's URL can be pinged: HTTPS, or this machine. Never shown, as it is a secret.
pub(super) fn pingable(url: &str) -> bool {
    encrypted(url)
}

fn base_url(item: &Item, without_user: &'static str) -> Read<String> {
    const ALLOWED: &str = "a URL that begins with `http://` or `https://`";
    let Some(text) = item.as_str().map(str::trim) else { return refuse(ALLOWED) };
    let Ok(url) = Url::parse(text) else { return refuse_found(shown_url(text), ALLOWED) };
    if url.has_login() || text.contains('@') {
        return refuse_found(shown_url(text), without_user);
    }
    if url.has_arguments() {
        return refuse_found(shown_url(text), "a URL without `?` and `#`");
    }
    Ok(text.trim_end_matches('/').to_owned())
}
