//! What holds where the file says nothing.

use std::time::Duration;

use super::{Delivery, Ilert, Netdata, Priority, Severities, Severity};

impl Netdata {
    /// Where an agent is when nobody says otherwise: on this machine.
    pub const URL: &'static str = "http://127.0.0.1:19999";
}

impl Ilert {
    /// ilert's own API.
    pub const ENDPOINT: &'static str = "https://api.ilert.com";
}

impl Default for Netdata {
    fn default() -> Self {
        Self {
            url: Self::URL.to_owned(),
            username: None,
            password: None,
            bearer_token: None,
            ca_file: None,
            link_base: None,
        }
    }
}

impl Default for Ilert {
    fn default() -> Self {
        Self { endpoint: Self::ENDPOINT.to_owned(), proxy: None, ca_file: None }
    }
}

impl Default for Severities {
    fn default() -> Self {
        Self {
            critical: Severity { priority: Priority::High, severity: 1 },
            warning: Severity { priority: Priority::Low, severity: 3 },
            unreachable: Severity { priority: Priority::High, severity: 2 },
        }
    }
}

impl Default for Delivery {
    /// 45 a minute, as ilert takes 50 for a key and the wizard's test needs some.
    fn default() -> Self {
        Self {
            events_per_minute: 45,
            resolve_after: Duration::ZERO,
            unreachable_after: Duration::from_secs(2 * 60),
            removed_after: Duration::from_secs(3 * 60),
            forget_after: Duration::from_secs(24 * 3600),
        }
    }
}
