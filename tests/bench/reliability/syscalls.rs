//! Faults at system calls, by `strace`.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use super::scene::{Tally, busy};
use super::stage::{BINARY, Stage};

/// A run that takes longer hangs: it should end by its deadline, 60 s at the latest.
const PATIENCE: &str = "90";

/// At most so many calls of one kind are tried.
const CALLS: usize = 40;

/// How often a run is killed at a moment of no meaning.
const MOMENTS: u32 = 300;

/// The errors that a system call can give where nothing is wrong with the program.
const ERRORS: [(&str, &[&str]); 44] = [
    ("access", &["EACCES"]),
    ("bind", &["EADDRINUSE"]),
    ("brk", &["ENOMEM"]),
    ("clone3", &["EAGAIN", "ENOMEM"]),
    ("close", &["EIO"]),
    ("connect", &["ECONNREFUSED", "ENETUNREACH", "ETIMEDOUT", "EADDRNOTAVAIL", "EPERM"]),
    ("epoll_create1", &["EMFILE", "ENFILE", "ENOMEM"]),
    ("epoll_ctl", &["ENOMEM", "ENOSPC"]),
    ("epoll_wait", &["EINTR"]),
    ("eventfd2", &["EMFILE", "ENFILE", "ENOMEM"]),
    ("fallocate", &["ENOSPC", "EIO", "EOPNOTSUPP"]),
    ("fchmod", &["EPERM", "EROFS", "EIO"]),
    ("fchown", &["EPERM"]),
    ("fcntl", &["EAGAIN", "EIO", "ENOLCK"]),
    ("fdatasync", &["EIO", "ENOSPC", "EDQUOT"]),
    ("flock", &["EINTR", "ENOLCK"]),
    ("fstat", &["EIO"]),
    ("fsync", &["EIO", "ENOSPC", "EDQUOT"]),
    ("ftruncate", &["EIO", "ENOSPC", "EROFS"]),
    ("getdents64", &["EIO"]),
    ("getpeername", &["ENOBUFS"]),
    ("getrandom", &["EINTR"]),
    ("getsockopt", &["ENOBUFS"]),
    ("lseek", &["EIO"]),
    ("mkdir", &["EACCES", "ENOSPC", "EROFS", "EIO"]),
    ("mmap", &["ENOMEM"]),
    ("mprotect", &["ENOMEM"]),
    ("newfstatat", &["EACCES", "EIO"]),
    ("openat", &["EACCES", "EMFILE", "ENFILE", "ENOSPC", "EIO", "EROFS", "EINTR"]),
    ("pread64", &["EIO"]),
    ("pwrite64", &["EIO", "ENOSPC", "EDQUOT"]),
    ("read", &["EIO", "EINTR"]),
    ("recvfrom", &["ECONNRESET", "ETIMEDOUT", "EINTR"]),
    ("rename", &["EIO", "EACCES", "ENOSPC", "EROFS"]),
    ("sendto", &["ECONNRESET", "EPIPE", "EINTR", "ENOBUFS"]),
    ("sendmsg", &["ECONNRESET", "EPIPE", "EINTR", "ENOBUFS"]),
    ("setsockopt", &["ENOMEM"]),
    ("socket", &["EMFILE", "ENFILE", "EACCES"]),
    ("socketpair", &["EMFILE", "ENFILE"]),
    ("statx", &["EACCES", "EIO"]),
    ("unlink", &["EIO", "EACCES", "EROFS"]),
    ("write", &["EIO", "ENOSPC", "EINTR"]),
    ("writev", &["ECONNRESET", "EPIPE", "EINTR", "EIO"]),
    ("utimensat", &["EPERM"]),
];

/// SIGKILL where a system call begins: the n-th of its kind in its thread.
pub fn killed_at_each(tally: &mut Tally) {
    for (call, count) in calls_of_a_run() {
        for number in 1..=count.min(CALLS) {
            try_one(tally, &call, &format!("signal=KILL:when={number}"));
        }
    }
}

/// A system call fails and does nothing: the n-th of its kind in its thread.
pub fn failed_at_each(tally: &mut Tally) {
    let calls = calls_of_a_run();
    for (call, errors) in ERRORS {
        let count = calls.get(call).copied().unwrap_or_default().min(CALLS);
        for error in errors {
            for number in 1..=count {
                try_one(tally, call, &format!("error={error}:when={number}"));
            }
        }
    }
}

/// SIGKILL after a time that walks through the whole run, and a little beyond.
pub fn killed_at_any_moment(tally: &mut Tally) {
    let stage = busy();
    let start = Instant::now();
    stage.send();
    let run = start.elapsed() + Duration::from_millis(2);
    for moment in 0..MOMENTS {
        let stage = busy();
        let running = stage.start(&["--send"]);
        thread::sleep(run * moment / MOMENTS);
        running.kill();
        tally.tried("killed");
        tally.judge(&format!("killed at {moment} of {MOMENTS}"), &stage);
    }
}

fn try_one(tally: &mut Tally, call: &str, fault: &str) {
    let stage = busy();
    let case = format!("{call}:{fault}");
    tally.ended(&case, under_strace(&stage, &["-o", "/dev/null", "-e", &format!("inject={call}:{fault}")]));
    tally.judge(&case, &stage);
}

/// The system calls of a run, and how often the thread that makes most of a kind makes it.
fn calls_of_a_run() -> BTreeMap<String, usize> {
    let stage = busy();
    let log = stage.path("strace");
    let output = under_strace(&stage, &["-o", log.to_str().unwrap()]).output();
    assert!(output.expect("strace is installed").status.success(), "strace runs the sender");
    let mut by_thread: HashMap<(String, String), usize> = HashMap::new();
    for line in fs::read_to_string(log).unwrap().lines() {
        let Some((thread, rest)) = line.split_once(' ') else { continue };
        let Some((call, _)) = rest.trim_start().split_once('(') else { continue };
        if call.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_') {
            *by_thread.entry((thread.to_owned(), call.to_owned())).or_default() += 1;
        }
    }
    let mut calls = BTreeMap::new();
    for ((_, call), count) in by_thread {
        let most = calls.entry(call).or_default();
        *most = count.max(*most);
    }
    // The start of the program is `strace`'s, and the end is the end.
    for call in ["execve", "exit", "exit_group"] {
        calls.remove(call);
    }
    calls
}

/// A run of the sender under `strace`, killed where it hangs (then it ends 124).
fn under_strace(stage: &Stage, options: &[&str]) -> Command {
    let send = stage.command(&["--send"]);
    let mut command = Command::new("timeout");
    command.args(["-s", "KILL", "--foreground", PATIENCE, "strace", "-f", "-qq"]).args(options);
    command.arg(BINARY).args(send.get_args());
    command.env_clear().env("TZ", "UTC").env("PATH", "/usr/bin:/bin").env("HOME", stage.folder.path());
    command
}
