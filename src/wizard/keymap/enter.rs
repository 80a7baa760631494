//! What Enter does, and what the footer calls it.

use crossterm::event::KeyCode;

use super::press::{Binding, bind, key};
use crate::wizard::answers::{Resume, Rooms, Step, Way};
use crate::wizard::context::Purpose;
use crate::wizard::form::{Boxes, Control, Widget};
use crate::wizard::message::Message;
use crate::wizard::model::Model;
use crate::wizard::steps::notification::{self, cloud_rooms};
use crate::wizard::steps::source::{self, for_me};
use crate::wizard::steps::{self, agent, menu, test};

/// Enter, which a text of several lines keeps for itself.
pub(super) fn enter(model: &Model) -> Option<Binding> {
    if matches!(model.widget(model.focus), Widget::Area(_)) {
        return None;
    }
    let (answers, context) = (&model.answers, &model.context);
    let undone = matches!(model.widget(model.focus), Widget::Tick { on: false, .. });
    let is_todo = model.focus.row.boxes == Boxes::Guided;
    if undone && is_todo {
        return Some(bind(&[key(KeyCode::Enter)], "done", Message::Done));
    }
    if model.focus.is_of(Control::CLOUD_VALUE) {
        return Some(bind(&[key(KeyCode::Enter)], "next line", Message::FocusNext));
    }
    if let Some(at) = notification::undone(answers).next()
        && model.step == Step::Notification
        && answers.is_cloud()
        && !is_todo
        && !lists_rooms(model)
        && model.check(model.step).is_ok()
    {
        let message = Message::FocusOn(model.seen_first(Control::CLOUD_TODO.at(at)));
        return Some(bind(&[key(KeyCode::Enter)], "to Netdata Cloud", message));
    }
    if edits(model) {
        return Some(bind(&[key(KeyCode::Enter)], "edit", Message::GoTo(Step::Menu)));
    }
    let on = match model.trail.last() {
        None => "next",
        Some(Step::Test) => "back to the test",
        // Shift-tab goes back.
        Some(_) => "done",
    };
    let label = match (model.step, model.focus) {
        (Step::Test, _) if context.is_busy(Purpose::Test) => return None,
        (Step::Test, _) if model.check(Step::Test).is_err() => match test::current(answers, context) {
            Some(_) => "try again",
            None => "send",
        },
        (Step::Netdata, _)
            if matches!(agent::reply(answers, context), Some(Err(_)))
                && agent::is_sound(answers, context)
                && agent::check(answers, context).is_err() =>
        {
            "ask again"
        }
        (Step::Source, _) if source::way(answers, context) == Way::ForMe => {
            match for_me::overview(answers, context) {
                _ if context.is_busy(Purpose::Account) || context.is_busy(Purpose::Order) => return None,
                None if for_me::token(answers).is_none() => on,
                None => "ask ilert",
                Some(_) if for_me::made(answers, context).is_none() => "set up",
                Some(_) => on,
            }
        }
        (Step::Notification, _) if lists_rooms(model) => "list the rooms",
        (Step::Test, focus) if focus == Control::ACCOUNT_TOKEN && test::can_look_up(answers, context) => {
            "look it up"
        }
        (Step::Review | Step::Express, _) if context.writing.is_done() => "finish",
        (Step::Review | Step::Express, _) if context.writing.has_failed() => "try again",
        (Step::Review | Step::Express, _) if context.writing.written.is_some() => return None,
        (Step::Review, _) if model.trail.last() == Some(&Step::Express) => "done",
        (Step::Review, _) if steps::refused(answers, context).is_some() => "change it",
        (Step::Review, _) if matches!(context.writing.composed, Some(Err(_))) => "look again",
        (Step::Review, _) => "write",
        (Step::Express, _) if context.is_busy(Purpose::Test) || context.is_busy(Purpose::LookUp) => {
            return None;
        }
        (Step::Express, _) if context.together => "try again",
        (Step::Express, focus) if focus.is_of(Control::EXPRESS) => "change",
        (Step::Menu, focus) => match menu::step_of(focus, answers, context) {
            Some(Step::Review) => "go on to write",
            _ => "change",
        },
        (Step::Express, _) => "do it",
        _ => on,
    };
    Some(bind(&[key(KeyCode::Enter)], label, Message::Next))
}

/// Whether Enter leads to the steps of the existing configuration.
fn edits(model: &Model) -> bool {
    let (answers, context) = (&model.answers, &model.context);
    let resumes = answers.start.resume == Resume::Resume
        && context.found.as_ref().is_some_and(|found| found.draft.is_some());
    model.step == Step::Start && !resumes && menu::is_offered(answers, context)
}

/// Whether Enter asks Netdata Cloud for the rooms.
fn lists_rooms(model: &Model) -> bool {
    let notification = &model.answers.notification;
    let known = || cloud_rooms::known(&model.answers, &model.context);
    notification.mode == Rooms::Cloud && notification.cloud_rooms.is_empty() && known().is_none()
}
