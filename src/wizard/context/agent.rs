//! The agent's answer, and the question that it belongs to.

use std::collections::BTreeSet;
use std::path::PathBuf;

use crate::netdata::Probe;
use crate::payload::Notice;
use crate::secret::Secret;

/// What is known of the agent.
#[derive(Clone, Debug, Default)]
pub struct AgentContext {
    /// The last that was asked.
    pub asked: Option<AgentTarget>,
    /// The last reply.
    pub probed: Option<Probed>,
    /// What a first run would send; the error says why there is nothing.
    pub notices: Option<Result<Vec<Notice>, String>>,
}

/// Which agent, and how it is asked: all that its reply depends on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgentTarget {
    /// Base URL.
    pub url: String,
    /// Those of the other parents.
    pub others: Vec<String>,
    /// Certificate authorities to trust.
    pub ca_file: Option<PathBuf>,
    /// Basic authentication.
    pub basic: Option<(String, Secret)>,
    /// Bearer token.
    pub bearer: Option<Secret>,
}

/// A reply, with what was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probed {
    /// What was asked.
    pub target: AgentTarget,
    /// What the agent shows, or why it does not.
    pub result: Result<Probe, String>,
    /// Host names of the nodes that it lists, sorted, each once: there may be thousands, and each is drawn.
    pub hosts: Vec<String>,
}

impl Probed {
    /// The reply of this agent.
    #[must_use]
    pub fn new(target: AgentTarget, result: Result<Probe, String>) -> Self {
        let nodes = result.as_ref().map_or(&[][..], |probe| &probe.nodes);
        let hosts: BTreeSet<_> = nodes.iter().map(|node| node.id.host.clone()).collect();
        Self { target, result, hosts: hosts.into_iter().collect() }
    }
}
