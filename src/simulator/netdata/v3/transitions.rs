//! `alert_transitions`: a window of the log over all nodes, newest first, with its traps.
//!
//! - Without `after` and `before` there is no window and nothing is found; `last` is 1 unless given.
//! - Only transitions from or to a raised status are found: UNINITIALIZED → CLEAR never is.
//! - The window ends at a whole second: what happened in the present one is not found yet. Nor is what is still in
//!   the queue to the database, by its id neither.
//! - Names are cut to 47 bytes and `info` to 511, in the middle of a character if need be; no value is 0.
//! - Of more than `last` the newest are kept; `items.after` counts the rest, `items.before` what was not newer
//!   than `anchor_gi`.

use std::borrow::Cow;

use serde::Serialize;

use super::{TIMINGS, Timings};
use crate::alert::Status;
use crate::simulator::netdata::format::{Number, cut};
use crate::simulator::netdata::query::Query;
use crate::simulator::world::{
    Definition, LogEntry, LogTrouble, Node, World, format_uuid, micros, parse_uuid,
};

/// Times up to three years are relative to now (`API_RELATIVE_TIME_MAX`).
const RELATIVE_MAX: i64 = 3 * 365 * 86_400;
/// Bytes of an alert's name that the answer has room for.
const NAME: usize = 47;
/// Bytes of an alert's `info` likewise.
const INFO: usize = 511;

#[allow(clippy::struct_field_names)] // Netdata's names
#[derive(Serialize)]
pub(super) struct Transitions<'a> {
    api: u8,
    facets: Vec<Facet<'a>>,
    transitions: Vec<Transition<'a>>,
    items: Items,
    timings: Timings,
}

#[derive(Serialize)]
struct Items {
    evaluated: usize,
    matched: usize,
    returned: usize,
    max_to_return: usize,
    before: usize,
    after: usize,
}

#[allow(clippy::struct_field_names)] // Netdata's names
#[derive(Serialize)]
struct Transition<'a> {
    gi: u64,
    alert: Cow<'a, str>,
    transition_id: String,
    machine_guid: &'a str,
    config_hash_id: String,
    hostname: &'a str,
    instance: &'a str,
    instance_n: &'a str,
    context: &'a str,
    component: &'a str,
    classification: &'a str,
    r#type: &'a str,
    when: i64,
    info: Cow<'a, str>,
    summary: &'a str,
    units: &'a str,
    new: New,
    old: Old,
    notification: Notification<'a>,
}

#[derive(Serialize)]
struct New {
    status: &'static str,
    value: Number,
}

#[derive(Serialize)]
struct Old {
    status: &'static str,
    value: Number,
    duration: i64,
    raised_duration: i64,
}

#[derive(Serialize)]
struct Notification<'a> {
    when: i64,
    delay: i64,
    delay_up_to_time: i64,
    flags: Vec<&'static str>,
    exec: &'static str,
    exec_code: u8,
    to: &'a str,
}

/// An entry with whose it is.
type Found<'a> = (&'a LogEntry, &'a Node, &'a Definition);

pub(super) fn answer<'a>(world: &'a World, query: &Query) -> Transitions<'a> {
    let found: Vec<Found<'a>> = match query.get("transition") {
        Some(uuid) => parse_uuid(uuid).and_then(|uuid| world.log.find(uuid)).into_iter().collect(),
        None => window(world, query),
    }
    .into_iter()
    .filter(|entry| world.is_written(entry))
    .filter_map(|entry| {
        let node = world.nodes.get(entry.node).filter(|node| node.listed)?;
        Some((entry, node, world.definition(entry)?))
    })
    .collect();
    let anchor = u64::try_from(query.number("anchor_gi")).unwrap_or_default();
    let last = usize::try_from(query.number("last")).ok().filter(|last| *last > 0).unwrap_or(1);
    let newer = found.iter().filter(|(entry, ..)| entry.gi > anchor).count();
    let now = world.now();
    let left_out = match world.log_trouble {
        Some(LogTrouble::Endless(more)) if !found.is_empty() => more,
        _ => 0,
    };
    let transitions: Vec<_> = found.iter().take(newer.min(last)).map(|found| describe(found, now)).collect();
    Transitions {
        api: 2,
        items: Items {
            evaluated: found.len(),
            matched: found.len() + left_out,
            returned: transitions.len(),
            max_to_return: last,
            before: found.len() - newer,
            after: newer - transitions.len() + left_out,
        },
        facets: facets(&found),
        transitions,
        timings: TIMINGS,
    }
}

