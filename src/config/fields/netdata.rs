//! `[netdata]`: the agent or parent to watch.

use std::path::PathBuf;

use crate::config::kind::{File, HttpUrl, Maybe, SecretPlace, SecretSource, Username};
use crate::config::table::table;

table! {
    /// `[netdata]`: the agent or parent to watch.
    #[derive(Clone, PartialEq)]
    pub struct Netdata {
        /// Where it answers. A parent stands for all the nodes that stream to it.
        url: String => HttpUrl = "http://127.0.0.1:19999".to_owned();

        /// The user name, where a reverse proxy in front of it asks for one.
        username: Option<String> => Maybe<Username> = None, like "netdata";

        /// The password of that user. It takes the forms of `api_key`.
        password: Option<SecretSource> => Maybe<SecretPlace> = None, like { file = "netdata-password" };

        /// A bearer token, where the agent is protected by one. It takes the forms of `api_key`.
        bearer_token: Option<SecretSource> => Maybe<SecretPlace> = None, like { file = "netdata-token" };

        /// Certificate authorities to trust as well, as a PEM file.
        ca_file: Option<PathBuf> => Maybe<File> = None, like "netdata-ca.pem";

        /// Where links in alerts lead to, if people reach Netdata's dashboard at another address.
        link_base: Option<String> => Maybe<HttpUrl> = None, like "https://netdata.example.org";
    }
}
