//! Tables: aligned columns, and where a row has more to say, a line under it.

use std::fmt::Write as _;

use super::one_line;

/// Longest cell of a table, in characters.
const LONGEST_CELL: usize = 300;

/// A row and what is said under it; nothing where that is empty.
pub type Noted<const N: usize> = ([String; N], String);

/// Appends a table with aligned columns; nothing where there are no rows.
pub fn table<const N: usize>(text: &mut String, heads: [&str; N], rows: &[[String; N]]) {
    let noted: Vec<Noted<N>> = rows.iter().map(|row| (row.clone(), String::new())).collect();
    noted_table(text, heads, &noted);
}

/// The same with a line under each row that has one.
pub fn noted_table<const N: usize>(text: &mut String, heads: [&str; N], rows: &[Noted<N>]) {
    if rows.is_empty() {
        return;
    }
    let heads = (heads.map(str::to_owned), String::new());
    // Names are Netdata's and reasons ilert's: what is in them must not steer the terminal.
    let rows: Vec<Noted<N>> =
        rows.iter().map(|(row, note)| (row.each_ref().map(|cell| shown(cell)), shown(note))).collect();
    let lines = || std::iter::once(&heads).chain(&rows);
    let widths: [usize; N] = std::array::from_fn(|column| {
        lines().filter_map(|(row, _)| row.get(column)).map(|cell| width(cell)).max().unwrap_or_default()
    });
    for (row, note) in lines() {
        let mut line = String::new();
        for (cell, wide) in row.iter().zip(widths) {
            let padding = wide.saturating_sub(width(cell)) + 2;
            let _ = write!(line, "{cell}{:padding$}", "");
        }
        let _ = writeln!(text, "  {}", line.trim_end());
        if !note.is_empty() {
            let _ = writeln!(text, "    {note}");
        }
    }
}

/// Fit to be shown, on one line.
#[must_use]
pub fn shown(cell: &str) -> String {
    one_line(cell, LONGEST_CELL)
}

fn width(cell: &str) -> usize {
    unicode_width::UnicodeWidthStr::width(cell)
}
