//! The state folder: whose it is, and what happens where it cannot be used.

mod owners;

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::Command;

use netdata_ilert::alert::Status;

use crate::stage::{Stage, bare, end};

#[test]
fn is_its_owners_alone_whatever_the_umask() {
    for umask in ["000", "022", "077", "277"] {
        let stage = Stage::new();
        stage.set("cpu", Status::Critical);
        let setup = format!("umask {umask}");
        end(stage.command_after(&setup, &["--send"])).is(0);
        stage.set("ram", Status::Critical);
        end(stage.command_after(&setup, &["--send"])).is(0);
        end(stage.command_after(&setup, &["--status"])).is(0);
        let mode = fs::metadata(stage.state()).unwrap().permissions().mode() & 0o7777;
        assert_eq!(mode, 0o700, "umask {umask}");
        let files = stage.state_files();
        assert!(files.len() >= 3);
        for (path, mode, _) in files {
            assert_eq!(mode, 0o600, "umask {umask}: {}", path.display());
        }
    }
}

#[test]
fn a_folder_without_state_that_others_can_enter_is_refused_and_keeps_its_mode() {
    let stage = Stage::new();
    stage.set("cpu", Status::Critical);
    let folder = stage.state();
    for holds in [None, Some("lost+found"), Some("lock"), Some("state.db"), Some("generation")] {
        stage.make_state();
        if let Some(name) = holds {
            fs::write(folder.join(name), "").unwrap();
        }
        for mode in [0o755, 0o711, 0o750, 0o777] {
            fs::set_permissions(&folder, Permissions::from_mode(mode)).unwrap();
            for arguments in ["--send", "--status", "--retry"] {
                let ended = stage.run(&[arguments]);
                ended.is(1).says(&format!("`{}`", folder.display()));
                ended.says(&format!("(mode {mode:04o})")).says(&format!("`chmod 700 {}`", folder.display()));
            }
            let ended = stage.run(&["--doctor"]);
            assert!(ended.stdout.contains("chmod 700"), "{ended:?}");
            assert_eq!(fs::metadata(&folder).unwrap().permissions().mode() & 0o7777, mode);
            assert_eq!(fs::read_dir(&folder).unwrap().count(), usize::from(holds.is_some()));
        }
        fs::remove_dir_all(&folder).unwrap();
    }
    assert_eq!(stage.told(), [""; 0]);
    stage.make_state();
    assert_eq!(stage.send_well(), ["ALERT cpu critical"]);
}

/// Puts something at a path.
type Put = fn(&Path);

#[test]
fn what_is_no_folder_is_named_as_what_it_is() {
    let stage = Stage::new();
    let path = stage.state();
    let kinds: [(&str, Put); 5] = [
        ("it is a file, not a folder", |path| fs::write(path, "").unwrap()),
        ("it is a device, not a folder", |path| symlink("/dev/null", path).unwrap()),
        ("it is a link to nothing", |path| symlink("/nowhere/at/all", path).unwrap()),
        ("it is a socket, not a folder", |path| drop(UnixListener::bind(path).unwrap())),
        ("it is a FIFO, not a folder", |path| {
            assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
        }),
    ];
    for (says, put) in kinds {
        put(&path);
        for arguments in ["--send", "--status", "--retry"] {
            stage.run(&[arguments]).is(1).says(says).says("name a folder with `--state-dir`");
        }
        let ended = stage.run(&["--doctor"]);
        assert!(ended.stdout.contains(says), "{ended:?}");
        fs::remove_file(&path).unwrap();
    }
    let mut command = bare(&["--send", "--state-dir", "/dev/null/state", "--config"]);
    command.arg(stage.path("config.toml"));
    end(command).is(1).says("`/dev/null` is a device, not a folder");
}

#[test]
fn that_cannot_be_used_is_said_once_and_nothing_is_sent_or_lost() {
    let stage = Stage::new();
    stage.set("cpu", Status::Critical);
    // Modes do not bind root: a folder where the file should be binds everyone.
    for name in ["lock", "generation", "state.db", "state.db-wal", "state.db-shm", "state.db-journal"] {
        stage.make_state();
        let path = stage.state().join(name);
        fs::create_dir(&path).unwrap();
        let mv = format!("move it away with `mv {0} {0}.away`", path.display());
        for arguments in ["--send", "--status", "--retry"] {
            let ended = stage.run(&[arguments]);
            ended.is(1).says("error: cannot").says(&format!("`{}`", path.display()));
            ended.says("it is a folder, where a file of the state belongs").says(&mv);
            assert_eq!(ended.stderr.lines().count(), 1, "{ended:?}");
        }
        let ended = stage.run(&["--doctor"]);
        assert!(ended.stdout.contains(&mv), "{ended:?}");
        assert_eq!(stage.told(), [""; 0]);
        fs::remove_dir_all(stage.state()).unwrap();
    }
    assert_eq!(stage.send_well(), ["ALERT cpu critical"]);
}

