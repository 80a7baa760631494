//! Writes what was confirmed: the secrets first, then the configuration that names their files, then the schedule that
//! runs it.

use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::task::spawn_blocking;
use tokio::time::Instant;

use crate::config;
use crate::delivery::by_hand;
use crate::delivery::{DryRun, Job, dry_run};
use crate::exit::Exit;
use crate::netdata::{self, Credentials};
use crate::schedule;
use crate::secret::Secret;
use crate::text::ShownPath as _;
use crate::wizard::context::{Former, Orders, Written};

/// ilert takes 50 events a minute: a thousand alerts are resolved by then.
const LONGEST_HAND_OVER: Duration = Duration::from_secs(20 * 60);

/// Writes, and then lets the sender say what it would do.
pub(super) async fn write(orders: Orders) -> Written {
    let Orders { secrets, path, text, plan, former, state, mut dry_run } = orders;
    let at = path.clone();
    let (done, failed) = spawn_blocking(move || files(&secrets, &at, &text))
        .await
        .unwrap_or_else(|error| (Vec::new(), Some(format!("writing broke off: {error}"))));
    let mut written = Written { done, failed, ..Written::default() };
    if written.failed.is_some() {
        return written;
    }
    if let Some(plan) = plan {
        let installed = spawn_blocking(move || schedule::install(&plan)).await;
        match installed {
            Ok(Ok(done)) => written.done.extend(done),
            Ok(Err(error)) => written.failed = Some(error.to_string()),
            Err(error) => written.failed = Some(format!("installing the schedule broke off: {error}")),
        }
        dry_run &= written.failed.is_none();
    }
    if let Some(former) = former.filter(|_| written.failed.is_none()) {
        written.handed_over = Some(hand_over(&former, &state).await);
    }
    if dry_run {
        written.dry_run = Some(try_out(&path, &state).await);
    }
    written
}

/// Resolves what is open under the former key, for nobody will have that key any more.
async fn hand_over(former: &Former, state: &Path) -> Result<String, String> {
    let Former { config, key } = former;
    // Asked nothing: what is open is known.
    let netdata = netdata::Parents::with(&config.netdata, &Credentials::default())
        .map_err(|error| error.to_string())?;
    let deadline = Instant::now() + LONGEST_HAND_OVER;
    let job = Job { deadline, ..Job::new(config, key, state, &netdata) };
    let (before, left, report) =
        by_hand::resolve_under_old_key(&job).await.map_err(|error| error.to_string())?;
    if left == 0 {
        return Ok(format!("resolved what was open under the old key (alerts: {before})"));
    }
    let reason = report.words.join("; ");
    Err(format!("{left} of {before} alerts stay open under the old key: resolve them in ilert ({reason})"))
}

/// Says what was written, and what could not be.
fn files(secrets: &[(PathBuf, Secret)], path: &Path, text: &Secret) -> (Vec<String>, Option<String>) {
    let mut done = Vec::new();
    for (path, secret) in secrets {
        if let Err(error) = config::write_key(path, secret) {
            return (done, Some(error.to_string()));
        }
        done.push(format!("wrote `{}` (mode 0600)", path.shown()));
    }
    if let Err(error) = config::write(path, text.expose()) {
        return (done, Some(error.to_string()));
    }
    done.push(format!("wrote `{}`", path.shown()));
    (done, None)
}

/// A dry run of `--send` from what is on the disk now: the very files, modes and secrets that it will use.
async fn try_out(path: &Path, state: &Path) -> Result<String, String> {
    let config = config::load(path).map_err(|error| error.to_string())?;
    let key = config.api_key().map_err(|error| error.to_string())?;
    let netdata = netdata::Parents::of(&config).map_err(|error| error.to_string())?;
    let job = Job::new(&config, &key, state, &netdata);
    let DryRun { report, notices, .. } = dry_run(&job).await.map_err(|error| error.to_string())?;
    let (critical, warning) = (report.record.criticals, report.record.warnings);
    match (report.exit, notices.len()) {
        (Exit::Done, 0) if critical + warning == 0 => {
            Ok("no alert is raised now, nothing would be sent".to_owned())
        }
        (Exit::Done, 0) => Ok(format!(
            "nothing would be sent now: what is raised ({critical} critical, {warning} warning) is sent already, \
             delayed or silenced"
        )),
        (Exit::Done, 1) => Ok("one event would be sent now".to_owned()),
        (Exit::Done, count) => Ok(format!("{count} events would be sent now")),
        _ => Err(report.words.join("; ")),
    }
}
