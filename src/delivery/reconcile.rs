//! Compares what Netdata shows with what ilert was told, for all alerts and nodes: values in, values out.
//!
//! Unknown is not clear. If a node is unreachable, its health is disabled, or its agent does not answer, everything on
//! it keeps its state.

mod away;
mod forget;
mod mute;
mod nodes;
mod observed;
mod passing;
#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};

use super::clocks::millis;
use super::coverage::Coverage;
use super::entry::CountingRules;
use super::ledger::Ledger;
use super::parents::{AskedParent, GRACE, ParentsNow};
use super::plan::PlanInput;
use super::reason::{Reason, Unknown};
use super::silences::Silences;
use super::storms;
use crate::alert::{AlertId, Health, Node, NodeId, Observation, Sighting, Status};
use crate::config::Config;
use crate::netdata::merge::Merged;
use crate::netdata::parents::plain;
use crate::payload::Subject;
pub use forget::{Forgotten, forget, resolve_under_old_key};
use mute::mute;
use observed::Observed;

/// Updates the ledger from what the one agent shows. What is due then waits in the entries. `now` is this machine's
/// clock, milliseconds.
#[must_use]
pub fn reconcile(mut ledger: Ledger, seen: &Observation, config: &Config, now: i64) -> Ledger {
    let step = ledger.clocks.look(now);
    let own = &seen.agent.node;
    ledger.clocks.back_for = if ledger.away {
        ledger.restart_clocks(|node, _| node != &**own);
        Some(0)
    } else {
        ledger.clocks.back_for.map(|back| back + step).filter(|back| *back < GRACE)
    };
    ledger.note_agent(plain(&config.netdata.url), &seen.agent, now);
    let mut parents = ParentsNow::one(own);
    parents.back_for.extend(ledger.clocks.back_for.map(|back| (own.guid.clone(), back)));
    let pass = Pass::new(&ledger, seen, config, parents, (now, step));
    pass.through(&mut ledger);
    pass.close(ledger)
}

/// Updates the ledger from what several parents show together, some of which may not answer.
#[must_use]
pub fn reconcile_parents(
    mut ledger: Ledger,
    merged: &Merged,
    asked: &[AskedParent],
    config: &Config,
    now: i64,
) -> Ledger {
    let step = ledger.clocks.look(now);
    if ledger.away {
        ledger.parents.iter_mut().for_each(|parent| parent.away = true);
    }
    ledger.clocks.back_for = None;
    let parents = ledger.note_parents(asked, now, step);
    ledger.restart_clocks(|node, record| !parents.include(node) && parents.have_returned_to(record));
    let mut pass = Pass::new(&ledger, &merged.seen, config, parents, (now, step));
    pass.merged = Some(merged);
    pass.through(&mut ledger);
    pass.parents_away(&mut ledger);
    ledger.keep_views(merged.views.clone(), pass.parents.stranger_is_away);
    pass.close(ledger)
}

/// Updates the ledger when the agent did not answer, or refused: raises one alert on its own node once
/// `unreachable_after` has passed. The rooms need not cover that node: without it nothing that they cover is seen. Its
/// children are unknown, and their clocks stop.
#[must_use]
pub fn reconcile_away(ledger: Ledger, reason: &str, config: &Config, now: i64) -> Ledger {
    let why = format!("the agent does not answer: {reason}{}", away::blind(&ledger, 1));
    let own = ledger.own_at(&plain(&config.netdata.url)).cloned().map(|own| (own, why));
    without_any(ledger, own.into_iter().collect(), config, now)
}

/// The same when none of several parents answered: each is an alert of its own.
#[must_use]
pub fn reconcile_parents_away(
    mut ledger: Ledger,
    asked: &[AskedParent],
    config: &Config,
    now: i64,
) -> Ledger {
    let ParentsNow { away, .. } = ledger.note_parents(asked, now, 0);
    let blind = away::blind(&ledger, away.len());
    let why = |reason| format!("this parent does not answer: {reason}; no other one answers either{blind}");
    let away = away.into_iter().map(|(own, reason)| (own, why(reason))).collect();
    without_any(ledger, away, config, now)
}

fn without_any(mut ledger: Ledger, away: Vec<(NodeId, String)>, config: &Config, now: i64) -> Ledger {
    let step = ledger.clocks.look(now);
    away::know_nothing(&mut ledger);
    let rules = CountingRules::of(config, now / 1000, step);
    for (own, why) in away {
        away::stand(&mut ledger, &own, why, &rules, config, now);
    }
    let (silences, coverage) = (Silences::of(config, &ledger.silences), Coverage::of(config, &ledger, &[]));
    mute(&mut ledger, &silences, &coverage, now, |_| false);
    ledger.away = true;
    ledger.parents.iter_mut().for_each(|parent| parent.away = true);
    ledger.replan(&PlanInput::without_agent(config.notification.notify, now));
    ledger
}

impl CountingRules {
    /// The rules for counting. `now` is the agent's clock (seconds), `step` what has passed of this machine's since the
    /// last look (milliseconds).
    #[must_use]
    pub fn of(config: &Config, now: i64, step: i64) -> Self {
        let resolve_after = millis(config.delivery.resolve_after);
        let flap_after = usize::try_from(config.delivery.flap_after).unwrap_or(usize::MAX);
        Self { notify: config.notification.notify, resolve_after, flap_after, now, step, muted: false }
    }
}

