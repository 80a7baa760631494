//! What left without a record: shown, told once, kept for its key, and missed where its list is lost.

use std::fs;
use std::path::Path;

use netdata_ilert::alert::Status::{Clear, Critical};
use netdata_ilert::delivery::lock::Lock;
use netdata_ilert::simulator::{Answer, Barrier};

use super::{Disk, send_from};
use crate::stage::{KEY, Running, Stage, arrived, bare, end, short};

/// The keys that `--status` shows as open.
fn open(stage: &Stage, folder: &Path) -> Vec<String> {
    let mut command = bare(&["--status", "--json"]);
    command.arg("--config").arg(stage.path("config.toml")).arg("--state-dir").arg(folder);
    let status: serde_json::Value = serde_json::from_str(&end(command).stdout).unwrap();
    let keys =
        status["open"].as_array().unwrap().iter().map(|open| short(open["alert_key"].as_str().unwrap()));
    keys.collect()
}

#[test]
fn what_leaves_without_a_record_is_shown_as_open_and_what_is_refused_is_tried_again() {
    let stage = Stage::new();
    let Some(disk) = Disk::mount(stage.path("disk")) else {
        eprintln!("skipped: a disk cannot be mounted here");
        return;
    };
    let place = disk.0.join("state");
    send_from(&stage, &place).is(0);
    for is_there in [true, false] {
        let place = if is_there { place.clone() } else { disk.0.join("none") };
        disk.remount("ro");
        stage.set("cpu", Critical);
        stage.ilert.answer_all(Some(Answer::Status(400)));
        let refused = send_from(&stage, &place);
        refused.is(1).says("each run tries it again until the state can be written");
        assert!(!refused.stderr.contains("--retry"), "{refused:#?}");
        assert_eq!(open(&stage, &place), [""; 0]);
        stage.ilert.answer_all(None);
        send_from(&stage, &place).is(1);
        assert_eq!(open(&stage, &place), ["cpu critical"]);
        disk.remount("rw");
        stage.set("cpu", Clear);
        send_from(&stage, &place).is(0);
        assert_eq!(stage.open(), [""; 0]);
    }
}

#[test]
fn one_run_at_a_time_where_no_lock_can_be_made() {
    let stage = Stage::new();
    let Some(disk) = Disk::mount(stage.path("disk")) else {
        eprintln!("skipped: a disk cannot be mounted here");
        return;
    };
    let place = disk.0.join("state");
    disk.remount("ro");
    stage.set("cpu", Critical);
    let barrier = Barrier::new();
    stage.ilert.answer_next(Answer::Stall(barrier.clone()));
    let mut command = bare(&["--send"]);
    command.arg("--config").arg(stage.path("config.toml")).arg("--state-dir").arg(&place);
    let first = Running::start(command);
    arrived(&barrier, 1);
    send_from(&stage, &place).is(0);
    first.kill();
    barrier.open();
    send_from(&stage, &place).is(1);
    disk.remount("rw");
    send_from(&stage, &place).is(0);
    assert_eq!(stage.open(), ["cpu critical"]);
}

#[test]
fn what_left_under_another_key_is_set_aside_and_followed_again_once_that_is_back() {
    const OTHER: &str = "il1api-another-0000000000000000000000000000";
    let stage = Stage::new();
    let Some(disk) = Disk::mount(stage.state()) else {
        eprintln!("skipped: a disk cannot be mounted here");
        return;
    };
    stage.ilert.add_key(OTHER);
    stage.send_well();
    stage.set("ram", Critical);
    stage.send_well();
    disk.remount("ro");
    stage.set("cpu", Critical);
    stage.send().is(1);
    stage.write_private("key", OTHER);
    stage.send().is(1);
    let keys = |list: &str| {
        let status = stage.status();
        let keys =
            status[list].as_array().unwrap().iter().map(|one| short(one["alert_key"].as_str().unwrap()));
        keys.collect::<Vec<_>>()
    };
    assert_eq!((keys("open").len(), keys("set_aside").len()), (2, 2), "while the state cannot be written");
    disk.remount("rw");
    stage.set("ram", Clear);
    stage.send().is(0).says("or put that key back: `netdata-ilert ");
    assert_eq!(keys("set_aside"), ["ram critical", "cpu critical"]);
    stage.write_private("key", KEY);
    stage.send().is(0);
    stage.write_private("key", OTHER);
    stage.send().is(0);
    let set_aside = || keys("set_aside").len();
    for _ in 0..2 {
        assert_eq!(set_aside(), 1);
        stage.send().is(0);
    }
    stage.set("cpu", Clear);
    stage.send().is(0);
    stage.write_private("key", KEY);
    stage.send().is(0);
    assert_eq!((stage.open(), set_aside()), (Vec::new(), 0));

    // A person resolves it, and says so.
    disk.remount("ro");
    stage.set("cpu", Critical);
    stage.send().is(1);
    disk.remount("rw");
    stage.write_private("key", OTHER);
    stage.send().is(0);
    stage.run(&["--discard", "all"]).is(0).says("under an old key or endpoint: 1");
    assert_eq!(set_aside(), 0);
}

#[test]
fn a_list_that_is_lost_is_said() {
    let stage = Stage::new();
    let Some(disk) = Disk::mount(stage.state()) else {
        eprintln!("skipped: a disk cannot be mounted here");
        return;
    };
    stage.send_well();
    let lock = stage.state().join("lock");
    let before = fs::read(&lock).unwrap();
    disk.remount("ro");
    stage.set("cpu", Critical);
    stage.send().is(1);
    disk.remount("rw");
    // As a run leaves it that can write the lock, and whose list is gone since.
    Lock::wait(&stage.state(), 0).unwrap().all_recorded(true);
    fs::write(&lock, [&before[..20], b"n\n"].concat()).unwrap();
    let run = stage.send();
    run.is(0).says("the list of the pages that were sent meanwhile is lost").says("--adopt");
    assert!(stage.send().stderr.is_empty());
}

#[test]
fn no_other_key_is_set_up_while_what_is_open_cannot_be_handed_over() {
    const OTHER: &str = "il1api-another-0000000000000000000000000000";
    let stage = Stage::new();
    let Some(disk) = Disk::mount(stage.state()) else {
        eprintln!("skipped: a disk cannot be mounted here");
        return;
    };
    stage.ilert.add_key(OTHER);
    stage.set("cpu", Critical);
    stage.send_well();
    let other = stage.write_private("other", OTHER);
    disk.remount("ro");
    for dry_run in [&["--dry-run"][..], &[]] {
        let arguments = [&["--setup", "--api-key-file", other.to_str().unwrap()], dry_run].concat();
        stage.run(&arguments).is(1).says("mounted read-only");
        assert_eq!(fs::read_to_string(stage.path("key")).unwrap(), KEY);
    }
    disk.remount("rw");
    stage.run(&["--setup", "--api-key-file", other.to_str().unwrap()]).is(0);
    assert_eq!(stage.open(), [""; 0]);
}
