//! What a run begins with: the configuration that is there, and the draft of an interrupted run.

use super::{KEY, advance, at, draft, found, resumed, shown, text};
use crate::config::{self, DeliveredBy, TEMPLATE};
use crate::secret::Secret;
use crate::wizard::context::{Folders, Found, OnDisk};
use crate::wizard::form::{Control, Given};
use crate::wizard::message::Message;
use crate::wizard::steps::key;
use crate::wizard::update::update;
use crate::wizard::{Model, Step};

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

#[test]
fn one_beside_others_is_not_said_to_be_the_first() {
    let first = super::place().config;
    for (config, says) in [
        (first.clone(), "no configuration yet: it will be "),
        (first.with_file_name("config.d").join("two.toml"), "a new configuration: it will be "),
    ] {
        let mut model = found(Found::default());
        model.context.place.folders = Some(Folders { first: first.clone(), ..Folders::default() });
        model.context.place.config = config;
        assert!(shown(&model).contains(says), "{}", shown(&model));
    }
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
