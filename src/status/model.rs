//! What `--status` shows, as values; [`listed`] is what its lists hold.

mod listed;

use std::collections::BTreeSet;
use std::time::Duration;

use serde::Serialize;

use super::silence::{self, ShownSilence};
use crate::config::{Config, DeliveredBy, Delivery, Invocation, Urls};
use crate::delivery::clocks::millis;
use crate::delivery::entry::CLEAR_FOR;
use crate::delivery::silences::ByHand;
use crate::delivery::store::RunRecord;
use crate::delivery::untold::Untold;
use crate::exit::Exit;
use crate::netdata::parents::plain;
use crate::text::ago::stamp;
pub(super) use listed::named;
pub use listed::{
    FailedEvent, HeldBack, HeldStatus, Hold, NotTold, Open, OpenState, SubjectNames, Untellable, WaitingEvent,
};

/// What flaps must be clear for this long.
#[allow(clippy::cast_sign_loss)] // a constant above zero
const FLAPPING: Duration = Duration::from_millis(CLEAR_FOR as u64);

/// All that `--status` shows; serialized, it is what `--status --json` prints.
#[derive(Debug, Default, Serialize)]
pub struct StatusReport {
    /// The configuration is switched off: nothing is sent.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub switched_off: bool,
    /// Who delivers, where that is not this program.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delivered_by: Option<DeliveredBy>,
    /// What a schedule does that is there all the same, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub idle_schedule: Option<String>,
    /// Why the configuration cannot be used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unusable: Option<String>,
    /// The state was lost: what was open in ilert before is not known.
    pub lost: Option<Lost>,
    /// The last run could not write its state: what that run sent is not known.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub unrecorded: bool,
    /// Why no run can write its state now, and what to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unwritable: Option<String>,
    /// The last run; absent when there was none.
    pub last_run: Option<RunRecord>,
    /// Each of several parents, in the configuration's order; absent where there is but one agent.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parents: Vec<ShownParent>,
    /// What came and went, too long ago to be told, since the first of it.
    pub untold: Option<Untold>,
    /// What is open in ilert, or may be.
    pub open: Vec<Open>,
    /// What does not count yet.
    pub held: Vec<HeldBack>,
    /// What is raised, and ilert is not told.
    pub not_told: Vec<NotTold>,
    /// The outbox, in the order in which it will be sent.
    pub waiting: Vec<WaitingEvent>,
    /// What ilert refused for good, oldest first.
    pub failed: Vec<FailedEvent>,
    /// How many older ones of those are not kept any more.
    pub failed_dropped: i64,
    /// What stays open under keys or endpoints that are no longer configured.
    pub set_aside: Vec<Open>,
    /// Host names that more than one node bears.
    #[serde(skip)]
    pub(super) twins: BTreeSet<String>,
    /// Silences in force, and when the others are next.
    pub silences: Vec<ShownSilence>,
    /// Silences made by hand, as the state has them.
    #[serde(skip)]
    pub(super) by_hand: Vec<ByHand>,
    /// No run has left a state.
    #[serde(skip)]
    pub(super) absent: bool,
    /// What the commands that it suggests are to call this program by.
    #[serde(skip)]
    pub invocation: Invocation,
}

/// The state is not what the last run left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Lost {
    /// When a run noticed (this machine's clock, milliseconds); absent where none has yet.
    pub at: Option<i64>,
    /// It is an older copy: how many records it has, of how many. Known until a run notices.
    #[serde(skip)]
    pub(super) older: Option<(i64, i64)>,
}

/// One of several parents that watch the same nodes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ShownParent {
    /// Where it is asked.
    pub url: String,
    /// Whether it answered the last run.
    pub answers: bool,
    /// The URL before it that leads to the same agent, which counts once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub same_as: Option<String>,
    /// Who answered there last; left out if it never has.
    #[serde(flatten)]
    pub last: Option<LastAnswer>,
}

/// Who answered at a URL, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LastAnswer {
    /// Its host name.
    pub host: String,
    /// Its machine GUID.
    pub guid: String,
    /// Its version.
    pub version: String,
    /// When that was (this machine's clock, milliseconds).
    pub answered_at: i64,
}

impl StatusReport {
    /// The exit code: 4 where something failed, 75 where something waits; 1 where runs cannot write their state, 3 where
    /// the configuration cannot be used, and 0 where it is switched off.
    #[must_use]
    pub fn exit(&self) -> Exit {
        if self.switched_off {
            return Exit::Done;
        }
        if self.unrecorded || self.unwritable.is_some() {
            return Exit::Failure;
        }
        if self.unusable.is_some() {
            return Exit::Configuration;
        }
        match (self.failed.is_empty(), self.waiting.is_empty()) {
            (false, _) => Exit::Refused,
            (true, false) => Exit::Later,
            (true, true) => Exit::Done,
        }
    }

    /// Keeps of the parents those that are configured, in that order, and adds those that have never answered.
    pub fn ask(&mut self, urls: &Urls) {
        let mut known = std::mem::take(&mut self.parents);
        let Some(run) = &self.last_run else { return };
        if urls.iter().count() < 2 {
            return;
        }
        for url in urls.iter().map(plain) {
            let place = known.iter().position(|one| one.url == url);
            let shown = place.map(|place| known.swap_remove(place));
            self.parents.push(shown.unwrap_or_else(|| {
                let same_as = run.doubled.get(&url).cloned();
                ShownParent { url, answers: same_as.is_some(), same_as, last: None }
            }));
        }
    }

    /// What is open, in a few words.
    #[must_use]
    pub fn open_in_words(&self) -> String {
        named(self.open.iter().map(|open| &open.name))
    }

    /// Whether no run has left a state.
    #[must_use]
    pub fn is_absent(&self) -> bool {
        self.absent
    }

    /// Lists the silences of the state, and of the configuration where that is known, as they are at this time
    /// (milliseconds).
    pub fn list_silences(&mut self, config: Option<&Config>, now: i64) {
        self.silences = silence::listed(&self.by_hand, config, now);
    }

    /// Silences made by hand, as the state has them; some may be over.
    #[must_use]
    pub fn silences_by_hand(&self) -> &[ByHand] {
        &self.by_hand
    }

    /// Says until when things are held, by the configuration's delays.
    pub fn foresee(&mut self, delivery: &Delivery) {
        for held in &mut self.held {
            let delay = match held.by {
                Hold::Delay => continue,
                Hold::ResolveAfter => delivery.resolve_after,
                Hold::Flapping => FLAPPING,
                Hold::RemovedAfter => delivery.removed_after,
                Hold::UnreachableAfter => delivery.unreachable_after,
            };
            let (seen, found) = held.seen;
            let left = millis(delay).saturating_sub(seen).max(0);
            held.until = Some(found.saturating_add(left) / 1000);
        }
    }
}

/// What is said of a run that left no record.
pub const UNRECORDED: &str = "the last run could not write its state (is the disk full?)";

impl Lost {
    /// What is the matter with the state, after the words "the state is".
    #[must_use]
    pub fn words(&self) -> String {
        match (self.at, self.older) {
            (Some(at), _) => format!("lost, as found on {}", stamp(at)),
            (None, Some((now, had))) => format!("an older copy (record {now} of {had})"),
            (None, None) => "lost".to_owned(),
        }
    }
}
