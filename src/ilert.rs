//! ilert: the event as it goes over the wire, the client that posts it, and the account in which an alert
//! source is set up.
//!
//! - [`event`]: an event, as ilert's events API takes it;
//! - [`client`]: posts it; its `verdict` says what ilert's answer means: accepted, try later, refused, or wrong key;
//! - `key`: whether a text looks like an alert source's key;
//! - `heartbeat`: pings a heartbeat monitor;
//! - `reach`: whether ilert can be reached, without an event or a key;
//! - [`account`]: alert sources, escalation policies and alerts, through the REST API;
//! - `words`: messages that the client and the account share.

pub mod account;
pub mod client;
pub mod event;
mod heartbeat;
mod key;
mod reach;
mod words;

pub use account::Account;
pub use client::EventClient;
pub use event::Event;
pub use heartbeat::{HeartbeatClient, PingError};
pub use key::{Looks, looks, oddity};
pub use reach::{Reached, reach};

use crate::config;
use crate::http::{self, ClientError, Route};
use crate::url::Url;

/// Where events go.
fn events(ilert: &config::Ilert) -> Result<Url, ClientError> {
    Url::parse(&ilert.endpoint).and_then(|base| base.below("api/events")).map_err(|error| {
        ClientError::Build(format!("`ilert.endpoint` is not a URL such as https://api.ilert.com: {error}"))
    })
}

/// The way to a URL of ilert's: through the configured proxy, straight to this machine, or as the environment
/// says.
fn route<'a>(ilert: &'a config::Ilert, url: &Url) -> Route<'a> {
    match &ilert.proxy {
        Some(proxy) => Route::Proxy(proxy),
        None if url.is_loopback() => Route::Direct,
        None => Route::Environment,
    }
}

/// The proxy on that way, for the words of a failure.
pub(crate) fn proxy(ilert: &config::Ilert, url: &Url) -> Option<http::Proxy> {
    http::Proxy::between(url, route(ilert, url))
}

/// The same; an error where a variable that should name one does not.
pub(crate) fn proxy_on_way(ilert: &config::Ilert, url: &Url) -> Result<Option<http::Proxy>, ClientError> {
    http::Proxy::on_way(url, route(ilert, url))
}
