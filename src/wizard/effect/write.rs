//! Does what was confirmed, one thing after the other: the secrets first, then the configuration that names their files,
//! then the schedule that runs it.

use std::path::Path;
use std::time::Duration;

use tokio::time::Instant;

use super::aside;
use crate::config;
use crate::delivery::by_hand;
use crate::delivery::{DryRun, Job, dry_run};
use crate::exit::Exit;
use crate::netdata::{self, Credentials};
use crate::schedule;
use crate::text::ShownPath as _;
use crate::wizard::context::{Deed, Former};

/// ilert takes 50 events a minute: a thousand alerts are resolved by then.
const LONGEST_HAND_OVER: Duration = Duration::from_secs(20 * 60);

/// Does one thing: what was done, a line each, or why it could not be.
pub(super) async fn perform(deed: Deed) -> Result<Vec<String>, String> {
    match deed {
        Deed::Secret { path, secret } => {
            aside(move || config::write_key(&path, &secret).map(|()| shown(&path)))
                .await
                .map(|path| vec![format!("wrote `{path}` (mode 0600)")])
                .map_err(|error| error.to_string())
        }
        Deed::Configuration { path, text } => {
            aside(move || config::write(&path, text.expose()).map(|()| shown(&path)))
                .await
                .map(|path| vec![format!("wrote `{path}`")])
                .map_err(|error| error.to_string())
        }
        Deed::Schedule(plan) => {
            aside(move || schedule::install(&plan)).await.map_err(|error| error.to_string())
        }
        Deed::HandOver { former, state } => {
            hand_over(&former, &state, "the old key").await.map(|done| vec![done])
        }
        Deed::DryRun { config, state } => {
            let said = try_out(&config, &state).await;
            let of = |words: String| format!("a dry run of the sender: {words}");
            said.map(|words| vec![of(words)]).map_err(of)
        }
    }
}

fn shown(path: &Path) -> String {
    path.shown()
}

/// Resolves what is open under a key that nothing will be sent with any more; `called` is what to call that key.
pub(super) async fn hand_over(former: &Former, state: &Path, called: &str) -> Result<String, String> {
    let Former { config, key } = former;
    // Asked nothing: what is open is known.
    let netdata = netdata::Parents::with(&config.netdata, &Credentials::default())
        .map_err(|error| error.to_string())?;
    let deadline = Instant::now() + LONGEST_HAND_OVER;
    let job = Job { deadline, ..Job::new(config, key, state, &netdata) };
    let (before, left, report) =
        by_hand::resolve_under_old_key(&job).await.map_err(|error| error.to_string())?;
    if left == 0 {
        return Ok(format!("resolved what was open under {called} (alerts: {before})"));
    }
    let reason = report.words.join("; ");
    Err(format!("{left} of {before} alerts stay open under {called}: resolve them in ilert ({reason})"))
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
