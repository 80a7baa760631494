//! The configuration that the answers make.

use std::path::Path;

use super::{KEY, advance, at, composed, found, model, preparation, text};
use crate::config::{self, Config, Notification, Pattern, Room, SecretSource, TEMPLATE, Templates};
use crate::wizard::Step;
use crate::wizard::answers::Answers;
use crate::wizard::context::{Found, OnDisk};
use crate::wizard::form::{Control, Given};
use crate::wizard::message::Message;
use crate::wizard::steps::{self, review};
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
fn an_edit_that_changes_nothing_changes_no_byte_whatever_is_in_the_file() {
    let odd = "  web-*\u{202e} \u{1b}[2J\tdb\u{2028}  ";
    let config = Config {
        notification: Notification {
            name: " A\u{200b}\u{7} ".into(),
            rooms: vec!["r\u{202e}".into()],
            ..config::parse(&TEMPLATE, Path::new("/nowhere/c.toml")).unwrap().notification
        },
        rooms: vec![Room::of("r\u{202e}".into(), Pattern::new(odd))],
        templates: Templates { summary: Some("{{ a }}\r\n\tb\u{202e}\r\n".into()), details: None },
        ..config::parse(&TEMPLATE, Path::new("/nowhere/c.toml")).unwrap()
    };
    let usable = || OnDisk::Usable(Box::new(config.clone()));
    let mut model = found(Found { config: usable(), ..Found::default() });
    assert_eq!(model.config(), config);
    assert!(steps::holds(&model.answers, &model.context, Step::Review).starts_with("nothing has changed"));
    // What is typed is what counts from then on.
    update(&mut model, Message::GoTo(Step::Notification));
    text(&mut model, Control::PATTERN, "web-* ");
    assert_eq!(model.config().rooms[0].nodes.as_str(), "web-*");
    // So it is in the draft of an interrupted run.
    let draft = serde_json::to_string(&Answers::of(&config)).unwrap();
    let draft: Answers = serde_json::from_str(&draft).unwrap();
    assert_eq!(draft.notification.pattern.given(), odd);
}

#[test]
fn what_somebody_else_changed_meanwhile_stays() {
    let text = TEMPLATE.replace("name = \"Netdata\"", "name = \"Ours\"");
    let config = config::parse(&text, Path::new("/nowhere/netdata-ilert/config.toml")).unwrap();
    let mut model = found(Found { config: OnDisk::Usable(Box::new(config)), ..Found::default() });
    update(&mut model, Message::GoTo(Step::Notification));
    super::text(&mut model, Control::NAME, "Mine");
    let theirs = text.replace("\n[notification]\n", "\n# theirs\n[notification]\nenabled = false\n");
    model.context.writing.preparation = Some(preparation(Ok(Some(theirs))));
    let composed = review::compose(&model.answers, &model.context).unwrap().unwrap();
    let written = composed.text.expose();
    for kept in ["# theirs\n", "enabled = false", "name = \"Mine\""] {
        assert!(written.contains(kept), "{kept} is not in\n{written}");
    }
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
fn nodes_that_a_pattern_means_are_ticked_where_the_list_takes_its_place() {
    let mut model = at(Step::Notification);
    update(&mut model, Message::Give(Control::ROOMS, Given::Option(2)));
    text(&mut model, Control::PATTERN, "web-*");
    update(&mut model, Message::Give(Control::ROOMS, Given::Option(1)));
    assert_eq!(model.answers.notification.picked.iter().collect::<Vec<_>>(), ["web-1"]);
    // What was ticked here stays, whatever the pattern says by then.
    update(&mut model, Message::Give(Control::NODE, Given::Tick(true)));
    let ticked = model.answers.notification.picked.clone();
    assert_eq!(ticked.len(), 2);
    update(&mut model, Message::Give(Control::ROOMS, Given::Option(2)));
    update(&mut model, Message::Give(Control::ROOMS, Given::Option(1)));
    assert_eq!(model.answers.notification.picked, ticked);
    // All nodes are no choice of some of them.
    let mut model = at(Step::Notification);
    update(&mut model, Message::Give(Control::ROOMS, Given::Option(1)));
    assert!(model.answers.notification.picked.is_empty());
}
