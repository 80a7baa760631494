//! `--silence` and `--unsilence`.

use std::fmt::Display;

use color_eyre::eyre;

use super::each::{Limit, each, worst};
use super::selection::{Selection, must_be_there};
use super::{Misuse, is_on, print};
use crate::alert::NodeId;
use crate::cli::silencing::{NamePattern, SilenceLength};
use crate::cli::{Arguments, say};
use crate::clock::now;
use crate::config::Installed;
use crate::delivery::by_hand::silence::{self, Silenced, Unsilenced};
use crate::delivery::clocks::millis;
use crate::delivery::silences::ByHand;
use crate::delivery::store::{MOST_SILENCES, Made};
use crate::duration;
use crate::exit::Exit;
use crate::speaker::prefixed;
use crate::text::ago::stamp;
use crate::text::one_line;

/// Longest reason that is kept, characters.
const LONGEST_REASON: usize = 200;

/// Most nodes that a warning names.
const NODES: usize = 5;

/// `--silence NODES --for DURATION`.
pub async fn make(arguments: &Arguments, nodes: &NamePattern, length: SilenceLength) -> eyre::Result<Exit> {
    let made_at = now();
    let reason = arguments.reason.as_ref().map(|reason| one_line(reason.trim(), LONGEST_REASON));
    let wanted = ByHand {
        id: 0,
        nodes: nodes.0.as_str().to_owned(),
        alerts: arguments.alerts.as_ref().map(|alerts| alerts.0.as_str().to_owned()),
        from: made_at,
        until: made_at.saturating_add(millis(length.0)),
        reason: reason.filter(|reason| !reason.is_empty()),
        made_at,
    };
    match Selection::by(arguments)? {
        Selection::One(one) => make_in(&one, wanted, nodes, length).await,
        Selection::Several(named) => {
            let nodes = nodes.clone();
            let work = move |one: Installed| {
                let (wanted, nodes) = (wanted.clone(), nodes.clone());
                async move {
                    if is_on(&one) { make_in(&one, wanted, &nodes, length).await } else { Ok(Exit::Done) }
                }
            };
            Ok(worst(&each(named, Limit::None, work).await, |exit| *exit))
        }
    }
}

async fn make_in(
    one: &Installed,
    wanted: ByHand,
    nodes: &NamePattern,
    length: SilenceLength,
) -> eyre::Result<Exit> {
    must_be_there(one)?;
    let Silenced { made, nodes: known } = silence::silence(&one.state, &wanted).await?;
    if !known.iter().any(|node| nodes.0.matches(&node.host)) {
        say(warning(nodes, &known));
    }
    let length = duration::print(length.0);
    match made {
        Made::New(made) => print_line(format_args!(
            "silence {}: {}, for {length}, until {}",
            made.id,
            what(&made),
            stamp(made.until)
        )),
        Made::Renewed(made) => print_line(format_args!(
            "silence {}: {}, was there already and now lasts until {}",
            made.id,
            what(&made),
            stamp(made.until)
        )),
        Made::TooMany => Err(Misuse(format!(
            "there are {MOST_SILENCES} silences already: {} lists them, {} ends one",
            one.invocation.command("--status"),
            one.invocation.command("--unsilence ID")
        ))
        .into()),
    }
}

/// `--unsilence ID`.
pub async fn end(arguments: &Arguments, id: i64) -> eyre::Result<Exit> {
    let one = Selection::only(arguments, "--unsilence ID")?;
    must_be_there(&one)?;
    match silence::unsilence(&one.state, id, now()).await? {
        Unsilenced::Ended(ended) => print_line(format_args!(
            "silence {} has ended: {}; the next run tells what is raised",
            ended.id,
            what(&ended)
        )),
        Unsilenced::Unknown(others) => {
            let listed =
                others.iter().map(|one| format!("{} ({}, until {})", one.id, what(one), stamp(one.until)));
            let listed: Vec<String> = listed.collect();
            let there = match listed.as_slice() {
                [] => "there is none that was made with `--silence`".to_owned(),
                listed => format!("made with `--silence`, and not over: {}", listed.join(", ")),
            };
            Err(Misuse(format!(
                "no silence has the id `{id}`: {there}. Those of the configuration end with their `[[silence]]`"
            ))
            .into())
        }
    }
}

fn print_line(line: impl Display) -> eyre::Result<Exit> {
    print(&format!("{}\n", prefixed(line)))
}

/// What it covers.
fn what(silence: &ByHand) -> String {
    let line = |text: &str| one_line(text, LONGEST_REASON);
    match &silence.alerts {
        Some(alerts) => format!("alerts `{}` on `{}`", line(alerts), line(&silence.nodes)),
        None => format!("everything on `{}`", line(&silence.nodes)),
    }
}

fn warning(nodes: &NamePattern, known: &[NodeId]) -> String {
    let pattern = one_line(nodes.0.as_str(), LONGEST_REASON);
    let mut hosts: Vec<&str> = known.iter().map(|node| node.host.as_str()).collect();
    hosts.sort_unstable();
    hosts.dedup();
    let more = hosts.len().saturating_sub(NODES);
    hosts.truncate(NODES);
    let named: Vec<String> =
        hosts.iter().map(|host| format!("`{}`", one_line(host, LONGEST_REASON))).collect();
    match (named.as_slice(), more) {
        ([], _) => {
            format!("warning: no run has seen a node yet, so whether `{pattern}` matches one is not known")
        }
        (named, 0) => {
            format!("warning: no node that was seen matches `{pattern}`; there are {}", named.join(", "))
        }
        (named, more) => {
            format!(
                "warning: no node that was seen matches `{pattern}`; there are {} and {more} more",
                named.join(", ")
            )
        }
    }
}
