//! A proxy that is in the way: it is named, whatever it answers, and its variable is named where it names none.

use std::ffi::OsStr;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::os::unix::ffi::OsStrExt as _;
use std::thread;

use netdata_ilert::alert::Status;

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
fn one_that_answers_oddly_in_netdatas_place_is_named() {
    for (answer, says) in [
        ("HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\n<html>", "is not Netdata"),
        ("HTTP/1.1 302 Found\r\nlocation: http://login.example/\r\ncontent-length: 0\r\n\r\n", "redirects"),
        ("SSH-2.0-OpenSSH_9.6\r\n", "does not speak HTTP"),
    ] {
        let ended = behind("http_proxy", &proxy(answer), "--send");
        ended.is(75).says(says).says("is it the proxy `http://").says("in NO_PROXY");
    }
}

#[test]
fn one_that_answers_oddly_in_ilerts_place_is_no_matter_of_another() {
    let portal = proxy("HTTP/1.1 200 OK\r\n\r\n<html>Log in");
    let doctor = behind("HTTPS_PROXY", &portal, "--doctor");
    doctor.says("through the proxy `http://").says("it may be the proxy that answers");
    assert!(!doctor.stderr.contains("does a firewall want a proxy"), "{doctor:?}");
    let plain = proxy("HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n").replace("http:", "https:");
    let doctor = behind("HTTPS_PROXY", &plain, "--doctor");
    doctor.says("the proxy `https://").says("does not speak TLS").says("write `http://` for the proxy");
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
    let bad = ["ht!tp:// hunter2", "http://me:hunter2@", "ftp://me:hunter2@proxy", "http://me:hunter2@a:b"];
    for variable in ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "ALL_PROXY"] {
        for value in bad {
            let says = format!("the variable {variable} names");
            behind(variable, value, "--test").is(3).says(&says).says("or unset it");
            let doctor = behind(variable, value, "--doctor");
            doctor.says(&format!("x  proxy          cannot use the proxy that {says}"));
            assert!(!doctor.stderr.contains("straight to ilert"), "{doctor:?}");
        }
    }
}

#[test]
fn a_variable_that_names_none_ends_a_run_as_a_configuration_does() {
    let mut stage = Stage::new();
    stage.configure("ilert.endpoint", "https://ilert.invalid");
    stage.set("cpu", Status::Critical);
    for (variable, value) in [("HTTPS_PROXY", &b"ftp://me:hunter2@proxy"[..]), ("ALL_PROXY", b"http://\xe9")]
    {
        for arguments in ["--send", "--retry"] {
            let mut command = stage.command(&[arguments]);
            command.env(variable, OsStr::from_bytes(value));
            let ended = end(command);
            let code = if arguments == "--send" { 3 } else { 0 };
            assert_eq!(ended.code, Some(code), "{ended:?}");
            assert!(!ended.stderr.contains("hunter2"), "{ended:?}");
        }
    }
    let mut command = stage.command(&["--send"]);
    command.env("HTTPS_PROXY", "ftp://me:hunter2@proxy").arg("-v");
    end(command).is(3).says("nothing can be sent, all is kept").says("the variable HTTPS_PROXY names");
}

#[test]
fn what_speaks_another_protocol_in_ilerts_place_is_no_matter_of_a_firewall() {
    let mut stage = Stage::new();
    let server = proxy("SSH-2.0-OpenSSH_9.6\r\n").replace("me:hunter2@", "");
    stage.configure("ilert.endpoint", server);
    let ended = stage.run(&["--doctor"]);
    assert!(ended.stdout.contains("what answers does not speak HTTP"), "{ended:?}");
    assert!(ended.stdout.contains("its port is another service's"), "{ended:?}");
    assert!(!ended.stdout.contains("firewall"), "{ended:?}");
}
