//! The trouble that each fault meets, and the count of how it ended.

use std::collections::BTreeMap;
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Command, Stdio};

use netdata_ilert::alert::{Api, Status};
use netdata_ilert::clock;
use netdata_ilert::simulator::World;
use tokio::runtime::{Builder, Runtime};

use super::stage::Stage;

/// How many runs without the fault may pass until ilert shows what Netdata shows: three at once, and then one each
/// quarter of an hour, for an event that was not taken rests before it is tried again.
const AT_ONCE: usize = 3;
const LATER: usize = 3;
const QUARTER: i64 = 15 * 60_000;

/// What is open in ilert in the end.
const OPEN: [&str; 2] = ["a critical", "c warning"];
/// What must have been opened, each once.
const MUST: [&str; 4] = ["a critical", "a warning", "b critical", "c warning"];
/// What came and went between two runs: told, or said not to be told.
const MAY: &str = "d critical";

/// Told: a warning, b critical. Now: a critical, b clear, c raised and d come and gone.
pub fn busy() -> Stage {
    let stage = Stage::new();
    make_busy(&stage);
    stage
}

/// The same on an agent that answers by v1.
pub fn busy_v1() -> Stage {
    let stage = Stage::of(World::new(Api::V1, "web-1"));
    make_busy(&stage);
    stage
}

pub fn make_busy(stage: &Stage) {
    stage.set("a", Status::Warning);
    stage.set("b", Status::Critical);
    assert_eq!(stage.send_well().len(), 2);
    trouble(stage);
}

/// What happens after the first run.
pub fn trouble(stage: &Stage) {
    stage.set("a", Status::Critical);
    stage.set("b", Status::Clear);
    stage.set("c", Status::Warning);
    stage.set("d", Status::Critical);
    stage.set("d", Status::Clear);
}

/// What became of all tries of one fault.
#[derive(Default)]
pub struct Tally {
    pub tries: usize,
    /// How the runs with the fault ended, and how often.
    endings: BTreeMap<String, usize>,
    /// How many came to nothing: the fault never struck.
    untold: usize,
    /// How many ended within a library or the system's loader, which were refused what they cannot do without.
    crashed: usize,
    /// What else was measured.
    pub remark: String,
    /// What went wrong, in words.
    pub faults: Vec<String>,
}

impl Tally {
    /// Counts how a run with the fault ended. A panic of our own, or a run that had to be killed because it hung, is a
    /// fault. Where a library panics, or memory ends, what follows is judged like any run that was killed.
    pub fn ended(&mut self, case: &str, mut command: Command) {
        let output = command.stdin(Stdio::null()).output().unwrap();
        self.tries += 1;
        let ending = match (output.status.code(), output.status.signal()) {
            (Some(code), _) => code.to_string(),
            (None, Some(9)) => "killed".to_owned(),
            (None, Some(6)) => "aborted".to_owned(),
            (None, signal) => format!("signal {}", signal.unwrap_or_default()),
        };
        let said = String::from_utf8_lossy(&output.stderr);
        let is_ours = said.lines().any(|line| line.starts_with("Location: src/"));
        if is_ours || ending == "124" || ending == "101" {
            self.faults.push(format!("{case}: ended {ending}: {said}"));
        } else if said.contains("panicked") || ["aborted", "signal 11", "127"].contains(&ending.as_str()) {
            self.crashed += 1;
        }
        *self.endings.entry(ending).or_default() += 1;
    }

    /// Takes the tries of another one.
    pub fn add(&mut self, other: Self) {
        self.tries += other.tries;
        self.untold += other.untold;
        self.crashed += other.crashed;
        self.faults.extend(other.faults);
        for (ending, count) in other.endings {
            *self.endings.entry(ending).or_default() += count;
        }
    }

    /// Counts a try whose ending says nothing.
    pub fn tried(&mut self, ending: &str) {
        self.tries += 1;
        *self.endings.entry(ending.to_owned()).or_default() += 1;
    }

    /// Runs the sender without the fault until ilert shows what Netdata shows, and looks at what it was told.
    pub fn judge(&mut self, case: &str, stage: &Stage) {
        let mut code = stage.send().code;
        for _ in 1..AT_ONCE {
            if is_shown(code, stage) {
                break;
            }
            code = stage.send().code;
        }
        for number in 1..=LATER {
            if is_shown(code, stage) {
                break;
            }
            let now = i64::try_from(number).unwrap() * QUARTER + clock::now();
            stage.ahead.set(now - stage.world().now() * 1000);
            code = Some(runtime().block_on(stage.deliver()).exit as i32);
        }
        let history = sorted(stage.history());
        let mut rest: Vec<&str> = history.iter().map(String::as_str).collect();
        let told_late = rest.iter().position(|alert| *alert == MAY).map(|at| rest.remove(at));
        self.untold += usize::from(told_late.is_none());
        if rest != MUST || !is_shown(code, stage) {
            let open = stage.open();
            self.faults.push(format!("{case}: open {open:?}, opened {history:?}, last exit {code:?}"));
        }
    }

    /// Fails the try with these words, if they are not well.
    pub fn expect(&mut self, is_well: bool, words: impl FnOnce() -> String) {
        if !is_well {
            self.faults.push(words());
        }
    }

    pub fn endings(&self) -> String {
        let mut endings: Vec<(&String, &usize)> = self.endings.iter().collect();
        endings.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
        endings.iter().map(|(ending, count)| format!("{ending} ×{count}")).collect::<Vec<_>>().join(", ")
    }

    pub fn outcome(&self) -> String {
        let well = self.tries.saturating_sub(self.faults.len());
        let untold = match self.untold {
            0 => String::new(),
            untold => format!("; in {untold} what came and went was not told"),
        };
        let crashed = match self.crashed {
            0 => String::new(),
            crashed => format!("; {crashed} began with a crash of a library or the loader"),
        };
        format!(
            "{well} of {} show what Netdata shows, each page once{untold}{crashed}{}",
            self.tries, self.remark
        )
    }
}

fn is_shown(code: Option<i32>, stage: &Stage) -> bool {
    code == Some(0) && sorted(stage.open()) == OPEN
}

pub fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

fn sorted(mut list: Vec<String>) -> Vec<String> {
    list.sort();
    list
}
