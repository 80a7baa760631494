//! `[heartbeat]`: who watches the watcher.

use crate::config::kind::{HeartbeatUrl, Maybe, SecretSource};
use crate::config::table::table;

table! {
    /// `[heartbeat]`: who watches the watcher.
    #[derive(Clone, PartialEq)]
    pub struct Heartbeat {
        /// The URL of a heartbeat monitor in ilert. Each good run pings it; ilert alerts when the pings
        /// stop. The URL holds a key, so it takes the same forms as `api_key`.
        url: Option<SecretSource> => Maybe<HeartbeatUrl> = None, like { file = "heartbeat-url" };
    }
}
