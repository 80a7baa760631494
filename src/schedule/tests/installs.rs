//! What installing and removing does, with programs that are scripts.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command as Process;
use std::time::Duration;

use super::OTHERS;
use super::machine::Machine;
use crate::schedule::{Crontab, Scheduler, crontab, install, present, removal};

#[test]
fn installs_and_removes_a_timer() {
    let machine = Machine::new();
    let said = machine.install(Scheduler::Systemd).unwrap();
    assert!(said.iter().any(|line| line.contains("the timer stops when you log out")), "{said:?}");
    assert_eq!(
        machine.read("calls"),
        "systemctl --user daemon-reload\nsystemctl --user enable --now netdata-ilert-mine-5e11.timer\n"
    );
    let service = machine.at("units/netdata-ilert-mine-5e11.service");
    assert_eq!(fs::metadata(&service).unwrap().permissions().mode() & 0o777, 0o644);
    assert_eq!(present(&machine.installation).unwrap().kinds(&machine.installation), [Scheduler::Systemd]);

    install(&removal(&machine.installation, &present(&machine.installation).unwrap()).unwrap()).unwrap();
    assert_eq!(fs::read_dir(machine.at("units")).unwrap().count(), 0);
    assert!(machine.read("calls").contains("systemctl --user disable --now netdata-ilert-mine-5e11.timer\n"));
    assert!(present(&machine.installation).unwrap().kinds(&machine.installation).is_empty());
}

#[test]
fn what_is_new_runs_before_the_old_one_is_stopped() {
    let machine = Machine::new();
    let noting =
        "if [ \"$1\" = -l ]; then cat $HERE/crontab 2>/dev/null || { echo no crontab for me >&2; exit 1; }
         else echo crontab >> $HERE/calls; cat > $HERE/crontab; fi";
    machine.program("crontab", noting);
    for (kind, old, new) in [
        (Scheduler::Systemd, "", "enable --now"),
        (Scheduler::Cron, "disable --now", "crontab"),
        (Scheduler::Systemd, "crontab", "enable --now"),
    ] {
        let _ = fs::remove_file(machine.at("calls"));
        machine.install(kind).unwrap();
        let calls = machine.read("calls");
        let at = |words: &str| calls.find(words).unwrap_or_else(|| panic!("{words} in {calls}"));
        assert!(old.is_empty() || at(new) < at(old), "{kind}: {calls}");
    }
    // What does not start takes nothing away.
    machine.program("systemctl", "exit 1");
    machine.install(Scheduler::Cron).unwrap_err();
    machine.program("systemctl", "");
    machine.install(Scheduler::Cron).unwrap();
    machine.program("systemctl", "[ \"$2\" != enable ]");
    machine.install(Scheduler::Systemd).unwrap_err();
    assert!(crontab::is_in(&machine.read("crontab"), &machine.installation));
}

#[test]
fn installs_and_removes_a_crontab_line() {
    let machine = Machine::new();
    assert_eq!(machine.install(Scheduler::Cron).unwrap(), ["added a line to the crontab"]);
    assert_eq!(machine.install(Scheduler::Cron).unwrap(), Vec::<String>::new());
    fs::write(machine.at("crontab"), OTHERS).unwrap();
    machine.install(Scheduler::Cron).unwrap();
    assert!(machine.read("crontab").starts_with(OTHERS));
    install(&removal(&machine.installation, &present(&machine.installation).unwrap()).unwrap()).unwrap();
    assert_eq!(machine.read("crontab"), OTHERS);
}

/// The very line, by the shell and with the environment that cron has.
#[test]
fn cron_can_run_the_line() {
    let mut machine = Machine::new();
    machine.installation.config = machine.at("it's my config/config.toml");
    let program = machine.at("netdata-ilert");
    fs::write(&program, format!("#!/bin/sh\nprintf '%s\\n' \"$@\" > {}\n", machine.at("got").display()))
        .unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    let line = crontab::line(&machine.installation).unwrap();
    let command = line.strip_prefix("* * * * * ").unwrap();
    let ran = Process::new("env")
        .args(["-i", "HOME=/", "LOGNAME=me", "PATH=/usr/bin:/bin", "SHELL=/bin/sh", "/bin/sh", "-c", command])
        .status()
        .unwrap();
    assert!(ran.success());
    let expected = ["--send", "--config", "CONFIG", "--state-dir", "STATE", ""].join("\n");
    let expected = expected
        .replace("CONFIG", machine.installation.config.to_str().unwrap())
        .replace("STATE", machine.installation.state_dir.to_str().unwrap());
    assert_eq!(machine.read("got"), expected);
}

#[test]
fn says_what_failed() {
    let machine = Machine::new();
    machine.program("systemctl", "echo Access denied >&2; exit 4");
    let error = machine.install(Scheduler::Systemd).unwrap_err().to_string();
    assert_eq!(error, "`systemctl --user daemon-reload` failed: Access denied");

    machine.program("crontab", "echo 'you (me) are not allowed to use this program (crontab)' >&2; exit 1");
    let error = machine.install(Scheduler::Cron).unwrap_err().to_string();
    assert!(error.contains("cannot read the crontab: you (me) are not allowed"), "{error}");

    fs::remove_dir(machine.at("systemd")).unwrap();
    let error = machine.install(Scheduler::Systemd).unwrap_err().to_string();
    assert!(error.contains("systemd runs no services for you here"), "{error}");
}

#[test]
fn a_program_that_never_ends_is_not_waited_for() {
    let mut machine = Machine::new();
    machine.installation.limit = Duration::from_millis(300);
    // What it started holds its output open.
    for script in ["sleep 60", "sleep 60 & sleep 60", "sleep 60 &", "exec >&- 2>&-; sleep 60"] {
        machine.program("crontab", script);
        let there = present(&machine.installation).unwrap();
        assert_eq!(
            there.crontab,
            Crontab::Denied("`crontab -l` did not end within 0.3 s".into()),
            "{script}"
        );
        let error = removal(&machine.installation, &there).unwrap_err().to_string();
        assert_eq!(error, "cannot read the crontab: `crontab -l` did not end within 0.3 s");
    }
    machine.program("systemctl", "sleep 60");
    let error = machine.install(Scheduler::Systemd).unwrap_err().to_string();
    assert!(error.ends_with("`systemctl --user daemon-reload` did not end within 0.3 s"), "{error}");
    machine.program("systemctl", "");
    machine.program("loginctl", "sleep 60");
    let said = machine.install(Scheduler::Systemd).unwrap();
    assert!(said.iter().any(|line| line.contains("the timer stops when you log out")), "{said:?}");
    machine.program("crontab", "[ \"$1\" = -l ] || sleep 60");
    let error = machine.install(Scheduler::Cron).unwrap_err().to_string();
    assert_eq!(error, "cannot write the crontab: `crontab -` did not end within 0.3 s");
}

#[test]
fn a_program_that_prints_without_end_fills_no_memory() {
    let machine = Machine::new();
    for script in ["exec yes", "exec yes >&2"] {
        machine.program("crontab", script);
        let there = present(&machine.installation).unwrap();
        assert_eq!(there.crontab, Crontab::Denied("`crontab -l` printed more than 8 MiB".into()), "{script}");
    }
}
