//! State folders that cannot be written: pages that stand are told all the same, and nothing stays open for it.

mod listed;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use netdata_ilert::alert::Api;
use netdata_ilert::alert::Status::{self, Clear, Critical};
use netdata_ilert::simulator::{Answer, Fault, World};

use crate::stage::{Ended, Stage, bare, end};

/// A disk of its own for the state, gone when dropped.
pub(super) struct Disk(pub(super) PathBuf);

impl Disk {
    pub(super) fn mount(folder: PathBuf) -> Option<Self> {
        Self::of(folder, "2m")
    }

    fn of(folder: PathBuf, size: &str) -> Option<Self> {
        fs::create_dir(&folder).unwrap();
        let options = ["-t", "tmpfs", "-o", &format!("size={size},mode=700"), "tmpfs"];
        let mounted = Command::new("mount").args(options).arg(&folder).output();
        mounted.is_ok_and(|output| output.status.success()).then_some(Self(folder))
    }

    /// Makes it read-only (`ro`), lets it be written again (`rw`), or gives it another size.
    pub(super) fn remount(&self, how: &str) {
        let status = Command::new("mount").args(["-o", &format!("remount,{how}")]).arg(&self.0).status();
        assert!(status.unwrap().success(), "{how}");
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        Command::new("umount").arg("-l").arg(&self.0).status().unwrap();
    }
}

/// More than a storm needs.
const MANY: usize = 25;

fn set_many(stage: &Stage, status: Status) {
    (1..=MANY).for_each(|number| stage.set(&format!("disk_{number:02}"), status));
}

/// A run with its state in this folder.
fn send_from(stage: &Stage, folder: &Path) -> Ended {
    let mut command = bare(&["--send"]);
    command.arg("--config").arg(stage.path("config.toml")).arg("--state-dir").arg(folder);
    end(command)
}

/// Everything was told singly, once, and is over.
#[track_caller]
fn is_all_over(stage: &Stage, told: usize) {
    assert_eq!(stage.open(), [""; 0]);
    let history = stage.history();
    assert_eq!(history.len(), told, "{history:?}");
    assert_eq!(stage.send_well(), [""; 0]);
    assert_ne!(stage.status()["unrecorded"], true);
}

#[test]
fn what_left_singly_from_a_read_only_disk_joins_no_storm_later() {
    for clears_meanwhile in [false, true] {
        let stage = Stage::new();
        let Some(disk) = Disk::mount(stage.state()) else {
            eprintln!("skipped: a disk cannot be mounted here");
            return;
        };
        stage.set("cpu", Critical);
        assert_eq!(stage.send_well(), ["ALERT cpu critical"]);
        disk.remount("ro");
        set_many(&stage, Critical);
        stage.send().is(1).says("sent all the same");
        assert_eq!(stage.told().len(), MANY);
        if clears_meanwhile {
            set_many(&stage, Clear);
            stage.send().is(1);
        }
        disk.remount("rw");
        let planned = stage.run(&["--send", "--dry-run"]).is(0).stdout.clone();
        assert!(!planned.contains("STORM"), "{planned}");
        stage.send_well();
        set_many(&stage, Clear);
        stage.set("cpu", Clear);
        stage.send_well();
        is_all_over(&stage, 1 + MANY);
    }
}

#[test]
fn what_left_and_is_over_is_resolved_once_the_log_can_be_read() {
    const LOG: &str = "/api/v3/alert_transitions";
    let stage = Stage::new();
    let Some(disk) = Disk::mount(stage.state()) else {
        eprintln!("skipped: a disk cannot be mounted here");
        return;
    };
    assert_eq!(stage.send_well(), [""; 0]);
    disk.remount("ro");
    stage.set("cpu", Critical);
    stage.send().is(1);
    assert_eq!(stage.told(), ["ALERT cpu critical"]);
    stage.set("cpu", Clear);
    disk.remount("rw");
    stage.netdata.fail_at(LOG, Some(Fault::Reset));
    stage.send();
    stage.netdata.fail_at(LOG, None);
    stage.send();
    assert_eq!(stage.told().last().unwrap(), "RESOLVE cpu critical");
    is_all_over(&stage, 1);
}

/// The state is away, as on a disk that is not mounted.
#[test]
fn what_a_storm_told_and_left_singly_without_the_state_is_resolved_later() {
    let stage = Stage::new();
    let Some(disk) = Disk::mount(stage.path("disk")) else {
        eprintln!("skipped: a disk cannot be mounted here");
        return;
    };
    let (place, away) = (disk.0.join("state"), disk.0.join("away"));
    let send = || send_from(&stage, &place);
    send().is(0);
    set_many(&stage, Critical);
    send().is(0);
    assert_eq!(stage.told().len(), 1, "a storm");
    fs::rename(&place, &away).unwrap();
    disk.remount("ro");
    send().is(1);
    assert_eq!(stage.told().len(), MANY);
    set_many(&stage, Clear);
    disk.remount("rw");
    fs::rename(&away, &place).unwrap();
    send().is(0);
    assert_eq!(stage.open(), [""; 0]);
}

