//! What a silence covers.

use std::collections::BTreeMap;

use crate::alert::{Labels, NodeId};
use crate::config::fields::{Room, Silence, all_match};
use crate::config::pattern::Pattern;

/// What a silence is asked about: an alert, or that its node is unreachable.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The node.
    pub node: &'a NodeId,
    /// Its labels, as far as they are known.
    pub labels: &'a Labels,
    /// The alert; `None` asks about the node itself.
    pub alert: Option<AskedAlert<'a>>,
}

/// An alert as silences know it. A part that is not known is empty: only `*` matches it.
#[derive(Clone, Copy, Debug)]
pub struct AskedAlert<'a> {
    /// Its name.
    pub name: &'a str,
    /// The context of its chart.
    pub context: &'a str,
    /// The id of its chart.
    pub chart: &'a str,
    /// Its recipients, separated by spaces.
    pub role: &'a str,
}

impl Silence {
    /// A silence by name, of nodes and alerts by patterns, without any time.
    #[must_use]
    pub fn of(name: String, nodes: Option<Pattern>, alerts: Option<Pattern>) -> Self {
        Self {
            name,
            nodes,
            alerts,
            rooms: None,
            labels: BTreeMap::new(),
            contexts: None,
            charts: None,
            roles: None,
            every: None,
            length: None,
            from: None,
            until: None,
            timezone: None,
        }
    }

    /// Whether it covers an alert, or the node itself. Labels that are not known do not match: what may have to be told
    /// is told.
    #[must_use]
    pub fn covers(&self, asked: &Asked<'_>, rooms: &[Room]) -> bool {
        self.covers_node(asked.node, asked.labels, rooms)
            && match asked.alert {
                Some(alert) => self.covers_alert(alert),
                None => !self.is_of_alerts(),
            }
    }

    /// Whether it covers anything on a node.
    #[must_use]
    pub fn covers_node(&self, node: &NodeId, labels: &Labels, rooms: &[Room]) -> bool {
        let is_in = |room: &Room| room.holds(node, labels) == Some(true);
        let in_a_room = self
            .rooms
            .as_ref()
            .filter(|names| !names.is_empty())
            .is_none_or(|names| rooms.iter().any(|room| names.contains(&room.name) && is_in(room)));
        let named = self.nodes.as_ref().is_none_or(|nodes| nodes.matches(&node.host));
        in_a_room && named && all_match(&self.labels, labels) == Some(true)
    }

    /// Whether it is limited to some alerts. Then it does not silence an unreachable node.
    #[must_use]
    pub fn is_of_alerts(&self) -> bool {
        [&self.alerts, &self.contexts, &self.charts, &self.roles].into_iter().any(Option::is_some)
    }

    /// Whether it covers everything, on whatever node.
    #[must_use]
    pub fn is_of_everything(&self) -> bool {
        let any = |pattern: &Option<Pattern>| pattern.as_ref().is_none_or(Pattern::matches_all);
        let everywhere = self.rooms.as_ref().is_none_or(Vec::is_empty) && self.labels.is_empty();
        everywhere
            && [&self.nodes, &self.alerts, &self.contexts, &self.charts, &self.roles].into_iter().all(any)
    }

    /// Its patterns for alerts: each with its key, as a silence of the same nodes without the others.
    pub fn criteria(&self) -> impl Iterator<Item = (&'static str, Self)> {
        let bare = Self { alerts: None, contexts: None, charts: None, roles: None, ..self.clone() };
        let Self { alerts, contexts, charts, roles, .. } = self.clone();
        [
            ("alerts", Self { alerts, ..bare.clone() }),
            ("contexts", Self { contexts, ..bare.clone() }),
            ("charts", Self { charts, ..bare.clone() }),
            ("roles", Self { roles, ..bare }),
        ]
        .into_iter()
        .filter(|(_, one)| one.is_of_alerts())
    }

    /// What it covers, in words.
    #[must_use]
    pub fn words(&self) -> String {
        let rooms = self.rooms.as_ref().filter(|rooms| !rooms.is_empty()).map(|rooms| rooms.join(", "));
        let labels: Vec<String> = self.labels.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let text = |pattern: &Option<Pattern>| pattern.as_ref().map(ToString::to_string);
        let parts = [
            ("rooms", rooms),
            ("nodes", text(&self.nodes)),
            ("labels", (!labels.is_empty()).then(|| labels.join(", "))),
            ("alerts", text(&self.alerts)),
            ("contexts", text(&self.contexts)),
            ("charts", text(&self.charts)),
            ("roles", text(&self.roles)),
        ];
        let words: Vec<String> =
            parts.into_iter().filter_map(|(what, which)| Some(format!("{what} {}", which?))).collect();
        if words.is_empty() { "everything".to_owned() } else { words.join("; ") }
    }

