//! How many other alerts are raised on a node: an event says so, as Netdata's own notifications do.
//!
//! Counted for events that are about to be made, never stored: otherwise each raise would change all that waits on its
//! node. Netdata counts every alert that is in a status now, silenced ones too; so does this.

use std::collections::HashMap;

use super::entry::Entry;
use super::ledger::Ledger;
use crate::alert::{AlertId, Level, NodeId, Others};
use crate::payload::Subject;

impl Ledger {
    /// For each alert that has an event waiting, what else is raised on its node now.
    pub(super) fn others(&self) -> HashMap<Subject, Others> {
        let mut nodes: HashMap<&NodeId, Others> = HashMap::new();
        for (alert, entry) in self.alerts() {
            if let Some(count) = at(nodes.entry(&alert.node).or_default(), entry) {
                *count += 1;
            }
        }
        let waiting = self.alerts().filter(|(_, entry)| !entry.waiting.is_empty());
        let others = waiting.map(|(alert, entry)| {
            let mut others = nodes.get(&*alert.node).copied().unwrap_or_default();
            if let Some(count) = at(&mut others, entry) {
                *count -= 1;
            }
            (Subject::Alert(alert.clone()), others)
        });
        others.collect()
    }

    fn alerts(&self) -> impl Iterator<Item = (&AlertId, &Entry)> {
        self.entries.iter().filter_map(|(subject, entry)| match subject {
            Subject::Alert(alert) => Some((alert, entry)),
            Subject::Node(_) | Subject::Storm(_) => None,
        })
    }
}

/// The count that an alert is part of, by the status that it is in now.
fn at<'a>(others: &'a mut Others, entry: &Entry) -> Option<&'a mut usize> {
    entry.last.level().map(|level| match level {
        Level::Warning => &mut others.warnings,
        Level::Critical => &mut others.criticals,
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::Ledger;
    use crate::alert::{AlertDetails, AlertId, NodeId, Others, Status};
    use crate::delivery::entry::{Entry, Waiting};
    use crate::payload::{Action, KeyKind, Notice, Raise, Scheme, Subject};

    fn alert(host: &str, name: &str) -> Subject {
        let node = Arc::new(NodeId { guid: "g".into(), host: host.into() });
        Subject::Alert(AlertId { node, chart: "c".into(), name: name.into() })
    }

    fn waiting(subject: &Subject) -> Waiting {
        let notice = Notice {
            subject: subject.clone(),
            kind: KeyKind::Critical,
            scheme: Scheme::default(),
            action: Action::Alert(Raise::PLAIN),
            facts: AlertDetails::default(),
            priority: None,
            storm: None,
        };
        Waiting::new(notice, 0)
    }

    #[test]
    fn counts_what_else_is_raised_on_the_same_node() {
        use Status::{Clear, Critical, Removed, Warning};
        let mut ledger = Ledger::default();
        for (host, name, last, silent, waits) in [
            ("db", "a", Critical, false, true),
            ("db", "b", Critical, true, false),
            ("db", "c", Warning, false, false),
            ("db", "d", Clear, false, true),
            ("db", "e", Removed, false, false),
            ("web", "a", Warning, false, true),
        ] {
            let subject = alert(host, name);
            let waiting = if waits { vec![waiting(&subject)] } else { Vec::new() };
            ledger.entries.insert(subject, Entry { last, silent, waiting, ..Entry::default() });
        }
        let node = NodeId { guid: "g".into(), host: "db".into() };
        ledger.entries.insert(Subject::Node(node), Entry { last: Critical, ..Entry::default() });

        let others = ledger.others();
        assert_eq!(others[&alert("db", "a")], Others { warnings: 1, criticals: 1 }, "the silent one counts");
        assert_eq!(
            others[&alert("db", "d")],
            Others { warnings: 1, criticals: 2 },
            "of what has cleared, too"
        );
        assert_eq!(others[&alert("web", "a")], Others::default());
        assert_eq!(others.len(), 3, "only for what is told");
    }
}
