//! The home screen: from there to a configuration, and back.

use super::{KEY, place};
use crate::config::{self, Installed, TEMPLATE};
use crate::exit::Exit;
use crate::secret::Secret;
use crate::wizard::answers::Step;
use crate::wizard::context::{Card, Files, Folders, Found, HomeDeed, HomeReply, OnDisk, TaskId, Usable};
use crate::wizard::effect::{Effect, Work};
use crate::wizard::form::{Control, Given};
use crate::wizard::message::{HomeMessage, Message, Reply};
use crate::wizard::model::{Model, Overlay};
use crate::wizard::theme::Theme;
use crate::wizard::update::{begin, update};

fn card(name: &str) -> Card {
    let place = place();
    let installed = Installed::called(name, &place.config, &place.state).unwrap();
    let config = Box::new(config::parse(&TEMPLATE, &installed.path).unwrap());
    Card {
        name: name.to_owned(),
        installed: Some(installed),
        usable: Some(Usable { config, key: Some(Secret::new(KEY.to_owned())) }),
        seen: None,
        run: String::new(),
        has_run: true,
        open: 1,
        named: Vec::new(),
        wrong: Vec::new(),
        silences: Vec::new(),
        files: Files::default(),
    }
}

fn home(cards: Vec<Card>) -> Model {
    let place = place();
    let folders = Folders { first: place.config.clone(), states: place.state.clone() };
    let mut model = Model::at_home(place, Theme::of(false, true), folders);
    let effects = begin(&mut model);
    found(&mut model, &effects, cards);
    model
}

fn found(model: &mut Model, effects: &[Effect], cards: Vec<Card>) {
    let reply = HomeReply { done: Vec::new(), cards };
    update(model, Message::Replied(started(effects), Reply::Home(Box::new(reply))));
}

fn started(effects: &[Effect]) -> TaskId {
    let id = effects.iter().find_map(|effect| match effect {
        Effect::Start(id, _) => Some(*id),
        _ => None,
    });
    id.unwrap_or_else(|| panic!("nothing is begun: {effects:?}"))
}

/// The only deed that is asked for.
fn deed(effects: Vec<Effect>) -> Option<HomeDeed> {
    effects.into_iter().find_map(|effect| match effect {
        Effect::Start(_, Work::Home { deed, .. }) => deed.map(|deed| *deed),
        _ => None,
    })
}

fn act(model: &mut Model, message: HomeMessage) -> Option<HomeDeed> {
    deed(update(model, Message::Home(message)))
}

#[test]
fn enter_opens_the_menu_of_the_one_that_has_the_focus_and_esc_leads_back() {
    let mut model = home(vec![card("config"), card("two")]);
    update(&mut model, Message::FocusNext);
    let effects = update(&mut model, Message::Next);
    assert_eq!(
        (model.step, &model.context.place.config),
        (Step::Start, &card("two").installed.unwrap().path)
    );
    assert_eq!(model.context.place.state, place().state.join("two"));
    let config = card("two").usable.unwrap().config;
    let two = Found { config: OnDisk::Usable(config), ..Found::default() };
    update(&mut model, Message::Replied(started(&effects), Reply::Surveyed(Box::new(two))));
    assert_eq!(model.step, Step::Menu);
    let effects = update(&mut model, Message::Back);
    assert_eq!(model.step, Step::Home);
    found(&mut model, &effects, vec![card("config"), card("two")]);
    assert_eq!(model.focus, Control::CONFIGURATION.at(1));
}

#[test]
fn answers_that_are_left_are_kept_where_they_belong() {
    let mut model = home(vec![card("two")]);
    let effects = update(&mut model, Message::Next);
    update(&mut model, Message::Replied(started(&effects), Reply::Surveyed(Box::default())));
    assert_eq!(model.step, Step::Start);
    update(&mut model, Message::Give(Control::DELIVERY, Given::Option(1)));
    let effects = update(&mut model, Message::Back);
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Save(_))), "{effects:?}");
    assert_eq!((model.step, model.touched), (Step::Home, false));
    assert_eq!(model.context.place.state, place().state.join("two"));
}