    fn covers_alert(&self, alert: AskedAlert<'_>) -> bool {
        let fits =
            |pattern: &Option<Pattern>, text: &str| pattern.as_ref().is_none_or(|one| one.matches(text));
        let of_role = |roles: &Pattern| {
            let mut words = alert.role.split_whitespace().peekable();
            if words.peek().is_none() { roles.matches("") } else { words.any(|role| roles.matches(role)) }
        };
        fits(&self.alerts, alert.name)
            && fits(&self.contexts, alert.context)
            && fits(&self.charts, alert.chart)
            && self.roles.as_ref().is_none_or(of_role)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{Asked, AskedAlert};
    use crate::alert::{Labels, NodeId};
    use crate::config::fields::Silence;
    use crate::config::load::parse;

    /// The file's only silence, and its rooms, asked about an alert or about the node.
    fn covers(silence: &str, host: &str, labels: &Labels, alert: Option<[&str; 4]>) -> bool {
        let text = format!(
            "version = 1\nnotification = {{ name = 'x', notify = ['critical'] }}\nintegration.api_key.env = 'K'\n\
             [[room]]\nname = 'Databases'\nnodes = 'db-*'\n[[room]]\nname = 'Production'\nlabels = {{ env = 'prod*' }}\n\
             [[silence]]\nname = 's'\nfrom = '2026-01-01T00:00'\n{silence}\n"
        );
        let config = parse(&text, std::path::Path::new("/c.toml")).unwrap_or_else(|error| panic!("{error}"));
        let node = NodeId { guid: "g".into(), host: host.into() };
        let alert = alert.map(|[name, context, chart, role]| AskedAlert { name, context, chart, role });
        let silence: &Silence = &config.silences[0];
        silence.covers(&Asked { node: &node, labels, alert }, &config.rooms)
    }

    fn labelled(env: Option<&str>) -> Labels {
        Labels::pick(&BTreeSet::from(["env".to_owned()]), |_| env)
    }

    const DISK: [&str; 4] = ["disk_space_usage", "disk.space", "disk_space._var", "sysadmin dba"];

    #[test]
    fn covers_what_all_its_criteria_match() {
        let unknown = Labels::default();
        for (silence, of_disk, of_node) in [
            ("", true, true),
            ("nodes = 'db-*'", true, true),
            ("nodes = 'web-*'", false, false),
            ("nodes = '!db-1 db-*'", false, false),
            ("rooms = ['Databases']", true, true),
            ("rooms = []", true, true),
            ("rooms = ['Production']", false, false),
            ("rooms = ['Production', 'Databases']", true, true),
            ("rooms = ['Databases']\nnodes = 'web-*'", false, false),
            ("alerts = 'disk_*'", true, false),
            ("alerts = 'disk_* !disk_space*'", true, false),
            ("alerts = '!disk_space* disk_*'", false, false),
            ("alerts = '*'", true, false),
            ("contexts = 'disk.space'", true, false),
            ("contexts = 'disk.io'", false, false),
            ("charts = '*_var'", true, false),
            ("roles = 'dba'", true, false),
            ("roles = 'webmaster'", false, false),
            ("alerts = 'disk_*'\nroles = 'webmaster'", false, false),
            ("labels = { env = '*' }", false, false),
        ] {
            assert_eq!(covers(silence, "db-1", &unknown, Some(DISK)), of_disk, "`{silence}`");
            assert_eq!(covers(silence, "db-1", &unknown, None), of_node, "`{silence}`");
        }
    }

    #[test]
    fn labels_that_are_absent_or_unknown_do_not_match() {
        let silence = "labels = { env = '!prod-test prod*' }";
        for (labels, expected) in [
            (labelled(Some("prod-1")), true),
            (labelled(Some("prod-test")), false),
            (labelled(Some("dev")), false),
            (labelled(None), false),
            (Labels::default(), false),
        ] {
            assert_eq!(covers(silence, "x", &labels, None), expected, "{labels:?}");
        }
        assert!(covers("rooms = ['Production']", "x", &labelled(Some("prod")), None));
    }

    #[test]
    fn an_alert_of_which_a_part_is_unknown_is_told() {
        let unknown = ["disk_space_usage", "", "", ""];
        for (silence, expected) in
            [("contexts = 'disk.*'", false), ("contexts = '*'", true), ("roles = 'dba'", false)]
        {
            assert_eq!(covers(silence, "db-1", &Labels::default(), Some(unknown)), expected, "`{silence}`");
        }
    }
}
