//! Asks one host of a v1 agent: its log, then the state of its alerts.

use super::host::Host;
use super::host_path;
use super::log::{NewEntries, Reader};
use super::state::{HostState, tell_configs};
use super::wire::{Alarms, Info};
use crate::alert::{AlertDetails, Sighting};
use crate::netdata::Interest;
use crate::netdata::answer::Json;
use crate::netdata::connection::{Connection, LARGE, SMALL};
use crate::netdata::error::Error;
use crate::netdata::future::{AgentNow, Beyond};
use crate::netdata::odd::Odd;
use crate::netdata::time::Share;
use crate::netdata::wire::HostLabels;

/// A child of which only the name is known; `None` where it does not answer with a GUID of its own.
pub(super) async fn by_name(connection: &Connection, name: &str) -> Option<Host> {
    let path = host_path(name);
    let answer = connection.get(&format!("{path}/api/v1/info"), SMALL).await.ok()?;
    let (guid, said) = answer.read(identity).await.ok()?;
    let is_said = !guid.trim().is_empty();
    is_said.then(|| Host { path, ..Host::child(&guid, name, true) }.saying(said))
}

/// What one host showed.
#[derive(Default)]
pub(super) struct HostReport {
    /// Its clock, where it was asked.
    pub(super) now: Option<i64>,
    pub(super) health: bool,
    pub(super) ephemeral: bool,
    pub(super) sightings: Vec<Sighting>,
    /// What came into its log.
    pub(super) log: NewEntries,
    /// What was dated ahead.
    pub(super) beyond: Beyond,
    /// What could not be read.
    pub(super) odd: Odd,
}

/// Asks one host. `past` is the last known entry of its log and the time of the last observation; the log has a share
/// of the time.
pub(super) async fn ask(
    connection: &Connection,
    host: &Host,
    interest: &Interest<'_>,
    past: Option<(i64, i64)>,
    share: Share,
) -> Result<HostReport, Error> {
    if !host.is_own() && (!host.reachable || !host.covered) {
        let asks = host.covered && !host.said.are_known();
        let ephemeral = asks && labels_of(connection, host).await.is_some_and(|said| said.ephemeral());
        return Ok(HostReport { health: true, ephemeral, ..HostReport::default() });
    }
    if !host.covered {
        // For the agent's clock alone.
        let clock = |answer: &Json| {
            let alarms: Alarms<'_> = answer.parse()?;
            let health = alarms.status.0.unwrap_or(true);
            Ok(HostReport { now: alarms.now.0.filter(|now| *now > 0), health, ..HostReport::default() })
        };
        return connection.get("/api/v1/alarms", LARGE).await?.read(clock).await;
    }
    let mut report = HostReport::default();
    let state = match past {
        None => {
            let (state, latest) = HostState::ask(connection, host, interest).await?;
            // An empty log does not say where it will go on.
            report.log.mark = Some(latest).filter(|latest| *latest > 0);
            state
        }
        Some((id, last)) => {
            Reader { connection, host, interest, share, id, last }.read(&mut report.log).await?
        }
    };
    report.take_in(state, interest);
    Ok(report)
}

impl HostReport {
    /// Takes in the state, and clamps times that lie ahead.
    fn take_in(&mut self, mut state: HostState, interest: &Interest<'_>) {
        let mut present = AgentNow::new(state.now, 0);
        for transition in &mut self.log.transitions {
            let facts = &mut transition.facts;
            if present.is_before(facts.when) {
                facts.transition.push_str(&stamp(facts));
            }
        }
        state.name_transitions(&self.log.transitions);
        present.bound_transitions(&mut self.log.transitions);
        for sighting in &mut state.sightings {
            let known = recall(sighting, interest);
            if !known && present.is_before(sighting.facts.when) && sighting.facts.transition.is_empty() {
                sighting.facts.transition = stamp(&sighting.facts);
            }
            present.bound_sighting(sighting, known);
        }
        tell_configs(&mut self.log.transitions, &state.sightings);
        self.beyond = present.into_beyond();
        self.odd.merge(state.odd);
        (self.now, self.health, self.sightings) = (Some(state.now), state.health, state.sightings);
    }
}

/// Identifies a transition with a time ahead by its time and status as printed, whatever it is clamped to.
fn stamp(facts: &AlertDetails) -> String {
    format!("@{}/{}", facts.when, facts.status)
}

/// Gives a sighting the transition id of an earlier observation, if that had a time ahead.
fn recall(sighting: &mut Sighting, interest: &Interest<'_>) -> bool {
    let Some(followed) = interest.followed.get(&sighting.alert) else { return false };
    let known = followed.transition.contains('@') && followed.transition.ends_with(&stamp(&sighting.facts));
    if known {
        sighting.facts.transition.clone_from(&followed.transition);
    }
    known
}

/// The labels of a child, where the parent knows them.
pub(super) async fn labels_of(connection: &Connection, host: &Host) -> Option<HostLabels<'static>> {
    let answer = connection.get(&format!("{}/api/v1/info", host.path), SMALL).await.ok()?;
    let (guid, said) = answer.read(identity).await.ok()?;
    // A parent that does not know the host must not answer for itself.
    guid.eq_ignore_ascii_case(&host.id.guid).then_some(said)
}

/// The machine GUID that an agent gives, and its labels.
fn identity(answer: &Json) -> Result<(String, HostLabels<'static>), Error> {
    let info: Info<'_> = answer.parse()?;
    Ok((info.uid.as_str().to_owned(), info.host_labels.into_owned()))
}
