//! Rooms of Netdata Cloud's, picked from the list that a token opens.

use super::{answer, at, draft, found, resumed, text, update, work};
use crate::cloud::{CloudRoom, CloudUser, Space};
use crate::config::DeliveredBy;
use crate::wizard::context::Found;
use crate::wizard::context::{CloudQuestion as Question, CloudReply};
use crate::wizard::effect::{Effect, Work};
use crate::wizard::form::{Control, Given};
use crate::wizard::message::{Message, Reply};
use crate::wizard::steps::notification::cloud_values;
use crate::wizard::{Model, Step};

const TOKEN: &str = "ndc-44c1d0a7b35e4c0f9d2e-61aa";

pub fn spaces(names: &[&str]) -> CloudReply {
    let user = CloudUser { name: "Jane Doe".into(), email: "".into() };
    let space = |name: &&str| Space { id: format!("s-{name}"), name: (*name).into() };
    CloudReply::Spaces(user, names.iter().map(space).collect())
}

pub fn rooms(names: &[&str]) -> CloudReply {
    let room = |name: &&str| CloudRoom {
        id: format!("r-{name}"),
        name: (*name).into(),
        node_count: Some(2),
        everything: *name == "All nodes",
    };
    CloudReply::Rooms(names.iter().map(room).collect())
}

fn nodes(hosts: &[&str]) -> Reply {
    Reply::Cloud(Ok(CloudReply::Nodes(hosts.iter().map(|host| (*host).to_owned()).collect())))
}

fn question(effects: &[Effect]) -> Option<&Question> {
    match work(effects) {
        Some(Work::Cloud { question, token, .. }) => {
            assert_eq!(token.expose(), TOKEN);
            Some(question)
        }
        _ => None,
    }
}

/// A token is given, and Enter pressed.
fn asked() -> (Model, Vec<Effect>) {
    let mut model = at(Step::Notification);
    update(&mut model, Message::Give(Control::ROOMS, Given::Option(3)));
    text(&mut model, Control::CLOUD_TOKEN, TOKEN);
    let effects = update(&mut model, Message::Next);
    assert_eq!(question(&effects), Some(&Question::Spaces));
    (model, effects)
}

/// Two spaces, and the rooms of the first.
fn listed() -> Model {
    let (mut model, effects) = asked();
    let effects = answer(&mut model, &effects, Reply::Cloud(Ok(spaces(&["Production", "Lab"]))));
    assert_eq!(question(&effects), Some(&Question::Rooms("s-Production".into())));
    answer(&mut model, &effects, Reply::Cloud(Ok(rooms(&["Web", "All nodes", "Databases"]))));
    model
}

fn tick(model: &mut Model, at: usize, on: bool) -> Vec<Effect> {
    update(model, Message::Give(Control::CLOUD_ROOM.at(at), Given::Tick(on)))
}

fn held(model: &mut Model) -> Option<Control> {
    update(model, Message::Next);
    (model.step == Step::Notification).then(|| model.problem.as_ref().unwrap().control)
}

#[test]
fn rooms_become_the_nodes_that_they_have() {
    let mut model = listed();
    assert_eq!(model.focus, Control::SPACE);
    assert_eq!(held(&mut model), Some(Control::CLOUD_ROOM), "a room must be picked");
    // The room of all nodes comes first, then by name.
    let effects = tick(&mut model, 1, true);
    let expected = Question::Nodes { space: "s-Production".into(), room: "r-Databases".into() };
    assert_eq!(question(&effects), Some(&expected));
    // Picked while that is asked: asked next.
    assert!(tick(&mut model, 2, true).is_empty());
    let effects = answer(&mut model, &effects, nodes(&["db-1", "!odd one"]));
    let expected = Question::Nodes { space: "s-Production".into(), room: "r-Web".into() };
    assert_eq!(question(&effects), Some(&expected));
    answer(&mut model, &effects, nodes(&["web-1"]));
    let config = model.config();
    assert_eq!(config.notification.rooms, ["Databases", "Web"]);
    let patterns: Vec<_> = config.rooms.iter().map(|room| room.nodes.as_str()).collect();
    assert_eq!(patterns, [r"db-1 \!odd\ one", "web-1"]);
    assert!(config.rooms[0].nodes.matches("!odd one") && !config.rooms[0].nodes.matches("odd"));
    tick(&mut model, 2, false);
    assert_eq!(model.config().notification.rooms, ["Databases"]);
    update(&mut model, Message::Next);
    assert_eq!(model.step, Step::Preview);
}

