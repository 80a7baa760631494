//! The keys in words, for a step's help.

use super::{Binding, is_typing, of_step};
use crate::wizard::answers::Step;
use crate::wizard::form::{Boxes, Control};
use crate::wizard::message::{Direction, HomeMessage, Message};
use crate::wizard::model::Model;
use crate::wizard::steps;

/// All keys of the step, with what each does, for its help.
#[must_use]
pub fn explained(model: &Model) -> Vec<(String, String)> {
    let mut lines: Vec<(String, String)> = Vec::new();
    if is_typing(model) {
        lines.push(("any character".to_owned(), "is typed where the cursor is".to_owned()));
    } else if model.find().is_some() {
        lines.push(("any character".to_owned(), "narrows the list down".to_owned()));
    }
    // Where the focus is elsewhere, nothing else says how it is opened.
    let is_fold = |control: &Control| control.row.boxes == Boxes::Fold && *control != model.focus;
    if model.controls().iter().any(is_fold) {
        lines.push(("space at [+]".to_owned(), UNFOLDS.to_owned()));
    }
    for binding in of_step(model) {
        let mut names: Vec<String> = binding.keys.iter().map(|press| press.name()).collect();
        names.dedup();
        let line = (names.join(", "), does(model, &binding));
        if !lines.iter().any(|(keys, _)| *keys == line.0) {
            lines.push(line);
        }
    }
    lines
}

/// What is done to a control that shows what is seldom needed.
const UNFOLDS: &str = "open it, or fold it up";

/// What a key does, in words.
fn does(model: &Model, binding: &Binding) -> String {
    let words = match &binding.message {
        Message::GoTo(Step::Express) => "to what would be done, and all of it at once",
        Message::GoTo(step) if model.step == Step::Menu => return format!("to {}", steps::title(*step)),
        Message::Done => "tick this, and on to the next thing to do",
        Message::Later => "on; this is done later",
        Message::Unfold => "every line, or what is set alone",
        Message::Move(Direction::PageUp | Direction::PageDown) => "scroll",
        Message::Move(Direction::Up | Direction::Down) => "choose, or go from field to field",
        Message::Move(Direction::Left | Direction::Right) if binding.label.is_empty() => "choose",
        Message::FocusPrevious if model.leads_back() => {
            "the field before; from the first one, the screen before"
        }
        Message::FocusPrevious => "the field before",
        Message::FocusNext => "the next field",
        Message::Back if model.leads_back() => "the screen before; the answers stay",
        Message::Back => "nothing here: there is no screen before",
        Message::Cancel if model.step == Step::Home => "wait no longer; what ilert has taken is resolved",
        Message::Cancel => "give up what is under way",
        Message::OpenAddress => "open the address in a browser",
        Message::Copy => "copy, where the terminal allows it",
        Message::WholeList => "the whole list: empties what was typed",
        Message::TickAll => "tick all, or none",
        Message::OpenEditor => "open in $VISUAL or $EDITOR",
        Message::PasteDemo if binding.label.is_empty() => {
            "paste the demo's key or token where one is asked for"
        }
        Message::ShowJson => "the exact JSON, or the alert as ilert shows it",
        Message::Move(Direction::Right) if model.focus == Control::PAYLOAD => "the next or former event",
        Message::Toggle if model.focus.row.boxes == Boxes::Fold => UNFOLDS,
        Message::Toggle => "tick, or take the tick away",
        Message::Help => "this help",
        Message::Quit => "leave; the answers are kept, keys are not",
        Message::Suspend => "to the shell; `fg` comes back",
        Message::Home(HomeMessage::Look) => "look at the configurations again, and draw the screen anew",
        Message::Redraw => "draw the screen anew",
        _ => binding.label,
    };
    words.to_owned()
}
