//! The keys of the home screen.

use crossterm::event::KeyCode;

use super::press::{Binding, bind, char, ctrl, key};
use super::scrolling;
use crate::wizard::context::Purpose;
use crate::wizard::message::{HomeMessage, Message};
use crate::wizard::model::Model;
use crate::wizard::steps::home;

/// The keys of the list, or of the name that is asked for.
pub(super) fn bindings(model: &Model) -> Vec<Binding> {
    let home = |key, label, message| bind(&[char(key)], label, Message::Home(message));
    let mut bindings = Vec::new();
    let mut help = vec![key(KeyCode::F(1))];
    if model.answers.home.adds {
        bindings.push(bind(&[key(KeyCode::Enter)], "begin", Message::Next));
        bindings.push(bind(&[key(KeyCode::Esc), key(KeyCode::BackTab)], "not now", Message::Back));
    } else {
        // Not while something is done to one.
        if !home::is_busy(&model.context) {
            bindings.extend(of_card(model));
            bindings.push(home('n', "add", HomeMessage::Add));
            if is_file(model) {
                bindings.push(home('d', "delete", HomeMessage::Delete));
            }
            bindings.push(home('q', "leave", HomeMessage::Leave));
        }
        if model.context.is_busy(Purpose::Resolve) {
            bindings.push(bind(&[key(KeyCode::Esc)], "stop waiting", Message::Cancel));
        }
        bindings.push(bind(&[key(KeyCode::Tab)], "", Message::FocusNext));
        bindings.push(bind(&[key(KeyCode::BackTab)], "", Message::FocusPrevious));
        bindings.extend(scrolling());
        help.push(char('?'));
    }
    bindings.push(bind(&help, "help", Message::Help));
    bindings.push(bind(&[ctrl('c')], "quit", Message::Quit));
    bindings.push(bind(&[ctrl('z')], "", Message::Suspend));
    bindings.push(bind(&[ctrl('l')], "", Message::Home(HomeMessage::Look)));
    bindings
}

/// What can be done to the one that has the focus.
fn of_card(model: &Model) -> Vec<Binding> {
    let Some(card) = home::card(model.focus, &model.context).filter(|card| card.installed.is_some()) else {
        return Vec::new();
    };
    let home = |key, label, message| bind(&[char(key)], label, Message::Home(message));
    let mut bindings = vec![bind(&[key(KeyCode::Enter)], "edit", Message::Next)];
    if let Some(on) = card.is_on() {
        bindings.push(home(' ', if on { "off" } else { "on" }, HomeMessage::Switch));
        if !on && card.resolvable().is_some() {
            bindings.push(home('r', "resolve", HomeMessage::Resolve));
        }
    }
    bindings
}

fn is_file(model: &Model) -> bool {
    home::card(model.focus, &model.context).is_some_and(|card| card.installed.is_some())
}

/// The keys of the question whether to delete one.
pub(super) fn confirming(model: &Model) -> Vec<Binding> {
    let confirm = |resolves| Message::Home(HomeMessage::Confirm { resolves });
    let mut bindings = Vec::new();
    if home::resolves(model.focus, &model.context) {
        bindings.push(bind(&[char('r')], "resolve first", confirm(true)));
    }
    bindings.push(bind(&[char('y')], "delete", confirm(false)));
    bindings.push(bind(&[key(KeyCode::Esc), char('n'), key(KeyCode::BackTab)], "keep it", Message::Close));
    bindings.push(bind(&[ctrl('c')], "quit", Message::Quit));
    bindings
}
