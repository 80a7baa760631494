//! A world, an ilert and a state folder, and runs of the sender between them.

#[path = "scene/by_hand.rs"]
mod by_hand;

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::rc::Rc;
use std::time::Duration;

use netdata_ilert::alert::{NodeId, Observation};
use netdata_ilert::config::{self, Config};
use netdata_ilert::delivery::asleep;
use netdata_ilert::delivery::dispatch::{Dispatch, Sent};
use netdata_ilert::delivery::ledger::{Ledger, RefusedEvent};
use netdata_ilert::delivery::lock::Lock;
use netdata_ilert::delivery::pace::Pace;
use netdata_ilert::delivery::plan::PlanInput;
use netdata_ilert::delivery::quiet::{self, Circumstances, FullLook};
use netdata_ilert::delivery::reconcile::{reconcile, reconcile_away};
use netdata_ilert::delivery::recorder::Recorder;
use netdata_ilert::delivery::store::{Commit, Loaded, PLANNED_WITH, RunRecord, Store};
use netdata_ilert::delivery::unrecorded::Stamp;
use netdata_ilert::ilert::event::EventType;
use netdata_ilert::netdata::Following;
use netdata_ilert::payload::Renderer;
use netdata_ilert::secret::Secret;
use tempfile::TempDir;
use tokio::time::Instant;

use super::ilert::Ilert;
use super::left::{Left, Lists};
use super::twins;
use super::world::World;

pub const CONFIG: &str = r#"
version = 1
[notification]
name = "test"
notify = ["critical", "warning", "clear", "reachable", "unreachable"]
[integration]
api_key = "il1api-of-the-model-0000"
[delivery]
events_per_minute = 1000
storm_after = 0
flap_after = 0
"#;

/// Where a run is cut short.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    BeforeRecord,
    BeforeDispatch,
}

pub struct Scene {
    _lists: Lists,
    pub folder: TempDir,
    pub config: Config,
    pub world: World,
    pub ilert: Ilert,
    pub key: Secret,
    /// How much of the log the last recorded observation had read.
    pub read: Option<usize>,
    /// Another parent shows the same world.
    pub is_mirrored: bool,
    /// Whether the state can be written.
    pub writable: bool,
    /// Pages left since the last record.
    pub left: Left,
    /// What came and went, too long ago to be told.
    pub untold: usize,
    /// How many runs found that nothing had changed.
    pub quiet_runs: usize,
    /// How many entries were not read, in all runs.
    pub slept: usize,
    /// Every run looks at all, and reads all.
    pub always_looks: bool,
    /// The same numbers in every history.
    pub random: RefCell<fastrand::Rng>,
    runtime: tokio::runtime::Runtime,
}

pub fn parse(text: &str) -> Config {
    config::parse(text, Path::new("test.toml")).unwrap()
}

impl Scene {
    pub fn new(hosts: &[&str]) -> Self {
        Self::with(hosts, CONFIG)
    }

    pub fn with(hosts: &[&str], config: &str) -> Self {
        let shared_memory = Path::new("/dev/shm");
        let folder =
            if shared_memory.is_dir() { tempfile::tempdir_in(shared_memory) } else { tempfile::tempdir() };
        let folder = folder.unwrap();
        fs::set_permissions(&folder, Permissions::from_mode(0o700)).unwrap();
        Self {
            _lists: Lists(folder.path().to_owned()),
            folder,
            config: parse(config),
            world: World::new(hosts),
            ilert: Ilert::default(),
            key: Secret::new("il1api-of-the-model-0000".into()),
            read: None,
            is_mirrored: false,
            writable: true,
            left: Left::default(),
            untold: 0,
            quiet_runs: 0,
            slept: 0,
            always_looks: false,
            random: RefCell::new(fastrand::Rng::with_seed(0)),
            runtime: tokio::runtime::Builder::new_current_thread()
                .enable_time()
                .start_paused(true)
                .build()
                .unwrap(),
        }
    }

    /// Passes time on every clock.
    pub fn wait(&mut self, seconds: i64) {
        self.world.now += seconds;
    }

    pub fn now(&self) -> i64 {
        self.world.now * 1000
    }

    /// A whole run; says what ilert took in it, such as `ALERT critical`.
    pub fn run(&mut self) -> Vec<String> {
        let before = self.ilert.taken.borrow().len();
        self.try_run(None);
        self.ilert.taken.borrow()[before..].iter().map(|(kind, key, _)| short(*kind, key)).collect()
    }

