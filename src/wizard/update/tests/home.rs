//! The home screen: from there to a configuration, and back.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::{KEY, place, shown};
use crate::config::{self, Installed, TEMPLATE};
use crate::exit::Exit;
use crate::secret::Secret;
use crate::wizard::answers::Step;
use crate::wizard::context::{Card, Files, Folders, Found, HomeDeed, HomeReply, OnDisk, TaskId, Usable};
use crate::wizard::effect::{Effect, Work};
use crate::wizard::form::{Control, Given};
use crate::wizard::keymap::keymap;
use crate::wizard::message::{HomeMessage, Message, Reply};
use crate::wizard::model::{Model, Overlay};
use crate::wizard::steps::home::deleting;
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
    let reply = HomeReply { done: Vec::new(), asks_anew: false, cards };
    update(model, Message::Replied(started(effects), Reply::Home(Box::new(reply))));
}

fn started(effects: &[Effect]) -> TaskId {
    let id = effects.iter().find_map(|effect| match effect {
        Effect::Start(id, _) => Some(*id),
        _ => None,
    });
    id.unwrap_or_else(|| panic!("nothing is begun: {effects:?}"))
}

fn pressed(model: &Model, key: KeyCode) -> Option<Message> {
    keymap(model, KeyEvent::new(key, KeyModifiers::NONE))
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

/// What is done once they were looked at again.
fn act_on(model: &mut Model, message: HomeMessage, now: Vec<Card>) -> Option<HomeDeed> {
    let effects = update(model, Message::Home(message));
    let reply = HomeReply { done: Vec::new(), asks_anew: false, cards: now };
    deed(update(model, Message::Replied(started(&effects), Reply::Home(Box::new(reply)))))
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
    let mut model = home(vec![off.clone()]);
    let resolved = act_on(&mut model, HomeMessage::Resolve, vec![off.clone()]);
    assert!(matches!(resolved, Some(HomeDeed::Resolve { .. })), "{resolved:?}");
    // As it is now, not as it was shown.
    for (now, says) in [
        (vec![card("config")], Err("switched on now")),
        (vec![Card { open: 0, ..off.clone() }], Ok("nothing is open")),
        (Vec::new(), Err("gone")),
    ] {
        let mut model = home(vec![off.clone()]);
        assert_eq!(act_on(&mut model, HomeMessage::Resolve, now), None);
        let told = model.context.home.unwrap().told;
        let [told] = told.as_slice() else { panic!("{told:?}") };
        assert!(told.is_ok() == says.is_ok(), "{told:?}");
        let (Ok(told) | Err(told), Ok(says) | Err(says)) = (told, says);
        assert!(told.contains(says), "{told}");
    }
}

#[test]
fn whether_to_delete_it_is_asked_of_what_is_open_now() {
    let named = |names: &[&str]| Card {
        open: names.len(),
        named: names.iter().map(|name| (*name).to_owned()).collect(),
        ..card("two")
    };
    let mut model = home(vec![card("config"), named(&[])]);
    update(&mut model, Message::FocusNext);
    act_on(&mut model, HomeMessage::Delete, vec![named(&["cpu on db-1"])]);
    assert_eq!((model.overlay, model.focus), (Some(Overlay::Delete), Control::CONFIGURATION));
    let asked = deleting(model.focus, &model.context);
    assert!(asked.contains("cpu on db-1"), "{asked}");
    // One more is opened meanwhile.
    let effects = update(&mut model, Message::Home(HomeMessage::Confirm { resolves: false }));
    assert_eq!(model.overlay, None);
    let reply = HomeReply {
        done: vec![Err("opened since".to_owned())],
        asks_anew: true,
        cards: vec![named(&["cpu on db-1", "ram on db-1"])],
    };
    update(&mut model, Message::Replied(started(&effects), Reply::Home(Box::new(reply))));
    assert_eq!(model.overlay, Some(Overlay::Delete));
    let asked = deleting(model.focus, &model.context);
    assert!(asked.contains("ram on db-1"), "{asked}");
}

#[test]
fn esc_stops_waiting_for_ilert() {
    let mut off = card("two");
    off.usable.as_mut().unwrap().config.notification.enabled = false;
    for (asked, confirmed, doing, stopped) in [
        (
            HomeMessage::Resolve,
            None,
            "open under `two`; esc stops waiting",
            "`r` resolves what is still open",
        ),
        (
            HomeMessage::Delete,
            Some(HomeMessage::Confirm { resolves: true }),
            "open under `two`, then deleting it; esc stops waiting",
            "`two` is switched off, but not deleted",
        ),
    ] {
        let mut model = home(vec![off.clone()]);
        assert!(pressed(&model, KeyCode::Esc).is_none());
        act_on(&mut model, asked, vec![off.clone()]);
        if let Some(message) = confirmed {
            act(&mut model, message);
        }
        assert!(shown(&model).contains(doing), "{}", shown(&model));
        let effects = pressed(&model, KeyCode::Esc).map(|message| update(&mut model, message)).unwrap();
        assert!(matches!(effects.first(), Some(Effect::Cancel(_))), "{effects:?}");
        found(&mut model, &effects, vec![off.clone()]);
        let page = shown(&model);
        assert!(page.contains(stopped) && !page.contains("resolving in ilert"), "{page}");
    }
}

#[test]
fn ctrl_l_and_coming_back_to_the_terminal_look_again() {
    for message in [Message::Home(HomeMessage::Look), Message::Suspend] {
        let mut model = home(vec![Card { open: 0, ..card("config") }]);
        let effects = update(&mut model, message);
        found(&mut model, &effects, vec![card("config")]);
        assert_eq!(model.context.home.unwrap().cards.unwrap()[0].open, 1);
    }
}

#[test]
fn nothing_is_deleted_unless_it_is_confirmed() {
    let mut model = home(vec![card("config")]);
    assert_eq!(act(&mut model, HomeMessage::Confirm { resolves: true }), None);
    assert_eq!(act_on(&mut model, HomeMessage::Delete, vec![card("config")]), None);
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
    act_on(&mut model, HomeMessage::Delete, vec![Card { usable: None, ..card("config") }]);
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
