//! A history played step by step, and a model's own account of what it should have led to.

use std::collections::BTreeSet;

use netdata_ilert::alert::{AlertId, Level, Status};
use netdata_ilert::config::{Moment, Pattern, Silence, Zone};
use netdata_ilert::ilert::event::EventType;
use netdata_ilert::payload::{KeyKind, Subject, alert_key};

use super::steps::{Log, Step};
use super::{HOSTS, PER_MINUTE};
use crate::delivery::account::{Account, Accounts, Change, NEWS, Raise};
use crate::delivery::ilert::Fault;
use crate::delivery::scene::{CONFIG, Scene};
use crate::delivery::world::{Watched, alert};

/// What the configuration says of what is raised often, or much.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rules {
    /// Each raise and each clear is told.
    Plain,
    /// With `resolve_after`: a clear that does not last is none.
    Patient,
    /// Two raises are a storm.
    Storms,
    /// Two raises are flapping: a clear that does not last is none.
    Flapping,
}

pub struct Play {
    pub scene: Scene,
    /// A clear that does not last is none.
    pub patient: bool,
    /// For how long a warning that is over is news, seconds: what would have been a storm and is over is counted.
    pub news: i64,
    pub accounts: Accounts,
    pub rebuilt: bool,
    /// The log was not read whole since the last record: what left without one then is not found again.
    pub gap: bool,
    /// Keys resolved because something may have been open: pages had left without a record.
    pub maybe_open: BTreeSet<String>,
    /// When something last kept the sender from seeing the world as it is.
    pub obscured: i64,
}

pub fn alerts() -> [AlertId; 4] {
    [alert("own", "disk"), alert("own", "ram"), alert("child", "disk"), alert("child", "cpu")]
}

impl Play {
    pub fn new(rules: Rules) -> Self {
        let mut config = CONFIG.replace("1000", &PER_MINUTE.to_string());
        match rules {
            Rules::Plain => {}
            Rules::Patient => config.push_str("resolve_after = \"2m\"\n"),
            Rules::Storms => config = config.replace("storm_after = 0", "storm_after = 1"),
            Rules::Flapping => config = config.replace("flap_after = 0", "flap_after = 2"),
        }
        let patient = matches!(rules, Rules::Patient | Rules::Flapping);
        let mut scene = Scene::with(&HOSTS, &config);
        scene.run();
        let of = alerts().into_iter().map(|id| (id, Account::default())).collect();
        let accounts = Accounts { of, ..Accounts::default() };
        Self {
            scene,
            patient,
            news: if rules == Rules::Storms { 0 } else { NEWS },
            accounts,
            rebuilt: false,
            gap: false,
            maybe_open: BTreeSet::new(),
            obscured: 0,
        }
    }

    pub fn step(&mut self, step: &Step) {
        match step {
            Step::Set { which, status, delay } => self.set(&alerts()[*which], *status, *delay),
            Step::Vanish(which) => self.remove(&alerts()[*which], false),
            Step::Obsolete(which) => self.remove(&alerts()[*which], true),
            Step::Restart(which) => {
                for id in alerts().iter().filter(|id| id.node.host == HOSTS[*which]) {
                    self.note_due_raise(id);
                    self.accounts.make_noise(id, self.scene.world.now);
                }
                self.obscure();
                self.scene.world.restart(HOSTS[*which]);
            }
            Step::ClearUnlogged(which) => self.clear_unlogged(&alerts()[*which]),
            Step::Node { which, reachable, health } => {
                let node = self.scene.world.node_mut(HOSTS[*which]);
                // The agent's own node is always reachable; its health may still be off.
                (node.reachable, node.health) = (*reachable || *which == 0, *health);
                self.obscure();
            }
            Step::Rebuild => self.rebuild(),
            Step::Elsewhere(on) => self.elsewhere(*on),
            Step::Agent { answers } => {
                self.scene.world.away = (!answers).then(|| "connection refused".to_owned());
                self.obscure();
            }
            Step::Silence { which, on } => self.silence(&alerts()[*which], *on),
            Step::Mute { which, on } => self.mute(&alerts()[*which], *on),
            Step::Log(Log::Lags(seconds)) => self.scene.world.lag = *seconds,
            Step::Log(Log::Fails) if self.scene.left.has_lost_a_list() => {}
            Step::Log(Log::Fails) => {
                self.forgive_all();
                self.scene.read = self.scene.read.map(|_| self.scene.world.log.len());
            }
            Step::Jinx { which, fault } => self.jinx(*which, *fault),
            Step::LoseState => self.lose_state(),
            Step::Wait(seconds) => self.scene.wait(*seconds),
            Step::Run { faults, cut, writable } => self.run(faults, *cut, *writable),
        }
    }

