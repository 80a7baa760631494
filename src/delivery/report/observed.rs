//! What a run reports of Netdata: of what was read, and of agents that do not answer.

use super::Report;
use crate::alert::{Labels, Level, NodeId, Observation};
use crate::config::Config;
use crate::delivery::ledger::Ledger;
use crate::delivery::outage::{Topic, lasted};
use crate::netdata;
use crate::netdata::parents::doubled;
use crate::text::one_line;
use crate::words::followed;

/// Longest note on an observation that is shown, in characters: host names in it are Netdata's.
const LONGEST_NOTE: usize = 500;

impl Report {
    pub(in crate::delivery) fn observed(&mut self, seen: &Observation, config: &Config) {
        // What labels leave out was left out when it was read.
        let covers = |node: &NodeId| config.covers(node, &Labels::NONE) != Some(false);
        let raised = |level| {
            seen.sightings
                .iter()
                .filter(|one| one.facts.status.level() == Some(level) && covers(&one.alert.node))
                .count()
        };
        self.record.warnings = seen.at_rest.warnings + raised(Level::Warning);
        self.record.criticals = seen.at_rest.criticals + raised(Level::Critical);
        self.record.nodes = seen.nodes.len();
        self.record.agent = Some(seen.agent.clone());
        for note in &seen.notes {
            tracing::info!("{}", one_line(note, LONGEST_NOTE));
        }
        for gap in &seen.gaps {
            self.goes_on(Topic::Gap, one_line(gap, LONGEST_NOTE));
        }
        for alerts in &seen.left_out {
            let words = one_line(&alerts.words, LONGEST_NOTE);
            if alerts.aloud {
                // Nobody is told of what may be raised.
                self.later(Topic::Gap, words);
            } else {
                tracing::info!("{words}");
                self.quiet.push(words);
            }
        }
    }

    pub(in crate::delivery) fn away(&mut self, error: &netdata::Error, ledger: &Ledger) {
        self.later(Topic::Netdata, followed(&error.to_string(), Self::kept(ledger)));
    }

    fn kept(ledger: &Ledger) -> &'static str {
        if ledger.agent.is_some() { "what is open in ilert stays open" } else { "nothing is sent" }
    }

    /// None of several parents answers.
    pub(in crate::delivery) fn parents_away(&mut self, errors: &[netdata::Error], ledger: &Ledger) {
        let kept = Self::kept(ledger);
        for error in errors {
            self.later(Topic::Parent, followed(&error.to_string(), kept));
        }
    }

    /// One of several parents does not answer, while others do. Where those show all that it did, the run has done its
    /// work: the parent is an alert of its own, and a heartbeat that failed as well would page for a sender that is well.
    pub(in crate::delivery) fn parent_away(&mut self, error: &netdata::Error, others_show_all: bool) {
        if others_show_all {
            self.goes_on(
                Topic::Parent,
                followed(&error.to_string(), "the other parents show all that it did"),
            );
        } else {
            let kept = "what the other parents show is sent, what it alone showed is unknown";
            self.later(Topic::Parent, followed(&error.to_string(), kept));
        }
    }

    /// One of several parents answers again. It last did then (milliseconds).
    pub(in crate::delivery) fn parent_back(&mut self, own: &NodeId, url: &str, answered_at: i64, now: i64) {
        // It is no problem to record.
        self.words.push(format!("`{own}` ({url}) answers again, after {}", lasted(answered_at, now)));
    }

    /// A URL leads to the same agent as the first of two.
    pub(in crate::delivery) fn doubled(&mut self, first: String, url: String, node: &NodeId) {
        self.goes_on(Topic::Gap, doubled(&first, &url, node));
        self.record.doubled.insert(url, first);
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::Arc;

    use super::*;
    use crate::alert::{Agent, Api, AtRest, LeftOut, NodeId};
    use crate::delivery::outage::Outages;
    use crate::exit::Exit;

    #[test]
    fn what_is_left_out_is_recorded_and_said_aloud_where_it_must_be() {
        let config = crate::config::parse(&crate::config::TEMPLATE, Path::new("test.toml")).unwrap();
        let left_out = |words: &str, aloud| LeftOut { words: words.into(), aloud };
        let node = Arc::new(NodeId { guid: "g".into(), host: "h".into() });
        let seen = Observation {
            agent: Agent { node, version: "v2".into(), api: Api::V3 },
            now: 1,
            nodes: Vec::new(),
            sightings: Vec::new(),
            transitions: Vec::new(),
            notes: Vec::new(),
            gaps: Vec::new(),
            left_out: vec![left_out("not read", true), left_out("odd", false)],
            at_rest: AtRest::default(),
        };
        let mut outages = Outages::default();
        for said in [vec!["not read".to_owned()], Vec::new()] {
            let mut report = Report::new(0);
            report.observed(&seen, &config);
            report.finish(&mut outages, false, 1);
            assert_eq!((report.exit, report.words), (Exit::Later, said));
            assert_eq!(report.record.problems, ["not read", "odd"]);
        }
    }
}
