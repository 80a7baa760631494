//! What a command costs: wall time, CPU time and peak memory.
//!
//! The kernel keeps the peak of all children that a process has had as one number, and a child inherits the peak of
//! who starts it. So this program starts itself anew, small, to start nothing but the command.

use std::env;
use std::fmt::Display;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use nix::sys::resource::{Usage, UsageWho, getrusage};
use nix::sys::time::TimeValLike;

/// The argument that makes this program run a command some times and print what it cost.
pub const AGAIN: &str = "--again";

/// Cost of one run, on average, and the peak of all.
#[derive(Clone, Copy, Debug)]
pub struct Cost {
    pub wall: Duration,
    pub cpu: Duration,
    /// Bytes resident, at most.
    pub peak: u64,
}

/// Runs a command some times, one after the other, in an empty environment.
pub fn cost(times: u32, program: &str, arguments: &[String]) -> Cost {
    let output = Command::new(env::current_exe().unwrap())
        .args([AGAIN, &times.to_string(), program])
        .args(arguments)
        .stderr(Stdio::inherit())
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let numbers: Vec<u64> = text.split_whitespace().map(|number| number.parse().unwrap()).collect();
    let [wall, cpu, peak] = numbers[..] else { panic!("{program} {arguments:?}: {text}") };
    Cost { wall: Duration::from_nanos(wall), cpu: Duration::from_nanos(cpu), peak }
}

/// The other side of [`cost`].
pub fn run(times_and_command: &[String]) {
    let times: u32 = times_and_command[0].parse().unwrap();
    let start = Instant::now();
    for _ in 0..times {
        let status = Command::new(&times_and_command[1])
            .args(&times_and_command[2..])
            .env_clear()
            .stdout(Stdio::null())
            .status()
            .unwrap();
        // 75: kept for the next run.
        assert!(matches!(status.code(), Some(0 | 75)), "{times_and_command:?} ended with {status}");
    }
    let wall = start.elapsed() / times;
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).unwrap();
    let peak = usage.max_rss() * 1024;
    println!("{} {} {peak}", wall.as_nanos(), (cpu(&usage) / times).as_nanos());
}

/// CPU time of this thread while something runs, averaged over some times.
pub fn cpu_here<T>(times: u32, mut work: impl FnMut() -> T) -> Duration {
    let before = cpu(&getrusage(UsageWho::RUSAGE_THREAD).unwrap());
    for _ in 0..times {
        std::hint::black_box(work());
    }
    cpu(&getrusage(UsageWho::RUSAGE_THREAD).unwrap()).saturating_sub(before) / times
}

fn cpu(usage: &Usage) -> Duration {
    let microseconds = usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
    Duration::from_micros(microseconds.unsigned_abs())
}

/// One line: what, how much, and what was allowed.
pub fn line(what: &str, found: impl Display, budget: &str) {
    let budget = if budget.is_empty() { String::new() } else { format!("   budget {budget}") };
    println!("  {what:<58} {found:>12}{budget}");
}

pub fn ms(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1e3)
}

#[allow(clippy::cast_precision_loss)] // three digits are shown
pub fn mib(bytes: u64) -> String {
    format!("{:.1} MiB", bytes as f64 / f64::from(1 << 20))
}

pub fn ratio(ours: Duration, theirs: Duration) -> String {
    format!("{:.2} ×", ours.as_secs_f64() / theirs.as_secs_f64())
}
