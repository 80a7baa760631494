//! The configuration that the answers make.

use super::{KEY, advance, at, composed, model, text};
use crate::config::{self, SecretSource};
use crate::wizard::Step;
use crate::wizard::form::{Control, Given};
use crate::wizard::message::Message;
use crate::wizard::update::update;

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
