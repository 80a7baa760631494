//! From a cell's style to what it looks like.

use ratatui::buffer::Cell;
use ratatui::style::{Color, Modifier};

/// What stands behind a text that says nothing else.
pub const BACKGROUND: &str = "#1e1e2e";
/// A text's colour where it says none.
pub const FOREGROUND: &str = "#cdd6f4";

/// The sixteen, in ANSI's order.
const ANSI: [&str; 16] = [
    "#45475a", "#f38ba8", "#a6e3a1", "#f9e2af", "#89b4fa", "#cba6f7", "#94e2d5", "#bac2de", "#6c7086",
    "#f5a3ba", "#bdeab9", "#fbebc8", "#a5c6fb", "#d8bff9", "#b0eae0", "#ffffff",
];

/// What a cell looks like.
#[derive(Clone, Debug, PartialEq)]
pub struct Look {
    pub foreground: String,
    pub background: String,
    pub modifier: Modifier,
}

impl Look {
    /// A cursor swaps the colours once more.
    pub fn of(cell: &Cell, cursor: bool) -> Self {
        let mut foreground = hex(cell.fg, FOREGROUND);
        let mut background = hex(cell.bg, BACKGROUND);
        if cell.modifier.contains(Modifier::REVERSED) != cursor {
            std::mem::swap(&mut foreground, &mut background);
        }
        Self { foreground, background, modifier: cell.modifier - Modifier::REVERSED }
    }
}

fn hex(color: Color, default: &str) -> String {
    let ansi = |at: usize| ANSI[at].to_owned();
    match color {
        Color::Reset => default.to_owned(),
        Color::Black => ansi(0),
        Color::Red => ansi(1),
        Color::Green => ansi(2),
        Color::Yellow => ansi(3),
        Color::Blue => ansi(4),
        Color::Magenta => ansi(5),
        Color::Cyan => ansi(6),
        Color::Gray => ansi(7),
        Color::DarkGray => ansi(8),
        Color::LightRed => ansi(9),
        Color::LightGreen => ansi(10),
        Color::LightYellow => ansi(11),
        Color::LightBlue => ansi(12),
        Color::LightMagenta => ansi(13),
        Color::LightCyan => ansi(14),
        Color::White => ansi(15),
        Color::Indexed(at) if at < 16 => ansi(at.into()),
        Color::Rgb(..) | Color::Indexed(_) => panic!("the wizard keeps to sixteen colours, this is {color}"),
    }
}
