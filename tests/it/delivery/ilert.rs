//! A model of ilert: alerts open and close by key, and the answers can be made to fail.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, VecDeque};

use netdata_ilert::delivery::dispatch::Transport;
use netdata_ilert::http::Failure;
use netdata_ilert::ilert::Event;
use netdata_ilert::ilert::client::{RetryReason, Verdict};
use netdata_ilert::ilert::event::EventType;
use tokio::sync::Notify;

/// What happens to one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Nobody listens: ilert never sees it.
    Unsent,
    /// 503 before it was looked at.
    Unavailable,
    /// The event is taken, but the answer is lost.
    AnswerLost,
    /// 429.
    Limited,
    /// 400.
    Invalid,
    /// 403.
    KeyWrong,
    /// A portal answers in ilert's place.
    Stranger,
    /// The connection is reset before the event was looked at.
    Reset,
    /// The run is killed before ilert sees the event.
    KilledBefore,
    /// The run is killed after ilert took the event.
    KilledAfter,
}

#[derive(Default)]
pub struct Ilert {
    /// Faults for the next requests; without one an event is accepted.
    pub faults: RefCell<VecDeque<Option<Fault>>>,
    /// A standing fault.
    pub always: Cell<Option<Fault>>,
    /// Every event that ilert took: its type and key, in order.
    pub taken: RefCell<Vec<(EventType, String, Option<&'static str>)>>,
    /// When requests arrived (milliseconds), whatever came of them.
    pub arrivals: RefCell<Vec<i64>>,
    /// What arrived, whatever came of it.
    pub attempts: RefCell<Vec<(EventType, String)>>,
    /// Keys that are open, and how many events each took.
    pub open: RefCell<BTreeMap<String, usize>>,
    /// Events of which the type and key hold this meet this fault, each time.
    jinxes: RefCell<Vec<(String, Fault)>>,
    /// Events with labels are refused.
    refuses_labels: Cell<bool>,
    /// What was said in each event that was taken.
    pub summaries: RefCell<Vec<String>>,
    /// The clock, milliseconds.
    pub now: Cell<i64>,
    /// The run is to be killed.
    pub killed: Notify,
}

impl Ilert {
    /// Every event whose type and key hold this meets this fault from now on.
    pub fn jinx(&self, part: &str, fault: Fault) {
        self.jinxes.borrow_mut().push((part.to_lowercase(), fault));
    }

    pub fn unjinx(&self) {
        self.jinxes.borrow_mut().clear();
    }

    /// Refuses with 400 whatever carries labels from now on.
    pub fn refuse_labels(&self) {
        self.refuses_labels.set(true);
    }

    /// How many requests came whose key holds this.
    pub fn attempts_of(&self, part: &str) -> usize {
        self.attempts.borrow().iter().filter(|(_, key)| key.contains(part)).count()
    }

    /// How many events that page were taken.
    pub fn pages(&self) -> usize {
        self.taken.borrow().iter().filter(|(_, _, priority)| *priority == Some("HIGH")).count()
    }

    fn fault_of(&self, event: &Event) -> Option<Fault> {
        let name = format!("{:?} {}", event.event_type, event.alert_key).to_lowercase();
        let jinxes = self.jinxes.borrow();
        let jinx = jinxes.iter().find(|(part, _)| name.contains(part)).map(|(_, fault)| *fault);
        let refused = self.refuses_labels.get() && !event.labels.is_empty();
        jinx.or(refused.then_some(Fault::Invalid))
    }

    fn take(&self, event: &Event) {
        let key = event.alert_key.trim().to_lowercase();
        self.summaries.borrow_mut().push(event.summary.clone());
        self.taken.borrow_mut().push((event.event_type, key.clone(), event.priority));
        match event.event_type {
            EventType::Alert => *self.open.borrow_mut().entry(key).or_default() += 1,
            EventType::Resolve => {
                self.open.borrow_mut().remove(&key);
            }
            EventType::Comment => {}
        }
    }
}

impl Transport for Ilert {
    async fn send(&self, event: &Event) -> Verdict {
        let fault = self.faults.borrow_mut().pop_front().unwrap_or(self.always.get());
        let fault = fault.or_else(|| self.fault_of(event));
        if fault != Some(Fault::Unsent) && fault != Some(Fault::KilledBefore) {
            self.arrivals.borrow_mut().push(self.now.get());
            self.attempts.borrow_mut().push((event.event_type, event.alert_key.to_lowercase()));
        }
        match fault {
            None => {
                self.take(event);
                Verdict::Accepted { status: 202, correlation: None }
            }
            Some(Fault::Unsent) => Verdict::Later(RetryReason::Unsent(Failure::Refused)),
            Some(Fault::Unavailable) => {
                Verdict::Later(RetryReason::Answered { status: 503, message: "unavailable".into() })
            }
            Some(Fault::AnswerLost) => {
                self.take(event);
                Verdict::Later(RetryReason::NoAnswer(Failure::Closed))
            }
            Some(Fault::Stranger) => Verdict::Later(RetryReason::Stranger {
                status: 200,
                what: netdata_ilert::http::Stranger::Page,
            }),
            Some(Fault::Reset) => Verdict::Later(RetryReason::NoAnswer(Failure::Closed)),
            Some(Fault::Limited) => Verdict::Later(RetryReason::Limited { retry_after: None }),
            Some(Fault::Invalid) => Verdict::Refused { status: 400, message: "invalid".into() },
            Some(Fault::KeyWrong) => Verdict::KeyWrong { status: 403, message: "no such key".into() },
            Some(fault @ (Fault::KilledBefore | Fault::KilledAfter)) => {
                if fault == Fault::KilledAfter {
                    self.take(event);
                }
                self.killed.notify_one();
                std::future::pending().await
            }
        }
    }
}
