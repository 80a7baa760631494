//! Changes arrays of tables, such as `[[room]]`. The first key identifies a table. A table that stays keeps its place,
//! comments and spelling; a removed one loses its lines; a new one is put after the one before it.

use std::ops::Range;

use toml_edit::{Array, ArrayOfTables, Document, InlineTable, Item, Value};

use super::edit::{Edit, around, lines, spans, with_break};
use crate::config::change::{TableValues, Tables};
use crate::config::template::TEMPLATE;

/// The edits that turn the text's tables into the new ones.
pub(super) fn edits(text: &str, document: &Document<&str>, change: &Tables) -> Vec<Edit> {
    match document.get(&change.name) {
        Some(Item::ArrayOfTables(tables)) if !tables.is_empty() => in_tables(text, tables, change),
        Some(Item::Value(value)) => value.span().map(|span| (span, inline(change))).into_iter().collect(),
        _ => {
            let tables = written(change, &change.new);
            let at_the_end = || (text.len()..text.len(), format!("{}\n{tables}\n", break_before(text)));
            let sample = sample(text, &spans(document.as_table()), change);
            vec![sample.map_or_else(at_the_end, |range| (range, tables.clone()))]
        }
    }
}

fn in_tables(text: &str, tables: &ArrayOfTables, change: &Tables) -> Vec<Edit> {
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
    let end = (blocks.len(), change.new.len());
    for (old_at, new_at) in kept(change).into_iter().chain([end]) {
        let gap = Gap {
            change,
            blocks: &blocks,
            old: old_from..old_at,
            new: change.new.get(new_from..new_at).unwrap_or_default(),
        };
        edits.extend(gap.edits(text));
        if let (Some(table), Some(block)) = (tables.get(old_at), blocks.get(old_at)) {
            edits.extend(within(text, table, block, change, (old_at, new_at)));
        }
        (old_from, new_from) = (old_at + 1, new_at + 1);
    }
    edits
}

/// Which tables stay: their places before and after, both ascending.
fn kept(change: &Tables) -> Vec<(usize, usize)> {
    let mut from = 0;
    let mut kept = Vec::new();
    for (new_at, table) in change.new.iter().enumerate() {
        let found = change.old.iter().enumerate().skip(from).find(|(_, old)| first(old) == first(table));
        if let Some((old_at, _)) = found {
            kept.push((old_at, new_at));
            from = old_at + 1;
        }
    }
    kept
}

fn first(entry: &TableValues) -> String {
    shown(entry.first())
}

fn shown(value: Option<&Option<Value>>) -> String {
    value.and_then(Option::as_ref).map(ToString::to_string).unwrap_or_default()
}

/// The edits inside a table that stays.
fn within(
    text: &str,
    table: &toml_edit::Table,
    block: &Range<usize>,
    change: &Tables,
    (old_at, new_at): (usize, usize),
) -> Vec<Edit> {
    let (Some(old), Some(new)) = (change.old.get(old_at), change.new.get(new_at)) else { return Vec::new() };
    let mut edits = Vec::new();
    for (key, (old, new)) in change.keys.iter().zip(old.iter().zip(new)) {
        if shown(Some(old)) == shown(Some(new)) {
            continue;
        }
        let span = table.get(key).and_then(Item::as_value).and_then(Value::span);
        if span.is_none() && table.contains_key(key) {
            // A table of its own, or dotted keys: these lines are written anew.
            let whole = change.new.get(new_at).map(std::slice::from_ref).unwrap_or_default();
            return vec![(block.clone(), written(change, whole))];
        }
        edits.extend(match (span, new) {
            (Some(span), Some(new)) => Some((span, new.to_string())),
            (Some(span), None) => Some((with_break(text, around(text, span)), String::new())),
            (None, Some(new)) => Some((block.end..block.end, format!("\n{key} = {new}"))),
            (None, None) => None,
        });
    }
    edits
}

/// A place between two tables that stay: which tables are removed there, and which are added.
struct Gap<'a> {
    change: &'a Tables,
    /// The lines of every table that there was.
    blocks: &'a [Range<usize>],
    /// Those that go.
    old: Range<usize>,
    /// Those that come.
    new: &'a [TableValues],
}

impl Gap<'_> {
    fn edits(&self, text: &str) -> Vec<Edit> {
        let going = self.blocks.get(self.old.clone()).unwrap_or_default();
        let coming = if self.new.is_empty() { self.nothing() } else { Some(written(self.change, self.new)) };
        let (Some(coming), Some(first)) = (coming, going.first()) else {
            let before = self.old.start.checked_sub(1).and_then(|at| self.blocks.get(at));
            let gone = going.iter().map(|block| (with_break(text, block.clone()), String::new()));
            return gone.chain(self.inserted(before)).collect();
        };
        let others = going.iter().skip(1).map(|block| (with_break(text, block.clone()), String::new()));
        std::iter::once((first.clone(), coming)).chain(others).collect()
    }

    /// What stands for no tables at all: the template's example.
    fn nothing(&self) -> Option<String> {
        let all = self.old == (0..self.blocks.len());
        let example = all.then(|| sample(&TEMPLATE, &[], self.change))?;
        example.and_then(|range| TEMPLATE.get(range)).map(str::to_owned)
    }

    /// Tables that come where none goes: after the one before them, or before the first one.
    fn inserted(&self, before: Option<&Range<usize>>) -> Option<Edit> {
        if self.new.is_empty() {
            return None;
        }
        let tables = written(self.change, self.new);
        match before {
            Some(block) => Some((block.end..block.end, format!("\n\n{tables}"))),
            None => self.blocks.first().map(|block| (block.start..block.start, format!("{tables}\n\n"))),
        }
    }
}

/// The lines of a table that is commented out.
fn sample(text: &str, values: &[Range<usize>], change: &Tables) -> Option<Range<usize>> {
    let header = format!("#[[{}]]", change.name);
    let own =
        |line: &Range<usize>| !values.iter().any(|value| value.start < line.start && line.start < value.end);
    let is_key = |line: &Range<usize>| {
        let line = text.get(line.clone()).and_then(|line| line.strip_prefix('#'));
        line.is_some_and(|line| change.keys.iter().any(|key| line.starts_with(key)))
    };
    let mut lines = lines(text).filter(own);
    let first = lines.find(|line| text.get(line.clone()).is_some_and(|line| line.trim_end() == header))?;
    let last = lines.take_while(is_key).last();
    Some(first.start..last.map_or(first.end, |last| last.end))
}

fn break_before(text: &str) -> &'static str {
    if text.ends_with('\n') { "\n" } else { "\n\n" }
}

fn written(change: &Tables, tables: &[TableValues]) -> String {
    let tables = tables.iter().map(|entry| {
        let lines = pairs(change, entry).map(|(key, value)| format!("\n{key} = {value}"));
        format!("[[{}]]{}", change.name, lines.collect::<String>())
    });
    tables.collect::<Vec<_>>().join("\n\n")
}

fn inline(change: &Tables) -> String {
    let tables = change.new.iter().map(|entry| pairs(change, entry).collect::<InlineTable>());
    Value::Array(tables.collect::<Array>()).to_string()
}

fn pairs<'a>(change: &'a Tables, entry: &'a TableValues) -> impl Iterator<Item = (&'static str, Value)> + 'a {
    change.keys.iter().zip(entry).filter_map(|(key, value)| Some((*key, value.clone()?)))
}
