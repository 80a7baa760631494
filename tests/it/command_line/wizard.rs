//! The wizard without a terminal: `--plain` through a pipe, and a word where neither is there.

use std::fs;
use std::path::Path;
use std::process::Stdio;

use netdata_ilert::alert::Status;
use netdata_ilert::config;
use netdata_ilert::wizard::Step;

use crate::stage::{Ended, KEY, MASKED, Stage, bare, end, end_with_input};

/// The wizard line by line with these answers, on the stage's configuration.
pub fn plain(stage: &Stage, answers: &[&str]) -> Ended {
    let text: String = answers.iter().flat_map(|answer| [answer, "\n"]).collect();
    let mut command = stage.command(&["--plain"]);
    // No schedule can be installed from here: there is no program to do it with.
    command.env("PATH", stage.path("no-programs")).env("XDG_RUNTIME_DIR", stage.folder.path());
    end_with_input(command, &text)
}

/// Up to the live test: the key and Netdata as configured, everything else as it is.
const TO_TEST: [&str; 20] =
    ["", "", "3", "y", "y", "y", "y", "", "", "", "", "", "", "", "Renamed", "1", "4", "1 2 3", "", ""];

#[test]
fn a_whole_conversation_ends_in_a_file_that_the_sender_uses() {
    let stage = Stage::new();
    stage.set("cpu", Status::Critical);
    let mut answers = TO_TEST.to_vec();
    answers.extend(["", "", "", "2"]);
    if config::is_root() && Path::new("/run/systemd/system").exists() {
        // Root's systemd is there whatever the environment says. No schedule:
        answers.push("2");
    }
    answers.push("y");
    let ended = plain(&stage, &answers);
    ended.is(0);
    assert_eq!(ended.stderr, "");
    let said = &ended.stdout;
    assert!(said.contains(MASKED) && !said.contains(KEY) && said.is_ascii(), "{said}");
    assert!(said.contains("one event would be sent now"), "{said}");
    assert_eq!(stage.told().len(), 2, "the test's ALERT and RESOLVE");
    let written = fs::read_to_string(stage.path("config.toml")).unwrap();
    assert!(written.contains("name = \"Renamed\""), "{written}");
    assert_eq!(stage.send_well(), ["ALERT cpu critical"]);
}

#[test]
fn wrong_answers_are_asked_for_again() {
    let stage = Stage::new();
    let ended = plain(&stage, &["9", "none", "1", "3", "1", "3", "maybe", "y", "?", "y"]);
    ended.is(1);
    let said = &ended.stdout;
    assert_eq!(said.matches("! a number from 1 to 2").count(), 3, "{said}");
    assert_eq!(said.matches("! `y` or `n`").count(), 1, "{said}");
}

#[test]
fn an_input_that_never_answers_is_given_up() {
    let stage = Stage::new();
    let before = fs::read_to_string(stage.path("config.toml")).unwrap();
    for answer in ["y", "x", "?", "<"] {
        let ended = plain(&stage, &vec![answer; 2_000]);
        ended.is(2).says("20 answers in a row to one question of step");
        assert_eq!(fs::read_to_string(stage.path("config.toml")).unwrap(), before, "{answer}");
    }
}

#[test]
fn a_line_without_an_end_is_not_kept() {
    let stage = Stage::new();
    let long = "x".repeat(200 * 1024);
    let ended = plain(&stage, &[&long, "1"]);
    ended
        .is(1)
        .says("! that line is too long (over 64 KiB): give the answer again")
        .says("the input ended at step");
    assert!(!ended.stdout.contains("a number from"), "its rest is no answer: {ended:?}");
}

