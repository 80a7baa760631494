//! `alert_config`: how an alert is configured, by the hash of that. What was not configured is left out.

use serde_json::{Map, Value, json};

use crate::simulator::netdata::format;
use crate::simulator::netdata::query::Query;
use crate::simulator::server::Response;
use crate::simulator::world::{Definition, World, parse_uuid};

pub(super) fn answer(world: &World, query: &Query, minify: bool) -> Response {
    let Some(hash) = query.get("config") else {
        return Response::text(400, "A config hash ID is required. Add ?config=UUID query param");
    };
    let wanted = parse_uuid(hash);
    let alerts = world.nodes.iter().flat_map(|node| &node.alerts);
    match alerts.map(|alert| &alert.definition).find(|definition| Some(definition.hash()) == wanted) {
        Some(definition) => Response::json(format::json(&config(definition, hash), minify)),
        None => Response::text(404, "Config is not found."),
    }
}

fn config(definition: &Definition, hash: &str) -> Value {
    let look_up = definition.lookup.as_ref().map(|(method, after, dimensions)| {
        json!({
            "after": after, "before": 0, "time_group_condition": "EQUAL", "time_group_value": null,
            "dims_group": "SUM", "data_source": "SAMPLES", "method": method, "dimensions": dimensions,
            "options": ["unaligned"]
        })
    });
    let mut value = configured(&[("calc", &definition.calc)]);
    value.insert("units".to_owned(), json!(definition.units));
    value.insert("update_every".to_owned(), json!(10));
    value.extend(look_up.map(|look_up| ("db".to_owned(), look_up)));
    let status = configured(&[("warn", &definition.warn), ("crit", &definition.crit)]);
    json!({
        "name": null,
        "config_hash_id": hash,
        "selectors": {
            "type": "template", "on": definition.context,
            "families": null, "host_labels": null, "chart_labels": null
        },
        "value": value,
        "status": status,
        "notification": {
            "type": "agent", "exec": null, "to": definition.to,
            "delay": format!("multiplier {:.1} ", definition.delay_multiplier), "repeat": null, "options": null
        },
        "class": definition.class,
        "component": definition.component,
        "type": definition.kind,
        "info": definition.info,
        "summary": definition.summary
    })
}

fn configured(expressions: &[(&str, &String)]) -> Map<String, Value> {
    let configured = expressions.iter().filter(|(_, expression)| !expression.is_empty());
    configured.map(|(name, expression)| ((*name).to_owned(), json!(expression))).collect()
}
