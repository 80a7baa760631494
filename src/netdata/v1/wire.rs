//! `/api/v1` as it goes over the wire, 1.37 and later. An answer's list is required: without it an answer must not read
//! as "no alerts".

use serde::Deserialize;

use super::host::Host;
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
        let has_none = statuses.items.is_empty() && statuses.odd == 0;
        let names = if has_none { self.mirrored_hosts.as_slice() } else { &[] };
        names.iter().skip(1).map(Text::as_str)
    }

    /// How many hosts lack a GUID or a name.
    pub(super) fn odd_hosts(&self) -> usize {
        let statuses = &self.mirrored_hosts_status;
        statuses.odd + statuses.items.len() - self.listed().count()
    }

    /// The hosts that have what makes them one.
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
        let is_escaped = self.transition_id.as_str().is_empty() && self.info.as_str().contains('&');
        if !is_escaped {
            return self.info.shown();
        }
        // The six that 1.37 writes; `&amp;` last, so that nothing is decoded twice.
        [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#x27;", "'"), ("&#x2F;", "/"), ("&amp;", "&")]
            .iter()
            .fold(self.info.as_str().to_owned(), |text, (entity, character)| text.replace(entity, character))
            .into()
    }
}
