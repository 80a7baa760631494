//! One host of a v1 agent: its log, then the state of its alerts.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::host_path;
use super::wire::{Alarm, Alarms, Entry, Info};
use crate::alert::{AlertId, Facts, NodeId, Sighting, Status, Transition};
use crate::netdata::Interest;
use crate::netdata::connection::{Connection, LARGE, SMALL};
use crate::netdata::error::Error;

/// `in memory max health log entries`: what a log answer holds at most, and does not say when it was more.
const LONGEST_LOG: usize = 1000;

/// A host as the agent lists it.
pub(super) struct Host {
    pub(super) id: Arc<NodeId>,
    pub(super) reachable: bool,
    /// Whether the filter wants its alerts.
    pub(super) covered: bool,
    pub(super) ephemeral: bool,
    /// Before `/api/v1`: empty for the agent's own node.
    path: String,
}

impl Host {
    pub(super) fn own(guid: &str, name: &str, ephemeral: bool) -> Self {
        Self { ephemeral, path: String::new(), ..Self::child(guid, name, true) }
    }

    pub(super) fn child(guid: &str, name: &str, reachable: bool) -> Self {
        let id = Arc::new(NodeId { guid: guid.to_lowercase(), host: name.to_owned() });
        Self { id, reachable, covered: true, ephemeral: false, path: host_path(guid) }
    }

    /// The agent's own node, or a child.
    pub(super) fn is_own(&self) -> bool {
        self.path.is_empty()
    }
}

/// A child of which only the name is known; `None` where it does not answer with a GUID of its own.
pub(super) async fn by_name(connection: &Connection, name: &str) -> Option<Host> {
    let path = host_path(name);
    let answer = connection.get(&format!("{path}/api/v1/info"), SMALL).await.ok()?;
    let info: Info<'_> = answer.parse().ok()?;
    Some(Host { path, ephemeral: info.host_labels.ephemeral(), ..Host::child(info.uid.as_str(), name, true) })
}

/// What one host showed.
#[derive(Default)]
pub(super) struct Look {
    /// Its clock, where it was asked.
    pub(super) now: Option<i64>,
    pub(super) health: bool,
    pub(super) ephemeral: bool,
    pub(super) sightings: Vec<Sighting>,
    pub(super) transitions: Vec<Transition>,
    /// The last entry of its log that was read.
    pub(super) mark: Option<i64>,
    pub(super) notes: Vec<String>,
}

/// Looks at one host. `past` is the last entry known of its log and when the last observation was.
pub(super) async fn look(
    connection: &Connection,
    host: &Host,
    interest: &Interest<'_>,
    past: Option<(i64, i64)>,
) -> Result<Look, Error> {
    if !host.is_own() && (!host.reachable || !host.covered) {
        let ephemeral = host.covered && is_ephemeral(connection, host).await;
        return Ok(Look { health: true, ephemeral, ..Look::default() });
    }
    if !host.covered {
        // For the agent's clock alone.
        let answer = connection.get("/api/v1/alarms", LARGE).await?;
        let alarms: Alarms<'_> = answer.parse()?;
        let health = alarms.status.0.unwrap_or(true);
        return Ok(Look { now: alarms.now.0.filter(|now| *now > 0), health, ..Look::default() });
    }
    let mut look = Look::default();
    let log = match past {
        Some((id, _)) => Some(Log::ask(connection, host, Some(id)).await?),
        None => None,
    };
    let (mut state, latest) = State::ask(connection, host, interest).await?;
    match (past, log) {
        // A log that holds nothing at all yet says nothing of where it will go on.
        (None, _) | (_, None) => look.mark = Some(latest).filter(|latest| *latest > 0),
        (Some((id, last)), Some(_)) if latest > 0 && latest < id => {
            look.notes.push(format!(
                "{}: the database of its log was wiped (last entry {latest}, {id} was known); entries since then \
                 are told",
                host.id.host
            ));
            let mut log = Log::ask(connection, host, None).await?;
            look.mark = Some(log.newest.unwrap_or(latest));
            log.transitions.retain(|transition| transition.facts.when >= last);
            look.transitions = log.transitions;
            (state, _) = State::ask(connection, host, interest).await?;
        }
        (Some((id, _)), Some(log)) => {
            if log.length >= LONGEST_LOG && log.oldest.is_some_and(|oldest| oldest > id.saturating_add(1)) {
                look.notes.push(format!(
                    "{}: its log was cut at {} entries, older ones are lost: the present state decides",
                    host.id.host, log.length
                ));
            }
            look.mark = Some(log.newest.unwrap_or(id));
            look.transitions = log.transitions;
        }
    }
    state.name_transitions(&look.transitions);
    (look.now, look.health, look.sightings) = (Some(state.now), state.health, state.sightings);
    Ok(look)
}

