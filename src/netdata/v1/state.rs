//! The state of one host's alerts.

use std::collections::HashMap;

use super::host::Host;
use super::wire::{Alarm, Alarms};
use crate::alert::{AlertDetails, AlertId, Sighting, Status, Transition};
use crate::netdata::alert_config::known;
use crate::netdata::answer::Json;
use crate::netdata::connection::{Connection, LARGE};
use crate::netdata::error::Error;
use crate::netdata::odd::Odd;
use crate::netdata::wire::List;
use crate::netdata::{Following, Interest, ListedAlert};

/// The state of a host's alerts.
pub(super) struct HostState {
    pub(super) now: i64,
    pub(super) health: bool,
    pub(super) sightings: Vec<Sighting>,
    /// What could not be read.
    pub(super) odd: Odd,
}

impl HostState {
    /// Asks for it; with it comes the id of the newest entry of the log, 0 where there is none.
    pub(super) async fn ask(
        connection: &Connection,
        host: &Host,
        interest: &Interest<'_>,
    ) -> Result<(Self, i64), Error> {
        let answer = connection.get(&format!("{}/api/v1/alarms?all", host.path), LARGE).await?;
        let (own, followed) = (host.clone(), interest.followed.clone());
        let (mut state, latest) = answer.read(move |answer| Self::of(answer, &own, &followed)).await?;
        state.odd.show_unknown(&mut state.sightings, interest);
        Ok((state, latest))
    }

    fn of(answer: &Json, host: &Host, followed: &Following) -> Result<(Self, i64), Error> {
        let alarms: Alarms<'_> = answer.parse()?;
        let now = alarms.now.0.filter(|now| *now > 0).ok_or_else(|| Error::Unreadable {
            url: answer.url().to_owned(),
            detail: "it says no time".into(),
        })?;
        let list = alarms.list.0;
        let mut odd = Odd { values: answer.odd_values(), ..Odd::default() };
        odd.add_alerts(list.odd, Some(&host.id));
        let is_whole = |alarm: &Alarm<'_>| {
            odd.is_whole(&host.id, alarm.chart.as_str(), alarm.name.as_str(), alarm.status.as_str())
        };
        let alarms_read = list.items.into_iter().filter(is_whole);
        let mut sightings: Vec<_> = alarms_read.filter_map(|alarm| sighting(alarm, host, followed)).collect();
        odd.once_each(&mut sightings);
        let health = alarms.status.0.unwrap_or(true);
        Ok((Self { now, health, sightings, odd }, alarms.latest_alarm_log_unique_id.or_zero()))
    }

    /// `alarms` does not say which transition led to a status: the log does, where it was just read.
    pub(super) fn name_transitions(&mut self, transitions: &[Transition]) {
        let last: HashMap<&AlertId, &AlertDetails> =
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

/// Tells new transitions to a raised status how their alerts are configured: the log does not.
pub(super) fn tell_configs(transitions: &mut [Transition], sightings: &[Sighting]) {
    if transitions.is_empty() {
        return;
    }
    let configs: HashMap<_, _> = sightings.iter().map(|seen| (&seen.alert, &seen.facts.config)).collect();
    for transition in transitions.iter_mut().filter(|one| one.facts.status.level().is_some()) {
        transition.facts.config = configs.get(&transition.alert).and_then(|config| (*config).clone());
    }
}

/// Lists every alert of a host; `None` where one of them cannot be read. Of contexts it says nothing.
pub(super) async fn list(connection: &Connection, host: &Host) -> Result<Option<Vec<ListedAlert>>, Error> {
    let answer = connection.get(&format!("{}/api/v1/alarms?all", host.path), LARGE).await?;
    let node = host.id.clone();
    let read = move |answer: &Json| {
        let List { items, odd } = answer.parse::<Alarms<'_>>()?.list.0;
        let read = |alarm: Alarm<'_>| {
            let (chart, name) = (alarm.chart.into_string(), alarm.name.into_string());
            let alert = AlertId { node: node.clone(), chart, name };
            ListedAlert { alert, context: None, role: alarm.recipient.into_string() }
        };
        Ok(odd.is_empty().then(|| items.into_iter().map(read).collect()))
    };
    answer.read(read).await
}

/// An alert that is raised or followed.
fn sighting(alarm: Alarm<'_>, host: &Host, followed: &Following) -> Option<Sighting> {
    let status = Status::parse(alarm.status.as_str());
    let config = status.level().and_then(|_| known(alarm.config()));
    let alert =
        AlertId { node: host.id.clone(), chart: alarm.chart.into_string(), name: alarm.name.into_string() };
    if status.level().is_none() && !followed.contains_key(&alert) {
        return None;
    }
    let facts = AlertDetails {
        status,
        config,
        value: alarm.value.0,
        value_text: alarm.value_string.shown(),
        units: alarm.units.shown(),
        summary: alarm.summary.shown(),
        info: alarm.info.shown(),
        role: alarm.recipient.into_string(),
        class: alarm.class.shown(),
        component: alarm.component.shown(),
        kind: alarm.kind.shown(),
        source: alarm.source.shown(),
        when: alarm.last_status_change.or_zero(),
        ..AlertDetails::default()
    };
    let silent = Some(alarm.silenced.0.unwrap_or(false) || facts.silent_role());
    Some(Sighting { alert, due: alarm.delay_up_to_timestamp.0, silent, pending: false, facts })
}