    /// A run that may be cut; `None` if it was.
    pub fn try_run(&mut self, cut: Option<Cut>) -> Option<Sent> {
        let now = self.now();
        let mut lock = self.lock();
        let mut store = Store::open(self.folder.path()).unwrap();
        let key = self.fingerprint(&mut store);
        let (last, generation) = (quiet::last(&store), store.generation());
        let agents = self.world.fingerprint().map(|own| {
            let mirror = self.is_mirrored.then(|| twins::mirrored_fingerprint(&own));
            mirror.into_iter().chain([own]).collect::<Vec<_>>()
        });
        let config = self.config.clone();
        let found = agents.as_ref().map(|agents| Circumstances {
            now,
            agents,
            generation,
            key: &key,
            config: &config,
        });
        let may_be_quiet = self.writable && self.left.pages.is_none() && !self.always_looks;
        if may_be_quiet && Self::stands(last.as_ref(), found.as_ref(), &store) {
            self.quiet_runs += 1;
            store.record_quiet(&RunRecord::default(), None, now).unwrap();
            return (cut.is_none()).then(Sent::default);
        }
        let planned_with = format!("{} {config:?}", self.is_mirrored);
        let may_sleep = self.writable
            && self.left.pages.is_none()
            && !self.is_mirrored
            && !self.always_looks
            && asleep::may_sleep(&config)
            && store.note::<String>(PLANNED_WITH).unwrap().as_ref() == Some(&planned_with);
        let (loaded, mut following) = if may_sleep {
            store.load_awake(&key).unwrap()
        } else {
            (store.load(&key).unwrap(), Following::new())
        };
        let Loaded { mut ledger, mut pace, previous_key, .. } = loaded;
        if ledger.away || ledger.clocks.back_for.is_some() {
            ledger = store.load(&key).unwrap().ledger;
            following.clear();
        }
        let sender = Stamp::sender(&self.key, &self.config.ilert.endpoint);
        if self.writable {
            ledger.recall(self.left.pages.as_ref(), &sender);
        } else {
            ledger.count_wall_time();
        }
        let asleep = following.keys();
        let followed = ledger.followed().map(|(alert, _)| alert).chain(asleep).cloned().collect();
        let mut seen = self.world.observe(self.read, &followed);
        if let Ok(seen) = &mut seen {
            let roused = asleep::part(seen, &following, &ledger, &config);
            self.slept += following.len() - roused.len();
            ledger.entries.append(&mut store.wake(&key, &roused).unwrap());
        }
        let read = seen.is_ok().then_some(self.world.shown_log().max(self.read.unwrap_or_default()));
        let (mut ledger, agent_now) = match seen {
            seen if self.is_mirrored => twins::reconciled(ledger, seen, &self.config, now),
            Ok(seen) => (reconcile(ledger, &seen, &self.config, now), seen.now),
            Err(reason) => (reconcile_away(ledger, &reason, &self.config, now), now / 1000),
        };
        let beside = asleep::beside_what_waits(&following, &ledger);
        ledger.entries.append(&mut store.wake(&key, &beside).unwrap());
        if cut == Some(Cut::BeforeRecord) {
            return None;
        }
        if !self.writable {
            let plan_input = self.plan_input(agent_now);
            lock.stamp(Stamp { sender, seen: plan_input.now, left: plan_input.recorded });
            let mut recorder = Recorder::without_state(&mut lock, &mut ledger, &plan_input);
            let sent = self.dispatch(&mut recorder, &mut ledger, &mut pace, agent_now);
            self.left.note(&mut lock);
            return sent;
        }
        let commit = Commit { observed: true, previous_key: previous_key.as_deref(), ..Commit::default() };
        store.commit(&key, &mut ledger, &commit).unwrap();
        self.read = read.or(self.read);
        self.untold += ledger.untold;
        if read.is_some() {
            self.left.seen();
        }
        if cut == Some(Cut::BeforeDispatch) {
            return None;
        }
        let sent = self.dispatch(
            &mut Recorder::new(&mut store, &key, &mut lock),
            &mut ledger,
            &mut pace,
            agent_now,
        )?;
        let whole = sent.stop.is_none() && sent.resting.is_empty() && sent.refused.is_empty();
        let found = found.filter(|_| read.is_some());
        let full = found.map(|found| FullLook::new(&found, &ledger, whole, last.as_ref()));
        let notes = [
            (quiet::NOTE, serde_json::to_string(&full).unwrap()),
            (PLANNED_WITH, serde_json::to_string(&planned_with).unwrap()),
        ];
        let commit = Commit { observed: true, notes: &notes, ..Commit::default() };
        store.commit(&key, &mut ledger, &commit).unwrap();
        self.left.recorded(&mut lock, read.is_some());
        Some(sent)
    }

