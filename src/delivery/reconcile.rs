//! Compares what Netdata shows with what ilert was told, for all alerts and nodes: values in, values out.
//!
//! Unknown is not clear. If a node is unreachable, its health is disabled, or its agent does not answer, everything on
//! it keeps its state.

mod away;
mod mute;
mod nodes;
mod observed;
#[cfg(test)]
mod tests;

use std::collections::{BTreeSet, HashMap, HashSet};

use super::clocks::millis;
use super::coverage::Coverage;
use super::entry::{CountingRules, Entry, Gone};
use super::ledger::Ledger;
use super::parents::{Asked, GRACE, Watchers};
use super::plan::PlanInput;
use super::reason::{Reason, Unknown};
use super::silences::Silences;
use super::storms;
use crate::alert::{AlertId, Health, Node, NodeId, Observation, Sighting, Status};
use crate::config::Config;
use crate::netdata::merge::Merged;
use crate::netdata::parents::plain;
use crate::payload::{ResolveReason, Subject};
use away::Moment;
use mute::mute;
use observed::Observed;

/// Updates the ledger from what the one agent shows. What is due then waits in the entries. `now` is this machine's clock,
/// milliseconds.
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
    let mut watchers = Watchers::one(own);
    watchers.back_for.extend(ledger.clocks.back_for.map(|back| (own.guid.clone(), back)));
    let pass = Pass::new(&ledger, seen, config, watchers, (now, step));
    pass.through(&mut ledger);
    pass.close(ledger)
}

/// Updates the ledger from what several parents show together, some of which may not answer.
#[must_use]
pub fn reconcile_parents(
    mut ledger: Ledger,
    merged: &Merged,
    asked: &[Asked],
    config: &Config,
    now: i64,
) -> Ledger {
    let step = ledger.clocks.look(now);
    if ledger.away {
        ledger.parents.iter_mut().for_each(|parent| parent.away = true);
    }
    ledger.clocks.back_for = None;
    let watchers = ledger.note_parents(asked, now, step);
    ledger.restart_clocks(|node, record| !watchers.are(node) && watchers.have_returned_to(record));
    let mut pass = Pass::new(&ledger, &merged.seen, config, watchers, (now, step));
    pass.merged = Some(merged);
    pass.through(&mut ledger);
    pass.parents(&mut ledger);
    ledger.keep_views(merged.views.clone(), pass.watchers.stranger_is_away);
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
pub fn reconcile_parents_away(mut ledger: Ledger, asked: &[Asked], config: &Config, now: i64) -> Ledger {
    let Watchers { away, .. } = ledger.note_parents(asked, now, 0);
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
        away::stand(&mut ledger, &own, why, &rules, config, Moment { now, step });
    }
    let (silences, coverage) = (Silences::of(config, &ledger.silences), Coverage::of(config, &ledger, &[]));
    mute(&mut ledger, &silences, &coverage, now, |_| false);
    ledger.away = true;
    ledger.parents.iter_mut().for_each(|parent| parent.away = true);
    ledger.replan(&PlanInput::without_agent(config.notification.notify, now));
    ledger
}

/// The nodes that `--forget` means.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Forgotten {
    /// Nodes that are forgotten.
    pub nodes: BTreeSet<NodeId>,
    /// Nodes of that name or GUID that were reachable when last seen: they are not forgotten.
    pub reachable: BTreeSet<NodeId>,
}

/// Resolves what is open for a node that is gone for good, by host name or machine GUID. One that was reachable when
/// last seen is left alone: it would be told anew by the next run.
pub fn forget(ledger: &mut Ledger, name: &str, config: &Config, now: i64) -> Forgotten {
    let named = |node: &NodeId| node.host.eq_ignore_ascii_case(name) || node.guid.eq_ignore_ascii_case(name);
    let mut meant: BTreeSet<NodeId> = ledger.nodes.keys().filter(|node| named(node)).cloned().collect();
    meant.extend(ledger.entries.keys().map(Subject::node).filter(|node| named(node)).cloned());
    let (reachable, nodes): (BTreeSet<_>, BTreeSet<_>) = meant.into_iter().partition(|node| {
        ledger
            .nodes
            .get(node)
            .is_some_and(|record| record.away_for.is_none() && record.unlisted_for.is_none())
    });
    for node in &nodes {
        ledger.drop_node(node, &ResolveReason::Forgotten, now / 1000);
    }
    ledger.replan(&PlanInput::without_agent(config.notification.notify, now));
    Forgotten { nodes, reachable }
}

/// Resolves everything that is open under a key that is no longer used: another key, or another sender, tells what is
/// raised. What this key has not told yet, it does not tell any more.
pub fn resolve_under_old_key(ledger: &mut Ledger, config: &Config, now: i64) {
    ledger.end_all(&ResolveReason::HandedOver, now / 1000, |_| true);
    ledger.replan(&PlanInput::without_agent(config.notification.notify, now));
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
    /// How much of the time since the last look counts, milliseconds.
    step: i64,
    rules: CountingRules,
    watchers: Watchers,
    /// What the parents show, where there are several.
    merged: Option<&'a Merged>,
    nodes: HashMap<&'a NodeId, &'a Node>,
    covered: HashSet<&'a NodeId>,
    sightings: HashMap<&'a AlertId, &'a Sighting>,
    coverage: Coverage<'a>,
    silences: Silences<'a>,
    /// Nodes that only parents have shown that do not answer now.
    behind: HashSet<NodeId>,
}