async fn is_ephemeral(connection: &Connection, host: &Host) -> bool {
    let answer = connection.get(&format!("{}/api/v1/info", host.path), SMALL).await;
    let info = answer.as_ref().ok().and_then(|answer| answer.parse::<Info<'_>>().ok());
    // A parent that does not know the host must not answer for itself.
    info.is_some_and(|info| {
        info.uid.as_str().eq_ignore_ascii_case(&host.id.guid) && info.host_labels.ephemeral()
    })
}

/// A part of a host's log.
struct Log {
    /// Oldest first, none twice.
    transitions: Vec<Transition>,
    /// How many entries the answer had.
    length: usize,
    oldest: Option<i64>,
    newest: Option<i64>,
}

impl Log {
    /// What came after the entry with this id; without one, all that there is.
    async fn ask(connection: &Connection, host: &Host, after: Option<i64>) -> Result<Self, Error> {
        let query = after.map_or_else(String::new, |id| format!("?after={id}"));
        let answer = connection.get(&format!("{}/api/v1/alarm_log{query}", host.path), LARGE).await?;
        let entries: Vec<Entry<'_>> = answer.parse()?;
        let length = entries.len();
        let mut seen = HashSet::with_capacity(length);
        let mut ordered: Vec<(i64, Transition)> = entries
            .into_iter()
            .filter_map(|entry| {
                let id = entry.unique_id.0.filter(|id| after.is_none_or(|after| *id > after))?;
                seen.insert(id).then(|| (id, transition(entry, id, host)))
            })
            .collect();
        ordered.sort_by_key(|(id, transition)| (transition.facts.when, *id));
        let oldest = ordered.iter().map(|(id, _)| *id).min();
        let newest = ordered.iter().map(|(id, _)| *id).max();
        let transitions = ordered.into_iter().map(|(_, transition)| transition).collect();
        Ok(Self { transitions, length, oldest, newest })
    }
}

fn transition(mut entry: Entry<'_>, id: i64, host: &Host) -> Transition {
    let when = entry.when.or_zero();
    let info = entry.take_info();
    let old = entry.old_status.as_str();
    let facts = Facts {
        status: Status::parse(entry.status.as_str()),
        old_status: (!old.is_empty()).then(|| Status::parse(old)),
        value: entry.value.0,
        old_value: entry.old_value.0,
        value_text: entry.value_string.into_string(),
        units: entry.units.into_string(),
        summary: entry.summary.into_string(),
        info,
        context: entry.context.into_string(),
        role: entry.recipient.into_string(),
        class: entry.class.into_string(),
        component: entry.component.into_string(),
        kind: entry.kind.into_string(),
        source: entry.source.into_string(),
        when,
        duration: entry.duration.0.and_then(|seconds| u64::try_from(seconds).ok()),
        transition: id.to_string(),
    };
    Transition {
        alert: AlertId {
            node: host.id.clone(),
            chart: entry.chart.into_string(),
            name: entry.name.into_string(),
        },
        due: entry.delay_up_to_timestamp.0.unwrap_or(when),
        silent: entry.silenced.0.unwrap_or(false) || facts.silent_role(),
        facts,
    }
}

/// The state of a host's alerts.
struct State {
    now: i64,
    health: bool,
    sightings: Vec<Sighting>,
}

impl State {
    /// Asks for it; with it comes the id of the newest entry of the log, 0 where there is none.
    async fn ask(
        connection: &Connection,
        host: &Host,
        interest: &Interest<'_>,
    ) -> Result<(Self, i64), Error> {
        let answer = connection.get(&format!("{}/api/v1/alarms?all", host.path), LARGE).await?;
        let alarms: Alarms<'_> = answer.parse()?;
        let now = alarms.now.0.filter(|now| *now > 0).ok_or_else(|| Error::Unreadable {
            url: answer.url().to_owned(),
            detail: "it says no time".to_owned(),
        })?;
        let sightings =
            alarms.list.0.into_iter().filter_map(|alarm| sighting(alarm, host, interest)).collect();
        let health = alarms.status.0.unwrap_or(true);
        Ok((Self { now, health, sightings }, alarms.latest_alarm_log_unique_id.or_zero()))
    }

    /// `alarms` does not say which transition led to a status: the log does, where it was just read.
    fn name_transitions(&mut self, transitions: &[Transition]) {
        let last: HashMap<&AlertId, &Facts> =
            transitions.iter().map(|transition| (&transition.alert, &transition.facts)).collect();
        for sighting in &mut self.sightings {
            let facts = &mut sighting.facts;
            let found = last.get(&sighting.alert).filter(|last| last.status == facts.status);
            if let Some(last) = found {
                facts.transition.clone_from(&last.transition);
                facts.context.clone_from(&last.context);
            }
        }
    }
}

/// An alert that is raised or followed.
fn sighting(alarm: Alarm<'_>, host: &Host, interest: &Interest<'_>) -> Option<Sighting> {
    let status = Status::parse(alarm.status.as_str());
    let alert =
        AlertId { node: host.id.clone(), chart: alarm.chart.into_string(), name: alarm.name.into_string() };
    if status.level().is_none() && !interest.followed.contains_key(&alert) {
        return None;
    }
    let facts = Facts {
        status,
        value: alarm.value.0,
        value_text: alarm.value_string.into_string(),
        units: alarm.units.into_string(),
        summary: alarm.summary.into_string(),
        info: alarm.info.into_string(),
        role: alarm.recipient.into_string(),
        class: alarm.class.into_string(),
        component: alarm.component.into_string(),
        kind: alarm.kind.into_string(),
        source: alarm.source.into_string(),
        when: alarm.last_status_change.or_zero(),
        ..Facts::default()
    };
    let silent = Some(alarm.silenced.0.unwrap_or(false) || facts.silent_role());
    Some(Sighting { alert, due: alarm.delay_up_to_timestamp.0, silent, pending: false, facts })
}
