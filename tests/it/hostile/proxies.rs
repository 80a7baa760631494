//! A proxy that is in the way: it is named, whatever it answers, and its variable is named where it names none.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::thread;

use crate::stage::{Ended, KEY, Stage, end};

/// A proxy that answers every request so; its URL, with a password.
fn proxy(answer: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://me:hunter2@{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    url
}

/// A run against an ilert and a Netdata that are reached through a proxy alone.
fn behind(variable: &str, value: &str, mode: &str) -> Ended {
    let mut stage = Stage::new();
    stage.configure("ilert.endpoint", "https://ilert.invalid");
    stage.configure("netdata.url", "http://netdata.invalid:19999");
    let mut command = stage.command(&[mode]);
    command.env(variable, value);
    let mut ended = end(command);
    // What the live test has to tell it tells on stdout.
    ended.stderr.push_str(&ended.stdout);
    assert!(!ended.stderr.contains("hunter2") && !ended.stderr.contains(KEY), "{ended:?}");
    assert_ne!(ended.code, Some(0), "{ended:?}");
    ended
}

#[test]
fn one_that_refuses_is_named_and_not_what_is_behind_it() {
    for (answer, says) in [
        ("HTTP/1.1 403 No\r\ncontent-length: 0\r\n\r\n", "refuses"),
        ("HTTP/1.1 407 Login\r\ncontent-length: 0\r\n\r\n", "user name and a password"),
        ("HTTP/1.1 503 No\r\ncontent-length: 0\r\n\r\n", "refuses"),
        ("", "closed the connection without an answer"),
    ] {
        let ended = behind("HTTPS_PROXY", &proxy(answer), "--test");
        ended.is(75).says("the proxy `http://127.0.0.1:").says(says);
    }
    for answer in
        ["HTTP/1.1 403 No\r\ncontent-length: 0\r\n\r\n", "HTTP/1.1 407 Login\r\ncontent-length: 0\r\n\r\n"]
    {
        behind("http_proxy", &proxy(answer), "--send").is(75).says("proxy `http://127.0.0.1:");
    }
}

#[test]
fn one_that_is_not_there_is_named() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let there = format!("the proxy `http://{free}`");
    behind("HTTPS_PROXY", &format!("http://me:hunter2@{free}"), "--test").is(75).says(&there);
    behind("http_proxy", &format!("http://me:hunter2@{free}"), "--send").is(75).says(&there);
    behind("ALL_PROXY", &format!("socks5h://me:hunter2@{free}"), "--test").is(75).says("socks5h://");
}

#[test]
fn a_variable_that_names_none_is_named_without_its_value() {
    for value in ["ht!tp:// hunter2", "http://me:hunter2@", "ftp://me:hunter2@proxy"] {
        behind("HTTPS_PROXY", value, "--test").says("the variable HTTPS_PROXY names");
    }
}
