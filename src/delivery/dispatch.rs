//! The outbox, sent: strict order within an alert, most urgent alerts first, never faster than the pace.
//!
//! It goes in rounds. A round is reserved and marked in the store before its first byte is sent, so that a
//! run killed anywhere leaves the next one knowing what may have reached ilert. The first round is a single
//! event: an endpoint that is away, or a key that is wrong, is learnt at the price of one request.

mod flight;
mod queue;

use std::cell::Cell;
use std::collections::BTreeSet;
use std::future::Future;
use std::time::Duration;

use futures_util::stream::{self, StreamExt};
use tokio::time::{Instant, sleep, timeout_at};

use super::entry::{Key, Standing};
use super::ledger::Ledger;
use super::pace::{Allowance, LONGEST_ROUND, Pace};
use super::plan::Terms;
use super::store::{Commit, Store, StoreError};
use crate::alert::Level;
use crate::http::Failure;
use crate::ilert::client::{Delay, Verdict};
use crate::ilert::{Client, Event};
use crate::payload::{Action, Renderer, Tier};
use flight::Flight;
use queue::{Place, place};
pub use queue::{in_order, name};

/// Requests under way at once.
const CONNECTIONS: usize = 8;
/// Events of a round at most: what a killed run may send twice.
const ROUND: usize = 256;
/// The longest wait for the pace within a run; what needs longer is left to the next one.
const PATIENCE: Duration = Duration::from_secs(5);
/// Pauses before the further tries at an endpoint that fails, in seconds.
const BACK_OFF: [f64; 2] = [1.0, 3.0];

/// What carries an event to ilert.
pub trait Wire {
    /// Sends one event and says what became of it.
    fn send(&self, event: &Event) -> impl Future<Output = Verdict>;
}

impl Wire for Client {
    fn send(&self, event: &Event) -> impl Future<Output = Verdict> {
        Client::send(self, event)
    }
}

/// Why sending ended before the outbox was empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stop {
    /// The pace is used up.
    Pace,
    /// A 429 stops the key for so much longer.
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
    /// Templates that fail, in words.
    pub templates: BTreeSet<String>,
    /// Why it ended, if not because all was sent.
    pub stop: Option<Stop>,
}

/// All that sending needs.
pub struct Dispatch<'a, W> {
    /// Where it is recorded.
    pub store: &'a mut Store,
    /// Fingerprint of the key.
    pub key: &'a str,
    /// What was told, and what waits.
    pub ledger: &'a mut Ledger,
    /// The key's pace.
    pub pace: &'a mut Pace,
    /// `delivery.events_per_minute`.
    pub per_minute: u32,
    /// What refused events are planned anew by.
    pub terms: Terms,
    /// Makes events of notices.
    pub renderer: &'a Renderer,
    /// Carries them.
    pub wire: &'a W,
    /// This machine's clock, milliseconds since the epoch.
    pub clock: &'a dyn Fn() -> i64,
    /// When the run ends.
    pub deadline: Instant,
}

