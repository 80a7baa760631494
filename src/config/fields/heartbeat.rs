//! `[heartbeat]`: who watches the watcher.

use crate::config::kind::{HeartbeatUrl, Maybe, SecretSource};
use crate::config::table::table;

table! {
    /// `[heartbeat]`: who watches the watcher.
    #[derive(Clone, PartialEq)]
    pub struct Heartbeat {
        /// The URL of a heartbeat monitor in ilert, pinged after each good run: ilert tells when the pings
        /// stop. It holds a key, so it takes the forms of `api_key`.
        url: Option<SecretSource> => Maybe<HeartbeatUrl> = None, like { file = "heartbeat-url" };
    }
}
