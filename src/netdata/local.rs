//! Finds where this machine's agent listens, from its `netdata.conf`. The wizard starts with it.
//!
//! Facts are from Netdata's documentation of `[web]`: `default port` is 19999 unless set, `bind to` a list of
//! `address:port=what` separated by blanks, `*` for every address and `unix:/path` for a socket.

use std::io::Read as _;
use std::path::Path;

use crate::files;

/// Where Netdata keeps its configuration: packages, its static build, BSD ports and macOS.
pub const FOLDERS: [&str; 4] =
    ["etc/netdata", "opt/netdata/etc/netdata", "usr/local/etc/netdata", "opt/homebrew/etc/netdata"];

/// A generated file with every setting in it has some 200 kB.
const LARGEST: u64 = 4 * 1024 * 1024;

/// The URL of this machine's agent, below a root folder (`/`). `None` if no readable `netdata.conf` says where it
/// listens.
#[must_use]
pub fn url(root: &Path) -> Option<String> {
    FOLDERS.iter().map(|folder| root.join(folder).join("netdata.conf")).find_map(|path| url_in(&text(&path)?))
}

fn text(path: &Path) -> Option<String> {
    let mut bytes = Vec::new();
    files::open(path).ok()?.take(LARGEST).read_to_end(&mut bytes).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

/// The URL from a file's text; `None` if it sets neither port nor address.
fn url_in(text: &str) -> Option<String> {
    let port = setting(text, "default port").and_then(|port| port.parse::<u16>().ok());
    let bind = setting(text, "bind to");
    if port.is_none() && bind.is_none() {
        return None;
    }
    let port = port.unwrap_or(19_999);
    let first = bind.unwrap_or("*").split_whitespace().find(|entry| !entry.starts_with("unix:"))?;
    let address = first.split(['=', '%', '^']).next().unwrap_or(first);
    let (host, port) = match address.rsplit_once(':') {
        // `[::1]` alone has its colons within the brackets.
        Some((host, own)) if !own.ends_with(']') => (host, own.parse().ok()?),
        _ => (address, port),
    };
    let host = match host {
        "" | "*" | "any" | "all" | "0.0.0.0" | "::" | "[::]" => "127.0.0.1",
        host => host,
    };
    Some(format!("http://{host}:{port}"))
}

/// The last value of a setting under `[web]`.
fn setting<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    let mut is_web = false;
    let mut found = None;
    for line in text.lines().map(str::trim).filter(|line| !line.starts_with('#')) {
        if let Some(section) = line.strip_prefix('[') {
            is_web = section.split(']').next() == Some("web");
        } else if let Some((left, value)) = line.split_once('=').filter(|_| is_web)
            && left.trim() == name
        {
            found = Some(value.trim());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{url, url_in};

    #[test]
    fn reads_where_the_agent_listens() {
        for (web, expected) in [
            ("", None),
            ("# default port = 1\n", None),
            ("default port = 19998\n", Some("http://127.0.0.1:19998")),
            ("bind to = 127.0.0.1\ndefault port = 20001\n", Some("http://127.0.0.1:20001")),
            ("bind to = *\n", Some("http://127.0.0.1:19999")),
            (
                "bind to = unix:/run/netdata.sock 10.0.0.5:29999=dashboard|streaming\n",
                Some("http://10.0.0.5:29999"),
            ),
            ("bind to = [::1]:19998^SSL=optional localhost\n", Some("http://[::1]:19998")),
            ("bind to = [::1]\n", Some("http://[::1]:19999")),
            ("bind to = localhost=dashboard\n", Some("http://localhost:19999")),
            ("bind to = unix:/run/netdata.sock\n", None),
        ] {
            let text = format!("[global]\n default port = 5\n[web]\n{web}[db]\n bind to = elsewhere\n");
            assert_eq!(url_in(&text).as_deref(), expected, "{web}");
        }
    }

    #[test]
    fn finds_the_file_and_leaves_one_that_cannot_be_read() {
        let root = tempfile::tempdir().unwrap();
        assert_eq!(url(root.path()), None);
        let folder = root.path().join("opt/netdata/etc/netdata");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::create_dir_all(root.path().join("etc/netdata/netdata.conf")).unwrap();
        std::fs::write(folder.join("netdata.conf"), "[web]\n    default port = 19998\n").unwrap();
        assert_eq!(url(root.path()).as_deref(), Some("http://127.0.0.1:19998"));
    }
}
