//! From step to step: what holds one back, and where Enter, Esc and Ctrl-C lead.

use crossterm::event::{KeyCode, KeyEvent};

use super::{at, held, model, text};
use crate::exit::Exit;
use crate::wizard::form::{Control, Given};
use crate::wizard::keymap::keymap;
use crate::wizard::message::{Direction, Message};
use crate::wizard::model::{Overlay, Progress};
use crate::wizard::update::update;
use crate::wizard::{Model, Step};

#[test]
fn stays_until_the_answers_will_do() {
    let mut key = at(Step::Key);
    assert_eq!(held(&mut key), Some(Control::API_KEY));
    text(&mut key, Control::API_KEY, "two words");
    assert_eq!(held(&mut key), Some(Control::API_KEY));

    for (control, given, at_fault) in [
        (Control::URL, "no address", Control::URL),
        (Control::URL, "", Control::URL),
        (Control::URL, "https://app.netdata.cloud/spaces/x", Control::URL),
        (Control::URL, "ftp://x", Control::URL),
        (Control::URL, "http://user:word@host", Control::URL),
        (Control::USERNAME, "a:b", Control::USERNAME),
        (Control::CA_FILE, "relative.pem", Control::CA_FILE),
        (Control::PASSWORD, "word", Control::USERNAME),
        (Control::USERNAME, "me", Control::PASSWORD),
    ] {
        let mut agent = at(Step::Netdata);
        agent.tick(Control::AGENT_MORE, true);
        text(&mut agent, control, given);
        agent.context.tasks.clear();
        assert_eq!(held(&mut agent), Some(at_fault), "{given}");
        assert_eq!(agent.focus, at_fault);
    }

    for (control, given, at_fault) in [
        (Control::NAME, " ", Control::NAME),
        (Control::ROOM_NAME, "", Control::ROOM_NAME),
        (Control::PATTERN, "!db-*", Control::PATTERN),
        (Control::PATTERN, "", Control::PATTERN),
    ] {
        let mut notification = at(Step::Notification);
        update(&mut notification, Message::Give(Control::ROOMS, Given::Option(2)));
        text(&mut notification, Control::PATTERN, "db-*");
        text(&mut notification, control, given);
        assert_eq!(held(&mut notification), Some(at_fault), "{control:?} {given}");
    }

    let mut nobody = at(Step::Notification);
    for box_ in 0..5 {
        update(&mut nobody, Message::Give(Control::NOTIFY.at(box_), Given::Tick(false)));
    }
    assert_eq!(held(&mut nobody), Some(Control::PRESET));

    let mut preview = at(Step::Preview);
    update(&mut preview, Message::Give(Control::TEMPLATES, Given::Option(1)));
    text(&mut preview, Control::SUMMARY, "{{ nod }}");
    assert_eq!(held(&mut preview), Some(Control::SUMMARY));
    assert!(preview.problem.unwrap().message.contains("line 1, column 4"));
}

#[test]
fn enter_ticks_what_is_done_one_by_one() {
    let enter = |model: &mut Model| {
        let message = keymap(model, KeyEvent::from(KeyCode::Enter)).unwrap();
        update(model, message);
    };
    let mut model = at(Step::Source);
    update(&mut model, Message::Give(Control::WAY, Given::Option(1)));
    enter(&mut model);
    assert_eq!((model.focus, model.problem.clone()), (Control::TODO, None));
    for done in 1..=4 {
        assert_eq!(Some(model.step), Step::Key.previous());
        enter(&mut model);
        assert_eq!(model.answers.source.done.iter().filter(|done| **done).count(), done);
    }
    assert_eq!(Some(model.step), Step::Source.next(), "the last one leads on");
}

#[test]
fn back_is_never_out() {
    let mut model = model();
    for message in [Message::Back, Message::FocusPrevious, Message::Move(Direction::Up)] {
        update(&mut model, message);
        assert_eq!((model.step, model.exit), (Step::Start, None));
    }
    let mut model = at(Step::Key);
    update(&mut model, Message::FocusNext);
    update(&mut model, Message::FocusPrevious);
    assert_eq!((model.step, model.focus), (Step::Key, Control::API_KEY));
    update(&mut model, Message::FocusPrevious);
    assert_eq!(model.step, Step::Source);
}

#[test]
fn ctrl_c_asks_once_when_there_is_something_to_lose() {
    let mut fresh = model();
    update(&mut fresh, Message::Quit);
    assert_eq!(fresh.exit, Some(Exit::Interrupted));
    let mut model = at(Step::Key);
    update(&mut model, Message::Quit);
    assert_eq!((model.overlay, model.exit), (Some(Overlay::Leave), None));
    update(&mut model, Message::Close);
    update(&mut model, Message::Quit);
    assert_eq!(model.exit, None);
    update(&mut model, Message::Quit);
    assert_eq!(model.exit, Some(Exit::Interrupted));
}

#[test]
fn a_step_stands_as_its_answers_do() {
    let mut model = at(Step::Notification);
    assert_eq!(model.progress(Step::Key), Progress::Untried);
    assert_eq!(model.progress(Step::Preview), Progress::Pending);
    update(&mut model, Message::GoTo(Step::Key));
    text(&mut model, Control::API_KEY, "");
    update(&mut model, Message::Back);
    assert_eq!(model.progress(Step::Key), Progress::Doubtful);
}
