//! The wizard in a terminal, from a first start to a written file that the sender then uses.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use netdata_ilert::wizard::Step;

use crate::pty::session::{Session, USUAL};
use crate::stage::internet::Machine;
use crate::stage::{BINARY, Ended, KEY, bare, end, has};

/// Starts the wizard on a machine, with more in its environment.
pub fn start(machine: &Machine, more: &[(&str, &str)], arguments: &[&str]) -> Session {
    start_in(machine, more, arguments, USUAL)
}

/// The same in a terminal of this size.
pub fn start_in(machine: &Machine, more: &[(&str, &str)], arguments: &[&str], size: (u16, u16)) -> Session {
    let arguments = machine.arguments(arguments);
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let own = machine.environment();
    let own = own.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let environment: Vec<(&str, &str)> = own.chain(more.iter().copied()).collect();
    Session::start(BINARY, &arguments, &environment, size)
}

/// To the step where the key is pasted.
pub fn to_key(wizard: &mut Session) {
    wizard.until_text("no configuration yet");
    wizard.write("\r");
    wizard.until_at(Step::Source);
    wizard.write("\x1b[B\ra\r");
    wizard.until_at(Step::Key);
}

/// On to the live test.
pub fn to_test(wizard: &mut Session, machine: &Machine) {
    to_preview(wizard, machine);
    wizard.write("\r");
    wizard.until_at(Step::Test);
}

/// On to the preview.
pub fn to_preview(wizard: &mut Session, machine: &Machine) {
    to_key(wizard);
    // As copied from a page: with a line break at its end, which does not go on by itself.
    wizard.paste(&format!("{KEY}\r\n"));
    wizard.until_text("40 characters");
    assert!(wizard.text().contains(&Step::Key.counted().unwrap()));
    wizard.write("\r");
    wizard.until_at(Step::Netdata);
    wizard.write(b"\x15");
    wizard.paste(&machine.stage.netdata.url());
    wizard.until_text("1 critical now");
    for step in [Step::Notification, Step::Preview] {
        wizard.write("\r");
        if wizard.text().contains("enter to Netdata Cloud") {
            // Each of the five things that are done there, and the four lines of the form before the last.
            wizard.write("\r".repeat(9));
        }
        wizard.until_at(step);
    }
}

/// On through the test and the confirmation, to the last screen.
fn to_end(wizard: &mut Session) {
    wizard.write("\r");
    wizard.until_text("Seen?");
    wizard.write("\r");
    wizard.until_text("What will be written");
    wizard.until_text("mode 0600");
    if wizard.text().contains("--send` myself") {
        // Root's systemd is there whatever the environment says: no schedule.
        wizard.write("\x1b[B\x1b[B");
        wizard.until_text("● none");
    }
    wizard.write("\r");
    wizard.until_text("Done");
}

/// The sender, with what the wizard wrote.
fn send(machine: &Machine) -> Ended {
    let mut send = bare(&[]);
    send.envs(machine.environment()).args(machine.arguments(&["--send"]));
    end(send)
}

/// The key, or a part of it that is longer than the tail that may be seen, nowhere in what the terminal got.
pub fn assert_no_key(session: &Session) {
    let bytes = session.bytes();
    assert!(!has(&bytes, KEY) && !has(&bytes, &KEY[..12]) && !has(&bytes, &KEY[20..]));
}

#[test]
fn leads_from_a_first_start_to_a_file_that_the_sender_uses() {
    let machine = Machine::new();
    let mut wizard = start(&machine, &[], &[]);
    wizard.until("a screen of its own", |screen| screen.alternate_screen() && screen.bracketed_paste());
    to_test(&mut wizard, &machine);
    assert!(!machine.stage.path("etc").exists(), "nothing is written before it is confirmed");
    let process = format!("/proc/{}", wizard.id());
    for file in ["cmdline", "environ", "comm", "stat", "status"] {
        assert!(!has(&fs::read(format!("{process}/{file}")).unwrap_or_default(), KEY), "{file}");
    }
    to_end(&mut wizard);
    assert!(wizard.text().contains("one event would be sent"), "{}", wizard.text());
    wizard.write("\r");
    assert_eq!(wizard.finish().exit_code(), 0);
    wizard.assert_restored();
    // What was done, and what to call next, stays in the terminal.
    for words in ["Done", "wrote `", "a dry run of the sender: one event", "--status`"] {
        assert!(wizard.text().contains(words), "{words}: {}", wizard.text());
    }
    assert_no_key(&wizard);
    let tests = machine.stage.ilert.history();
    assert!(tests.len() == 1 && tests[0].resolved.is_some(), "{tests:?}");

    let mode = |name: &str| fs::metadata(machine.stage.path(name)).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode("etc/config.toml"), mode("etc/api-key"), mode("state")), (0o600, 0o600, 0o700));
    assert_eq!(fs::read_to_string(machine.stage.path("etc/api-key")).unwrap().trim(), KEY);
    assert!(!fs::read_to_string(machine.stage.path("etc/config.toml")).unwrap().contains(KEY));

    let ended = send(&machine);
    assert!(ended.code == Some(0) && ended.stderr.is_empty(), "{ended:?}");
    let open = machine.stage.ilert.open();
    assert!(open.len() == 1 && open[0].key.ends_with("/disk_space_usage/critical"), "{open:?}");
}

