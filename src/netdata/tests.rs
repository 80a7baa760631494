//! Whole observations, against a scripted agent on a loopback port.

mod lenient_json;
mod mutated;
mod odd;
mod recorded;
mod refusals;
mod server;
mod simulated;
mod v1;
mod v3;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::time::Shares;
use super::{AgentClient, Credentials, Cursor, Error, Followed, Interest};
use crate::alert::{AlertId, Labels, NodeId, Observation};

/// Where 2.x lists what is raised, and where all alerts.
const RAISED: &str = "/api/v3/alerts?options=instances,values,minify&status=raised";
const ALL: &str = "/api/v3/alerts?options=instances,values,minify";

macro_rules! fixture {
    ($name:literal) => {
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/", $name))
    };
}
use fixture;

/// What a test wants to know; all nodes and no past unless said otherwise.
#[derive(Default)]
struct Ask {
    cursor: Option<Cursor>,
    followed: HashMap<AlertId, Followed>,
    only: Option<&'static str>,
    labels: BTreeSet<String>,
    by_labels: Option<fn(&NodeId, &Labels) -> bool>,
    shares: Shares,
}

impl Ask {
    fn since(cursor: Cursor) -> Self {
        Self { cursor: Some(cursor), ..Self::default() }
    }

    fn following(mut self, alert: AlertId, transition: &str, silenced: bool) -> Self {
        let known = Followed { transition: transition.into(), silenced, raised: true, resting: None };
        self.followed.insert(alert, known);
        self
    }

    async fn of(self, server: &server::Server) -> Result<(Observation, Cursor), Error> {
        self.at(&server.url).await
    }

    async fn at(self, url: &str) -> Result<(Observation, Cursor), Error> {
        let mut client = AgentClient::new(url, None, Credentials::default()).unwrap();
        client.shares = self.shares;
        let (only, by_labels) = (self.only, self.by_labels);
        let covers = Arc::new(move |node: &NodeId, labels: &Labels| {
            only.is_none_or(|host| node.host == host) && by_labels.is_none_or(|covers| covers(node, labels))
        });
        let (followed, labels) = (Arc::new(self.followed), self.labels);
        let interest = Interest { cursor: self.cursor.as_ref(), followed, covers, labels };
        let (observation, cursor) = client.observe(&interest).await?;
        // A cursor survives being stored.
        let stored: Cursor = serde_json::from_str(&serde_json::to_string(&cursor).unwrap()).unwrap();
        assert_eq!(stored, cursor);
        Ok((observation, stored))
    }
}

fn alert(guid: &str, host: &str, chart: &str, name: &str) -> AlertId {
    let node = Arc::new(NodeId { guid: guid.into(), host: host.into() });
    AlertId { node, chart: chart.into(), name: name.into() }
}

fn transition_ids(observation: &Observation) -> Vec<&str> {
    observation.transitions.iter().map(|transition| transition.facts.transition.as_str()).collect()
}