    fn stands(last: Option<&FullLook>, found: Option<&Circumstances<'_>>, store: &Store) -> bool {
        let by_hand = store.silences().unwrap();
        last.zip(found).is_some_and(|(look, found)| look.stands(found, &by_hand))
    }

    fn plan_input(&self, agent_now: i64) -> PlanInput {
        PlanInput { notify: self.config.notification.notify, now: agent_now, recorded: self.now() }
    }

    fn lock(&self) -> Lock {
        Lock::wait(self.folder.path(), self.now()).unwrap()
    }

    fn fingerprint(&self, store: &mut Store) -> String {
        store.fingerprint(&self.key, &self.config.ilert.endpoint).unwrap()
    }

    /// Runs each minute for so long; says what ilert took.
    pub fn watch_for(&mut self, seconds: i64) -> Vec<String> {
        let end = self.world.now + seconds;
        let mut told = Vec::new();
        while self.world.now < end {
            self.wait((end - self.world.now).min(60));
            told.extend(self.run());
        }
        told
    }

    /// Sends what waits; `None` if it was killed.
    fn dispatch(
        &mut self,
        recorder: &mut Recorder<'_>,
        ledger: &mut Ledger,
        pace: &mut Pace,
        agent_now: i64,
    ) -> Option<Sent> {
        let (now, plan_input) = (self.now(), self.plan_input(agent_now));
        let renderer = Renderer::new(&self.config, "v2.11.0");
        let runtime = &self.runtime;
        let started = Rc::new(Cell::new(None));
        let ilert = &self.ilert;
        let clock = move || {
            // Only what tokio's clock has passed within this run is added.
            let begun: Instant = started.get().unwrap_or_else(Instant::now);
            started.set(Some(begun));
            let time = now + i64::try_from(begun.elapsed().as_millis()).unwrap();
            ilert.now.set(time);
            time
        };
        let (sent, took) = runtime.block_on(async {
            let begun = Instant::now();
            let dispatch = Dispatch {
                recorder,
                ledger,
                pace,
                per_minute: self.config.delivery.events_per_minute,
                plan_input,
                renderer: &renderer,
                transport: &self.ilert,
                clock: &clock,
                random: &|| self.random.borrow_mut().u64(..),
                deadline: Instant::now() + Duration::from_secs(50),
            };
            let sent = tokio::select! {
                biased;
                sent = dispatch.run() => Some(sent.unwrap()),
                () = self.ilert.killed.notified() => None,
            };
            (sent, begun.elapsed())
        });
        // What the run waited has passed for everyone.
        self.wait(i64::try_from(took.as_millis().div_ceil(1000)).unwrap());
        sent
    }

    /// Keys open in ilert, without what they have in common.
    pub fn open(&self) -> Vec<String> {
        self.ilert.open.borrow().keys().map(|key| key.trim_start_matches("netdata/").to_owned()).collect()
    }

    /// What ilert refused for good.
    pub fn failed(&self) -> Vec<RefusedEvent> {
        Store::open(self.folder.path()).unwrap().failed().unwrap().into_values().collect()
    }

    /// Every node that is recorded, or that a parent shows.
    pub fn nodes(&self) -> BTreeSet<NodeId> {
        let seen = self.world.observe(None, &BTreeSet::new()).into_iter();
        let shown: Vec<Observation> =
            if self.is_mirrored { seen.flat_map(twins::shown).collect() } else { seen.collect() };
        let shown = shown.iter().flat_map(|seen| &seen.nodes).map(|node| (*node.id).clone());
        self.ledger().nodes.into_keys().chain(shown).collect()
    }

    /// The ledger as the store has it.
    pub fn ledger(&self) -> Ledger {
        let mut store = Store::open(self.folder.path()).unwrap();
        let key = self.fingerprint(&mut store);
        store.load(&key).unwrap().ledger
    }
}

fn short(kind: EventType, key: &str) -> String {
    let kind = match kind {
        EventType::Alert => "ALERT",
        EventType::Resolve => "RESOLVE",
        EventType::Comment => "COMMENT",
    };
    format!("{kind} {}", key.rsplit('/').next().unwrap())
}
