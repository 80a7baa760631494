//! Does what was confirmed or asked for, one thing after the other.

use std::fmt;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::task::spawn_blocking;
use tokio::time::Instant;

use super::ground::Ground;
use crate::clock::now;
use crate::config::{self, Config, ConfigError, Priority};
use crate::delivery::store::{Store, StoreError};
use crate::delivery::{DryRun, Job, by_hand, dry_run, proof};
use crate::exit::{Exit, Stopped};
use crate::netdata::{self, Credentials, Interest};
use crate::schedule::{self, Environment, SchedulePlan};
use crate::secret::Secret;
use crate::text::ShownPath as _;

/// ilert takes 50 events a minute: a thousand alerts are resolved by then.
const LONGEST_HAND_OVER: Duration = Duration::from_secs(20 * 60);

/// What the sender was run with, and will not be any more.
#[derive(Clone, Debug, PartialEq)]
pub struct Former {
    /// The configuration.
    pub config: Config,
    /// Its API key.
    pub key: Secret,
}

/// One thing to do. They are done one after the other.
#[derive(Clone, Debug, PartialEq)]
pub enum Deed {
    /// Looks whether all that is to be changed is as it was when that was decided.
    Ground(Box<Ground>),
    /// Keeps that the live test passed.
    Proof {
        /// The state folder.
        state: PathBuf,
        /// The key that it was sent with.
        key: Secret,
        /// Where it was sent.
        endpoint: String,
        /// Its priority.
        priority: Priority,
    },
    /// Writes a secret into a file of its own, mode 0600.
    Secret {
        /// The file.
        path: PathBuf,
        /// The secret.
        secret: Secret,
    },
    /// Writes the configuration.
    Configuration {
        /// The file.
        path: PathBuf,
        /// Its text, which may hold the key.
        text: Secret,
    },
    /// Removes a file with a secret that nothing uses any more.
    Remove {
        /// The file.
        path: PathBuf,
    },
    /// Installs, changes or removes the schedule.
    Schedule(Box<SchedulePlan>),
    /// Resolves what is open under the key that is not used any more.
    HandOver {
        /// That key, and its configuration.
        former: Box<Former>,
        /// The state folder.
        state: PathBuf,
    },
    /// Lets the sender say what it would do.
    DryRun {
        /// The configuration file.
        config: PathBuf,
        /// The state folder.
        state: PathBuf,
        /// The secrets that the schedule has, where one will run the sender.
        environment: Option<Box<Environment>>,
    },
}

impl Deed {
    /// Whether nothing after it can be done where it fails.
    #[must_use]
    pub fn is_needed(&self) -> bool {
        match self {
            Self::Ground(_) | Self::Secret { .. } | Self::Configuration { .. } | Self::Schedule(_) => true,
            Self::Proof { .. } | Self::Remove { .. } | Self::HandOver { .. } | Self::DryRun { .. } => false,
        }
    }
}

impl fmt::Display for Deed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Proof { .. } => f.write_str("the record that the live test passed"),
            Self::Secret { path, .. } | Self::Configuration { path, .. } => write!(f, "`{}`", path.shown()),
            Self::Remove { path } => write!(f, "the removal of `{}`", path.shown()),
            Self::Ground(_) => f.write_str("a look whether all is as it was"),
            Self::Schedule(_) => f.write_str("the schedule"),
            Self::HandOver { .. } => f.write_str("resolving what is open under the old key"),
            Self::DryRun { .. } => f.write_str("a dry run of the sender"),
        }
    }
}

/// Does one thing. Returns what was done, a line each, or why it could not be.
pub async fn perform(deed: Deed) -> Result<Vec<String>, Stopped> {
    match deed {
        Deed::Ground(ground) => {
            let failed =
                |words| Stopped { words: format!("{words}; nothing was written"), exit: Exit::Failure };
            aside(move || ground.check()).await.map(|()| Vec::new()).map_err(failed)
        }
        Deed::Proof { state, key, endpoint, priority } => {
            let kept = proof::keep(&state, &key, &endpoint, priority, now()).await;
            kept.map(|()| Vec::new()).map_err(|error| Stopped {
                words: format!("cannot keep a record that the live test passed: {error}"),
                exit: Exit::Failure,
            })
        }
        Deed::Secret { path, secret } => {
            aside(move || {
                config::write_key(&path, &secret).map_err(unusable)?;
                Ok(vec![format!("wrote `{}` (mode 0600)", path.shown())])
            })
            .await
        }
        Deed::Configuration { path, text } => {
            aside(move || {
                config::write(&path, text.expose()).map_err(unusable)?;
                Ok(vec![format!("wrote `{}`", path.shown())])
            })
            .await
        }
        Deed::Remove { path } => aside(move || remove(&path)).await.map(|done| vec![done]),
        Deed::Schedule(plan) => aside(move || schedule::install(&plan)).await.map_err(failed),
        Deed::HandOver { former, state } => {
            hand_over(&former, &state, "the old key", "resolve them in ilert").await.map(|done| vec![done])
        }
        Deed::DryRun { config, state, environment } => {
            try_out(&config, &state, environment.as_deref()).await.map(|done| vec![done])
        }
    }
}

/// Does what waits for disks and programs on a thread of its own, so that everything else goes on.
pub async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    match spawn_blocking(work).await {
        Ok(done) => done,
        // The runtime ends, and nobody waits any more. A panic ends the program.
        Err(_) => std::future::pending().await,
    }
}

