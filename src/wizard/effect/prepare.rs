//! Reads what *Review and write* needs from this machine before it can show what will be written.

use crate::clock::now;
use crate::config::{Config, DeliveredBy, Moment};
use crate::delivery::store::StoreError;
use crate::schedule::{self, SchedulePlan, Scheduled, Scheduler};
use crate::secret::Secret;
use crate::setup::{left_open, on_disk};
use crate::text::ShownPath as _;
use crate::wizard::context::Preparation;
use crate::wizard::place::Place;

/// Reads the existing configuration, and plans each schedule that is possible here. `crontab -l` is a
/// program that takes its time.
pub(super) fn look(place: &Place, config: &Config, former: Option<&Secret>) -> Preparation {
    // A state that cannot be read is the sender's to complain of.
    let unread = |error: StoreError| {
        tracing::debug!(%error, "the state");
        0
    };
    let left_open =
        former.map_or(0, |key| left_open(&place.state, key, &config.ilert.endpoint).unwrap_or_else(unread));
    let on_disk =
        on_disk(&place.config).map_err(|error| format!("cannot read `{}`: {error}", place.config.shown()));
    let found = if place.isolated { None } else { schedules(place, config) };
    let Schedules { plans, scheduled, has_others, removal } = found.unwrap_or_default();
    Preparation { on_disk, plans, scheduled, has_others, removal, left_open, wall: Moment::at(now()) }
}

/// What can be installed, what is, and how that is removed.
#[derive(Default)]
struct Schedules {
    plans: Vec<(Scheduler, Result<SchedulePlan, String>)>,
    scheduled: Vec<Scheduled>,
    has_others: bool,
    removal: Option<SchedulePlan>,
}

fn schedules(place: &Place, config: &Config) -> Option<Schedules> {
    let mut installation = schedule::Installation::here(&place.config, config, &place.state).ok()?;
    installation.binary.clone_from(&place.binary);
    let present = schedule::present(&installation).ok()?;
    let scheduled = present.scheduled(&installation);
    let has_others = present.has_others(&installation);
    let offered = [Scheduler::Systemd, Scheduler::Cron].into_iter().filter(|kind| {
        config.notification.delivered_by == DeliveredBy::NetdataIlert && installation.offers(*kind)
    });
    let plan = |kind| schedule::plan(kind, &installation, &present).map_err(|error| error.to_string());
    let plans = offered.map(|kind| (kind, plan(kind))).collect();
    let removal = schedule::removal(&installation, &present).ok().filter(|plan| !plan.is_empty());
    Some(Schedules { plans, scheduled, has_others, removal })
}
