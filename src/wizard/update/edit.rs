//! Changes answers: what is typed, pasted, chosen and ticked, and what follows from it.

use crossterm::event::KeyEvent;

use super::{agent, cloud};
use crate::wizard::effect::Effect;
use crate::wizard::form::{Control, Given, Typing};
use crate::wizard::model::Model;

pub(super) fn typed(model: &mut Model, key: &KeyEvent) -> Vec<Effect> {
    edit(model, |typing| match typing {
        Typing::Text(field) => field.key(key),
        Typing::Secret(field) => field.key(key),
        Typing::Area(area) => area.key(key),
    })
}

/// Pastes into the text with the focus.
pub(super) fn paste(model: &mut Model, text: &str) -> Vec<Effect> {
    edit(model, |typing| {
        match typing {
            Typing::Text(field) => field.paste(text.trim()),
            Typing::Secret(field) => field.paste(text),
            Typing::Area(area) => area.paste(text),
        }
        true
    })
}

/// Types into the text that narrows the list with the focus down.
pub(super) fn find(model: &mut Model, key: &KeyEvent) -> Vec<Effect> {
    let Some(find) = model.find() else { return Vec::new() };
    model.focus = find;
    typed(model, key)
}

/// Empties the text that narrows the list with the focus down.
pub(super) fn whole_list(model: &mut Model) -> Vec<Effect> {
    let Some(control) = model.filter() else { return Vec::new() };
    if let Some(Typing::Text(field)) = model.typing(control) {
        field.set("");
    }
    touched(model)
}

/// Opens the text with the focus in an editor.
pub(super) fn open_editor(model: &mut Model) -> Vec<Effect> {
    let focus = model.focus;
    match model.typing(focus) {
        Some(Typing::Area(area)) => vec![Effect::Edit(focus, area.value())],
        _ => Vec::new(),
    }
}

/// Takes what came out of the editor.
pub(super) fn edited(model: &mut Model, control: Control, edited: Result<String, String>) -> Vec<Effect> {
    match edited {
        Ok(text) => {
            // Editors end the last line.
            let text = text.strip_suffix('\n').unwrap_or(&text).to_owned();
            let had_some =
                matches!(model.typing(control), Some(Typing::Area(area)) if !area.value().trim().is_empty());
            if text.trim().is_empty() && had_some {
                model.notice = Some(
                    "the editor left nothing: the text stays as it was; choose \"built in\" to have none of your own"
                        .to_owned(),
                );
                return Vec::new();
            }
            give(model, control, Given::Text(text))
        }
        Err(reason) => {
            model.notice = Some(reason);
            Vec::new()
        }
    }
}

/// Takes an answer as a whole; one for a control that is not shown is dropped.
pub(super) fn give(model: &mut Model, control: Control, given: Given) -> Vec<Effect> {
    if !model.controls().contains(&control) {
        return Vec::new();
    }
    model.focus = control;
    match given {
        Given::Text(text) => edit(model, |typing| {
            match typing {
                Typing::Text(field) => field.set(&text),
                Typing::Secret(field) => {
                    field.clear();
                    field.paste(&text);
                }
                Typing::Area(area) => area.set(&text),
            }
            true
        }),
        Given::Option(at) => {
            model.choose(control, at);
            touched(model)
        }
        Given::Tick(on) => {
            model.tick(control, on);
            touched(model)
        }
    }
}

/// Changes the text with the focus, and does what follows from it.
fn edit(model: &mut Model, change: impl FnOnce(Typing<'_>) -> bool) -> Vec<Effect> {
    let focus = model.focus;
    let Some(typing) = model.typing(focus) else { return Vec::new() };
    if change(typing) { touched(model) } else { Vec::new() }
}

/// Does what follows from an answer that has changed.
pub(super) fn touched(model: &mut Model) -> Vec<Effect> {
    model.touched = true;
    model.problem = None;
    model.goes_on = false;
    // A control that has gone takes the focus along with it.
    if !model.controls().contains(&model.focus) {
        model.focus_first();
    }
    let mut effects = agent::ask(model, agent::Soon::AfterTyping);
    effects.extend(cloud::ask(model));
    effects
}
