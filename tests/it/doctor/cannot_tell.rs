//! What cannot be told is said so, and never taken for what is not there.

use std::fs;
use std::process::Command;
use std::time::{Duration, UNIX_EPOCH};

use netdata_ilert::config::Invocation;
use netdata_ilert::doctor::{DoctorInput, Mark, examine};
use netdata_ilert::exit::Exit;

use super::machine::{Machine, assert_line, healthy};

const NOT_KNOWN: &str = "when it last ran is not known, as the state does not say";

#[tokio::test]
async fn a_state_that_cannot_be_written_still_says_when_it_ran() {
    let machine = healthy().await;
    let mount = |options: &[&str]| {
        Command::new("mount")
            .args(options)
            .arg(machine.stage.state())
            .output()
            .is_ok_and(|done| done.status.success())
    };
    // A mount of the folder on itself, which only root may make.
    let state = machine.stage.state().into_os_string().into_string().unwrap();
    if !mount(&["--bind", &state]) {
        eprintln!("skipped: nothing can be mounted here");
        return;
    }
    let is_read_only = mount(&["-o", "remount,ro,bind"]);
    let found = machine.examine().await;
    Command::new("umount").arg("-l").arg(&state).output().unwrap();
    assert!(is_read_only);
    assert_eq!(found.exit(), Exit::Failure);
    let says = format!("cannot use the state folder `{state}`");
    assert_line(&found, "state folder", Mark::Wrong, &says, "mount it for writing");
    assert_line(&found, "schedule", Mark::Good, "a crontab line; the last run was 0 s ago", "");
}

#[tokio::test]
async fn a_state_that_cannot_be_read_does_not_mean_that_it_never_ran() {
    let machine = healthy().await;
    let folder = machine.stage.state();
    let aside = machine.stage.path("aside");
    fs::rename(&folder, &aside).unwrap();
    fs::write(&folder, "a file").unwrap();
    assert_line(
        &machine.examine().await,
        "schedule",
        Mark::Warning,
        NOT_KNOWN,
        "mend the state folder first",
    );
    fs::remove_file(&folder).unwrap();
    fs::rename(&aside, &folder).unwrap();
    fs::remove_file(folder.join("state.db")).unwrap();
    assert_line(&machine.examine().await, "state", Mark::Wrong, "the state is lost", "--adopt");
    assert_line(&machine.examine().await, "schedule", Mark::Warning, NOT_KNOWN, "");
    fs::write(machine.stage.path("crontab"), "").unwrap();
    let says = "cannot tell whether something else runs `--send`: when it last ran is not known";
    assert_line(&machine.examine().await, "schedule", Mark::Warning, says, "--install-schedule cron");
}

#[tokio::test]
async fn a_crontab_that_cannot_be_read_may_hold_a_schedule() {
    let mut machine = Machine::new();
    machine.edit("heartbeat.url = { file = \"heartbeat-url\" }\n", "");
    machine
        .stage
        .write_program("crontab", "echo \"you (ops) are not allowed to use this program\" >&2; exit 1");
    let config = machine.write_config();
    let then = UNIX_EPOCH + Duration::from_millis(machine.stage.now().try_into().unwrap())
        - Duration::from_secs(3600);
    fs::File::options().write(true).open(&config).unwrap().set_modified(then).unwrap();
    let found = examine(&DoctorInput {
        config: &config,
        state: &machine.stage.state(),
        invocation: Invocation::default(),
        others: &[],
        schedule: Some(machine.installation()),
        notify_files: Vec::new(),
        clock: &|| machine.stage.now(),
    })
    .await;
    let says = "no run has left a state here yet, and cannot tell whether a schedule runs this (the crontab cannot be read: you (ops)";
    assert_line(&found, "state", Mark::Warning, says, "--adopt");
    let says = "cannot tell whether anything runs `--send`, as the crontab cannot be read";
    assert_line(&found, "schedule", Mark::Warning, says, "crontab -l");
    machine.run().await;
    let says = "something runs `--send`: the last run was 0 s ago; the crontab cannot be read";
    assert_line(&machine.examine().await, "schedule", Mark::Good, says, "");
}
