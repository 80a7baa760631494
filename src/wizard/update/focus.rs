//! The focus, and what is chosen and ticked under it.

use super::edit::touched;
use super::navigation;
use crate::wizard::effect::Effect;
use crate::wizard::form::{Choice, Control, Widget};
use crate::wizard::message::Direction;
use crate::wizard::model::{Model, Overlay};
use crate::wizard::page::Look;
use crate::wizard::steps::preview;

/// Lines of a page.
const PAGE: u16 = 8;

/// To the next control; from the last one to the first.
pub(super) fn next(model: &mut Model) -> Vec<Effect> {
    let controls = model.controls();
    let at = controls.iter().position(|control| *control == model.focus);
    let next = at.and_then(|at| controls.get(at + 1)).or(controls.first());
    if let Some(next) = next {
        model.focus = *next;
    }
    Vec::new()
}

/// To this control, if it is shown.
pub(super) fn on(model: &mut Model, control: Control) -> Vec<Effect> {
    if model.controls().contains(&control) {
        model.focus = control;
    }
    Vec::new()
}

/// To the control before; from the first one to the step before.
pub(super) fn previous(model: &mut Model) -> Vec<Effect> {
    let controls = model.controls();
    let at = controls.iter().position(|control| *control == model.focus).unwrap_or(0);
    match at.checked_sub(1).and_then(|at| controls.get(at)) {
        Some(previous) => {
            model.focus = *previous;
            Vec::new()
        }
        None => navigation::back(model),
    }
}

/// Space: ticks a box, or takes the tick away.
pub(super) fn toggle(model: &mut Model) -> Vec<Effect> {
    let focus = model.focus;
    let Widget::Tick { on, .. } = model.widget(focus) else { return Vec::new() };
    model.tick(focus, !on);
    touched(model)
}

/// Ticks every box of the list that has the focus, or takes all ticks away where all are there.
pub(super) fn tick_all(model: &mut Model) -> Vec<Effect> {
    let focus = model.focus;
    let list: Vec<Control> = model.controls().into_iter().filter(|control| control.is_of(focus)).collect();
    let on = list.iter().any(|control| matches!(model.widget(*control), Widget::Tick { on: false, .. }));
    for control in list {
        model.tick(control, on);
    }
    touched(model)
}

/// Unfolds the silences, and goes to the new one.
pub(super) fn silences(model: &mut Model) -> Vec<Effect> {
    if !model.controls().contains(&Control::SILENCES) {
        return Vec::new();
    }
    model.tick(Control::SILENCES, true);
    model.focus = Control::SILENCE_NAME;
    touched(model)
}

/// An option, a line or a page on or back; at the end of what the control has, to the control beside it.
pub(super) fn shift(model: &mut Model, direction: Direction) -> Vec<Effect> {
    if let Some(Overlay::Help(scroll)) = &mut model.overlay {
        *scroll = moved(*scroll, direction);
        return Vec::new();
    }
    let focus = model.focus;
    let chosen = match model.widget(focus) {
        Widget::Choice(Choice { options, selected }) | Widget::Pick(_, Choice { options, selected }) => {
            Some((options.len(), selected))
        }
        _ => None,
    };
    let pages = matches!(direction, Direction::PageUp | Direction::PageDown);
    let sideways = matches!(direction, Direction::Left | Direction::Right);
    if let Some((count, selected)) = chosen.filter(|_| !pages) {
        let to = match direction {
            Direction::Up | Direction::Left => selected.checked_sub(1),
            _ => Some(selected + 1).filter(|to| *to < count),
        };
        if let Some(to) = to {
            model.choose(focus, to);
            return touched(model);
        }
        beside(model, direction);
    } else if focus == Control::PAYLOAD && sideways {
        leaf(model, direction == Direction::Right);
    } else if is_looked_through(model, direction) {
        model.look.scroll = moved(model.look.scroll, direction);
    } else if is_scrolled(model, direction) {
        model.scroll = moved(model.scroll, direction);
    } else {
        beside(model, direction);
    }
    Vec::new()
}

/// Whether the key scrolls what is looked at: the payload by pages, the files by lines, too.
fn is_looked_through(model: &Model, direction: Direction) -> bool {
    let pages = matches!(direction, Direction::PageUp | Direction::PageDown);
    let lines = direction == Direction::Down || (direction == Direction::Up && model.look.scroll > 0);
    (model.focus == Control::PAYLOAD && pages) || (model.focus == Control::FILES && (pages || lines))
}

/// Whether a page key scrolls rather than moving the focus: below the last control there may be more to read.
fn is_scrolled(model: &Model, direction: Direction) -> bool {
    match direction {
        Direction::PageUp => model.scroll > 0,
        Direction::PageDown => model.controls().last() == Some(&model.focus),
        _ => false,
    }
}

/// Up from the first control goes nowhere: only shift-tab and esc leave a step.
fn beside(model: &mut Model, direction: Direction) {
    let controls = model.controls();
    let Some(at) = controls.iter().position(|control| *control == model.focus) else { return };
    let to = match direction {
        Direction::Up => at.checked_sub(1),
        Direction::Down => Some(at + 1),
        Direction::PageUp => Some(at.saturating_sub(usize::from(PAGE))),
        Direction::PageDown => Some((at + usize::from(PAGE)).min(controls.len().saturating_sub(1))),
        Direction::Left | Direction::Right => None,
    };
    if let Some(control) = to.and_then(|to| controls.get(to)) {
        model.focus = *control;
    }
}

/// The next payload, or the one before, round in a ring.
fn leaf(model: &mut Model, on: bool) {
    let count = preview::notices(&model.context).len().max(1);
    let at = model.look.at.min(count - 1);
    let at = if on { (at + 1) % count } else { (at + count - 1) % count };
    model.look = Look { at, scroll: 0 };
}

fn moved(scroll: u16, direction: Direction) -> u16 {
    match direction {
        Direction::Up => scroll.saturating_sub(1),
        Direction::Down => scroll.saturating_add(1),
        Direction::PageUp => scroll.saturating_sub(PAGE),
        Direction::PageDown => scroll.saturating_add(PAGE),
        Direction::Left | Direction::Right => scroll,
    }
}
