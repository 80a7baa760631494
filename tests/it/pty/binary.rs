//! The program itself, in a terminal.

use netdata_ilert::simulator::{Barrier, Fault};

use crate::pty::session::Session;
use crate::stage::{BINARY, KEY, Stage, arrived};

#[test]
fn helps_within_the_screens_width() {
    for columns in [60, 80, 120] {
        let mut help = Session::start(BINARY, &["--help"], &[], (columns, 24));
        assert_eq!(help.finish().exit_code(), 0);
        help.assert_restored();
        let text = String::from_utf8(help.bytes()).unwrap();
        assert!(text.contains("Usage:") && text.contains("Exit codes:"), "{text}");
        assert!(!text.contains("\u{1b}[?1049h"), "no screen of its own for a text");
    }
}

#[test]
fn ends_with_130_on_ctrl_c() {
    let mut stage = Stage::new();
    stage.configure("integration.api_key", KEY);
    // An agent that takes the request and never answers.
    let barrier = Barrier::new();
    stage.netdata.fail(Some(Fault::Stall(barrier.clone())));
    let mut send = Session::of(&stage.command(&["--send", "-vv"]));
    arrived(&barrier, 1);
    send.write(b"\x03");
    assert_eq!(send.finish().exit_code(), 130, "{}", send.text());
    send.assert_restored();
    assert!(!String::from_utf8(send.bytes()).unwrap().contains(KEY));
}
