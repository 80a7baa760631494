//! Runs that end before their time: killed with an event on the wire, interrupted, out of disk. The next run ends
//! in the same place.

use std::fs;
use std::io::Write as _;
use std::os::unix::process::ExitStatusExt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use netdata_ilert::alert::{Api, Status};
use netdata_ilert::delivery::store::{Continuity, Store};
use netdata_ilert::simulator::{Answer, Barrier, Fault, World};
use rustix::process::{Pid, Signal, kill_process};

use super::unwritable::Disk;
use crate::stage::{Stage, arrived, end};

/// Told: a warning, b critical. Now: a critical, b clear, c raised and d come and gone.
fn busy() -> Stage {
    let stage = Stage::new();
    make_busy(&stage);
    stage
}

fn make_busy(stage: &Stage) {
    stage.set("a", Status::Warning);
    stage.set("b", Status::Critical);
    assert_eq!(stage.send_well().len(), 2);
    stage.set("a", Status::Critical);
    stage.set("b", Status::Clear);
    stage.set("c", Status::Warning);
    stage.set("d", Status::Critical);
    stage.set("d", Status::Clear);
}

/// How many requests a run that is let be needs for that.
const REQUESTS: usize = 6;

/// ilert shows what Netdata shows, nobody was paged twice, and no alert had its events in another order.
#[track_caller]
fn ends_in_the_same_place(stage: &Stage, case: &str) {
    let mut open = stage.open();
    open.sort();
    assert_eq!(open, ["a critical", "c warning"], "{case}");
    let mut history = stage.history();
    history.sort();
    assert_eq!(history, ["a critical", "a warning", "b critical", "c warning", "d critical"], "{case}");
    stage.run(&["--status"]).is(0);
    let shown = stage.status();
    assert_eq!(shown["open"].as_array().unwrap().len(), open.len(), "{case}: {shown:#}");
    let store = Store::open_existing(&stage.state()).unwrap().unwrap();
    assert_eq!((store.continuity(), store.lost_at().unwrap()), (Continuity::Whole, None), "{case}");
}

/// Kills the run when its `count`th request has come, before or after ilert has processed it.
pub(super) fn kill_at(stage: &Stage, count: usize, processed: bool) -> std::process::ExitStatus {
    let arrivals = Arc::new(AtomicUsize::new(0));
    let child: Arc<Mutex<Option<Pid>>> = Arc::default();
    let victim = Arc::clone(&child);
    stage.ilert.answer_by(move |_| {
        (arrivals.fetch_add(1, Ordering::SeqCst) + 1 >= count).then_some(())?;
        let pid = victim.lock().unwrap().unwrap();
        // It may be gone already, with several requests under way.
        let _ = kill_process(pid, Signal::KILL);
        (!processed).then_some(Answer::Reset)
    });
    let mut command = stage.command(&["--send"]);
    let mut pid = child.lock().unwrap();
    let mut run = command.spawn().unwrap();
    *pid = Some(Pid::from_child(&run));
    drop(pid);
    let status = run.wait().unwrap();
    stage.ilert.recover();
    status
}

#[test]
fn killed_with_any_event_on_the_wire() {
    assert_eq!(busy().send_well().len(), REQUESTS);
    for count in 1..=REQUESTS {
        for processed in [false, true] {
            let stage = busy();
            let case = format!("request {count}, processed: {processed}");
            assert_eq!(kill_at(&stage, count, processed).signal(), Some(9), "{case}");
            stage.send_well();
            ends_in_the_same_place(&stage, &case);
        }
    }
}

#[test]
fn killed_again_and_again() {
    let stage = busy();
    for count in [1, 1, 2, 1] {
        kill_at(&stage, count, true);
    }
    stage.send_well();
    ends_in_the_same_place(&stage, "again and again");
}

#[test]
fn killed_while_netdata_is_asked_or_ilert_has_not_answered() {
    let stage = busy();
    let barrier = Barrier::new();
    stage.netdata.fail(Some(Fault::Stall(barrier.clone())));
    let run = stage.start(&["--send"]);
    arrived(&barrier, 1);
    run.kill();
    stage.netdata.fail(None);
    let barrier = Barrier::new();
    stage.ilert.answer_all(Some(Answer::Stall(barrier.clone())));
    let run = stage.start(&["--send"]);
    arrived(&barrier, 1);
    run.kill();
    stage.ilert.recover();
    let tried: Vec<_> =
        stage.status()["waiting"].as_array().unwrap().iter().map(|one| one["tried"].clone()).collect();
    assert_eq!(tried.iter().filter(|tried| **tried == true).count(), 1, "{tried:?}");
    stage.send_well();
    ends_in_the_same_place(&stage, "stalled");
}

#[test]
fn interrupted_by_the_keyboard() {
    let stage = busy();
    let barrier = Barrier::new();
    stage.ilert.answer_next(Answer::Stall(barrier.clone()));
    let run = stage.start(&["--send"]);
    arrived(&barrier, 1);
    kill_process(Pid::from_raw(run.id().try_into().unwrap()).unwrap(), Signal::INT).unwrap();
    run.wait().is(130);
    stage.send_well();
    ends_in_the_same_place(&stage, "interrupted");
}

