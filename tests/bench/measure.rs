//! What a command costs: wall time, CPU time and peak memory.
//!
//! The kernel keeps the peak of all children that a process has had as one number, and a child inherits the peak of
//! who starts it. So this program starts itself anew, small, to start nothing but the command.

use std::env;
use std::fmt::Display;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use nix::sys::resource::{Usage, UsageWho, getrusage};
use nix::sys::time::TimeValLike;

/// The argument that makes this program run a command some times and print what it cost.
pub const AGAIN: &str = "--again";

/// Cost of one run, the median of some, and the peak of all.
#[derive(Clone, Copy, Debug)]
pub struct Cost {
    pub wall: Duration,
    pub cpu: Duration,
    /// Bytes resident, at most.
    pub peak: u64,
}

/// A command with its arguments.
#[derive(Clone, Debug)]
pub struct Errand {
    pub program: String,
    pub arguments: Vec<String>,
}

/// Runs a command some times, one after the other, in an empty environment.
pub fn cost(times: u32, program: &str, arguments: &[String]) -> Cost {
    let errand = Errand { program: program.to_owned(), arguments: arguments.to_vec() };
    median(&mut runs(times, &errand))
}

/// The cost of each of several errands, run by turns, so that whatever else this machine does meets all of them alike.
pub fn costs<const N: usize>(rounds: u32, times: u32, errands: [&Errand; N]) -> [Cost; N] {
    let mut found: [Vec<Cost>; N] = [const { Vec::new() }; N];
    for _ in 0..rounds {
        for (found, errand) in found.iter_mut().zip(errands) {
            found.extend(runs(times, errand));
        }
    }
    found.map(|mut runs| median(&mut runs))
}

fn median(runs: &mut [Cost]) -> Cost {
    let peak = runs.iter().map(|run| run.peak).max().unwrap();
    let mut middle = |of: fn(&Cost) -> Duration| {
        runs.sort_unstable_by_key(of);
        of(&runs[runs.len() / 2])
    };
    Cost { wall: middle(|run| run.wall), cpu: middle(|run| run.cpu), peak }
}

fn runs(times: u32, errand: &Errand) -> Vec<Cost> {
    let output = Command::new(env::current_exe().unwrap())
        .args([AGAIN, &times.to_string(), &errand.program])
        .args(&errand.arguments)
        .stderr(Stdio::inherit())
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let of = |line: &str| {
        let numbers: Vec<u64> = line.split_whitespace().map(|number| number.parse().unwrap()).collect();
        let [wall, cpu, peak] = numbers[..] else { panic!("{errand:?}: {text}") };
        Cost { wall: Duration::from_nanos(wall), cpu: Duration::from_nanos(cpu), peak }
    };
    let runs: Vec<Cost> = text.lines().map(of).collect();
    assert!(!runs.is_empty(), "{errand:?} could not be run");
    runs
}

/// The other side of [`cost`].
pub fn run(times_and_command: &[String]) {
    let times: u32 = times_and_command[0].parse().unwrap();
    let mut before = cpu(&getrusage(UsageWho::RUSAGE_CHILDREN).unwrap());
    for _ in 0..times {
        let start = Instant::now();
        let status = Command::new(&times_and_command[1])
            .args(&times_and_command[2..])
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .stdout(Stdio::null())
            .status()
            .unwrap();
        let wall = start.elapsed();
        // 75: kept for the next run.
        assert!(matches!(status.code(), Some(0 | 75)), "{times_and_command:?} ended with {status}");
        let usage = getrusage(UsageWho::RUSAGE_CHILDREN).unwrap();
        let (after, peak) = (cpu(&usage), usage.max_rss() * 1024);
        println!("{} {} {peak}", wall.as_nanos(), after.saturating_sub(before).as_nanos());
        before = after;
    }
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

/// What was allowed, and whether it was kept.
#[derive(Clone, Copy, Debug)]
pub enum Budget<'a> {
    /// Nothing is asked for.
    None,
    /// A time: a machine may be busy, so it is only shown.
    Shown(&'a str),
    /// A ratio to something measured beside it, memory or size: it decides.
    Decides(&'a str, bool),
}

static MISSED: AtomicUsize = AtomicUsize::new(0);

/// How many budgets that decide were missed so far.
pub fn missed() -> usize {
    MISSED.load(Ordering::Relaxed)
}

/// One line: what, how much, and what was allowed.
pub fn row(what: &str, found: impl Display, budget: Budget<'_>) {
    let budget = match budget {
        Budget::None => String::new(),
        Budget::Shown(words) => format!("   budget {words}"),
        Budget::Decides(words, true) => format!("   budget {words}: kept"),
        Budget::Decides(words, false) => {
            MISSED.fetch_add(1, Ordering::Relaxed);
            format!("   budget {words}: MISSED")
        }
    };
    println!("  {what:<58} {found:>12}{budget}");
}

/// A line without a budget that decides.
pub fn line(what: &str, found: impl Display, budget: &str) {
    row(what, found, if budget.is_empty() { Budget::None } else { Budget::Shown(budget) });
}

/// A ratio, and the most that it may be.
pub fn at_most_times(what: &str, ours: Duration, theirs: Duration, most: f64) {
    let kept = ours.as_secs_f64() <= most * theirs.as_secs_f64();
    row(what, ratio(ours, theirs), Budget::Decides(&format!("≤ {most} ×"), kept));
}

/// Memory in MiB, and the most that it may be.
pub fn at_most_mib(what: &str, peak: u64, most: u64) {
    row(what, mib(peak), Budget::Decides(&format!("≤ {most} MiB"), peak <= most << 20));
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
