//! Silences that are probably mistakes: over, endless, of nothing, of everything.

use super::Line;
use crate::alert::{Health, Node, Observation};
use crate::config::{Asked, AskedAlert, Config, Invocation, Silence};
use crate::delivery::silences::ByHand;
use crate::duration;
use crate::netdata::ListedAlert;
use crate::text::ago::stamp;

const CHECK: &str = "silences";

const DAY: i64 = 86_400_000;

/// An end that is further away than this (milliseconds) is as good as none.
const YEAR: i64 = 366 * DAY;

/// One made by hand that lasts longer than this (milliseconds) is a mistake, mostly.
const WEEK: i64 = 7 * DAY;

/// Those that do not begin any more, or do not end within a year. `now` is this machine's clock, milliseconds.
pub(super) fn lines(config: &Config, now: i64) -> Vec<Line> {
    config.silences.iter().filter_map(|silence| line(silence, now)).collect()
}

fn line(silence: &Silence, now: i64) -> Option<Line> {
    let name = &silence.name;
    let Some(window) = silence.window(now).or_else(|| silence.next(now)) else {
        return Some(Line::warning(
            CHECK,
            format!("the silence `{name}` is over and does not begin again"),
            "remove its `[[silence]]`, or give it another time",
        ));
    };
    let until = window.until.filter(|_| !silence.is_unbroken());
    if until.is_some_and(|until| until.saturating_sub(now) <= YEAR) {
        return None;
    }
    let (ends, fix) = match until {
        Some(until) => (format!("ends only on {}", stamp(until)), "give it an earlier end"),
        None if silence.every.is_some() => {
            ("has no end".to_owned(), "make its `for` shorter than the time from one begin to the next")
        }
        None => ("has no end".to_owned(), "give it an `until` or a `for`"),
    };
    if silence.is_of_everything() && (window.holds(now) || silence.is_unbroken()) {
        let says = format!("the silence `{name}` covers everything and {ends}: nothing is sent");
        return Some(Line::wrong(CHECK, says, fix));
    }
    Some(Line::warning(CHECK, format!("the silence `{name}` {ends}"), fix))
}

/// What is to be said of one that was made by hand and is not over.
pub(super) fn made_by_hand(made: &ByHand, invocation: &Invocation) -> Option<Line> {
    let (words, until, length) = (made.words(), stamp(made.until), made.until - made.from);
    let says = if made.scope().is_of_everything() {
        format!("{words} covers everything until {until}: nothing is sent")
    } else if length > WEEK {
        let seconds = u64::try_from(length / 1000).unwrap_or_default();
        format!("{words} lasts for {}, until {until}", duration::about(seconds))
    } else {
        return None;
    };
    Some(Line::warning(CHECK, says, end_of(made, invocation)))
}

/// Those that cover no node that Netdata lists.
pub(super) fn of_nothing(
    config: &Config,
    by_hand: &[ByHand],
    seen: &Observation,
    invocation: &Invocation,
) -> Vec<Line> {
    let is_of_none = |silence: &Silence| !seen.nodes.iter().any(|node| covers_node(config, silence, node));
    let configured = config.silences.iter().filter(|silence| is_of_none(silence)).map(|silence| {
        let says = format!("the silence `{}` covers no node that Netdata lists", silence.name);
        Line::warning(CHECK, says, "correct its `rooms`, `nodes` or `labels`")
    });
    let made = by_hand.iter().filter(|made| is_of_none(&made.scope())).map(|made| {
        let says = format!("{} covers no node that Netdata lists", made.words());
        Line::warning(CHECK, says, end_of(made, invocation))
    });
    configured.chain(made).collect()
}

/// Those whose patterns for alerts fit none that Netdata lists on their nodes. Nothing is said of one where that cannot
/// be told: not all of its nodes answer for their alerts, or they say no contexts.
pub(super) fn of_no_alert(config: &Config, seen: &Observation, listed: &[ListedAlert]) -> Vec<Line> {
    let of_alerts = config.silences.iter().filter(|silence| silence.is_of_alerts());
    of_alerts.filter_map(|silence| fits_none(config, silence, seen, listed)).collect()
}

fn fits_none(config: &Config, silence: &Silence, seen: &Observation, listed: &[ListedAlert]) -> Option<Line> {
    let nodes: Vec<&Node> = seen.nodes.iter().filter(|node| covers_node(config, silence, node)).collect();
    let on_them: Vec<(&Node, &ListedAlert)> = listed
        .iter()
        .filter_map(|one| Some((*nodes.iter().find(|node| node.id == one.alert.node)?, one)))
        .collect();
    let says_all = |(_, one): &(&Node, &ListedAlert)| silence.contexts.is_none() || one.context.is_some();
    let is_known = nodes.iter().all(|node| node.reachable && node.health == Health::Online)
        && !on_them.is_empty()
        && on_them.iter().all(says_all);
    let fits = |silence: &Silence| on_them.iter().any(|(node, one)| covers(config, silence, node, one));
    if !is_known || fits(silence) {
        return None;
    }
    let alone = silence.criteria().filter(|(_, one)| !fits(one)).map(|(key, _)| key);
    let mut keys: Vec<String> = alone.map(|key| format!("`{key}`")).collect();
    if keys.is_empty() {
        // Each fits some, but not the same ones.
        keys = silence.criteria().map(|(key, _)| format!("`{key}`")).collect();
    }
    let keys = keys.join(" and ");
    let says =
        format!("the silence `{}` covers no alert that Netdata lists: none fits its {keys}", silence.name);
    Some(Line::warning(CHECK, says, format!("correct its {keys}")))
}

fn covers_node(config: &Config, silence: &Silence, node: &Node) -> bool {
    silence.covers_node(&node.id, &node.labels, &config.rooms)
}

fn covers(config: &Config, silence: &Silence, node: &Node, one: &ListedAlert) -> bool {
    let alert = AskedAlert {
        name: &one.alert.name,
        context: one.context.as_deref().unwrap_or_default(),
        chart: &one.alert.chart,
        role: &one.role,
    };
    silence.covers(&Asked { node: &node.id, labels: &node.labels, alert: Some(alert) }, &config.rooms)
}

fn end_of(made: &ByHand, invocation: &Invocation) -> String {
    format!("{} ends it", invocation.command(&format!("--unsilence {}", made.id)))
}
