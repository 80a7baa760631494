//! Names and words of others are drawn without what steers a terminal or hides from the reader, whichever screen they
//! are on.

use netdata_ilert::ilert::client::Verdict;
use netdata_ilert::netdata::SetUpError;
use netdata_ilert::text::is_clean;
use netdata_ilert::wizard::form::Control;
use netdata_ilert::wizard::message::Reply;
use netdata_ilert::wizard::theme::Theme;
use netdata_ilert::wizard::{Place, Step};
use ratatui::buffer::Cell;

use super::wizard::Wizard;
use super::world;

const THEME: Theme = Theme::of(true, true);

/// Of each kind; what goes with the character before it is what ratatui lets through by itself.
const NAME: &str = "a\u{1b}[2Jb\u{9b}31mc\u{202e}d\u{2066}e\u{200b}f\u{200c}g\u{200d}h\u{ad}i\u{fe0f}j\u{34f}k\u{e0041}l\u{3164}m\u{7f}";

fn named(what: &str) -> String {
    format!("{what}-{NAME}")
}

#[track_caller]
fn assert_clean(wizard: &Wizard) {
    for size in [(80, 24), (120, 40), (60, 16), (30, 5)] {
        let screen = wizard.screen(size);
        let odd: Vec<&str> =
            screen.buffer.content.iter().map(Cell::symbol).filter(|symbol| !is_clean(symbol)).collect();
        assert!(odd.is_empty(), "{odd:?} in\n{}", screen.text());
        assert!(!screen.buffer.content.iter().any(|cell| cell.symbol().contains('\n')));
    }
}

/// On a machine, and with a parent, of such names.
fn wizard() -> Wizard {
    let place = Place {
        host: named("host"),
        config: named("/etc/x").into(),
        state: named("/var/x").into(),
        ..world::place()
    };
    let nodes = [named("db"), named("web")];
    let nodes: Vec<(&str, bool)> = nodes.iter().map(|node| (node.as_str(), true)).collect();
    Wizard::on(place, THEME).answer(world::nothing_there()).answer(world::probe(&nodes, (1, 1)))
}

#[test]
fn each_step_is_drawn_clean() {
    for step in Step::ALL {
        let wizard = wizard().onward(step);
        assert_clean(&wizard);
        assert_clean(&wizard.press("f1"));
    }
}

#[test]
fn what_was_answered_is_drawn_clean() {
    let refused = Reply::Probed(Err(SetUpError::Url { reason: named("no") }.to_string()));
    let wizard = Wizard::new(THEME).answer(world::nothing_there()).answer(refused);
    assert_clean(&wizard.onward(Step::Netdata));

    let picked = self::wizard().onward(Step::Notification).to(Control::ROOMS).press("down").to(Control::NODE);
    assert_clean(&picked);

    let noticed = Reply::Noticed(Err(named("no notices")));
    assert_clean(&self::wizard().onward(Step::Preview).answer(noticed));

    let message = named("no");
    let verdict = Verdict::Refused { status: 400, message: message.into() };
    let tested = self::wizard().onward(Step::Test).press("enter");
    assert_clean(&tested.answer(Reply::Tested(verdict, std::time::Duration::from_millis(1))));

    let review = self::wizard().onward(Step::Review);
    assert_clean(&review.answer(world::ground(Ok(Some(&named("# x"))))));
    assert_clean(&self::wizard().onward(Step::Review).answer(world::ground(Err(&named("cannot read")))));
}

#[test]
fn what_is_typed_and_pasted_is_drawn_clean() {
    assert_clean(&wizard().onward(Step::Notification).paste(NAME));
    assert_clean(&wizard().onward(Step::Netdata).paste(NAME));
    assert_clean(&wizard().onward(Step::Key).paste(NAME).press("ctrl-r"));
}
