//! The invariants of delivery, over histories of a small world: alerts raise, change, clear, vanish and
//! restart, nodes and the agent come and go, are rebuilt and left behind, the log lags and fails, ilert refuses, drops,
//! stalls and never takes some events, the state is lost or cannot be written, runs are killed.

use std::collections::BTreeSet;

use netdata_ilert::alert::{AlertId, Health, Level, Status};
use netdata_ilert::ilert::event::EventType;
use netdata_ilert::payload::{Subject, Tier, alert_key};
use proptest::prelude::*;

use super::account::{Account, Accounts, Change, NEWS, Raise};
use super::ilert::Fault;
use super::scene::{CONFIG, Cut, Scene};
use super::world::alert;

const HOSTS: [&str; 2] = ["own", "child"];
const PER_MINUTE: usize = 8;
/// What obscured the world is taken to be known again after this long, seconds.
const CALM: i64 = 20 * 60;

#[derive(Clone, Debug)]
enum Step {
    Set { which: usize, status: Status, delay: i64 },
    Vanish(usize),
    Obsolete(usize),
    Restart(usize),
    ClearUnlogged(usize),
    Node { which: usize, reachable: bool, health: Health },
    Rebuild,
    Elsewhere(bool),
    Agent { answers: bool },
    Silence { which: usize, on: bool },
    Log(Log),
    Jinx { which: usize, fault: Option<Fault> },
    LoseState,
    Wait(i64),
    Run { faults: Vec<Option<Fault>>, cut: Option<Cut>, writable: bool },
}

#[derive(Clone, Copy, Debug)]
enum Log {
    Lags(i64),
    /// The next observation goes without it.
    Fails,
}

fn set() -> impl Strategy<Value = Step> {
    let status = prop_oneof![Just(Status::Warning), Just(Status::Critical), Just(Status::Clear)];
    (0..4_usize, status, prop_oneof![4 => Just(0_i64), 1 => Just(45), 1 => Just(300)])
        .prop_map(|(which, status, delay)| Step::Set { which, status, delay })
}

fn wait() -> impl Strategy<Value = Step> {
    prop_oneof![Just(1_i64), Just(15), Just(60), Just(200), Just(1000)].prop_map(Step::Wait)
}

fn step() -> impl Strategy<Value = Step> {
    let health = prop_oneof![Just(Health::Online), Just(Health::Initializing), Just(Health::Disabled)];
    let log = prop_oneof![Just(Log::Lags(0)), Just(Log::Lags(2)), Just(Log::Lags(10)), Just(Log::Fails)];
    prop_oneof![
        16 => set(),
        2 => (0..4_usize).prop_map(Step::Vanish),
        1 => (0..4_usize).prop_map(Step::Obsolete),
        2 => (0..2_usize).prop_map(Step::Restart),
        2 => (0..4_usize).prop_map(Step::ClearUnlogged),
        2 => (0..2_usize, any::<bool>(), health)
            .prop_map(|(which, reachable, health)| Step::Node { which, reachable, health }),
        1 => Just(Step::Rebuild),
        1 => any::<bool>().prop_map(Step::Elsewhere),
        2 => any::<bool>().prop_map(|answers| Step::Agent { answers }),
        2 => (0..4_usize, any::<bool>()).prop_map(|(which, on)| Step::Silence { which, on }),
        2 => log.prop_map(Step::Log),
        3 => (0..4_usize, fault()).prop_map(|(which, fault)| Step::Jinx { which, fault }),
        1 => Just(Step::LoseState),
        8 => wait(),
        20 => (prop::collection::vec(fault(), 0..5), cut(), prop::bool::weighted(0.93))
            .prop_map(|(faults, cut, writable)| Step::Run { faults, cut, writable }),
    ]
}

