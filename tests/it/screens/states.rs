//! Each step in each of its states, on a terminal of the usual size.

use netdata_ilert::wizard::theme::Theme;

use super::{keep, shots};

#[test]
fn every_state_looks_as_it_did() {
    for (name, play) in shots::all() {
        keep(name, &play(Theme::of(true, true)).screen((80, 24)));
    }
}

#[test]
fn every_step_can_be_had_on_a_linux_console() {
    for (name, play) in shots::USUAL {
        let screen = play(Theme::console(true)).screen((80, 24));
        let is_drawn = |c: char| c <= '\u{ff}' || ('\u{2500}'..='\u{253c}').contains(&c);
        assert!(screen.text().chars().all(is_drawn), "{name}:\n{}", screen.text());
        keep(&format!("console-{name}"), &screen);
    }
}

#[test]
fn every_step_can_be_had_in_ascii() {
    for (name, play) in shots::USUAL {
        let screen = play(Theme::of(true, false)).screen((80, 24));
        assert!(screen.text().is_ascii(), "{name}:\n{}", screen.text());
        keep(&format!("ascii-{name}"), &screen);
    }
}

/// The alphabet of each terminal, in every state. What is named otherwise has such names.
#[test]
fn nothing_is_drawn_that_a_terminal_does_not_have() {
    let is_in_console = |c: char| c <= '\u{ff}' || ('\u{2500}'..='\u{253c}').contains(&c);
    for (name, play) in shots::all().into_iter().filter(|(name, _)| *name != "notification-wide-names") {
        for size in [(60, 16), (80, 24)] {
            let ascii = play(Theme::of(true, false)).screen(size).text();
            let odd: String = ascii.chars().filter(|c| !c.is_ascii()).collect();
            assert!(odd.is_empty(), "{name}: `{odd}` in\n{ascii}");
            let console = play(Theme::console(true)).screen(size).text();
            assert!(console.chars().all(is_in_console), "{name}:\n{console}");
        }
    }
}
