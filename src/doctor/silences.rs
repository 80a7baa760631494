//! Silences that can hardly be meant: over, endless, of nothing, of everything.

use super::Line;
use crate::alert::Observation;
use crate::config::{Config, Silence};

const CHECK: &str = "silences";

/// Those that do not begin any more, or do not end. `now` is this machine's clock, milliseconds.
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
    if window.until.is_some() {
        return None;
    }
    let fix = if silence.every.is_some() {
        "make its `for` shorter than the time from one begin to the next"
    } else {
        "give it an `until` or a `for`"
    };
    if silence.is_of_everything() && window.holds(now) {
        let says = format!("the silence `{name}` covers everything and does not end: nothing is told");
        return Some(Line::wrong(CHECK, says, fix));
    }
    Some(Line::warning(CHECK, format!("the silence `{name}` has no end"), fix))
}

/// Those that cover no node that Netdata lists.
pub(super) fn of_nothing(config: &Config, seen: &Observation) -> Vec<Line> {
    let is_of_none = |silence: &&Silence| {
        !seen.nodes.iter().any(|node| silence.covers_node(&node.id, &node.labels, &config.rooms))
    };
    let line = |silence: &Silence| {
        let says = format!("the silence `{}` covers no node that Netdata lists", silence.name);
        Line::warning(CHECK, says, "correct its `rooms`, `nodes` or `labels`")
    };
    config.silences.iter().filter(is_of_none).map(line).collect()
}
