//! All at once: one that hangs or is killed holds up and spoils no other.

use std::os::unix::process::ExitStatusExt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use netdata_ilert::alert::Status;
use netdata_ilert::simulator::{Answer, Barrier};
use rustix::process::{Pid, Signal, kill_process};

use super::Teams;
use crate::stage::arrived;

#[test]
fn one_that_hangs_holds_up_no_other_and_all_end_together() {
    let teams = Teams::both();
    teams.set("cpu", Status::Critical);
    let [web, db] = [Barrier::new(), Barrier::new()];
    teams.web.ilert.answer_next(Answer::Stall(web.clone()));
    teams.db.ilert.answer_next(Answer::Stall(db.clone()));
    let run = teams.start(&["--send"]);
    // Both are on their way at the same time.
    arrived(&web, 1);
    arrived(&db, 1);
    run.signal(Signal::TERM);
    run.wait().is(143);
    web.open();
    db.open();
    teams.web.ilert.recover();
    teams.db.ilert.recover();
    teams.run(&["--send"]).is(0);
    assert_eq!((teams.open().map(|open| open.len()), teams.history()), ([1, 1], [1, 1]));
}

/// Told: a warning, b critical. Now: a critical, b clear, c raised.
fn busy() -> Teams {
    let teams = Teams::both();
    teams.set("a", Status::Warning);
    teams.set("b", Status::Critical);
    teams.run(&["--send"]).is(0);
    teams.set("a", Status::Critical);
    teams.set("b", Status::Clear);
    teams.set("c", Status::Warning);
    teams
}

/// How many requests a run that is let be makes for that, in both.
const REQUESTS: usize = 8;

#[test]
fn killed_with_any_event_of_any_of_them_on_the_wire() {
    for count in 1..=REQUESTS {
        let teams = busy();
        let arrivals = Arc::new(AtomicUsize::new(0));
        let victim: Arc<Mutex<Option<Pid>>> = Arc::default();
        for ilert in [&teams.web.ilert, &teams.db.ilert] {
            let (arrivals, victim) = (Arc::clone(&arrivals), Arc::clone(&victim));
            ilert.answer_by(move |_| {
                (arrivals.fetch_add(1, Ordering::SeqCst) + 1 >= count).then_some(())?;
                // It may be gone already.
                let _ = kill_process(victim.lock().unwrap().unwrap(), Signal::KILL);
                count.is_multiple_of(2).then_some(Answer::Reset)
            });
        }
        let mut pid = victim.lock().unwrap();
        let mut run = teams.command(&["--send"]).spawn().unwrap();
        *pid = Some(Pid::from_child(&run));
        drop(pid);
        assert_eq!(run.wait().unwrap().signal(), Some(9), "request {count}");
        teams.web.ilert.recover();
        teams.db.ilert.recover();
        let ended = teams.run(&["--send"]);
        assert!(ended.is(0).stderr.is_empty(), "request {count}: {ended:#?}");
        for (mut open, host) in teams.open().into_iter().zip(["web-1", "db-1"]) {
            open.sort();
            assert_eq!(open, [format!("{host} a critical"), format!("{host} c warning")], "request {count}");
        }
        assert_eq!(teams.history(), [4, 4], "request {count}");
        teams.run(&["--status"]).is(0);
    }
    let teams = busy();
    let before = [&teams.web.ilert, &teams.db.ilert].map(|ilert| ilert.received().len());
    teams.run(&["--send"]).is(0);
    let after = [&teams.web.ilert, &teams.db.ilert].map(|ilert| ilert.received().len());
    assert_eq!(after.iter().sum::<usize>() - before.iter().sum::<usize>(), REQUESTS);
}
