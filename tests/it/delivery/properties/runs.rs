//! Runs of the sender within a history, each watched for what it must not do.

use std::collections::BTreeSet;

use netdata_ilert::alert::{AlertId, Health, Status};
use netdata_ilert::ilert::event::EventType;
use netdata_ilert::payload::{KeyKind, Subject, alert_key};

use super::HOSTS;
use super::play::{Play, alerts};
use crate::delivery::account::NEWS;
use crate::delivery::ilert::Fault;
use crate::delivery::scene::Cut;

/// What obscured the world is taken to be known again after this long, seconds.
const CALM: i64 = 20 * 60;

impl Play {
    pub fn run(&mut self, faults: &[Option<Fault>], cut: Option<Cut>, writable: bool) {
        let unknown = self.unknown_and_quiet();
        let before = self.scene.ilert.taken.borrow().len();
        let now = self.scene.world.now;
        *self.scene.ilert.faults.borrow_mut() = faults.to_vec().into();
        let writable = writable || self.gap;
        self.scene.writable = writable;
        if self.scene.left.has_lost_a_list() {
            self.maybe_open.extend(alerts().iter().map(|id| Self::keys(id)[1].clone()));
            let nodes = self.scene.nodes().into_iter().map(Subject::Node);
            self.maybe_open.extend(nodes.map(|node| alert_key(&node, KeyKind::Unreachable)));
        }
        let sent = self.scene.try_run(cut);
        self.gap &= !writable || cut == Some(Cut::BeforeRecord) || self.scene.world.away.is_some();
        self.scene.writable = true;
        self.scene.ilert.faults.borrow_mut().clear();
        let all_seen = self.scene.world.away.is_none()
            && !self.scene.world.elsewhere
            && HOSTS.iter().all(|host| {
                let node = self.scene.world.node_mut(host);
                node.reachable && node.health == Health::Online
            });
        if writable && all_seen && sent.is_some_and(|sent| sent.stop.is_none() && sent.resting.is_empty()) {
            self.accounts.healthy_runs.push(now - self.scene.world.lag);
        }
        for (kind, key, priority) in &self.scene.ilert.taken.borrow()[before..] {
            assert!(
                *kind != EventType::Resolve || !unknown.contains(key),
                "invariant 5: `{key}` was resolved though nothing is known of it"
            );
            self.no_page_for_what_is_over(*kind, key, *priority);
        }
        self.count_storms();
        if !writable {
            // Nobody knows of what was sent, nor how much.
            self.scene.wait(61);
            self.obscure();
        }
    }

    /// Invariant 7.
    fn no_page_for_what_is_over(&self, kind: EventType, key: &str, priority: Option<&str>) {
        let now = self.scene.world.now;
        if self.scene.world.elsewhere {
            // What is raised and was not told is told: nobody can see that it is over.
            return;
        }
        if kind != EventType::Alert || priority != Some("HIGH") || now - self.obscured < CALM {
            return;
        }
        if let Some((id, account)) = self.accounts.of.iter().find(|(id, _)| Self::keys(id)[1] == key) {
            if account.unproven && !self.scene.world.is_known(&id.node) {
                return;
            }
            let over_for = now.saturating_sub(account.critical_until);
            // A minute for what the run itself took.
            assert!(over_for <= NEWS + 60, "invariant 7: {id} pages, though it is over for {over_for} s");
        }
    }

    /// Keys of alerts on nodes of which nothing is known now, with nothing left to say from before.
    fn unknown_and_quiet(&self) -> BTreeSet<String> {
        let world = &self.scene.world;
        if world.elsewhere || self.rebuilt {
            return BTreeSet::new();
        }
        let unread = &world.log[self.scene.read.unwrap_or_default()..];
        let unknown: Vec<AlertId> = alerts()
            .into_iter()
            .filter(|id| world.away.is_some() || !world.is_known(&id.node))
            .filter(|id| unread.iter().all(|transition| transition.alert != *id))
            // A page that left is taken in like the log, whatever is seen now.
            .filter(|id| !self.scene.left.has(id))
            .collect();
        if unknown.is_empty() {
            return BTreeSet::new();
        }
        let entries = self.scene.ledger().entries;
        unknown
            .into_iter()
            .filter(|id| {
                entries.get(&Subject::Alert(id.clone())).is_none_or(|entry| {
                    // A storm that tells it as critical ends its warning.
                    let is_settled = entry.held.is_none() && entry.clearing.is_none();
                    is_settled && entry.waiting.is_empty() && entry.member.is_none()
                })
            })
            .flat_map(|id| Self::keys(&id))
            .collect()
    }

    /// Faults stop, what was half done is done, and time passes.
    pub fn heal(&mut self) {
        self.scene.world.away = None;
        self.run(&[], None, true);
        self.elsewhere(false);
        self.scene.ilert.unjinx();
        for host in HOSTS {
            let node = self.scene.world.node_mut(host);
            (node.reachable, node.health) = (true, Health::Online);
        }
        for id in alerts() {
            let restarted = self
                .scene
                .world
                .alerts
                .get(&id)
                .is_some_and(|one| one.exists && one.status == Status::Uninitialized);
            if restarted {
                self.set(&id, Status::Warning, 0);
                self.accounts.get(&id).noisy = true;
            }
        }
        self.watch_for(40);
    }

    pub fn watch_for(&mut self, minutes: usize) {
        for _ in 0..minutes {
            self.scene.wait(60);
            for id in alerts() {
                self.note_due_raise(&id);
            }
            self.run(&[], None, true);
        }
    }
}
