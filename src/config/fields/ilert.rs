//! `[ilert]`: the service to tell.

use std::path::PathBuf;

use crate::config::kind::{Endpoint, File, Maybe, Proxy};
use crate::config::table::table;

table! {
    /// `[ilert]`: the service to tell.
    #[derive(Clone, PartialEq)]
    pub struct Ilert {
        /// Where ilert's API is.
        endpoint: String => Endpoint = "https://api.ilert.com".to_owned();

        /// The proxy on the way there. Not set: as HTTPS_PROXY, ALL_PROXY and NO_PROXY say.
        proxy: Option<String> => Maybe<Proxy> = None, like "http://proxy.example.org:3128";

        /// Certificate authorities to trust as well, as a PEM file.
        ca_file: Option<PathBuf> => Maybe<File> = None, like "ilert-ca.pem";
    }
}
