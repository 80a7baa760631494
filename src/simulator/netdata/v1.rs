//! The v1 API: one host per answer. `alarms` prints its strings without escaping, on every version.

mod log;

use std::fmt::{Display, Write};

use serde_json::{Value, json};

use super::format::{self, bare, html, with_units};
use super::query::Query;
use crate::alert::{Api, Health, Status};
use crate::simulator::server::Response;
use crate::simulator::world::{Definition, Node, WatchedAlert, World, format_uuid};

const INFO: &str = include_str!("../../../assets/simulator/info-v1.json");
const INFO_V1_37: &str = include_str!("../../../assets/simulator/info-v1.37.json");
const EXEC: &str = "/usr/lib/netdata/plugins.d/alarm-notify.sh";
/// `in memory max health log entries`: a longer log is cut, and nothing says so.
const LOG_MAX: usize = 1000;

pub(super) fn answer(world: &World, index: usize, path: &[&str], query: &Query) -> Response {
    let Some(node) = world.nodes.get(index) else { return Response::text(404, "No such host") };
    match path {
        ["info"] => Response::json(format::json(&info(world, node), false)),
        ["alarms"] => Response::json(alarms(world, node, query.has("all")).into_bytes()),
        ["alarm_log"] => {
            let after = u32::try_from(query.number("after")).unwrap_or_default();
            let log = world.log.of_node(index).filter(|entry| entry.unique_id > after).take(LOG_MAX);
            Response::json(log::print(world, node, log))
        }
        _ => Response::text(404, format!("Unsupported API command: {}", path.join("/"))),
    }
}

fn info(world: &World, node: &Node) -> Value {
    let recorded = if world.api == Api::V1 { INFO_V1_37 } else { INFO };
    let mut info: Value = serde_json::from_str(recorded).unwrap_or_default();
    let hosts: Vec<_> = world.nodes.iter().filter(|node| node.listed).collect();
    let status: Vec<Value> = hosts
        .iter()
        .enumerate()
        .map(|(index, node)| {
            json!({
                "guid": node.guid, "hostname": node.host, "reachable": node.connected,
                "hops": index.min(1), "claim_id": null, "node_id": null
            })
        })
        .collect();
    let (critical, warning) = (node.count(Status::Critical), node.count(Status::Warning));
    let fields = [
        ("uid", json!(node.guid)),
        ("mirrored_hosts", json!(hosts.iter().map(|node| &node.host).collect::<Vec<_>>())),
        ("mirrored_hosts_status", json!(status)),
        (
            "alarms",
            json!({
                "normal": node.sightings().count() - critical - warning, "warning": warning, "critical": critical
            }),
        ),
    ];
    if let Some(labels) = info.pointer_mut("/host_labels").and_then(Value::as_object_mut) {
        labels.insert("_is_ephemeral".to_owned(), json!(node.ephemeral.to_string()));
        labels.extend(node.labels.iter().map(|(name, value)| (name.clone(), json!(value))));
    }
    if let Some(info) = info.as_object_mut() {
        info.extend(fields.map(|(name, value)| (name.to_owned(), value)));
        if world.api == Api::V3 {
            info.insert("hosts-available".to_owned(), json!(hosts.len()));
        }
    }
    info
}

fn alarms(world: &World, node: &Node, all: bool) -> String {
    let mut out = format!(
        "{{\n\t\"hostname\": \"{}\",\n\t\"latest_alarm_log_unique_id\": {},\n\t\"status\": {},\n\t\"now\": {},\n\t\
         \"alarms\": {{\n",
        node.host,
        node.next_unique_id - 1,
        node.health != Health::Disabled,
        world.now(),
    );
    let listed = node.sightings().filter(|alert| all || alert.status.level().is_some());
    for (index, alert) in listed.enumerate() {
        out.push_str(if index == 0 { "" } else { ",\n" });
        alarm(&mut out, world, node, alert);
    }
    out.push_str("\n\t}\n}\n");
    out
}

