//! Netdata 2.x: one answer for all nodes.
//!
//! A run asks in this order: the log of transitions, the raised alerts, the nodes. Then all alerts, but only if a
//! followed alert is missing or the log has cut an unknown alert's name. Then, for raises that are new, whether they
//! are due or silenced, and how they are configured.

mod alert_configs;
mod alert_stream;
mod alerts;
mod cut;
mod essentials;
mod log;
mod names;
mod notification_delay;
mod transitions;
mod unlisted;
mod wire;

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use super::answer::Json;
use super::connection::{Connection, LARGE, SMALL};
use super::cursor::Cursor;
use super::error::Error;
use super::fingerprint::{Counts, Fingerprint};
use super::future::AgentNow;
use super::node_index::NodeIndex;
use super::odd::Odd;
use super::time::Time;
use super::uuid::Uuid;
use super::wire::{List, Text};
use super::{Followed, Interest};
use crate::alert::{Agent, Api, AtRest, Health, Labels, Node, NodeId, Observation, Sighting};
use alert_stream::Scope;
use alerts::Listing;
pub(super) use alerts::list_alerts;
use log::LogWindow;
use names::Names;

/// What an agent says of itself.
pub(super) struct AgentInfo {
    agent: Agent,
    /// Its clock, seconds.
    now: i64,
    counts: Counts,
}

/// Which configuration a transition's alert has, by transition.
type Hashes = HashMap<Uuid, Uuid>;

/// An observation in progress: what all its requests share.
struct Round<'a> {
    connection: &'a Connection,
    info: &'a AgentInfo,
    interest: &'a Interest<'a>,
    time: Time,
    index: NodeIndex,
    /// Of transitions to a raised status that are news.
    hashes: Hashes,
    notes: Vec<String>,
    gaps: Vec<String>,
    /// What could not be read.
    odd: Odd,
}

impl<'a> Round<'a> {
    fn new(connection: &'a Connection, info: &'a AgentInfo, interest: &'a Interest<'a>, time: Time) -> Self {
        let index = NodeIndex::new(&interest.covers);
        let (hashes, odd) = (Hashes::new(), Odd::default());
        let (notes, gaps) = (Vec::new(), Vec::new());
        Self { connection, info, interest, time, index, hashes, notes, gaps, odd }
    }

    /// The agent's clock now: its later answers may show what happened meanwhile.
    fn clock(&self) -> i64 {
        self.info.now.saturating_add(self.time.passed())
    }
}

impl AgentInfo {
    /// Asks `/api/v3/info`, which is open on a protected agent, too.
    pub(super) async fn ask(connection: &Connection) -> Result<Self, Error> {
        connection.get("/api/v3/info", SMALL).await?.read(Self::of).await
    }

    pub(super) fn guid(&self) -> &str {
        &self.agent.node.guid
    }

    fn of(answer: &Json) -> Result<Self, Error> {
        let not_netdata =
            |detail: &str| Error::NotNetdata { url: answer.url().to_owned(), detail: detail.into() };
        let info: wire::Info<'_> = answer.parse().map_err(|error| not_netdata(&error.reason()))?;
        let own = info.agents.items.into_iter().next();
        let own = own.ok_or_else(|| not_netdata("its answer names no agent"))?;
        let (guid, host) = (own.mg.as_str().to_lowercase(), own.nm.into_string());
        let version = own.application.package.version.shown();
        let now = own.now.0.filter(|now| *now > 0 && !guid.is_empty() && !host.is_empty());
        let now =
            now.ok_or_else(|| not_netdata("its answer has no machine GUID, no host name or no clock"))?;
        let agent = Agent { node: Arc::new(NodeId { guid, host }), version, api: Api::V3 };
        let counts =
            Counts { since: own.cloud.since, nodes: own.nodes.total, receiving: own.nodes.receiving };
        Ok(Self { agent, now, counts })
    }

