//! The record of a run that found nothing changed.

use super::write::{put, transact};
use super::{RunRecord, Store, StoreError};
use crate::delivery::clocks::Clocks;

impl Store {
    /// How many durable commits there were.
    #[must_use]
    pub fn generation(&self) -> i64 {
        self.generation
    }

    /// Records a run that found nothing changed: the agent was looked at now (this machine's clock, milliseconds), and
    /// all else is as it was. Costs no fsync.
    pub fn record_quiet(
        &mut self,
        run: &RunRecord,
        heartbeat: Option<i64>,
        now: i64,
    ) -> Result<(), StoreError> {
        let mut clocks: Clocks = self.meta_json("clocks")?.unwrap_or_default();
        clocks.look(now);
        let written = transact(&mut self.connection, "NORMAL", |transaction| {
            put(transaction, "run", run)?;
            put(transaction, "clocks", &clocks)?;
            put(transaction, "observed_at", &now)?;
            heartbeat.map_or(Ok(()), |next| put(transaction, "heartbeat", &next))
        });
        self.on(written)
    }
}