#[test]
fn the_room_of_all_nodes_is_all_nodes_whatever_they_are() {
    let mut model = listed();
    assert!(tick(&mut model, 0, true).is_empty(), "nothing is to be asked");
    assert_eq!(model.config().rooms[0].nodes.as_str(), "*");
    update(&mut model, Message::Next);
    assert_eq!(model.step, Step::Preview);
}

#[test]
fn enter_waits_for_the_nodes_and_then_goes_on() {
    let mut model = listed();
    let effects = tick(&mut model, 1, true);
    update(&mut model, Message::Next);
    assert_eq!(model.step, Step::Notification);
    answer(&mut model, &effects, nodes(&["db-1"]));
    assert_eq!(model.step, Step::Preview);

    let mut model = listed();
    let effects = tick(&mut model, 1, true);
    update(&mut model, Message::Next);
    answer(&mut model, &effects, nodes(&[]));
    assert_eq!(model.step, Step::Notification);
    assert_eq!(
        model.problem.unwrap().control,
        Control::CLOUD_ROOM.at(1),
        "a room without nodes tells nothing"
    );
}

#[test]
fn what_was_refused_is_asked_again_on_enter_alone() {
    let (mut model, effects) = asked();
    assert!(answer(&mut model, &effects, Reply::Cloud(Err("no such token".into()))).is_empty());
    assert_eq!(model.problem.as_ref().map(|problem| problem.message.as_str()), Some("no such token"));
    assert_eq!(question(&update(&mut model, Message::Next)), Some(&Question::Spaces));

    let mut model = listed();
    let effects = tick(&mut model, 1, true);
    assert!(answer(&mut model, &effects, Reply::Cloud(Err("away".into()))).is_empty());
    let again = update(&mut model, Message::Give(Control::NOTIFY, Given::Tick(true)));
    assert!(question(&again).is_none(), "not over and over");
    assert!(matches!(question(&update(&mut model, Message::Next)), Some(Question::Nodes { .. })));
}

#[test]
fn a_question_that_is_given_up_is_not_asked_by_itself() {
    let mut model = listed();
    let effects = tick(&mut model, 1, true);
    update(&mut model, Message::Cancel);
    answer(&mut model, &effects, nodes(&["db-1"]));
    assert!(model.check(Step::Notification).is_err(), "a late answer is dropped");
    assert!(question(&update(&mut model, Message::Give(Control::NOTIFY, Given::Tick(true)))).is_none());
    assert!(question(&update(&mut model, Message::Next)).is_some());
}

#[test]
fn another_space_has_rooms_of_its_own() {
    let mut model = listed();
    let effects = tick(&mut model, 1, true);
    answer(&mut model, &effects, nodes(&["db-1"]));
    let effects = update(&mut model, Message::Give(Control::SPACE, Given::Option(1)));
    assert_eq!(question(&effects), Some(&Question::Rooms("s-Lab".into())));
    assert!(model.answers.notification.cloud_rooms.is_empty());
    answer(&mut model, &effects, Reply::Cloud(Ok(rooms(&["Bench"]))));
    assert!(model.controls().contains(&Control::CLOUD_ROOM));
    assert!(!model.controls().contains(&Control::CLOUD_ROOM.at(1)));
}

#[test]
fn netdata_clouds_modal_gets_their_names() {
    let mut model = listed();
    model.answers.start.delivery = DeliveredBy::NetdataCloud;
    let effects = tick(&mut model, 1, true);
    answer(&mut model, &effects, nodes(&["db-1"]));
    let rooms = cloud_values(&model.answers, &model.context).into_iter().find(|value| value.field == "Rooms");
    assert_eq!(rooms.map(|rooms| rooms.shown).as_deref(), Some("Databases"));
}

#[test]
fn an_interrupted_run_has_its_rooms_without_the_token() {
    let mut before = listed();
    let effects = tick(&mut before, 1, true);
    answer(&mut before, &effects, nodes(&["db-1"]));
    let kept = draft(&before);
    assert!(!kept.contains(TOKEN));
    let mut after = found(Found { draft: Some(resumed(&kept)), ..Found::default() });
    update(&mut after, Message::Next);
    assert!(after.answers.notification.cloud_token.is_empty());
    assert_eq!(after.check(Step::Notification), Ok(()));
    assert_eq!(after.config().rooms, before.config().rooms);
}
