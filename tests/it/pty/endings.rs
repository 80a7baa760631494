//! However the wizard ends, the terminal is as it was; and at rest it does not wake up.

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::pty::session::{DEADLINE, Session, USUAL};
use crate::pty::wizard::{assert_no_key, start, to_key};
use crate::stage::internet::Machine;
use crate::stage::{BINARY, KEY};

/// With an answer that would be lost.
fn with_a_key(machine: &Machine) -> Session {
    let mut wizard = start(machine, &[], &[]);
    to_key(&mut wizard);
    wizard.paste(KEY);
    wizard.until_text("40 characters");
    wizard
}

/// What it leaves: the answers, without the key, and nothing else.
fn assert_kept(machine: &Machine) {
    let draft = fs::read_to_string(machine.stage.path("state/wizard-draft.json")).unwrap();
    assert!(draft.contains("\"done\"") && !draft.contains(KEY), "{draft}");
    assert!(!machine.stage.path("etc").exists());
}

#[test]
fn ctrl_c_asks_once_and_leaves_at_the_second() {
    let machine = Machine::new();
    let mut wizard = with_a_key(&machine);
    wizard.write(b"\x03");
    wizard.until_text("Leave?");
    wizard.write("x");
    wizard.until("the question to go", |screen| !screen.contents().contains("Leave?"));
    assert!(wizard.text().contains("40 characters"), "what closes the question is not typed");
    wizard.write(b"\x03");
    wizard.until_text("Leave?");
    wizard.write(b"\x03");
    assert_eq!(wizard.finish().exit_code(), 130);
    wizard.assert_restored();
    assert_no_key(&wizard);
    assert_kept(&machine);
}

#[test]
fn signals_end_it_with_the_terminal_restored() {
    for (signal, code, says) in [
        (Signal::TERM, 143, "SIGTERM"),
        (Signal::HUP, 129, "the terminal is gone"),
        (Signal::INT, 130, "Ctrl-C"),
        (Signal::QUIT, 131, "SIGQUIT"),
    ] {
        let machine = Machine::new();
        let mut wizard = with_a_key(&machine);
        wizard.signal(signal);
        assert_eq!(wizard.finish().exit_code(), code, "{signal:?}: {}", wizard.text());
        wizard.assert_restored();
        assert_no_key(&wizard);
        assert!(wizard.text().contains(says), "{signal:?}: {}", wizard.text());
        assert_kept(&machine);
    }
}

#[test]
fn ctrl_z_gives_the_terminal_to_the_shell_and_fg_takes_it_again() {
    let machine = Machine::new();
    let job = format!("{BINARY} {}", machine.arguments(&[]).join(" "));
    let own = machine.environment();
    let own = own.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let more = [("JOB", job.as_str()), ("PS1", "$ "), ("ENV", "")];
    let environment: Vec<(&str, &str)> = own.chain(more).collect();
    let mut shell = Session::start("/bin/sh", &["-i"], &environment, USUAL);
    shell.write("$JOB\n");
    to_key(&mut shell);
    shell.paste(KEY);
    shell.until_text("40 characters");
    shell.write(b"\x1a");
    shell.until("the shell", |screen| !screen.alternate_screen() && screen.contents().contains("Stopped"));
    shell.write("echo $((6*7))\n");
    shell.until_text("42");
    assert!(!shell.text().contains("characters"), "{}", shell.text());
    shell.write("fg\n");
    shell.until("the wizard", |screen| {
        screen.alternate_screen() && screen.bracketed_paste() && screen.contents().contains("40 characters")
    });
    assert!(!shell.cooked());
    shell.write(b"\x03");
    shell.until_text("Leave?");
    shell.write(b"\x03");
    shell.until("the prompt", |screen| {
        !screen.alternate_screen() && screen.contents().trim_end().ends_with('$')
    });
    shell.write("echo $?\n");
    shell.until_text("130");
    shell.write("exit\n");
    shell.finish();
    shell.assert_restored();
    assert_no_key(&shell);
}

#[test]
fn a_hidden_line_is_shown_again_however_plain_ends() {
    for (signal, code) in [(Some(Signal::TERM), 143), (Some(Signal::INT), 130), (None, 1)] {
        let machine = Machine::new();
        let mut plain = start(&machine, &[], &["--plain"]);
        plain.until_text("Number [1]:");
        plain.write("\n");
        plain.until_text("Who creates it:");
        plain.write("2\n");
        for asked in 1..=4 {
            plain.until(&format!("box {asked}"), |screen| {
                screen.contents().matches("Done? [y/N]").count() == asked
            });
            plain.write("y\n");
        }
        plain.until_text("More: a proxy");
        plain.write("\n");
        plain.until_text("API key, not shown:");
        assert!(!plain.cooked(), "nothing is echoed from the question on");
        match signal {
            Some(signal) => plain.signal(signal),
            // The end of the input.
            None => plain.write(b"\x04"),
        }
        assert_eq!(plain.finish().exit_code(), code, "{}", plain.text());
        let shown = plain.text();
        let question = shown.lines().rfind(|line| line.contains("API key, not shown:")).unwrap();
        assert!(!question.contains("the "), "what ended it has a line of its own: {shown}");
        plain.assert_restored();
        assert_kept(&machine);
    }
}

/// How often the threads of a process have waited for something so far.
fn waits(process: i32) -> u64 {
    let tasks = fs::read_dir(format!("/proc/{process}/task")).unwrap();
    let statuses = tasks.map(|task| fs::read_to_string(task.unwrap().path().join("status")).unwrap());
    let counts = statuses.map(|status| {
        let line = status.lines().find(|line| line.starts_with("voluntary_ctxt_switches:")).unwrap();
        line.split_whitespace().last().unwrap().parse::<u64>().unwrap()
    });
    counts.sum()
}

#[test]
fn sleeps_while_nobody_types() {
    let machine = Machine::new();
    let mut wizard = start(&machine, &[], &[]);
    to_key(&mut wizard);
    // What is under way comes to its end; from then on whatever ticks would be seen in a second and a half. That
    // nothing happens has no sign to wait for: this is the time in which it is looked for, and a slow machine only
    // makes it longer.
    let until = Instant::now() + DEADLINE;
    loop {
        let before = (waits(wizard.id()), wizard.bytes().len());
        thread::sleep(Duration::from_millis(1_500));
        if (waits(wizard.id()), wizard.bytes().len()) == before {
            break;
        }
        assert!(Instant::now() < until, "it never comes to rest");
    }
}