    pub fn obscure(&mut self) {
        self.obscured = self.scene.world.now;
    }

    fn forgive_all(&mut self) {
        self.obscure();
        self.gap = true;
        for id in alerts() {
            self.note_due_raise(&id);
            self.accounts.forgive(&id);
        }
    }

    /// Whether an alert can be set: the node of a rebuilt machine is gone.
    fn lives(&self, id: &AlertId) -> bool {
        !(self.rebuilt && id.node.host == "child")
    }

    fn clear_unlogged(&mut self, id: &AlertId) {
        let uninitialized = |one: &Watched| one.exists && one.status == Status::Uninitialized;
        if self.scene.world.alerts.get(id).is_some_and(uninitialized) {
            // Only a run that sees this clear can tell: it may be over before one does.
            self.scene.world.set_unlogged(id, Status::Clear);
            self.accounts.get(id).critical_until = self.scene.world.now;
            self.obscure();
        }
    }

    fn remove(&mut self, id: &AlertId, obsolete: bool) {
        if self.scene.world.alerts.get(id).is_some_and(|one| one.exists) {
            self.note_due_raise(id);
            if obsolete {
                self.scene.world.set(id, Status::Removed);
            } else {
                self.scene.world.vanish(id);
            }
            self.accounts.make_noise(id, self.scene.world.now);
            self.obscure();
        }
    }

    /// Another machine answers under the child's name.
    fn rebuild(&mut self) {
        if !self.rebuilt {
            self.rebuilt = true;
            self.forgive_all();
            self.scene.world.nodes.retain(|node| node.id.host != "child");
            self.scene.world.add_node("child", "guid-rebuilt");
            for id in alerts().iter().filter(|id| id.node.host == "child") {
                if let Some(one) = self.scene.world.alerts.get_mut(id) {
                    one.exists = false;
                }
            }
        }
    }

    /// The URL leads to another agent, which knows none of the nodes; or back.
    pub fn elsewhere(&mut self, on: bool) {
        // What left without a record is found again by the log alone.
        if self.scene.world.elsewhere != on && !self.scene.left.has_lost_a_list() {
            self.forgive_all();
            self.scene.world.elsewhere = on;
            self.scene.read = self.scene.read.map(|_| self.scene.world.log.len());
        }
    }

    pub fn jinx(&mut self, which: usize, fault: Option<Fault>) {
        let id = &alerts()[which];
        match fault.filter(|fault| !matches!(fault, Fault::KilledBefore | Fault::KilledAfter)) {
            Some(fault) => self.scene.ilert.jinx(Self::keys(id)[0].trim_end_matches("warning"), fault),
            None => self.scene.ilert.unjinx(),
        }
    }

    /// The state is lost, and what is open in ilert is adopted, a minute later.
    fn lose_state(&mut self) {
        if self.scene.world.away.is_none()
            && !self.scene.world.elsewhere
            && !self.scene.left.has_lost_a_list()
        {
            self.forgive_all();
            self.scene.lose_state();
            self.scene.wait(61);
            self.scene.adopt();
        }
    }

    /// From now on nobody is to be told of an alert: what was not told by now need not be.
    fn silence(&mut self, id: &AlertId, on: bool) {
        self.note_due_raise(id);
        if let Some(watched) = self.scene.world.alerts.get_mut(id) {
            watched.silent = on;
        }
        self.need_not_be_told(id);
    }

    /// The same by a silence of the configuration.
    fn mute(&mut self, id: &AlertId, on: bool) {
        self.note_due_raise(id);
        let now = moment(self.scene.world.now);
        for silence in &mut self.scene.config.silences {
            if silence.name == id.to_string() && silence.until.is_none() {
                silence.until = now;
            }
        }
        if on {
            let [nodes, alerts] = [&id.node.host, &id.name].map(|name| Some(Pattern::new(name)));
            let timezone = Zone::find("UTC");
            let silence = Silence { from: now, timezone, ..Silence::of(id.to_string(), nodes, alerts) };
            self.scene.config.silences.push(silence);
        }
        self.need_not_be_told(id);
    }

    /// Whether a silence of the configuration holds an alert back now.
    pub fn is_muted(&self, id: &AlertId) -> bool {
        let (name, now) = (id.to_string(), self.scene.now());
        let silences = &self.scene.config.silences;
        silences.iter().any(|silence| silence.name == name && silence.window(now).is_some())
    }

    fn need_not_be_told(&mut self, id: &AlertId) {
        let noisy = self.accounts.get(id).noisy;
        self.accounts.forgive(id);
        self.accounts.get(id).noisy = noisy;
    }