/// One observation, indexed.
struct Pass<'a> {
    seen: &'a Observation,
    config: &'a Config,
    /// This machine's clock, milliseconds.
    now: i64,
    rules: CountingRules,
    parents: ParentsNow,
    /// What they show together, where there are several.
    merged: Option<&'a Merged>,
    nodes: HashMap<&'a NodeId, &'a Node>,
    covered: HashSet<&'a NodeId>,
    sightings: HashMap<&'a AlertId, &'a Sighting>,
    coverage: Coverage<'a>,
    silences: Silences<'a>,
    /// Nodes that have been shown only by parents that are away now.
    behind: HashSet<NodeId>,
}

impl<'a> Pass<'a> {
    fn new(
        ledger: &Ledger,
        seen: &'a Observation,
        config: &'a Config,
        parents: ParentsNow,
        (now, step): (i64, i64),
    ) -> Self {
        let coverage = Coverage::of(config, ledger, &seen.nodes);
        let ids = seen.nodes.iter().map(|node| &*node.id);
        let behind = ledger.nodes.iter().filter(|(_, record)| parents.are_away_from(record));
        let behind = behind.map(|(node, _)| node.clone()).collect();
        Self {
            seen,
            config,
            now,
            rules: CountingRules::of(config, seen.now, step),
            parents,
            merged: None,
            nodes: seen.nodes.iter().map(|node| (&*node.id, node)).collect(),
            covered: ids.filter(|node| coverage.covers(node)).collect(),
            sightings: seen.sightings.iter().map(|sighting| (&sighting.alert, sighting)).collect(),
            coverage,
            silences: Silences::of(config, &ledger.silences),
            behind,
        }
    }

    /// Takes in the nodes, the log and the present state.
    fn through(&self, ledger: &mut Ledger) {
        let dropped = self.nodes(ledger);
        self.log(ledger);
        self.sightings(ledger);
        self.pass_time(ledger);
        self.drop_nodes(ledger, &dropped);
    }

    /// Plans what is due.
    fn close(&self, mut ledger: Ledger) -> Ledger {
        mute(&mut ledger, &self.silences, &self.coverage, self.now, |node| self.known(node));
        if let Some(left) = ledger.unrecorded {
            ledger.guess(left, self.seen.now);
        }
        ledger.agent = Some(self.seen.agent.clone());
        ledger.observed_at = Some(self.now);
        ledger.away = false;
        let input = self.plan_input();
        ledger.replan(&input);
        storms::gather(&mut ledger, self.config.delivery.storm_after, &self.seen.agent.node, &input);
        ledger
    }

    fn plan_input(&self) -> PlanInput {
        PlanInput { notify: self.config.notification.notify, now: self.seen.now, recorded: self.now }
    }

    /// Whether the state of this node's alerts is known, and covered.
    fn known(&self, node: &NodeId) -> bool {
        self.unknown(node).is_none() && self.covered.contains(node)
    }

    /// Why nothing is known of what is on a node.
    fn unknown(&self, node: &NodeId) -> Option<Unknown> {
        let host = || node.host.clone();
        match self.nodes.get(node) {
            None if self.behind.contains(node) => Some(Unknown::ParentsAway(host())),
            None => Some(Unknown::NotListed(host())),
            Some(found) if !found.reachable => Some(Unknown::NotReachable(host())),
            Some(found) if found.health == Health::Disabled => Some(Unknown::HealthDisabled(host())),
            Some(_) => None,
        }
    }

    /// The status of an alert as observed.
    fn status(&self, alert: &AlertId) -> Observed {
        let is_known_elsewhere = || self.merged.is_some_and(|merged| merged.elsewhere.contains(alert));
        match self.unknown(&alert.node) {
            Some(why) => Observed::Unknown(why),
            None if is_known_elsewhere() => Observed::Unknown(Unknown::ParentsAway(alert.node.host.clone())),
            None => Observed::of(self.sightings.get(alert).copied()),
        }
    }

    fn log(&self, ledger: &mut Ledger) {
        for transition in self.seen.transitions.iter().filter(|one| self.coverage.covers(&one.alert.node)) {
            let subject = Subject::Alert(transition.alert.clone());
            // For an alert without an entry only a raise is news.
            if transition.facts.status.level().is_some() || ledger.entries.contains_key(&subject) {
                let rules = self.rules_of(&transition.alert, &transition.facts);
                ledger.change(&subject, |entry| entry.read(transition, &rules));
            }
        }
    }

    fn sightings(&self, ledger: &mut Ledger) {
        for sighting in self.seen.sightings.iter().filter(|one| one.pending && self.known(&one.alert.node)) {
            let subject = Subject::Alert(sighting.alert.clone());
            let entry = ledger.entries.get(&subject);
            let is_raised = sighting.facts.status.level().is_some();
            ledger.pending += usize::from(entry.map_or(is_raised, |entry| !entry.knows(sighting)));
            if entry.is_none() {
                ledger.explain(&subject, || Reason::NotInTheLog);
            }
        }
        let told = |one: &&Sighting| !one.pending && one.facts.status != Status::Removed;
        for sighting in self.seen.sightings.iter().filter(told).filter(|one| self.known(&one.alert.node)) {
            let subject = Subject::Alert(sighting.alert.clone());
            let news = match ledger.entries.get(&subject) {
                Some(entry) => !entry.knows(sighting),
                None => sighting.facts.status.level().is_some(),
            };
            if news {
                let rules = self.rules_of(&sighting.alert, &sighting.facts);
                ledger.change(&subject, |entry| entry.sight(sighting, &rules));
            }
        }
    }
}
