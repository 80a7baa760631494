//! One schedule runs all that are installed, also those that come later; one elsewhere has a line of its own.

use std::fs;
use std::os::unix::fs::symlink;
use std::process::Command;

use netdata_ilert::alert::Status;

use super::Teams;
use crate::stage::{BINARY, end};

struct Machine(Teams);

impl Machine {
    fn new(teams: Teams) -> Self {
        teams.web.write_program(
            "crontab",
            "if [ \"$1\" = -l ]; then cat crontab 2>/dev/null || { echo no crontab for me >&2; exit 1; }\n\
             else cat > crontab; fi",
        );
        Self(teams)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.0.command(arguments);
        command.env("PATH", format!("{}:/usr/bin:/bin", self.0.web.path("bin").display()));
        command
    }

    fn run(&self, arguments: &[&str]) -> crate::stage::Ended {
        end(self.command(arguments))
    }

    fn crontab(&self) -> String {
        fs::read_to_string(self.0.web.path("crontab")).unwrap()
    }

    /// Runs each line with the environment that cron has.
    fn cron(&self) {
        for line in self.crontab().lines() {
            let mut cron = Command::new("/bin/sh");
            cron.env_clear().envs([("HOME", "/"), ("PATH", "/usr/bin:/bin"), ("SHELL", "/bin/sh")]);
            cron.args(["-c", line.strip_prefix("* * * * * ").unwrap()]);
            let ran = end(cron);
            assert!(ran.is(0).stderr.is_empty(), "{ran:#?}");
        }
    }
}

#[test]
fn one_that_comes_later_is_run_by_the_schedule_that_is_there() {
    let teams = Teams::none();
    teams.write("config.toml", &teams.web_team());
    teams.set("cpu", Status::Critical);
    let machine = Machine::new(teams);
    machine.run(&["--install-schedule", "cron"]).is(0).says("added a line to the crontab");
    machine.cron();
    assert_eq!(machine.0.history(), [1, 0]);
    machine.0.write("config.d/databases.toml", &machine.0.database_team());
    machine.cron();
    assert_eq!(machine.0.history(), [1, 1]);
    assert_eq!(machine.0.web.ilert.received().len(), 1);
    let again = machine.run(&["-c", "databases", "--install-schedule", "cron"]);
    again.is(0).says("the schedule runs all configurations").says("nothing to change");
    let status = machine.run(&["--status"]);
    assert!(status.stdout.ends_with("\nschedule: a crontab line runs all that are enabled\n"), "{status:#?}");
    machine.run(&["-c", "databases", "--remove-schedule"]).is(2).says("`enabled = false` in `");
    machine.run(&["--remove-schedule"]).is(0);
    assert_eq!(machine.crontab(), "");
}

#[test]
fn the_line_of_version_0_1_0_is_replaced_and_nothing_is_sent_twice() {
    let teams = Teams::both();
    teams.set("cpu", Status::Critical);
    let machine = Machine::new(teams);
    let former = format!(
        "* * * * * {BINARY} --send --config {} --state-dir {} # netdata-ilert --install-schedule\n",
        machine.0.web.path("etc/config.toml").display(),
        machine.0.web.state().display()
    );
    fs::write(machine.0.web.path("crontab"), &former).unwrap();
    machine.cron();
    assert_eq!(machine.0.history(), [1, 0]);
    let doctor = machine.run(&["--doctor"]);
    assert!(doctor.stdout.contains("a crontab line runs `config.toml` alone"), "{doctor:#?}");
    let status = machine.run(&["--status"]);
    assert!(status.stdout.contains("schedule: a crontab line runs `config.toml` alone"), "{status:#?}");
    machine.run(&["--install-schedule", "cron"]).is(0).says("changed the line in the crontab");
    assert_eq!(machine.crontab().lines().count(), 1);
    machine.cron();
    assert_eq!(machine.0.history(), [1, 1]);
    assert_eq!(machine.0.web.ilert.received().len(), 1);
    let doctor = machine.run(&["--doctor"]);
    assert!(!doctor.stdout.contains("alone"), "{doctor:#?}");
}

/// Two in a machine of which the second is elsewhere, and raised.
fn with_one_elsewhere() -> (Machine, String) {
    let teams = Teams::none();
    teams.write("config.toml", &teams.web_team());
    teams.web.write_private("other.toml", &teams.database_team());
    teams.set("cpu", Status::Critical);
    let path = teams.web.path("other.toml").to_str().unwrap().to_owned();
    (Machine::new(teams), path)
}