#[test]
fn an_interrupted_run_is_asked_about_before_the_menu() {
    let mut model = home(vec![card("config")]);
    let effects = update(&mut model, Message::Next);
    let config = OnDisk::Usable(card("config").usable.unwrap().config);
    let found = Found { config, draft: Some(Box::default()), ..Found::default() };
    update(&mut model, Message::Replied(started(&effects), Reply::Surveyed(Box::new(found))));
    assert_eq!(model.step, Step::Start);
}

#[test]
fn a_switch_turns_what_is_there_and_nothing_else_is_taken_meanwhile() {
    let mut model = home(vec![card("config")]);
    let switched = act(&mut model, HomeMessage::Switch);
    assert!(matches!(switched, Some(HomeDeed::Switch { on: false, .. })), "{switched:?}");
    assert_eq!(act(&mut model, HomeMessage::Switch), None);
    assert!(update(&mut model, Message::Next).is_empty());
    assert_eq!(model.step, Step::Home);
}

#[test]
fn what_is_open_is_resolved_alone_only_under_one_that_is_off() {
    let mut model = home(vec![card("config")]);
    assert_eq!(act(&mut model, HomeMessage::Resolve), None);
    let mut off = card("config");
    off.usable.as_mut().unwrap().config.notification.enabled = false;
    let mut model = home(vec![off]);
    let resolved = act(&mut model, HomeMessage::Resolve);
    assert!(matches!(resolved, Some(HomeDeed::Resolve { .. })), "{resolved:?}");
}

#[test]
fn nothing_is_deleted_unless_it_is_confirmed() {
    let mut model = home(vec![card("config")]);
    assert_eq!(act(&mut model, HomeMessage::Confirm { resolves: true }), None);
    assert_eq!(act(&mut model, HomeMessage::Delete), None);
    assert_eq!(model.overlay, Some(Overlay::Delete));
    assert!(update(&mut model, Message::Next).is_empty());
    let deleted = act(&mut model, HomeMessage::Confirm { resolves: true });
    let Some(HomeDeed::Delete { former: Some(former), .. }) = deleted else { panic!("{deleted:?}") };
    assert_eq!(former.key.expose(), KEY);
}

#[test]
fn one_that_cannot_be_read_is_neither_switched_nor_resolved() {
    let mut model = home(vec![Card { usable: None, ..card("config") }]);
    assert_eq!(act(&mut model, HomeMessage::Switch), None);
    act(&mut model, HomeMessage::Delete);
    let deleted = act(&mut model, HomeMessage::Confirm { resolves: true });
    assert!(matches!(deleted, Some(HomeDeed::Delete { former: None, .. })), "{deleted:?}");
}

#[test]
fn what_is_no_configuration_is_left_alone() {
    let mut model = home(vec![Card { installed: None, usable: None, ..card("two") }]);
    assert!(update(&mut model, Message::Next).is_empty());
    assert_eq!(act(&mut model, HomeMessage::Delete), None);
    assert_eq!((model.step, model.overlay), (Step::Home, None));
}

#[test]
fn a_name_is_checked_before_the_steps_begin() {
    let mut model = home(vec![card("config"), card("two")]);
    act(&mut model, HomeMessage::Add);
    for (name, says) in [
        ("", "may have"),
        ("two", "already"),
        ("config", "already"),
        ("lock", "state"),
        ("x.toml", "as a path"),
        ("a/b", "as a path"),
    ] {
        update(&mut model, Message::Give(Control::NEW_NAME, Given::Text(name.to_owned())));
        assert!(update(&mut model, Message::Next).is_empty(), "{name}");
        let problem = model.problem.as_ref().unwrap();
        assert!(problem.message.contains(says), "{name}: {problem:?}");
    }
    update(&mut model, Message::Give(Control::NEW_NAME, Given::Text("three".to_owned())));
    update(&mut model, Message::Next);
    assert_eq!(model.step, Step::Start);
    assert!(model.context.place.config.ends_with("config.d/three.toml"));
}

#[test]
fn the_first_that_is_added_is_config_toml() {
    let mut model = home(Vec::new());
    update(&mut model, Message::Next);
    assert_eq!(model.focus, Control::NEW_NAME);
    update(&mut model, Message::Next);
    assert_eq!((model.step, &model.context.place.config), (Step::Start, &place().config));
}

#[test]
fn leaving_ends_well() {
    let mut model = home(vec![card("config")]);
    act(&mut model, HomeMessage::Leave);
    assert_eq!(model.exit, Some(Exit::Done));
}
