//! Agents before 2.x: one host per answer, so a parent gives one pair of answers for each child.
//!
//! For each covered, reachable node it reads the log since the last known entry, then the state of all alerts. A child
//! that fails alone (it connects, it leaves, it does not answer in time) is unknown for this run; the agent's own node
//! failing is the failure of the run.

mod host;
mod host_report;
mod log;
mod state;
mod wire;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use futures_util::{StreamExt, stream};

use super::answer::Json;
use super::connection::{Connection, LARGE, SMALL};
use super::cursor::{Cursor, HostPosition, Position};
use super::error::Error;
use super::future::Beyond;
use super::node_index::NodeIndex;
use super::odd::Odd;
use super::time::Time;
use super::{CONCURRENCY, Interest, ListedAlert};
use crate::alert::{Agent, Api, AtRest, Health, Node, NodeId, Observation};
use crate::text::Shown;
use crate::url::segment;
use host::Host;
use host_report::HostReport;

/// How long the log position of an unlisted node is kept, seconds.
const FORGOTTEN: i64 = 7 * 24 * 3600;

/// What an agent says of itself.
pub(super) struct AgentInfo {
    version: Shown,
    /// Its own node first.
    hosts: Vec<Host>,
    /// What could not be read.
    odd: Odd,
}

impl AgentInfo {
    /// Asks `/api/v1/info`, and that of each child of which the agent gives only the name.
    pub(super) async fn ask(connection: &Connection) -> Result<Self, Error> {
        let answer = connection.get("/api/v1/info", SMALL).await.map_err(|error| match error {
            Error::NotFound { url } => {
                Error::NotNetdata { url, detail: "it has neither `/api/v3/info` nor `/api/v1/info`".into() }
            }
            error => error,
        })?;
        let (mut info, names) = answer.read(Self::of).await?;
        for name in names {
            info.hosts.extend(host_report::by_name(connection, &name).await);
        }
        Ok(info)
    }

    pub(super) fn guid(&self) -> &str {
        self.hosts.first().map_or("", |own| &own.id.guid)
    }

    /// Returns also the children of which the agent gives only the name.
    fn of(answer: &Json) -> Result<(Self, Vec<String>), Error> {
        let not_netdata =
            |detail: &str| Error::NotNetdata { url: answer.url().to_owned(), detail: detail.into() };
        let info: wire::Info<'_> = answer.parse().map_err(|error| not_netdata(&error.reason()))?;
        let uid = info.uid.as_str().to_lowercase();
        if uid.is_empty() || info.version.as_str().is_empty() {
            return Err(not_netdata("its answer has no version or no machine GUID"));
        }
        let hosts = info.hosts(&uid);
        let names = info.names_without_status().map(ToOwned::to_owned).collect();
        let odd = Odd { nodes: info.odd_hosts(), values: answer.odd_values(), ..Odd::default() };
        Ok((Self { version: info.version.shown(), hosts, odd }, names))
    }
}

/// Lists every alert of an agent that has no children; `None` of a parent, which takes a request for each.
pub(super) async fn list_alerts(
    connection: &Connection,
    info: AgentInfo,
) -> Result<Option<Vec<ListedAlert>>, Error> {
    let [own] = info.hosts.as_slice() else { return Ok(None) };
    state::list(connection, own).await
}

/// The whole of an observation.
pub(super) async fn observe(
    connection: &Connection,
    info: AgentInfo,
    interest: &Interest<'_>,
    time: Time,
) -> Result<(Observation, Cursor), Error> {
    let mut notes = Vec::new();
    let mut index = NodeIndex::new(&interest.covers);
    let mut hosts = info.hosts;
    for host in &mut hosts {
        let known = index.node(&host.id.guid, &host.id.host);
        (host.id, host.covered) = (known.id, known.covered);
    }
    if !interest.labels.is_empty() {
        ask_labels(connection, &mut hosts, interest, time).await;
    }
    let own = hosts.first().map(|host| host.id.clone()).ok_or_else(|| Error::NotNetdata {
        url: connection.base().to_owned(),
        detail: "it names no host".into(),
    })?;
    let past = past(interest.cursor, &own, &mut notes);
    let last = past.as_ref().map(|(now, _)| *now);
    let marks = past.map(|(_, marks)| marks).unwrap_or_default();
    let questions: Vec<_> = hosts
        .iter()
        .map(|host| {
            let mark = marks.iter().find(|mark| mark.is_of(&host.id)).map(|mark| mark.id);
            async move {
                let report = host_report::ask(connection, host, interest, mark.zip(last), time.log());
                let share = if host.is_own() { time.whole() } else { time.extras() };
                (host, share.run(connection, report).await)
            }
        })
        .collect();
    let reports: Vec<_> = stream::iter(questions).buffered(CONCURRENCY).collect().await;
    let mut seen = HostReports { notes, odd: info.odd, ..HostReports::default() };
    for (host, report) in reports {
        seen.add(host, report)?;
    }
    let agent = Agent { node: own, version: info.version, api: Api::V1 };
    seen.odd.show_nodes(&mut seen.nodes, interest, &index);
    seen.finish(agent, marks).ok_or_else(|| Error::Unreadable {
        url: connection.base().to_owned(),
        detail: "`/api/v1/alarms` says no time".into(),
    })
}

