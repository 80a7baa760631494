//! Changes made in the text itself, so that everything round them stays byte for byte.

use std::ops::Range;

use toml_edit::{Document, Item, TableLike, Value};

use crate::config::template::TEMPLATE;
use crate::config::text::key as quoted;

/// A key that is to have another value, or none.
pub(super) struct Setting {
    /// The table's dotted name.
    pub(super) table: String,
    pub(super) key: String,
    pub(super) value: Option<Value>,
}

/// A piece of the text and what comes in its place.
pub(super) type Edit = (Range<usize>, String);

/// Makes the edits; none may overlap another.
pub(super) fn apply(text: &str, mut edits: Vec<Edit>) -> String {
    edits.sort_by_key(|(range, _)| (range.start, range.end));
    let mut edited = String::with_capacity(text.len());
    let mut done = 0;
    for (range, replacement) in edits {
        edited.push_str(text.get(done..range.start).unwrap_or_default());
        edited.push_str(&replacement);
        done = range.end;
    }
    edited.push_str(text.get(done..).unwrap_or_default());
    edited
}

/// The settings that have a place in the text, as edits, and the others.
pub(super) fn in_place(
    text: &str,
    document: &Document<&str>,
    settings: Vec<Setting>,
) -> (Vec<Edit>, Vec<Setting>) {
    let values = spans(document.as_table());
    let mut edits = Vec::new();
    let mut rest = Vec::new();
    for setting in settings {
        match edit(text, document, &values, &setting) {
            Some(edit) => edits.push(edit),
            None => rest.push(setting),
        }
    }
    (edits, rest)
}

fn edit(text: &str, document: &Document<&str>, values: &[Range<usize>], setting: &Setting) -> Option<Edit> {
    let Setting { table, key, value } = setting;
    let found = find(document.as_table(), table).and_then(|table| table.get_key_value(key));
    let Some((at, item)) = found else {
        let line = commented(text, values, table, key)?;
        return Some((line, format!("{} = {}", quoted(key), value.as_ref()?)));
    };
    let old = item.as_value()?.span()?;
    if let Some(value) = value {
        return Some((old, value.to_string()));
    }
    let line = own_line(text, at.span()?.start..old.end)?;
    let sample = commented(&TEMPLATE, &[], table, key).and_then(|line| TEMPLATE.get(line));
    match sample {
        Some(sample) => Some((line, sample.to_owned())),
        None => Some((with_break(text, line), String::new())),
    }
}

fn find<'d>(root: &'d dyn TableLike, dotted: &str) -> Option<&'d dyn TableLike> {
    dotted.split('.').try_fold(root, |table, name| table.get(name)?.as_table_like())
}

/// Where a table has a key commented out, as in `#url = …`: that line, without its break.
fn commented(text: &str, values: &[Range<usize>], table: &str, name: &str) -> Option<Range<usize>> {
    let mut within = Some("");
    for line in lines(text) {
        // Lines of a text between three quotation marks are not the file's own.
        if values.iter().any(|value| value.start < line.start && line.start < value.end) {
            continue;
        }
        let words = text.get(line.clone())?;
        if let Some(header) = header(words.trim_start()) {
            within = Some(header);
        } else if words.starts_with("#[") {
            within = None;
        } else if within == Some(table) {
            let after = words.strip_prefix('#').and_then(|words| words.strip_prefix(name));
            if after.is_some_and(|after| after.trim_start().starts_with('=')) {
                return Some(line);
            }
        }
    }
    None
}

/// The name in `[name]` or `[[name]]`.
fn header(line: &str) -> Option<&str> {
    let (name, _) = line.strip_prefix('[')?.trim_start_matches('[').split_once(']')?;
    Some(name.trim())
}

/// The lines of a text, without their breaks.
pub(super) fn lines(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut start = 0;
    text.split_inclusive('\n').map(move |line| {
        let range = start..start + line.trim_end_matches(['\n', '\r']).len();
        start += line.len();
        range
    })
}

/// The whole lines of a key and its value, if nothing but a comment stands there besides.
fn own_line(text: &str, pair: Range<usize>) -> Option<Range<usize>> {
    let line = around(text, pair.clone());
    let before = text.get(line.start..pair.start)?;
    let after = text.get(pair.end..line.end)?.trim_start();
    (before.trim().is_empty() && (after.is_empty() || after.starts_with('#'))).then_some(line)
}

/// From the start of the line where a range begins to the end of the line where it ends.
pub(super) fn around(text: &str, range: Range<usize>) -> Range<usize> {
    let start = text.get(..range.start).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
    let after = text.get(range.end..).unwrap_or_default();
    let rest = after.split('\n').next().unwrap_or_default().trim_end_matches('\r');
    start..range.end + rest.len()
}

/// A line with the break that ends it.
pub(super) fn with_break(text: &str, line: Range<usize>) -> Range<usize> {
    let after = text.get(line.end..).unwrap_or_default();
    let rest = after.find('\n').map_or(after.len(), |at| at + 1);
    line.start..line.end + rest
}

/// Where the values of a table and of those below it stand.
pub(super) fn spans(table: &dyn TableLike) -> Vec<Range<usize>> {
    table
        .iter()
        .flat_map(|(_, item)| match item {
            Item::Value(Value::InlineTable(inline)) => {
                inline.span().map_or_else(|| spans(inline), |span| vec![span])
            }
            Item::Value(value) => value.span().into_iter().collect(),
            Item::Table(table) => spans(table),
            Item::ArrayOfTables(tables) => tables.iter().flat_map(|table| spans(table)).collect(),
            Item::None => Vec::new(),
        })
        .collect()
}
