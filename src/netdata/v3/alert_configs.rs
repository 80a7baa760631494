//! `/api/v3/alert_config`: the thresholds and the calculation of the alerts that were raised since the last
//! observation.
//!
//! One configuration serves an alert on many charts and nodes: it is asked for once. What is known already is not asked
//! for, so a quiet observation asks nothing. It is a bonus: what does not come in time is not told.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use futures_util::{StreamExt, stream};
use tokio::time::{Instant, timeout_at};

use super::log::LogWindow;
use super::{Round, is_known, wire};
use crate::alert::{AlertConfig, AlertDetails, Level, Sighting};
use crate::netdata::CONCURRENCY;
use crate::netdata::alert_config::{DatabaseLookup, expression, known};
use crate::netdata::answer::Json;
use crate::netdata::connection::{Connection, SMALL};
use crate::netdata::error::Error;
use crate::netdata::uuid::Uuid;
use crate::netdata::wire::Text;

/// The most configurations that one observation asks for.
const MOST: usize = 10;
/// How long it waits for them, all together.
const PATIENCE: Duration = Duration::from_secs(2);

/// Fills in how the alerts that are news are configured, as far as the agent says it.
pub(super) async fn fill(round: &mut Round<'_>, log: &mut LogWindow, sightings: &mut [Sighting]) {
    let wanted = wanted(round, log, sightings);
    let configs = ask(round, wanted).await;
    if configs.is_empty() {
        return;
    }
    let transitions = log.new_mut().map(|transition| &mut transition.facts);
    for facts in transitions.chain(sightings.iter_mut().map(|sighting| &mut sighting.facts)) {
        facts.config = hash(round, facts).and_then(|hash| configs.get(&hash)).cloned();
    }
}

/// Which configurations to ask for: those of raised alerts that may be told, critical ones first.
fn wanted(round: &Round<'_>, log: &LogWindow, sightings: &[Sighting]) -> Vec<Uuid> {
    let mut wanted = Vec::new();
    for level in [Level::Critical, Level::Warning] {
        let transitions = log.news().filter(|one| !one.silent).map(|one| &one.facts);
        let is_news =
            |one: &&Sighting| !one.pending && one.silent != Some(true) && !is_known(round.interest, one);
        let sighted = sightings.iter().filter(is_news).map(|one| &one.facts);
        for facts in transitions.chain(sighted).filter(|facts| facts.status.level() == Some(level)) {
            let Some(hash) = hash(round, facts).filter(|hash| !wanted.contains(hash)) else { continue };
            if wanted.len() == MOST {
                return wanted;
            }
            wanted.push(hash);
        }
    }
    wanted
}

fn hash(round: &Round<'_>, facts: &AlertDetails) -> Option<Uuid> {
    round.hashes.get(&Uuid::parse(&facts.transition)?).copied()
}

/// Asks for each once, as far as the time goes. None of them is worth a failure.
async fn ask(round: &mut Round<'_>, wanted: Vec<Uuid>) -> HashMap<Uuid, Arc<AlertConfig>> {
    let (connection, extras) = (round.connection, round.time.extras().until());
    let until = extras.min(Instant::now() + PATIENCE);
    let mut missing = wanted.len();
    let questions = wanted.into_iter().map(|hash| async move { (hash, one(connection, hash).await) });
    let mut answers = stream::iter(questions).buffer_unordered(CONCURRENCY);
    let mut configs = HashMap::new();
    while let Ok(Some((hash, answer))) = timeout_at(until, answers.next()).await {
        if let Ok(config) = answer {
            missing -= 1;
            configs.extend(config.map(|config| (hash, config)));
        }
    }
    if missing > 0 {
        let s = if missing == 1 { "" } else { "s" };
        round
            .notes
            .push(format!("{missing} alert configuration{s} did not come: the thresholds are not told"));
    }
    configs
}

/// One configuration; `None` if the answer does not have it.
async fn one(connection: &Connection, hash: Uuid) -> Result<Option<Arc<AlertConfig>>, Error> {
    match connection.get(&format!("/api/v3/alert_config?config={hash}"), SMALL).await {
        Err(Error::NotFound { .. }) => Ok(None),
        answer => answer?.read(move |answer| config(answer, hash)).await,
    }
}

fn config(answer: &Json, hash: Uuid) -> Result<Option<Arc<AlertConfig>>, Error> {
    let wire::AlertConfig { config_hash_id, value, status } = answer.parse()?;
    // Whatever stands between must not answer with another one.
    if Uuid::parse(config_hash_id.as_str()) != Some(hash) {
        return Ok(None);
    }
    let options: Vec<&str> = value.db.options.iter().map(Text::as_str).collect();
    let look_up = DatabaseLookup {
        method: value.db.method.as_str(),
        after: value.db.after.or_zero(),
        before: value.db.before.or_zero(),
        options: options.join(" "),
        dimensions: value.db.dimensions.as_str(),
    };
    Ok(known(AlertConfig {
        warn_when: expression(status.warn.as_str()),
        crit_when: expression(status.crit.as_str()),
        calculation: expression(value.calc.as_str()),
        lookup: look_up.line(),
    }))
}
