//! Keys that scroll, help, find and tick.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::{advance, at, held, model, probe, text};
use crate::wizard::form::{Control, Given};
use crate::wizard::keymap::{bindings, explained, keymap};
use crate::wizard::message::{Direction, Message, Reply};
use crate::wizard::model::Overlay;
use crate::wizard::page::Drawn;
use crate::wizard::steps::agent;
use crate::wizard::update::update;
use crate::wizard::{Model, Step};

/// As after a drawing of a page that goes on below.
fn drawn(model: &mut Model, top: u16) {
    model.drawn = Drawn { top, last: 30, height: 12, columns: 80 };
}

#[test]
fn page_keys_scroll_and_leave_the_focus_where_it_is() {
    for step in [Step::Start, Step::Source, Step::Notification, Step::Test] {
        let mut model = at(step);
        let focus = model.focus;
        for (top, direction, expected) in [
            (0, Direction::PageDown, 11),
            (25, Direction::PageDown, 30),
            (30, Direction::PageUp, 19),
            (4, Direction::PageUp, 0),
        ] {
            drawn(&mut model, top);
            update(&mut model, Message::Move(direction));
            assert_eq!((model.focus, model.scroll), (focus, Some(expected)), "{step:?} {top} {direction:?}");
        }
        // Where the focus goes, the page goes along.
        if model.controls().len() > 1 {
            update(&mut model, Message::FocusNext);
            assert_eq!(model.scroll, None);
        }
    }
    let mut help = at(Step::Key);
    update(&mut help, Message::Help);
    drawn(&mut help, 25);
    update(&mut help, Message::Move(Direction::PageDown));
    assert_eq!(help.overlay, Some(Overlay::Help(30)), "no further than there is something to see");
}

#[test]
fn a_question_mark_helps_and_is_typed_where_text_is() {
    let question = KeyEvent::new(KeyCode::Char('?'), KeyModifiers::NONE);
    for (step, focus, helps) in [
        (Step::Start, Control::DELIVERY, true),
        (Step::Source, Control::TODO, true),
        (Step::Key, Control::API_KEY, false),
        (Step::Key, Control::KEEP, true),
        (Step::Notification, Control::NAME, false),
        (Step::Preview, Control::PAYLOAD, true),
    ] {
        let mut model = at(step);
        model.focus = focus;
        let message = keymap(&model, question).unwrap();
        assert_eq!(matches!(message, Message::Help), helps, "{step:?} {focus:?}");
        let lines = explained(&model);
        let is_there = |key: &str| lines.iter().any(|(keys, does)| keys.contains(key) && !does.is_empty());
        for key in ["enter", "tab", "shift-tab", "esc", "page up/down", "f1", "ctrl-c", "ctrl-z", "ctrl-l"] {
            assert!(is_there(key), "{key} is not in {lines:?}");
        }
        assert_eq!(is_there("any character"), !helps);
    }
    // Nothing is before *Before you start*.
    let first = model();
    let says_back = |model: &Model| bindings(model).iter().any(|binding| binding.label == "back");
    assert!(!says_back(&first) && says_back(&at(Step::Source)));
}

#[test]
fn what_is_folded_up_is_opened_by_space_and_that_is_said() {
    let space = KeyEvent::new(KeyCode::Char(' '), KeyModifiers::NONE);
    let mut model = at(Step::Netdata);
    assert!(explained(&model).contains(&("space at [+]".into(), "open it, or fold it up".into())));
    model.focus = Control::AGENT_MORE;
    for label in ["open", "fold up", "open"] {
        let named = |model: &Model| {
            let bindings = bindings(model).into_iter();
            bindings
                .filter(|one| matches!(one.message, Message::Toggle))
                .map(|one| one.label)
                .collect::<Vec<_>>()
        };
        assert_eq!(named(&model), [label]);
        assert!(explained(&model).contains(&("space".into(), "open it, or fold it up".into())));
        let message = keymap(&model, space).unwrap();
        update(&mut model, message);
    }
}

#[test]
fn nodes_are_picked_from_the_list() {
    let mut model = at(Step::Notification);
    update(&mut model, Message::Give(Control::ROOMS, Given::Option(1)));
    assert!(model.controls().contains(&Control::NODE.at(1)));
    assert!(!model.controls().contains(&Control::NODE.at(2)));
    assert_eq!(agent::hosts(&model.answers, &model.context).len(), probe(&["db-1", "web-1"]).nodes.len());
    assert_eq!(held(&mut model), Some(Control::NODE));
}

#[test]
fn letters_find_something_in_a_long_list_and_a_ticks_all_only_where_they_do_not() {
    let hosts: Vec<String> = (0..30).map(|number| format!("api-{number}")).collect();
    let mut hosts: Vec<&str> = hosts.iter().map(String::as_str).collect();
    hosts.push("Data-1");
    let mut model = at(Step::Netdata);
    text(&mut model, Control::URL, "http://parent:1");
    let effects = update(&mut model, Message::Next);
    super::answer(&mut model, &effects, Reply::Probed(Ok(probe(&hosts))));
    advance(&mut model, Step::Notification);
    update(&mut model, Message::Give(Control::ROOMS, Given::Option(1)));
    model.focus = Control::NODE.at(3);
    let press = |model: &mut Model, code, modifiers| {
        let message = keymap(model, KeyEvent::new(code, modifiers)).unwrap();
        update(model, message);
    };
    for c in "ata".chars() {
        press(&mut model, KeyCode::Char(c), KeyModifiers::NONE);
    }
    assert_eq!((model.focus, model.answers.notification.picked.len()), (Control::FIND, 0));
    let boxes =
        |model: &Model| model.controls().iter().filter(|control| control.is_of(Control::NODE)).count();
    assert_eq!(boxes(&model), 1);
    press(&mut model, KeyCode::Down, KeyModifiers::NONE);
    press(&mut model, KeyCode::Char(' '), KeyModifiers::NONE);
    assert_eq!(model.answers.notification.picked.iter().collect::<Vec<_>>(), ["Data-1"]);
    // Ctrl-a ticks what is found, and no more.
    press(&mut model, KeyCode::Backspace, KeyModifiers::NONE);
    press(&mut model, KeyCode::Char('u'), KeyModifiers::CONTROL);
    for c in "api-1".chars() {
        press(&mut model, KeyCode::Char(c), KeyModifiers::NONE);
    }
    press(&mut model, KeyCode::Down, KeyModifiers::NONE);
    press(&mut model, KeyCode::Char('a'), KeyModifiers::CONTROL);
    assert_eq!(model.answers.notification.picked.len(), 12);
    // Nothing is left: what was picked stays picked.
    text(&mut model, Control::FIND, "nobody");
    assert_eq!((boxes(&model), held(&mut model)), (0, None));
    // A short list has nothing to be found in.
    let mut short = at(Step::Source);
    short.focus = Control::TODO;
    press(&mut short, KeyCode::Char('a'), KeyModifiers::NONE);
    assert!(short.answers.source.done.iter().all(|done| *done));
}
