//! A model of Netdata: alerts that raise, change, clear, vanish and restart on nodes that come and go.
//! It keeps its own account of what is raised, by which the outcome is judged.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use netdata_ilert::alert::{
    Agent, AlertDetails, AlertId, Api, AtRest, Health, Labels, Node, NodeId, Observation, Sighting, Status,
    Transition,
};
use netdata_ilert::netdata::Fingerprint;

/// What the model knows of one alert.
#[derive(Clone, Debug)]
pub struct Watched {
    pub status: Status,
    pub silent: bool,
    pub transition: String,
    pub when: i64,
    pub due: i64,
    pub exists: bool,
}

#[derive(Clone, Debug)]
pub struct World {
    /// Both clocks, seconds.
    pub now: i64,
    pub nodes: Vec<Node>,
    pub alerts: BTreeMap<AlertId, Watched>,
    pub log: Vec<Transition>,
    /// Why the agent does not answer, if it does not.
    pub away: Option<String>,
    /// Netdata's delay for what is set next, seconds.
    pub delay: i64,
    /// How many seconds the log lacks; what it lacks is pending in the state.
    pub lag: i64,
    /// The URL leads to another agent, which knows none of the nodes.
    pub elsewhere: bool,
    /// The log does not come: what is new is told by the state alone.
    pub log_is_late: bool,
    /// How many transitions the log does not tell.
    unlogged: usize,
}

pub const START: i64 = 1_800_000_000;

pub fn node(host: &str) -> Arc<NodeId> {
    Arc::new(NodeId { guid: format!("guid-{}", host.to_lowercase()), host: host.to_owned() })
}

pub fn alert(host: &str, name: &str) -> AlertId {
    AlertId { node: node(host), chart: format!("chart.{name}"), name: name.to_owned() }
}

/// The same on a node with this machine GUID.
pub fn alert_on(host: &str, guid: &str, name: &str) -> AlertId {
    let node = Arc::new(NodeId { guid: guid.to_owned(), host: host.to_owned() });
    AlertId { node, ..alert(host, name) }
}

impl World {
    pub fn new(hosts: &[&str]) -> Self {
        let nodes = hosts
            .iter()
            .map(|host| Node {
                id: node(host),
                reachable: true,
                health: Health::Online,
                ephemeral: false,
                labels: Labels::default(),
            })
            .collect();
        Self {
            now: START,
            nodes,
            alerts: BTreeMap::new(),
            log: Vec::new(),
            away: None,
            delay: 0,
            lag: 0,
            elsewhere: false,
            log_is_late: false,
            unlogged: 0,
        }
    }

    /// Adds a reachable node with this machine GUID.
    pub fn add_node(&mut self, host: &str, guid: &str) {
        let id = Arc::new(NodeId { guid: guid.to_owned(), host: host.to_owned() });
        self.nodes.push(Node {
            id,
            reachable: true,
            health: Health::Online,
            ephemeral: false,
            labels: Labels::default(),
        });
    }

    /// How much of the log the agent shows.
    pub fn shown_log(&self) -> usize {
        if self.log_is_late {
            return 0;
        }
        self.log.iter().take_while(|one| one.facts.when + self.lag <= self.now).count()
    }

    pub fn node_mut(&mut self, host: &str) -> &mut Node {
        self.nodes.iter_mut().find(|node| node.id.host == host).unwrap()
    }

    pub fn is_known(&self, node: &NodeId) -> bool {
        self.nodes.iter().any(|one| *one.id == *node && is_known(one))
    }

    /// Brings an alert to a status, through the log.
    pub fn set(&mut self, id: &AlertId, status: Status) {
        let number = self.log.len();
        let transition = format!("transition-{number}");
        let due = self.now + self.delay;
        let watched = self.alerts.entry(id.clone()).or_insert_with(|| Watched {
            status: Status::Uninitialized,
            silent: false,
            transition: String::new(),
            when: 0,
            due: 0,
            exists: true,
        });
        watched.exists = true;
        watched.status = status;
        watched.transition.clone_from(&transition);
        watched.when = self.now;
        watched.due = due;
        let facts = facts(watched);
        self.log.push(Transition { alert: id.clone(), due, silent: watched.silent, facts });
    }

