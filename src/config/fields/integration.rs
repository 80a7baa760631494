//! `[integration]`: Netdata's modal, "Integration configuration".

use crate::config::kind::{SecretPlace, SecretSource};
use crate::config::table::table;

table! {
    /// `[integration]`: Netdata's modal, "Integration configuration".
    #[derive(Clone, PartialEq)]
    pub struct Integration {
        /// The API key of the alert source in ilert (integration type: API). It can be kept in
        ///   a file:                   { file = "/etc/netdata-ilert/api-key" }, which only its owner may read
        ///   an environment variable:  { env = "ILERT_API_KEY" }
        ///   a systemd credential:     { credential = "api-key" }
        ///   this file: "the key itself", and then only its owner may read this file.
        api_key: SecretSource => SecretPlace, like { file = "/etc/netdata-ilert/api-key" };
    }
}
