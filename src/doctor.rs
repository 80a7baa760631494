//! `--doctor`: everything that must be right for alerts to get through, a line each, with the fix under what is
//! not. "The test works, real alerts don't" is mostly another user, another environment or another store of
//! certificates: called as the user that cron uses, this looks with the eyes of the sender.
//!
//! It changes nothing, sends no event and never shows a secret. A heartbeat is pinged for real: nothing else
//! proves it.
//!
//! - `configuration`: the file, its secrets, and settings that are probably mistakes;
//! - `neighbours`: other configurations with the same key or the same state;
//! - `agent`: Netdata, one agent or several parents;
//! - `service`: ilert and the way there; `proof`: whether a live test proved the key;
//! - `state`: the state folder and the last run; `earlier`: signs that a state was lost;
//! - `timetable`: the schedule;
//! - `silences`: silences that are probably mistakes;
//! - `diagnosis`: the result; `show`: the result in lines.

mod agent;
mod configuration;
mod diagnosis;
mod earlier;
mod neighbours;
mod proof;
mod service;
mod show;
mod silences;
mod state;
mod timetable;

use std::path::{Path, PathBuf};

pub use diagnosis::{Diagnosis, Line, Mark};
pub use earlier::{Trace, earlier_life};
pub use neighbours::KeyUse;
pub use show::Style;

use crate::config::{self, Config, Installed, Invocation};
use crate::delivery::silences::ByHand;
use crate::exit::Exit;
use crate::other_senders::other_sender;
use crate::schedule;
use crate::status::{self, StatusReport};
use crate::text::ShownPath as _;

/// Where to look.
pub struct DoctorInput<'a> {
    /// The configuration file.
    pub config: &'a Path,
    /// The state folder.
    pub state: &'a Path,
    /// What the commands that the lines suggest are to call this program by.
    pub invocation: Invocation,
    /// All that are installed here, this one perhaps among them.
    pub others: &'a [Installed],
    /// For whom a schedule would be; `None` where that cannot be told.
    pub schedule: Option<schedule::Installation>,
    /// Netdata's `health_alarm_notify.conf`, wherever it may be.
    pub notify_files: Vec<PathBuf>,
    /// This machine's clock, milliseconds since the epoch.
    pub clock: &'a dyn Fn() -> i64,
}

/// Looks at everything. Takes as long as the slowest answer from the network, 15 s at most.
pub async fn examine(input: &DoctorInput<'_>) -> Diagnosis {
    let loaded = config::load(input.config);
    let schedule = timetable::environment(input);
    let invocation = &input.invocation;
    let mut checks = configuration::lines(input.config, &loaded, schedule.as_ref(), invocation);
    let now = (input.clock)();
    let mut state = status::read_as(input.state, loaded.as_ref().ok());
    if let Ok(status) = &mut state {
        status.invocation = invocation.clone();
    }
    let by_hand = state.as_ref().map_or(&[][..], StatusReport::silences_by_hand);
    let by_hand: Vec<ByHand> = by_hand.iter().filter(|silence| silence.until > now).cloned().collect();
    checks.extend(loaded.iter().flat_map(|config| silences::lines(config, now)));
    checks.extend(by_hand.iter().filter_map(|made| silences::made_by_hand(made, invocation)));
    if let Ok(config) = &loaded
        && config.notification.enabled
    {
        checks.extend(neighbours::lines(input, config));
        let agent = async {
            // Netdata Cloud asks nobody here.
            if !config.notification.is_sent_here() {
                return Vec::new();
            }
            agent::lines(config, &by_hand, input, schedule.is_some()).await
        };
        let (agent, service) = tokio::join!(agent, service::lines(config, schedule.is_some(), invocation));
        checks.extend(agent);
        checks.extend(service);
        checks.extend(proof::line(input, config));
    }
    let (lines, last_run) = state::lines(input, loaded.as_ref().ok(), state);
    checks.extend(lines);
    let is_usable = !checks.iter().any(|line| line.exit == Exit::Configuration && line.mark == Mark::Wrong);
    checks.extend(timetable::lines(input, loaded.as_ref().ok(), last_run, is_usable));
    checks.extend(senders(&input.notify_files));
    Diagnosis { checks }
}

/// What a configuration and its state say is wrong, without a look at anything else: for a list of several. `now` is
/// this machine's clock, milliseconds.
#[must_use]
pub fn at_a_glance(status: &StatusReport, config: Option<&Config>, now: i64) -> Vec<Line> {
    let mut lines: Vec<Line> = state::lost(status).into_iter().chain(state::left(status, now)).collect();
    lines.extend(config.and_then(|config| timetable::late(status, config, now)));
    lines.extend(config.iter().flat_map(|config| silences::lines(config, now)));
    let by_hand = status.silences_by_hand().iter().filter(|silence| silence.until > now);
    lines.extend(by_hand.filter_map(|made| silences::made_by_hand(made, &status.invocation)));
    lines
}

/// That others use the same key as this one, in words, if they do.
pub fn shared_key<'c>(own: &KeyUse, others: impl Iterator<Item = (&'c str, &'c KeyUse)>) -> Option<Line> {
    neighbours::sharing(own, others)
}

fn senders(files: &[PathBuf]) -> Vec<Line> {
    const CHECK: &str = "other senders";
    let found: Vec<Line> = files
        .iter()
        .filter_map(|path| other_sender(path))
        .map(|sender| {
            let path = sender.path.shown();
            match sender.unreadable {
                None => Line::warning(
                    CHECK,
                    format!("Netdata's own ilert sender is on: each alert pages twice (`{path}`)"),
                    format!("set `SEND_ILERT=\"NO\"` in `{path}`"),
                ),
                Some(reason) => Line::warning(
                    CHECK,
                    format!("cannot tell whether Netdata's own ilert sender is on: `{path}`: {reason}"),
                    format!("look whether `SEND_ILERT` is `\"NO\"` in `{path}`"),
                ),
            }
        })
        .collect();
    if found.is_empty() {
        return vec![Line::good(CHECK, "none on this machine".to_owned())];
    }
    found
}

/// `1 node`, `2 nodes`.
fn count(number: usize, one: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {one}s") }
}