    /// Brings an alert to a status that the log does not tell (cleared while the agent was down).
    pub fn set_unlogged(&mut self, id: &AlertId, status: Status) {
        let now = self.now;
        self.unlogged += 1;
        let watched = self.alerts.get_mut(id).unwrap();
        watched.status = status;
        watched.transition = format!("unlogged-{now}");
        watched.when = now;
        watched.due = now;
    }

    /// The chart goes away: the log says REMOVED, and the alert is listed no more.
    pub fn vanish(&mut self, id: &AlertId) {
        self.set(id, Status::Removed);
        self.alerts.get_mut(id).unwrap().exists = false;
    }

    /// Every alert of a node goes X → REMOVED → UNINITIALIZED.
    pub fn restart(&mut self, host: &str) {
        let ids: Vec<AlertId> = self
            .alerts
            .iter()
            .filter(|(id, one)| id.node.host == host && one.exists)
            .map(|(id, _)| id.clone())
            .collect();
        for id in ids {
            self.set(&id, Status::Removed);
            self.set(&id, Status::Uninitialized);
        }
    }

    /// What an agent tells of itself, if it answers.
    pub fn fingerprint(&self) -> Option<Fingerprint> {
        if self.away.is_some() {
            return None;
        }
        if self.elsewhere {
            return Self { now: self.now, ..Self::new(&["elsewhere"]) }.fingerprint();
        }
        let mut alerts = DefaultHasher::new();
        for (id, one) in &self.alerts {
            (id, one.exists && self.is_known(&id.node)).hash(&mut alerts);
        }
        let receiving = self.nodes.iter().filter(|node| node.reachable).count();
        Some(Fingerprint {
            agent: (*self.nodes[0].id).clone(),
            version: "v2.11.0".into(),
            since: 0,
            nodes: i64::try_from(self.nodes.len()).unwrap(),
            receiving: i64::try_from(receiving).unwrap(),
            alerts: alerts.finish(),
            transitions: (self.log.len() + self.unlogged) as u64,
            now: self.now,
        })
    }

    /// What an agent would answer; `read` transitions of the log were read before, `followed` are asked for
    /// in whatever status.
    pub fn observe(&self, read: Option<usize>, followed: &BTreeSet<AlertId>) -> Result<Observation, String> {
        if let Some(reason) = &self.away {
            return Err(reason.clone());
        }
        if self.elsewhere {
            let stranger = Self { now: self.now, ..Self::new(&["elsewhere"]) };
            return stranger.observe(None, &BTreeSet::new());
        }
        let known: BTreeSet<&NodeId> =
            self.nodes.iter().filter(|node| is_known(node)).map(|node| &*node.id).collect();
        let sightings = self
            .alerts
            .iter()
            .filter(|(id, one)| one.exists && known.contains(&*id.node))
            .filter(|(id, one)| one.status.level().is_some() || followed.contains(*id))
            .map(|(id, one)| {
                let is_shown = |known: &Transition| known.facts.transition == one.transition;
                let young = one.when > self.now - 120;
                let pending = self.lag > 0 && young && !self.log[..self.shown_log()].iter().any(is_shown);
                Sighting {
                    alert: id.clone(),
                    due: (!pending).then_some(one.due),
                    silent: (!pending).then_some(one.silent),
                    pending,
                    facts: facts(one),
                }
            })
            .collect();
        Ok(Observation {
            agent: Agent { node: self.nodes[0].id.clone(), version: "v2.11.0".into(), api: Api::V3 },
            now: self.now,
            nodes: self.nodes.clone(),
            sightings,
            transitions: read
                .map_or_else(Vec::new, |read| self.log[read..self.shown_log().max(read)].to_vec()),
            notes: Vec::new(),
            gaps: Vec::new(),
            left_out: Vec::new(),
            at_rest: AtRest::default(),
        })
    }
}

fn is_known(node: &Node) -> bool {
    node.reachable && node.health != Health::Disabled
}

fn facts(one: &Watched) -> AlertDetails {
    AlertDetails {
        status: one.status,
        value: Some(42.0),
        units: "%".into(),
        when: one.when,
        transition: one.transition.clone(),
        ..AlertDetails::default()
    }
}
