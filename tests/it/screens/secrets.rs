//! No screen shows a secret, but the one on which a person asks for it.

use netdata_ilert::wizard::Step;
use netdata_ilert::wizard::theme::Theme;

use super::wizard::Wizard;
use super::world::{self, SECRETS};

const THEME: Theme = Theme::of(true, true);

/// As many of a secret's characters in a row are more than chance.
const TELLING: usize = 6;

/// Holds a screen against every part of every secret, but for the four characters that tell which one it is.
pub fn assert_hidden(name: &str, screen: &str) {
    for secret in SECRETS {
        let hidden = secret.as_bytes();
        for part in hidden.windows(TELLING) {
            let part = std::str::from_utf8(part).unwrap();
            assert!(!screen.contains(part), "{name} shows `{part}` of a secret:\n{screen}");
        }
    }
}

fn assert_shown(wizard: &Wizard, wanted: &str) {
    let text = wizard.screen((120, 24)).text();
    assert!(text.contains(wanted), "{text}");
}

#[test]
fn a_secret_is_shown_when_asked_for_and_hidden_again() {
    let key = Wizard::at(Step::Key, THEME).paste(world::KEY);
    assert_hidden("before", &key.screen((80, 24)).text());
    let key = key.press("ctrl-r");
    assert_shown(&key, world::KEY);
    let key = key.press("ctrl-r");
    assert_hidden("after", &key.screen((80, 24)).text());

    let password = Wizard::at(Step::Netdata, THEME).press("tab").type_text("ilert").press("tab");
    let password = password.paste(world::PASSWORD).press("ctrl-r");
    assert_shown(&password, world::PASSWORD);
}

#[test]
fn a_secret_that_was_shown_is_hidden_when_its_step_is_left() {
    let key = Wizard::at(Step::Key, THEME).paste(world::KEY).press("ctrl-r enter shift-tab");
    assert_eq!(key.model.step, Step::Key);
    assert_hidden("back again", &key.screen((80, 24)).text());
}

#[test]
fn the_demo_shows_its_key_for_it_is_none() {
    let demo = Wizard::on(world::demo(), THEME).answer(world::nothing_there()).answer(world::probed());
    let demo = demo.onward(Step::Key);
    assert_shown(&demo, world::KEY);
    assert_shown(&demo, "demo, nothing leaves this machine");
    let pasted = demo.press("ctrl-p");
    assert_eq!(pasted.model.answers.key.field.secret().expose(), world::KEY);
}
