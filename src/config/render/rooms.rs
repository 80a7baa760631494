//! Rooms, whose tables are kept by their names: a room that stays keeps its place, its comments and its
//! spelling; one that goes takes its lines along; a new one comes after the one before it.

use std::ops::Range;

use toml_edit::{Array, ArrayOfTables, Document, InlineTable, Item, Value};

use super::edit::{Edit, around, lines, spans, with_break};
use crate::config::{Room, TEMPLATE};

/// What begins a room that is commented out.
const SAMPLE: &str = "#[[room]]";

/// The edits that make the rooms of the text those of `new`.
pub(super) fn edits(text: &str, document: &Document<&str>, old: &[Room], new: &[Room]) -> Vec<Edit> {
    if old == new {
        return Vec::new();
    }
    match document.get("room") {
        Some(Item::ArrayOfTables(tables)) if !tables.is_empty() => in_tables(text, tables, old, new),
        Some(Item::Value(value)) => value.span().map(|span| (span, inline(new))).into_iter().collect(),
        _ => vec![match sample(text, &spans(document.as_table())) {
            Some(range) => (range, written(new)),
            None => (text.len()..text.len(), format!("{}\n{}\n", break_before(text), written(new))),
        }],
    }
}

fn in_tables(text: &str, tables: &ArrayOfTables, old: &[Room], new: &[Room]) -> Vec<Edit> {
    let blocks: Vec<Range<usize>> = tables
        .iter()
        .map(|table| {
            let start = table.span().map_or(0, |span| span.start);
            let end = spans(table).iter().map(|span| span.end).max().unwrap_or(start);
            around(text, start..end)
        })
        .collect();
    let mut edits = Vec::new();
    let (mut old_from, mut new_from) = (0, 0);
    for (old_at, new_at) in kept(old, new) {
        let gap = Gap {
            blocks: &blocks,
            old: old_from..old_at,
            new: new.get(new_from..new_at).unwrap_or_default(),
        };
        edits.extend(gap.edits(text));
        edits.extend(new_nodes(tables, old_at, old, new.get(new_at)));
        (old_from, new_from) = (old_at + 1, new_at + 1);
    }
    let gap =
        Gap { blocks: &blocks, old: old_from..blocks.len(), new: new.get(new_from..).unwrap_or_default() };
    edits.extend(gap.edits(text));
    edits
}

/// Which rooms stay: their places before and after, both ascending.
fn kept(old: &[Room], new: &[Room]) -> Vec<(usize, usize)> {
    let mut from = 0;
    let mut kept = Vec::new();
    for (new_at, room) in new.iter().enumerate() {
        let found = old.iter().enumerate().skip(from).find(|(_, old)| old.name == room.name);
        if let Some((old_at, _)) = found {
            kept.push((old_at, new_at));
            from = old_at + 1;
        }
    }
    kept
}

fn new_nodes(tables: &ArrayOfTables, at: usize, old: &[Room], new: Option<&Room>) -> Option<Edit> {
    let (old, new) = (old.get(at)?, new?);
    let span = tables.get(at)?.get("nodes")?.as_value()?.span()?;
    (old.nodes != new.nodes).then(|| (span, Value::from(new.nodes.as_str()).to_string()))
}

/// What is between two rooms that stay: rooms that go, and rooms that come.
struct Gap<'a> {
    /// The lines of every room that there was.
    blocks: &'a [Range<usize>],
    /// Those that go.
    old: Range<usize>,
    /// Those that come.
    new: &'a [Room],
}

impl Gap<'_> {
    fn edits(&self, text: &str) -> Vec<Edit> {
        let going = self.blocks.get(self.old.clone()).unwrap_or_default();
        let coming = if self.new.is_empty() { self.nothing() } else { Some(written(self.new)) };
        let (Some(coming), Some(first)) = (coming, going.first()) else {
            let before = self.old.start.checked_sub(1).and_then(|at| self.blocks.get(at));
            let gone = going.iter().map(|block| (with_break(text, block.clone()), String::new()));
            return gone.chain(self.inserted(before)).collect();
        };
        let others = going.iter().skip(1).map(|block| (with_break(text, block.clone()), String::new()));
        std::iter::once((first.clone(), coming)).chain(others).collect()
    }

    /// What stands for no rooms at all: the template's example.
    fn nothing(&self) -> Option<String> {
        let all = self.old == (0..self.blocks.len());
        let example = all.then(|| sample(TEMPLATE, &[]))?;
        example.and_then(|range| TEMPLATE.get(range)).map(str::to_owned)
    }

    /// Rooms that come where none goes: after the room before them, or before the first one.
    fn inserted(&self, before: Option<&Range<usize>>) -> Option<Edit> {
        if self.new.is_empty() {
            return None;
        }
        let rooms = written(self.new);
        match before {
            Some(block) => Some((block.end..block.end, format!("\n\n{rooms}"))),
            None => self.blocks.first().map(|block| (block.start..block.start, format!("{rooms}\n\n"))),
        }
    }
}

/// The lines of a room that is commented out.
fn sample(text: &str, values: &[Range<usize>]) -> Option<Range<usize>> {
    let own =
        |line: &Range<usize>| !values.iter().any(|value| value.start < line.start && line.start < value.end);
    let commented = |line: &Range<usize>| {
        text.get(line.clone()).is_some_and(|line| line.starts_with("#name") || line.starts_with("#nodes"))
    };
    let mut lines = lines(text).filter(own);
    let first = lines.find(|line| text.get(line.clone()).is_some_and(|line| line.trim_end() == SAMPLE))?;
    let last = lines.take_while(commented).last();
    Some(first.start..last.map_or(first.end, |last| last.end))
}

fn break_before(text: &str) -> &'static str {
    if text.ends_with('\n') { "\n" } else { "\n\n" }
}

fn written(rooms: &[Room]) -> String {
    let rooms = rooms.iter().map(|Room { name, nodes }| {
        let (name, nodes) = (Value::from(name), Value::from(nodes.as_str()));
        format!("[[room]]\nname = {name}\nnodes = {nodes}")
    });
    rooms.collect::<Vec<_>>().join("\n\n")
}

fn inline(rooms: &[Room]) -> String {
    let rooms = rooms
        .iter()
        .map(|room| InlineTable::from_iter([("name", room.name.as_str()), ("nodes", room.nodes.as_str())]));
    Value::Array(rooms.collect::<Array>()).to_string()
}
