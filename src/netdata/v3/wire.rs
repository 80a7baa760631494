//! `/api/v3` as it goes over the wire. An answer's list is required: without it an answer must not read as "no alerts".
//! Everything else may be missing or `null`. An element of a list without its essential members is left out and counted
//! as odd.

use serde::Deserialize;

use crate::alert::Status;
use crate::netdata::wire::{Glimpse, HostLabels, List, Number, Prose, Text, Whole, or_default};

/// `/api/v3/info`.
#[derive(Deserialize)]
pub(super) struct Info<'a> {
    #[serde(borrow)]
    pub(super) agents: List<InfoAgent<'a>>,
}

/// The agent that answers.
#[derive(Deserialize)]
pub(super) struct InfoAgent<'a> {
    #[serde(borrow, default)]
    pub(super) mg: Text<'a>,
    #[serde(borrow, default)]
    pub(super) nm: Text<'a>,
    #[serde(default)]
    pub(super) now: Whole,
    #[serde(borrow, default, deserialize_with = "or_default")]
    pub(super) application: Application<'a>,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) cloud: CloudStatus,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) nodes: NodeCounts,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct CloudStatus {
    pub(super) since: Whole,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct NodeCounts {
    pub(super) total: Whole,
    pub(super) receiving: Whole,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Application<'a> {
    #[serde(borrow, deserialize_with = "or_default")]
    pub(super) package: Package<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Package<'a> {
    #[serde(borrow)]
    pub(super) version: Text<'a>,
}

/// `/api/v3/nodes` with nothing odd in it, which takes half the time to read.
#[derive(Deserialize)]
pub(super) struct PlainNodes<'a> {
    #[serde(borrow)]
    pub(super) nodes: Vec<Node<'a>>,
}

/// `/api/v3/nodes`.
#[derive(Deserialize)]
pub(super) struct Nodes<'a> {
    #[serde(borrow)]
    pub(super) nodes: List<Node<'a>>,
}

#[derive(Deserialize)]
pub(super) struct Node<'a> {
    #[serde(borrow, default)]
    pub(super) mg: Text<'a>,
    #[serde(borrow, default)]
    pub(super) nm: Text<'a>,
    #[serde(borrow, default)]
    pub(super) state: Text<'a>,
    #[serde(borrow, default, deserialize_with = "or_default")]
    pub(super) health: Option<Health<'a>>,
    #[serde(borrow, default, deserialize_with = "or_default")]
    pub(super) labels: HostLabels<'a>,
}

#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
pub(super) struct Health<'a> {
    #[serde(borrow)]
    pub(super) status: Text<'a>,
}

/// `/api/v3/alerts?options=instances,values`.
#[derive(Deserialize)]
pub(super) struct Alerts<'a> {
    #[serde(borrow)]
    pub(super) nodes: List<ListedNode<'a>>,
    #[serde(borrow)]
    pub(super) alert_instances: List<Instance<'a>>,
}

/// A node that instances refer to.
#[derive(Deserialize)]
pub(super) struct ListedNode<'a> {
    #[serde(borrow, default)]
    pub(super) mg: Text<'a>,
    #[serde(borrow, default)]
    pub(super) nm: Text<'a>,
    /// Its number; its place in the list where it has none.
    #[serde(default)]
    pub(super) ni: Whole,
}

/// One alert on one chart of one node.
#[derive(Deserialize)]
pub(super) struct Instance<'a> {
    #[serde(default)]
    pub(super) ni: Whole,
    #[serde(borrow, default)]
    pub(super) nm: Text<'a>,
    #[serde(borrow, default)]
    pub(super) ch: Text<'a>,
    #[serde(borrow, default)]
    pub(super) st: Text<'a>,
    #[serde(borrow, default)]
    pub(super) ctx: Text<'a>,
    #[serde(borrow, default)]
    pub(super) info: Prose<'a>,
    #[serde(borrow, default)]
    pub(super) sum: Prose<'a>,
    #[serde(borrow, default)]
    pub(super) units: Text<'a>,
    /// Last transition: id, value, time.
    #[serde(borrow, default)]
    pub(super) tr_i: Text<'a>,
    #[serde(default)]
    pub(super) tr_v: Number,
    #[serde(default)]
    pub(super) tr_t: Whole,
    /// The hash of its configuration.
    #[serde(borrow, default)]
    pub(super) cfg: Text<'a>,
    #[serde(borrow, default)]
    pub(super) src: Text<'a>,
    #[serde(borrow, default)]
    pub(super) to: Text<'a>,
    #[serde(borrow, default)]
    pub(super) tp: Text<'a>,
    #[serde(borrow, default)]
    pub(super) cm: Text<'a>,
    #[serde(borrow, default)]
    pub(super) cl: Text<'a>,
    /// Value now.
    #[serde(default)]
    pub(super) v: Number,
}

