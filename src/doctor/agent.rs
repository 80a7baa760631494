//! Netdata: whether it answers what `--send` asks, what it watches, and what time it thinks it is.

mod parents;

use std::sync::Arc;

use super::{DoctorInput, Line, Mark, count, silences};
use crate::alert::{Health, Level, Node, NodeId, Observation};
use crate::config::Config;
use crate::delivery::silences::ByHand;
use crate::http::Proxy;
use crate::netdata::parents::ParentAnswer;
use crate::netdata::{Error, Interest, ListedAlert, Parents, SetUpError};

const CHECK: &str = "Netdata";

/// Further apart, clocks are worth a word: Netdata's delays are counted by one, ours by the other. Seconds.
const CLOCKS_APART: i64 = 5;

/// Most host names that a line repeats.
const HOSTS: usize = 5;

pub(super) async fn lines(
    config: &Config,
    by_hand: &[ByHand],
    input: &DoctorInput<'_>,
    is_scheduled: bool,
) -> Vec<Line> {
    let clock = input.clock;
    let parents = match Parents::of(config) {
        Ok(parents) => parents,
        // It has a line of its own.
        Err(SetUpError::Secret(_)) => return Vec::new(),
        Err(error) => {
            return vec![
                Line::of(CHECK, &error, "correct `[netdata]` in the configuration").by_configuration(),
            ];
        }
    };
    let own = config.clone();
    let labels = own.label_names();
    let covers = Arc::new(move |node: &_, labels: &_| own.covers(node, labels).unwrap_or(true));
    let interest = Interest { covers, labels, ..Interest::everything() };
    let mut lines: Vec<Line> = parents.proxies().take(1).map(|one| proxy(one, is_scheduled)).collect();
    let interest_of = |_: &str| interest.clone();
    let (answers, listed) = tokio::join!(parents.ask(&interest_of), listed(&parents, config, clock()));
    let silent = |seen: &Observation| {
        let mut lines = silences::of_nothing(config, by_hand, seen, &input.invocation);
        lines.extend(listed.iter().flat_map(|listed| silences::of_no_alert(config, seen, listed)));
        lines
    };
    if parents.are_several() {
        lines.extend(parents::lines(config, answers, clock() / 1000, &silent));
        return lines;
    }
    for ParentAnswer { seen, .. } in answers {
        match seen {
            Ok((seen, _)) => {
                let now = clock() / 1000;
                lines.push(Line::good(CHECK, summary(config, &seen)));
                lines.push(clocks("Netdata's", seen.now - now));
                lines.extend(seen_lines(config, &seen));
                lines.extend(silent(&seen));
            }
            Err(error) => lines.push(no_answer(&error)),
        }
    }
    lines
}

/// All alerts that are listed, where a silence names some; `None` where it names none, or that cannot be told.
async fn listed(parents: &Parents, config: &Config, now: i64) -> Option<Vec<ListedAlert>> {
    let names_some = config.silences.iter().any(|silence| silence.is_of_alerts() && !silence.is_over(now));
    if names_some { parents.list_alerts().await } else { None }
}

fn no_answer(error: &Error) -> Line {
    let line = Line::of(CHECK, error, "see its log").for_now();
    if error.is_starting() { Line { mark: Mark::Warning, ..line } } else { line }
}

/// Through which proxy Netdata is asked.
fn proxy(proxy: &Proxy, is_scheduled: bool) -> Line {
    if is_scheduled {
        return Line::good("proxy", format!("to Netdata: {proxy}, from a variable of this environment"));
    }
    Line::warning(
        "proxy",
        format!("to Netdata: {proxy}, from a variable that is set here, but not for cron and systemd"),
        "name Netdata's host in NO_PROXY, if it is reached without a proxy",
    )
}

