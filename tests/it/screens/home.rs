//! The home screen on terminals of other sizes and kinds.

use netdata_ilert::wizard::theme::Theme;

use super::{keep, shots};

const SHOWN: [&str; 4] = ["home-several", "home-off", "home-delete", "home-name-taken"];

#[test]
fn the_home_screen_fits_other_sizes() {
    for name in SHOWN {
        let wizard = shots::named(name, Theme::of(true, true));
        keep(&format!("60x16-{name}"), &wizard.screen((60, 16)));
        keep(&format!("120x40-{name}"), &wizard.screen((120, 40)));
    }
}

#[test]
fn the_home_screen_can_be_had_in_ascii_and_without_colours() {
    for name in SHOWN {
        let screen = shots::named(name, Theme::of(false, false)).screen((80, 24));
        assert!(screen.text().is_ascii(), "{name}:\n{}", screen.text());
        keep(&format!("ascii-{name}"), &screen);
    }
}
