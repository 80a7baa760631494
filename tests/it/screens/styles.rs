//! What has the focus and what is chosen can be told from the rest, with colours and without.

use netdata_ilert::wizard::Step;
use netdata_ilert::wizard::form::Control;
use netdata_ilert::wizard::theme::Theme;
use ratatui::style::{Color, Modifier, Style};

use super::shots;
use super::wizard::{Screen, Wizard};

const COLOR: Theme = Theme::of(true, true);
const MONO: Theme = Theme::of(false, true);

/// How a text looks where it stands first.
fn style_of(screen: &Screen, text: &str) -> Style {
    let row = screen.row_of(text);
    let symbols: Vec<char> = text.chars().collect();
    let column = (0..screen.buffer.area.width).find(|column| {
        (*column..).zip(&symbols).all(|(column, c)| {
            screen.buffer.cell((column, row)).is_some_and(|cell| cell.symbol() == c.encode_utf8(&mut [0; 4]))
        })
    });
    screen.buffer[(column.unwrap(), row)].style()
}

#[test]
fn the_focus_is_seen() {
    for theme in [COLOR, MONO] {
        for (step, text, focused, elsewhere) in [
            (Step::Start, "Who delivers", Control::DELIVERY, None),
            (Step::Source, "Who creates it", Control::WAY, Some(Control::ACCOUNT_TOKEN)),
            (Step::Key, "Keep it in", Control::KEEP, Some(Control::API_KEY)),
            (Step::Netdata, "User name", Control::USERNAME, Some(Control::URL)),
            (Step::Notification, "warning", Control::NOTIFY.at(1), Some(Control::NOTIFY)),
            (Step::Preview, "Templates", Control::TEMPLATES, Some(Control::PAYLOAD)),
        ] {
            let here = Wizard::at(step, theme).to(focused).screen((80, 24));
            let mark = here.row_of(text);
            assert!(
                here.text().lines().nth(usize::from(mark)).unwrap().contains("▶ "),
                "{step:?}\n{}",
                here.text()
            );
            let Some(elsewhere) = elsewhere else { continue };
            let away = Wizard::at(step, theme).to(elsewhere).screen((80, 24));
            assert_ne!(style_of(&here, text), style_of(&away, text), "{theme:?} {step:?} {text}");
        }
    }
}

#[test]
fn what_is_chosen_is_seen() {
    for theme in [COLOR, MONO] {
        for (step, chosen, other) in [
            (Step::Start, "this machine", "Netdata Cloud (paid"),
            (Step::Key, "a key file", "the environment variable"),
            (Step::Notification, "all nodes", "nodes picked"),
            (Step::Preview, "built in", "my own"),
            (Step::Test, "priority LOW: nobody", "skip it"),
        ] {
            let screen = Wizard::at(step, theme).screen((80, 24));
            assert_ne!(style_of(&screen, chosen), style_of(&screen, other), "{theme:?} {step:?}");
        }
    }
}

#[test]
fn what_the_keys_choose_stands_out_from_what_is_chosen_elsewhere() {
    for theme in [COLOR, MONO] {
        let screen = Wizard::at(Step::Notification, theme).to(Control::ROOMS).screen((80, 24));
        let [here, elsewhere] =
            ["all nodes", "All alerts and"].map(|text| style_of(&screen, text).add_modifier);
        assert!(here.contains(Modifier::REVERSED), "{theme:?}");
        assert!(!elsewhere.contains(Modifier::REVERSED), "{theme:?}");
    }
}

#[test]
fn a_text_that_goes_on_in_the_next_line_keeps_its_colour() {
    let screen = shots::named("preview-json", COLOR).screen((80, 24));
    let [begins, goes_on] = ["[CRITICAL]", "db-1: Disk"].map(|text| style_of(&screen, text));
    assert_eq!(begins, goes_on);
    assert_ne!(begins, style_of(&screen, "eventType"));
}

#[test]
fn the_step_where_one_is_is_seen() {
    for theme in [COLOR, MONO] {
        let screen = Wizard::at(Step::Netdata, theme).screen((80, 24));
        let [done, here, pending] =
            ["○ API key", "▶ Netdata", "· Notification"].map(|text| style_of(&screen, text));
        assert!(done != here && here != pending && pending != done, "{theme:?}");
    }
}

#[test]
fn without_colour_nothing_is_coloured_and_nothing_else_said() {
    for (name, play) in shots::all() {
        let (color, mono) = (play(COLOR).screen((80, 24)), play(MONO).screen((80, 24)));
        assert_eq!(color.text(), mono.text(), "{name}");
        for cell in mono.buffer.content() {
            assert_eq!((cell.fg, cell.bg), (Color::Reset, Color::Reset), "{name}");
        }
        let plain =
            |screen: &Screen| screen.buffer.content().iter().all(|cell| cell.modifier == Modifier::empty());
        assert!(!plain(&mono), "{name} has no meaning besides its words");
    }
}
