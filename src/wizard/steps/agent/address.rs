//! What a person writes for the address of an agent: a name, a name with its port, a link from the browser.

use std::net::Ipv6Addr;

/// Where Netdata listens unless it was told otherwise.
const PORT: &str = "19999";

/// What a dashboard adds to its agent's address.
const DASHBOARD: [&str; 8] = ["v0", "v1", "v2", "v3", "api", "old", "index.html", "dashboard.html"];

/// The URL that is meant. What cannot be one stays as it is.
#[must_use]
pub fn understood(text: &str) -> String {
    let text = text.trim();
    let (scheme, rest) = text.split_once("://").map_or((None, text), |(scheme, rest)| (Some(scheme), rest));
    let (host, behind) =
        rest.split_at_checked(rest.find(['/', '?', '#']).unwrap_or(rest.len())).unwrap_or((rest, ""));
    let odd = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '@' | '\\');
    if host.is_empty() || text.contains(odd) {
        return text.trim_end_matches('/').to_owned();
    }
    let path = behind.split(['?', '#']).next().unwrap_or_default();
    let own = path.split('/').filter(|part| !part.is_empty()).take_while(|part| !DASHBOARD.contains(part));
    let path: String = own.flat_map(|part| ["/", part]).collect();
    match scheme {
        Some(scheme) => format!("{scheme}://{host}{path}"),
        None => format!("{}{path}", with_port(host)),
    }
}

/// A host without a scheme, as a URL.
fn with_port(host: &str) -> String {
    if host.parse::<Ipv6Addr>().is_ok() {
        return format!("http://[{host}]:{PORT}");
    }
    // The colons of an address in brackets are its own.
    let port = host.rsplit_once(':').map(|(_, port)| port).filter(|port| !port.contains(']'));
    match port {
        Some("443") => format!("https://{host}"),
        Some(_) => format!("http://{host}"),
        None => format!("http://{host}:{PORT}"),
    }
}

/// Whether it is a page of Netdata Cloud's.
#[must_use]
pub fn is_of_cloud(url: &str) -> bool {
    let host = url.split("://").nth(1).and_then(|rest| rest.split(['/', ':']).next()).unwrap_or_default();
    host.eq_ignore_ascii_case("app.netdata.cloud")
}

/// Whether a user name is in it.
pub(super) fn has_login(url: &str) -> bool {
    url.split("://").nth(1).is_some_and(|rest| rest.split('/').next().is_some_and(|host| host.contains('@')))
}

#[cfg(test)]
mod tests {
    use super::{has_login, is_of_cloud, understood};

    #[test]
    fn understands_what_is_meant() {
        for (written, meant) in [
            ("http://127.0.0.1:19999", "http://127.0.0.1:19999"),
            (" https://netdata.example.org/ ", "https://netdata.example.org"),
            ("https://example.org/netdata/", "https://example.org/netdata"),
            ("localhost", "http://localhost:19999"),
            ("127.0.0.1:19999", "http://127.0.0.1:19999"),
            ("db-1.example.org:8080/netdata", "http://db-1.example.org:8080/netdata"),
            ("netdata.example.org:443", "https://netdata.example.org:443"),
            ("::1", "http://[::1]:19999"),
            ("[::1]", "http://[::1]:19999"),
            ("[::1]:1234", "http://[::1]:1234"),
            ("http://h:19999/#menu_system;theme=slate", "http://h:19999"),
            ("http://h:19999/v3/spaces/x/rooms/y?a=b#c", "http://h:19999"),
            ("h:19999/v1/", "http://h:19999"),
            ("http://h/netdata/api/v3/info", "http://h/netdata"),
            ("http://h:19999/index.html", "http://h:19999"),
            ("http://h/host/child", "http://h/host/child"),
            ("ftp://h", "ftp://h"),
            ("two words", "two words"),
            ("http://me:word@h", "http://me:word@h"),
            ("", ""),
            ("/", ""),
        ] {
            assert_eq!(understood(written), meant, "{written}");
            assert_eq!(understood(meant), meant, "{written}");
        }
        assert!(is_of_cloud(&understood("https://app.netdata.cloud/spaces/s/rooms/r")));
        assert!(!is_of_cloud("http://app.netdata.cloud.example.org"));
        assert!(has_login("http://me@h/x") && !has_login("http://h/@"));
    }
}
