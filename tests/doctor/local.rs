//! What is wrong on the machine itself: its state folder, what runs left there, what runs the sender.

use std::fs;
use std::path::Path;

use netdata_ilert::alert::Status;
use netdata_ilert::delivery::run::Exit;
use netdata_ilert::doctor::{Mark, Place, examine};
use netdata_ilert::simulator::{Answer, World};

use super::machine::{Machine, assert_line, healthy};

#[tokio::test]
async fn the_state_folder() {
    let machine = Machine::new();
    assert_line(&machine.examine().await, "state folder", Mark::Good, "will be made by the first run", "");
    fs::write(machine.at("state"), "a file").unwrap();
    let found = machine.examine().await;
    assert_eq!(found.exit(), Exit::Refused);
    assert_line(&found, "state folder", Mark::Wrong, "it is no folder", "");
    fs::remove_file(machine.at("state")).unwrap();
    machine.run().await;
    fs::remove_file(machine.at("state/state.db-wal")).unwrap();
    fs::write(machine.at("state/state.db"), "not a database, and long enough to be taken for one".repeat(9))
        .unwrap();
    assert_line(
        &machine.examine().await,
        "state folder",
        Mark::Wrong,
        "cannot use the state",
        "move it away",
    );
}

#[tokio::test]
async fn a_state_folder_in_memory() {
    let shared_memory = Path::new("/dev/shm");
    if !shared_memory.is_dir() {
        eprintln!("skipped: there is no /dev/shm");
        return;
    }
    let folder = tempfile::tempdir_in(shared_memory).unwrap();
    let machine = Machine::new();
    let found = examine(&Place {
        config: &machine.write_config(),
        state: folder.path(),
        schedule: None,
        notify_files: Vec::new(),
        clock: &|| machine.now(),
    })
    .await;
    assert_line(&found, "state folder", Mark::Warning, "is in memory", "`--state-dir`");
}

#[tokio::test]
async fn what_runs_left_behind() {
    let mut machine = healthy().await;
    machine.ilert.answer_all(Some(Answer::Status(400)));
    machine.world.lock().unwrap().set(World::OWN, "net.eth0", "drops", Status::Critical, 7.0);
    machine.world.lock().unwrap().advance(2);
    assert_eq!(machine.run().await, Exit::Refused);
    let found = machine.examine().await;
    assert_eq!(found.exit(), Exit::Refused);
    assert_line(&found, "failed events", Mark::Wrong, "refused 1 event for good", "`--retry`");
    assert_line(&found, "last run", Mark::Warning, "it ended with 4", "`--status`");

    machine.ilert.answer_all(Some(Answer::Status(401)));
    machine.world.lock().unwrap().set(World::OWN, "net.eth1", "drops", Status::Critical, 7.0);
    machine.world.lock().unwrap().advance(2);
    machine.run().await;
    machine.ahead = 20 * 60_000;
    assert_line(&machine.examine().await, "outbox", Mark::Warning, "1 event not accepted", "`--send -v`");

    machine.ilert.recover();
    machine.ahead = 0;
    machine.secret("api-key", "il1api-of-another-source-77bb");
    machine.ilert.add_key("il1api-of-another-source-77bb");
    machine.run().await;
    assert_line(
        &machine.examine().await,
        "old key",
        Mark::Warning,
        "still open under an API key used before",
        "by hand",
    );
}

#[tokio::test]
async fn who_runs_it() {
    let mut machine = Machine::new();
    let found = machine.examine().await;
    assert_line(
        &found,
        "schedule",
        Mark::Warning,
        "nothing runs `--send`; it never ran",
        "`--install-schedule cron`",
    );
    machine.run().await;
    assert_line(
        &machine.examine().await,
        "schedule",
        Mark::Good,
        "something runs `--send`: the last run was 0 s ago",
        "",
    );
    machine.schedule();
    assert_line(
        &machine.examine().await,
        "schedule",
        Mark::Good,
        "a crontab line; the last run was 0 s ago",
        "",
    );
    machine.ahead = 600_000;
    let found = machine.examine().await;
    assert_eq!(found.exit(), Exit::Refused);
    assert_line(
        &found,
        "schedule",
        Mark::Wrong,
        "is installed, but the last run was 10 min ago",
        "does cron run",
    );
    machine.ahead = 0;
    let line = fs::read_to_string(machine.at("crontab")).unwrap();
    fs::write(machine.at("crontab"), line.replace("config.toml", "other.toml")).unwrap();
    assert_line(
        &machine.examine().await,
        "schedule",
        Mark::Warning,
        "another program, configuration",
        "cron",
    );
    fs::create_dir(machine.at("units")).unwrap();
    fs::write(machine.at("units/netdata-ilert.timer"), "[Timer]\n").unwrap();
    assert_line(
        &machine.examine().await,
        "schedule",
        Mark::Warning,
        "a systemd timer and a crontab line",
        "that one alone",
    );
}
