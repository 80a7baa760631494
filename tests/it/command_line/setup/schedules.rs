//! `--setup --schedule`, with stand-ins for `systemctl`, `loginctl` and `crontab`. The units are those of a user: root's
//! would be this machine's.

use std::fs;
use std::os::unix::fs::chown;
use std::path::{Path, PathBuf};
use std::process::Command;

use rustix::process::geteuid;

use super::Host;
use crate::stage::{BINARY, Ended, KEY, end};

const ALL: [&str; 4] = ["--name", "Production", "--schedule", "systemd"];

/// A user's machine with systemd.
pub(super) struct UsersHost(pub(super) Host);

impl UsersHost {
    /// Nothing where another user cannot run the binary.
    pub(super) fn new() -> Option<Self> {
        let host = Self(Host::new());
        let enabled = "case \"$*\" in *is-enabled*|*is-active*) test -e enabled;;\n\
                       *enable\\ --now*) echo \"systemctl $*\" >> calls; touch enabled;;\n\
                       *disable*) echo \"systemctl $*\" >> calls; rm -f enabled;;\n\
                       *) echo \"systemctl $*\" >> calls;; esac";
        host.write_systemctl(enabled);
        let stage = &host.0.0.stage;
        stage.write_program("loginctl", "echo \"loginctl $*\" >> calls");
        fs::create_dir(stage.path("systemd")).unwrap();
        give(stage.folder.path());
        let runs = end(as_user(host.0.program(&["--version"]))).code == Some(0);
        if !runs {
            eprintln!("skipped: another user cannot run the binary where it is");
        }
        runs.then_some(host)
    }

    fn write_systemctl(&self, script: &str) {
        self.0.0.stage.write_program("systemctl", script);
    }

    pub(super) fn by_key(&self, arguments: &[&str]) -> Ended {
        let mut command = self.0.command(arguments);
        command.env("ILERT_API_KEY", KEY);
        end(as_user(command))
    }

    fn unit(&self, kind: &str) -> PathBuf {
        self.0.0.stage.path(".config/systemd/user").join(format!("netdata-ilert.{kind}"))
    }

    /// What was called since the last look.
    fn calls(&self) -> Vec<String> {
        let path = self.0.0.stage.path("calls");
        let calls = fs::read_to_string(&path).unwrap_or_default();
        let _ = fs::remove_file(path);
        calls.lines().map(str::to_owned).collect()
    }
}

/// The same call as a user who is not root.
pub(super) fn as_user(inner: Command) -> Command {
    if !geteuid().is_root() {
        return inner;
    }
    let mut command = Command::new("/usr/bin/setpriv");
    command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]);
    command.arg(inner.get_program()).args(inner.get_args()).env_clear();
    command.envs(inner.get_envs().filter_map(|(name, value)| Some((name, value?))));
    command
}

pub(super) fn give(path: &Path) {
    if !geteuid().is_root() {
        return;
    }
    chown(path, Some(65534), Some(65534)).unwrap();
    if path.is_dir() {
        for entry in fs::read_dir(path).unwrap() {
            give(&entry.unwrap().path());
        }
    }
}

#[test]
fn a_timer_is_installed_once_and_then_is_unchanged() {
    let Some(host) = UsersHost::new() else { return };
    let made = host.by_key(&ALL);
    made.is(0).says("netdata-ilert.timer`\n").says("ran `systemctl --user enable --now netdata-ilert.timer`");
    let enable = "systemctl --user enable --now netdata-ilert.timer";
    assert_eq!(host.calls(), ["systemctl --user daemon-reload", enable, "loginctl enable-linger"]);
    let service = fs::read_to_string(host.unit("service")).unwrap();
    let state = host.0.0.stage.state();
    assert!(
        service.contains(&format!("ExecStart={BINARY} --send --state-dir {}\n", state.display())),
        "{service}"
    );
    assert!(fs::read_to_string(host.unit("timer")).unwrap().contains("OnUnitActiveSec="));

    host.by_key(&ALL).is(0).says("unchanged: the schedule\n").says("nothing has changed");
    assert_eq!(host.calls(), [""; 0]);
    let again = end(as_user(host.0.program(&["--install-schedule", "systemd"])));
    again.is(0).says("nothing to change: the schedule is as it should be\n");
    assert!(!again.stderr.contains("run `"), "{again:?}");
    assert_eq!(host.calls(), [""; 0]);
    // Stopped by hand, it is no schedule.
    fs::remove_file(host.0.0.stage.path("enabled")).unwrap();
    let again = host.by_key(&ALL);
    again.is(0).says("ran `systemctl --user enable");
    assert!(!again.stderr.contains("nothing has changed"), "{again:?}");
    assert_eq!(host.calls(), [enable, "loginctl enable-linger"]);
}