    /// With the hashes of its alerts and transitions; `None` where it does not count its nodes, or say since when it
    /// counts.
    pub(super) fn fingerprint(&self, (alerts, transitions): (u64, u64)) -> Option<Fingerprint> {
        let (Agent { node, version, .. }, counts) = (&self.agent, &self.counts);
        Some(Fingerprint {
            agent: (**node).clone(),
            version: version.to_string(),
            since: counts.since.0?,
            nodes: counts.nodes.0?,
            receiving: counts.receiving.0?,
            alerts,
            transitions,
            now: self.now,
        })
    }
}

/// The whole of an observation.
pub(super) async fn observe(
    connection: &Connection,
    info: AgentInfo,
    interest: &Interest<'_>,
    time: Time,
) -> Result<(Observation, Cursor), Error> {
    let mut round = Round::new(connection, &info, interest, time);
    let mut log = log::ask(&mut round).await?;
    let mut listing = alert_stream::ask(&mut round, Scope::Raised, Some(&log)).await?;
    let nodes = nodes(&mut round).await?;
    log.give_names(&Names::new(&listing, interest));
    if is_one_missing(interest, &log, &nodes, &listing) {
        listing = alert_stream::ask(&mut round, Scope::All, Some(&log)).await?;
    } else if log.has_nameless_raise() {
        listing = all_for_names(&mut round, listing, &log).await?;
    }
    if is_odd(&listing, &round, &nodes) {
        listing.rouse(&interest.followed);
    }
    log.give_names(&Names::new(&listing, interest));
    log.drop_nameless(&mut round.notes);
    log.fill_in(&listing);
    let mut sightings = listing.sightings;
    let mut left_out = unlisted::set_apart(&mut sightings, &nodes, interest);
    listing.odd.show_unknown(&mut sightings, interest);
    round.odd.merge(listing.odd);
    notification_delay::fill(&mut round, &log, &mut sightings).await?;
    alert_configs::fill(&mut round, &mut log, &mut sightings).await;
    let (mut transitions, cursor) = log.finish(&info.agent.node.guid, info.now, &sightings);
    let mut present = AgentNow::new(info.now, time.passed());
    present.bound_transitions(&mut transitions);
    for sighting in &mut sightings {
        present.bound_sighting(sighting, is_known(interest, sighting));
    }
    let Round { mut notes, mut gaps, odd, .. } = round;
    notes.extend(odd.notes());
    left_out.extend(odd.left_out());
    gaps.extend(present.into_beyond().gap());
    let AgentInfo { agent, now, .. } = info;
    let at_rest = listing.at_rest;
    Ok((Observation { agent, now, nodes, sightings, transitions, notes, gaps, left_out, at_rest }, cursor))
}

/// The state alone, without the log.
pub(super) async fn glance(
    connection: &Connection,
    info: AgentInfo,
    interest: &Interest<'_>,
    time: Time,
) -> Result<Observation, Error> {
    let mut round = Round::new(connection, &info, interest, time);
    let Listing { sightings, odd, .. } = alert_stream::ask(&mut round, Scope::Raised, None).await?;
    round.odd.merge(odd);
    let nodes = nodes(&mut round).await?;
    let Round { mut notes, gaps, odd, .. } = round;
    notes.extend(odd.notes());
    let left_out = odd.left_out();
    let AgentInfo { agent, now, .. } = info;
    let (transitions, at_rest) = (Vec::new(), AtRest::default());
    Ok(Observation { agent, now, nodes, sightings, transitions, notes, gaps, left_out, at_rest })
}

/// Asks for all alerts, for the names of those that came and went. Returns the list at hand if there is no time for
/// that.
async fn all_for_names(round: &mut Round<'_>, listing: Listing, log: &LogWindow) -> Result<Listing, Error> {
    let (connection, share) = (round.connection, round.time.extras());
    match share.run(connection, alert_stream::ask(round, Scope::All, Some(log))).await {
        Err(error) if error.leaves_a_gap() => Ok(listing),
        answer => answer,
    }
}

/// Whether something of an answer cannot be read, or contradicts another: every alert is looked at then.
fn is_odd(listing: &Listing, round: &Round<'_>, nodes: &[Node]) -> bool {
    let listed: HashSet<&NodeId> = nodes.iter().map(|node| &*node.id).collect();
    let seen = listing.sightings.iter().map(|one| &one.alert.node).chain(&listing.at_rest.nodes);
    !listing.odd.alerts.is_empty()
        || round.odd.nodes > 0
        || seen.into_iter().any(|node| !listed.contains(&**node))
}

