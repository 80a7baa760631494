//! Reads what *Review and write* needs from this machine before it can show what will be written.

use std::path::PathBuf;

use crate::clock::now;
use crate::config::{self, Config, DeliveredBy, FoundConfigurations, Installed, Moment};
use crate::delivery::store::{Store, StoreError};
use crate::http;
use crate::owner;
use crate::schedule::{self, ForeignLine, Installation, SchedulePlan, Scheduled, Scheduler};
use crate::secret::Secret;
use crate::setup::{SecretFiles, UnusedSecret, content, left_open, on_disk, writable};
use crate::text::ShownPath as _;
use crate::wizard::context::{Folders, Preparation};
use crate::wizard::place::Place;

/// Reads the existing configuration, and plans each schedule that is possible here. `crontab -l` is a
/// program that takes its time.
pub(super) fn look(
    place: &Place,
    config: &Config,
    base: Option<&Config>,
    former: Option<&Secret>,
    secrets: Vec<PathBuf>,
) -> Preparation {
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
    let Schedules { plans, scheduled, serves, by_hand, others, by_itself, removal } =
        found.unwrap_or_default();
    let unwritable = if place.isolated { None } else { unwritable(place, &secrets) };
    let unwritable = unwritable.or_else(|| unusable(config));
    let unused = base.map_or_else(Vec::new, |base| unused(place, base, config));
    let secrets = secrets.into_iter().map(|path| (path.clone(), content(&path))).collect();
    let wall = Moment::at(now());
    Preparation {
        on_disk,
        secrets,
        unused,
        unwritable,
        plans,
        scheduled,
        serves,
        by_hand,
        others,
        by_itself,
        ran_lately: ran_lately(place),
        removal,
        left_open,
        wall,
    }
}

/// Whether the sender ran a moment ago: then something runs it, seen from here or not.
fn ran_lately(place: &Place) -> bool {
    let store = Store::open_existing(&place.state).ok().flatten();
    let last = store.and_then(|store| store.last_run().ok().flatten());
    last.is_some_and(|last| last.shows_a_schedule(now()))
}

/// What has the sender run by itself on this machine, in a sentence.
fn by_itself(place: &Place, installation: &Installation) -> String {
    match installation.offered() {
        Some(kind) => {
            let install = installation.command(&format!("--install-schedule {}", kind.word()));
            format!("{install} has it run by itself.")
        }
        None => format!(
            "There is neither systemd nor cron here: {} runs it in a loop.",
            place.command("--watch 15")
        ),
    }
}

/// The files with secrets that `base` uses and `config` does not.
fn unused(place: &Place, base: &Config, config: &Config) -> Vec<UnusedSecret> {
    let find = |folders: &Folders| FoundConfigurations::find(&folders.first, &folders.states).installed;
    let installed = place.folders.as_ref().map_or_else(Vec::new, find);
    let is_own = |one: &Installed| config::real(&one.path) == config::real(&place.config);
    let mut loaded: Vec<_> = installed
        .into_iter()
        .filter(|one| !is_own(one))
        .map(|one| (one.clone(), config::load(&one.path)))
        .collect();
    loaded.push((Installed::elsewhere(&place.config, place.state.clone()), Ok(base.clone())));
    SecretFiles::of(&loaded).unused(base, config, &place.config)
}

/// Why the configuration, a secret or the state cannot be written, if so.
fn unwritable(place: &Place, secrets: &[PathBuf]) -> Option<String> {
    let state = place.state.join("state.db");
    let files = [&place.config, &state].into_iter().chain(secrets);
    files.map(|file| writable(file)).find_map(Result::err)
}

/// Why a CA file cannot be used, if so: it may have gone since it was asked for.
fn unusable(config: &Config) -> Option<String> {
    let checked = http::check_ca_files([&config.ilert.ca_file, &config.netdata.ca_file]);
    checked.err().map(|error| error.to_string())
}

/// What can be installed, what is, and how that is removed.
#[derive(Default)]
struct Schedules {
    plans: Vec<(Scheduler, Result<SchedulePlan, String>)>,
    scheduled: Vec<Scheduled>,
    serves: String,
    by_hand: Option<ForeignLine>,
    others: Vec<String>,
    by_itself: Option<String>,
    removal: Option<SchedulePlan>,
}

fn schedules(place: &Place, config: &Config) -> Option<Schedules> {
    let mut installation =
        schedule::Installation::here(&place.config, config, &place.state, &place.invocation).ok()?;
    installation.binary.clone_from(&place.binary);
    let present = schedule::present(&installation).ok()?;
    let scheduled = present.scheduled(&installation);
    let serves = format!("that of {}, for {}", owner::me(), installation.served());
    let by_hand = present.foreign(&installation);
    let others = present.others(&installation);
    let by_itself = Some(by_itself(place, &installation));
    let offered = [Scheduler::Systemd, Scheduler::Cron].into_iter().filter(|kind| {
        config.notification.delivered_by == DeliveredBy::NetdataIlert && installation.offers(*kind)
    });
    let plan = |kind| schedule::plan(kind, &installation, &present).map_err(|error| error.to_string());
    let plans = offered.map(|kind| (kind, plan(kind))).collect();
    let removal = schedule::removal(&installation, &present).ok().filter(|plan| !plan.is_empty());
    Some(Schedules { plans, scheduled, serves, by_hand, others, by_itself, removal })
}