#[test]
fn the_line_of_version_0_1_0_for_one_elsewhere_keeps_its_state() {
    let (machine, path) = with_one_elsewhere();
    let state = machine.0.web.path("old state");
    let former = format!(
        "* * * * * {BINARY} --send --config {path} --state-dir '{}' # netdata-ilert --install-schedule\n",
        state.display()
    );
    fs::write(machine.0.web.path("crontab"), &former).unwrap();
    machine.cron();
    assert_eq!(machine.0.history(), [0, 1]);
    let status = machine.run(&["-c", &path, "--status"]);
    assert!(status.is(0).stdout.contains("open in ilert: 1"), "where its schedule leaves it: {status:#?}");
    machine.run(&["-c", &path, "--install-schedule", "cron"]).is(0).says("changed the line");
    let line = machine.crontab();
    assert!(line.contains(state.to_str().unwrap()) && line.contains("--install-schedule other-"), "{line}");
    machine.cron();
    machine.run(&["-c", &path, "--send"]).is(0);
    assert_eq!(machine.0.history(), [0, 1]);
    assert_eq!(machine.0.db.ilert.received().len(), 1);
    let moved = machine.0.web.path("moved");
    machine.run(&["-c", &path, "--state-dir", moved.to_str().unwrap(), "--install-schedule", "cron"]).is(0);
    assert!(machine.crontab().contains(moved.to_str().unwrap()), "where it is said, it is so");
}

#[test]
fn one_elsewhere_has_one_state_and_one_schedule_however_it_is_spelt() {
    let (machine, path) = with_one_elsewhere();
    let folder = machine.0.web.folder.path();
    symlink("other.toml", folder.join("link.toml")).unwrap();
    symlink(".", folder.join("here")).unwrap();
    let at = |spelling: &str| folder.join(spelling).to_str().unwrap().to_owned();
    let spellings =
        ["other.toml", "link.toml", "here/other.toml", "etc/../other.toml", ".//here//link.toml"].map(at);
    for spelling in &spellings {
        machine.run(&["-c", spelling, "--send"]).is(0);
        assert_eq!(machine.0.history(), [0, 1], "{spelling}");
    }
    machine.run(&["-c", &path, "--install-schedule", "cron"]).is(0);
    for spelling in &spellings {
        machine.run(&["-c", spelling, "--install-schedule", "cron"]).is(0);
        assert_eq!(machine.crontab().lines().count(), 1, "{spelling}");
        for other in &spellings {
            let doctor = machine.run(&["-c", other, "--doctor"]);
            assert!(!doctor.stdout.contains("not this one"), "{spelling} {other}: {doctor:#?}");
        }
        machine.cron();
    }
    machine.run(&["-c", &spellings[2], "--remove-schedule"]).is(0);
    assert_eq!(machine.crontab(), "");
    assert_eq!(machine.0.history(), [0, 1]);
}

/// A link to the file that is set anew at each change, as package managers and Kubernetes do.
#[test]
fn one_behind_a_link_that_changes_keeps_its_state_and_its_line() {
    let (machine, path) = with_one_elsewhere();
    let folder = machine.0.web.folder.path();
    let link = folder.join("link.toml");
    let text = fs::read_to_string(&path).unwrap();
    for generation in ["1", "2", "3"] {
        machine.0.web.write_private(&format!("{generation}.toml"), &text);
        let _ = fs::remove_file(&link);
        symlink(format!("{generation}.toml"), &link).unwrap();
        let link = link.to_str().unwrap();
        machine.run(&["-c", link, "--send"]).is(0);
        machine.run(&["-c", link, "--install-schedule", "cron"]).is(0);
        assert_eq!(machine.crontab().lines().count(), 1, "{generation}");
        machine.cron();
        assert_eq!(machine.0.history(), [0, 1], "{generation}");
        machine.run(&["-c", link, "--remove-schedule"]).is(0);
    }
}

#[test]
fn one_elsewhere_has_a_line_of_its_own() {
    let teams = Teams::none();
    teams.write("config.toml", &teams.web_team());
    teams.web.write_private("other.toml", &teams.database_team());
    teams.set("cpu", Status::Critical);
    let machine = Machine::new(teams);
    let path = machine.0.web.path("other.toml");
    let path = path.to_str().unwrap();
    machine.run(&["-c", path, "--install-schedule", "cron"]).is(0);
    let own = machine.crontab();
    assert!(own.contains("# netdata-ilert --install-schedule other-"), "{own}");
    machine.run(&["--install-schedule", "cron"]).is(0).says("added a line");
    assert_eq!(machine.crontab().lines().count(), 2);
    machine.cron();
    machine.cron();
    assert_eq!(machine.0.history(), [1, 1]);
    machine.run(&["--remove-schedule"]).is(0).says("other schedules of this program stay");
    assert_eq!(machine.crontab(), own);
    machine.run(&["-c", path, "--remove-schedule"]).is(0);
    assert_eq!(machine.crontab(), "");
}
