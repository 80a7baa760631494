//! The v2 and v3 API of a v2.11 agent: all nodes in one answer.

mod alert_config;
mod transitions;

use serde::Serialize;
use serde_json::{Value, json};

use super::format::{self, Number};
use super::query::Query;
use crate::alert::{Health, Status};
use crate::simulator::server::Response;
use crate::simulator::world::{LogTrouble, Node, Versions, WatchedAlert, World, format_uuid};

const INFO: &str = include_str!("../../../assets/simulator/info-v3.json");
const NODE: &str = include_str!("../../../assets/simulator/node.json");
const VERSION: &str = "v2.11.0";

/// What every answer ends with.
#[allow(clippy::struct_field_names)] // Netdata's names
#[derive(Serialize)]
struct Timings {
    routing_ms: u8,
    node_max_ms: u8,
    total_ms: f64,
}

const TIMINGS: Timings = Timings { routing_ms: 0, node_max_ms: 0, total_ms: 0.139 };

pub(super) fn answer(world: &World, path: &[&str], query: &Query) -> Response {
    let minify = query.lists("options", "minify");
    match path {
        ["info"] => Response::json(format::json(&info(world), minify)),
        ["versions"] if !world.hides_versions => Response::json(format::json(&versions(world), minify)),
        ["me"] => Response::json(format::json(&me(world), minify)),
        ["nodes"] => Response::json(format::json(&nodes(world), minify)),
        ["alerts"] => Response::json(format::json(&alerts(world, query), minify)),
        ["alert_config"] => alert_config::answer(world, query, minify),
        ["alert_transitions"] => {
            let mut log = format::uncut(format::json(&transitions::answer(world, query), minify));
            if world.log_trouble == Some(LogTrouble::Unreadable) {
                log.truncate(log.len() / 2);
            }
            Response::json(log)
        }
        _ => Response::text(404, format!("Unsupported API command: {}", path.join("/"))),
    }
}

/// Listed nodes with their `ni`.
fn listed(world: &World) -> impl Iterator<Item = (usize, &Node)> {
    world.nodes.iter().filter(|node| node.listed).enumerate()
}

fn info(world: &World) -> Value {
    let mut info: Value = serde_json::from_str(INFO).unwrap_or_default();
    let children = world.nodes.iter().skip(1).filter(|node| node.listed);
    let receiving = children.clone().filter(|node| node.connected).count();
    let total = children.count() + 1;
    let protected =
        world.refusal == Some(412) || world.guard.as_ref().is_some_and(|guard| guard.status == 412);
    if let (Some(agent), Some(own)) = (info.pointer_mut("/agents/0"), world.nodes.first()) {
        let fields = [
            ("mg", json!(own.guid)),
            ("nm", json!(own.host)),
            ("now", json!(world.now())),
            (
                "nodes",
                json!({"total": total, "receiving": receiving, "sending": 0, "archived": total - 1 - receiving}),
            ),
            ("api", json!({"version": 7, "bearer_protection": protected})),
        ];
        if let Some(cloud) = agent.get_mut("cloud").and_then(Value::as_object_mut) {
            cloud.insert("since".to_owned(), json!(world.versions.started));
            cloud.insert("age".to_owned(), json!(world.now() - world.versions.started));
        }
        if let Some(agent) = agent.as_object_mut() {
            agent.extend(fields.map(|(name, value)| (name.to_owned(), value)));
        }
    }
    if let (Some(found), Some(called)) =
        (info.pointer_mut("/agents/0/application/package/version"), &world.version)
    {
        *found = json!(called);
    }
    info
}

/// The hashes of routes, nodes and contexts change with every chart: nobody looks at them here.
fn versions(world: &World) -> Value {
    let Versions { alerts, transitions, .. } = world.versions;
    let nodes = world.nodes.len();
    json!({
        "api": 2,
        "versions": {
            "routing_hard_hash": 1, "nodes_hard_hash": nodes, "contexts_hard_hash": 1094, "contexts_soft_hash": 0,
            "alerts_hard_hash": alerts, "alerts_soft_hash": transitions,
        },
        "timings": {"routing_ms": 0, "node_max_ms": 0, "total_ms": 0.013},
    })
}

fn me(world: &World) -> Value {
    let role = if world.refusal.is_some() { "none" } else { "any" };
    let access: &[&str] = if world.refusal.is_some() { &[] } else { &["anonymous-data"] };
    json!({"auth": "none", "cloud_account_id": null, "client_name": "", "access": access, "user_role": role})
}

fn nodes(world: &World) -> Value {
    let template: Value = serde_json::from_str(NODE).unwrap_or_default();
    let nodes: Vec<Value> =
        listed(world).map(|(index, node)| describe(world, index, node, template.clone())).collect();
    json!({"api": 2, "nodes": nodes, "timings": TIMINGS})
}

