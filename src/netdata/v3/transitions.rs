//! `/api/v3/alert_transitions`: one question, whole and in order.
//!
//! The agent keeps the newest `last` of what `after` covers and says how many older ones it left out; then it
//! is asked again for more.

use std::collections::HashSet;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::wire;
use crate::alert::{AlertId, Facts, Status, Transition};
use crate::netdata::connection::{Connection, LARGE, SMALL};
use crate::netdata::error::Error;
use crate::netdata::roster::Roster;

/// What is encoded in a transition's id: nothing, if it is a UUID.
const NOT_IN_AN_ID: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.');
/// How many transitions are asked for at first.
const FIRST: i64 = 200;
/// More than this is never asked for: an answer of some 250 MB.
const MOST: i64 = 200_000;

/// A part of the log.
pub(super) struct Part {
    /// Those of covered nodes, oldest first, none twice.
    pub(super) transitions: Vec<Transition>,
    /// How many older ones could not be had.
    pub(super) left_out: i64,
}

/// The transitions of the last so many seconds (on the agent's clock).
pub(super) async fn since(
    connection: &Connection,
    seconds: i64,
    roster: &mut Roster<'_>,
) -> Result<Part, Error> {
    let mut last = FIRST;
    let mut fitted: Option<Part> = None;
    loop {
        let path = format!("/api/v3/alert_transitions?after=-{seconds}&last={last}");
        let answer = match (connection.get(&path, LARGE).await, fitted) {
            (Ok(answer), _) => answer,
            // More than can be held: the newest of them are held already.
            (Err(Error::TooLarge { .. }), Some(part)) => return Ok(part),
            (Err(error), _) => return Err(error),
        };
        let listed: wire::Transitions<'_> = answer.parse()?;
        let left_out = listed.items.after.or_zero();
        let matched = listed.items.matched.or_zero();
        let part = Part { transitions: in_order(listed.transitions, roster), left_out };
        if left_out <= 0 || last >= MOST {
            return Ok(part);
        }
        // A few more than there are now: others may come in meanwhile.
        last = (last * 4).max(matched.saturating_add(FIRST)).min(MOST);
        fitted = Some(part);
    }
}

/// One transition by its id; `None` where the agent does not have it (it never has UNINITIALIZED to CLEAR).
pub(super) async fn one(
    connection: &Connection,
    id: &str,
    roster: &mut Roster<'_>,
) -> Result<Option<Transition>, Error> {
    let encoded = utf8_percent_encode(id, NOT_IN_AN_ID);
    let answer = match connection.get(&format!("/api/v3/alert_transitions?transition={encoded}"), SMALL).await
    {
        Err(Error::NotFound { .. }) => return Ok(None),
        answer => answer?,
    };
    let listed: wire::Transitions<'_> = answer.parse()?;
    Ok(in_order(listed.transitions, roster).into_iter().find(|found| found.facts.transition == id))
}

fn in_order(listed: Vec<wire::Transition<'_>>, roster: &mut Roster<'_>) -> Vec<Transition> {
    let mut seen = HashSet::with_capacity(listed.len());
    let mut ordered: Vec<(i64, Transition)> = listed
        .into_iter()
        .filter_map(|transition| {
            let number = transition.gi.or_zero();
            let transition = read(transition, roster)?;
            seen.insert(transition.facts.transition.clone()).then_some((number, transition))
        })
        .collect();
    ordered.sort_by_key(|(number, transition)| (transition.facts.when, *number));
    ordered.into_iter().map(|(_, transition)| transition).collect()
}

/// `None` on a node that is not covered.
fn read(transition: wire::Transition<'_>, roster: &mut Roster<'_>) -> Option<Transition> {
    let node = roster.node(transition.machine_guid.as_str(), transition.hostname.as_str());
    if !node.covered {
        return None;
    }
    let (new, old, notification) = (transition.new, transition.old, transition.notification);
    let when = transition.when.or_zero();
    let facts = Facts {
        status: Status::parse(new.status.as_str()),
        old_status: (!old.status.as_str().is_empty()).then(|| Status::parse(old.status.as_str())),
        value: new.value.0,
        old_value: old.value.0,
        value_text: String::new(),
        units: transition.units.into_string(),
        summary: transition.summary.into_string(),
        info: transition.info.into_string(),
        context: transition.context.into_string(),
        role: notification.to.into_string(),
        class: transition.classification.into_string(),
        component: transition.component.into_string(),
        kind: transition.kind.into_string(),
        source: String::new(),
        when,
        duration: old.duration.0.and_then(|seconds| u64::try_from(seconds).ok()),
        transition: transition.id.into_string(),
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
