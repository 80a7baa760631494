//! From step to step: what holds one back, where the focus goes, what a draft and a configuration bring.

use super::{KEY, advance, at, composed, found, model, probe, text};
use crate::config::{self, SecretSource, TEMPLATE};
use crate::exit::Exit;
use crate::secret::Secret;
use crate::wizard::control::{Control, Given};
use crate::wizard::draft::Draft;
use crate::wizard::message::{Direction, Message};
use crate::wizard::model::{Model, Overlay, Step};
use crate::wizard::steps::start::{Delivery, Found, OnDisk};
use crate::wizard::steps::{Standing, standing};
use crate::wizard::update::resume::draft;
use crate::wizard::update::update;

/// Presses Enter, and says at which control it stays, if it does.
fn held(model: &mut Model) -> Option<Control> {
    let step = model.step;
    update(model, Message::Next);
    (model.step == step).then(|| model.problem.as_ref().map(|problem| problem.control)).flatten()
}

#[test]
fn stays_until_the_answers_will_do() {
    let mut key = at(Step::Key);
    assert_eq!(held(&mut key), Some(Control::ApiKey));
    text(&mut key, Control::ApiKey, "two words");
    assert_eq!(held(&mut key), Some(Control::ApiKey));

    for (control, given, at_fault) in [
        (Control::Url, "nonsense", Control::Url),
        (Control::Url, "ftp://x", Control::Url),
        (Control::Url, "http://user:word@host", Control::Url),
        (Control::Username, "a:b", Control::Username),
        (Control::CaFile, "relative.pem", Control::CaFile),
        (Control::Password, "word", Control::Username),
    ] {
        let mut agent = at(Step::Netdata);
        text(&mut agent, control, given);
        agent.tasks.clear();
        assert_eq!(held(&mut agent), Some(at_fault), "{given}");
        assert_eq!(agent.focus, at_fault);
    }

    for (control, given, at_fault) in [
        (Control::Name, " ", Control::Name),
        (Control::RoomName, "", Control::RoomName),
        (Control::Pattern, "!db-*", Control::Pattern),
        (Control::Pattern, "", Control::Pattern),
    ] {
        let mut notification = at(Step::Notification);
        update(&mut notification, Message::Give(Control::Rooms, Given::Option(2)));
        text(&mut notification, Control::Pattern, "db-*");
        text(&mut notification, control, given);
        assert_eq!(held(&mut notification), Some(at_fault), "{control:?} {given}");
    }

    let mut nobody = at(Step::Notification);
    for box_ in 0..5 {
        update(&mut nobody, Message::Give(Control::Notify(box_), Given::Tick(false)));
    }
    assert_eq!(held(&mut nobody), Some(Control::Preset));

    let mut preview = at(Step::Preview);
    update(&mut preview, Message::Give(Control::Templates, Given::Option(1)));
    text(&mut preview, Control::Summary, "{{ nod }}");
    assert_eq!(held(&mut preview), Some(Control::Summary));
    assert!(preview.problem.unwrap().message.contains("line 1, column 4"));
}

#[test]
fn enter_ticks_what_is_done_one_by_one() {
    let mut model = at(Step::Source);
    update(&mut model, Message::Next);
    assert_eq!((model.focus, model.problem.clone()), (Control::Todo(0), None));
    for done in 1..=4 {
        update(&mut model, Message::Next);
        assert_eq!(model.source.done.iter().filter(|done| **done).count(), done);
        assert_eq!(model.step, Step::Source);
    }
    update(&mut model, Message::Next);
    assert_eq!(model.step, Step::Key);
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
    assert_eq!((model.step, model.focus), (Step::Key, Control::ApiKey));
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
    assert_eq!(standing(&model, Step::Key), Standing::Done);
    assert_eq!(standing(&model, Step::Preview), Standing::Pending);
    update(&mut model, Message::GoTo(Step::Key));
    text(&mut model, Control::ApiKey, "");
    update(&mut model, Message::Back);
    assert_eq!(standing(&model, Step::Key), Standing::Pending);
}

#[test]
fn the_answers_become_the_configuration() {
    let mut model = at(Step::Notification);
    text(&mut model, Control::Name, "Production");
    update(&mut model, Message::Give(Control::Rooms, Given::Option(1)));
    text(&mut model, Control::RoomName, "Web");
    update(&mut model, Message::Give(Control::Node(1), Given::Tick(true)));
    update(&mut model, Message::Give(Control::Preset, Given::Option(1)));
    advance(&mut model, Step::Review);
    let text = composed(&model).text.clone();
    let config = config::parse(text.expose(), &model.place.config).unwrap();
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
    text(&mut model, Control::ApiKey, KEY);
    update(&mut model, Message::Give(Control::Keep, Given::Option(2)));
    advance(&mut model, Step::Review);
    let composed = composed(&model);
    assert!(composed.text.expose().contains(KEY));
    let shown: String = composed.diff.iter().map(|(_, line)| line.as_str()).collect();
    assert!(!shown.contains(KEY) && shown.contains("****3f9a"));
}

#[test]
fn netdata_cloud_needs_no_agent_and_gets_no_schedule() {
    let mut model = model();
    update(&mut model, Message::Give(Control::Delivery, Given::Option(1)));
    advance(&mut model, Step::Review);
    assert_eq!(model.controls(), [Control::Files]);
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
    assert_eq!(model.notification.name.value(), "Mine");
    update(&mut model, Message::Give(Control::Existing, Given::Option(1)));
    assert_eq!((model.notification.name.value(), model.key.known.clone()), ("Netdata", None));
    update(&mut model, Message::Give(Control::Existing, Given::Option(0)));
    advance_without_key(&mut model);
    assert_eq!(model.step, Step::Netdata, "the key that is there will do");
}

fn advance_without_key(model: &mut Model) {
    update(model, Message::Next);
    update(model, Message::Next);
    update(model, Message::TickAll);
    update(model, Message::Next);
    update(model, Message::Next);
}

#[test]
fn an_interrupted_run_goes_on() {
    let mut before = at(Step::Notification);
    update(&mut before, Message::Give(Control::Rooms, Given::Option(1)));
    update(&mut before, Message::Give(Control::Node(0), Given::Tick(true)));
    text(&mut before, Control::Name, "Resumed");
    let kept = draft(&before);
    assert!(!format!("{kept:?}").contains(KEY));
    let mut after = found(Found { draft: Some(Box::new(kept.clone())), ..Found::default() });
    update(&mut after, Message::Next);
    assert_eq!(Draft { step: kept.step, ..draft(&after) }, kept);
    assert!(after.key.field.is_empty());

    let mut dropped = found(Found { draft: Some(Box::new(kept)), ..Found::default() });
    update(&mut dropped, Message::Give(Control::Resume, Given::Option(1)));
    update(&mut dropped, Message::Next);
    assert_eq!(dropped.notification.name.value(), "Netdata");
    assert_eq!(dropped.start.delivery, Delivery::Here);
}

#[test]
fn nodes_are_picked_from_the_list() {
    let mut model = at(Step::Notification);
    update(&mut model, Message::Give(Control::Rooms, Given::Option(1)));
    assert!(model.controls().contains(&Control::Node(1)));
    assert!(!model.controls().contains(&Control::Node(2)));
    assert_eq!(model.agent.hosts().len(), probe(&["db-1", "web-1"]).nodes.len());
    assert_eq!(held(&mut model), Some(Control::Node(0)));
}
