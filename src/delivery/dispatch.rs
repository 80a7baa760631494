//! The outbox, sent: strict order within an alert, most urgent alerts first, never faster than the pace.
//!
//! It goes in rounds. A round is reserved and marked in the state before its first byte is sent, so that a
//! run killed anywhere leaves the next one knowing what may have reached ilert. The first round is a single
//! event: an endpoint that is away, or a key that is wrong, is learnt at the price of one request.
//!
//! An event never holds up another alert's. After a failure the next try takes another alert's event: if that one is
//! accepted the first is at fault, and rests; if it fails as well, the endpoint or the key is.
//!
//! - `sender`: what sending needs, and what it reports;
//! - `queue`: the order of the outbox;
//! - `sending`: one event on its way, marked before and unmarked if it did not get there;
//! - `complete`: applies the answers of a round: accepted, refused, or tried again;
//! - `suspects`: finds out what is at fault after a failure; an event that was so ten times has failed.

mod complete;
mod queue;
mod sender;
mod sending;
mod suspects;

use std::cell::Cell;
use std::collections::BTreeSet;
use std::time::Duration;

use futures_util::stream::{self, StreamExt};
use tokio::time::{Instant, sleep, timeout_at};

use super::ledger::Ledger;
use super::pace::Allowance;
use super::store::{Commit, StoreError};
use crate::http::Failure;
use crate::ilert::Event;
use crate::ilert::client::{RetryReason, Verdict};
use crate::payload::{Renderer, Subject};
use complete::{Completed, Next};
pub use queue::in_order;
use queue::{QueuePosition, position};
pub use sender::{Dispatch, Sent, Stop, Transport};
use sending::Sending;
use suspects::Suspects;

/// Requests under way at once.
const CONNECTIONS: usize = 8;
/// Events of a round at most: what a killed run may send twice.
const ROUND: usize = 256;
/// The last request of a round starts within this time. A killed run's reservation counts as long.
const ROUND_TIME: Duration = Duration::from_secs(10);
/// The longest wait for the pace within a run; what needs longer is left to the next one.
const PATIENCE: Duration = Duration::from_secs(5);
/// [`KEPT`] of this many requests are kept for pages.
const OF: u32 = 45;
const KEPT: u32 = 5;

/// What a run would leave now, and why: what rests, or all while a 429 holds the key (`held`). `now` is this machine's
/// clock, milliseconds.
pub(super) fn left_waiting(ledger: &Ledger, held: Option<Duration>, now: i64) -> Sent {
    let stop = held.filter(|_| ledger.has_waiting()).map(Stop::Limited);
    let resting = if stop.is_some() { Vec::new() } else { suspects::resting(ledger, now) };
    Sent { resting, stop, ..Sent::default() }
}

impl<W: Transport> Dispatch<'_, '_, W> {
    /// Sends what waits. Everything that it learns is recorded when it returns.
    pub async fn run(mut self) -> Result<Sent, StoreError> {
        let mut sent = Sent::default();
        if !self.recorder.is_durable() {
            self.keep_pages();
        }
        let mut line = self.line();
        let mut suspects = Suspects::of(self.ledger);
        let mut width = 1;
        let mut started_without_state = 0;
        while let Some(first) = suspects.first_of(&line).cloned() {
            let room = match self.room(&first, started_without_state) {
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
            let alike = line.range(first.clone()..).take_while(|position| position.urgency == first.urgency);
            let round: Vec<QueuePosition> = alike
                .filter(|position| !suspects.has(&position.subject))
                .take(room.min(width))
                .cloned()
                .collect();
            let round = if round.is_empty() { vec![first] } else { round };
            let is_durable = self.recorder.is_durable();
            started_without_state += if is_durable { 0 } else { round.len() };
            let completed = self.send_round(&round, &mut sent).await?;
            let had_suspects = suspects.any();
            let next = self.complete(completed, &mut suspects, &mut sent);
            if had_suspects {
                // Some events may rest from now on; others may be due again.
                line = self.line();
            } else {
                for position in &round {
                    line.remove(position);
                    line.extend(self.position(&position.subject));
                }
            }
            self.record()?;
            if is_durable && !self.recorder.is_durable() {
                self.keep_pages();
                line = self.line();
            }
            width = ROUND;
            match next {
                Next::On => {}
                Next::Stop(stop) => {
                    sent.stop = Some(stop);
                    break;
                }
                Next::Another(pause) => {
                    width = 1;
                    sleep(pause).await;
                }
            }
        }
        sent.resting = suspects::resting(self.ledger, (self.clock)());
        Ok(sent)
    }

    /// Without the state, only pages that stand are sent, each of them singly.
    fn keep_pages(&mut self) {
        self.ledger.tell_singly(&self.plan_input);
        self.ledger.keep_pages(|_| true);
    }

    /// All that may be sent now, in order.
    fn line(&self) -> BTreeSet<QueuePosition> {
        self.ledger.entries.keys().filter_map(|subject| self.position(subject)).collect()
    }

    /// Where a subject stands in line; nowhere while its first event rests.
    fn position(&self, subject: &Subject) -> Option<QueuePosition> {
        let waiting = &self.ledger.entries.get(subject)?.waiting;
        waiting.first().filter(|first| !first.rests((self.clock)()))?;
        let position = position(subject, waiting)?;
        // Without the state no run knows what the last one sent. A random order gives each alert its turn.
        let since = if self.recorder.is_durable() { position.since } else { (self.random)().cast_signed() };
        Some(QueuePosition { since, ..position })
    }

    /// How many requests may start now for what is first in line.
    fn room(&self, first: &QueuePosition, started_without_state: usize) -> Result<usize, Pause> {
        let now = (self.clock)();
        let left = self.deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(Pause::Stop(Stop::Deadline));
        }
        if let Some(held) = self.pace.held(now) {
            return Err(Pause::Stop(Stop::Limited(held)));
        }
        let kept = self.per_minute.saturating_mul(KEPT) / OF;
        let most = if first.urgency.is_page() { self.per_minute } else { self.per_minute - kept };
        let room = match self.pace.allowance(most, now) {
            Allowance::Now(room) => room,
            Allowance::In(wait) if wait <= PATIENCE.min(left) => return Err(Pause::Wait(wait)),
            Allowance::In(_) => return Err(Pause::Stop(Stop::Pace)),
        };
        if self.recorder.is_durable() {
            return Ok(room);
        }
        // The next run will not know of these requests. With a run every 15 s, a quarter of the pace keeps the limit.
        let quarter = usize::try_from((self.per_minute / 4).max(1)).unwrap_or(usize::MAX);
        match quarter.saturating_sub(started_without_state) {
            0 => Err(Pause::Stop(Stop::Pace)),
            left => Ok(room.min(left)),
        }
    }

