//! What is pasted where no text has the focus: it goes where it belongs, or is said to be left out.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::account::TOKEN;
use super::{KEY, at, found, model, update};
use crate::secret::Secret;
use crate::wizard::answers::Step;
use crate::wizard::context::Found;
use crate::wizard::form::{Control, Given};
use crate::wizard::keymap::keymap;
use crate::wizard::message::Message;
use crate::wizard::model::{Model, Overlay};
use crate::wizard::place::Demo;

fn paste(model: &mut Model, text: &str) -> String {
    update(model, Message::Pasted(text.to_owned()));
    model.notice.clone().unwrap_or_default()
}

/// At *ilert alert source*, the focus on who creates it, which is this option.
fn at_the_way(variable: Option<&str>, option: usize) -> Model {
    let variable = variable.map(|key| Secret::new(key.to_owned()));
    let mut model = found(Found { variable, ..Found::default() });
    update(&mut model, Message::GoTo(Step::Source));
    update(&mut model, Message::Give(Control::WAY, Given::Option(option)));
    assert_eq!(model.focus, Control::WAY);
    model
}

#[test]
fn a_token_or_a_key_goes_where_the_one_who_creates_it_needs_it() {
    const FOR_ME: usize = 0;
    const BY_HAND: usize = 1;
    let other = "quite-another-key-of-fifty-characters-0123456789ab";
    for (option, text, token, key, focus, says) in [
        (FOR_ME, TOKEN, TOKEN.len(), 0, Control::ACCOUNT_TOKEN, "pasted into \"API token\": 40 characters"),
        (FOR_ME, other, other.len(), 0, Control::ACCOUNT_TOKEN, "pasted into \"API token\""),
        (FOR_ME, KEY, 0, 0, Control::WAY, "is not used: it begins like the API key of an alert source"),
        (FOR_ME, "two words", 0, 0, Control::WAY, "is not used: go to the field that it is for"),
        (
            BY_HAND,
            KEY,
            0,
            KEY.len(),
            Control::WAY,
            "pasted as the API key: 40 characters; the step \"API key\"",
        ),
        (BY_HAND, TOKEN, 0, 0, Control::WAY, "is not used: it begins like an API token"),
    ] {
        let mut model = at_the_way(None, option);
        let said = paste(&mut model, &format!(" {text}\n"));
        assert!(said.contains(says), "{option} {text}: {said}");
        let counts = (model.answers.source.for_me.token.count(), model.answers.key.field.count());
        assert_eq!((counts, model.focus), ((token, key), focus), "{option} {text}");
        assert!(!said.contains(text), "{said}");
    }
    let mut kept = at_the_way(Some(KEY), 0);
    let said = paste(&mut kept, TOKEN);
    assert!(said.contains("the key ****3f9a, from the variable ILERT_API_KEY is kept"), "{said}");
}

#[test]
fn what_the_demo_takes_goes_where_it_is_asked_for() {
    let secret = |text: &str| Secret::new(text.to_owned());
    let demo = || Demo { key: secret(KEY), ilert_token: secret(TOKEN), cloud_token: secret("cloud") };
    let ctrl_p = |model: &mut Model| {
        let key = KeyEvent::new(KeyCode::Char('p'), KeyModifiers::CONTROL);
        let message = keymap(model, key).unwrap();
        update(model, message);
        model.notice.clone().unwrap_or_default()
    };
    for (option, token, key, says) in [
        (0, TOKEN.len(), 0, "pasted into \"API token\""),
        (1, 0, KEY.len(), "pasted as the API key: 40 characters; the step \"API key\" has it"),
    ] {
        let mut model = at_the_way(None, option);
        model.context.place.demo = Some(demo());
        let said = ctrl_p(&mut model);
        assert!(said.contains(says), "{said}");
        assert_eq!(
            (model.answers.source.for_me.token.count(), model.answers.key.field.count()),
            (token, key)
        );
    }
    for step in [Step::Start, Step::Netdata, Step::Notification, Step::Preview, Step::Review] {
        let mut model = at(step);
        model.context.place.demo = Some(demo());
        let before = model.answers.clone();
        assert!(ctrl_p(&mut model).contains("nothing is pasted"), "{step:?}");
        assert_eq!(model.answers, before);
    }
}

#[test]
fn nothing_that_is_pasted_vanishes() {
    for step in Step::ALL.into_iter().chain([Step::Express, Step::Menu]) {
        let mut begun = if step.number().is_some() { at(step) } else { at(Step::Review) };
        if step.number().is_none() {
            update(&mut begun, Message::GoTo(step));
        }
        for control in begun.controls() {
            for text in [KEY, TOKEN, "two words", "http://192.0.2.1:19999"] {
                let mut model = begun.clone();
                model.focus = control;
                let before = model.answers.clone();
                let said = paste(&mut model, text);
                assert!(!said.is_empty() || model.answers != before, "{step:?} {control:?} {text}");
                assert!(!said.contains(text), "{said}");
            }
        }
        begun.overlay = Some(Overlay::Help(0));
        assert!(paste(&mut begun, KEY).contains("close this window first"), "{step:?}");
    }
}

#[test]
fn a_key_is_not_pasted_where_it_would_be_shown() {
    let mut model = at(Step::Notification);
    model.focus = Control::NAME;
    let name = model.answers.notification.name.value().to_owned();
    for text in [KEY, TOKEN] {
        assert!(paste(&mut model, text).contains("is not used"), "{text}");
        assert_eq!(model.answers.notification.name.value(), name);
    }
    let mut model = self::model();
    assert!(paste(&mut model, KEY).contains("a key goes into the step \"API key\""));
}