    pub fn set(&mut self, id: &AlertId, status: Status, delay: i64) {
        if !self.lives(id) {
            return;
        }
        if self
            .scene
            .world
            .log
            .iter()
            .rev()
            .any(|one| one.alert == *id && one.facts.when == self.scene.world.now)
        {
            // Netdata evaluates an alert at most once a second.
            self.scene.wait(1);
        }
        self.note_due_raise(id);
        let now = self.scene.world.now;
        let before = self.scene.world.alerts.get(id).map_or(Status::Clear, |one| one.status);
        self.scene.world.delay = delay;
        self.scene.world.set(id, status);
        // What comes before a first run is history.
        let silent = self.scene.world.alerts[id].silent || self.is_muted(id) || self.scene.read.is_none();
        self.accounts.set(id, Change { before, status, now, delay, silent, patient: self.patient });
        self.note_due_raise(id);
    }

    /// Notes a raise once it is due.
    pub fn note_due_raise(&mut self, id: &AlertId) {
        let now = self.scene.world.now;
        if let Some(coming) = self.accounts.get(id).coming.take_if(|coming| coming.due <= now) {
            let (attempts, critical_attempts) = self.attempts(id);
            let (warning_open, critical_open) = self.is_open(id);
            // One that grew is superseded by the critical one alone.
            let open = if coming.from_clear { warning_open || critical_open } else { critical_open };
            let superseded = open && (coming.level == Level::Warning || critical_open);
            let (due, level) = (coming.due, coming.level);
            let raise =
                Raise { due, level, ended: None, attempts, critical_attempts, superseded, gathered: false };
            self.accounts.get(id).raises.push(raise);
        }
    }

    pub fn keys(id: &AlertId) -> [String; 2] {
        [KeyKind::Warning, KeyKind::Critical].map(|kind| alert_key(&Subject::Alert(id.clone()), kind))
    }

    /// ALERTs that ilert has seen of an alert, and those of its critical key among them.
    pub fn attempts(&self, id: &AlertId) -> (usize, usize) {
        let keys = Self::keys(id);
        let attempts = self.scene.ilert.attempts.borrow();
        let seen = |key: &String| {
            attempts.iter().filter(|(kind, found)| *kind == EventType::Alert && found == key).count()
        };
        (seen(&keys[0]) + seen(&keys[1]), seen(&keys[1]))
    }

    /// Whether ilert shows it as a warning, and as critical: singly, or as a member of an open storm.
    pub fn is_open(&self, id: &AlertId) -> (bool, bool) {
        let open = self.scene.ilert.open.borrow();
        let [mut warning, mut critical] = Self::keys(id).map(|key| open.contains_key(&key));
        let subject = Subject::Alert(id.clone());
        if let Some(member) = self.scene.ledger().entries.get(&subject).and_then(|entry| entry.member.clone())
        {
            let kind = member.storm.kind;
            let is_open = open.contains_key(&alert_key(&Subject::Storm((*member.storm).clone()), kind));
            warning |= is_open && kind == KeyKind::Warning;
            critical |= is_open && kind == KeyKind::Critical;
        }
        (warning, critical)
    }

    /// What storms have gathered is told by them.
    pub fn count_storms(&mut self) {
        if self.scene.config.delivery.storm_after == 0 {
            return;
        }
        let ledger = self.scene.ledger();
        for (storm, entry) in ledger.storms() {
            let Some(state) = &entry.storm else { continue };
            let level = if storm.kind == KeyKind::Warning { Level::Warning } else { Level::Critical };
            let gathered = |id: &AlertId| {
                state.storm.by_alert.contains_key(&id.name) && state.storm.by_node.contains_key(&*id.node)
            };
            for (id, account) in self.accounts.of.iter_mut().filter(|(id, _)| gathered(id)) {
                // What has come since is told singly, or joins: it is a member, or it was over and is counted.
                let entry = ledger.entries.get(&Subject::Alert(id.clone()));
                let is_member = entry.is_some_and(|entry| entry.is_member(storm.kind));
                let is_counted =
                    entry.is_some_and(|entry| entry.peak.is_none() && entry.left.as_deref() == Some(storm));
                for raise in &mut account.raises {
                    raise.gathered |= is_member && raise.level > level;
                    raise.superseded |= raise.level <= level
                        && (is_member
                            || raise.due * 1000 <= state.opened
                            || is_counted && raise.ended.is_some());
                }
            }
        }
    }
}

/// A time (seconds) on the wall clock of UTC.
fn moment(now: i64) -> Option<Moment> {
    let time = jiff::Timestamp::from_second(now).unwrap();
    Moment::parse(&time.strftime("%Y-%m-%dT%H:%M:%S").to_string())
}
