//! One schedule runs all that are installed, also those that come later; one elsewhere has a line of its own.

use std::fs;
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
