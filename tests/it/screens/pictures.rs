//! The pictures of the README, drawn from the wizard's real screens, so that they are never stale.
//!
//! `UPDATE_PICTURES=1 cargo test --test it screens::` writes them anew.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use netdata_ilert::wizard::theme::Theme;

use super::secrets::assert_hidden;
use super::shots;
use super::svg::{keep, svg};

const COLOR: Theme = Theme::of(true, true);
const MONO: Theme = Theme::of(false, true);

/// Each picture's name, the shot that it is of, and how that is shown.
const PICTURES: [(&str, &str, Theme); 21] = [
    ("wizard", "test-proven", COLOR),
    ("start", "start-found", COLOR),
    ("source", "source-configure", COLOR),
    ("for-me", "for-me-policies", COLOR),
    ("for-me-created", "for-me-created", COLOR),
    ("key", "key-pasted", COLOR),
    ("netdata", "netdata-answers", COLOR),
    ("notification", "notification-pattern", COLOR),
    ("rooms", "rooms-picked", COLOR),
    ("preview", "preview-alert", COLOR),
    ("test", "test-ready", COLOR),
    ("test-accepted", "test-accepted", COLOR),
    ("review", "review-edited", COLOR),
    ("express", "express-for-me", COLOR),
    ("express-done", "express-done", COLOR),
    ("menu", "menu", COLOR),
    ("home", "home-several", COLOR),
    ("for-me-mono", "for-me-policies", MONO),
    ("rooms-mono", "rooms-picked", MONO),
    ("notification-mono", "notification-pattern", MONO),
    ("test-accepted-mono", "test-accepted", MONO),
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/pictures")
}

#[test]
fn the_pictures_show_what_the_wizard_shows_now() {
    for (name, shot, theme) in PICTURES {
        let screen = shots::named(shot, theme).screen((80, 24));
        assert_hidden(name, &screen.text());
        keep(&folder().join(format!("{name}.svg")), &svg(&screen.buffer, "netdata-ilert", screen.cursor));
    }
    let known: BTreeSet<String> = PICTURES.iter().map(|(name, _, _)| format!("{name}.svg")).collect();
    for file in std::fs::read_dir(folder()).unwrap() {
        let name = file.unwrap().file_name().into_string().unwrap();
        assert!(known.contains(&name), "nothing draws `{name}`: it is stale for ever");
    }
}
