//! What another user may have put where this program keeps its state: links, pipes and devices.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::Command;

use netdata_ilert::alert::Status;

use crate::stage::{Stage, end, end_with_input};

const FILES: [&str; 6] =
    ["lock", "state.db", "state.db-wal", "state.db-shm", "state.db-journal", "generation"];

fn made(program: &str, arguments: &[&str], path: &Path) -> bool {
    Command::new(program).args(arguments).arg(path).status().unwrap().success()
}

#[test]
fn each_file_of_the_state_is_neither_followed_nor_waited_for() {
    let stage = Stage::new();
    stage.set("cpu", Status::Critical);
    let victim = stage.path("victim");
    for name in FILES {
        for what in ["link", "another name", "FIFO"] {
            fs::write(&victim, "precious").unwrap();
            fs::set_permissions(&victim, Permissions::from_mode(0o644)).unwrap();
            stage.make_state();
            let path = stage.state().join(name);
            match what {
                "link" => symlink(&victim, &path).unwrap(),
                "another name" => fs::hard_link(&victim, &path).unwrap(),
                _ => assert!(made("mkfifo", &[], &path)),
            }
            for mode in ["--send", "--status", "--retry"] {
                stage.run(&[mode]).is(1).says(what).says(path.to_str().unwrap());
            }
            let ended = stage.run(&["--doctor"]);
            assert!(ended.stdout.contains(what), "{name}: {ended:?}");
            assert_eq!(fs::read_to_string(&victim).unwrap(), "precious", "{name}");
            assert_eq!(fs::metadata(&victim).unwrap().permissions().mode() & 0o777, 0o644, "{name}");
            fs::remove_dir_all(stage.state()).unwrap();
        }
    }
    assert_eq!(stage.told(), [""; 0]);
}

#[test]
fn an_interrupted_wizards_answers_are_neither_followed_nor_waited_for() {
    for what in ["link", "FIFO", "folder"] {
        let stage = Stage::new();
        stage.make_state();
        let draft = stage.state().join("wizard-draft.json");
        match what {
            "link" => symlink("/dev/zero", &draft).unwrap(),
            "FIFO" => assert!(made("mkfifo", &["-m", "600"], &draft)),
            _ => fs::create_dir(&draft).unwrap(),
        }
        // It begins, and the input ends.
        let ended = end_with_input(stage.command(&["--plain"]), "");
        ended.is(1).says("the input ended");
        assert!(ended.stdout.contains(": Before you start"), "{what}: {ended:?}");
    }
}

/// The permissions of a core file are its owner's, and its owner is who runs this: there is to be none.
#[test]
fn a_service_leaves_no_core_file() {
    for unit in ["netdata-ilert.service", "netdata-ilert-user.service"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/systemd").join(unit);
        assert!(fs::read_to_string(path).unwrap().lines().any(|line| line == "LimitCORE=0"), "{unit}");
    }
}

#[test]
fn a_configuration_or_an_event_that_is_a_device_is_refused_at_once() {
    let stage = Stage::new();
    let socket = stage.path("socket");
    let _listener = UnixListener::bind(&socket).unwrap();
    let socket = socket.to_str().unwrap();
    let given =
        [(socket, "it is a socket"), ("/dev/zero", "device"), ("/dev/stdin", ""), ("/proc/self/mem", "")];
    for (device, what) in given {
        let mut command = crate::stage::bare(&["--send", "--config", device]);
        command.arg("--state-dir").arg(stage.state());
        end(command).is(3).says(what);
        stage.run(&["--preview", "--event", device]).is(2).says(what);
    }
}

#[test]
fn a_dry_run_is_refused_as_the_run_is() {
    let missing = |stage: &Stage, name: &str| stage.path(name).to_string_lossy().into_owned();
    for (key, name, says) in [
        ("ilert.ca_file", "ca.pem", "cannot use the certificate authorities in"),
        ("netdata.ca_file", "ca.pem", "cannot use the certificate authorities in"),
        ("heartbeat.url", "heartbeat", "no heartbeat is sent"),
    ] {
        let mut stage = Stage::new();
        stage.set("cpu", Status::Critical);
        let path = missing(&stage, name);
        if key == "heartbeat.url" {
            stage.configure(key, toml::Table::from_iter([("file".to_owned(), path.into())]));
        } else {
            stage.configure(key, path);
        }
        let dry = stage.run(&["--send", "--dry-run"]);
        dry.says(says);
        let run = stage.run(&["--send"]);
        assert_eq!(dry.code, run.code, "{key}: {dry:?}\n{run:?}");
        if key != "heartbeat.url" {
            run.is(3).says(says);
        }
    }
}
