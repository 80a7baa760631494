//! `[netdata]`: the agent or parent to watch.

use std::path::PathBuf;

use crate::config::kind::{File, HttpUrl, Maybe, SecretPlace, SecretSource, Username};
use crate::config::table::table;

table! {
    /// `[netdata]`: the agent or parent to watch.
    #[derive(Clone, PartialEq)]
    pub struct Netdata {
        /// The address of the agent or parent. A parent stands for all the nodes that stream to it.
        url: String => HttpUrl = "http://127.0.0.1:19999".to_owned();

        /// The user name, if a reverse proxy in front of it asks for one.
        username: Option<String> => Maybe<Username> = None, like "netdata";

        /// The password of that user. It takes the same forms as `api_key`.
        password: Option<SecretSource> => Maybe<SecretPlace> = None, like { file = "netdata-password" };

        /// The bearer token, if the agent asks for one. It takes the same forms as `api_key`.
        bearer_token: Option<SecretSource> => Maybe<SecretPlace> = None, like { file = "netdata-token" };

        /// A PEM file with more certificate authorities to trust.
        ca_file: Option<PathBuf> => Maybe<File> = None, like "netdata-ca.pem";

        /// The address for links in alerts, if people open Netdata's dashboard at another one.
        link_base: Option<String> => Maybe<HttpUrl> = None, like "https://netdata.example.org";
    }
}
