//! Asks the agent, or the parents, who they are and what they show.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use tokio::time::timeout;

use super::advised;
use crate::advice::Advised as _;
use crate::alert::NodeId;
use crate::netdata::parents::doubled;
use crate::netdata::{AgentClient, Credentials, Probe};
use crate::wizard::context::AgentTarget;
use crate::wizard::steps::agent::ON_SCREEN;

/// So long the other parents are waited for: only who they are is asked for.
const PATIENCE: Duration = Duration::from_secs(3);

/// A client of one of the URLs.
pub(super) fn client(target: &AgentTarget, url: &str) -> Result<AgentClient, String> {
    let credentials = Credentials { basic: target.basic.clone(), bearer: target.bearer.clone() };
    AgentClient::new(url, target.ca_file.as_deref(), credentials)
        .map_err(|error| advised(error.what(), error.hint_with(ON_SCREEN)))
}

/// What the agent shows, and which of the other URLs lead to it, or to each other's agent. One of those that does not answer
/// now is the sender's to ask again.
pub(super) async fn probe(target: &AgentTarget) -> Result<Probe, String> {
    let own = async {
        let client = client(target, &target.url)?;
        client.probe().await.map_err(|error| advised(error.what(), error.hint_with(ON_SCREEN)))
    };
    let others = join_all(target.others.iter().map(|url| async move {
        let client = client(target, url).ok()?;
        let probe = timeout(PATIENCE, client.probe()).await.ok()?.ok()?;
        Some((url, probe.agent.node))
    }));
    let (own, others) = tokio::join!(own, others);
    let mut own = own?;
    let mut answering = vec![(&target.url, own.agent.node.clone())];
    for (url, node) in others.into_iter().flatten() {
        let is_it = |(_, other): &&(&String, Arc<NodeId>)| other.guid == node.guid;
        match answering.iter().find(is_it) {
            Some((first, _)) => own.doubled.push(doubled(first, url, &node)),
            None => answering.push((url, node)),
        }
    }
    Ok(own)
}
