//! Pings the heartbeat after a good run, at most about once a minute. It delays no alert, and a failed ping does not
//! fail the run.

use tokio::time::timeout_at;

use super::connections::Connections;
use super::job::Job;
use super::store::{Store, StoreError};

/// Time between pings, milliseconds: cron's every minute pings each time, a timer's every 15 s each fourth time.
/// ilert takes 5 a minute.
const EVERY: i64 = 50_000;
/// Time until one that failed is tried again, milliseconds.
const AGAIN: i64 = 14_000;

/// The result of a ping.
#[derive(Debug, Default)]
pub(super) struct Ping {
    /// When the next one is due (this machine's clock, milliseconds), if that changed.
    pub next: Option<i64>,
    /// What went wrong.
    pub problem: Option<String>,
}

/// Why none could be sent, where one is configured. Sends nothing.
pub(super) fn unusable(job: &Job<'_>, connections: &Connections) -> Option<String> {
    let problem = match job.config.heartbeat_url() {
        Ok(url) => connections.heartbeat(&job.config.ilert, url?).err()?.to_string(),
        Err(error) => error.to_string(),
    };
    Some(format!("no heartbeat is sent: {problem}"))
}

/// Pings if one is configured and due.
pub(super) async fn ping_heartbeat(
    job: &Job<'_>,
    connections: &Connections,
    store: &Store,
) -> Result<Ping, StoreError> {
    let url = match job.config.heartbeat_url() {
        Ok(Some(url)) => url,
        Ok(None) => return Ok(Ping::default()),
        Err(error) => {
            tracing::warn!("no heartbeat is sent: {error}");
            return Ok(Ping { next: None, problem: Some(format!("no heartbeat is sent: {error}")) });
        }
    };
    let now = (job.clock)();
    // A time far ahead was written before the clock was set back.
    if store.next_heartbeat()?.is_some_and(|next| next > now && next <= now + EVERY) {
        return Ok(Ping::default());
    }
    let failed = match connections.heartbeat(&job.config.ilert, url) {
        Ok(heartbeat) => match timeout_at(job.deadline, heartbeat.ping()).await {
            Ok(answer) => answer.err().map(|error| error.to_string()),
            Err(_) => Some("the run's time is over".to_owned()),
        },
        Err(error) => Some(error.to_string()),
    };
    let problem = failed.map(|reason| format!("the heartbeat did not get through: {reason}"));
    tracing::info!("{}", problem.as_deref().unwrap_or("pinged ilert's heartbeat monitor: all is well"));
    Ok(Ping { next: Some(now + if problem.is_some() { AGAIN } else { EVERY }), problem })
}
