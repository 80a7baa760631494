//! `[ilert]`: the service to tell.

use std::path::PathBuf;

use crate::config::kind::{Endpoint, File, Maybe, Proxy};
use crate::config::table::table;

table! {
    /// `[ilert]`: the service to tell.
    #[derive(Clone, PartialEq)]
    pub struct Ilert {
        /// The address of ilert's API.
        endpoint: String => Endpoint = "https://api.ilert.com".to_owned();

        /// The proxy to ilert. If it is not set, HTTPS_PROXY, ALL_PROXY and NO_PROXY decide.
        proxy: Option<String> => Maybe<Proxy> = None, like "http://proxy.example.org:3128";

        /// A PEM file with more certificate authorities to trust.
        ca_file: Option<PathBuf> => Maybe<File> = None, like "ilert-ca.pem";
    }
}
