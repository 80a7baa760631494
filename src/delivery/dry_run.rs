//! What a run would send, without sending or recording anything: `--send --dry-run`, `--preview`, and the wizard.

use super::asleep::Asleep;
use super::dispatch::in_order;
use super::job::{Job, Observer};
use super::observe::{Reconciled, observe_and_reconcile};
use super::outage::Outages;
use super::report::Report;
use super::run::{load, renderer};
use super::store::{Loaded, StoreError};
use crate::clock;
use crate::config::Config;
use crate::netdata;
use crate::payload::{Notice, Renderer};

/// What a run would do.
pub struct DryRun {
    /// How it would go.
    pub report: Report,
    /// What it would send, in that order.
    pub notices: Vec<Notice>,
    /// Makes events of them.
    pub renderer: Renderer,
}

/// What a run would send now.
pub async fn dry_run(job: &Job<'_>) -> Result<DryRun, StoreError> {
    let loaded = load(job)?;
    Ok(from(loaded, &job.observer()).await)
}

/// What a first run would send now: all that is raised.
pub async fn first_dry_run(config: &Config, netdata: &netdata::Parents) -> DryRun {
    from(Loaded::default(), &Observer { config, netdata, clock: &clock::now }).await
}

async fn from(loaded: Loaded, observer: &Observer<'_>) -> DryRun {
    let mut report = Report::new((observer.clock)());
    let (cursor, none) = (loaded.cursor.as_ref(), &mut Asleep::none());
    let Reconciled { ledger, .. } =
        observe_and_reconcile(observer, None, loaded.ledger, none, cursor, &mut report).await;
    let notices = in_order(&ledger).map(|waiting| waiting.notice.clone()).collect();
    report.finish(&mut Outages::default(), ledger.has_waiting(), (observer.clock)());
    DryRun { report, notices, renderer: renderer(observer.config, &ledger) }
}
