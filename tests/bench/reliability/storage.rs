//! File systems that are full, read-only or somebody else's. Each try has one of its own, which needs root.

use std::fs;
use std::os::unix::fs::{DirBuilderExt as _, chown};
use std::path::PathBuf;
use std::process::Command;

use rustix::process::geteuid;

use super::scene::{Tally, busy, make_busy};
use super::stage::Stage;

/// A file system in memory under the state folder, gone when dropped.
struct Mounted(PathBuf);

impl Mounted {
    fn new(stage: &Stage, options: &str) -> Self {
        let folder = stage.state();
        fs::DirBuilder::new().mode(0o700).create(&folder).unwrap();
        mount(&["-t", "tmpfs", "-o", &format!("mode=0700,{options}"), "tmpfs"], &folder);
        Self(folder)
    }

    fn remount(&self, options: &str) {
        mount(&["-o", &format!("remount,{options}")], &self.0);
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(&self.0).status();
    }
}

fn mount(options: &[&str], folder: &PathBuf) {
    assert!(Command::new("mount").args(options).arg(folder).status().unwrap().success(), "{options:?}");
}

fn is_root(tally: &mut Tally) -> bool {
    tally.expect(geteuid().is_root(), || "not tried: only root can mount".to_owned());
    geteuid().is_root()
}

/// So many bytes are left for the run, from none to all that it needs.
pub fn full(tally: &mut Tally) {
    if !is_root(tally) {
        return;
    }
    for left in (0..64).map(|pages| pages * 4096) {
        let stage = Stage::new();
        let mounted = Mounted::new(&stage, "size=8m");
        make_busy(&stage);
        let ballast = stage.state().join("ballast");
        let size = free(&mounted.0).saturating_sub(left);
        fs::write(&ballast, vec![1; usize::try_from(size).unwrap()]).unwrap();
        let case = format!("{left} bytes left");
        tally.ended(&case, stage.command(&["--send"]));
        fs::remove_file(ballast).unwrap();
        tally.judge(&case, &stage);
    }
}

/// From none to a few inodes are left; on a first run, which makes its files, too.
pub fn no_inodes(tally: &mut Tally) {
    if !is_root(tally) {
        return;
    }
    for left in 0..8_u32 {
        let stage = Stage::new();
        let mounted = Mounted::new(&stage, "size=8m");
        make_busy(&stage);
        let used = fs::read_dir(&mounted.0).unwrap().count() + 1;
        mounted.remount(&format!("nr_inodes={}", used + left as usize));
        let case = format!("{left} inodes left");
        tally.ended(&case, stage.command(&["--send"]));
        mounted.remount("nr_inodes=1000");
        tally.judge(&case, &stage);
    }
}

/// Read-only for one run, after the first.
pub fn read_only(tally: &mut Tally) {
    if !is_root(tally) {
        return;
    }
    for runs in 1..=10 {
        let stage = Stage::new();
        let mounted = Mounted::new(&stage, "size=8m");
        make_busy(&stage);
        mounted.remount("ro");
        for _ in 0..runs {
            tally.ended("read-only", stage.command(&["--send"]));
        }
        mounted.remount("rw");
        tally.judge(&format!("read-only for {runs} runs"), &stage);
    }
}

/// The folder, or one of its files, belongs to somebody else for one run.
pub fn other_owner(tally: &mut Tally) {
    if !is_root(tally) {
        return;
    }
    let count = busy().state_files().len() + 1;
    for number in 0..count {
        let stage = busy();
        let files = stage.state_files();
        let path = files.get(number).map_or_else(|| stage.state(), |(path, ..)| path.clone());
        chown(&path, Some(65534), Some(65534)).unwrap();
        let case = format!("{} is somebody else's", path.display());
        tally.ended(&case, stage.command(&["--send"]));
        chown(&path, Some(0), Some(0)).unwrap();
        tally.judge(&case, &stage);
    }
}

fn free(folder: &PathBuf) -> u64 {
    let found = rustix::fs::statvfs(folder).unwrap();
    found.f_bavail * found.f_frsize
}