#[test]
fn shows_the_key_only_while_it_is_revealed() {
    let machine = Machine::new();
    let mut wizard = start(&machine, &[], &[]);
    to_key(&mut wizard);
    wizard.paste(&format!("{KEY}\n"));
    wizard.until_text("40 characters");
    assert_no_key(&wizard);
    wizard.write(b"\x12");
    wizard.until_text(&KEY[20..]);
    wizard.write(b"\x12");
    wizard.until("the key to be masked", |screen| !screen.contents().contains(&KEY[20..]));
    let before = wizard.bytes().len();
    wizard.write("\r");
    wizard.until_at(Step::Netdata);
    assert!(!has(&wizard.bytes()[before..], &KEY[20..]));
}

#[test]
fn hands_over_to_netdata_cloud_and_the_sender_declines() {
    let machine = Machine::new();
    let mut wizard = start(&machine, &[], &[]);
    wizard.until_text("no configuration yet");
    wizard.write("\x1b[B");
    wizard.until_text("paid plan");
    to_test(&mut wizard, &machine);
    to_end(&mut wizard);
    wizard.until_text("Netdata Cloud delivers");
    wizard.write("\r");
    assert_eq!(wizard.finish().exit_code(), 0);
    let written = fs::read_to_string(machine.stage.path("etc/config.toml")).unwrap();
    assert!(written.contains("delivered_by = \"netdata-cloud\""), "{written}");
    let ended = send(&machine);
    ended.is(3).says("Netdata Cloud");
    assert_eq!(machine.stage.ilert.open().len(), 0);
}

#[test]
fn survives_every_size() {
    let machine = Machine::new();
    let mut wizard = start(&machine, &[], &[]);
    to_key(&mut wizard);
    for size in [(1, 1), (200, 60), (20, 5), (1, 60), (200, 1), (60, 16)] {
        let before = wizard.bytes().len();
        wizard.resize(size);
        wizard.until_written(before);
    }
    wizard.resize(USUAL);
    // Nothing is typed before: a key that comes at the same moment as a new size waits for the next key (crossterm).
    wizard.until("the usual size", |screen| {
        let title = screen.rows(0, USUAL.0).next().unwrap_or_default();
        title.find(&Step::Key.counted().unwrap()).is_some_and(|column| column > 60)
    });
    wizard.write("x");
    wizard.until_text("1 character");
    wizard.write(b"\x03\x03");
    assert_eq!(wizard.finish().exit_code(), 130);
    wizard.assert_restored();
    assert!(wizard.text().contains("The answers so far are kept in"), "{}", wizard.text());
}

/// An editor that shows that the keys are its own: it writes the line that is typed to it.
const EDITOR: &str = "#!/bin/sh\nprintf 'in the editor: '\nread -r line\nprintf '%s' \"$line\" > \"$1\"\n";

#[test]
fn a_template_is_changed_in_an_editor() {
    let machine = Machine::new();
    let editor = machine.stage.path("editor");
    fs::write(&editor, EDITOR).unwrap();
    let command = format!("/bin/sh {}", editor.display());
    let mut wizard = start(&machine, &[("VISUAL", &command), ("EDITOR", "false")], &[]);
    to_preview(&mut wizard, &machine);
    // One's own templates, then the first of them.
    wizard.write("\t\x1b[B\t");
    wizard.until_text("ctrl-o");
    wizard.write(b"\x0f");
    wizard.until("the editor", |screen| {
        !screen.alternate_screen() && screen.contents().contains("in the editor: ")
    });
    assert!(wizard.cooked());
    wizard.write("mine: {{ node }}\n");
    wizard.until("the wizard", |screen| {
        screen.alternate_screen() && screen.contents().contains("mine: {{ node }}")
    });
    assert!(!wizard.cooked());
    wizard.write(b"\x03");
    wizard.until_text("Leave?");
    wizard.write(b"\x03");
    assert_eq!(wizard.finish().exit_code(), 130);
    wizard.assert_restored();
}

#[test]
fn without_an_editor_it_is_said_how_to_name_one() {
    let machine = Machine::new();
    let mut wizard = start(&machine, &[], &[]);
    to_preview(&mut wizard, &machine);
    wizard.write("\t\x1b[B\t");
    wizard.until_text("ctrl-o");
    wizard.write(b"\x0f");
    wizard.until_text("set VISUAL or EDITOR");
    assert!(wizard.text().contains(&Step::Preview.counted().unwrap()));
    wizard.write(b"\x03");
    wizard.until_text("Leave?");
    wizard.write(b"\x03");
    assert_eq!(wizard.finish().exit_code(), 130);
}