fn remove(path: &Path) -> Result<String, Stopped> {
    match fs::remove_file(path) {
        Ok(()) => Ok(format!("removed `{}`: it is not used any more", path.shown())),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            Ok(format!("`{}` was gone already", path.shown()))
        }
        Err(error) => Err(failed(format_args!("cannot remove `{}`: {error}", path.shown()))),
    }
}

/// How much is open in ilert under a key: alerts and nodes.
pub fn left_open(state: &Path, key: &Secret, endpoint: &str) -> Result<usize, StoreError> {
    let Some(store) = Store::open_existing(state)? else { return Ok(0) };
    store.known_fingerprint(key, endpoint)?.map_or(Ok(0), |key| store.open_under(&key))
}

/// Resolves what is open under a key that nothing will be sent with any more; `called` is what to call that key, `remedy`
/// what to do where something stays open: no run comes after this one.
pub async fn hand_over(former: &Former, state: &Path, called: &str, remedy: &str) -> Result<String, Stopped> {
    let Former { config, key } = former;
    // Asked nothing: what is open is known.
    let netdata = netdata::Parents::with(&config.netdata, &Credentials::default()).map_err(failed)?;
    let deadline = Instant::now() + LONGEST_HAND_OVER;
    let job = Job { deadline, ..Job::new(config, key, state, &netdata) };
    let (before, left, report) = by_hand::resolve_under_old_key(&job).await.map_err(failed)?;
    if left == 0 {
        return Ok(format!("resolved what was open under {called} (alerts: {before})"));
    }
    let reason = report.words.join("; ");
    Err(Stopped {
        words: format!(
            "{left} of {before} alerts stay open under {called} ({reason}). No run resolves them: {remedy}"
        ),
        // No call makes up for it: that key is gone.
        exit: Exit::Refused,
    })
}

/// A dry run of `--send` from what is on the disk now: the very files, modes and secrets that it will use. Where a
/// schedule will run it, what is in this environment alone does not count.
async fn try_out(path: &Path, state: &Path, environment: Option<&Environment>) -> Result<String, Stopped> {
    let of = |words: &str| format!("a dry run of the sender: {words}");
    let stopped = |error: Stopped| Stopped { words: of(&error.words), ..error };
    let config = config::load(path).map_err(unusable).map_err(stopped)?;
    let config = match environment.map(|environment| environment.see(&config)) {
        Some(Err(missing)) => {
            let words = of(&format!("{}: {}", missing.what, missing.fix));
            return Err(Stopped { words, exit: Exit::Configuration });
        }
        Some(Ok(seen)) => seen,
        None => config,
    };
    let key = config.api_key().map_err(unusable).map_err(stopped)?;
    let netdata = netdata::Parents::of(&config)
        .map_err(|error| Stopped { words: of(&error.to_string()), exit: Exit::Configuration })?;
    let job = Job::new(&config, &key, state, &netdata);
    let DryRun { report, notices, no_heartbeat, .. } =
        dry_run(&job).await.map_err(failed).map_err(stopped)?;
    if report.exit != Exit::Done {
        return Err(Stopped { words: of(&report.words.join("; ")), exit: report.exit });
    }
    if let Some(words) = no_heartbeat {
        return Err(Stopped { words: of(&words), exit: Exit::Configuration });
    }
    let (critical, warning) = (report.record.criticals, report.record.warnings);
    let outside = raised_outside(&config, &netdata, critical + warning).await;
    let would = match (notices.len(), critical + warning, outside) {
        // Netdata did not say what is raised outside.
        (0, 0, None) if !config.notification.rooms.is_empty() => {
            "no alert is raised inside the rooms now, nothing would be sent".to_owned()
        }
        (0, 0, None | Some(0)) => "no alert is raised now, nothing would be sent".to_owned(),
        (0, 0, Some(_)) => "nothing would be sent now: what is raised is outside the rooms".to_owned(),
        (0, ..) => format!(
            "nothing would be sent now: what is raised ({critical} critical, {warning} warning) is sent already, \
             delayed, silenced, or of no type that is sent"
        ),
        (1, ..) => "one event would be sent now".to_owned(),
        (count, ..) => format!("{count} events would be sent now"),
    };
    let raised = match outside {
        Some(outside) if critical + warning + outside > 0 => {
            format!(" (raised inside the rooms: {critical} critical, {warning} warning; outside: {outside})")
        }
        None | Some(_) => String::new(),
    };
    Ok(of(&format!("{would}{raised}")))
}

/// How many alerts are raised now on nodes that are in none of the chosen rooms, where so many are inside; `None` where
/// there are no rooms, or Netdata does not say. The sender itself reads of no others than those inside.
async fn raised_outside(config: &Config, netdata: &netdata::Parents, inside: usize) -> Option<usize> {
    if config.notification.rooms.is_empty() {
        return None;
    }
    let seen = netdata.observe(&|_| Interest::everything()).await.ok()?;
    let raised = seen.sightings.iter().filter(|one| one.facts.status.level().is_some()).count();
    Some(raised.saturating_sub(inside))
}

#[allow(clippy::needless_pass_by_value)] // for `map_err`
fn unusable(error: ConfigError) -> Stopped {
    Stopped { words: error.to_string(), exit: Exit::Configuration }
}

#[allow(clippy::needless_pass_by_value)] // for `map_err`
fn failed(error: impl fmt::Display) -> Stopped {
    Stopped { words: error.to_string(), exit: Exit::Failure }
}
