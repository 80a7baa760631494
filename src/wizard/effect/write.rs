//! Writes what was confirmed: the secrets first, then the configuration that names their files, then the schedule that
//! runs it.

use std::path::Path;
use std::time::Duration;

use tokio::time::Instant;

use super::now;
use crate::config::{self, Config};
use crate::delivery::by_hand;
use crate::delivery::run::{self, Exit, Job};
use crate::netdata::{self, Credentials};
use crate::schedule;
use crate::wizard::world::{Former, Orders, Written};

/// ilert takes 50 events a minute: a thousand alerts are resolved by then.
const LONGEST_HAND_OVER: Duration = Duration::from_secs(20 * 60);

/// Writes, and then lets the sender say what it would do.
pub(super) async fn write(orders: Orders) -> Written {
    let mut written = Written::default();
    let mut dry_run = orders.dry_run;
    if let Err(reason) = files(&orders, &mut written.done) {
        written.failed = Some(reason);
        return written;
    }
    if let Some(plan) = orders.plan {
        let installed = tokio::task::spawn_blocking(move || schedule::install(&plan)).await;
        match installed {
            Ok(Ok(done)) => written.done.extend(done),
            Ok(Err(error)) => written.failed = Some(error.to_string()),
            Err(error) => written.failed = Some(format!("installing the schedule broke off: {error}")),
        }
        dry_run &= written.failed.is_none();
    }
    if let Some(former) = orders.former.filter(|_| written.failed.is_none()) {
        written.handed_over = Some(hand_over(&former, &orders.state).await);
    }
    if dry_run {
        written.dry_run = Some(try_out(&orders.path, &orders.state).await);
    }
    written
}

/// Resolves what is open under the former key, for nobody will have that key any more.
async fn hand_over(former: &Former, state: &Path) -> Result<String, String> {
    let Former { config, key } = former;
    // Asked nothing: what is open is known.
    let netdata = netdata::Client::new(&config.netdata.url, None, Credentials::default())
        .map_err(|error| error.to_string())?;
    let deadline = Instant::now() + LONGEST_HAND_OVER;
    let job = Job { config, key, state, netdata: &netdata, clock: &now, deadline };
    let (before, left, report) = by_hand::hand_over(&job).await.map_err(|error| error.to_string())?;
    if left == 0 {
        return Ok(format!("resolved what was open under the former key (alerts: {before})"));
    }
    let reason = report.words.join("; ");
    Err(format!("{left} of {before} alerts stay open under the former key, resolve them in ilert: {reason}"))
}

fn files(orders: &Orders, done: &mut Vec<String>) -> Result<(), String> {
    for (path, secret) in &orders.secrets {
        config::write_key(path, secret).map_err(|error| error.to_string())?;
        done.push(format!("wrote `{}` (mode 0600)", path.display()));
    }
    config::write(&orders.path, orders.text.expose()).map_err(|error| error.to_string())?;
    done.push(format!("wrote `{}`", orders.path.display()));
    Ok(())
}

/// A dry run of `--send` from what is on the disk now: the very files, modes and secrets that it will use.
async fn try_out(path: &Path, state: &Path) -> Result<String, String> {
    let config = config::load(path).map_err(|error| error.to_string())?;
    let key = config.api_key().map_err(|error| error.to_string())?;
    let netdata = client(&config)?;
    let job = Job {
        config: &config,
        key: &key,
        state,
        netdata: &netdata,
        clock: &now,
        deadline: Instant::now() + run::DEADLINE,
    };
    let (report, notices, _) = run::dry_run(&job).await.map_err(|error| error.to_string())?;
    match (report.exit, notices.len()) {
        (Exit::Done, 0) => Ok("nothing is raised now, nothing would be sent".to_owned()),
        (Exit::Done, 1) => Ok("one event would be sent now".to_owned()),
        (Exit::Done, count) => Ok(format!("{count} events would be sent now")),
        _ => Err(report.words.join("; ")),
    }
}

fn client(config: &Config) -> Result<netdata::Client, String> {
    let password = config.netdata_password().map_err(|error| error.to_string())?;
    let bearer = config.netdata_bearer_token().map_err(|error| error.to_string())?;
    let credentials = Credentials { basic: config.netdata.username.clone().zip(password), bearer };
    netdata::Client::new(&config.netdata.url, config.netdata.ca_file.as_deref(), credentials)
        .map_err(|error| error.to_string())
}
