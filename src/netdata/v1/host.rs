//! One host of a v1 agent: its log, then the state of its alerts.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::host_path;
use super::wire::{Alarm, Alarms, Entry, Info};
use crate::alert::{AlertId, Facts, NodeId, Sighting, Status, Transition};
use crate::netdata::Interest;
use crate::netdata::connection::{Connection, LARGE, SMALL};
use crate::netdata::error::Error;
use crate::netdata::future::{Beyond, Present};
use crate::netdata::gap;
use crate::netdata::time::Share;

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
    pub(super) gaps: Vec<String>,
    /// What was dated ahead.
    pub(super) beyond: Beyond,
}

/// Looks at one host. `past` is the last entry known of its log and when the last observation was; the log has a share
/// of the time.
pub(super) async fn look(
    connection: &Connection,
    host: &Host,
    interest: &Interest<'_>,
    past: Option<(i64, i64)>,
    share: Share,
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
    let state = match past {
        None => {
            let (state, latest) = State::ask(connection, host, interest).await?;
            // A log that holds nothing at all yet says nothing of where it will go on.
            look.mark = Some(latest).filter(|latest| *latest > 0);
            state
        }
        Some((id, last)) => Reader { connection, host, interest, share, id, last }.read(&mut look).await?,
    };
    look.take_in(state, interest);
    Ok(look)
}

/// Reads a log that goes on, and the state after it.
struct Reader<'a> {
    connection: &'a Connection,
    host: &'a Host,
    interest: &'a Interest<'a>,
    share: Share,
    /// The last entry known.
    id: i64,
    /// When the last observation was.
    last: i64,
}

impl Reader<'_> {
    async fn read(&self, look: &mut Look) -> Result<State, Error> {
        let log = self.log_or_gap(Some(self.id), look).await?;
        let (state, latest) = State::ask(self.connection, self.host, self.interest).await?;
        if latest > 0 && latest < self.id {
            return self.read_anew(latest, look).await;
        }
        match log {
            // From now on: what is asked for must not grow from run to run.
            None => look.mark = Some(latest.max(self.id)),
            Some(log) => {
                if log.length >= LONGEST_LOG
                    && log.oldest.is_some_and(|oldest| oldest > self.id.saturating_add(1))
                {
                    look.gaps.push(gap::log_cut(&self.whose(), log.length, self.last));
                }
                let newest = log.newest.unwrap_or(self.id);
                look.take(log, newest);
                if latest > newest {
                    self.catch_up(newest, latest, look).await?;
                }
            }
        }
        Ok(state)
    }

    /// What was logged between the two answers is in the state already: it belongs to this observation, and what
    /// came after the state does not.
    async fn catch_up(&self, newest: i64, latest: i64, look: &mut Look) -> Result<(), Error> {
        match self.log(Some(newest)).await {
            Ok(mut log) => {
                log.entries.retain(|(id, _)| *id <= latest);
                // As far as it was read: newer agents write it through a queue.
                let newest = log.entries.last().map_or(newest, |(id, _)| *id);
                look.take(log, newest);
                Ok(())
            }
            // The next observation goes on there.
            Err(error) if error.leaves_a_gap() => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// The agent's database was wiped: its ids start low again.
    async fn read_anew(&self, latest: i64, look: &mut Look) -> Result<State, Error> {
        look.notes.push(format!(
            "{}: the database of its log was wiped (last entry {latest}, {} was known); entries since then are told",
            self.host.id.host, self.id
        ));
        look.mark = Some(latest);
        if let Some(mut log) = self.log_or_gap(None, look).await? {
            let newest = log.newest.unwrap_or(latest);
            log.entries.retain(|(_, transition)| transition.facts.when >= self.last);
            look.take(log, newest);
        }
        // Not older than the log.
        Ok(State::ask(self.connection, self.host, self.interest).await?.0)
    }

    async fn log_or_gap(&self, after: Option<i64>, look: &mut Look) -> Result<Option<Log>, Error> {
        match self.log(after).await {
            Err(error) if error.leaves_a_gap() => {
                let gap = gap::log_missing(&self.whose(), &error, self.share.length, self.last);
                look.gaps.push(gap);
                Ok(None)
            }
            log => log.map(Some),
        }
    }

    async fn log(&self, after: Option<i64>) -> Result<Log, Error> {
        self.share.run(self.connection, Log::ask(self.connection, self.host, after)).await
    }

    fn whose(&self) -> String {
        format!("{}'s", self.host.id.host)
    }
}

impl Look {
    /// Takes in a part of the log that ends with this entry.
    fn take(&mut self, log: Log, newest: i64) {
        self.mark = Some(newest);
        self.transitions.extend(log.entries.into_iter().map(|(_, transition)| transition));
    }

    /// Takes in the state, and bounds what is dated ahead of it.
    fn take_in(&mut self, mut state: State, interest: &Interest<'_>) {
        let mut present = Present::new(state.now, 0);
        for transition in &mut self.transitions {
            let facts = &mut transition.facts;
            if present.is_before(facts.when) {
                facts.transition.push_str(&stamp(facts));
            }
        }
        state.name_transitions(&self.transitions);
        present.bound_transitions(&mut self.transitions);
        for sighting in &mut state.sightings {
            let known = recall(sighting, interest);
            if !known && present.is_before(sighting.facts.when) && sighting.facts.transition.is_empty() {
                sighting.facts.transition = stamp(&sighting.facts);
            }
            present.bound_sighting(sighting, known);
        }
        self.beyond = present.into_beyond();
        (self.now, self.health, self.sightings) = (Some(state.now), state.health, state.sightings);
    }
}

/// What tells a transition that is dated ahead from others, whatever it is bounded to: its time and status as printed.
fn stamp(facts: &Facts) -> String {
    format!("@{}/{}", facts.when, facts.status)
}

/// Gives a sighting the transition that an earlier observation knew it by, if that was dated ahead.
fn recall(sighting: &mut Sighting, interest: &Interest<'_>) -> bool {
    let Some(followed) = interest.followed.get(&sighting.alert) else { return false };
    let known = followed.transition.contains('@') && followed.transition.ends_with(&stamp(&sighting.facts));
    if known {
        sighting.facts.transition.clone_from(&followed.transition);
    }
    known
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
    /// By their ids, oldest first, none twice.
    entries: Vec<(i64, Transition)>,
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
        let mut entries: Vec<(i64, Transition)> = entries
            .into_iter()
            .filter_map(|entry| {
                let id = entry.unique_id.0.filter(|id| after.is_none_or(|after| *id > after))?;
                seen.insert(id).then(|| (id, transition(entry, id, host)))
            })
            .collect();
        // By id, not by time: a clock that is corrected goes back.
        entries.sort_by_key(|(id, _)| *id);
        let (oldest, newest) = (entries.first().map(|(id, _)| *id), entries.last().map(|(id, _)| *id));
        Ok(Self { entries, length, oldest, newest })
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
