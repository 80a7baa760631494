//! The built program as cron, a container and a person without a terminal call it.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, Mutex};

use netdata_ilert::alert::{Api, Status};
use netdata_ilert::simulator::{Answer, Gate, Ilert, Served, World, serve_netdata};
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;
use tokio::task::spawn_blocking;

const KEY: &str = "il1api-of-the-simulator-3f9a";

struct Machine {
    folder: TempDir,
    ilert: Ilert,
    _agent: Served,
    _service: Served,
}

impl Machine {
    /// With a critical alert that ilert was not told yet.
    fn new() -> Self {
        let mut world = World::new(Api::V3, "db-1");
        world.set(World::OWN, "disk._", "full", Status::Critical, 99.0);
        world.advance(2);
        let agent = serve_netdata(Arc::new(Mutex::new(world))).unwrap();
        let ilert = Ilert::new(KEY);
        let service = ilert.serve().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir(at("bin")).unwrap();
        let crontab = format!(
            "#!/bin/sh\ncd {}\nif [ \"$1\" = -l ]; then cat crontab 2>/dev/null || {{ echo no crontab for me >&2; exit 1; }}\n\
             else cat > crontab; fi\n",
            folder.path().display()
        );
        fs::write(at("bin/crontab"), crontab).unwrap();
        fs::set_permissions(at("bin/crontab"), fs::Permissions::from_mode(0o755)).unwrap();
        let config = format!(
            "version = 1\nnotification = {{ name = \"t\", notify = [\"critical\", \"clear\"] }}\n\
             integration.api_key = \"{KEY}\"\nnetdata.url = \"{}\"\nilert.endpoint = \"{}\"\n",
            agent.url(),
            service.url()
        );
        fs::write(at("config.toml"), config).unwrap();
        fs::set_permissions(at("config.toml"), fs::Permissions::from_mode(0o600)).unwrap();
        Self { folder, ilert, _agent: agent, _service: service }
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The program, with an environment as bare as cron's, and a crontab of this machine's own.
    fn program(&self, arguments: &[&str]) -> Command {
        let mut command = bare(env!("CARGO_BIN_EXE_netdata-ilert"));
        command
            .env("PATH", format!("{}:/usr/bin:/bin", self.at("bin").display()))
            .env("HOME", self.folder.path())
            .args(arguments)
            .arg("--config")
            .arg(self.at("config.toml"))
            .arg("--state-dir")
            .arg(self.at("state"));
        command
    }
}

fn bare(program: &str) -> Command {
    let mut command = Command::new(program);
    command.env_clear().stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Waits for a program while the simulated services answer it.
async fn output(mut command: Command) -> Output {
    spawn_blocking(move || command.output().unwrap()).await.unwrap()
}

async fn ended(child: Child) -> Output {
    spawn_blocking(move || child.wait_with_output().unwrap()).await.unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[tokio::test]
async fn cron_delivers() {
    let machine = Machine::new();
    let installed = output(machine.program(&["--install-schedule", "cron"])).await;
    assert!(installed.status.success(), "{}", said(&installed));
    // Shown, then done; nobody is asked where there is no terminal.
    assert!(said(&installed).starts_with("change the crontab:\n  + * * * * * "), "{}", said(&installed));
    assert!(said(&installed).contains("added a line to the crontab"), "{}", said(&installed));

    let crontab = fs::read_to_string(machine.at("crontab")).unwrap();
    let line = crontab.trim_end().strip_prefix("* * * * * ").unwrap().to_owned();
    for told in [1, 1] {
        let mut cron = bare("/bin/sh");
        cron.envs([("HOME", "/"), ("LOGNAME", "me"), ("PATH", "/usr/bin:/bin"), ("SHELL", "/bin/sh")]);
        cron.args(["-c", &line]);
        let ran = output(cron).await;
        // Whatever is said would be a mail.
        assert_eq!((ran.status.code(), said(&ran).as_str(), ran.stdout.len()), (Some(0), "", 0));
        assert_eq!(machine.ilert.accepted(), told);
    }

    let again = output(machine.program(&["--install-schedule", "cron"])).await;
    assert!(again.status.success() && said(&again).contains("nothing to do"), "{}", said(&again));
    let removed = output(machine.program(&["--remove-schedule"])).await;
    assert!(removed.status.success(), "{}", said(&removed));
    assert_eq!(fs::read_to_string(machine.at("crontab")).unwrap(), "");
}

#[tokio::test]
async fn a_schedule_for_a_broken_configuration_is_refused() {
    let machine = Machine::new();
    fs::write(machine.at("config.toml"), "version = 1\n").unwrap();
    let refused = output(machine.program(&["--install-schedule", "cron"])).await;
    assert_eq!(refused.status.code(), Some(3), "{}", said(&refused));
    assert!(!machine.at("crontab").exists());
}

#[tokio::test]
async fn watching_ends_on_sigterm_after_the_run_under_way() {
    let machine = Machine::new();
    let gate = Gate::new();
    machine.ilert.answer_next(Answer::Stall(gate.clone()));
    let child = machine.program(&["--watch", "3600"]).spawn().unwrap();
    gate.arrived(1).await;
    kill_process(Pid::from_child(&child), Signal::TERM).unwrap();
    gate.open();
    let ended = ended(child).await;
    assert_eq!((ended.status.code(), said(&ended).as_str()), (Some(0), ""));
    assert_eq!(machine.ilert.open().len(), 1);
    let status = output(machine.program(&["--status", "--json"])).await;
    let status: serde_json::Value = serde_json::from_slice(&status.stdout).unwrap();
    assert_eq!((&status["last_run"]["exit"], &status["waiting"]), (&0.into(), &serde_json::json!([])));
}

#[tokio::test]
async fn reasons_go_to_stderr_where_that_is_no_journal() {
    let machine = Machine::new();
    let mut command = machine.program(&["--send", "-v"]);
    // Inherited from a service that has redirected its child.
    command.env("JOURNAL_STREAM", "8:12345");
    let ran = output(command).await;
    let line = said(&ran).lines().find(|line| line.contains("due: ALERT")).unwrap().to_owned();
    assert!(line.contains("disk._") && !line.contains("machine_guid"), "{line}");
}

#[tokio::test]
async fn the_doctor_speaks_ascii_to_cron_and_json_to_programs() {
    let machine = Machine::new();
    let words = output(machine.program(&["--doctor"])).await;
    assert_eq!(words.status.code(), Some(0), "{}", String::from_utf8_lossy(&words.stdout));
    assert!(words.stdout.is_ascii() && words.stdout.starts_with(b"ok configuration"));
    let json = output(machine.program(&["--doctor", "--json"])).await;
    let json: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert!(json["checks"].as_array().unwrap().iter().any(|line| line["check"] == "ilert"));
    assert!(!json.to_string().contains(KEY));
}