fn describe(world: &World, index: usize, node: &Node, mut found: Value) -> Value {
    let health = match node.health {
        Health::Disabled => json!({"status": "disabled"}),
        Health::Initializing => json!({"status": "initializing"}),
        Health::Online => json!({"status": "online", "alerts": {
            "critical": node.count(Status::Critical),
            "warning": node.count(Status::Warning),
            "clear": node.count(Status::Clear),
            "undefined": node.count(Status::Undefined),
            "uninitialized": node.count(Status::Uninitialized),
        }}),
    };
    let parent = index == 0 && world.nodes.len() > 1;
    if let Some(labels) = found.pointer_mut("/labels").and_then(Value::as_object_mut) {
        let yes_or_no = |yes: bool| json!(if yes { "true" } else { "false" });
        labels.insert("_hostname".to_owned(), json!(node.host));
        labels.insert("_is_ephemeral".to_owned(), yes_or_no(node.ephemeral));
        labels.insert("_is_parent".to_owned(), yes_or_no(parent));
        labels.extend(node.labels.iter().map(|(name, value)| (name.clone(), json!(value))));
        if index == 0 {
            labels.remove("_streams_to");
        }
    }
    if let Some(found) = found.as_object_mut() {
        let state = if node.connected { "reachable" } else { "stale" };
        found.extend(
            [
                ("mg", json!(node.guid)),
                ("nm", json!(node.host)),
                ("ni", json!(index)),
                ("v", json!(VERSION)),
                ("state", json!(state)),
                ("health", health),
            ]
            .map(|(name, value)| (name.to_owned(), value)),
        );
    }
    found
}

#[derive(Serialize)]
struct Alerts<'a> {
    api: u8,
    nodes: Vec<NodeName<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    alert_instances: Option<Vec<Instance<'a>>>,
    timings: Timings,
}

#[derive(Serialize)]
struct NodeName<'a> {
    mg: &'a str,
    nm: &'a str,
    ni: usize,
}

#[derive(Serialize)]
struct Instance<'a> {
    ni: usize,
    nm: &'a str,
    ch: &'a str,
    ch_n: &'a str,
    #[serde(flatten)]
    about: Option<About<'a>>,
    #[serde(flatten)]
    values: Option<Values>,
}

/// With `options=instances`.
#[derive(Serialize)]
struct About<'a> {
    gi: u64,
    ctx: &'a str,
    st: &'static str,
    fami: &'a str,
    info: &'a str,
    sum: &'a str,
    units: &'a str,
    tr_i: String,
    tr_v: Number,
    tr_t: i64,
    cfg: String,
    src: String,
    to: &'a str,
    tp: &'a str,
    cm: &'a str,
    cl: &'a str,
}

/// With `options=values`.
#[derive(Serialize)]
struct Values {
    v: Number,
    t: i64,
}

/// Without `options` there are no instances at all; without `status` they are of every status. The option
/// `summary`, with its counts over all stock alerts, is not simulated.
fn alerts<'a>(world: &'a World, query: &Query) -> Alerts<'a> {
    let (instances, values) = (query.lists("options", "instances"), query.lists("options", "values"));
    let alert_instances = (instances || values).then(|| {
        listed(world)
            .flat_map(|(index, node)| node.sightings().map(move |alert| (index, node, alert)))
            .filter(|(_, _, alert)| wanted(query, alert.status))
            .map(|(ni, node, alert)| Instance {
                ni,
                nm: &alert.definition.name,
                ch: &alert.definition.chart,
                ch_n: &alert.definition.chart,
                about: instances.then(|| about(world, alert)),
                values: values.then(|| Values {
                    v: Number(alert.value),
                    t: if node.evaluates() { world.now() } else { 0 },
                }),
            })
            .collect()
    });
    let nodes = listed(world).map(|(ni, node)| NodeName { mg: &node.guid, nm: &node.host, ni }).collect();
    Alerts { api: 2, nodes, alert_instances, timings: TIMINGS }
}

fn wanted(query: &Query, status: Status) -> bool {
    let mut words = query.words("status").peekable();
    words.peek().is_none()
        || words.any(|word| match word {
            "raised" | "active" => status.level().is_some(),
            _ => word.eq_ignore_ascii_case(status.word()),
        })
}

fn about<'a>(world: &World, alert: &'a WatchedAlert) -> About<'a> {
    let definition = &alert.definition;
    let last = alert.last.and_then(|gi| world.log.get(gi));
    About {
        gi: last.map_or(0, |last| last.gi),
        ctx: &definition.context,
        st: alert.status.word(),
        fami: &definition.family,
        info: &definition.info,
        sum: &definition.summary,
        units: &definition.units,
        tr_i: format_uuid(last.map_or(0, |last| last.uuid)),
        tr_v: Number(last.and_then(|last| last.value)),
        tr_t: last.map_or(0, |last| last.when),
        cfg: format_uuid(definition.hash()),
        src: format!("line={},file={}", definition.source.1, definition.source.0),
        to: &definition.to,
        tp: &definition.kind,
        cm: &definition.component,
        cl: &definition.class,
    }
}
