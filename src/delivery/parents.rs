//! What is remembered of the agent, or of each of the parents that watch the same nodes.
//!
//! A parent is known by the URL that leads to it, so that one that does not answer still has a name: its own node, as
//! it last answered.

mod now;

use std::collections::{BTreeSet, HashMap};

pub(super) use now::ParentsNow;

use super::entry::Entry;
use super::ledger::{Ledger, NodeRecord, ParentRecord};
use crate::alert::{Agent, AlertId, NodeId};
use crate::netdata::merge::{Known, ParentView, Remembered, Views};
use crate::netdata::{Cursor, Followed, Following};
use crate::payload::Subject;

/// When an agent answers again, its nodes have this long to come back (milliseconds): a parent that restarts shows its
/// children one by one.
pub const GRACE: i64 = 5 * 60_000;

/// What came from one of several URLs.
#[derive(Clone, Debug)]
pub struct AskedParent {
    /// The URL, without what may be secret in it.
    pub url: String,
    /// Who answers, and where to go on; or why it does not answer.
    pub answer: Result<(Agent, Cursor), String>,
}

impl Ledger {
    /// Notes the one agent that is asked.
    pub(super) fn note_agent(&mut self, url: String, agent: &Agent, now: i64) {
        let (back_for, cursor) = (None, None);
        self.parents =
            vec![ParentRecord { url, agent: agent.clone(), answered_at: now, away: false, back_for, cursor }];
        let several: Vec<Subject> = self
            .entries
            .iter()
            .filter(|(_, entry)| !entry.parents.is_empty())
            .map(|(one, _)| one.clone())
            .collect();
        for subject in several {
            self.change(&subject, |entry| entry.parents.clear());
        }
    }

    /// Notes which of several parents answer (`now` and `step` are milliseconds).
    pub(super) fn note_parents(&mut self, asked: &[AskedParent], now: i64, step: i64) -> ParentsNow {
        let mut parents = ParentsNow::default();
        let mut before = std::mem::take(&mut self.parents);
        for AskedParent { url, answer } in asked {
            let known = before.iter().position(|one| one.url == *url).map(|place| before.swap_remove(place));
            match (answer, known) {
                (Ok((agent, cursor)), known) => {
                    let known = known.filter(|known| known.agent.node == agent.node);
                    let was_away = known.as_ref().is_some_and(|known| known.away);
                    let back_for = if was_away {
                        Some(0)
                    } else {
                        let back_for = known.and_then(|known| known.back_for).map(|back| back + step);
                        back_for.filter(|back| *back < GRACE)
                    };
                    let guid = &agent.node.guid;
                    parents.back_for.extend(back_for.map(|back| (guid.clone(), back)));
                    parents.returned.extend(was_away.then(|| guid.clone()));
                    parents.answering.push((*agent.node).clone());
                    let (url, agent, cursor) = (url.clone(), agent.clone(), Some(cursor.clone()));
                    self.parents.push(ParentRecord {
                        url,
                        agent,
                        answered_at: now,
                        away: false,
                        back_for,
                        cursor,
                    });
                }
                (Err(reason), Some(known)) => {
                    parents.away.push(((*known.agent.node).clone(), reason.clone()));
                    self.parents.push(ParentRecord { away: true, back_for: None, ..known });
                }
                (Err(_), None) => parents.stranger_is_away = true,
            }
        }
        // Another URL may lead to the same agent, and that one answers.
        let ParentsNow { answering, away, .. } = &mut parents;
        away.retain(|(own, _)| !answering.iter().any(|other| other.guid == own.guid));
        parents
    }

