//! `/api/v3/alert_transitions`: one request, its answer complete and in order.
//!
//! The agent keeps the newest `last` of what `after` covers and says how many older ones it left out; then it
//! is asked again for more.

use std::collections::HashSet;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::{Hashes, wire};
use crate::alert::{AlertDetails, AlertId, Status, Transition};
use crate::netdata::answer::Json;
use crate::netdata::connection::{Connection, SMALL};
use crate::netdata::error::Error;
use crate::netdata::node_index::NodeIndex;
use crate::netdata::odd::Odd;
use crate::netdata::time::Share;
use crate::netdata::uuid::Uuid;
use crate::netdata::wire::{List, Text};

/// Characters to encode in a transition's id; a UUID has none.
const NOT_IN_AN_ID: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.');
/// How many transitions are asked for at first.
const FIRST: i64 = 200;
/// The most transitions that are asked for.
const MOST: i64 = 20_000;
/// Most that is read of it, bytes: some 3 kB for each.
const LARGEST: usize = 64 << 20;

/// A part of the log.
pub(super) struct Part {
    /// Those of covered nodes, oldest first, none twice.
    pub(super) transitions: Vec<Transition>,
    /// How many the answer had, of whichever node.
    pub(super) length: usize,
    /// How many older ones could not be had.
    pub(super) left_out: i64,
    /// How the alerts that were raised are configured.
    pub(super) hashes: Hashes,
    /// What could not be read.
    pub(super) odd: Odd,
}

/// Asks for the transitions of the last `seconds` (agent's clock), within this share of the time.
pub(super) async fn since(
    connection: &Connection,
    seconds: i64,
    share: Share,
    index: &mut NodeIndex,
) -> Result<Part, Error> {
    let mut last = FIRST;
    let mut fitted: Option<Part> = None;
    loop {
        let (part, matched) = match (newest(connection, seconds, last, share, index).await, fitted) {
            (Ok(answer), _) => answer,
            // There are more than may be asked for: the newest of them are here already.
            (Err(error), Some(part)) if error.leaves_a_gap() => return Ok(part),
            (Err(error), _) => return Err(error),
        };
        if part.left_out <= 0 || last >= MOST {
            return Ok(part);
        }
        // A few more than there are now: others may come in meanwhile.
        last = (last * 4).max(matched.saturating_add(FIRST)).min(MOST);
        fitted = Some(part);
    }
}

/// The newest `last` of them, and how many there are.
async fn newest(
    connection: &Connection,
    seconds: i64,
    last: i64,
    share: Share,
    index: &mut NodeIndex,
) -> Result<(Part, i64), Error> {
    let path = format!("/api/v3/alert_transitions?after=-{seconds}&last={last}");
    let answer = share.get(connection, &path, LARGEST).await?;
    share.run(connection, answer.read_with(index, part)).await
}

/// What of them can be read, and how many there are.
fn part(answer: &Json, index: &mut NodeIndex) -> Result<(Part, i64), Error> {
    let listed: wire::Transitions<'_> = answer.parse()?;
    let (left_out, matched) = (listed.items.after.or_zero(), listed.items.matched.or_zero());
    let List { items, odd: unread } = listed.transitions;
    let unread = unread.len();
    let length = items.len() + unread;
    let (whole, odd): (Vec<_>, Vec<_>) = items.into_iter().partition(is_whole);
    let odd = Odd { values: answer.odd_values(), transitions: unread + odd.len(), ..Odd::default() };
    let hashes = whole.iter().filter_map(hashes).collect();
    Ok((Part { transitions: in_order(whole, index), length, left_out, hashes, odd }, matched))
}

/// Which configuration the alert of a transition has, if that raised it.
fn hashes(transition: &wire::Transition<'_>) -> Option<(Uuid, Uuid)> {
    Status::parse(transition.new.status.as_str()).level()?;
    Uuid::parse(transition.id.as_str()).zip(Uuid::parse(transition.config_hash_id.as_str()))
}

/// One transition by its id; `None` where the agent does not have it: not yet, or never (UNINITIALIZED to CLEAR).
pub(super) async fn one(connection: &Connection, id: &str) -> Result<Option<Transition>, Error> {
    let encoded = utf8_percent_encode(id, NOT_IN_AN_ID);
    let answer = match connection.get(&format!("/api/v3/alert_transitions?transition={encoded}"), SMALL).await
    {
        Err(Error::NotFound { .. }) => return Ok(None),
        answer => answer?,
    };
    let id = id.to_owned();
    let find = move |answer: &Json| {
        let listed: wire::Transitions<'_> = answer.parse()?;
        let whole = listed.transitions.items.into_iter().filter(is_whole).collect();
        // The node is covered: its alert was sighted.
        let found = in_order(whole, &mut NodeIndex::everywhere());
        Ok(found.into_iter().find(|found| found.facts.transition == id))
    };
    answer.read(find).await
}

/// Whether an entry has an id, an alert, a time and a status.
fn is_whole(transition: &wire::Transition<'_>) -> bool {
    let alert = [&transition.machine_guid, &transition.hostname, &transition.instance, &transition.alert];
    let is_said = |text: &&Text<'_>| !text.as_str().trim().is_empty();
    alert.iter().chain(&[&transition.id, &transition.new.status]).all(is_said) && transition.when.0.is_some()
}

fn in_order(listed: Vec<wire::Transition<'_>>, index: &mut NodeIndex) -> Vec<Transition> {
    let mut seen = HashSet::with_capacity(listed.len());
    let mut ordered: Vec<(i64, Transition)> = listed
        .into_iter()
        .filter_map(|transition| {
            let number = transition.gi.or_zero();
            let transition = read(transition, index)?;
            seen.insert(transition.facts.transition.clone()).then_some((number, transition))
        })
        .collect();
    ordered.sort_by_key(|(number, transition)| (transition.facts.when, *number));
    ordered.into_iter().map(|(_, transition)| transition).collect()
}

/// `None` on a node that is not covered.
fn read(transition: wire::Transition<'_>, index: &mut NodeIndex) -> Option<Transition> {
    let node = index.node(transition.machine_guid.as_str(), transition.hostname.as_str());
    if !node.covered {
        return None;
    }
    let (new, old, notification) = (transition.new, transition.old, transition.notification);
    let when = transition.when.or_zero();
    let facts = AlertDetails {
        status: Status::parse(new.status.as_str()),
        old_status: (!old.status.as_str().is_empty()).then(|| Status::parse(old.status.as_str())),
        value: new.value.0,
        old_value: old.value.0,
        units: transition.units.shown(),
        summary: transition.summary.shown(),
        info: transition.info.shown(),
        context: transition.context.into_string(),
        role: notification.to.into_string(),
        class: transition.classification.shown(),
        component: transition.component.shown(),
        kind: transition.kind.shown(),
        when,
        duration: old.duration.0.and_then(|seconds| u64::try_from(seconds).ok()),
        transition: transition.id.into_string(),
        ..AlertDetails::default()
    };
    let silenced = notification.flags.iter().any(|flag| flag.as_str() == "SILENCED");
    Some(Transition {
        alert: AlertId {
            node: node.id,
            chart: transition.instance.into_string(),
            name: transition.alert.into_string(),
        },
        due: notification.delay_up_to_time.0.unwrap_or(when),
        silent: silenced || facts.silent_role(),
        facts,
    })
}
