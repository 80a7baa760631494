//! Help, version, and what is said to a command line that makes no sense: exit code 2.

use crate::stage::{Stage, bare, end};

#[test]
fn help_and_version_go_to_stdout() {
    for flag in ["--help", "-h"] {
        let help = end(bare(&[flag]));
        assert_eq!((help.code, help.stderr.as_str()), (Some(0), ""));
        assert!(help.stdout.lines().all(|line| line.chars().count() <= 100), "{}", help.stdout);
        insta::assert_snapshot!(format!("help{flag}"), help.stdout);
    }
    for flag in ["--version", "-V"] {
        let version = end(bare(&[flag]));
        assert_eq!(version.stdout, format!("netdata-ilert {}\n", env!("CARGO_PKG_VERSION")));
        assert_eq!((version.code, version.stderr.as_str()), (Some(0), ""));
    }
}

#[test]
fn without_a_mode_and_a_terminal_one_line_says_what_to_do() {
    for arguments in [&[][..], &["-v"], &["-q"], &["--color", "never"]] {
        let ended = end(bare(arguments));
        ended.is(2).says("--send").says("--help");
        assert_eq!((ended.stderr.lines().count(), ended.stdout.as_str()), (1, ""), "{ended:?}");
    }
}

#[test]
fn one_mode_at_a_time() {
    let modes: [&[&str]; 13] = [
        &["--setup"],
        &["--send"],
        &["--preview"],
        &["--test"],
        &["--status"],
        &["--retry"],
        &["--discard", "1"],
        &["--forget", "web-1"],
        &["--create-alert-source", "Netdata"],
        &["--adopt"],
        &["--print-config"],
        &["--completions", "bash"],
        &["--man"],
    ];
    for (at, first) in modes.iter().enumerate() {
        for second in &modes[at + 1..] {
            let ended = end(bare(&[*first, *second].concat()));
            ended.is(2).says("cannot be used with");
            assert_eq!(ended.stdout, "");
        }
    }
}

#[test]
fn a_flag_without_its_mode_is_refused() {
    for arguments in [
        &["--dry-run"][..],
        &["--status", "--dry-run"],
        &["--status", "--event", "x"],
        &["--test", "--sample"],
        &["--status", "--priority", "high"],
        &["--event", "x"],
        &["--send", "--event", "x"],
        &["--sample"],
        &["--preview", "--sample", "--event", "x"],
        &["--priority", "high"],
        &["--send", "--priority", "high"],
        &["--test", "--priority", "middling"],
        &["--escalation-policy", "7"],
        &["--send", "--escalation-policy", "7"],
        &["--create-alert-source", "Netdata"],
        &["--create-alert-source", "--escalation-policy", "7"],
        &["--create-alert-source", "Netdata", "--escalation-policy", "7", "--json"],
        &["--setup", "--escalation-policy", "7"],
        &["--setup", "--notify", "loud"],
        &["--setup", "--nodes", "!a"],
        &["--setup", "--schedule", "at"],
        &["--setup", "--no-test", "--priority", "high"],
        &["--setup", "--alert-source", "a", "--api-key-file", "b"],
        &["--setup", "--demo"],
        &["--setup", "--api-key", "il1api0"],
        &["--name", "a"],
        &["--test", "--name", "a"],
        &["--send", "--netdata-url", "http://a"],
        &["--send", "--nodes", "a"],
        &["--send", "--notify", "clear"],
        &["--create-alert-source", "a", "--escalation-policy", "7", "--alert-source", "b"],
        &["--test", "--api-key-file", "a"],
        &["--send", "--schedule", "cron"],
        &["--send", "--no-test"],
        &["--json"],
        &["--send", "--json"],
        &["--demo", "--send", "--dry-run"],
        &["--test", "--json"],
        &["--retry", "--json"],
        &["--print-config", "--json"],
        &["--send", "-q", "-v"],
        &["--send", "--color", "sometimes"],
        &["--retry", "one"],
        &["--discard"],
        &["--forget"],
        &["--completions", "tcsh"],
        &["--no-such-flag"],
        &["--send", "web-1"],
    ] {
        let ended = end(bare(arguments));
        assert!(ended.code == Some(2) && ended.stdout.is_empty(), "{arguments:?}: {ended:?}");
        assert!(ended.stderr.starts_with("error: "), "{arguments:?}: {ended:?}");
    }
}

#[test]
fn json_goes_with_what_prints_data() {
    let stage = Stage::new();
    for arguments in [
        &["--status", "--json"][..],
        &["--preview", "--json"],
        &["--preview", "--sample", "--json"],
        &["--send", "--dry-run", "--json"],
    ] {
        let ended = stage.run(arguments);
        ended.is(0);
        let json: serde_json::Value = serde_json::from_str(&ended.stdout).unwrap();
        assert!(json.is_object(), "{arguments:?}");
    }
}

#[test]
fn colour_is_only_where_it_is_wanted() {
    let stage = Stage::new();
    stage.set("cpu", netdata_ilert::alert::Status::Critical);
    for (when, colored) in [("auto", false), ("never", false), ("always", true)] {
        let ended = stage.run(&["--send", "--dry-run", "-v", "--color", when]);
        assert_eq!(ended.is(0).stderr.contains('\u{1b}'), colored, "{when}: {ended:?}");
        assert!(!ended.stdout.contains('\u{1b}'));
    }
}

#[test]
fn a_stdout_that_cannot_be_written_to_is_a_failure_and_one_that_was_closed_is_none() {
    let stage = Stage::new();
    let mut command = stage.command(&["--preview", "--sample"]);
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    command.stdout(writer);
    assert_eq!(command.status().unwrap().code(), Some(0));
    for mode in [&["--preview", "--sample"][..], &["--status"], &["--man"], &["--print-config"]] {
        let mut command = stage.command(mode);
        command.stdout(std::fs::File::options().write(true).open("/dev/full").unwrap());
        let ended = crate::stage::Ended::from(
            command.stderr(std::process::Stdio::piped()).spawn().unwrap().wait_with_output().unwrap(),
        );
        ended.is(1).says("cannot write to stdout");
    }
}

#[test]
fn too_few_files_are_said_and_end_no_mode_in_the_middle() {
    let stage = Stage::new();
    for files in ["7", "12", "31"] {
        let ended = end(stage.command_after(&format!("ulimit -n {files}"), &["--send"]));
        ended.is(1).says(&format!("error: only {files} files may be open at once"));
        assert_eq!(ended.stderr.lines().count(), 1, "{ended:?}");
    }
    end(stage.command_after("ulimit -n 32", &["--send"])).is(0);
}
