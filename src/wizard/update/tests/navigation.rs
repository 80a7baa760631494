//! From step to step: what holds one back, where the focus goes, what a draft and a configuration bring.

use crossterm::event::{KeyCode, KeyEvent};

use super::{KEY, advance, at, composed, draft, found, model, probe, resumed, text};
use crate::config::DeliveredBy;
use crate::config::{self, SecretSource, TEMPLATE};
use crate::exit::Exit;
use crate::secret::Secret;
use crate::wizard::context::{Found, OnDisk};
use crate::wizard::form::{Control, Given};
use crate::wizard::keymap::keymap;
use crate::wizard::message::{Direction, Message};
use crate::wizard::model::Progress;
use crate::wizard::steps::{agent, key};
use crate::wizard::update::update;
use crate::wizard::{
    Step,
    model::{Model, Overlay},
};

/// Presses Enter, and says at which control it stays, if it does.
fn held(model: &mut Model) -> Option<Control> {
    let step = model.step;
    update(model, Message::Next);
    (model.step == step).then(|| model.problem.as_ref().map(|problem| problem.control)).flatten()
}

#[test]
fn stays_until_the_answers_will_do() {
    let mut key = at(Step::Key);
    assert_eq!(held(&mut key), Some(Control::API_KEY));
    text(&mut key, Control::API_KEY, "two words");
    assert_eq!(held(&mut key), Some(Control::API_KEY));

    for (control, given, at_fault) in [
        (Control::URL, "nonsense", Control::URL),
        (Control::URL, "ftp://x", Control::URL),
        (Control::URL, "http://user:word@host", Control::URL),
        (Control::USERNAME, "a:b", Control::USERNAME),
        (Control::CA_FILE, "relative.pem", Control::CA_FILE),
        (Control::PASSWORD, "word", Control::USERNAME),
    ] {
        let mut agent = at(Step::Netdata);
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
        assert_eq!(model.step, Step::Source);
        enter(&mut model);
        assert_eq!(model.answers.source.done.iter().filter(|done| **done).count(), done);
    }
    assert_eq!(model.step, Step::Key, "the last one leads to what it asks for");
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
    assert_eq!(model.progress(Step::Key), Progress::Done);
    assert_eq!(model.progress(Step::Preview), Progress::Pending);
    update(&mut model, Message::GoTo(Step::Key));
    text(&mut model, Control::API_KEY, "");
    update(&mut model, Message::Back);
    assert_eq!(model.progress(Step::Key), Progress::Pending);
}

#[test]
fn the_answers_become_the_configuration() {
    let mut model = at(Step::Notification);
    text(&mut model, Control::NAME, "Production");
    update(&mut model, Message::Give(Control::ROOMS, Given::Option(1)));
    text(&mut model, Control::ROOM_NAME, "Web");
    update(&mut model, Message::Give(Control::NODE.at(1), Given::Tick(true)));
    update(&mut model, Message::Give(Control::PRESET, Given::Option(1)));
    advance(&mut model, Step::Review);
    let text = composed(&model).text.clone();
    let config = config::parse(text.expose(), &model.context.place.config).unwrap();
    assert_eq!(config.notification.name, "Production");
    assert_eq!(config.notification.rooms, ["Web"]);
    assert_eq!(config.rooms[0].nodes.as_str(), "web-1");
    assert_eq!(config.notification.notify.words().collect::<Vec<_>>(), ["critical", "warning", "clear"]);
    assert_eq!(config.integration.api_key, SecretSource::File("/nowhere/netdata-ilert/api-key".into()));
    assert!(!text.expose().contains(KEY));
}

#[test]
fn a_key_in_the_file_is_masked_in_the_diff() {
    let mut model = at(Step::Key);
    text(&mut model, Control::API_KEY, KEY);
    update(&mut model, Message::Give(Control::KEEP, Given::Option(2)));
    advance(&mut model, Step::Review);
    let composed = composed(&model);
    assert!(composed.text.expose().contains(KEY));
    let shown: String = composed.diff.iter().map(|(_, line)| line.as_str()).collect();
    assert!(!shown.contains(KEY) && shown.contains("****3f9a"));
}

#[test]
fn netdata_cloud_needs_no_agent_and_gets_no_schedule() {
    let mut model = model();
    update(&mut model, Message::Give(Control::DELIVERY, Given::Option(1)));
    advance(&mut model, Step::Review);
    assert_eq!(model.controls(), [Control::FILES]);
    assert!(composed(&model).text.expose().contains("delivered_by = \"netdata-cloud\""));
}

#[test]
fn an_existing_configuration_is_edited_or_replaced() {
    let text_there = TEMPLATE.replace("name = \"Netdata\"", "name = \"Mine\" # by hand");
    let config = config::parse(&text_there, &super::place().config).unwrap();
    let mut model = found(Found {
        config: OnDisk::Usable(Box::new(config)),
        key: Some(Secret::new(KEY.into())),
        ..Found::default()
    });
    assert_eq!(model.answers.notification.name.value(), "Mine");
    update(&mut model, Message::Give(Control::EXISTING, Given::Option(1)));
    assert_eq!(model.answers.notification.name.value(), "Netdata");
    assert_eq!(key::secret(&model.answers, &model.context), None);
    update(&mut model, Message::Give(Control::EXISTING, Given::Option(0)));
    advance_without_key(&mut model);
    assert_eq!(model.step, Step::Netdata, "the key that is there will do");
}

fn advance_without_key(model: &mut Model) {
    update(model, Message::Next);
    update(model, Message::Next);
}

#[test]
fn an_interrupted_run_goes_on() {
    let mut before = at(Step::Notification);
    update(&mut before, Message::Give(Control::ROOMS, Given::Option(1)));
    update(&mut before, Message::Give(Control::NODE, Given::Tick(true)));
    text(&mut before, Control::NAME, "Resumed");
    let kept = draft(&before);
    assert!(!kept.contains(KEY));
    let mut after = found(Found { draft: Some(resumed(&kept)), ..Found::default() });
    update(&mut after, Message::Next);
    assert_eq!(draft(&after), kept);
    assert!(after.answers.key.field.is_empty());

    let mut dropped = found(Found { draft: Some(resumed(&kept)), ..Found::default() });
    update(&mut dropped, Message::Give(Control::RESUME, Given::Option(1)));
    update(&mut dropped, Message::Next);
    assert_eq!(dropped.answers.notification.name.value(), "Netdata");
    assert_eq!(dropped.answers.start.delivery, DeliveredBy::NetdataIlert);
}

#[test]
fn answers_that_are_taken_up_late_replace_no_secret() {
    let mut model =
        found(Found { draft: Some(resumed(&draft(&at(Step::Notification)))), ..Found::default() });
    update(&mut model, Message::Give(Control::RESUME, Given::Option(1)));
    advance(&mut model, Step::Netdata);
    text(&mut model, Control::PASSWORD, "word");
    update(&mut model, Message::GoTo(Step::Start));
    update(&mut model, Message::Give(Control::RESUME, Given::Option(0)));
    update(&mut model, Message::Next);
    assert_eq!(model.context.found.as_ref().unwrap().draft, None, "they are taken up");
    assert_eq!((model.answers.key.field.count(), model.answers.agent.password.count()), (KEY.len(), 4));
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
