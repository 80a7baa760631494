//! The built program as cron, a container and a person without a terminal call it.

use std::fs;
use std::process::Command;

use netdata_ilert::alert::{Api, Status};
use netdata_ilert::simulator::{Answer, Barrier, World};
use rustix::process::Signal;

use crate::stage::{Ended, KEY, Running, Stage, arrived, end};

/// A machine with a crontab, and a critical alert that ilert was not told yet.
struct Machine(Stage);

impl Machine {
    fn new() -> Self {
        let mut world = World::new(Api::V3, "db-1");
        world.set(World::OWN, "disk._", "full", Status::Critical, 99.0);
        world.advance(2);
        let stage = Stage::of(world);
        stage.write_program(
            "crontab",
            "if [ \"$1\" = -l ]; then cat crontab 2>/dev/null || { echo no crontab for me >&2; exit 1; }\n\
             else cat > crontab; fi",
        );
        Self(stage)
    }

    fn crontab(&self) -> String {
        fs::read_to_string(self.0.path("crontab")).unwrap()
    }

    fn program(&self, arguments: &[&str]) -> Command {
        let mut command = self.0.command(arguments);
        command.env("PATH", format!("{}:/usr/bin:/bin", self.0.path("bin").display()));
        command
    }

    fn run(&self, arguments: &[&str]) -> Ended {
        end(self.program(arguments))
    }
}

#[test]
fn cron_delivers() {
    let machine = Machine::new();
    let installed = machine.run(&["--install-schedule", "cron"]);
    assert!(installed.code == Some(0), "{}", installed.stderr);
    // Shown, then done; nobody is asked where there is no terminal.
    assert!(installed.stderr.starts_with("change the crontab:\n  + * * * * * "), "{}", installed.stderr);
    assert!(installed.stderr.contains("added a line to the crontab"), "{}", installed.stderr);

    let crontab = machine.crontab();
    let line = crontab.trim_end().strip_prefix("* * * * * ").unwrap().to_owned();
    for told in [1, 1] {
        let mut cron = Command::new("/bin/sh");
        cron.env_clear().envs([
            ("HOME", "/"),
            ("LOGNAME", "me"),
            ("PATH", "/usr/bin:/bin"),
            ("SHELL", "/bin/sh"),
        ]);
        cron.args(["-c", &line]);
        let ran = end(cron);
        // Whatever is said would be a mail.
        assert_eq!((ran.code, ran.stderr.as_str(), ran.stdout.len()), (Some(0), "", 0));
        assert_eq!(machine.0.ilert.accepted(), told);
    }

    let again = machine.run(&["--install-schedule", "cron"]);
    assert!(again.code == Some(0) && again.stderr.contains("nothing to change"), "{}", again.stderr);
    let open = "what is open in ilert stays open, until somebody resolves it there: full (disk._) on db-1\n";
    let removed = machine.run(&["--remove-schedule"]);
    assert!(removed.code == Some(0), "{}", removed.stderr);
    assert!(removed.stderr.ends_with(&format!("nothing runs the sender now: {open}")), "{}", removed.stderr);
    let again = machine.run(&["--remove-schedule"]);
    assert!(again.code == Some(0) && again.stderr.ends_with(open), "{}", again.stderr);
    assert_eq!(machine.crontab(), "");
}

#[test]
fn a_schedule_for_a_broken_configuration_is_refused() {
    let machine = Machine::new();
    fs::write(machine.0.path("config.toml"), "version = 1\n").unwrap();
    let refused = machine.run(&["--install-schedule", "cron"]);
    assert_eq!(refused.code, Some(3), "{}", refused.stderr);
    assert!(!machine.0.path("crontab").exists());
}

#[test]
fn watching_ends_on_sigterm_after_the_run_under_way() {
    let machine = Machine::new();
    let barrier = Barrier::new();
    machine.0.ilert.answer_next(Answer::Stall(barrier.clone()));
    let watch = Running::start(machine.program(&["--watch", "3600"]));
    arrived(&barrier, 1);
    watch.signal(Signal::TERM);
    barrier.open();
    let ended = watch.wait();
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
    assert_eq!(machine.0.ilert.open().len(), 1);
    let status = machine.0.status();
    assert_eq!((&status["last_run"]["exit"], &status["waiting"]), (&0.into(), &serde_json::json!([])));
}

#[test]
fn reasons_go_to_stderr_where_that_is_no_journal() {
    let machine = Machine::new();
    let mut command = machine.program(&["--send", "-v"]);
    // Inherited from a service that has redirected its child.
    command.env("JOURNAL_STREAM", "8:12345");
    let ran = end(command);
    let line = ran.stderr.lines().find(|line| line.contains("due: ALERT")).unwrap().to_owned();
    assert!(line.contains("disk._") && !line.contains("machine_guid"), "{line}");
}

#[test]
fn the_doctor_speaks_ascii_to_cron_and_json_to_programs() {
    let machine = Machine::new();
    let words = machine.run(&["--doctor"]);
    assert_eq!(words.code, Some(0), "{}", words.stdout);
    assert!(words.stdout.is_ascii() && words.stdout.starts_with("ok configuration"));
    let json = machine.run(&["--doctor", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    assert!(json["checks"].as_array().unwrap().iter().any(|line| line["check"] == "ilert"));
    assert!(!json.to_string().contains(KEY));
}

#[test]
fn a_variable_that_the_schedule_has_not_is_named_with_its_fix_and_without_its_value() {
    let mut machine = Machine::new();
    machine.0.configure("ilert.endpoint", "https://ilert.invalid");
    let run = |arguments: &[&str]| {
        let mut command = machine.program(arguments);
        command.env("https_proxy", "http://me:hunter2@127.0.0.1:9");
        end(command)
    };
    let says = "`https_proxy` is not set for cron";
    let installed = run(&["--install-schedule", "cron"]);
    assert_eq!(installed.code, Some(0), "{}", installed.stderr);
    let words = installed.stderr.replace("is set here, and ", "");
    assert!(words.contains(says) && words.contains("`proxy` under `[ilert]`"), "{words}");
    let doctor = run(&["--doctor"]);
    let told = doctor.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(told.replace("is set here, and ", "").contains(says), "{told}");
    assert!(!told.contains("hunter2") && !words.contains("hunter2"), "{words}{told}");

    let crontab = machine.crontab();
    fs::write(machine.0.path("crontab"), format!("https_proxy=http://me:hunter2@127.0.0.1:9\n{crontab}"))
        .unwrap();
    let set = run(&["--install-schedule", "cron"]).stderr + &run(&["--doctor"]).stdout;
    assert!(!set.contains("is set here") && !set.contains("hunter2"), "{set}");
}
