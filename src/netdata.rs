//! Netdata: asks an agent or a parent, whichever API it speaks, and turns the answer into an
//! [`Observation`].
//!
//! Netdata 2.x shows all its nodes at once (`v3`), older agents one host at a time (`v1`). An agent that has
//! `/api/v3/info` is asked by `v3`. Both read the log **first** and the state after it, so that the state is never
//! older than the log. Each transition is reported once, by the log or by the state that was ahead of it. The state is
//! the truth and must come; the log is a bonus and has a share of the time.
//!
//! Several parents that watch the same nodes are asked at once ([`parents`]), and what they show is made one
//! observation ([`merge`]).
//!
//! - `connection`: sends one request; `answer` reads its body; `time` divides the time between requests;
//! - `error`: why an agent gave no usable answer: its words, and which refusal is which;
//! - `wire`, `lenient_json`: read the JSON, repaired where Netdata prints it wrong;
//! - `v1`, `v3`: make an observation of the answers; `node_index` holds its nodes and whether the rooms cover them;
//! - `odd`: parts that cannot be read, such as a raised alert without a name: left out, counted, reported once;
//! - `gap`: the words for what is missing; `future` bounds times that lie ahead;
//! - `cursor`: how far the log has been read; `alert_config`: how an alert is configured;
//! - `visit`: asks first whether anything has changed, by the agent's `fingerprint`;
//! - [`local`]: where this machine's agent listens.

mod alert_config;
mod answer;
mod connection;
mod cursor;
mod error;
mod fingerprint;
mod future;
mod gap;
mod lenient_json;
pub mod local;
pub mod merge;
mod node_index;
mod odd;
pub mod parents;
#[cfg(test)]
mod tests;
mod time;
mod uuid;
mod v1;
mod v3;
mod visit;
mod wire;

use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use serde::de::DeserializeOwned;

pub(crate) use alert_config::without_entities;
pub use cursor::Cursor;
pub use error::{Error, SetUpError, SettingNames};
pub use fingerprint::Fingerprint;
pub use parents::{Parents, Visits};
pub use visit::Visit;

use crate::alert::{Agent, AlertId, Labels, Level, Node, NodeId, Observation, Status};
use crate::config::{Config, ConfigError};
use crate::http::Proxy;
use crate::secret::Secret;
use connection::Connection;
use time::{Shares, Time};

/// Reads JSON as an agent prints it, with or without a person's changes: what no strict reader takes is repaired, as
/// far as it can be. An error is the strict reader's.
pub(crate) fn read_json<T: DeserializeOwned>(text: &str) -> Result<T, serde_json::Error> {
    serde_json::from_str(text).or_else(|strict| {
        serde_json::from_str(&lenient_json::repair(text, &|| true).text).map_err(|_| strict)
    })
}

/// Time for a whole observation, all its requests together.
pub const DEADLINE: Duration = Duration::from_secs(15);

/// How many requests run at once, where many are needed.
const CONCURRENCY: usize = 8;

/// Credentials for an agent, or for a reverse proxy in front of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Credentials {
    /// Basic authentication: user name and password.
    pub basic: Option<(String, Secret)>,
    /// Bearer token of an agent with `bearer token protection`.
    pub bearer: Option<Secret>,
}

impl Credentials {
    /// Reads a configuration's credentials.
    pub fn of(config: &Config) -> Result<Self, ConfigError> {
        let basic = config.netdata.username.clone().zip(config.netdata_password()?);
        Ok(Self { basic, bearer: config.netdata_bearer_token()? })
    }
}

/// What is known of an alert that is followed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Followed {
    /// The last transition that is known, as [`AlertDetails::transition`](crate::alert::AlertDetails::transition) gave
    /// it; empty if none.
    pub transition: String,
    /// Last known to be silenced through the health API (not by its role).
    pub silenced: bool,
    /// Raised, as far as the log was read.
    pub raised: bool,
    /// Nothing is due of it as long as it is in this state.
    pub resting: Option<Resting>,
}

/// Alerts to report in whatever state they are.
pub type Following = HashMap<AlertId, Followed>;

/// The state of an alert of which nothing is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resting {
    /// Its status.
    pub status: Status,
    /// Nobody is to be told of it.
    pub silent: bool,
    /// Its place among those of which nothing is due.
    pub place: usize,
}

impl Followed {
    /// Whether nothing is due of it with this status, reached by this transition.
    fn rests(&self, status: Status, transition: &str) -> bool {
        self.transition == transition && self.resting.is_some_and(|resting| resting.status == status)
    }
}

/// Whether the alerts of a node are wanted, as far as its labels are known: where they decide and are not, they are.
pub type Covers = Arc<dyn Fn(&NodeId, &Labels) -> bool + Send + Sync>;

/// What an observation is to look for.
#[derive(Clone)]
pub struct Interest<'a> {
    /// Where the last observation ended; `None` at the first: history before it is not told.
    pub cursor: Option<&'a Cursor>,
    /// Alerts to report in whatever state they are.
    pub followed: Arc<Following>,
    /// The nodes whose alerts are wanted.
    pub covers: Covers,
    /// The names of the host labels that are wanted.
    pub labels: BTreeSet<String>,
}

