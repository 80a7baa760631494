//! `/api/v1` as it goes over the wire, 1.37 and later. An answer's list is required: without it an answer must not read
//! as "no alerts".

use serde::Deserialize;

use super::host::Host;
use crate::alert::AlertConfig;
use crate::netdata::alert_config::{DatabaseLookup, expression, without_entities};
use crate::netdata::wire::{Flag, HostLabels, List, Number, Prose, Text, Values, Whole, or_default};
use crate::text::Shown;

/// `/api/v1/info`.
#[derive(Deserialize)]
pub(super) struct Info<'a> {
    #[serde(borrow, default)]
    pub(super) version: Text<'a>,
    #[serde(borrow, default)]
    pub(super) uid: Text<'a>,
    /// Names of all hosts, the agent's own first.
    #[serde(borrow, default, deserialize_with = "or_default")]
    mirrored_hosts: Vec<Text<'a>>,
    #[serde(borrow, default, deserialize_with = "or_default")]
    mirrored_hosts_status: List<HostStatus<'a>>,
    #[serde(borrow, default, deserialize_with = "or_default")]
    pub(super) host_labels: HostLabels<'a>,
}

#[derive(Deserialize)]
struct HostStatus<'a> {
    #[serde(borrow, default)]
    guid: Text<'a>,
    #[serde(borrow, default)]
    hostname: Text<'a>,
    #[serde(default)]
    reachable: Flag,
}

impl<'a> Info<'a> {
    /// The agent's own node, then the children whose status is given.
    pub(super) fn hosts(&self, uid: &str) -> Vec<Host> {
        let is_own = |host: &&HostStatus<'a>| host.guid.as_str().eq_ignore_ascii_case(uid);
        let name = self
            .listed()
            .find(is_own)
            .map(|host| &host.hostname)
            .or(self.mirrored_hosts.first())
            .map_or(uid, Text::as_str);
        let mut hosts = vec![Host::own(uid, name, self.host_labels.clone().into_owned())];
        let children = self.listed().filter(|host| !is_own(host));
        hosts.extend(children.map(|host| {
            Host::child(host.guid.as_str(), host.hostname.as_str(), host.reachable.0.unwrap_or(true))
        }));
        hosts
    }

    /// The children, where only their names are given.
    pub(super) fn names_without_status(&self) -> impl Iterator<Item = &str> {
        let statuses = &self.mirrored_hosts_status;
        let has_none = statuses.items.is_empty() && statuses.odd.is_empty();
        let names = if has_none { self.mirrored_hosts.as_slice() } else { &[] };
        names.iter().skip(1).map(Text::as_str)
    }

    /// How many hosts lack a GUID or a name.
    pub(super) fn odd_hosts(&self) -> usize {
        let statuses = &self.mirrored_hosts_status;
        statuses.odd.len() + statuses.items.len() - self.listed().count()
    }

    /// The hosts that have both a GUID and a name.
    fn listed(&self) -> impl Iterator<Item = &HostStatus<'a>> {
        let is_whole = |host: &&HostStatus<'_>| {
            !host.guid.as_str().trim().is_empty() && !host.hostname.as_str().trim().is_empty()
        };
        self.mirrored_hosts_status.items.iter().filter(is_whole)
    }
}

/// `/api/v1/alarms`, with `?all` or without.
#[derive(Deserialize)]
pub(super) struct Alarms<'a> {
    #[serde(borrow, default)]
    pub(super) hostname: Text<'a>,
    /// The newest entry of the host's log.
    #[serde(default)]
    pub(super) latest_alarm_log_unique_id: Whole,
    /// Whether its health is evaluated.
    #[serde(default)]
    pub(super) status: Flag,
    #[serde(default)]
    pub(super) now: Whole,
    #[serde(borrow, rename = "alarms")]
    pub(super) list: Values<Alarm<'a>>,
}