#[test]
fn one_kind_replaces_the_other_and_none_removes_it() {
    let Some(host) = UsersHost::new() else { return };
    host.by_key(&ALL).is(0);
    host.calls();
    let cron = host.by_key(&["--schedule", "cron"]);
    cron.is(0)
        .says("ran `systemctl --user disable --now netdata-ilert.timer`")
        .says("added a line to the crontab");
    assert!(!host.unit("timer").exists() && !host.unit("service").exists());
    assert_eq!(host.0.crontab().lines().count(), 1);
    host.by_key(&["--schedule", "cron"]).is(0).says("nothing has changed");
    host.by_key(&["--schedule", "systemd"]).is(0).says("took the line out of the crontab");
    assert!(host.unit("timer").exists() && host.0.crontab().is_empty());
    host.by_key(&["--schedule", "none"]).is(0).says("removed `");
    assert!(!host.unit("timer").exists());
    host.by_key(&["--schedule", "none"]).is(0).says("nothing has changed");
}

#[test]
fn a_systemctl_that_fails_is_said_and_the_next_call_goes_on() {
    let Some(host) = UsersHost::new() else { return };
    let works = fs::read_to_string(host.0.0.stage.path("bin/systemctl")).unwrap();
    host.write_systemctl("echo Failed to connect to bus >&2; exit 1");
    let failed = host.by_key(&ALL);
    failed.is(1).says("Failed to connect to bus").says("not done: the schedule, a dry run of the sender");
    fs::write(host.0.0.stage.path("bin/systemctl"), works).unwrap();
    host.by_key(&ALL).is(0).says("so there is no live test").says("ran `systemctl --user enable");
    assert_eq!(host.0.tests(), 1);
}

#[test]
fn without_systemd_nothing_is_begun() {
    let Some(host) = UsersHost::new() else { return };
    fs::remove_dir(host.0.0.stage.path("systemd")).unwrap();
    host.by_key(&ALL).is(1).says("systemd");
    host.0.is_untouched();
}

#[test]
fn a_line_by_hand_that_runs_just_this_is_the_schedule() {
    let host = Host::new();
    let line = format!(
        "* * * * * {BINARY} --send --config {} --state-dir {} 2>&1 | logger",
        host.etc("config.toml").display(),
        host.0.stage.state().display()
    );
    // The last line has no newline, as some editors leave it.
    let crontab = format!("MAILTO=x\n*/2 * * * * {line}", line = line.strip_prefix("* * * * * ").unwrap());
    fs::write(host.0.stage.path("crontab"), &crontab).unwrap();
    for call in 0..2 {
        let ended = host.by_key(&["--name", "a", "--schedule", "cron"]);
        ended.is(0).says("line 2 of the crontab runs the sender already: it is kept as the schedule");
        assert_eq!(ended.stderr.contains("nothing has changed"), call > 0, "{ended:?}");
        assert_eq!(host.crontab(), crontab);
    }
    host.by_key(&["--schedule", "none"]).is(0).says("`--schedule none` cannot remove it");
    // One with another state is not this schedule.
    let other = crontab.replace("--state-dir ", "--state-dir /other");
    fs::write(host.0.stage.path("crontab"), &other).unwrap();
    let refused = host.by_key(&["--schedule", "cron"]);
    refused
        .is(1)
        .says("line 2 of your crontab")
        .says("`--schedule none` cannot remove it")
        .says("leave `--schedule` out");
    assert!(
        !refused.stderr.contains("-schedule cron`") && !refused.stderr.contains("--remove"),
        "{refused:?}"
    );
    assert_eq!(host.crontab(), other);
}

#[test]
fn a_last_line_without_a_newline_stays_a_line() {
    let host = Host::new();
    fs::write(host.0.stage.path("crontab"), "15 3 * * * backup").unwrap();
    host.by_key(&["--name", "a", "--schedule", "cron"]).is(0).says("added a line to the crontab");
    let crontab = host.crontab();
    let [backup, sender] = crontab.lines().collect::<Vec<_>>().try_into().unwrap();
    assert!(backup == "15 3 * * * backup" && sender.starts_with("* * * * * "), "{crontab}");
}

#[test]
fn what_is_said_of_a_schedule_names_the_flags_of_this_call() {
    let host = Host::new();
    host.by_key(&["--name", "a", "--schedule", "cron"]).is(0);
    let cloud = host.by_key(&["--delivered-by", "netdata-cloud"]);
    cloud.is(0).says("`--schedule none` removes it");
    assert!(!cloud.stderr.contains("--remove-schedule"), "{cloud:?}");
    let plan = host.by_key(&["--dry-run", "--json"]);
    assert!(plan.is(0).stdout.contains("`--schedule none` removes it"), "{plan:?}");
}