/// The entries between `after` and `before`, newest first.
fn window<'a>(world: &'a World, query: &Query) -> Vec<&'a LogEntry> {
    let (after, before) = (query.number("after"), query.number("before"));
    if after == 0 && before == 0 {
        return Vec::new();
    }
    let absolute = |time: i64, from: i64| if time.abs() <= RELATIVE_MAX { from - time.abs() } else { time };
    let before = absolute(before, world.now());
    let after = absolute(if after == 0 { 600 } else { after }, before);
    world.log.between(micros(after), micros(before)).filter(|entry| entry.is_searchable()).collect()
}

fn describe<'a>(&(entry, node, definition): &Found<'a>, now: i64) -> Transition<'a> {
    Transition {
        gi: entry.gi,
        alert: cut(&definition.name, NAME),
        transition_id: format_uuid(entry.uuid),
        machine_guid: &node.guid,
        config_hash_id: format_uuid(definition.hash()),
        hostname: &node.host,
        instance: &definition.chart,
        instance_n: &definition.chart,
        context: &definition.context,
        component: &definition.component,
        classification: &definition.class,
        r#type: &definition.kind,
        when: entry.when,
        info: cut(&definition.info, INFO),
        summary: &definition.summary,
        units: &definition.units,
        new: New { status: entry.new.word(), value: stored(entry.value) },
        old: Old {
            status: entry.old.word(),
            value: stored(entry.old_value),
            duration: entry.duration,
            raised_duration: entry.raised_duration,
        },
        notification: Notification {
            when: if entry.notified(now) { entry.due() } else { 0 },
            delay: entry.delay,
            delay_up_to_time: entry.due(),
            flags: flags(entry, now),
            exec: "/usr/lib/netdata/plugins.d/alarm-notify.sh",
            exec_code: 0,
            to: &definition.to,
        },
    }
}

/// A value as the database returns it: no value is 0.
fn stored(value: Option<f64>) -> Number {
    Number(Some(value.filter(|value| value.is_finite()).unwrap_or_default()))
}

fn flags(entry: &LogEntry, now: i64) -> Vec<&'static str> {
    [
        (entry.processed(now), "PROCESSED"),
        (entry.updated_by.is_some(), "UPDATED"),
        (entry.notified(now), "EXEC_RUN"),
        (entry.silenced, "SILENCED"),
        (entry.recurring, "RECURRING"),
        (!entry.repeat, "SAVED"),
    ]
    .into_iter()
    .filter_map(|(set, name)| set.then_some(name))
    .collect()
}

#[derive(Serialize)]
struct Facet<'a> {
    id: &'static str,
    name: &'static str,
    order: u8,
    options: Vec<FacetOption<'a>>,
}

#[derive(Serialize)]
struct FacetOption<'a> {
    id: &'a str,
    name: &'a str,
    count: usize,
}

/// Counts the values of each facet, in the order in which they occur.
fn facets<'a>(found: &[Found<'a>]) -> Vec<Facet<'a>> {
    let facet = |id, name, order, of: &dyn Fn(&Found<'a>) -> (&'a str, &'a str)| {
        let mut options: Vec<FacetOption<'a>> = Vec::new();
        let mut seen = std::collections::HashMap::new();
        for found in found {
            let (id, name) = of(found);
            let index = *seen.entry(id).or_insert_with(|| {
                options.push(FacetOption { id, name, count: 0 });
                options.len() - 1
            });
            if let Some(option) = options.get_mut(index) {
                option.count += 1;
            }
        }
        Facet { id, name, order, options }
    };
    let twice = |word: &'a str| (word, word);
    vec![
        facet("f_status", "Alert Status", 1, &|(entry, ..)| twice(Status::word(entry.new))),
        facet("f_class", "Alert Class", 4, &|(_, _, definition)| twice(&definition.class)),
        facet("f_type", "Alert Type", 2, &|(_, _, definition)| twice(&definition.kind)),
        facet("f_component", "Alert Component", 5, &|(_, _, definition)| twice(&definition.component)),
        facet("f_role", "Recipient Role", 3, &|(_, _, definition)| twice(&definition.to)),
        facet("f_node", "Alert Node", 6, &|(_, node, _)| (node.guid.as_str(), node.host.as_str())),
        facet("f_alert", "Alert Name", 7, &|(_, _, definition)| twice(&definition.name)),
        facet("f_instance", "Instance Name", 8, &|(_, _, definition)| twice(&definition.chart)),
        facet("f_context", "Context", 9, &|(_, _, definition)| twice(&definition.context)),
    ]
}
