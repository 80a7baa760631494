//! The command line of the built binary: what may be said, what is printed where, and the exit codes.

mod adopt;
mod alert_source;
mod configuration;
mod handing_over;
mod hostile;
mod packaging;
mod preview;
mod said;
mod setup;
mod shown;
mod test_event;
mod told_to_end;
mod usage;
mod wizard;

use crate::stage::{Ended, Stage};

/// A run as a picture: exit code, stdout and stderr, without what differs from run to run.
fn picture(stage: &Stage, ended: &Ended) -> String {
    let Ended { code, stdout, stderr } = ended;
    let text = format!("exit code: {}\n--- stdout\n{stdout}--- stderr\n{stderr}", code.unwrap());
    text.replace(stage.folder.path().to_str().unwrap(), "[folder]")
        .replace(&stage.netdata.url(), "[netdata]")
        .replace(&stage.endpoint.url(), "[ilert]")
}

/// Snapshots with times and durations left out.
fn timeless(check: impl FnOnce()) {
    insta::with_settings!({filters => [
        (r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", "[time]"),
        (r"\b\d\d:\d\d:\d\d", "[time]"),
        (r"took \d+\.\d s", "took [duration]"),
        (r"\d+ ms", "[duration]"),
        (r"\d+ (s|min) ago +", "[age]  "),
        (r"\d+ (s|min) ago", "[age]"),
        (r"\bage +event", "age  event"),
    ]}, { check() });
}