/// Asks the children for their labels, and narrows by them which hosts are covered. The labels of a child that does not
/// say them are not known.
async fn ask_labels(connection: &Connection, hosts: &mut [Host], interest: &Interest<'_>, time: Time) {
    let questions: Vec<_> = hosts
        .iter()
        .map(|host| async move {
            if !host.covered || host.said.are_known() {
                return None;
            }
            let asked = async { Ok(host_report::labels_of(connection, host).await) };
            time.extras().run(connection, asked).await.ok().flatten()
        })
        .collect();
    let said: Vec<_> = stream::iter(questions).buffered(CONCURRENCY).collect().await;
    for (host, said) in hosts.iter_mut().zip(said) {
        if let Some(said) = said {
            *host = host.clone().saying(said);
        }
        host.labels = host.said.pick(&interest.labels);
        host.covered = (interest.covers)(&host.id, &host.labels);
    }
}

/// When the last observation was and where it left the logs, if the cursor is about this agent and this API.
fn past(cursor: Option<&Cursor>, own: &NodeId, notes: &mut Vec<String>) -> Option<(i64, Vec<HostPosition>)> {
    match Cursor::of(cursor, &own.guid) {
        Some(Cursor { now, log: Position::V1 { hosts }, .. }) => return Some((*now, hosts.clone())),
        Some(_) => {
            notes.push(
                "the agent answers v1 of its API where it answered v3: its log is read from now on"
                    .to_owned(),
            );
        }
        None if cursor.is_some() => {
            notes.push("another agent answers than last time: its log is read from now on".to_owned());
        }
        None => {}
    }
    None
}

/// What has been seen of the hosts so far.
#[derive(Default)]
struct HostReports {
    /// The agent's own clock.
    now: Option<i64>,
    nodes: Vec<Node>,
    reports: Vec<HostReport>,
    marks: Vec<(Arc<NodeId>, i64)>,
    notes: Vec<String>,
    gaps: Vec<String>,
    beyond: Beyond,
    odd: Odd,
}

impl HostReports {
    fn add(&mut self, host: &Host, report: Result<HostReport, Error>) -> Result<(), Error> {
        let mut node = Node {
            id: host.id.clone(),
            reachable: host.reachable,
            health: Health::Online,
            ephemeral: host.ephemeral,
            labels: host.labels.clone(),
        };
        match report {
            Ok(mut report) => {
                node.health = if report.health { Health::Online } else { Health::Disabled };
                node.ephemeral |= report.ephemeral;
                if host.is_own() {
                    self.now = report.now;
                }
                self.marks.extend(report.log.mark.map(|id| (host.id.clone(), id)));
                self.notes.append(&mut report.log.notes);
                self.gaps.append(&mut report.log.gaps);
                self.beyond.merge(std::mem::take(&mut report.beyond));
                self.odd.merge(std::mem::take(&mut report.odd));
                self.odd.merge(std::mem::take(&mut report.log.odd));
                self.reports.push(report);
            }
            Err(error) if host.is_own() => return Err(error),
            Err(error) => {
                node.health = Health::Disabled;
                self.notes.push(format!("{} could not be asked: {}", host.id, error.reason()));
            }
        }
        self.nodes.push(node);
        Ok(())
    }

    /// `None` where the agent's clock is not known.
    fn finish(mut self, agent: Agent, before: Vec<HostPosition>) -> Option<(Observation, Cursor)> {
        let now = self.now?;
        let mut marks: Vec<HostPosition> = self
            .marks
            .into_iter()
            .map(|(node, id)| HostPosition {
                guid: node.guid.clone(),
                host: node.host.clone(),
                id,
                asked: now,
            })
            .collect();
        let asked: HashSet<_> = marks.iter().map(|mark| (mark.guid.clone(), mark.host.clone())).collect();
        marks.extend(before.into_iter().filter(|mark| {
            mark.asked > now - FORGOTTEN && !asked.contains(&(mark.guid.clone(), mark.host.clone()))
        }));
        let (mut sightings, mut transitions) = (Vec::new(), Vec::new());
        for mut report in self.reports {
            sightings.append(&mut report.sightings);
            transitions.append(&mut report.log.transitions);
        }
        self.notes.extend(self.odd.notes());
        let cursor = Cursor { agent: agent.node.guid.clone(), now, log: Position::V1 { hosts: marks } };
        let observation = Observation {
            agent,
            now,
            nodes: self.nodes,
            sightings,
            transitions,
            notes: self.notes,
            gaps: self.gaps.into_iter().chain(self.beyond.gap()).collect(),
            left_out: self.odd.left_out(),
            at_rest: AtRest::default(),
        };
        Some((observation, cursor))
    }
}

impl HostPosition {
    fn is_of(&self, node: &NodeId) -> bool {
        self.guid == node.guid && self.host == node.host
    }
}

/// The path of one child on its parent.
pub(super) fn host_path(name: &str) -> String {
    format!("/host/{}", segment(name))
}

/// Whether each raised alert of a node, by chart and name, is silenced now. `path` leads to the node.
pub(super) async fn silences(
    connection: &Connection,
    path: &str,
    node: &NodeId,
) -> Result<HashMap<(String, String), bool>, Error> {
    let host = node.host.clone();
    let read = move |answer: &Json| {
        let state: wire::Alarms<'_> = answer.parse()?;
        // An agent that does not know the host must not answer for itself.
        if state.hostname.as_str() != host {
            return Ok(HashMap::new());
        }
        let of = |alarm: wire::Alarm<'_>| {
            alarm.silenced.0.map(|silenced| ((alarm.chart.into_string(), alarm.name.into_string()), silenced))
        };
        Ok(state.list.0.items.into_iter().filter_map(of).collect())
    };
    connection.get(&format!("{path}/api/v1/alarms"), LARGE).await?.read(read).await
}
