//! Disks that are full, out of inodes or read-only: real ones, which only root may mount.

use std::fs::{self, Permissions};
use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
use std::path::Path;
use std::process::Command;

use super::{StateFolder, record};
use crate::delivery::store::{Continuity, Store};

/// A disk of its own in memory, gone when dropped. Only root may make one.
struct Disk(StateFolder);

impl Disk {
    fn new(options: &str) -> Option<Self> {
        let place = StateFolder::new();
        let mounted = run("mount", &["-t", "tmpfs", "-o", options, "tmpfs"], place.folder());
        if !mounted {
            eprintln!("skipped: a disk cannot be mounted here");
        }
        mounted.then_some(Self(place))
    }

    /// An ext4 of 4 MiB with blocks of 1 KiB, in a file.
    fn of_small_blocks() -> Option<Self> {
        let place = StateFolder::new();
        let image = tempfile::NamedTempFile::new().unwrap();
        image.as_file().set_len(4 << 20).unwrap();
        let file = image.path().to_str().unwrap();
        let mounted = run("mke2fs", &["-q", "-t", "ext4", "-b", "1024", "-m", "0"], image.path())
            && run("mount", &["-o", "loop", file], place.folder());
        if !mounted {
            eprintln!("skipped: a disk cannot be made here");
        }
        mounted.then(|| {
            fs::set_permissions(place.folder(), Permissions::from_mode(0o700)).unwrap();
            Self(place)
        })
    }

    fn remount(&self, options: &str) {
        assert!(run("mount", &["-o", options], self.0.folder()));
    }

    /// Takes what is free, to the last byte.
    fn fill(&self) {
        use std::io::Write as _;
        let mut file = fs::File::create(self.0.at("filler")).unwrap();
        while file.write_all(&[1; 512]).is_ok() {}
    }

    /// Gives it all back. A file system with a journal has it only when that is written.
    fn empty(&self) {
        fs::remove_file(self.0.at("filler")).unwrap();
        rustix::fs::syncfs(fs::File::open(self.0.folder()).unwrap()).unwrap();
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        run("umount", &["-l"], self.0.folder());
    }
}

fn run(program: &str, arguments: &[&str], folder: &Path) -> bool {
    Command::new(program).args(arguments).arg(folder).output().is_ok_and(|output| output.status.success())
}

#[test]
fn a_full_disk_takes_the_next_records() {
    let Some(disk) = Disk::new("size=4m,mode=700") else { return };
    let place = &disk.0;
    place.record();
    place.quiet(1);
    disk.fill();
    for entry in 1..20 {
        assert_eq!(place.record(), Continuity::Whole);
        place.quiet(2);
        assert_eq!(place.entries(), entry + 1);
    }
    place.remove_logs();
    assert_eq!(place.entries(), 20);
}

#[test]
fn a_full_disk_of_small_blocks_ends_nobody() {
    let Some(disk) = Disk::of_small_blocks() else { return };
    let place = &disk.0;
    place.record();
    place.record();
    disk.fill();
    let error = Store::open(place.folder()).unwrap_err();
    assert!(error.is_unwritable());
    assert!(error.to_string().contains("make room on the disk"), "{error}");
    assert_eq!(place.entries(), 2);
    disk.empty();
    assert_eq!(place.record(), Continuity::Whole);
}

#[test]
fn a_disk_that_was_always_full_is_said_to_be_so() {
    let Some(disk) = Disk::new("size=4m,mode=700") else { return };
    let folder = disk.0.at("state");
    fs::DirBuilder::new().mode(0o700).create(&folder).unwrap();
    disk.fill();
    let error = Store::open(&folder).unwrap_err();
    assert!(error.is_unwritable());
    assert!(error.to_string().ends_with(
        "database or disk is full: make room on the disk; nothing is lost, and the next run makes up for this one"
    ), "{error}");
}

#[test]
fn room_that_is_used_up_is_said() {
    let Some(disk) = Disk::new("size=4m,mode=700") else { return };
    let place = &disk.0;
    place.record();
    disk.fill();
    let error = (0..10_000).find_map(|_| {
        let mut store = place.open();
        record(&mut store).and_then(|()| store.close()).err()
    });
    let error = error.unwrap();
    assert!(error.is_unwritable(), "{error}");
    assert!(error.to_string().contains("make room on the disk; nothing is lost"), "{error}");
    disk.empty();
    assert_eq!(place.record(), Continuity::Whole);
}

#[test]
fn a_disk_without_inodes_is_said_to_be_one() {
    // Enough for the folder alone, or for one file in it: the database, but not its log.
    for inodes in [1, 2] {
        let Some(disk) = Disk::new(&format!("size=4m,mode=700,nr_inodes={inodes}")) else { return };
        let error = Store::open(disk.0.folder()).unwrap_err();
        assert!(error.is_unwritable());
        assert!(error.to_string().contains("no inodes are left on the disk (`df -i`)"), "{error}");
    }
}

#[test]
fn a_read_only_disk_can_be_read() {
    let Some(disk) = Disk::new("size=4m,mode=700") else { return };
    let place = &disk.0;
    for logs in [true, false] {
        disk.remount("remount,rw");
        place.record();
        if !logs {
            place.remove_logs();
        }
        disk.remount("remount,ro");
        let error = Store::open(place.folder()).unwrap_err();
        assert!(error.is_unwritable());
        assert!(error.to_string().contains("the disk is mounted read-only"), "{error}");
        let store = Store::open_existing(place.folder()).unwrap().unwrap();
        assert_eq!((store.continuity(), store.lost_at().unwrap()), (Continuity::Whole, None));
        drop(store);
        assert_eq!(place.entries(), if logs { 1 } else { 2 });
    }
    disk.remount("remount,rw");
    assert_eq!(place.record(), Continuity::Whole);
}
