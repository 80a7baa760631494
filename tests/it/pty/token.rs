//! The API token, typed: not shown, and the terminal shows again what is typed afterwards.

use std::fs;
use std::thread;

use netdata_ilert::simulator::Ilert;
use netdata_ilert::simulator::ilert::Access;

use crate::pty::session::{Session, USUAL};

const PROGRAM: &str = env!("CARGO_BIN_EXE_netdata-ilert");
const TOKEN: &str = "il1tkn0123456789abcdef77e1";
const PROMPT: &str = "API token of ilert (it is not shown):";

/// A folder with a configuration for this ilert; and the arguments.
fn folder(endpoint: &str) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("config.toml");
    let text = format!(
        "version = 1\n[notification]\nname = \"n\"\nnotify = [\"critical\", \"clear\"]\n[integration]\napi_key = \
         {{ file = \"key\" }}\n[ilert]\nendpoint = \"{endpoint}\"\n"
    );
    fs::write(&config, text).unwrap();
    let config = config.to_str().unwrap().to_owned();
    (folder, config)
}

fn start(config: &str) -> Session {
    let arguments = ["--create-alert-source", "Netdata", "--escalation-policy", "7", "--config", config];
    let session = Session::start(PROGRAM, &arguments, &[], USUAL);
    session.until_text(PROMPT);
    session
}

#[test]
fn is_typed_without_being_shown() {
    let ilert = Ilert::new("il1api-of-nobody-5e11");
    ilert.add_token(TOKEN, Access::Full);
    ilert.add_policy(7, "Operations");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let served = runtime.block_on(async { ilert.serve().unwrap() });
    thread::spawn(move || runtime.block_on(std::future::pending::<()>()));
    let (folder, config) = folder(&served.url());
    let mut create = start(&config);
    create.write(format!("{TOKEN}\n"));
    assert_eq!(create.finish().exit_code(), 0, "{}", create.text());
    create.assert_restored();
    let seen = String::from_utf8(create.bytes()).unwrap();
    let key = fs::read_to_string(folder.path().join("key")).unwrap();
    assert_eq!(key.trim(), ilert.sources()[0].key.expose());
    assert!(
        seen.contains("created the alert source") && !seen.contains(TOKEN) && !seen.contains(key.trim()),
        "{seen}"
    );
}

#[test]
fn ctrl_c_leaves_a_terminal_that_shows_what_is_typed() {
    let (_folder, config) = folder("http://127.0.0.1:1");
    let mut create = start(&config);
    create.write(b"\x03");
    assert_eq!(create.finish().exit_code(), 130, "{}", create.text());
    create.assert_restored();
}
