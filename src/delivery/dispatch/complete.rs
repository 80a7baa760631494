//! Completes a round: applies each answer, and decides how to go on.

use std::time::Duration;

use super::sender::{Dispatch, Sent, Stop, Transport};
use super::sending::Sending;
use super::suspects::{self, Conclusion, Suspects};
use crate::alert::Status;
use crate::delivery::entry::Entry;
use crate::delivery::key::{Since, Told};
use crate::delivery::ledger::RefusedEvent;
use crate::ilert::client::{RetryReason, Verdict};
use crate::payload::{Action, Subject};

/// The message for a refusal without a text.
const NO_REASON: &str = "it gave no reason";

/// An event that was being sent, and its verdict; `None` if it never started.
pub(super) struct Completed {
    pub(super) sending: Sending,
    pub(super) verdict: Option<Verdict>,
}

/// How long a limit (429) asks to wait, where it does.
fn retry_after(verdict: &Verdict) -> Option<Duration> {
    match verdict {
        Verdict::Later(RetryReason::Limited { retry_after }) => *retry_after,
        _ => None,
    }
}

/// How to go on after a round.
pub(super) enum Next {
    /// With what is next in line.
    On,
    /// With one event, another alert's if there is one, after a pause.
    Another(Duration),
    /// Not at all in this run.
    Stop(Stop),
}

impl<W: Transport> Dispatch<'_, '_, W> {
    /// Applies the answers of a round, and decides how to go on.
    pub(super) fn complete(
        &mut self,
        completed: Vec<Completed>,
        suspects: &mut Suspects,
        sent: &mut Sent,
    ) -> Next {
        let mut failed = Vec::new();
        let mut is_taken = false;
        for Completed { sending, verdict } in completed {
            let Some(verdict) = verdict else {
                self.take_back(&sending);
                continue;
            };
            tracing::debug!("{} → {verdict}", sending.notice.name());
            match verdict {
                Verdict::Accepted { .. } => {
                    is_taken = true;
                    sent.accepted += 1;
                    suspects.clear(&sending.subject);
                    self.pace.accepted();
                    self.accepted(&sending);
                }
                Verdict::Refused { status, message } => {
                    is_taken = true;
                    suspects.clear(&sending.subject);
                    self.refused(&sending, status, &message, sent);
                }
                failure => {
                    if !failure.maybe_processed() {
                        self.take_back(&sending);
                    }
                    failed.push((sending.subject, failure));
                }
            }
        }
        let now = (self.clock)();
        let mut over = Vec::new();
        if is_taken {
            over.extend(suspects.acquit(self.ledger, now));
        }
        let conclusion = if failed.is_empty() {
            Next::On
        } else if failed.iter().any(|(_, verdict)| suspects::is_limit(verdict)) {
            if self.pace.held(now).is_none() {
                self.pace.limited(now, failed.iter().filter_map(|(_, verdict)| retry_after(verdict)).max());
            }
            over.extend(suspects.failed(self.ledger, failed, now));
            Next::Stop(Stop::Limited(self.pace.held(now).unwrap_or_default()))
        } else {
            over.extend(suspects.failed(self.ledger, failed, now));
            let others = self.line().iter().any(|position| !suspects.has(&position.subject));
            match suspects.after_failure(others, (self.random)()) {
                Conclusion::Another(pause) => Next::Another(pause),
                Conclusion::Endpoint(words) => Next::Stop(Stop::Endpoint(words)),
                Conclusion::KeyWrong(words) => Next::Stop(Stop::KeyWrong(words)),
            }
        };
        for (subject, words) in over {
            self.give_up(&subject, 0, &words, sent);
        }
        conclusion
    }

    fn accepted(&mut self, sending: &Sending) {
        let Some(entry) = self.ledger.entries.get_mut(&sending.subject) else { return };
        entry.waiting.remove(0);
        if let (Some(state), Some(said)) = (&mut entry.storm, &sending.notice.storm) {
            state.said(said, self.plan_input.now);
        }
        let key = entry.keys.get_mut(sending.notice.kind);
        match sending.notice.action {
            Action::Alert(_) => {
                key.told = Told::Accepted;
                key.refused.alert = false;
                entry.told();
                entry.flapping.alerted(self.plan_input.now);
            }
            Action::Resolve(_) => *key = key.resolved(),
            Action::Comment => {
                if key.since == Since::Lowered {
                    key.since = Since::Commented;
                }
                entry.flapping.said |= sending.notice.facts.status == Status::Clear;
            }
        }
        self.forget_if_over(&sending.subject);
    }

    /// Sends the event once more with the built-in minimal payload. If ilert refuses that too, the event fails.
    fn refused(&mut self, sending: &Sending, status: u16, message: &str, sent: &mut Sent) {
        self.take_back(sending);
        let first = self.ledger.entries.get_mut(&sending.subject).and_then(|entry| entry.waiting.first_mut());
        match first {
            Some(waiting) if !waiting.minimal => waiting.minimal = true,
            _ => {
                let reason = if message.is_empty() { NO_REASON } else { message };
                self.give_up(&sending.subject, status, reason, sent);
            }
        }
    }

    /// Moves a subject's first event to the failed ones, and plans the rest without it.
    fn give_up(&mut self, subject: &Subject, status: u16, message: &str, sent: &mut Sent) {
        let now = (self.clock)();
        let Some(entry) = self.ledger.entries.get_mut(subject).filter(|entry| !entry.waiting.is_empty())
        else {
            return;
        };
        let failed = entry.waiting.remove(0).notice;
        entry.keys.get_mut(failed.kind).refused.set(&failed.action, true);
        if matches!(failed.action, Action::Alert(_)) {
            entry.told();
        }
        entry.plan(subject, &self.plan_input);
        self.forget_if_over(subject);
        let answer = if status == 0 { String::new() } else { format!(" (HTTP {status})") };
        sent.refused.push(format!("{}: ilert refused it{answer}: {message}", failed.name()));
        self.ledger.failed.push(RefusedEvent { at: now, status, reason: message.to_owned(), notice: failed });
    }

    fn forget_if_over(&mut self, subject: &Subject) {
        if self.ledger.entries.get(subject).is_some_and(|entry: &Entry| entry.is_over(self.plan_input.now)) {
            self.ledger.entries.remove(subject);
        }
        self.ledger.changes.entries.insert(subject.clone());
    }

    pub(super) fn take_back(&mut self, sending: &Sending) {
        if let Some(entry) = self.ledger.entries.get_mut(&sending.subject) {
            sending.take_back(entry);
            self.ledger.changes.entries.insert(sending.subject.clone());
        }
    }
}