/// Whether an earlier observation had the same last transition.
fn is_known(interest: &Interest<'_>, sighting: &Sighting) -> bool {
    let followed = interest.followed.get(&sighting.alert);
    followed.is_some_and(|followed| followed.transition == sighting.facts.transition)
}

/// Whether a followed alert is not among those listed, and the log does not say that it cleared. All alerts of
/// a large parent are a large answer: it is asked for only then.
fn is_one_missing(interest: &Interest<'_>, log: &LogWindow, nodes: &[Node], listing: &Listing) -> bool {
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
    let rests = |known: &Followed| known.resting.is_some_and(|resting| listing.at_rest.has(resting.place));
    interest.followed.iter().any(|(alert, known)| {
        !rests(known)
            && !seen.contains(alert)
            && !cleared.contains(alert)
            && healthy.contains(&*alert.node)
            && (interest.covers)(&alert.node, &Labels::default())
    })
}

async fn nodes(round: &mut Round<'_>) -> Result<Vec<Node>, Error> {
    let (index, agent) = (&mut round.index, &round.info.agent);
    let answer = round.connection.get("/api/v3/nodes?options=minify", LARGE).await?;
    let names = round.interest.labels.clone();
    let read = move |answer: &Json, index: &mut NodeIndex| listed_nodes(answer, index, &names);
    let (mut nodes, odd) = answer.read_with(index, read).await?;
    odd.show_nodes(&mut nodes, round.interest, index);
    round.odd.merge(odd);
    if !nodes.iter().any(|node| node.id == agent.node) {
        // It answers, so it is reachable; of its health it says nothing.
        let id = index.node(&agent.node.guid, &agent.node.host).id;
        nodes.push(Node {
            id,
            reachable: true,
            health: Health::Disabled,
            ephemeral: false,
            labels: Labels::default(),
        });
    }
    Ok(nodes)
}

/// The nodes that can be read, and what cannot.
fn listed_nodes(
    answer: &Json,
    index: &mut NodeIndex,
    labels: &BTreeSet<String>,
) -> Result<(Vec<Node>, Odd), Error> {
    let listed = match answer.plain() {
        Some(wire::PlainNodes { nodes }) => List { items: nodes, odd: Vec::new() },
        None => answer.parse::<wire::Nodes<'_>>()?.nodes,
    };
    let mut odd = Odd { values: answer.odd_values(), nodes: listed.odd.len(), ..Odd::default() };
    let mut nodes: Vec<Node> = Vec::with_capacity(listed.items.len());
    for node in &listed.items {
        let is_said = |text: &Text<'_>| !text.as_str().trim().is_empty();
        odd.nodes += usize::from(![&node.mg, &node.nm, &node.state].into_iter().all(is_said));
        if is_said(&node.mg) && is_said(&node.nm) {
            nodes.push(read_node(node, index, labels));
        }
    }
    Ok((nodes, odd))
}

fn read_node(node: &wire::Node<'_>, index: &mut NodeIndex, labels: &BTreeSet<String>) -> Node {
    let is = |word: &Text<'_>, wanted: &str| word.as_str().eq_ignore_ascii_case(wanted);
    // A node without a state is unknown: neither up nor down.
    let is_known = !node.state.as_str().trim().is_empty();
    let health = node.health.as_ref().filter(|_| is_known).map(|health| health_of(health.status.as_str()));
    Node {
        id: index.node(node.mg.as_str(), node.nm.as_str()).id,
        reachable: !is_known || is(&node.state, "reachable"),
        health: health.unwrap_or(if is_known { Health::Online } else { Health::Disabled }),
        ephemeral: node.labels.ephemeral(),
        labels: node.labels.pick(labels),
    }
}

fn health_of(word: &str) -> Health {
    match word.to_ascii_lowercase().as_str() {
        "online" => Health::Online,
        "initializing" => Health::Initializing,
        _ => Health::Disabled,
    }
}
