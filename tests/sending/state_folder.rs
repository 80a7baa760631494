//! The state folder: whose it is, and what happens where it cannot be used.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use netdata_ilert::alert::Status;

use crate::stage::{Stage, end};

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
fn a_folder_that_others_could_enter_is_closed() {
    let stage = Stage::new();
    fs::create_dir(stage.state()).unwrap();
    fs::set_permissions(stage.state(), fs::Permissions::from_mode(0o777)).unwrap();
    stage.send().is(0);
    assert_eq!(fs::metadata(stage.state()).unwrap().permissions().mode() & 0o777, 0o700);
}

#[test]
fn that_cannot_be_used_is_said_once_and_nothing_is_sent_or_lost() {
    let stage = Stage::new();
    stage.set("cpu", Status::Critical);
    // Modes do not bind root: a file where the folder should be binds everyone.
    for (make, remove) in [
        (stage.state(), stage.state()),
        (stage.state().join("lock"), stage.state()),
        (stage.state().join("state.db"), stage.state()),
    ] {
        if make == stage.state() {
            fs::write(&make, "").unwrap();
        } else {
            fs::create_dir_all(&make).unwrap();
        }
        let ended = stage.send();
        ended.is(1).says("error: cannot").says(stage.state().to_str().unwrap());
        assert_eq!(ended.stderr.matches("os error").count(), 1, "{ended:?}");
        assert_eq!(stage.told(), [""; 0]);
        if remove.is_dir() { fs::remove_dir_all(remove).unwrap() } else { fs::remove_file(remove).unwrap() }
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
            ended.is(1).says("the file is damaged: move it away; what is raised will be told anew");
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