/// One alert as it is now.
#[derive(Deserialize)]
pub(super) struct Alarm<'a> {
    #[serde(borrow, default)]
    pub(super) name: Text<'a>,
    #[serde(borrow, default)]
    pub(super) chart: Text<'a>,
    #[serde(borrow, default)]
    pub(super) class: Text<'a>,
    #[serde(borrow, default)]
    pub(super) component: Text<'a>,
    #[serde(borrow, default, rename = "type")]
    pub(super) kind: Text<'a>,
    #[serde(default)]
    pub(super) silenced: Flag,
    #[serde(borrow, default)]
    pub(super) recipient: Text<'a>,
    #[serde(borrow, default)]
    pub(super) source: Text<'a>,
    #[serde(borrow, default)]
    pub(super) units: Text<'a>,
    #[serde(borrow, default)]
    pub(super) summary: Prose<'a>,
    #[serde(borrow, default)]
    pub(super) info: Prose<'a>,
    #[serde(borrow, default)]
    pub(super) status: Text<'a>,
    #[serde(default)]
    pub(super) last_status_change: Whole,
    #[serde(default)]
    pub(super) delay_up_to_timestamp: Whole,
    #[serde(borrow, default)]
    pub(super) value_string: Text<'a>,
    #[serde(default)]
    pub(super) value: Number,
    /// This and the other expressions come with HTML entities.
    #[serde(borrow, default)]
    pub(super) calc: Prose<'a>,
    #[serde(borrow, default)]
    pub(super) warn: Prose<'a>,
    #[serde(borrow, default)]
    pub(super) crit: Prose<'a>,
    #[serde(borrow, default)]
    pub(super) lookup_method: Text<'a>,
    #[serde(default)]
    pub(super) lookup_after: Whole,
    #[serde(default)]
    pub(super) lookup_before: Whole,
    #[serde(borrow, default)]
    pub(super) lookup_options: Text<'a>,
    #[serde(borrow, default)]
    pub(super) lookup_dimensions: Prose<'a>,
}

impl Alarm<'_> {
    /// How it is configured, in the words of its file.
    pub(super) fn config(&self) -> AlertConfig {
        let look_up = DatabaseLookup {
            method: self.lookup_method.as_str(),
            after: self.lookup_after.or_zero(),
            before: self.lookup_before.or_zero(),
            options: self.lookup_options.as_str().to_owned(),
            dimensions: self.lookup_dimensions.as_str(),
        };
        let [warn_when, crit_when, calculation] =
            [&self.warn, &self.crit, &self.calc].map(|text| expression(&without_entities(text.as_str())));
        AlertConfig { warn_when, crit_when, calculation, lookup: look_up.line() }
    }
}

/// One transition of `/api/v1/alarm_log`.
#[derive(Deserialize)]
pub(super) struct Entry<'a> {
    #[serde(default)]
    pub(super) unique_id: Whole,
    /// Agents that have one print their text as it is; older ones, with HTML entities.
    #[serde(borrow, default)]
    pub(super) transition_id: Text<'a>,
    #[serde(borrow, default)]
    pub(super) name: Text<'a>,
    #[serde(borrow, default)]
    pub(super) chart: Text<'a>,
    #[serde(borrow, default)]
    pub(super) context: Text<'a>,
    #[serde(borrow, default)]
    pub(super) class: Text<'a>,
    #[serde(borrow, default)]
    pub(super) component: Text<'a>,
    #[serde(borrow, default, rename = "type")]
    pub(super) kind: Text<'a>,
    #[serde(borrow, default)]
    pub(super) recipient: Text<'a>,
    #[serde(borrow, default)]
    pub(super) source: Text<'a>,
    #[serde(borrow, default)]
    pub(super) units: Text<'a>,
    #[serde(default)]
    pub(super) when: Whole,
    #[serde(default)]
    pub(super) duration: Whole,
    #[serde(borrow, default)]
    pub(super) status: Text<'a>,
    #[serde(borrow, default)]
    pub(super) old_status: Text<'a>,
    #[serde(default)]
    pub(super) delay_up_to_timestamp: Whole,
    #[serde(borrow, default)]
    pub(super) value_string: Text<'a>,
    #[serde(default)]
    pub(super) silenced: Flag,
    #[serde(borrow, default)]
    pub(super) summary: Prose<'a>,
    #[serde(borrow, default)]
    pub(super) info: Prose<'a>,
    #[serde(default)]
    pub(super) value: Number,
    #[serde(default)]
    pub(super) old_value: Number,
}

impl Entry<'_> {
    /// The description as it was configured.
    pub(super) fn shown_info(&self) -> Shown {
        let is_escaped = self.transition_id.as_str().is_empty();
        if !is_escaped {
            return self.info.shown();
        }
        without_entities(self.info.as_str()).into()
    }
}
