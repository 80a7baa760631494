//! The API token, typed: not shown, and the terminal shows again what is typed afterwards.

use std::fs;

use netdata_ilert::simulator::ilert::TokenRights;

use crate::pty::session::Session;
use crate::stage::{Stage, TOKEN};

const PROMPT: &str = "API token of ilert (it is not shown):";

/// Configured, but without a key.
fn stage() -> Stage {
    let stage = Stage::new();
    fs::remove_file(stage.path("key")).unwrap();
    stage
}

fn start(stage: &Stage) -> Session {
    let command = stage.command(&["--create-alert-source", "Netdata", "--escalation-policy", "7"]);
    let session = Session::of(&command);
    session.until_text(PROMPT);
    session
}

#[test]
fn is_typed_without_being_shown() {
    let stage = stage();
    stage.ilert.add_token(TOKEN, TokenRights::Full);
    stage.ilert.add_policy(7, "Operations");
    let mut create = start(&stage);
    create.write(format!("{TOKEN}\n"));
    assert_eq!(create.finish().exit_code(), 0, "{}", create.text());
    create.assert_restored();
    let seen = String::from_utf8(create.bytes()).unwrap();
    let key = fs::read_to_string(stage.path("key")).unwrap();
    assert_eq!(key.trim(), stage.ilert.sources()[0].key.expose());
    assert!(
        seen.contains("created the alert source") && !seen.contains(TOKEN) && !seen.contains(key.trim()),
        "{seen}"
    );
}

#[test]
fn ctrl_c_leaves_a_terminal_that_shows_what_is_typed() {
    let mut create = start(&stage());
    create.write(b"\x03");
    assert_eq!(create.finish().exit_code(), 130, "{}", create.text());
    create.assert_restored();
}
