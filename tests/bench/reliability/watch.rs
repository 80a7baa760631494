//! Many runs within one process: by clocks that jump, and for a whole day.

use std::fs;

use netdata_ilert::alert::Status;

use super::scene::{Tally, make_busy, runtime};
use super::stage::Stage;

const MINUTE: i64 = 60_000;
const DAY: i64 = 24 * 60;

/// This machine's clock jumps between two runs, and back after the next.
pub fn clocks(tally: &mut Tally) {
    let minutes = [1, 5, 59, 60, 61, 24 * 60, 30 * 24 * 60, 365 * 24 * 60, 20 * 365 * 24 * 60];
    for jump in minutes.into_iter().flat_map(|minutes| [minutes, -minutes]) {
        let stage = Stage::new();
        make_busy(&stage);
        stage.pass(jump * MINUTE);
        let report = runtime().block_on(stage.deliver());
        tally.tried(&format!("{}", report.exit as u8));
        stage.pass(-jump * MINUTE);
        runtime().block_on(stage.deliver());
        tally.judge(&format!("a jump of {jump} minutes"), &stage);
    }
}

/// A run a minute for a day, with an alert that comes and goes each hour: descriptors and memory stay as they were.
pub fn day(tally: &mut Tally) {
    let stage = Stage::new();
    let runtime = runtime();
    let mut after_an_hour = None;
    for minute in 0..DAY {
        match minute % 60 {
            10 => stage.set("hourly", Status::Critical),
            40 => stage.set("hourly", Status::Clear),
            _ => stage.world().advance(60),
        }
        let report = runtime.block_on(stage.deliver());
        tally.tried(&format!("{}", report.exit as u8));
        tally.expect(report.words.is_empty(), || format!("minute {minute}: {:?}", report.words));
        if minute == 60 {
            after_an_hour = Some(held());
        }
    }
    let opened = stage.history().len();
    tally.expect(stage.open().is_empty() && opened == 24, || {
        format!("opened {opened}, open {:?}", stage.open())
    });
    let ((descriptors, memory), (descriptors_then, memory_then)) = (held(), after_an_hour.unwrap());
    tally.remark = format!(
        "; after an hour {descriptors_then} descriptors and {memory_then} kB, after the day {descriptors} and {memory} kB"
    );
    tally.expect(descriptors <= descriptors_then + 2, || {
        format!("descriptors: {descriptors_then}, {descriptors}")
    });
    tally.expect(memory < memory_then * 3 / 2, || format!("memory: {memory_then} kB, {memory} kB"));
}

/// Open descriptors, and resident memory in kB, of this process: the services are in it, too.
fn held() -> (usize, u64) {
    let descriptors = fs::read_dir("/proc/self/fd").unwrap().count();
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    (descriptors, resident.trim().trim_end_matches(" kB").parse().unwrap())
}
