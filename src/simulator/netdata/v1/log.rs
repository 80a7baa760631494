//! `alarm_log`: one node's transitions, newest first.

use serde::Serialize;

use super::super::format::{self, Number, bare, html, with_units};
use super::{EXEC, Members, config_hash, source};
use crate::alert::Api;
use crate::simulator::world::{LogEntry, Node, World, format_uuid};

/// Prints the log as this world's version does: v1.37 by hand, v2.11 as proper JSON.
pub(super) fn print<'a>(world: &World, node: &Node, log: impl Iterator<Item = &'a LogEntry>) -> Vec<u8> {
    let lines = log.filter_map(|entry| Line::of(world, node, entry));
    if world.api == Api::V3 {
        return format::json(&lines.collect::<Vec<_>>(), false);
    }
    let mut out = String::from("[");
    for (index, line) in lines.enumerate() {
        out.push_str(if index == 0 { "\n\t{\n" } else { ",\n\t{\n" });
        line.print(&mut out);
        out.push_str("\n\t}");
    }
    out.push_str("\n]\n");
    out.into_bytes()
}

/// A line of `alarm_log`, as v2.11 gives it.
#[allow(clippy::struct_excessive_bools)] // Netdata's members
#[derive(Serialize)]
struct Line<'a> {
    hostname: &'a str,
    utc_offset: u8,
    timezone: &'static str,
    unique_id: u32,
    alarm_id: u32,
    alarm_event_id: u32,
    config_hash_id: String,
    transition_id: String,
    name: &'a str,
    chart: &'a str,
    context: &'a str,
    #[serde(skip)]
    family: &'a str,
    class: &'a str,
    component: &'a str,
    r#type: &'a str,
    processed: bool,
    updated: bool,
    exec_run: i64,
    exec_failed: bool,
    exec: &'static str,
    recipient: &'a str,
    exec_code: u8,
    source: String,
    command: String,
    units: &'a str,
    when: i64,
    duration: i64,
    non_clear_duration: i64,
    status: &'static str,
    old_status: &'static str,
    delay: i64,
    delay_up_to_timestamp: i64,
    updated_by_id: u32,
    updates_id: u32,
    value_string: String,
    old_value_string: String,
    last_repeat: i64,
    silenced: bool,
    summary: &'a str,
    info: &'a str,
    no_clear_notification: bool,
    value: Number,
    old_value: Number,
}

impl<'a> Line<'a> {
    fn of(world: &World, node: &'a Node, entry: &LogEntry) -> Option<Self> {
        let alert = node.alerts.get(entry.alert)?;
        let definition = &alert.definition;
        let (file, line) = &definition.source;
        Some(Self {
            hostname: &node.host,
            utc_offset: 0,
            timezone: "UTC",
            unique_id: entry.unique_id,
            alarm_id: alert.id,
            alarm_event_id: entry.event_id,
            config_hash_id: config_hash(world, definition),
            transition_id: format_uuid(entry.uuid),
            name: &definition.name,
            chart: &definition.chart,
            context: &definition.context,
            family: &definition.family,
            class: &definition.class,
            component: &definition.component,
            r#type: &definition.kind,
            processed: entry.processed(world.now()),
            updated: entry.updated_by.is_some(),
            exec_run: if entry.notified(world.now()) { entry.due() } else { 0 },
            exec_failed: false,
            exec: EXEC,
            recipient: &definition.to,
            exec_code: 0,
            source: source(world, definition),
            command: format!(
                "sudo /etc/netdata/edit-config health.d/{}={line}={}",
                file.rsplit('/').next().unwrap_or(file),
                node.host
            ),
            units: &definition.units,
            when: entry.when,
            duration: entry.duration,
            non_clear_duration: entry.raised_duration,
            status: entry.new.word(),
            old_status: entry.old.word(),
            delay: entry.delay,
            delay_up_to_timestamp: entry.due(),
            updated_by_id: entry.updated_by.map_or(0, |(id, _)| id),
            updates_id: entry.updates,
            value_string: with_units(entry.value, &definition.units),
            old_value_string: with_units(entry.old_value, &definition.units),
            last_repeat: if entry.repeat { entry.when } else { 0 },
            silenced: entry.silenced,
            summary: &definition.summary,
            info: &definition.info,
            no_clear_notification: false,
            value: Number(entry.value),
            old_value: Number(entry.old_value),
        })
    }

    /// As v1.37 prints it: strings without escaping, `info` alone escaped as HTML, and no `transition_id` and no
    /// `summary` (`health_alarm_entry2json_nolock`).
    fn print(&self, out: &mut String) {
        let mut members = Members { out, indent: "\t\t", first: true };
        members.text("hostname", self.hostname);
        members.bare("utc_offset", self.utc_offset);
        members.text("timezone", self.timezone);
        members.bare("unique_id", self.unique_id);
        members.bare("alarm_id", self.alarm_id);
        members.bare("alarm_event_id", self.alarm_event_id);
        members.text("config_hash_id", &self.config_hash_id);
        members.text("name", self.name);
        members.text("chart", self.chart);
        members.text("context", self.context);
        members.text("family", self.family);
        members.text("class", self.class);
        members.text("component", self.component);
        members.text("type", self.r#type);
        members.bare("processed", self.processed);
        members.bare("updated", self.updated);
        members.bare("exec_run", self.exec_run);
        members.bare("exec_failed", self.exec_failed);
        members.text("exec", self.exec);
        members.text("recipient", self.recipient);
        members.bare("exec_code", self.exec_code);
        members.text("source", &self.source);
        members.text("command", &self.command);
        members.text("units", self.units);
        members.bare("when", self.when);
        members.bare("duration", self.duration);
        members.bare("non_clear_duration", self.non_clear_duration);
        members.text("status", self.status);
        members.text("old_status", self.old_status);
        members.bare("delay", self.delay);
        members.bare("delay_up_to_timestamp", self.delay_up_to_timestamp);
        members.bare("updated_by_id", self.updated_by_id);
        members.bare("updates_id", self.updates_id);
        members.text("value_string", &self.value_string);
        members.text("old_value_string", &self.old_value_string);
        members.text("last_repeat", self.last_repeat);
        members.text("silenced", self.silenced);
        members.text("info", html(self.info));
        members.bare("value", bare(self.value.0));
        members.bare("old_value", bare(self.old_value.0));
    }
}