fn fault() -> impl Strategy<Value = Option<Fault>> {
    prop_oneof![
        6 => Just(None),
        1 => Just(Some(Fault::Unsent)),
        1 => Just(Some(Fault::Unavailable)),
        1 => Just(Some(Fault::AnswerLost)),
        1 => Just(Some(Fault::Reset)),
        1 => Just(Some(Fault::Stranger)),
        1 => Just(Some(Fault::Limited)),
        1 => Just(Some(Fault::Invalid)),
        1 => Just(Some(Fault::KeyWrong)),
        1 => Just(Some(Fault::KilledBefore)),
        1 => Just(Some(Fault::KilledAfter)),
    ]
}

fn cut() -> impl Strategy<Value = Option<Cut>> {
    prop_oneof![6 => Just(None), 1 => Just(Some(Cut::BeforeRecord)), 1 => Just(Some(Cut::BeforeDispatch))]
}

struct Play {
    scene: Scene,
    /// With `resolve_after`: a clear that does not last is none.
    patient: bool,
    accounts: Accounts,
    rebuilt: bool,
    /// The log was not read whole since the last record: what left without one then is not found again.
    gap: bool,
    /// Keys resolved because something may have been open: pages had left without a record.
    maybe_open: BTreeSet<String>,
    /// When something last kept the sender from seeing the world as it is.
    obscured: i64,
}

fn alerts() -> [AlertId; 4] {
    [alert("own", "disk"), alert("own", "ram"), alert("child", "disk"), alert("child", "cpu")]
}

impl Play {
    fn new(patient: bool) -> Self {
        let resolve_after = if patient { "2m" } else { "0s" };
        let config = CONFIG.replace("1000", &PER_MINUTE.to_string());
        let mut scene = Scene::with(&HOSTS, &format!("{config}resolve_after = \"{resolve_after}\"\n"));
        scene.run();
        let of = alerts().into_iter().map(|id| (id, Account::default())).collect();
        let accounts = Accounts { of, ..Accounts::default() };
        Self {
            scene,
            patient,
            accounts,
            rebuilt: false,
            gap: false,
            maybe_open: BTreeSet::new(),
            obscured: 0,
        }
    }