impl<W: Wire> Dispatch<'_, W> {
    /// Sends what waits. Everything that it learns is in the store when it returns.
    pub async fn run(mut self) -> Result<Sent, StoreError> {
        let mut sent = Sent::default();
        let mut queue: BTreeSet<Place> = self
            .ledger
            .entries
            .iter()
            .filter_map(|(subject, entry)| place(subject, &entry.waiting))
            .collect();
        let mut failures = 0;
        let mut width = 1;
        while let Some(&(class, ..)) = queue.first() {
            let room = match self.room() {
                Ok(room) => room,
                Err(Pause::Wait(pause)) => {
                    sleep(pause).await;
                    continue;
                }
                Err(Pause::Stop(stop)) => {
                    sent.stop = Some(stop);
                    break;
                }
            };
            let round: Vec<Place> =
                queue.iter().take_while(|place| place.0 == class).take(room.min(width)).cloned().collect();
            let flights = self.take_off(&round)?;
            let (landed, outcome) = self.fly(flights, &mut sent).await;
            for place in &round {
                queue.remove(place);
                if let Some(entry) = self.ledger.entries.get(&place.2) {
                    queue.extend(queue::place(&place.2, &entry.waiting));
                }
            }
            self.pace.settle(landed, (self.clock)());
            self.store.commit(
                self.key,
                self.ledger,
                &Commit { pace: Some(self.pace), ..Commit::default() },
            )?;
            width = ROUND;
            match outcome {
                Outcome::Fine => {}
                Outcome::Stop(stop) => {
                    sent.stop = Some(stop);
                    break;
                }
                Outcome::Failed(reason) => {
                    let Some(pause) = BACK_OFF.get(failures).map(|pause| jitter(*pause)) else {
                        sent.stop = Some(Stop::Endpoint(reason));
                        break;
                    };
                    tracing::info!("{reason}; trying again in {:.1} s", pause.as_secs_f64());
                    failures += 1;
                    width = 1;
                    sleep(pause).await;
                }
            }
        }
        Ok(sent)
    }

    /// How many requests may start now.
    fn room(&self) -> Result<usize, Pause> {
        let now = (self.clock)();
        let left = self.deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(Pause::Stop(Stop::Deadline));
        }
        if let Some(held) = self.pace.held(now) {
            return Err(Pause::Stop(Stop::Limited(held)));
        }
        match self.pace.allowance(self.per_minute, now) {
            Allowance::Now(room) => Ok(room),
            Allowance::In(wait) if wait <= PATIENCE.min(left) => Err(Pause::Wait(wait)),
            Allowance::In(_) => Err(Pause::Stop(Stop::Pace)),
        }
    }

    /// Marks a round as on the wire and reserves its requests, durably.
    fn take_off(&mut self, round: &[Place]) -> Result<Vec<Flight>, StoreError> {
        let mut flights = Vec::with_capacity(round.len());
        for (_, _, subject) in round {
            if let Some(flight) =
                self.ledger.entries.get_mut(subject).and_then(|entry| Flight::take_off(subject, entry))
            {
                self.ledger.changes.entries.insert(subject.clone());
                flights.push(flight);
            }
        }
        let now = (self.clock)();
        let left = self.deadline.saturating_duration_since(Instant::now()).as_millis();
        let left = i64::try_from(left).unwrap_or(LONGEST_ROUND).min(LONGEST_ROUND);
        self.pace.reserve(u32::try_from(flights.len()).unwrap_or(u32::MAX), now, now + left);
        self.store.commit(self.key, self.ledger, &Commit { pace: Some(self.pace), ..Commit::default() })?;
        Ok(flights)
    }

    /// Sends a round, and takes in each answer. Once one says that there is no point, no further one starts.
    async fn fly(&mut self, flights: Vec<Flight>, sent: &mut Sent) -> (u32, Outcome) {
        let hopeless = Cell::new(false);
        let (renderer, wire, deadline) = (self.renderer, self.wire, self.deadline);
        let answers: Vec<(Flight, Option<Answer>)> = stream::iter(flights)
            .map(|flight| {
                let hopeless = &hopeless;
                async move {
                    if hopeless.get() {
                        return (flight, None);
                    }
                    let (event, problem) = render(renderer, &flight);
                    let verdict = timeout_at(deadline, wire.send(&event)).await;
                    let verdict = verdict.unwrap_or(Verdict::Later(Delay::NoAnswer(Failure::Timeout)));
                    if !matches!(verdict, Verdict::Accepted { .. } | Verdict::Refused { .. }) {
                        hopeless.set(true);
                    }
                    (flight, Some(Answer { verdict, problem }))
                }
            })
            .buffer_unordered(CONNECTIONS)
            .collect()
            .await;
        let mut outcome = Outcome::Fine;
        let mut landed = 0;
        for (flight, answer) in answers {
            let Some(answer) = answer else {
                self.take_back(&flight);
                continue;
            };
            landed += 1;
            sent.templates.extend(answer.problem);
            outcome = outcome.worse(self.land(&flight, answer.verdict, sent));
        }
        (landed, outcome)
    }

    /// Takes in one answer.
    fn land(&mut self, flight: &Flight, verdict: Verdict, sent: &mut Sent) -> Outcome {
        let words = verdict.to_string();
        tracing::debug!("{} → {words}", name(&flight.notice));
        match verdict {
            Verdict::Accepted { .. } => {
                sent.accepted += 1;
                self.pace.accepted();
                self.accepted(flight);
                Outcome::Fine
            }
            Verdict::Refused { status, message } => {
                self.refused(flight, status, &message, sent);
                Outcome::Fine
            }
            Verdict::KeyWrong { .. } => {
                self.take_back(flight);
                Outcome::Stop(Stop::KeyWrong(words))
            }
            Verdict::Later(Delay::Limited) => {
                self.take_back(flight);
                let now = (self.clock)();
                if self.pace.held(now).is_none() {
                    self.pace.limited(now);
                }
                Outcome::Stop(Stop::Limited(self.pace.held(now).unwrap_or_default()))
            }
            Verdict::Later(Delay::Unsent(_)) => {
                self.take_back(flight);
                Outcome::Failed(words)
            }
            // It may have got there: it stays marked, and is sent again before anything after it.
            Verdict::Later(_) => Outcome::Failed(words),
        }
    }

    fn accepted(&mut self, flight: &Flight) {
        let Some(entry) = self.ledger.entries.get_mut(&flight.subject) else { return };
        entry.waiting.remove(0);
        let lowered = entry.standing == Some(Standing::Raised(Level::Warning));
        let key = entry.keys.get_mut(flight.notice.tier);
        match flight.notice.action {
            Action::Alert { .. } => {
                key.refused = false;
                key.commented = false;
                key.lowered = lowered && flight.notice.tier == Tier::Critical;
                entry.peak = None;
                entry.times = 0;
            }
            Action::Resolve(_) => *key = Key::default(),
            Action::Comment => key.commented = true,
        }
        if entry.is_over() {
            self.ledger.entries.remove(&flight.subject);
        }
        self.ledger.changes.entries.insert(flight.subject.clone());
    }

    /// An ALERT is sent once more with the built-in minimal payload; refused again, it fails. Others go on.
    fn refused(&mut self, flight: &Flight, status: u16, message: &str, sent: &mut Sent) {
        self.take_back(flight);
        let Some(entry) = self.ledger.entries.get_mut(&flight.subject) else { return };
        let is_alert = matches!(flight.notice.action, Action::Alert { .. });
        if is_alert && !flight.minimal {
            if let Some(waiting) = entry.waiting.first_mut() {
                waiting.minimal = true;
            }
            return;
        }
        let failed = entry.waiting.remove(0);
        let key = entry.keys.get_mut(flight.notice.tier);
        match flight.notice.action {
            Action::Alert { .. } => key.refused = true,
            Action::Resolve(_) => key.stuck = true,
            Action::Comment => key.commented = true,
        }
        if is_alert {
            entry.peak = None;
            entry.times = 0;
        }
        entry.plan(&flight.subject, &self.terms);
        if entry.is_over() {
            self.ledger.entries.remove(&flight.subject);
        }
        sent.refused.push(format!("{}: ilert refused it (HTTP {status}): {message}", name(&failed.notice)));
        self.ledger.failed.push(((self.clock)(), status, message.to_owned(), failed.notice));
    }

    fn take_back(&mut self, flight: &Flight) {
        if let Some(entry) = self.ledger.entries.get_mut(&flight.subject) {
            flight.take_back(entry);
            self.ledger.changes.entries.insert(flight.subject.clone());
        }
    }
}

/// What came of a request, and what is wrong with the template behind it.
struct Answer {
    verdict: Verdict,
    problem: Option<String>,
}

fn render(renderer: &Renderer, flight: &Flight) -> (Event, Option<String>) {
    if flight.minimal {
        return (renderer.minimal(&flight.notice), None);
    }
    let made = renderer.event(&flight.notice);
    (made.event, made.problem.map(|problem| problem.to_string()))
}

enum Pause {
    Wait(Duration),
    Stop(Stop),
}

enum Outcome {
    Fine,
    Failed(String),
    Stop(Stop),
}

impl Outcome {
    /// A stop beats a failure, and a wrong key beats a limit.
    fn worse(self, other: Self) -> Self {
        match (&self, &other) {
            (_, Self::Fine) | (Self::Stop(Stop::KeyWrong(_)), _) => self,
            (Self::Stop(_), Self::Stop(Stop::KeyWrong(_))) => other,
            (Self::Stop(_), _) => self,
            (_, _) => other,
        }
    }
}

fn jitter(seconds: f64) -> Duration {
    Duration::from_secs_f64(seconds * (0.8 + 0.4 * fastrand::f64()))
}