/// One alarm, member by member as `health_rrdcalc2json_nolock` prints it.
fn alarm(out: &mut String, world: &World, node: &Node, alert: &WatchedAlert) {
    let definition = &alert.definition;
    let updated = if node.evaluates() { world.now() } else { 0 };
    let _ = writeln!(out, "\t\t\"{}.{}\": {{", definition.chart, definition.name);
    let mut members = Members { out, indent: "\t\t\t", first: true };
    members.bare("id", alert.id);
    members.text("config_hash_id", config_hash(world, definition));
    members.text("name", &definition.name);
    members.text("chart", &definition.chart);
    if world.api == Api::V1 {
        members.text("family", &definition.family);
    }
    members.text("class", &definition.class);
    members.text("component", &definition.component);
    members.text("type", &definition.kind);
    members.bare("active", true);
    members.bare("disabled", false);
    members.bare("silenced", alert.silenced);
    members.text("exec", EXEC);
    members.text("recipient", &definition.to);
    members.text("source", source(world, definition));
    members.text("units", &definition.units);
    if world.api == Api::V3 {
        members.text("summary", &definition.summary);
    }
    members.text("info", &definition.info);
    members.text("status", alert.status.word());
    members.bare("last_status_change", alert.changed);
    members.bare("last_updated", updated);
    members.bare("next_update", if updated == 0 { 0 } else { updated + 10 });
    members.bare("update_every", 10);
    members.bare("delay_up_duration", definition.delay_up);
    members.bare("delay_down_duration", definition.delay_down);
    members.bare("delay_max_duration", definition.delay_max);
    members.bare("delay_multiplier", format_args!("{:.6}", definition.delay_multiplier));
    members.bare("delay", alert.delay);
    members.bare("delay_up_to_timestamp", alert.due);
    members.text("warn_repeat_every", definition.repeat_every);
    members.text("crit_repeat_every", definition.repeat_every);
    members.text("value_string", with_units(alert.value, &definition.units));
    members.text("last_repeat", alert.last_repeat);
    members.bare("times_repeat", 0);
    if let Some((method, after, dimensions)) = &definition.lookup {
        members.text("lookup_dimensions", dimensions);
        members.bare("db_after", updated + after);
        members.bare("db_before", updated);
        members.text("lookup_method", method);
        members.bare("lookup_after", after);
        members.bare("lookup_before", 0);
        members.text("lookup_options", "unaligned");
    }
    for (name, expression) in
        [("calc", &definition.calc), ("warn", &definition.warn), ("crit", &definition.crit)]
    {
        if !expression.is_empty() {
            members.text(name, html(expression));
            members.text(&format!("{name}_parsed"), html(&format!("({expression})")));
        }
    }
    for name in ["green", "red"] {
        members.bare(name, "null");
    }
    members.bare("value", bare(alert.value));
    out.push_str("\n\t\t}");
}

/// v1.37 knows no hash unless it is claimed to Cloud.
fn config_hash(world: &World, definition: &Definition) -> String {
    format_uuid(if world.api == Api::V1 { 0 } else { definition.hash() })
}

fn source(world: &World, definition: &Definition) -> String {
    let (file, line) = &definition.source;
    if world.api == Api::V1 { format!("{line}@{file}") } else { format!("line={line},file={file}") }
}

/// Members of an object that is printed as C's `printf` does: whatever is in a string, in it goes.
struct Members<'a> {
    out: &'a mut String,
    indent: &'static str,
    first: bool,
}

impl Members<'_> {
    fn text(&mut self, name: &str, value: impl Display) {
        self.bare(name, format_args!("\"{value}\""));
    }

    fn bare(&mut self, name: &str, value: impl Display) {
        let comma = if std::mem::take(&mut self.first) { "" } else { ",\n" };
        // Writing to a string cannot fail.
        let _ = write!(self.out, "{comma}{}\"{name}\": {value}", self.indent);
    }
}
