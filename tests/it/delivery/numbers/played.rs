//! Trouble, played on a virtual clock with a run each minute: what the model of ilert was told, and when.

use std::collections::BTreeSet;

use netdata_ilert::alert::Status::{Clear, Critical};
use netdata_ilert::ilert::event::EventType;
use netdata_ilert::payload::{KeyKind, Subject, alert_key};

use super::trouble::{Trouble, unrelated};
use crate::delivery::scene::{CONFIG, Scene};

/// No trouble takes longer than this to be told (minutes).
const PATIENCE: usize = 24 * 60;
/// Longer than raises are counted (seconds).
const LONG: i64 = 31 * 60;

/// How trouble is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Telling {
    /// With storms and flapping, as they are configured by default.
    Gathered,
    /// With both switched off: an alert for each raise.
    Singly,
}

/// An event that ilert took.
pub struct Taken {
    pub event_type: EventType,
    pub key: String,
    /// Milliseconds.
    pub at: i64,
    is_high: bool,
    /// Its key was open already: a line in the log.
    was_open: bool,
}

pub struct Played {
    pub trouble: Trouble,
    pub telling: Telling,
    /// What ilert took before the trouble, and from its start on.
    pub before: Vec<Taken>,
    pub events: Vec<Taken>,
    /// When it began, when the unrelated alert was raised, and when all was well (milliseconds).
    pub start: i64,
    pub middle: i64,
    pub end: i64,
    /// Keys that are open at last.
    pub open: Vec<String>,
}

/// Plays a trouble at the default pace.
pub fn play(trouble: Trouble, telling: Telling) -> Played {
    let mut config = CONFIG.replace("events_per_minute = 1000\n", "");
    if telling == Telling::Gathered {
        config = config.replace("storm_after = 0\nflap_after = 0\n", "");
    }
    let hosts = trouble.hosts();
    let mut scene = Scene::with(&hosts.iter().map(String::as_str).collect::<Vec<_>>(), &config);
    scene.run();
    (trouble.before)(&trouble, &mut scene.world);
    scene.run();
    scene.wait(LONG);
    scene.run();
    let before = scene.ilert.taken.borrow().len();
    let (start, mut middle) = (scene.now(), 0);
    for minute in 0..trouble.lasts {
        until(&mut scene, start, minute);
        (trouble.happens)(&trouble, &mut scene.world, minute);
        if minute == trouble.lasts / 2 {
            middle = scene.now();
            scene.world.set(&unrelated(), Critical);
        }
        scene.run();
    }
    until(&mut scene, start, trouble.lasts);
    (trouble.ends)(&trouble, &mut scene.world);
    scene.world.set(&unrelated(), Clear);
    let end = scene.now();
    until_calm(&mut scene);
    let mut told = taken(&scene);
    let events = told.split_off(before);
    Played { trouble, telling, before: told, events, start, middle, end, open: scene.open() }
}

/// Waits until this minute has come.
fn until(scene: &mut Scene, start: i64, minute: usize) {
    let at = start / 1000 + i64::try_from(minute).unwrap() * 60;
    scene.world.now = scene.world.now.max(at);
}

/// Runs until nothing is open or waits, and longer.
fn until_calm(scene: &mut Scene) {
    let start = scene.now();
    for minute in 0..PATIENCE {
        until(scene, start, minute);
        let told = scene.run();
        let is_calm = || scene.ledger().entries.values().all(|entry| entry.waiting.is_empty());
        if told.is_empty() && scene.open().is_empty() && is_calm() {
            scene.wait(LONG);
            scene.run();
            return;
        }
    }
    panic!("it never ends");
}

fn taken(scene: &Scene) -> Vec<Taken> {
    let mut open = BTreeSet::new();
    let (taken, arrivals) = (scene.ilert.taken.borrow(), scene.ilert.arrivals.borrow());
    assert_eq!(taken.len(), arrivals.len());
    let events = taken.iter().zip(arrivals.iter()).map(|((event_type, key, priority), at)| Taken {
        event_type: *event_type,
        key: key.clone(),
        at: *at,
        is_high: *priority == Some("HIGH"),
        was_open: match event_type {
            EventType::Alert => !open.insert(key.clone()),
            EventType::Resolve => open.remove(key),
            EventType::Comment => open.contains(key),
        },
    });
    events.collect()
}

impl Taken {
    pub fn is_alert(&self) -> bool {
        self.event_type == EventType::Alert
    }

    /// Whether it calls a person.
    pub fn pages(&self) -> bool {
        self.is_alert() && self.is_high && !self.was_open
    }

    pub fn is_of_storm(&self) -> bool {
        self.key.contains("/storm/")
    }

    pub fn is_unrelated(&self) -> bool {
        self.key == alert_key(&Subject::Alert(unrelated()), KeyKind::Critical)
    }
}

impl Played {
    pub fn alerts(&self) -> impl DoubleEndedIterator<Item = &Taken> {
        self.events.iter().filter(|event| event.is_alert())
    }

    pub fn pages(&self) -> usize {
        self.events.iter().filter(|event| event.pages()).count()
    }

    /// Milliseconds from the start until the last ALERT of it, or comment that more is raised.
    pub fn all_told(&self) -> Option<i64> {
        let is_more = |event: &Taken| event.event_type == EventType::Comment && event.at < self.end;
        let is_news = |event: &&Taken| (event.is_alert() || is_more(event)) && !event.is_unrelated();
        self.events.iter().rfind(is_news).map(|event| event.at - self.start)
    }

    /// Milliseconds from its end until the last event.
    pub fn quiet(&self) -> i64 {
        self.events.last().map_or(0, |event| (event.at - self.end).max(0))
    }

    /// Milliseconds that the unrelated alert waited.
    pub fn delay(&self) -> i64 {
        self.alerts().find(|event| event.is_unrelated()).unwrap().at - self.middle
    }
}