/// Runs that can write no file further than so far, 8 KiB more at each try, until it is enough. `trap` decides
/// whether a write further on fails, as on a full disk, or kills.
fn without_room(trap: &str, code: Option<i32>) {
    let mut sent_and_ended = 0;
    // In blocks of 512 bytes.
    for room in (0..).step_by(16) {
        let stage = busy();
        let setup = format!("{trap}ulimit -c 0; ulimit -f {room}");
        let ended = end(stage.command_after(&setup, &["--send"]));
        let case = format!("{trap}{room}");
        if ended.code == Some(0) {
            ends_in_the_same_place(&stage, &case);
            break;
        }
        assert_eq!(ended.code, code, "{case}: {ended:?}");
        if code.is_some() {
            ended.says("error: cannot use the state in").says("the disk is full or fails; nothing is lost");
        }
        sent_and_ended += u32::from(!stage.told().is_empty());
        stage.send_well();
        ends_in_the_same_place(&stage, &case);
    }
    assert!(sent_and_ended > 1, "no run ended between a request and its record");
}

/// No file can grow: what is to be recorded has room in them already.
#[test]
fn a_full_disk_holds_up_nothing_at_first() {
    let stage = busy();
    let largest = stage.state_files().iter().map(|(.., contents)| contents.len()).max().unwrap();
    // Of the files, only the database and its log are written further than the first block.
    let log = fs::metadata(stage.state().join("state.db-wal")).unwrap().len();
    let setup = format!("trap '' XFSZ; ulimit -f {}", largest / 512);
    for again in 0..3 {
        end(stage.command_after(&setup, &["--send"])).is(0);
        assert_eq!(stage.told().len(), if again == 0 { REQUESTS } else { 0 });
        assert_eq!(fs::metadata(stage.state().join("state.db-wal")).unwrap().len(), log);
    }
    ends_in_the_same_place(&stage, "full");
}

#[test]
fn a_disk_without_a_free_byte_holds_up_nothing_at_first() {
    let stage = Stage::new();
    let Some(disk) = Disk::mount(stage.state()) else {
        eprintln!("skipped: a disk cannot be mounted here");
        return;
    };
    make_busy(&stage);
    let mut filler = fs::File::create(disk.0.join("filler")).unwrap();
    while filler.write_all(&[1; 512]).is_ok() {}
    assert_eq!(stage.send_well().len(), REQUESTS);
    assert_eq!(stage.send_well(), [""; 0]);
    ends_in_the_same_place(&stage, "full");
}

#[test]
fn no_room_for_the_state_at_any_moment() {
    without_room("trap '' XFSZ; ", Some(1));
}

#[test]
fn killed_in_the_middle_of_writing_the_state() {
    without_room("", None);
}

#[test]
fn words_that_nobody_can_read_stop_nothing() {
    let full = || std::fs::File::options().write(true).open("/dev/full").unwrap();
    let stage = busy();
    stage.ilert.answer_by(|event| event.alert_key.contains("/c/").then_some(Answer::Status(400)));
    let mut command = stage.command(&["--send", "-v", "-v"]);
    command.stdout(full()).stderr(full());
    assert_eq!(command.status().unwrap().code(), Some(4));
    stage.ilert.recover();
    let mut command = stage.command(&["--retry"]);
    command.stderr(full());
    assert_eq!(command.status().unwrap().code(), Some(0));
    let mut command = stage.command(&["--send"]);
    command.stderr(full());
    assert_eq!(command.status().unwrap().code(), Some(0));
    ends_in_the_same_place(&stage, "/dev/full");
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    stage.world().refuse(Some(503));
    let mut command = stage.command(&["--send", "-v"]);
    command.stderr(writer);
    assert_eq!(command.status().unwrap().code(), Some(75));
}

#[test]
fn a_disk_that_cannot_be_written_silences_no_page() {
    let stage = Stage::new();
    let Some(disk) = Disk::mount(stage.state()) else {
        eprintln!("skipped: a disk cannot be mounted here");
        return;
    };
    make_busy(&stage);
    disk.remount("ro");
    stage.send().is(1).says("error: cannot").says("sent all the same");
    assert_eq!(stage.told(), ["ALERT a critical"], "the page alone: what is no page waits");
    stage.send().is(1).says("error: cannot");
    assert_eq!(stage.told(), [""; 0]);
    disk.remount("rw");
    assert_eq!(stage.send_well().len(), REQUESTS - 1);
    ends_in_the_same_place(&stage, "read-only for a while");
}

#[test]
fn a_node_that_goes_while_the_disk_cannot_be_written_is_told() {
    let stage = Stage::of(World::new(Api::V3, "parent"));
    let Some(disk) = Disk::mount(stage.state()) else {
        eprintln!("skipped: a disk cannot be mounted here");
        return;
    };
    let child = stage.world().add_node("db-1");
    stage.send_well();
    disk.remount("ro");
    stage.world().disconnect(child);
    assert_eq!(stage.send_until("ALERT db-1 unreachable"), ["ALERT db-1 unreachable"]);
}