    /// The parents that answer again: who, where, and when each last did (milliseconds).
    pub(super) fn back_again<'a>(
        &self,
        asked: &'a [AskedParent],
    ) -> impl Iterator<Item = (&'a NodeId, &'a str, i64)> {
        asked.iter().filter_map(|AskedParent { url, answer }| {
            let (agent, _) = answer.as_ref().ok()?;
            let is_it = |one: &&ParentRecord| one.away && one.url == *url && one.agent.node == agent.node;
            let known = self.parents.iter().find(is_it)?;
            Some((&*agent.node, url.as_str(), known.answered_at))
        })
    }

    /// Whether those that answer show every node that the others did. Which nodes one has that never answered is not
    /// known; its own node is an alert of its own.
    pub(super) fn others_show_all(&self, asked: &[AskedParent]) -> bool {
        let is_known = |url: &str| self.parents.iter().any(|one| one.url == url);
        let is_away = |guid: &str| self.parents.iter().any(|one| one.away && one.agent.node.guid == guid);
        let is_its_alone = |record: &NodeRecord| {
            !record.is_away()
                && !record.unseen
                && record.shown().next().is_some()
                && record.shown().all(is_away)
        };
        let nodes = self.nodes.iter().filter(|(node, _)| !is_away(&node.guid));
        asked.iter().all(|one| one.answer.is_ok() || is_known(&one.url))
            && !nodes.map(|(_, record)| record).any(is_its_alone)
    }

    /// The own node of the agent at this URL; of one that has never answered there, that of the last agent.
    pub(super) fn own_at(&self, url: &str) -> Option<&NodeId> {
        let known = self.parents.iter().find(|one| one.url == url).map(|one| &*one.agent.node);
        known.or_else(|| self.own())
    }

    /// Where the log of the agent with this machine GUID was left. `cursor` is the last one of the agent or first
    /// parent.
    pub(super) fn cursor_of<'c>(&'c self, guid: &str, cursor: Option<&'c Cursor>) -> Option<&'c Cursor> {
        let known = self.parents.iter().filter_map(|parent| parent.cursor.as_ref());
        cursor.into_iter().chain(known).find(|cursor| cursor.agent() == guid)
    }

    /// Keeps the cursor of the agent that was alone, or first, for the time when it is neither.
    pub(super) fn keep_cursor(&mut self, cursor: Option<&Cursor>) {
        let Some(cursor) = cursor else { return };
        let owner = self.parents.iter_mut().find(|one| one.agent.node.guid == cursor.agent());
        if let Some(owner) = owner.filter(|one| one.cursor.is_none()) {
            owner.cursor = Some(cursor.clone());
        }
    }

    /// What an agent is to report of the alerts that are followed.
    pub(super) fn followed_at(&self, guid: &str, is_alone: bool) -> Following {
        let is_own = is_alone || self.own().is_some_and(|own| own.guid == guid);
        self.followed().map(|(alert, entry)| (alert.clone(), entry.followed_at(guid, is_own))).collect()
    }

    /// What is remembered of each alert, for what several parents show.
    #[must_use]
    pub fn known(&self) -> Remembered {
        let own = self.own().map(|own| own.guid.as_str());
        let alerts = self.entries.iter().filter_map(|(subject, entry)| match subject {
            Subject::Alert(alert) => Some((alert.clone(), entry.known(own))),
            Subject::Node(_) | Subject::Storm(_) => None,
        });
        alerts.collect()
    }

    /// Keeps what each parent shows of the alerts that are remembered. What others showed is forgotten, unless one may
    /// be among those that do not answer.
    pub(super) fn keep_views(&mut self, mut views: HashMap<AlertId, Views>, stranger_is_away: bool) {
        let guids: BTreeSet<String> = self.parents.iter().map(|one| one.agent.node.guid.clone()).collect();
        let mut changed = Vec::new();
        for (subject, entry) in &self.entries {
            let Subject::Alert(alert) = subject else { continue };
            let mut new = views.remove(alert).unwrap_or_default();
            new.retain(|guid, _| stranger_is_away || guids.contains(guid));
            if new != entry.parents {
                changed.push((subject.clone(), new));
            }
        }
        for (subject, new) in changed {
            self.change(&subject, |entry| entry.parents = new);
        }
    }

    /// For each alert and node that has an event waiting, the URL of a parent that shows it.
    pub(super) fn urls(&self) -> HashMap<Subject, String> {
        let waiting = self.entries.iter().filter(|(_, entry)| !entry.waiting.is_empty());
        let urls =
            waiting.filter_map(|(subject, _)| Some((subject.clone(), self.url_for(subject)?.to_owned())));
        urls.collect()
    }

    /// The URL of a parent that shows an alert or node: of those that have it, one with the highest status.
    fn url_for(&self, subject: &Subject) -> Option<&str> {
        let has = |guid: &str| self.parents.iter().find(|one| one.agent.node.guid == guid && !one.away);
        let found = match subject {
            Subject::Alert(alert) => {
                let views = self.entries.get(subject).into_iter().flat_map(|entry| &entry.parents);
                let shown = views.filter_map(|(guid, view)| Some((view.status.level(), has(guid)?)));
                let best = shown.rev().max_by_key(|(level, _)| *level).map(|(_, parent)| parent);
                best.or_else(|| self.shown(&alert.node).find_map(has))
            }
            Subject::Node(node) => self.shown(node).find_map(has),
            Subject::Storm(storm) => has(&storm.agent.guid),
        };
        found.map(|parent| parent.url.as_str())
    }

    fn shown(&self, node: &NodeId) -> impl Iterator<Item = &str> {
        self.nodes.get(node).into_iter().flat_map(NodeRecord::shown)
    }
}

impl Entry {
    /// What one agent is to report of it. `is_own` says that what is remembered without a parent is that agent's.
    fn followed_at(&self, guid: &str, is_own: bool) -> Followed {
        let silenced = |silent: bool| silent && !self.facts.silent_role();
        match self.parents.get(guid) {
            Some(view) => Followed {
                transition: view.transition.clone(),
                silenced: silenced(view.silent),
                raised: view.status.level().is_some(),
                resting: None,
            },
            None if is_own && self.parents.is_empty() => Followed {
                transition: self.transition.clone(),
                silenced: silenced(self.silent),
                raised: self.last.level().is_some(),
                resting: None,
            },
            None => Followed::default(),
        }
    }

    /// What is remembered of it, whether by one agent (`own`) or by several parents.
    fn known(&self, own: Option<&str>) -> Known {
        let raised =
            self.is_raised() || self.held.as_ref().is_some_and(|held| held.facts.status.level().is_some());
        let mut views = self.parents.clone();
        if let Some(own) = own.filter(|_| views.is_empty()) {
            let view = ParentView {
                transition: self.transition.clone(),
                status: self.last,
                raised,
                due: self.held.as_ref().map_or(self.facts.when, |held| held.due),
                silent: self.silent,
                raise: None,
                quiet_since: None,
            };
            views.insert(own.to_owned(), view);
        }
        let held_until = self.held.as_ref().map(|held| held.due);
        Known { last: self.last, raised, held_until, silent: self.silent, views }
    }
}

#[cfg(test)]
mod tests;
