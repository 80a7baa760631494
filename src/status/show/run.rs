//! The last run in words.

use std::fmt::Write as _;

use crate::status::model::StatusReport;
use crate::text::ago::{ago, stamp};
use crate::text::one_line;

impl StatusReport {
    pub(super) fn run_text(&self, now: i64) -> String {
        let Some(run) = &self.last_run else {
            return if self.is_unknown() { "last run: cannot tell\n" } else { "last run: never\n" }
                .to_owned();
        };
        let mut text = format!(
            "last run: {} ({}), took {} ms, exit {}\n",
            stamp(run.started),
            ago(now, run.started),
            run.took,
            run.exit
        );
        if let Some(agent) = &run.agent {
            let _ = writeln!(
                text,
                "netdata:  {} on {}; nodes {}; raised: {} critical, {} warning",
                agent.version, agent.node, run.nodes, run.criticals, run.warnings
            );
        }
        for parent in &self.parents {
            if let Some(first) = &parent.same_as {
                let _ = writeln!(
                    text,
                    "parent:   {}: leads to the same agent as {first}, and counts once",
                    parent.url
                );
                continue;
            }
            let Some(last) = &parent.last else {
                let _ = writeln!(text, "parent:   {}: has never answered", parent.url);
                continue;
            };
            let at = (stamp(last.answered_at), ago(now, last.answered_at));
            let when = if parent.answers {
                "answers".to_owned()
            } else {
                format!("does not answer, last at {} ({})", at.0, at.1)
            };
            let host = one_line(&last.host, usize::MAX);
            let _ = writeln!(text, "parent:   {} on {host} ({}): {when}", last.version, parent.url);
        }
        if self.parents.iter().any(|parent| !parent.answers)
            && self.parents.iter().any(|parent| parent.answers)
        {
            text.push_str(
                "          what only a parent shows that does not answer stays open: if that one is gone for good, take \
                 its URL\n          out of `url` under `[netdata]`\n",
            );
        }
        if run.pending > 0 {
            let _ = writeln!(
                text,
                "held:     {} changed a moment ago, not in Netdata's log yet (for 2 min at most)",
                run.pending
            );
        }
        let _ = writeln!(text, "ilert:    accepted {}, refused {}", run.accepted, run.refused);
        for problem in &run.problems {
            let _ = writeln!(text, "problem:  {}", one_line(problem, usize::MAX));
        }
        text
    }
}
