//! From a screen's cells to an SVG picture of a terminal window: the same text gives the same bytes.
//!
//! Text is stretched to its cells, whatever font is there, and frames are drawn as lines, so that they
//! join. Colours are the sixteen of a palette of its own.

mod frame;
mod palette;

use std::fmt::Write as _;
use std::path::Path;

use ratatui::buffer::Buffer;
use ratatui::layout::Position;
use ratatui::style::Modifier;
use unicode_width::UnicodeWidthStr;

use palette::{BACKGROUND, Look};

/// A cell, in pixels.
const WIDTH: f64 = 8.5;
const HEIGHT: f64 = 18.0;
/// From a cell's top to its text's base line.
const BASE: f64 = 13.5;
/// Between the window's edge and its cells.
const MARGIN: f64 = 14.0;
/// The window's title bar.
const BAR: f64 = 30.0;

/// Draws a screen as a window with a title, and a cursor where it has one.
pub fn svg(screen: &Buffer, title: &str, cursor: Option<Position>) -> String {
    let width = f64::from(screen.area.width) * WIDTH + 2.0 * MARGIN;
    let height = f64::from(screen.area.height) * HEIGHT + BAR + MARGIN;
    let title = escape(title);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} \
         {height}\" role=\"img\" aria-label=\"{title}\">\n<title>{title}</title>\n\
         <rect x=\"0.5\" y=\"0.5\" width=\"{w}\" height=\"{h}\" rx=\"9\" fill=\"{BACKGROUND}\" \
         stroke=\"#45475a\"/>\n",
        w = width - 1.0,
        h = height - 1.0,
    );
    for (at, color) in [(20, "#f38ba8"), (38, "#f9e2af"), (56, "#a6e3a1")] {
        let _ = writeln!(svg, "<circle cx=\"{at}\" cy=\"16\" r=\"5.5\" fill=\"{color}\"/>");
    }
    svg.push_str(
        "<g font-family=\"ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace\" \
         font-size=\"14\" xml:space=\"preserve\">\n",
    );
    let _ = writeln!(
        svg,
        "<text x=\"{}\" y=\"20.5\" font-size=\"12\" fill=\"#9399b2\" text-anchor=\"middle\">{title}</text>",
        width / 2.0
    );
    for row in 0..screen.area.height {
        line(&mut svg, screen, row, cursor);
    }
    svg.push_str("</g>\n</svg>\n");
    svg
}

/// Holds a picture against the file; writes it where `UPDATE_PICTURES` is set.
pub fn keep(path: &Path, picture: &str) {
    if std::env::var_os("UPDATE_PICTURES").is_some_and(|value| !value.is_empty()) {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        return std::fs::write(path, picture).unwrap();
    }
    let kept = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        kept == picture,
        "`{}` is not what the wizard shows now: run this test with UPDATE_PICTURES=1 and look at it",
        path.display()
    );
}

/// Cells next to one another that look alike.
#[derive(Debug)]
struct Run {
    column: u16,
    columns: u16,
    text: String,
    look: Look,
}

fn line(svg: &mut String, screen: &Buffer, row: u16, cursor: Option<Position>) {
    let top = BAR + f64::from(row) * HEIGHT;
    let runs = runs(screen, row, cursor);
    // Backgrounds first: a character may reach into its neighbour's cell.
    for run in runs.iter().filter(|run| run.look.background != BACKGROUND) {
        let (x, width) = (left(run.column), f64::from(run.columns) * WIDTH);
        let color = &run.look.background;
        let _ = writeln!(
            svg,
            "<rect x=\"{x}\" y=\"{top}\" width=\"{width}\" height=\"{HEIGHT}\" fill=\"{color}\"/>"
        );
    }
    for run in &runs {
        draw(svg, run, top);
    }
}

fn draw(svg: &mut String, run: &Run, top: f64) {
    let (x, width) = (left(run.column), f64::from(run.columns) * WIDTH);
    let (look, color) = (&run.look, &run.look.foreground);
    let dim = if look.modifier.contains(Modifier::DIM) { " opacity=\"0.6\"" } else { "" };
    for (modifier, y) in
        [(Modifier::UNDERLINED, top + BASE + 2.0), (Modifier::CROSSED_OUT, top + HEIGHT / 2.0)]
    {
        if look.modifier.contains(modifier) {
            let _ = writeln!(
                svg,
                "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"1\" fill=\"{color}\"{dim}/>"
            );
        }
    }
    if let Some(path) = frame::path(&run.text, x, top) {
        let _ = writeln!(svg, "<path d=\"{path}\" fill=\"none\" stroke=\"{color}\"{dim}/>");
        return;
    }
    if run.text.trim().is_empty() || look.modifier.contains(Modifier::HIDDEN) {
        return;
    }
    let bold = if look.modifier.contains(Modifier::BOLD) { " font-weight=\"bold\"" } else { "" };
    let italic = if look.modifier.contains(Modifier::ITALIC) { " font-style=\"italic\"" } else { "" };
    let _ = writeln!(
        svg,
        "<text x=\"{x}\" y=\"{y}\" textLength=\"{width}\" lengthAdjust=\"spacingAndGlyphs\" \
         fill=\"{color}\"{bold}{italic}{dim}>{text}</text>",
        y = top + BASE,
        text = escape(&run.text),
    );
}

/// A line's runs. Only ASCII characters are put together: the width of others depends on the font.
fn runs(screen: &Buffer, row: u16, cursor: Option<Position>) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut column = 0;
    while column < screen.area.width {
        let cell = &screen[(screen.area.x + column, screen.area.y + row)];
        let symbol = cell.symbol();
        let columns = u16::try_from(symbol.width().max(1)).unwrap_or(1);
        let look = Look::of(cell, cursor == Some(Position::new(column, row)));
        let ascii = symbol.is_ascii();
        match runs.last_mut() {
            Some(last) if ascii && last.text.is_ascii() && last.look == look => {
                last.text.push_str(symbol);
                last.columns += columns;
            }
            _ => runs.push(Run { column, columns, text: symbol.to_owned(), look }),
        }
        column += columns;
    }
    runs.into_iter().map(trimmed).collect()
}

/// Without blanks at the ends, unless they show.
fn trimmed(mut run: Run) -> Run {
    let shows = Modifier::UNDERLINED | Modifier::CROSSED_OUT;
    if run.look.background != BACKGROUND || run.look.modifier.intersects(shows) {
        return run;
    }
    let blanks = run.text.len() - run.text.trim_start_matches(' ').len();
    run.text = run.text.trim_matches(' ').to_owned();
    run.column += u16::try_from(blanks).unwrap_or_default();
    run.columns = u16::try_from(run.text.width()).unwrap_or_default();
    run
}

fn left(column: u16) -> f64 {
    MARGIN + f64::from(column) * WIDTH
}

/// As XML text; characters that XML cannot have become a replacement.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            c if c.is_control() => escaped.push('\u{fffd}'),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests;
