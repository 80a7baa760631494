//! A run where nothing has changed: it asks for nothing but that, reads no ledger, and costs the same on a parent of any
//! size.
//!
//! A full look at Netdata stands for the next runs as long as nothing can have changed since: each agent's
//! [`Fingerprint`] is what it was, nothing waits, no clock runs, no silence begins or ends, and nobody else has written the
//! state. It stands for five minutes, for there are changes that the fingerprint does not tell.

use std::fmt::{self, Write};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::connections::Connections;
use super::entry::Entry;
use super::heartbeat::ping_heartbeat;
use super::job::Job;
use super::ledger::{Ledger, NodeRecord};
use super::lock::Lock;
use super::outage::Outages;
use super::report::Report;
use super::silences::{ByHand, Silences};
use super::store::{Continuity, RunRecord, Store, StoreError};
use crate::config::Config;
use crate::netdata::Fingerprint;
use crate::text::ago::moment;

/// Name of the note that holds the last full look.
pub const NOTE: &str = "full_look";

/// For how long a full look stands, milliseconds: silences of Netdata's, host labels and nodes without alerts may change
/// without a word.
const STANDS: i64 = 5 * 60_000;

/// For how long the fingerprint must have been the same when the look began, seconds. Netdata counts a transition before
/// its log has it; what came and went meanwhile is nowhere else. As long as the overlap in which the log is read again.
const SETTLED: i64 = 120;

const PROGRAM: &str = env!("CARGO_PKG_VERSION");

/// A full look at Netdata, as far as it tells whether another one is needed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FullLook {
    /// When it began (this machine's clock, milliseconds).
    at: i64,
    /// What each agent told of itself just before.
    agents: Vec<Fingerprint>,
    /// Since when each has told the same (its own clock, seconds).
    since: Vec<i64>,
    /// Nothing waited after it, no clock ran, and all could be read.
    calm: bool,
    /// How many durable commits the state had before it.
    generation: i64,
    /// The key and endpoint that it was for, as a fingerprint.
    key: String,
    /// Program and configuration, as a digest.
    config: String,
}

/// What a run finds before it looks.
#[derive(Clone, Copy, Debug)]
pub struct Circumstances<'a> {
    /// This machine's clock, milliseconds.
    pub now: i64,
    /// What each agent tells of itself, in the configuration's order.
    pub agents: &'a [Fingerprint],
    /// How many durable commits the state has.
    pub generation: i64,
    /// Key and endpoint, as a fingerprint.
    pub key: &'a str,
    /// The configuration.
    pub config: &'a Config,
}

impl<'a> Circumstances<'a> {
    /// Those of a run that has just asked the agents.
    pub(super) fn of(job: &Job<'a>, store: &Store, key: &'a str, agents: &'a [Fingerprint]) -> Self {
        Self { now: (job.clock)(), agents, generation: store.generation(), key, config: job.config }
    }
}

impl FullLook {
    /// A look in these circumstances that led to this ledger. `whole` says that all could be read, `before` is the look
    /// before it.
    #[must_use]
    pub fn new(found: &Circumstances<'_>, ledger: &Ledger, whole: bool, before: Option<&Self>) -> Self {
        let clocks = || found.agents.iter().map(|agent| agent.now);
        let since = before.filter(|before| before.tells_the_same(found)).map(|before| before.since.clone());
        // The earliest clock: what runs ends later by it.
        let now = clocks().min().unwrap_or_default();
        Self {
            at: found.now,
            agents: found.agents.to_vec(),
            since: since.unwrap_or_else(|| clocks().collect()),
            calm: whole && is_calm(ledger, now),
            generation: found.generation,
            key: found.key.to_owned(),
            config: digest(found.config),
        }
    }

    /// Whether it need not be repeated: nothing can have changed since. `by_hand` are the silences that the state keeps.
    #[must_use]
    pub fn stands(&self, found: &Circumstances<'_>, by_hand: &[ByHand]) -> bool {
        self.calm
            && self.agents.iter().zip(&self.since).all(|(agent, since)| agent.now - since >= SETTLED)
            && (0..STANDS).contains(&(found.now - self.at))
            && self.tells_the_same(found)
            && self.generation == found.generation
            && self.key == found.key
            && self.config == digest(found.config)
            && Silences::of(found.config, by_hand).are_alike(self.at, found.now)
    }

