//! What a run would send, without sending or recording anything: `--send --dry-run`, `--preview`, and the wizard.

use super::asleep::Asleep;
use super::connections::Connections;
use std::time::Duration;

use super::dispatch::{in_order, left_waiting};
use super::heartbeat;
use super::job::{Job, Observer};
use super::ledger::Ledger;
use super::lock::Lock;
use super::observe::{Reconciled, observe_and_reconcile};
use super::outage::Outages;
use super::report::Report;
use super::run::{load, renderer};
use super::store::{self, Loaded, StoreError};
use super::storms;
use crate::clock;
use crate::config::{Config, Invocation};
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
    /// Why no heartbeat would be sent, where one is configured.
    pub no_heartbeat: Option<String>,
}

/// What a run would send now. It is refused as a run is: by a state that cannot be written, and by a way to ilert that
/// cannot be used; and it waits as a run does, for what rests.
pub async fn dry_run(job: &Job<'_>) -> Result<DryRun, StoreError> {
    let mut loaded = load(job)?;
    let sender = job.sender();
    loaded.ledger.recall(Lock::noted(job.state).as_ref(), &sender);
    let mut report = Report::new((job.clock)());
    if let Err(error) = store::check_writable(job.state) {
        report.not_recorded(&error);
    }
    let connections = Connections::default();
    if let Err(error) = connections.events(&job.config.ilert, job.key) {
        report.cannot_send(&error);
    }
    let no_heartbeat = heartbeat::unusable(job, &connections);
    let held = loaded.pace.held((job.clock)());
    Ok(DryRun { no_heartbeat, ..from(loaded, &job.observer(), report, held, job.invocation).await })
}

/// What a first run would send now: all that is raised.
pub async fn first_dry_run(config: &Config, netdata: &netdata::Parents) -> DryRun {
    let report = Report::new(clock::now());
    from(
        Loaded::default(),
        &Observer { config, netdata, clock: &clock::now },
        report,
        None,
        Invocation::PLAIN,
    )
    .await
}

/// What is raised now, as ilert would get it if it had been told nothing of it: each singly or in a storm, as the runs
/// before have told it. Without a state that can be read, as a first run would.
pub async fn raised(job: &Job<'_>) -> DryRun {
    let Loaded { ledger: before, cursor, .. } = load(job).unwrap_or_default();
    let mut singly = job.config.clone();
    singly.delivery.storm_after = 0;
    let observer = Observer { config: &singly, ..job.observer() };
    let mut report = Report::new((job.clock)());
    let none = &mut Asleep::none();
    let Reconciled { mut ledger, plan_input, .. } =
        observe_and_reconcile(&observer, None, before.clone().untold(), none, cursor.as_ref(), &mut report)
            .await;
    ledger.keep_standing();
    if let Some(agent) = ledger.agent.as_ref().map(|agent| agent.node.clone()) {
        let storm_after = job.config.delivery.storm_after;
        storms::gather_as(&before, &mut ledger, storm_after, &agent, &plan_input);
    }
    finished(&ledger, &job.observer(), report)
}

async fn from(
    loaded: Loaded,
    observer: &Observer<'_>,
    mut report: Report,
    held: Option<Duration>,
    invocation: &Invocation,
) -> DryRun {
    let (cursor, none) = (loaded.cursor.as_ref(), &mut Asleep::none());
    let Reconciled { mut ledger, .. } =
        observe_and_reconcile(observer, None, loaded.ledger, none, cursor, &mut report).await;
    let now = (observer.clock)();
    report.sent(left_waiting(&ledger, held, now), true, invocation);
    ledger.keep_due(held.is_some(), now);
    finished(&ledger, observer, report)
}

fn finished(ledger: &Ledger, observer: &Observer<'_>, mut report: Report) -> DryRun {
    let notices = in_order(ledger).map(|waiting| waiting.notice.clone()).collect();
    report.finish(&mut Outages::default(), ledger.has_waiting(), (observer.clock)());
    DryRun { report, notices, renderer: renderer(observer.config, ledger), no_heartbeat: None }
}