#[test]
fn what_left_before_there_could_be_a_state_is_resolved_later() {
    let stage = Stage::new();
    let Some(disk) = Disk::mount(stage.path("disk")) else {
        eprintln!("skipped: a disk cannot be mounted here");
        return;
    };
    disk.remount("ro");
    let later = disk.0.join("state");
    let send = || send_from(&stage, &later);
    set_many(&stage, Critical);
    send().is(1).says("sent all the same");
    assert_eq!(stage.told().len(), MANY);
    disk.remount("rw");
    assert_eq!(send().is(0).stderr, "", "it is known which");
    assert_eq!(stage.told(), [""; 0]);
    set_many(&stage, Clear);
    send().is(0);
    assert_eq!(stage.open(), [""; 0]);
    let history = stage.history();
    assert_eq!(history.len(), MANY, "{history:?}");
}

#[test]
fn what_a_disk_without_room_for_any_state_hides_is_said_to_be_unknown() {
    let stage = Stage::new();
    stage.set("cpu", Critical);
    let Some(disk) = Disk::of(stage.state(), "64k") else {
        eprintln!("skipped: a disk cannot be mounted here");
        return;
    };
    stage.run(&["--status"]).is(0);
    assert!(stage.run(&["--status"]).stdout.contains("last run: never\n"));
    stage.send().is(1).says("sent all the same");
    assert_eq!(stage.told(), ["ALERT cpu critical"]);
    let says = "the last run could not write its state (is the disk full?)";
    let ended = stage.run(&["--status"]);
    for words in ["last run: cannot tell\n", says, "open in ilert: cannot tell\n"] {
        assert!(ended.is(1).stdout.contains(words), "{words}: {ended:?}");
    }
    assert_eq!(stage.status()["unrecorded"], true);
    let ended = stage.run(&["--doctor"]);
    assert!(ended.stdout.contains(says) && !ended.stdout.contains("it never ran"), "{ended:?}");
    // With room it is all made up for, and forgotten.
    disk.remount("size=2m");
    assert_eq!(stage.send_well(), [""; 0]);
    stage.set("cpu", Clear);
    assert_eq!(stage.send_well(), ["RESOLVE cpu critical"]);
    assert_eq!(stage.history(), ["cpu critical"]);
    assert_ne!(stage.status()["unrecorded"], true);
}

/// Away for one run: what it tells then.
fn told_without(stage: &Stage, disk: &Disk) -> Vec<String> {
    let (place, away) = (disk.0.join("state"), disk.0.join("away"));
    fs::rename(&place, &away).unwrap();
    disk.remount("ro");
    send_from(stage, &place).is(1);
    disk.remount("rw");
    fs::rename(&away, &place).unwrap();
    stage.told()
}

#[test]
fn whatever_held_a_page_back_in_a_state_that_is_away_it_does_not_stay_open() {
    for is_left_out in [false, true] {
        let mut stage = Stage::new();
        let Some(disk) = Disk::mount(stage.path("disk")) else {
            eprintln!("skipped: a disk cannot be mounted here");
            return;
        };
        let place = disk.0.join("state");
        send_from(&stage, &place).is(0);
        stage.set("refused", Critical);
        stage.set("silenced", Critical);
        let mut silence = bare(&["--silence", "*", "--alerts", "silenced", "--for", "2h"]);
        silence.arg("--config").arg(stage.path("config.toml")).arg("--state-dir").arg(&place);
        end(silence).is(0);
        stage.ilert.answer_all(Some(Answer::Status(400)));
        send_from(&stage, &place).is(4);
        stage.ilert.answer_all(None);
        stage.told();
        let mut told = told_without(&stage, &disk);
        told.sort();
        assert_eq!(told, ["ALERT refused critical", "ALERT silenced critical"]);
        if is_left_out {
            stage.configure("notification.rooms", vec!["Others"]);
            let text = fs::read_to_string(stage.path("config.toml")).unwrap();
            let room = "[[room]]\nname = \"Others\"\nnodes = \"others-*\"\n";
            stage.write_private("config.toml", &format!("{text}\n{room}"));
        } else {
            stage.set("refused", Clear);
            stage.set("silenced", Clear);
        }
        send_from(&stage, &place).is(0);
        assert_eq!(stage.open(), [""; 0]);
    }
}

#[test]
fn of_many_pages_only_those_that_left_are_told_singly() {
    let mut stage = Stage::new();
    stage.configure("delivery.events_per_minute", 45);
    let Some(disk) = Disk::mount(stage.state()) else {
        eprintln!("skipped: a disk cannot be mounted here");
        return;
    };
    assert_eq!(stage.send_well(), [""; 0]);
    disk.remount("ro");
    (1..=60).for_each(|number| stage.set(&format!("disk_{number:02}"), Critical));
    stage.send().is(1);
    let left = stage.told().len();
    assert!((1..=25).contains(&left), "{left}");
    disk.remount("rw");
    let told = stage.send_well();
    assert_eq!(told.len(), 1, "the rest is a storm: {told:?}");
    assert_eq!(stage.open().len(), left + 1);
    (1..=60).for_each(|number| stage.set(&format!("disk_{number:02}"), Clear));
    stage.send_well();
    assert_eq!(stage.open(), [""; 0]);
}

#[test]
fn a_node_that_was_told_without_a_record_can_be_forgotten() {
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
    disk.remount("rw");
    stage.run(&["--forget", "db-1"]).is(0);
    assert_eq!(stage.told(), ["RESOLVE db-1 unreachable"]);
    assert_eq!(stage.send_well(), [""; 0]);
}