    fn tells_the_same(&self, found: &Circumstances<'_>) -> bool {
        self.agents.len() == found.agents.len()
            && self.agents.iter().zip(found.agents).all(|(before, now)| before.holds(now))
    }

    /// When it was (this machine's clock, milliseconds).
    #[must_use]
    pub fn at(&self) -> i64 {
        self.at
    }
}

/// Whether nothing waits, and nothing happens merely because time passes. Each of these does:
///
/// - an event waits, or pages left without a record;
/// - a raise is **held**: Netdata delays it, or its log does not have it yet (`pending`);
/// - an alert is **clearing** (`resolve_after`), or **flaps** and waits for its clear to last;
/// - an alert is **gone**, and `removed_after` runs;
/// - a **storm** is open, or was until lately: its members are counted anew;
/// - a node is **unreachable** or unlisted: `unreachable_after`, `removed_after` or `forget_after` runs;
/// - the agent was **away**, and its nodes have time to come back (`back_for`, for one of several parents likewise);
/// - what one of several parents showed **holds** for a while although it says nothing now, or counts there only later.
///
/// [`FullLook::stands`] asks for the rest: the fingerprint, silences that begin or end, the state, the key, the
/// configuration and the time.
fn is_calm(ledger: &Ledger, now: i64) -> bool {
    let is_calm = |entry: &Entry| {
        entry.waiting.is_empty()
            && entry.held.is_none()
            && entry.clearing.is_none()
            && entry.gone.is_none()
            && entry.storm.is_none()
            && !entry.flapping.on
            && !entry.parents.values().any(|view| view.is_running(now))
    };
    !ledger.away
        && ledger.unrecorded.is_none()
        && ledger.pending == 0
        && ledger.clocks.back_for.is_none()
        && !ledger.parents.iter().any(|parent| parent.away || parent.back_for.is_some())
        && !ledger.nodes.values().any(NodeRecord::is_away)
        && ledger.entries.values().all(is_calm)
}

/// Tells configurations apart, and versions of this program, which may make something else of one. Secrets do not count.
pub(super) fn digest(config: &Config) -> String {
    struct Sink(Sha256);
    impl Write for Sink {
        fn write_str(&mut self, text: &str) -> fmt::Result {
            self.0.update(text);
            Ok(())
        }
    }
    let mut sink = Sink(Sha256::new());
    // A digest takes whatever it is given.
    let _ = write!(sink, "{PROGRAM} {config:?}");
    format!("{:x}", sink.0.finalize()).chars().take(16).collect()
}

/// The last full look, if it was noted. One that cannot be read is none.
pub fn last(store: &Store) -> Option<FullLook> {
    store.note(NOTE).unwrap_or_default()
}

/// The last full look, if it stands.
pub(super) fn standing<'l>(
    last: Option<&'l FullLook>,
    found: &Circumstances<'_>,
    store: &Store,
    lock: &Lock,
) -> Result<Option<&'l FullLook>, StoreError> {
    if store.continuity() != Continuity::Whole || lock.unrecorded().is_some() {
        return Ok(None);
    }
    let Some(last) = last else { return Ok(None) };
    let by_hand = store.silences()?;
    Ok(last.stands(found, &by_hand).then_some(last))
}

/// The rest of a run where a full look stands: pings the heartbeat, and records the run with what that look counted.
pub(super) async fn run(
    job: &Job<'_>,
    connections: &Connections,
    mut store: Store,
    look: &FullLook,
    mut report: Report,
) -> Result<Report, StoreError> {
    let now = (job.clock)();
    tracing::info!("nothing changed since the full look at {}", moment(now, look.at / 1000));
    let ping = ping_heartbeat(job, connections, &store).await?;
    let counted = store.last_run()?.unwrap_or_default();
    let RunRecord { agent, nodes, warnings, criticals, .. } = counted;
    report.record = RunRecord { agent, nodes, warnings, criticals, ..report.record };
    // There is no lasting problem, or the look would not stand.
    report.finish(&mut Outages::default(), false, (job.clock)());
    report.record.problems.extend(ping.problem);
    let recorded = store.record_quiet(&report.record, ping.next, now);
    report.recorded(store, recorded)?;
    Ok(report)
}
