//! Netdata 2.x: one answer for all nodes.
//!
//! The order: the log of transitions, the alerts that are raised, the nodes; then, only if a followed alert
//! is missing, all alerts; then the transitions that say whether a raise is due and silenced, as far as nobody
//! knows that yet.

mod alerts;
mod due;
mod log;
mod transitions;
mod wire;

use std::collections::HashSet;
use std::sync::Arc;

use super::connection::{Connection, LARGE, SMALL};
use super::cursor::Cursor;
use super::error::Error;
use super::roster::Roster;
use super::{Interest, wire::Text};
use crate::alert::{Agent, Api, Health, Node, NodeId, Observation};
use alerts::{Listing, Which};

/// What an agent says of itself.
pub(super) struct Info {
    agent: Agent,
    /// Its clock, seconds.
    now: i64,
}

impl Info {
    /// Asks `/api/v3/info`, which is open on a protected agent, too.
    pub(super) async fn ask(connection: &Connection) -> Result<Self, Error> {
        let answer = connection.get("/api/v3/info", SMALL).await?;
        let not_netdata = |detail: String| Error::NotNetdata { url: answer.url().to_owned(), detail };
        let info: wire::Info<'_> = answer.parse().map_err(|error| not_netdata(error.reason()))?;
        let own = info.agents.into_iter().next();
        let own = own.ok_or_else(|| not_netdata("its answer names no agent".to_owned()))?;
        let (guid, host) = (own.mg.as_str().to_lowercase(), own.nm.into_string());
        let version = own.application.package.version.into_string();
        let now = own.now.0.filter(|now| *now > 0 && !guid.is_empty());
        let now = now.ok_or_else(|| not_netdata("its answer has no machine GUID or no clock".to_owned()))?;
        let agent = Agent { node: Arc::new(NodeId { guid, host }), version, api: Api::V3 };
        Ok(Self { agent, now })
    }
}

/// The whole of an observation.
pub(super) async fn observe(
    connection: &Connection,
    info: Info,
    interest: &Interest<'_>,
) -> Result<(Observation, Cursor), Error> {
    let mut notes = Vec::new();
    let mut roster = Roster::new(interest.covers);
    let mut log =
        log::since(connection, interest.cursor, &info.agent.node.guid, info.now, &mut roster, &mut notes)
            .await?;
    let mut listing = alerts::ask(connection, Which::Raised, &mut roster, interest).await?;
    let hosts = nodes(connection, &mut roster, &info.agent).await?;
    if is_one_missing(interest, &log, &hosts, &listing) {
        listing = alerts::ask(connection, Which::All, &mut roster, interest).await?;
    }
    let mut sightings = listing.sightings;
    due::fill(connection, &info, &log, interest, &mut sightings, &mut notes).await?;
    let transitions = log.take_new();
    let cursor = log.cursor;
    Ok((
        Observation {
            agent: info.agent,
            now: info.now,
            nodes: hosts,
            sightings,
            transitions,
            notes,
            gaps: Vec::new(),
        },
        cursor,
    ))
}

/// The state alone, without the log.
pub(super) async fn glance(
    connection: &Connection,
    info: Info,
    interest: &Interest<'_>,
) -> Result<Observation, Error> {
    let mut roster = Roster::new(interest.covers);
    let sightings = alerts::ask(connection, Which::Raised, &mut roster, interest).await?.sightings;
    let hosts = nodes(connection, &mut roster, &info.agent).await?;
    let (transitions, notes) = (Vec::new(), Vec::new());
    Ok(Observation {
        agent: info.agent,
        now: info.now,
        nodes: hosts,
        sightings,
        transitions,
        notes,
        gaps: Vec::new(),
    })
}

/// Whether a followed alert is not among those listed, and the log does not say that it cleared. All alerts of
/// a large parent are a large answer: it is asked for only then.
fn is_one_missing(interest: &Interest<'_>, log: &log::Log, nodes: &[Node], listing: &Listing) -> bool {
    if interest.followed.is_empty() {
        return false;
    }
    let cleared = log.cleared(interest);
    let seen: HashSet<_> = listing.sightings.iter().map(|sighting| &sighting.alert).collect();
    let healthy: HashSet<&NodeId> = nodes
        .iter()
        .filter(|node| node.reachable && node.health != Health::Disabled)
        .map(|node| &*node.id)
        .collect();
    interest.followed.keys().any(|alert| {
        !seen.contains(alert)
            && !cleared.contains(alert)
            && healthy.contains(&*alert.node)
            && (interest.covers)(&alert.node)
    })
}

async fn nodes(connection: &Connection, roster: &mut Roster<'_>, agent: &Agent) -> Result<Vec<Node>, Error> {
    let answer = connection.get("/api/v3/nodes", LARGE).await?;
    let listed: wire::Nodes<'_> = answer.parse()?;
    let mut nodes: Vec<Node> = listed.nodes.into_iter().map(|node| read_node(&node, roster)).collect();
    if !nodes.iter().any(|node| node.id == agent.node) {
        // It answers, so it is reachable; of its health it says nothing.
        let id = roster.node(&agent.node.guid, &agent.node.host).id;
        nodes.push(Node { id, reachable: true, health: Health::Disabled, ephemeral: false });
    }
    Ok(nodes)
}

fn read_node(node: &wire::Node<'_>, roster: &mut Roster<'_>) -> Node {
    let is = |word: &Text<'_>, wanted: &str| word.as_str().eq_ignore_ascii_case(wanted);
    Node {
        id: roster.node(node.mg.as_str(), node.nm.as_str()).id,
        reachable: is(&node.state, "reachable"),
        health: node.health.as_ref().map_or(Health::Online, |health| health_of(health.status.as_str())),
        ephemeral: node.labels.ephemeral(),
    }
}

fn health_of(word: &str) -> Health {
    match word.to_ascii_lowercase().as_str() {
        "online" => Health::Online,
        "initializing" => Health::Initializing,
        _ => Health::Disabled,
    }
}