impl Instance<'_> {
    /// Name and chart, for an alert on an unknown node.
    pub(super) fn glimpse(self) -> Glimpse {
        let is_not_raised = !Status::parse(self.st.as_str()).may_be_raised();
        Glimpse { name: self.nm.into_string(), chart: self.ch.into_string(), is_not_raised }
    }
}

/// `/api/v3/alert_transitions`.
#[derive(Deserialize)]
pub(super) struct Transitions<'a> {
    #[serde(borrow)]
    pub(super) transitions: List<Transition<'a>>,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) items: Items,
}

/// How much of the log the answer holds.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Items {
    /// How many transitions there are.
    pub(super) matched: Whole,
    /// How many older ones were left out.
    pub(super) after: Whole,
}

#[derive(Deserialize)]
pub(super) struct Transition<'a> {
    #[serde(default)]
    pub(super) gi: Whole,
    #[serde(borrow, default)]
    pub(super) alert: Text<'a>,
    #[serde(borrow, default, rename = "transition_id")]
    pub(super) id: Text<'a>,
    #[serde(borrow, default)]
    pub(super) machine_guid: Text<'a>,
    #[serde(borrow, default)]
    pub(super) config_hash_id: Text<'a>,
    #[serde(borrow, default)]
    pub(super) hostname: Text<'a>,
    #[serde(borrow, default)]
    pub(super) instance: Text<'a>,
    #[serde(borrow, default)]
    pub(super) context: Text<'a>,
    #[serde(borrow, default)]
    pub(super) component: Text<'a>,
    #[serde(borrow, default)]
    pub(super) classification: Text<'a>,
    #[serde(borrow, default, rename = "type")]
    pub(super) kind: Text<'a>,
    #[serde(default)]
    pub(super) when: Whole,
    #[serde(borrow, default)]
    pub(super) info: Prose<'a>,
    #[serde(borrow, default)]
    pub(super) summary: Prose<'a>,
    #[serde(borrow, default)]
    pub(super) units: Text<'a>,
    #[serde(borrow, default, deserialize_with = "or_default")]
    pub(super) new: State<'a>,
    #[serde(borrow, default, deserialize_with = "or_default")]
    pub(super) old: State<'a>,
    #[serde(borrow, default, deserialize_with = "or_default")]
    pub(super) notification: Notification<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct State<'a> {
    #[serde(borrow)]
    pub(super) status: Text<'a>,
    pub(super) value: Number,
    pub(super) duration: Whole,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Notification<'a> {
    pub(super) delay_up_to_time: Whole,
    #[serde(borrow, deserialize_with = "or_default")]
    pub(super) flags: Vec<Text<'a>>,
    #[serde(borrow)]
    pub(super) to: Text<'a>,
}

/// `/api/v3/alert_config`.
#[derive(Deserialize)]
pub(super) struct AlertConfig<'a> {
    #[serde(borrow, default)]
    pub(super) config_hash_id: Text<'a>,
    #[serde(borrow, default, deserialize_with = "or_default")]
    pub(super) value: ConfiguredValue<'a>,
    #[serde(borrow, default, deserialize_with = "or_default")]
    pub(super) status: Thresholds<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct ConfiguredValue<'a> {
    #[serde(borrow, deserialize_with = "or_default")]
    pub(super) db: LookedUp<'a>,
    #[serde(borrow)]
    pub(super) calc: Prose<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct LookedUp<'a> {
    pub(super) after: Whole,
    pub(super) before: Whole,
    #[serde(borrow)]
    pub(super) method: Text<'a>,
    #[serde(borrow)]
    pub(super) dimensions: Prose<'a>,
    #[serde(borrow, deserialize_with = "or_default")]
    pub(super) options: Vec<Text<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Thresholds<'a> {
    #[serde(borrow)]
    pub(super) warn: Prose<'a>,
    #[serde(borrow)]
    pub(super) crit: Prose<'a>,
}