#[test]
fn an_input_that_ends_early_is_an_error_that_says_where_and_writes_nothing() {
    let stage = Stage::new();
    let before = fs::read_to_string(stage.path("config.toml")).unwrap();
    for (answers, step) in [
        (&[][..], Step::Start),
        (&TO_TEST[..4], Step::Source),
        (&TO_TEST[..8], Step::Key),
        (&TO_TEST[..10], Step::Netdata),
        (&TO_TEST[..15], Step::Notification),
    ] {
        let ended = plain(&stage, answers);
        ended.is(1).says(&step.counted().unwrap()).says("nothing more was written");
        assert_eq!(ended.stderr.lines().count(), 1, "{ended:#?}");
        assert_eq!(fs::read_to_string(stage.path("config.toml")).unwrap(), before);
        let _ = fs::remove_dir_all(stage.state());
    }
    assert!(stage.told().is_empty());
}

#[test]
fn an_input_that_ends_early_keeps_its_answers_but_no_key() {
    let stage = Stage::new();
    let another = "il1api-another-key-of-nobody-77aa";
    let mut answers = TO_TEST[..15].to_vec();
    answers[8] = another;
    let ended = plain(&stage, &answers);
    ended.is(1);
    assert!(!ended.stdout.contains(another) && !ended.stderr.contains(another), "{ended:#?}");
    let draft = fs::read_to_string(stage.state().join("wizard-draft.json")).unwrap();
    assert!(draft.contains("Renamed") && !draft.contains(another), "{draft}");
}

#[test]
fn without_a_terminal_one_line_says_what_to_call() {
    for arguments in [&[][..], &["--demo"]] {
        let ended = end(bare(arguments));
        ended.is(2).says("--plain").says("--send");
        assert_eq!((ended.stdout.as_str(), ended.stderr.lines().count()), ("", 1));
    }
}

#[test]
fn the_demo_can_be_had_line_by_line() {
    let demo_key = "il1api-demo-key-of-nobody-and-nothing-5e11";
    let answers = [
        &[""][..],
        &["2", "y", "y", "y", "y", ""],
        &[demo_key, ""],
        &["", "", "", ""],
        &["", "", "", ""],
        &["", ""],
        &["", "", "", "y"],
    ]
    .concat();
    let ended = end_with_input(bare(&["--demo", "--plain"]), &(answers.join("\n") + "\n"));
    ended.is(0);
    assert!(ended.stdout.contains("The sender, run with it:"), "{}", ended.stdout);
    // It keeps nothing, and names no file that is gone.
    assert!(
        !ended.stdout.contains("Written to") && ended.stdout.contains("This is the demo"),
        "{}",
        ended.stdout
    );
    // It ends in a storm, which is told once, and its all-clear.
    let whole = ended.stdout.replace("\n         ", " ");
    let (_, storm) = whole.split_once("disk_space_usage critical, a storm\n").unwrap();
    let lines: Vec<String> =
        storm.lines().take(3).map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    assert!(
        lines[0].contains(" ALERT HIGH [STORM] 25 critical alerts on 2 nodes: disk_space_usage ×25"),
        "{storm}"
    );
    assert!(lines[1].ends_with("the storm is over") && lines[2].contains(" RESOLVE "), "{storm}");
    assert_eq!(storm.matches("[STORM]").count(), 1, "{storm}");
}

#[test]
fn a_state_that_was_lost_is_said_before_the_first_question() {
    let stage = Stage::new();
    stage.send().is(0);
    fs::remove_file(stage.state().join("state.db")).unwrap();
    let ended = plain(&stage, &["1", "1"]);
    let said = ended.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("the state is lost: what was open in ilert before is not known here"), "{ended:?}");
    assert!(said.contains("--adopt` takes it over"), "{ended:?}");
}

#[test]
fn who_reads_no_more_is_told_no_more() {
    let stage = Stage::new();
    for arguments in [&["--plain"][..], &["--plain", "--demo"]] {
        let mut command = if arguments.len() > 1 { bare(arguments) } else { stage.command(arguments) };
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        command.stdin(Stdio::null()).stdout(writer).stderr(Stdio::piped());
        let ended = command.spawn().unwrap().wait_with_output().unwrap();
        assert_eq!(String::from_utf8(ended.stderr).unwrap(), "");
        assert_eq!(ended.status.code(), Some(1));
    }
}
