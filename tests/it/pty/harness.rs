//! That the harness itself sees what there is to see.

use rustix::process::Signal;

use crate::pty::session::{Session, USUAL};

#[test]
fn types_and_reads() {
    let mut cat = Session::start("cat", &[], &[], USUAL);
    cat.write("hello\n");
    // Once echoed, once written by `cat`.
    cat.until("both lines", |screen| screen.contents().matches("hello").count() == 2);
    cat.write(b"\x04");
    assert!(cat.finish().success());
    assert_eq!(String::from_utf8(cat.bytes()).unwrap(), "hello\r\nhello\r\n");
    cat.assert_restored();
}

#[test]
fn signals() {
    let mut cat = Session::start("cat", &[], &[], USUAL);
    cat.signal(Signal::TERM);
    assert!(cat.finish().signal().is_some());
    let mut cat = Session::start("cat", &[], &[], USUAL);
    cat.write("a\n");
    cat.until_text("a");
    cat.write(b"\x03");
    assert!(cat.finish().signal().is_some());
}

#[test]
fn resizes() {
    let script = "stty size; read -r _; stty size";
    let mut shell = Session::start("sh", &["-c", script], &[], USUAL);
    shell.until_text("24 80");
    shell.resize((120, 40));
    shell.write("\n");
    shell.until_text("40 120");
    assert!(shell.finish().success());
}

#[test]
fn passes_its_environment_and_no_other() {
    let mut env = Session::start("env", &[], &[("COLOUR", "green")], USUAL);
    env.finish();
    assert!(env.text().contains("COLOUR=green") && !env.text().contains("CARGO"), "{}", env.text());
}

#[test]
fn sees_what_is_left_behind() {
    for left in ["\\033[?1049h", "\\033[?2004h", "\\033[?25l", "\\033[31m", "\\033[1m", "\\033[?1000h"] {
        let mut printf = Session::start("printf", &[left], &[], USUAL);
        assert!(printf.finish().success());
        let seen = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| printf.assert_restored()));
        assert!(seen.is_err(), "{left}");
    }
    let raw = Session::start("sh", &["-c", "stty raw -echo; echo set; read -r _"], &[], USUAL);
    raw.until_text("set");
    assert!(!raw.cooked());
}

#[test]
#[should_panic(expected = "it ended, waiting for \"never\"")]
fn says_when_it_waits_in_vain() {
    Session::start("true", &[], &[], USUAL).until_text("never");
}
