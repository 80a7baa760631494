//! What pages say of what is rare: a single node, a silenced alert, an old key, the demo, an early end.

use std::path::Path;

use super::{KEY, at, found, preparation, probe, shown, text, update};
use crate::config::{self, DeliveredBy, TEMPLATE};
use crate::secret::Secret;
use crate::wizard::Step;
use crate::wizard::context::{Found, OnDisk, Written};
use crate::wizard::form::{Control, Given};
use crate::wizard::message::Message;
use crate::wizard::model::Model;
use crate::wizard::place::Demo;
use crate::wizard::run::last_words;
use crate::wizard::steps;

/// At a step, with an agent of one node.
fn with_one(step: Step) -> Model {
    let mut model = at(step);
    let probed = model.context.agent.probed.as_mut().unwrap();
    probed.result = Ok(probe(&["db-1"]));
    probed.hosts = vec!["db-1".into()];
    model
}

#[test]
fn one_node_is_said_as_one() {
    let mut model = with_one(Step::Notification);
    let whom = steps::notification::whom(&model.answers, &model.context);
    assert_eq!(whom, "all nodes (1 now)");
    update(&mut model, Message::Give(Control::ROOMS, Given::Option(2)));
    text(&mut model, Control::PATTERN, "web-*");
    let page = shown(&model);
    assert!(page.contains("does not match the only node"), "{page}");
    update(&mut model, Message::Next);
    let page = shown(&model);
    assert!(page.contains("the only node is not meant: nothing would ever be sent"), "{page}");
}

#[test]
fn examples_are_said_to_be_some_where_nothing_that_is_raised_is_sent() {
    let mut model = with_one(Step::Preview);
    model.context.tasks.clear();
    model.context.agent.notices = Some(Ok(Vec::new()));
    let raised = model.context.agent.probed.as_mut().unwrap().result.as_mut().unwrap();
    raised.raised = (1, 0);
    let page: String = model.page(54, 24).rows.iter().map(|row| row.line.to_string() + "\n").collect();
    assert!(page.contains(" example\nThese are examples: of what is raised now, nothing"), "{page}");
    assert!(page.lines().all(|line| line.chars().count() <= 54), "{page}");
}

#[test]
fn what_is_open_under_the_old_key_has_a_label_of_its_own() {
    let config = config::parse(&TEMPLATE, Path::new("/nowhere/c.toml")).unwrap();
    let key = Some(Secret::new("old-key-of-the-configuration".into()));
    let mut model = found(Found { config: OnDisk::Usable(Box::new(config)), key, ..Found::default() });
    update(&mut model, Message::GoTo(Step::Key));
    text(&mut model, Control::API_KEY, KEY);
    model.context.writing.preparation =
        Some(crate::wizard::context::Preparation { left_open: 1, ..preparation(Ok(None)) });
    model.step = Step::Express;
    let page = shown(&model);
    let row = "  Old key        resolve in ilert what is open under the old key: 1 alert\n";
    assert!(page.contains(row), "{page}");
}

#[test]
fn the_demo_shows_no_sender_where_netdata_cloud_delivers() {
    let secret = |text: &str| Secret::new(text.to_owned());
    let mut model = at(Step::Review);
    model.context.place.demo =
        Some(Demo { key: secret("k"), ilert_token: secret("t"), cloud_token: secret("c") });
    model.context.writing.written = Some(Written::default());
    assert!(shown(&model).contains("What was written is shown below, and the sender with it."));
    model.answers.start.delivery = DeliveredBy::NetdataCloud;
    assert!(shown(&model).contains("What was written is shown below.\n"), "{}", shown(&model));
}

#[test]
fn nothing_more_was_written_only_where_something_was() {
    let mut model = at(Step::Notification);
    assert!(last_words(&model).join(" ").starts_with("Nothing was written."), "{:?}", last_words(&model));
    let lines = vec![Ok("wrote `x`".to_owned())];
    let failed = Some("disk full".to_owned());
    model.context.writing.written = Some(Written { lines, failed, ..Written::default() });
    assert!(last_words(&model).join(" ").contains("Nothing more was written."), "{:?}", last_words(&model));
}

#[test]
fn a_line_of_a_template_that_goes_on_is_marked() {
    let mut model = at(Step::Preview);
    update(&mut model, Message::Give(Control::TEMPLATES, Given::Option(1)));
    text(&mut model, Control::SUMMARY, &"x".repeat(100));
    let page = model.page(54, 24);
    let line =
        page.rows.iter().map(|row| row.line.to_string()).find(|line| line.starts_with("    xxx")).unwrap();
    assert!(line.ends_with("x…") && line.chars().count() == 54, "{line}");
}
