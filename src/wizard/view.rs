//! What the model looks like: a frame, the list of steps, the step that is shown, the keys that do something.
//!
//! Each step has its page under `view/`, the twin of its state under `steps/`. A page is lines of text and
//! controls, made for a width; it is drawn as far as there is room, around the focus. Nothing here decides.

mod agent;
mod frame;
mod key;
mod notification;
pub(super) mod overlay;
pub mod page;
mod preview;
mod review;
mod source;
mod start;
mod test;
mod wrap;

use ratatui::Frame;
use ratatui::buffer::Buffer;

use super::model::{Model, Step};
use crate::text;
use page::Page;

/// Less than this many columns and rows is not enough.
pub const SMALLEST: (u16, u16) = (60, 16);

/// Draws everything.
pub fn view(model: &Model, frame: &mut Frame<'_>) {
    let area = frame.area();
    if area.width < SMALLEST.0 || area.height < SMALLEST.1 {
        frame::more_room(model, frame);
    } else {
        let inner = frame::draw(model, frame);
        overlay::panel(model, frame, inner);
        overlay::question(model, frame);
    }
    clean(frame.buffer_mut());
}

/// Leaves in the cells what may be shown: the terminal gets nothing else, whatever a page has drawn.
fn clean(buffer: &mut Buffer) {
    for cell in &mut buffer.content {
        if !text::is_clean(cell.symbol()) {
            let symbol = text::one_line(cell.symbol(), usize::MAX);
            cell.set_symbol(if symbol.is_empty() { " " } else { &symbol });
        }
    }
}

/// The page of the step that is shown, for so many columns and rows.
#[must_use]
pub fn page(model: &Model, width: u16, height: u16) -> Page<'_> {
    let mut page = Page::new(model, width, height);
    match model.step {
        Step::Start => start::page(&mut page),
        Step::Source => source::page(&mut page),
        Step::Key => key::page(&mut page),
        Step::Netdata => agent::page(&mut page),
        Step::Notification => notification::page(&mut page),
        Step::Preview => preview::page(&mut page),
        Step::Test => test::page(&mut page),
        Step::Review => review::page(&mut page),
    }
    page
}
