//! The focus, and what is chosen and ticked under it.

use super::edit::touched;
use super::navigation;
use crate::wizard::answers::Step;
use crate::wizard::effect::Effect;
use crate::wizard::form::{Choice, Control, Widget};
use crate::wizard::message::Direction;
use crate::wizard::model::{Model, Overlay};
use crate::wizard::page::{Drawn, Look};
use crate::wizard::steps::preview;

/// Options that a page key goes on by in a list.
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
    let drawn = model.drawn;
    if let Some(Overlay::Help(scroll)) = &mut model.overlay {
        *scroll = scrolled(drawn, direction);
        return Vec::new();
    }
    let pages = matches!(direction, Direction::PageUp | Direction::PageDown);
    if let Some(to) = chosen(model, direction) {
        model.choose(model.focus, to);
        return touched(model);
    } else if model.focus == Control::PAYLOAD && matches!(direction, Direction::Left | Direction::Right) {
        leaf(model, direction == Direction::Right);
    } else if model.focus == Control::FILES && (pages || is_read_by_lines(model, direction)) {
        model.look.scroll = scrolled(drawn, direction);
    } else if pages && model.step == Step::Preview {
        // What is previewed has a window of its own.
        model.look.scroll = scrolled(drawn, direction);
    } else if pages {
        model.scroll = Some(scrolled(drawn, direction));
    } else {
        beside(model, direction);
    }
    Vec::new()
}

/// The option to choose in that direction, if any. A list that is shown in part goes by pages, too.
fn chosen(model: &Model, direction: Direction) -> Option<usize> {
    let (count, selected, is_list) = match model.widget(model.focus) {
        Widget::Choice(Choice { options, selected }) => (options.len(), selected, false),
        Widget::Pick(_, Choice { options, selected }) => (options.len(), selected, true),
        _ => return None,
    };
    let page = usize::from(PAGE);
    match direction {
        Direction::Up | Direction::Left => selected.checked_sub(1),
        Direction::Down | Direction::Right => Some(selected + 1).filter(|to| *to < count),
        Direction::PageUp if is_list && selected > 0 => Some(selected.saturating_sub(page)),
        Direction::PageDown if is_list && selected + 1 < count => Some((selected + page).min(count - 1)),
        Direction::PageUp | Direction::PageDown => None,
    }
}

/// Whether up and down scroll the files, rather than leading away from them.
fn is_read_by_lines(model: &Model, direction: Direction) -> bool {
    match direction {
        Direction::Down => true,
        Direction::Up => model.drawn.top > 0,
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
        _ => None,
    };
    if let Some(control) = to.and_then(|to| controls.get(to)) {
        model.focus = *control;
    }
}

/// The next payload, or the one before, round in a ring.
fn leaf(model: &mut Model, on: bool) {
    let count = preview::notices(&model.answers, &model.context).len().max(1);
    let at = model.look.at.min(count - 1);
    let at = if on { (at + 1) % count } else { (at + count - 1) % count };
    model.look = Look { at, scroll: 0, ..model.look };
}

/// The first row to be seen after a line or a page on or back. A row stays in sight.
fn scrolled(drawn: Drawn, direction: Direction) -> u16 {
    let page = drawn.height.saturating_sub(1).max(1);
    let to = match direction {
        Direction::Up => drawn.top.saturating_sub(1),
        Direction::Down => drawn.top.saturating_add(1),
        Direction::PageUp => drawn.top.saturating_sub(page),
        Direction::PageDown => drawn.top.saturating_add(page),
        Direction::Left | Direction::Right => drawn.top,
    };
    to.min(drawn.last)
}