impl Interest<'_> {
    /// Every node, and all that is raised now.
    #[must_use]
    pub fn everything() -> Self {
        Self {
            cursor: None,
            followed: Arc::default(),
            covers: Arc::new(|_, _| true),
            labels: BTreeSet::new(),
        }
    }

    /// Drops the alerts of nodes that turned out by their labels not to be wanted: those come last.
    fn keep_covered(&self, seen: &mut Observation) {
        if self.labels.is_empty() {
            return;
        }
        let unwanted: HashSet<Arc<NodeId>> = seen
            .nodes
            .iter()
            .filter(|node| !(self.covers)(&node.id, &node.labels))
            .map(|node| node.id.clone())
            .collect();
        seen.sightings.retain(|one| !unwanted.contains(&one.alert.node));
        seen.transitions.retain(|one| !unwanted.contains(&one.alert.node));
    }
}

/// A summary of an agent, for a live check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probe {
    /// Who answered.
    pub agent: Agent,
    /// Every node that it lists.
    pub nodes: Vec<Node>,
    /// How many alerts are raised now: warnings, criticals.
    pub raised: (usize, usize),
    /// Where others were asked besides: that two URLs lead to the same agent, in words.
    pub doubled: Vec<String>,
}

/// An alert that an agent lists, in whatever status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedAlert {
    /// Which.
    pub alert: AlertId,
    /// The context of its chart; v1 does not say it.
    pub context: Option<String>,
    /// Its recipients, separated by spaces.
    pub role: String,
}

/// Asks one agent or parent.
pub struct AgentClient {
    connection: Connection,
    shares: Shares,
}

/// Which API an agent speaks, with what it said of itself.
enum Dialect {
    V1(v1::AgentInfo),
    V3(v3::AgentInfo),
}

impl Dialect {
    /// The agent's machine GUID; empty if it names no host.
    fn guid(&self) -> &str {
        match self {
            Self::V1(info) => info.guid(),
            Self::V3(info) => info.guid(),
        }
    }
}

impl AgentClient {
    /// A client for the agent or parent at this base URL. An agent on this machine is asked directly, any
    /// other as the usual proxy variables say. Sends nothing yet.
    pub fn new(url: &str, ca_file: Option<&Path>, credentials: Credentials) -> Result<Self, SetUpError> {
        Ok(Self { connection: Connection::new(url, ca_file, credentials)?, shares: Shares::default() })
    }

    /// The base URL, without credentials.
    #[must_use]
    pub fn url(&self) -> &str {
        self.connection.base()
    }

    /// The proxy that stands between, if one does.
    #[must_use]
    pub fn proxy(&self) -> Option<&Proxy> {
        self.connection.proxy()
    }

    /// Reads everything needed to find what changed, and the cursor for the next time.
    ///
    /// Sightings and transitions are of covered nodes alone, nodes are all that are listed. An error means that
    /// nothing is known; a child of a v1 parent that does not answer is a node with [`Health::Disabled`] and a note. A
    /// log that is slow, too large or unreadable is no error but one of the observation's `gaps`.
    ///
    /// [`Health::Disabled`]: crate::alert::Health::Disabled
    pub async fn observe(&self, interest: &Interest<'_>) -> Result<(Observation, Cursor), Error> {
        self.meet(Duration::ZERO).await.observe(&|_| interest.clone()).await
    }

    /// Asks who answers, which nodes there are and how many alerts are raised. Sends the same requests as
    /// [`observe`](Self::observe), so that both meet the same refusals.
    pub async fn probe(&self) -> Result<Probe, Error> {
        let everything = Interest::everything();
        let time = Time::begin(self.shares);
        let work = async {
            match self.dialect().await? {
                Dialect::V3(info) => v3::glance(&self.connection, info, &everything, time).await,
                Dialect::V1(info) => {
                    v1::observe(&self.connection, info, &everything, time).await.map(|(seen, _)| seen)
                }
            }
        };
        let done = time.whole().run(&self.connection, work).await;
        let observation = done.map_err(|error| self.behind_proxy(error))?;
        let at = |level| {
            observation.sightings.iter().filter(|seen| seen.facts.status.level() == Some(level)).count()
        };
        let raised = (at(Level::Warning), at(Level::Critical));
        Ok(Probe { agent: observation.agent, nodes: observation.nodes, raised, doubled: Vec::new() })
    }

    /// Lists every alert in whatever status, with one request. `None` where that takes more (a parent that speaks only
    /// v1), or where one of them cannot be read.
    pub async fn list_alerts(&self) -> Result<Option<Vec<ListedAlert>>, Error> {
        let time = Time::begin(self.shares);
        let work = async {
            match self.dialect().await? {
                Dialect::V3(_) => v3::list_alerts(&self.connection).await,
                Dialect::V1(info) => v1::list_alerts(&self.connection, info).await,
            }
        };
        time.whole().run(&self.connection, work).await.map_err(|error| self.behind_proxy(error))
    }

    /// What is odd may come from a proxy on the way.
    fn behind_proxy(&self, error: Error) -> Error {
        error.behind(self.connection.proxy())
    }

    /// Netdata 2.x has `/api/v3`, older agents answer 404 there.
    async fn dialect(&self) -> Result<Dialect, Error> {
        match v3::AgentInfo::ask(&self.connection).await {
            Err(Error::NotFound { .. }) => v1::AgentInfo::ask(&self.connection).await.map(Dialect::V1),
            answer => answer.map(Dialect::V3),
        }
    }
}