/// Who answers, and how much it shows.
fn summary(config: &Config, seen: &Observation) -> String {
    let raised = |level| seen.sightings.iter().filter(|one| one.facts.status.level() == Some(level)).count();
    let chosen = if config.notification.rooms.is_empty() { "" } else { " in the chosen rooms" };
    format!(
        "{} on `{}`: {}; raised{chosen}: {} critical, {} warning",
        seen.agent.version,
        seen.agent.node,
        count(seen.nodes.len(), "node"),
        raised(Level::Critical),
        raised(Level::Warning)
    )
}

/// What is worth a word of what is shown.
fn seen_lines(config: &Config, seen: &Observation) -> Vec<Line> {
    let mut lines: Vec<Line> = health(config, seen).into_iter().collect();
    lines.extend(rooms(config, seen));
    let said = |text: &String, fix| Line::warning(CHECK, text.clone(), fix);
    lines.extend(seen.notes.iter().map(|note| said(note, "alerts that cannot be read are not sent")));
    lines.extend(seen.left_out.iter().map(|alerts| {
        said(
            &alerts.words,
            "these alerts are not sent; if this stays, please report it with the version of Netdata",
        )
    }));
    lines.extend(seen.gaps.iter().map(|gap| said(gap, "what is raised now is sent all the same")));
    lines
}

/// Compares the clock of an agent with this machine's.
fn clocks(whose: &str, ahead: i64) -> Line {
    const CHECK: &str = "clock";
    if ahead.abs() <= CLOCKS_APART {
        return Line::good(CHECK, format!("{whose} and this machine's agree"));
    }
    let which = if ahead > 0 { "ahead of" } else { "behind" };
    Line::warning(
        CHECK,
        format!(
            "{whose} is {} s {which} this machine's: times in alerts and delays are off by that",
            ahead.abs()
        ),
        "let both machines keep their clocks by NTP (`timedatectl set-ntp true`)",
    )
}

fn health(config: &Config, seen: &Observation) -> Option<Line> {
    let watched = || seen.nodes.iter().filter(|node| node.reachable && covers(config, node));
    let without: Vec<&NodeId> =
        watched().filter(|node| node.health == Health::Disabled).map(|node| &*node.id).collect();
    if without.is_empty() {
        return None;
    }
    let says = format!("health is off, so no alerts are evaluated or sent for {}", some(&without));
    let fix = "set `enabled = yes` under `[health]` in netdata.conf there, unless it has only just started";
    let line =
        if watched().all(|node| node.health == Health::Disabled) { Line::wrong } else { Line::warning };
    Some(line("health", says, fix.to_owned()))
}

/// Rooms that nothing is in: a slip in a pattern, mostly.
fn rooms(config: &Config, seen: &Observation) -> Vec<Line> {
    const CHECK: &str = "rooms";
    let nodes: Vec<&NodeId> = seen.nodes.iter().map(|node| &*node.id).collect();
    let chosen = config.rooms.iter().filter(|room| config.notification.rooms.contains(&room.name));
    let empty: Vec<&str> = chosen
        .filter(|room| !seen.nodes.iter().any(|node| room.holds(&node.id, &node.labels) == Some(true)))
        .map(|room| room.name.as_str())
        .collect();
    let any = seen.nodes.iter().any(|node| covers(config, node));
    empty
        .into_iter()
        .map(|room| {
            let says = format!("no node is in the room `{room}`");
            let fix = format!("correct its `nodes` or `labels` under `[[room]]`; there are {}", some(&nodes));
            if any {
                Line::warning(CHECK, says, fix)
            } else {
                Line::wrong(CHECK, format!("{says}, nor in any other chosen room: nothing is sent"), fix)
            }
        })
        .collect()
}

/// Whether a node is in a chosen room, as far as its labels are known.
fn covers(config: &Config, node: &Node) -> bool {
    config.covers(&node.id, &node.labels).unwrap_or(true)
}

fn some(nodes: &[&NodeId]) -> String {
    let named: Vec<String> = nodes.iter().take(HOSTS).map(|node| format!("`{node}`")).collect();
    match nodes.len().saturating_sub(HOSTS) {
        0 => named.join(", "),
        more => format!("{} and {more} more", named.join(", ")),
    }
}
