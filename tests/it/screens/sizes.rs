//! Each step on terminals that are not of the usual size.

use netdata_ilert::wizard::theme::Theme;

use super::{keep, shots};

const THEME: Theme = Theme::of(true, true);

#[test]
fn a_larger_terminal_is_made_use_of() {
    for (name, play) in shots::USUAL {
        keep(&format!("120x40-{name}"), &play(THEME).screen((120, 40)));
    }
}

#[test]
fn the_smallest_terminal_that_will_do_does() {
    for (name, play) in shots::USUAL {
        keep(&format!("60x16-{name}"), &play(THEME).screen((60, 16)));
    }
}

/// What one meets besides the steps in their usual state: pages over all steps, lists that filter, what is folded, what
/// is asked and told.
const OTHERS: [&str; 46] = [
    "start-demo",
    "start-configured",
    "source-more",
    "source-pasted",
    "for-me-policies",
    "for-me-filter",
    "for-me-grouping",
    "for-me-confirm",
    "for-me-created",
    "key-shared",
    "netdata-more",
    "netdata-refused",
    "notification-found",
    "notification-picked",
    "notification-silences",
    "notification-cloud",
    "notification-cloud-values",
    "rooms-picked",
    "preview-json",
    "preview-storm",
    "preview-unreachable",
    "preview-cloud",
    "preview-template-error",
    "test-key-wrong",
    "test-not-shown",
    "review-edited",
    "review-every-line",
    "review-scheduled",
    "review-scheduled-replace",
    "review-scheduled-remove",
    "review-cloud",
    "review-not-handed-over",
    "review-proven",
    "express-for-me",
    "express-matches-none",
    "express-testing",
    "express-key-wrong",
    "express-unseen",
    "express-shared",
    "express-done",
    "menu",
    "menu-key-wrong",
    "home-not-deleted",
    "help-express",
    "help-home",
    "leave",
];

/// A file for each, with the sizes and kinds of terminals one after another.
#[test]
fn every_other_screen_can_be_had_at_other_sizes_and_on_other_terminals() {
    for name in OTHERS {
        let terminals = [
            ("60x16", THEME, (60, 16)),
            ("120x40", THEME, (120, 40)),
            ("ASCII", Theme::of(true, false), (80, 24)),
            ("TERM=linux", Theme::console(true), (80, 24)),
        ];
        let screens = terminals.map(|(terminal, theme, size)| {
            format!("{terminal}\n{}\n", shots::named(name, theme).screen(size).text())
        });
        super::keep_text(&format!("terminals-{name}"), &screens.join("\n"));
    }
}

/// What a screen says, wherever its lines break.
fn words(text: &str) -> String {
    text.split(['│', '\n']).map(str::trim).collect::<Vec<_>>().join(" ")
}

#[test]
fn an_address_in_a_notice_is_whole_at_every_size() {
    for size in [(60, 16), (80, 24), (120, 40)] {
        let text = shots::named("source-no-browser", THEME).screen(size).text();
        assert!(text.contains("https://app.ilert.com/alert-source/list"), "{text}");
        assert!(words(&text).contains("on another machine"), "{text}");
        assert!(!text.lines().any(|line| line.contains('╰') && line.contains("browser")), "{text}");
    }
}

#[test]
fn a_smaller_one_is_told_so() {
    let (_, play) = shots::USUAL[0];
    keep("too-small", &play(THEME).screen((50, 10)));
}

/// In every state: a terminal is of any size while its window is being drawn larger.
#[test]
fn no_size_breaks_a_screen() {
    for (name, play) in shots::all() {
        let wizard = play(THEME);
        for size in [(1, 1), (1, 40), (200, 1), (59, 16), (60, 15), (60, 16), (77, 20), (78, 20), (300, 90)] {
            let screen = wizard.screen(size);
            let inside = screen.cursor.is_none_or(|cursor| cursor.x < size.0 && cursor.y < size.1);
            assert!(inside, "{name} at {size:?}: the cursor is at {:?}", screen.cursor);
        }
    }
}
