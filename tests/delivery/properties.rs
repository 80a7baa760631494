//! The invariants of delivery, over histories of a small world: alerts raise, change, clear, vanish and
//! restart, nodes and the agent come and go, ilert refuses, drops and stalls, runs are killed.

use std::collections::{BTreeMap, BTreeSet};

use netdata_ilert::alert::{AlertId, Health, Status};
use netdata_ilert::delivery::store::Store;
use netdata_ilert::ilert::event::EventType;
use netdata_ilert::payload::{Subject, Tier, alert_key};
use proptest::prelude::*;

use super::ilert::Fault;
use super::scene::{CONFIG, Cut, Scene};
use super::world::alert;

const HOSTS: [&str; 2] = ["own", "child"];
const PER_MINUTE: usize = 8;

#[derive(Clone, Debug)]
enum Step {
    Set { which: usize, status: Status, delay: i64 },
    Vanish(usize),
    Restart(usize),
    ClearUnlogged(usize),
    Node { which: usize, reachable: bool },
    Agent { answers: bool },
    Silence { which: usize, on: bool },
    Wait(i64),
    Run { faults: Vec<Option<Fault>>, cut: Option<Cut> },
}

fn step() -> impl Strategy<Value = Step> {
    let status = prop_oneof![Just(Status::Warning), Just(Status::Critical), Just(Status::Clear)];
    prop_oneof![
        8 => (0..4_usize, status, prop_oneof![4 => Just(0_i64), 1 => Just(45), 1 => Just(300)])
            .prop_map(|(which, status, delay)| Step::Set { which, status, delay }),
        1 => (0..4_usize).prop_map(Step::Vanish),
        1 => (0..2_usize).prop_map(Step::Restart),
        1 => (0..4_usize).prop_map(Step::ClearUnlogged),
        1 => (0..2_usize, any::<bool>()).prop_map(|(which, reachable)| Step::Node { which, reachable }),
        1 => any::<bool>().prop_map(|answers| Step::Agent { answers }),
        1 => (0..4_usize, any::<bool>()).prop_map(|(which, on)| Step::Silence { which, on }),
        4 => prop_oneof![Just(1_i64), Just(15), Just(60), Just(200), Just(1000)].prop_map(Step::Wait),
        8 => (prop::collection::vec(fault(), 0..5), cut()).prop_map(|(faults, cut)| Step::Run { faults, cut }),
    ]
}

