//! A storm, told by the built binary: once, also where a run is killed.

use std::os::unix::process::ExitStatusExt as _;

use netdata_ilert::alert::Status::{self, Clear, Critical};

use super::cut_short::kill_at;
use crate::stage::Stage;

const ALERTS: usize = 25;

fn calm() -> Stage {
    let stage = Stage::new();
    assert_eq!(stage.send_well(), [""; 0]);
    stage
}

fn set_all(stage: &Stage, status: Status) {
    (1..=ALERTS).for_each(|number| stage.set(&format!("disk_{number:02}"), status));
}

/// The summaries of what was ever opened, and how many alerts are open.
fn shown(stage: &Stage) -> (Vec<String>, usize) {
    (stage.ilert.history().into_iter().map(|alert| alert.summary).collect(), stage.ilert.open().len())
}

fn is_one_storm(stage: &Stage, open: usize) {
    let (history, still) = shown(stage);
    assert_eq!((history.len(), still), (1, open), "{history:?}");
    assert!(history[0].starts_with("[STORM] 25 critical alerts on 1 node: disk_01 ×1, "), "{history:?}");
}

#[test]
fn is_one_alert_and_its_end() {
    let stage = calm();
    set_all(&stage, Critical);
    assert_eq!(stage.send_well().len(), 1);
    is_one_storm(&stage, 1);
    assert_eq!(stage.send_well(), [""; 0]);
    set_all(&stage, Clear);
    assert_eq!(stage.send_well().len(), 1);
    is_one_storm(&stage, 0);
}

#[test]
fn killed_with_its_alert_or_its_end_on_the_wire() {
    for processed in [false, true] {
        let stage = calm();
        for (status, open) in [(Critical, 1), (Clear, 0)] {
            set_all(&stage, status);
            assert_eq!(kill_at(&stage, 1, processed).signal(), Some(9));
            stage.send_well();
            is_one_storm(&stage, open);
            assert_eq!(stage.send_well(), [""; 0], "nothing is left to say");
        }
    }
}
