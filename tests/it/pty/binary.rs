//! The program itself, in a terminal.

use std::fs;
use std::io::Read as _;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;

use crate::pty::session::{Session, USUAL};

/// The program.
const PROGRAM: &str = env!("CARGO_BIN_EXE_netdata-ilert");

#[test]
fn helps_within_the_screens_width() {
    for columns in [60, 80, 120] {
        let mut help = Session::start(PROGRAM, &["--help"], &[], (columns, 24));
        assert_eq!(help.finish().exit_code(), 0);
        help.assert_restored();
        let text = String::from_utf8(help.bytes()).unwrap();
        assert!(text.contains("Usage:") && text.contains("Exit codes:"), "{text}");
        assert!(!text.contains("\u{1b}[?1049h"), "no screen of its own for a text");
    }
}

#[test]
fn ends_with_130_on_ctrl_c() {
    let folder = tempfile::tempdir().unwrap();
    // An agent that takes the request and never answers.
    let agent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", agent.local_addr().unwrap());
    let config = folder.path().join("config.toml");
    let key = "il1api0123456789abcdef3f9a";
    let text = format!(
        "version = 1\n[notification]\nname = \"n\"\nnotify = [\"critical\", \"clear\"]\n[integration]\napi_key = \
         \"{key}\"\n[netdata]\nurl = \"{url}\"\n"
    );
    fs::write(&config, text).unwrap();
    fs::set_permissions(&config, fs::Permissions::from_mode(0o600)).unwrap();
    let state = folder.path().join("state");
    let arguments =
        ["--send", "-vv", "--config", config.to_str().unwrap(), "--state-dir", state.to_str().unwrap()];
    let mut send = Session::start(PROGRAM, &arguments, &[], USUAL);
    let (mut request, _) = agent.accept().unwrap();
    assert!(request.read(&mut [0; 1]).unwrap() > 0);
    send.write(b"\x03");
    assert_eq!(send.finish().exit_code(), 130, "{}", send.text());
    send.assert_restored();
    assert!(!String::from_utf8(send.bytes()).unwrap().contains(key));
}