fn fault() -> impl Strategy<Value = Option<Fault>> {
    prop_oneof![
        6 => Just(None),
        1 => Just(Some(Fault::Unsent)),
        1 => Just(Some(Fault::Unavailable)),
        1 => Just(Some(Fault::AnswerLost)),
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

/// The model's own account of one alert, kept apart from the code that is judged.
#[derive(Clone, Debug, Default)]
struct Account {
    /// It was critical since it last cleared.
    was_critical: bool,
    /// The last change came with a restart or a removal: what follows may or may not count.
    noisy: bool,
    /// When a raise whose delay has not passed is due.
    coming: Option<i64>,
    /// Raises that were due: how many events ilert had seen of the alert by then, and whether it had one open.
    raises: Vec<Raise>,
}

#[derive(Clone, Copy, Debug)]
struct Raise {
    attempts: usize,
    superseded: bool,
}

struct Play {
    scene: Scene,
    /// With `resolve_after`: a clear that does not last is none.
    patient: bool,
    accounts: BTreeMap<AlertId, Account>,
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
        Self { scene, patient, accounts: alerts().into_iter().map(|id| (id, Account::default())).collect() }
    }

    fn step(&mut self, step: &Step) {
        match step {
            Step::Set { which, status, delay } => self.set(&alerts()[*which], *status, *delay),
            Step::Vanish(which) => {
                let id = &alerts()[*which];
                if self.scene.world.alerts.get(id).is_some_and(|one| one.exists) {
                    self.settle(id);
                    self.scene.world.vanish(id);
                    self.noise(id);
                }
            }
            Step::Restart(which) => {
                for id in alerts().iter().filter(|id| id.node.host == HOSTS[*which]) {
                    self.settle(id);
                    self.noise(id);
                }
                self.scene.world.restart(HOSTS[*which]);
            }
            Step::ClearUnlogged(which) => {
                let id = &alerts()[*which];
                let uninitialized =
                    |one: &super::world::Watched| one.exists && one.status == Status::Uninitialized;
                if self.scene.world.alerts.get(id).is_some_and(uninitialized) {
                    // Only a run that sees this clear can tell: it may be over before one does.
                    self.scene.world.set_unlogged(id, Status::Clear);
                }
            }
            Step::Node { which, reachable } => {
                let node = self.scene.world.node_mut(HOSTS[*which]);
                // The agent's own node is always reachable; its health may still be off.
                node.reachable = *reachable || *which == 0;
                node.health = if *reachable { Health::Online } else { Health::Disabled };
            }
            Step::Agent { answers } => {
                self.scene.world.away = (!answers).then(|| "connection refused".to_owned());
            }
            Step::Silence { which, on } => self.silence(&alerts()[*which], *on),
            Step::Wait(seconds) => self.scene.wait(*seconds),
            Step::Run { faults, cut } => self.run(faults, *cut),
        }
    }

    fn account(&mut self, id: &AlertId) -> &mut Account {
        self.accounts.get_mut(id).unwrap()
    }

    /// From now on nobody is to be told of an alert: what was not told by now need not be.
    fn silence(&mut self, id: &AlertId, on: bool) {
        self.settle(id);
        if let Some(watched) = self.scene.world.alerts.get_mut(id) {
            watched.silent = on;
        }
        let account = self.account(id);
        account.coming = None;
        for raise in &mut account.raises {
            raise.superseded = true;
        }
    }

    fn noise(&mut self, id: &AlertId) {
        let account = self.account(id);
        (account.noisy, account.coming) = (true, None);
    }

    fn set(&mut self, id: &AlertId, status: Status, delay: i64) {
        self.settle(id);
        let now = self.scene.world.now;
        let before = self.scene.world.alerts.get(id).map_or(Status::Clear, |one| one.status);
        self.scene.world.delay = delay;
        self.scene.world.set(id, status);
        let (silent, patient) = (self.scene.world.alerts[id].silent, self.patient);
        let account = self.account(id);
        account.coming = None;
        match status {
            Status::Clear if delay == 0 && !account.noisy && !patient => account.was_critical = false,
            Status::Critical => account.was_critical = true,
            _ => {}
        }
        if before == Status::Clear && status.level().is_some() && !account.noisy && !silent {
            account.coming = Some(now + delay);
        }
        account.noisy = false;
        self.settle(id);
    }

    /// Notes a raise once it is due.
    fn settle(&mut self, id: &AlertId) {
        let now = self.scene.world.now;
        let (attempts, open) = (self.attempts(id), self.is_open(id));
        let account = self.account(id);
        if account.coming.take_if(|due| *due <= now).is_some() {
            account.raises.push(Raise { attempts, superseded: open });
        }
    }

    fn keys(id: &AlertId) -> [String; 2] {
        [Tier::Warning, Tier::Critical].map(|tier| alert_key(&Subject::Alert(id.clone()), tier))
    }

    fn attempts(&self, id: &AlertId) -> usize {
        let keys = Self::keys(id);
        let attempts = self.scene.ilert.attempts.borrow();
        attempts.iter().filter(|(kind, key)| *kind == EventType::Alert && keys.contains(key)).count()
    }

    fn is_open(&self, id: &AlertId) -> bool {
        Self::keys(id).iter().any(|key| self.scene.ilert.open.borrow().contains_key(key))
    }

    fn run(&mut self, faults: &[Option<Fault>], cut: Option<Cut>) {
        let unknown = self.unknown_and_quiet();
        let before = self.scene.ilert.taken.borrow().len();
        *self.scene.ilert.faults.borrow_mut() = faults.to_vec().into();
        self.scene.try_run(cut);
        self.scene.ilert.faults.borrow_mut().clear();
        for (kind, key, _) in &self.scene.ilert.taken.borrow()[before..] {
            assert!(
                *kind != EventType::Resolve || !unknown.contains(key),
                "invariant 5: `{key}` was resolved though nothing is known of it"
            );
        }
    }

    /// Keys of alerts on nodes of which nothing is known now, with nothing left to say from before.
    fn unknown_and_quiet(&self) -> BTreeSet<String> {
        let world = &self.scene.world;
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
                self.account(&id).noisy = true;
            }
        }
        for _ in 0..8 {
            self.scene.wait(100);
            for id in alerts() {
                self.settle(&id);
            }
            self.run(&[], None);
        }
    }

    fn judge(&self) -> Result<(), TestCaseError> {
        let failed = Store::open(self.scene.folder.path()).unwrap().failed().unwrap();
        let refused: BTreeSet<String> =
            failed.iter().map(|event| alert_key(&event.notice.subject, event.notice.tier)).collect();
        self.converged(&refused)?;
        if !self.patient {
            // With `resolve_after`, raises that follow a short clear are one raise.
            self.nothing_lost(&refused)?;
        }
        self.in_order()?;
        self.within_the_pace()?;
        self.without_the_key()
    }

    fn converged(&self, refused: &BTreeSet<String>) -> Result<(), TestCaseError> {
        let open = self.scene.ilert.open.borrow();
        for id in alerts() {
            let keys = Self::keys(&id);
            if keys.iter().any(|key| refused.contains(key)) {
                continue;
            }
            let watched = self.scene.world.alerts.get(&id).filter(|one| one.exists);
            let shown = watched.map_or(Status::Clear, |one| one.status);
            let silent = watched.is_some_and(|one| one.silent);
            let [warning, critical] = keys.map(|key| open.contains_key(&key));
            let fits = match shown {
                // What was told is followed, what was not is not told.
                _ if silent && shown.level().is_some() => !(warning && critical),
                Status::Critical => !warning && critical,
                Status::Warning if self.accounts[&id].was_critical => warning != critical,
                Status::Warning => warning && !critical,
                _ => !warning && !critical,
            };
            prop_assert!(fits, "invariant 1: {id} is {shown}, open: warning {warning}, critical {critical}");
        }
        let nodes =
            open.keys().filter(|key| key.ends_with("/unreachable") && !refused.contains(*key)).count();
        prop_assert_eq!(nodes, 0, "invariant 1: every node is reachable");
        Ok(())
    }

    fn nothing_lost(&self, refused: &BTreeSet<String>) -> Result<(), TestCaseError> {
        for id in alerts() {
            let attempts = self.attempts(&id);
            let failed = Self::keys(&id).iter().any(|key| refused.contains(key));
            for raise in &self.accounts[&id].raises {
                prop_assert!(
                    raise.superseded || failed || attempts > raise.attempts,
                    "invariant 2: a raise of {} was never told: {:?} of {}",
                    id,
                    raise,
                    attempts
                );
            }
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
                "invariant 6: the key is in {path:?}"
            );
        }
        Ok(())
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, max_shrink_iters: 2048, ..ProptestConfig::default() })]

    #[test]
    fn the_invariants_hold(steps in prop::collection::vec(step(), 1..40), patient in any::<bool>()) {
        let mut play = Play::new(patient);
        for step in &steps {
            play.step(step);
        }
        play.heal();
        play.judge()?;
    }
}
