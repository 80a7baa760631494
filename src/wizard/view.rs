//! Draws the model: a frame, the list of steps, the page of the step that is shown, the keys that do something.
//!
//! A page is lines of text and controls, made for a width by its step; it is drawn as far as there is room, around
//! the focus. Nothing here decides.

mod frame;
mod overlay;

use ratatui::Frame;
use ratatui::buffer::Buffer;

use super::model::Model;
use super::page::Drawn;
use super::theme::Glyphs;
use crate::text;

/// Less than this many columns and rows is not enough.
pub const SMALLEST: (u16, u16) = (60, 16);

/// Draws everything, and says which part of the page is seen.
pub fn view(model: &Model, frame: &mut Frame<'_>) -> Drawn {
    let area = frame.area();
    let mut drawn = Drawn::default();
    if area.width < SMALLEST.0 || area.height < SMALLEST.1 {
        frame::more_room(model, frame);
    } else {
        let inner = frame::draw(model, frame);
        drawn = overlay::panel(model, frame, inner);
        overlay::question(model, frame, inner);
    }
    clean(frame.buffer_mut(), model.theme.glyphs);
    Drawn { columns: area.width, ..drawn }
}

/// Leaves in the cells what may be shown: the terminal gets nothing else, whatever a page has drawn. One of ASCII alone
/// gets ASCII alone, also of names and texts from outside.
fn clean(buffer: &mut Buffer, glyphs: Glyphs) {
    for cell in &mut buffer.content {
        if !text::is_clean(cell.symbol()) {
            let symbol = text::one_line(cell.symbol(), usize::MAX);
            cell.set_symbol(if symbol.is_empty() { " " } else { &symbol });
        }
        if glyphs == Glyphs::Ascii && !cell.symbol().is_ascii() {
            cell.set_symbol(ascii(cell.symbol()));
        }
    }
}

/// What stands for a character where there is ASCII alone.
fn ascii(symbol: &str) -> &'static str {
    match symbol {
        "×" => "x",
        "…" | "·" => ".",
        "–" | "—" => "-",
        "•" => "*",
        "°" => " ",
        _ => "?",
    }
}
