//! The record of a run that found nothing changed.

use super::write::{put, transact};
use super::{RunRecord, Store, StoreError};
use crate::delivery::clocks::Clocks;
use crate::delivery::ledger::ParentRecord;

impl Store {
    /// How many durable commits there were.
    #[must_use]
    pub fn generation(&self) -> i64 {
        self.generation
    }

    /// Records a run that found nothing changed: the agents answered now (this machine's clock, milliseconds), and all
    /// else is as it was. Costs no fsync.
    pub fn record_quiet(
        &mut self,
        run: &RunRecord,
        heartbeat: Option<i64>,
        now: i64,
    ) -> Result<(), StoreError> {
        let mut clocks: Clocks = self.meta_json("clocks")?.unwrap_or_default();
        clocks.look(now);
        let mut parents: Vec<ParentRecord> = self.meta_json("parents")?.unwrap_or_default();
        for parent in &mut parents {
            parent.answered_at = now;
        }
        let written = transact(&mut self.connection, "NORMAL", |transaction| {
            put(transaction, "run", run)?;
            put(transaction, "clocks", &clocks)?;
            put(transaction, "parents", &parents)?;
            put(transaction, "observed_at", &now)?;
            heartbeat.map_or(Ok(()), |next| put(transaction, "heartbeat", &next))
        });
        self.on(written)
    }
}
