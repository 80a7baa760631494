//! Tables: aligned columns that fit the width, and where a row has more to say, a line under it.

use std::borrow::Cow;
use std::fmt::Write as _;

use unicode_segmentation::UnicodeSegmentation as _;

use super::one_line;

/// Longest cell of a table, in characters.
const LONGEST_CELL: usize = 300;

/// No column is made narrower than this (columns of the terminal).
const NARROWEST: usize = 8;

/// Columns of the terminal before the first cell, and after each.
const INDENT: usize = 2;
const GAP: usize = 2;

/// A row and the note under it; an empty note is left out.
pub type Noted<const N: usize> = ([String; N], String);

/// Appends a table with aligned columns, no wider than this; nothing where there are no rows.
pub fn table<const N: usize>(text: &mut String, room: usize, heads: [&str; N], rows: &[[String; N]]) {
    let noted: Vec<Noted<N>> = rows.iter().map(|row| (row.clone(), String::new())).collect();
    noted_table(text, room, heads, &noted);
}

/// The same with a line under each row that has one. Where it is too wide, the widest cells are cut.
pub fn noted_table<const N: usize>(text: &mut String, room: usize, heads: [&str; N], rows: &[Noted<N>]) {
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
    let widths = fit(widths, room);
    for (row, note) in lines() {
        let mut line = String::new();
        for (cell, wide) in row.iter().zip(widths) {
            let cell = cut_to(cell, wide);
            let padding = wide.saturating_sub(width(&cell)) + GAP;
            let _ = write!(line, "{cell}{:padding$}", "");
        }
        let _ = writeln!(text, "{:INDENT$}{}", "", line.trim_end());
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

/// Takes from the widest column until the table fits.
fn fit<const N: usize>(mut widths: [usize; N], room: usize) -> [usize; N] {
    let gaps = INDENT + GAP * N.saturating_sub(1);
    while widths.iter().sum::<usize>() + gaps > room {
        match widths.iter_mut().max() {
            Some(widest) if *widest > NARROWEST => *widest -= 1,
            _ => break,
        }
    }
    widths
}

/// Text that is no wider than this (columns of the terminal), with an ellipsis where it was cut.
#[must_use]
pub fn cut_to(text: &str, wide: usize) -> Cow<'_, str> {
    if width(text) <= wide {
        return Cow::Borrowed(text);
    }
    let mut cut = String::new();
    for part in text.graphemes(true) {
        if width(&cut) + width(part) >= wide {
            break;
        }
        cut.push_str(part);
    }
    cut.push('…');
    Cow::Owned(cut)
}

fn width(cell: &str) -> usize {
    unicode_width::UnicodeWidthStr::width(cell)
}

#[cfg(test)]
mod tests {
    use super::{noted_table, width};

    fn drawn(room: usize) -> String {
        let row = |node: &str, alert: &str| (["warning", node, alert].map(str::to_owned), String::new());
        let rows = [
            row("a-node-with-a-very-long-name.of.a.domain", "監視監視監視監視監視監視"),
            row("web-1", "cpu"),
        ];
        let mut text = String::new();
        noted_table(&mut text, room, ["level", "node", "alert"], &rows);
        text
    }

    #[test]
    fn fits_the_width_by_cutting_the_widest_cells() {
        assert!(
            drawn(usize::MAX).contains("a-node-with-a-very-long-name.of.a.domain  監視監視監視監視監視監視")
        );
        for room in [60, 40, 31] {
            let text = drawn(room);
            assert!(text.lines().all(|line| width(line) <= room), "{room}:\n{text}");
            assert!(
                text.contains("a-node") && text.contains('…') && text.contains("web-1"),
                "{room}:\n{text}"
            );
        }
        assert_eq!(drawn(1), drawn(29), "names are not cut to nothing");
    }
}