impl<'a> Pass<'a> {
    fn new(
        ledger: &Ledger,
        seen: &'a Observation,
        config: &'a Config,
        watchers: Watchers,
        (now, step): (i64, i64),
    ) -> Self {
        let coverage = Coverage::of(config, ledger, &seen.nodes);
        let ids = seen.nodes.iter().map(|node| &*node.id);
        let behind = ledger.nodes.iter().filter(|(_, record)| watchers.are_away_from(record));
        let behind = behind.map(|(node, _)| node.clone()).collect();
        Self {
            seen,
            config,
            now,
            step,
            rules: CountingRules::of(config, seen.now, step),
            watchers,
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
        self.nodes(ledger);
        self.log(ledger);
        self.sightings(ledger);
        self.rest(ledger);
    }

    /// Plans what is due.
    fn close(&self, mut ledger: Ledger) -> Ledger {
        mute(&mut ledger, &self.silences, &self.coverage, self.now, |node| self.known(node));
        if let Some(left) = ledger.unrecorded {
            ledger.recall(left, self.seen.now);
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
            None if self.is_behind(node) => Some(Unknown::ParentsAway(host())),
            None => Some(Unknown::NotListed(host())),
            Some(found) if !found.reachable => Some(Unknown::NotReachable(host())),
            Some(found) if found.health == Health::Disabled => Some(Unknown::HealthDisabled(host())),
            Some(_) => None,
        }
    }

    /// Whether a node is shown by parents alone that do not answer.
    fn is_behind(&self, node: &NodeId) -> bool {
        self.behind.contains(node)
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
            if !ledger.entries.contains_key(&subject) {
                ledger.pending += usize::from(sighting.facts.status.level().is_some());
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

    /// Applies the time that has passed: delays end, alerts stay away, nodes leave the rooms.
    fn rest(&self, ledger: &mut Ledger) {
        let subjects: Vec<Subject> = ledger
            .entries
            .iter()
            .filter(|(subject, entry)| self.restless(subject, entry))
            .map(|(subject, _)| subject.clone())
            .collect();
        for subject in subjects {
            ledger.change(&subject, |entry| self.let_time_pass(&subject, entry));
            self.explain(ledger, &subject);
        }
    }

    fn restless(&self, subject: &Subject, entry: &Entry) -> bool {
        let Subject::Alert(alert) = subject else { return entry.clearing.is_some() || !self.wants(subject) };
        entry.held.is_some()
            || entry.clearing.is_some()
            || entry.gone.is_some()
            || !matches!(Observed::of(self.sightings.get(alert).copied()), Observed::Raised | Observed::Clear)
            || !self.wants(subject)
    }

    /// Whether the configuration covers it. An agent that does not answer is told whatever the rooms.
    fn wants(&self, subject: &Subject) -> bool {
        let is_own = matches!(subject, Subject::Node(node) if self.watchers.are(node));
        // A storm is what its members are.
        is_own || subject.is_storm() || self.coverage.covers(subject.node())
    }

    fn let_time_pass(&self, subject: &Subject, entry: &mut Entry) {
        if !self.wants(subject) {
            if entry.ended.is_none() {
                entry.end(ResolveReason::Filtered, self.seen.now);
            }
            return;
        }
        let known = match subject {
            Subject::Alert(alert) => self.known(&alert.node),
            Subject::Node(node) => self.nodes.get(node).is_some_and(|node| node.reachable),
            Subject::Storm(_) => return,
        };
        entry.advance(&if known { self.rules } else { CountingRules { step: 0, ..self.rules } });
        let Subject::Alert(alert) = subject else { return };
        if let Some(silent) = self.sightings.get(alert).and_then(|sighting| sighting.silent) {
            entry.silence(silent);
        }
        if self.status(alert) == Observed::Gone && entry.is_followed() {
            self.let_go(&alert.node, entry);
        } else {
            entry.gone = None;
        }
    }

    /// Ends an alert that has been gone for `removed_after` while the node's health was online at least once. After
    /// three times as long it ends anyway: a node that keeps adding charts may never say that it is online.
    fn let_go(&self, node: &NodeId, entry: &mut Entry) {
        let mut gone =
            entry.gone.map_or(Gone::default(), |gone| Gone { seen: gone.seen + self.step, ..gone });
        gone.online |= self.nodes.get(node).is_some_and(|node| node.health == Health::Online);
        let patience = millis(self.config.delivery.removed_after);
        let for_good = (gone.online && gone.seen >= patience) || gone.seen >= patience.saturating_mul(3);
        if for_good {
            entry.end(ResolveReason::Removed, self.seen.now);
        } else {
            entry.gone = Some(gone);
        }
    }

    /// Notes what holds an alert back, or why nothing is known of one that is raised.
    fn explain(&self, ledger: &mut Ledger, subject: &Subject) {
        let Subject::Alert(alert) = subject else { return };
        let Some(entry) = ledger.entries.get(subject) else { return };
        let reason = match (&entry.held, self.status(alert), entry.gone, entry.clearing) {
            (Some(held), ..) => Reason::Delayed(held.facts.status, held.due),
            (None, Observed::Pending, ..) => Reason::NotInTheLog,
            (None, _, Some(gone), _) => Reason::Gone(gone.seen),
            (None, _, None, Some(since)) if entry.flapping.on => Reason::Flapping(since),
            (None, _, None, Some(since)) => Reason::Clearing(since),
            (None, Observed::Unknown(why), None, None) if entry.is_raised() => Reason::Unknown(why),
            _ => return,
        };
        ledger.explain(subject, || reason);
    }
}