    fn step(&mut self, step: &Step) {
        match step {
            Step::Set { which, status, delay } => self.set(&alerts()[*which], *status, *delay),
            Step::Vanish(which) => self.remove(&alerts()[*which], false),
            Step::Obsolete(which) => self.remove(&alerts()[*which], true),
            Step::Restart(which) => {
                for id in alerts().iter().filter(|id| id.node.host == HOSTS[*which]) {
                    self.settle(id);
                    self.noise(id);
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
            Step::Log(Log::Lags(seconds)) => self.scene.world.lag = *seconds,
            Step::Log(Log::Fails) if self.scene.unrecorded => {}
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

    fn obscure(&mut self) {
        self.obscured = self.scene.world.now;
    }

    fn forgive_all(&mut self) {
        self.obscure();
        self.gap = true;
        for id in alerts() {
            self.settle(&id);
            self.accounts.forgive(&id);
        }
    }

    /// Whether an alert can be set: the node of a rebuilt machine is gone.
    fn lives(&self, id: &AlertId) -> bool {
        !(self.rebuilt && id.node.host == "child")
    }

    fn clear_unlogged(&mut self, id: &AlertId) {
        let uninitialized = |one: &super::world::Watched| one.exists && one.status == Status::Uninitialized;
        if self.scene.world.alerts.get(id).is_some_and(uninitialized) {
            // Only a run that sees this clear can tell: it may be over before one does.
            self.scene.world.set_unlogged(id, Status::Clear);
            self.accounts.get(id).critical_until = self.scene.world.now;
            self.obscure();
        }
    }

    fn remove(&mut self, id: &AlertId, obsolete: bool) {
        if self.scene.world.alerts.get(id).is_some_and(|one| one.exists) {
            self.settle(id);
            if obsolete {
                self.scene.world.set(id, Status::Removed);
            } else {
                self.scene.world.vanish(id);
            }
            self.noise(id);
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
    fn elsewhere(&mut self, on: bool) {
        // What left without a record is found again by the log alone.
        if self.scene.world.elsewhere != on && !self.scene.unrecorded {
            self.forgive_all();
            self.scene.world.elsewhere = on;
            self.scene.read = self.scene.read.map(|_| self.scene.world.log.len());
        }
    }

    fn jinx(&mut self, which: usize, fault: Option<Fault>) {
        let id = &alerts()[which];
        match fault.filter(|fault| !matches!(fault, Fault::KilledBefore | Fault::KilledAfter)) {
            Some(fault) => self.scene.ilert.jinx(Self::keys(id)[0].trim_end_matches("warning"), fault),
            None => self.scene.ilert.unjinx(),
        }
    }

    /// The state is lost, and what is open in ilert is adopted, a minute later.
    fn lose_state(&mut self) {
        if self.scene.world.away.is_none() && !self.scene.world.elsewhere && !self.scene.unrecorded {
            self.forgive_all();
            self.scene.lose_state();
            self.scene.wait(61);
            self.scene.adopt();
        }
    }

    /// From now on nobody is to be told of an alert: what was not told by now need not be.
    fn silence(&mut self, id: &AlertId, on: bool) {
        self.settle(id);
        if let Some(watched) = self.scene.world.alerts.get_mut(id) {
            watched.silent = on;
        }
        let noisy = self.accounts.get(id).noisy;
        self.accounts.forgive(id);
        self.accounts.get(id).noisy = noisy;
    }

    fn noise(&mut self, id: &AlertId) {
        let now = self.scene.world.now;
        let account = self.accounts.get(id);
        (account.noisy, account.coming) = (true, None);
        for raise in &mut account.raises {
            raise.ended.get_or_insert(now);
        }
    }

    fn set(&mut self, id: &AlertId, status: Status, delay: i64) {
        if !self.lives(id) {
            return;
        }
        self.settle(id);
        let now = self.scene.world.now;
        let before = self.scene.world.alerts.get(id).map_or(Status::Clear, |one| one.status);
        self.scene.world.delay = delay;
        self.scene.world.set(id, status);
        // What comes before a first run is history.
        let silent = self.scene.world.alerts[id].silent || self.scene.read.is_none();
        self.accounts.set(id, Change { before, status, now, delay, silent, patient: self.patient });
        self.settle(id);
    }

    /// Notes a raise once it is due.
    fn settle(&mut self, id: &AlertId) {
        let now = self.scene.world.now;
        let (attempts, critical_attempts) = self.attempts(id);
        let (warning_open, critical_open) = self.is_open(id);
        let account = self.accounts.get(id);
        if let Some(coming) = account.coming.take_if(|coming| coming.due <= now) {
            // One that grew is superseded by the critical one alone.
            let open = if coming.from_clear { warning_open || critical_open } else { critical_open };
            let superseded = open && (coming.level == Level::Warning || critical_open);
            let (due, level) = (coming.due, coming.level);
            account.raises.push(Raise { due, level, ended: None, attempts, critical_attempts, superseded });
        }
    }

    fn keys(id: &AlertId) -> [String; 2] {
        [Tier::Warning, Tier::Critical].map(|tier| alert_key(&Subject::Alert(id.clone()), tier))
    }

    /// ALERTs that ilert has seen of an alert, and those of its critical key among them.
    fn attempts(&self, id: &AlertId) -> (usize, usize) {
        let keys = Self::keys(id);
        let attempts = self.scene.ilert.attempts.borrow();
        let seen = |key: &String| {
            attempts.iter().filter(|(kind, found)| *kind == EventType::Alert && found == key).count()
        };
        (seen(&keys[0]) + seen(&keys[1]), seen(&keys[1]))
    }

    fn is_open(&self, id: &AlertId) -> (bool, bool) {
        let [warning, critical] = Self::keys(id).map(|key| self.scene.ilert.open.borrow().contains_key(&key));
        (warning, critical)
    }

    fn run(&mut self, faults: &[Option<Fault>], cut: Option<Cut>, writable: bool) {
        let unknown = self.unknown_and_quiet();
        let before = self.scene.ilert.taken.borrow().len();
        let now = self.scene.world.now;
        *self.scene.ilert.faults.borrow_mut() = faults.to_vec().into();
        let writable = writable || self.gap;
        self.scene.writable = writable;
        let unrecorded = self.scene.unrecorded;
        let sent = self.scene.try_run(cut);
        if unrecorded {
            self.maybe_open.extend(alerts().iter().map(|id| Self::keys(id)[1].clone()));
        }
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
        if !writable {
            // Nobody knows of what was sent, nor how much.
            self.scene.wait(61);
            self.obscure();
        }
    }

    /// Invariant 7.
    fn no_page_for_what_is_over(&self, kind: EventType, key: &str, priority: Option<&str>) {
        let now = self.scene.world.now;
        if kind != EventType::Alert || priority != Some("HIGH") || now - self.obscured < CALM {
            return;
        }
        if let Some((id, account)) = self.accounts.of.iter().find(|(id, _)| Self::keys(id)[1] == key) {
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
        let entries = self.scene.ledger().entries;
        let unread = &world.log[self.scene.read.unwrap_or_default()..];
        alerts()
            .into_iter()
            .filter(|id| world.away.is_some() || !world.is_known(&id.node))
            .filter(|id| unread.iter().all(|transition| transition.alert != *id))
            .filter(|id| {
                entries.get(&Subject::Alert(id.clone())).is_none_or(|entry| {
                    entry.waiting.is_empty() && entry.held.is_none() && entry.clearing.is_none()
                })
            })
            .flat_map(|id| Self::keys(&id))
            .collect()
    }

    /// Faults stop, what was half done is done, and time passes.
    fn heal(&mut self) {
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
                self.scene.world.delay = 0;
                self.scene.world.set(&id, Status::Warning);
                self.accounts.get(&id).noisy = true;
            }
        }
        self.watch_for(40);
    }

    fn watch_for(&mut self, minutes: usize) {
        for _ in 0..minutes {
            self.scene.wait(60);
            for id in alerts() {
                self.settle(&id);
            }
            self.run(&[], None, true);
        }
    }

    fn judge(&self) -> Result<(), TestCaseError> {
        let refused = self.refused();
        self.converged(&refused)?;
        if !self.patient {
            // With `resolve_after`, raises that follow a short clear are one raise.
            self.nothing_lost(&refused)?;
        }
        self.in_order()?;
        self.within_the_pace()?;
        self.without_the_key()
    }

    fn refused(&self) -> BTreeSet<String> {
        let failed = self.scene.failed();
        failed.iter().map(|event| alert_key(&event.notice.subject, event.notice.tier)).collect()
    }

    fn converged(&self, refused: &BTreeSet<String>) -> Result<(), TestCaseError> {
        let open = self.scene.ilert.open.borrow();
        for id in alerts() {
            if Self::keys(&id).iter().any(|key| refused.contains(key)) {
                continue;
            }
            self.shows_what_netdata_shows(&id)?;
        }
        let nodes =
            open.keys().filter(|key| key.ends_with("/unreachable") && !refused.contains(*key)).count();
        prop_assert_eq!(nodes, 0, "invariant 1: every node is reachable");
        Ok(())
    }

    fn shows_what_netdata_shows(&self, id: &AlertId) -> Result<(), TestCaseError> {
        let watched = self.scene.world.alerts.get(id).filter(|one| one.exists);
        let shown = watched.map_or(Status::Clear, |one| one.status);
        let silent = watched.is_some_and(|one| one.silent);
        let (warning, critical) = self.is_open(id);
        let fits = match shown {
            // What was told is followed, what was not is not told.
            _ if silent && shown.level().is_some() => !(warning && critical),
            Status::Critical => !warning && critical,
            Status::Warning if self.accounts.of[id].was_critical => warning != critical,
            Status::Warning => warning && !critical,
            _ => !warning && !critical,
        };
        prop_assert!(fits, "invariant 1: {id} is {shown}, open: warning {warning}, critical {critical}");
        Ok(())
    }

    fn nothing_lost(&self, refused: &BTreeSet<String>) -> Result<(), TestCaseError> {
        for id in alerts() {
            if Self::keys(&id).iter().any(|key| refused.contains(key)) {
                continue;
            }
            let (attempts, critical) = self.attempts(&id);
            let lost = self.accounts.lost(&id, attempts, critical);
            prop_assert!(
                lost.is_none(),
                "invariant 2: a raise of {id} was never told: {lost:?} of {attempts}, critical {critical}"
            );
        }
        Ok(())
    }

    fn in_order(&self) -> Result<(), TestCaseError> {
        let mut alerted = BTreeSet::new();
        for (kind, key) in self.scene.ilert.attempts.borrow().iter() {
            match kind {
                EventType::Alert => {
                    alerted.insert(key.clone());
                }
                _ if self.maybe_open.contains(key) => {}
                _ => prop_assert!(alerted.contains(key), "invariant 3: {kind:?} of `{key}` before its ALERT"),
            }
        }
        Ok(())
    }

    fn within_the_pace(&self) -> Result<(), TestCaseError> {
        let arrivals = self.scene.ilert.arrivals.borrow();
        for window in arrivals.windows(PER_MINUTE + 1) {
            let (first, last) = (window[0], window[PER_MINUTE]);
            prop_assert!(
                last - first >= 60_000,
                "invariant 4: {} requests in {} ms",
                PER_MINUTE + 1,
                last - first
            );
        }
        Ok(())
    }

    fn without_the_key(&self) -> Result<(), TestCaseError> {
        for file in std::fs::read_dir(self.scene.folder.path()).unwrap() {
            let path = file.unwrap().path();
            let bytes = std::fs::read(&path).unwrap();
            let key = self.scene.key.expose().as_bytes();
            prop_assert!(
                !bytes.windows(key.len()).any(|found| found == key),
                "invariant 8: the key is in {path:?}"
            );
        }
        Ok(())
    }
}

fn calm_step() -> impl Strategy<Value = Step> {
    let run = || Step::Run { faults: Vec::new(), cut: None, writable: true };
    prop_oneof![4 => set(), 2 => wait(), 4 => Just(()).prop_map(move |()| run())]
}

fn never() -> impl Strategy<Value = Fault> {
    prop_oneof![
        Just(Fault::Unsent),
        Just(Fault::Unavailable),
        Just(Fault::AnswerLost),
        Just(Fault::Reset),
        Just(Fault::Stranger),
        Just(Fault::Limited),
        Just(Fault::Invalid),
        Just(Fault::KeyWrong),
    ]
}

/// How many histories are played; `PROPTEST_CASES` asks for more.
fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(192)
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: cases(), max_shrink_iters: 2048, failure_persistence: None, ..ProptestConfig::default()
    })]

    #[test]
    fn the_invariants_hold(steps in prop::collection::vec(step(), 1..40), patient in any::<bool>()) {
        let mut play = Play::new(patient);
        for step in &steps {
            play.step(step);
        }
        play.heal();
        play.judge()?;
    }

    #[test]
    fn nobody_jams_it(
        steps in prop::collection::vec(calm_step(), 1..30),
        jinxed in prop::collection::vec((0..3_usize, never()), 1..3),
    ) {
        let mut play = Play::new(false);
        for (which, fault) in &jinxed {
            play.jinx(*which, Some(*fault));
        }
        for step in &steps {
            play.step(step);
        }
        play.watch_for(12);
        // Whatever else is raised, cleared or open: the alerts that nothing is wrong with are as Netdata shows them.
        for (which, id) in alerts().iter().enumerate() {
            if jinxed.iter().all(|(jinxed, _)| *jinxed != which) {
                play.shows_what_netdata_shows(id)?;
            }
        }
        play.within_the_pace()?;
    }
}
