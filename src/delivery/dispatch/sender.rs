//! What sending needs, and what it reports.

use std::collections::BTreeSet;
use std::future::Future;
use std::time::Duration;

use tokio::time::Instant;

use crate::delivery::ledger::Ledger;
use crate::delivery::pace::Pace;
use crate::delivery::plan::PlanInput;
use crate::delivery::recorder::Recorder;
use crate::ilert::client::Verdict;
use crate::ilert::{Event, EventClient};
use crate::payload::Renderer;

/// What carries an event to ilert.
pub trait Transport {
    /// Sends one event and says what became of it.
    fn send(&self, event: &Event) -> impl Future<Output = Verdict>;
}

impl Transport for EventClient {
    fn send(&self, event: &Event) -> impl Future<Output = Verdict> {
        EventClient::send(self, event)
    }
}

/// Why sending ended before the outbox was empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stop {
    /// The pace is used up.
    Pace,
    /// A 429 stops the key for this long.
    Limited(Duration),
    /// ilert does not know the key.
    KeyWrong(String),
    /// ilert could not be reached or answered that it cannot.
    Endpoint(String),
    /// The run has no time left.
    Deadline,
}

/// What came of sending.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sent {
    /// Events accepted.
    pub accepted: usize,
    /// Events refused for good, in words.
    pub refused: Vec<String>,
    /// Events that rest, in words: ilert took others, not these.
    pub resting: Vec<String>,
    /// Templates that fail, in words.
    pub templates: BTreeSet<String>,
    /// Why it stopped early; `None` if all was sent.
    pub stop: Option<Stop>,
}

/// All that sending needs.
pub struct Dispatch<'a, 'j, W> {
    /// Where it is recorded.
    pub recorder: &'a mut Recorder<'j>,
    /// What was told, and what waits.
    pub ledger: &'a mut Ledger,
    /// The key's pace.
    pub pace: &'a mut Pace,
    /// `delivery.events_per_minute`.
    pub per_minute: u32,
    /// For planning anew after a refusal.
    pub plan_input: PlanInput,
    /// Renders notices as events.
    pub renderer: &'a Renderer,
    /// Sends the events.
    pub transport: &'a W,
    /// This machine's clock, milliseconds since the epoch.
    pub clock: &'a dyn Fn() -> i64,
    /// Random numbers.
    pub random: &'a dyn Fn() -> u64,
    /// When the run ends.
    pub deadline: Instant,
}
