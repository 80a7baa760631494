//! Draws the model: a frame, the list of steps, the page of the step that is shown, the keys that do something.
//!
//! A page is lines of text and controls, made for a width by its step; it is drawn as far as there is room, around
//! the focus. Nothing here decides.

mod frame;
mod overlay;

use ratatui::Frame;

use super::model::Model;

/// Less than this many columns and rows is not enough.
pub const SMALLEST: (u16, u16) = (60, 16);

/// Draws everything.
pub fn view(model: &Model, frame: &mut Frame<'_>) {
    let area = frame.area();
    if area.width < SMALLEST.0 || area.height < SMALLEST.1 {
        frame::more_room(model, frame);
        return;
    }
    let inner = frame::draw(model, frame);
    overlay::panel(model, frame, inner);
    overlay::question(model, frame);
}