#[test]
fn a_damaged_database_is_said_to_be_one() {
    let stage = Stage::new();
    for alert in ["a", "b", "c"] {
        stage.set(alert, Status::Critical);
    }
    stage.send_well();
    let database = stage.state().join("state.db");
    let connection = rusqlite::Connection::open(&database).unwrap();
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    drop(connection);
    let whole: Vec<_> = stage.state_files();
    let mut torn = fs::read(&database).unwrap();
    torn.truncate(torn.len() / 2);
    for damage in [b"This is no database, but long enough to be taken for one.".repeat(100), torn] {
        for (path, ..) in stage.state_files() {
            fs::remove_file(path).unwrap();
        }
        fs::write(&database, damage).unwrap();
        for mode in ["--send", "--status", "--retry"] {
            let ended = stage.run(&[mode]);
            ended.is(1).says("the file is damaged: move it away; what is raised will be sent again");
            assert_eq!(ended.stderr.matches("state.db").count(), 1, "{ended:?}");
        }
        assert_eq!(stage.told(), [""; 0]);
    }
    for (path, _, contents) in whole {
        fs::write(path, contents).unwrap();
    }
    assert_eq!(stage.send_well(), [""; 0]);
    // Moved away, as was said: all that is raised is told anew, onto the alerts that are open.
    fs::remove_dir_all(stage.state()).unwrap();
    assert_eq!(stage.send_well().len(), 3);
    assert_eq!(stage.history().len(), 3);
}

#[test]
fn a_row_that_cannot_be_read_is_named() {
    let stage = Stage::new();
    stage.set("cpu", Status::Critical);
    stage.send_well();
    let database = rusqlite::Connection::open(stage.state().join("state.db")).unwrap();
    database.execute("UPDATE ledger SET entry = '{\"standing\":7}'", []).unwrap();
    drop(database);
    // As long as nothing is due of it, it is not read.
    stage.send_well();
    stage.set("cpu", Status::Warning);
    for mode in ["--send", "--status"] {
        stage
            .run(&[mode])
            .is(1)
            .says("holds a row that cannot be read")
            .says("cpu")
            .says("move the file away");
    }
}

#[test]
fn a_later_versions_database_is_left_alone() {
    let stage = Stage::new();
    stage.send_well();
    let database = rusqlite::Connection::open(stage.state().join("state.db")).unwrap();
    database.pragma_update(None, "user_version", 99).unwrap();
    drop(database);
    stage.set("cpu", Status::Critical);
    for mode in ["--send", "--status", "--retry"] {
        stage.run(&[mode]).is(1).says("has version 99").says("use the newer program again");
    }
    assert_eq!(stage.told(), [""; 0]);
}

#[test]
fn another_programs_database_is_named_as_one() {
    let stage = Stage::new();
    stage.set("cpu", Status::Critical);
    fs::create_dir(stage.state()).unwrap();
    let database = rusqlite::Connection::open(stage.state().join("state.db")).unwrap();
    database.execute_batch("CREATE TABLE bookmarks (url TEXT)").unwrap();
    for mode in ["--send", "--status", "--retry"] {
        stage.run(&[mode]).is(1).says("state.db` is another program's database: name another folder with");
    }
    assert_eq!(stage.told(), [""; 0]);
}

#[test]
fn the_database_alone_is_the_whole_state_after_a_run_that_wrote() {
    let stage = Stage::new();
    stage.set("cpu", Status::Critical);
    assert_eq!(stage.send_well(), ["ALERT cpu critical"]);
    stage.set("ram", Status::Warning);
    assert_eq!(stage.send_well(), ["ALERT ram warning"]);
    // Copied to another machine, which goes on.
    let copy = fs::read(stage.state().join("state.db")).unwrap();
    fs::remove_dir_all(stage.state()).unwrap();
    stage.make_state();
    fs::write(stage.state().join("state.db"), copy).unwrap();
    assert_eq!(stage.send_well(), [""; 0]);
    stage.set("cpu", Status::Clear);
    assert_eq!(stage.send_well(), ["RESOLVE cpu critical"]);
    // Somebody tidies up.
    for name in ["state.db-wal", "state.db-shm"] {
        fs::remove_file(stage.state().join(name)).unwrap();
    }
    stage.set("ram", Status::Clear);
    assert_eq!(stage.send_well(), ["RESOLVE ram warning"]);
    assert_eq!(stage.history().len(), 2);
}

#[test]
fn another_endpoint_is_another_ilert() {
    let mut stage = Stage::new();
    stage.set("cpu", Status::Critical);
    assert_eq!(stage.send_well(), ["ALERT cpu critical"]);
    let endpoint = stage.endpoint.url();
    stage.configure("ilert.endpoint", format!("{}/", endpoint.replace("http:", "HTTP:")));
    assert_eq!(stage.send_well(), [""; 0], "another spelling of the same one");
    stage.configure("ilert.endpoint", endpoint.replace("127.0.0.1", "localhost"));
    stage.send().is(0);
    assert_eq!(stage.told(), ["ALERT cpu critical"]);
    assert_eq!(stage.send_well(), [""; 0]);
}
