//! `[netdata]`: the agent or parent to watch.

use std::path::PathBuf;

use crate::config::kind::{File, HttpUrl, HttpUrls, Maybe, SecretPlace, SecretSource, Urls, Username};
use crate::config::table::table;

table! {
    /// `[netdata]`: the agent or parent to watch.
    #[derive(Clone, PartialEq)]
    pub struct Netdata {
        /// The address of the agent or parent. A parent stands for all the nodes that stream to it.
        /// Parents that watch the same nodes are a list of such addresses, in brackets and with commas
        /// between them; they share the keys below.
        url: Urls => HttpUrls = Urls::from("http://127.0.0.1:19999");

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