    /// Marks a round as on the wire, reserves its requests durably, and sends it.
    async fn send_round(
        &mut self,
        round: &[QueuePosition],
        sent: &mut Sent,
    ) -> Result<Vec<Completed>, StoreError> {
        let was_durable = self.recorder.is_durable();
        let mut sendings = Vec::with_capacity(round.len());
        for QueuePosition { subject, .. } in round {
            if let Some(sending) =
                self.ledger.entries.get_mut(subject).and_then(|entry| Sending::begin(subject, entry))
            {
                self.ledger.changes.entries.insert(subject.clone());
                sendings.push(sending);
            }
        }
        let now = (self.clock)();
        let left = self.deadline.saturating_duration_since(Instant::now());
        let round_time = ROUND_TIME.min(left);
        // The last request starts within the round's time and ends by its own time-out, or by the deadline.
        let until = now + super::clocks::millis((round_time + crate::http::REQUEST_TIMEOUT).min(left));
        self.pace.reserve(u32::try_from(sendings.len()).unwrap_or(u32::MAX), now, until);
        self.record()?;
        if was_durable
            && !self.recorder.is_durable()
            && !round.iter().all(|position| position.urgency.needs_no_record())
        {
            // The round could not be recorded and is not all pages: undo it.
            for sending in &sendings {
                self.take_back(sending);
            }
            self.pace.complete(0, (self.clock)());
            return Ok(Vec::new());
        }
        let completed = self.send_all(sendings, Instant::now() + round_time, sent).await;
        let made = completed.iter().filter(|one| one.verdict.is_some()).count();
        self.pace.complete(u32::try_from(made).unwrap_or(u32::MAX), (self.clock)());
        Ok(completed)
    }

    /// Sends a round. Starts no more requests once one answer is neither accepted nor refused.
    async fn send_all(&self, sendings: Vec<Sending>, last_start: Instant, sent: &mut Sent) -> Vec<Completed> {
        let hopeless = Cell::new(false);
        let (renderer, transport, deadline) = (self.renderer, self.transport, self.deadline);
        let answers: Vec<(Completed, Option<String>)> = stream::iter(sendings)
            .map(|sending| {
                let hopeless = &hopeless;
                async move {
                    if hopeless.get() || Instant::now() > last_start {
                        return (Completed { sending, verdict: None }, None);
                    }
                    let (event, problem) = render(renderer, &sending);
                    let verdict = timeout_at(deadline, transport.send(&event)).await;
                    let verdict = verdict.unwrap_or(Verdict::Later(RetryReason::NoAnswer(Failure::Timeout)));
                    if !matches!(verdict, Verdict::Accepted { .. } | Verdict::Refused { .. }) {
                        hopeless.set(true);
                    }
                    (Completed { sending, verdict: Some(verdict) }, problem)
                }
            })
            .buffer_unordered(CONNECTIONS)
            .collect()
            .await;
        let (completed, problems): (Vec<_>, Vec<_>) = answers.into_iter().unzip();
        sent.templates.extend(problems.into_iter().flatten());
        completed
    }

    fn record(&mut self) -> Result<(), StoreError> {
        let commit = Commit { pace: Some(self.pace), ..Commit::default() };
        self.recorder.record(self.ledger, &commit)
    }
}

fn render(renderer: &Renderer, sending: &Sending) -> (Event, Option<String>) {
    if sending.minimal {
        return (renderer.minimal(&sending.notice), None);
    }
    let made = renderer.event(&sending.notice);
    (made.event, made.problem.map(|problem| problem.to_string()))
}

enum Pause {
    Wait(Duration),
    Stop(Stop),
}
