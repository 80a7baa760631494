//! What the wizard's screens look like: every step in every state, as a terminal shows it.
//!
//! A screen that has changed is to be looked at: `cargo insta review`, or `INSTA_UPDATE=always cargo test --test it
//! screens::` and `git diff`.

mod home;
mod hostile;
mod keys;
mod pictures;
mod secrets;
mod shots;
mod sizes;
mod states;
mod styles;
mod svg;
mod wizard;
mod world;

use wizard::Screen;

/// Holds a screen against the one that is kept, and every secret against the screen.
fn keep(name: &str, screen: &Screen) {
    keep_text(name, &screen.text());
}

/// The same of several.
fn keep_text(name: &str, text: &str) {
    secrets::assert_hidden(name, text);
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_snapshot_path("screens/snapshots");
    settings.set_omit_expression(true);
    // What a release changes is nothing that a screen is about.
    settings.add_filter(&regex_of(env!("CARGO_PKG_VERSION")), "(version)");
    // Nor is a file that is as long as there are settings.
    settings.add_filter(r"\d{3} more", "(n) more");
    settings.bind(|| insta::assert_snapshot!(name, text));
}

fn regex_of(text: &str) -> String {
    format!(r#""{}""#, text.replace('.', r"\."))
}
