//! Links to the dashboard, for the person on call. A dead link is worse than none, so an agent that is known only by a
//! loopback address gets none.

use crate::alert::NodeId;
use crate::config::Netdata;
use crate::ilert::event::Link;
use crate::text::one_line;
use crate::url::Url;

/// Where links lead.
#[derive(Clone, Debug)]
pub(super) struct Dashboard {
    base: Option<Url>,
    /// Whether the host's path can be added to it.
    hosts: bool,
}

impl Dashboard {
    /// `netdata.link_base`, else the agent's own URL unless it is this machine's alone; the first of several.
    pub fn new(netdata: &Netdata) -> Self {
        Self::at(netdata, &netdata.url)
    }

    /// The same with the URL of one of several parents.
    pub fn at(netdata: &Netdata, url: &str) -> Self {
        let base = match &netdata.link_base {
            Some(base) => Url::parse(base).ok(),
            None => Url::parse(url).ok().filter(|url| !url.is_loopback()),
        };
        // Everyone on call reads links: they hold no credentials.
        let base = base.map(Url::without_login);
        // A page with arguments, and Netdata Cloud, have no `host/…` below them.
        let hosts = base.as_ref().is_some_and(|base| {
            !base.has_arguments() && base.name().is_none_or(|(name, _)| name != "app.netdata.cloud")
        });
        Self { base, hosts }
    }

    /// The dashboard of a node: `{base}/host/{guid}/`, which an agent and a parent, old and new, answer for
    /// themselves and for each child alike.
    pub fn of(&self, node: &NodeId, test: bool) -> Option<Link> {
        let mut url = self.base.as_ref()?.expose().clone();
        if self.hosts {
            let mut path = url.path_segments_mut().ok()?;
            path.pop_if_empty();
            if !test && !node.guid.is_empty() {
                path.extend(["host", &node.guid]);
            }
            path.push("");
        }
        let of_node = if test { String::new() } else { format!(" of {}", node.host) };
        Some(Link { href: url.into(), text: one_line(&format!("Netdata dashboard{of_node}"), 255) })
    }
}

#[cfg(test)]
mod tests {
    use super::Dashboard;
    use crate::alert::NodeId;
    use crate::config::Netdata;

    fn link(url: &str, link_base: Option<&str>, guid: &str) -> Option<String> {
        let netdata = Netdata { url: url.into(), link_base: link_base.map(Into::into), ..Netdata::default() };
        let node = NodeId { guid: guid.into(), host: "db-1".into() };
        Dashboard::new(&netdata).of(&node, false).map(|link| link.href)
    }

    #[test]
    fn leads_to_the_node() {
        for (url, base, guid, expected) in [
            ("http://10.0.0.1:19999", None, "g", Some("http://10.0.0.1:19999/host/g/")),
            ("http://127.0.0.1:19999", None, "g", None),
            (
                "http://localhost:19999",
                Some("https://nd.example/x"),
                "g",
                Some("https://nd.example/x/host/g/"),
            ),
            ("http://u:p@parent:19999", None, "", Some("http://parent:19999/")),
            ("http://parent", None, "../a b?ж#", Some("http://parent/host/..%2Fa%20b%3F%D0%B6%23/")),
            ("http://parent", Some("javascript:alert(1)"), "g", None),
            ("http://parent", Some("no url"), "g", None),
            (
                "http://parent",
                Some("https://app.netdata.cloud/spaces/acme/rooms/all-nodes"),
                "g",
                Some("https://app.netdata.cloud/spaces/acme/rooms/all-nodes"),
            ),
            ("http://parent", Some("https://nd.example/?a=b"), "g", Some("https://nd.example/?a=b")),
        ] {
            assert_eq!(link(url, base, guid).as_deref(), expected, "{url} {base:?} {guid}");
        }
    }
}
