//! What is wrong on the machine itself: its state folder, what runs left there, what runs the sender.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::time::{Duration, UNIX_EPOCH};

use netdata_ilert::alert::Status;
use netdata_ilert::config::Invocation;
use netdata_ilert::doctor::{DoctorInput, Mark, examine};
use netdata_ilert::exit::Exit;
use netdata_ilert::schedule::Installation;
use netdata_ilert::simulator::{Answer, World};

use super::machine::{Machine, assert_line, healthy};

#[tokio::test]
async fn the_state_folder() {
    let machine = Machine::new();
    assert_line(&machine.examine().await, "state folder", Mark::Good, "will be made by the first run", "");
    fs::write(machine.stage.state(), "a file").unwrap();
    let found = machine.examine().await;
    assert_eq!(found.exit(), Exit::Failure);
    assert_line(&found, "state folder", Mark::Wrong, "it is a file, not a folder", "`--state-dir`");
    fs::remove_file(machine.stage.state()).unwrap();
    machine.run().await;
    fs::remove_file(machine.stage.path("state/state.db-wal")).unwrap();
    fs::write(
        machine.stage.path("state/state.db"),
        "not a database, and long enough to be taken for one".repeat(9),
    )
    .unwrap();
    assert_line(
        &machine.examine().await,
        "state folder",
        Mark::Wrong,
        "cannot use the state",
        "move it away",
    );
}

#[tokio::test]
async fn a_state_folder_in_memory() {
    let shared_memory = Path::new("/dev/shm");
    if !shared_memory.is_dir() {
        eprintln!("skipped: there is no /dev/shm");
        return;
    }
    let folder = tempfile::tempdir_in(shared_memory).unwrap();
    fs::set_permissions(&folder, Permissions::from_mode(0o700)).unwrap();
    let machine = Machine::new();
    let found = examine(&DoctorInput {
        config: &machine.write_config(),
        state: folder.path(),
        invocation: Invocation::default(),
        others: &[],
        schedule: None,
        notify_files: Vec::new(),
        clock: &|| machine.stage.now(),
    })
    .await;
    assert_line(&found, "state folder", Mark::Warning, "is in memory", "`--state-dir`");
}

#[tokio::test]
async fn what_runs_left_behind() {
    let machine = healthy().await;
    machine.stage.ilert.answer_all(Some(Answer::Status(400)));
    machine.stage.world().set(World::OWN, "net.eth0", "drops", Status::Critical, 7.0);
    machine.stage.world().advance(2);
    assert_eq!(machine.run().await, Exit::Refused);
    let found = machine.examine().await;
    assert_eq!(found.exit(), Exit::Refused);
    assert_line(&found, "failed events", Mark::Wrong, "1 event failed for good", "`netdata-ilert --retry`");
    assert_line(&found, "last run", Mark::Wrong, "it ended with 4", "`netdata-ilert --status`");

    machine.stage.ilert.answer_all(Some(Answer::Status(401)));
    machine.stage.world().set(World::OWN, "net.eth1", "drops", Status::Critical, 7.0);
    machine.stage.world().advance(2);
    machine.run().await;
    machine.stage.ahead.set(20 * 60_000);
    let found = machine.examine().await;
    assert_line(&found, "outbox", Mark::Warning, "1 event not accepted", "`netdata-ilert --send -v`");
    assert_line(&found, "last run", Mark::Wrong, "it ended with 4", "`netdata-ilert --status`");
    let refused = "ilert has not accepted the key since";
    assert_line(&found, "live test", Mark::Wrong, refused, "an alert source of type API");

    machine.stage.ilert.recover();
    machine.stage.ahead.set(0);
    machine.stage.write_private("api-key", "il1api-of-another-source-77bb");
    machine.stage.ilert.add_key("il1api-of-another-source-77bb");
    machine.run().await;
    assert_line(
        &machine.examine().await,
        "old key",
        Mark::Warning,
        "still open under an API key or endpoint used before",
        "by hand",
    );
}

#[tokio::test]
async fn an_event_that_rests() {
    let machine = healthy().await;
    machine.stage.ilert.answer_by(|event| event.alert_key.contains("eth0").then_some(Answer::Reset));
    for chart in ["net.eth0", "net.eth1"] {
        machine.stage.world().set(World::OWN, chart, "drops", Status::Critical, 7.0);
        machine.stage.world().advance(3);
    }
    assert_eq!(machine.run().await, Exit::Later);
    assert_line(
        &machine.examine().await,
        "resting",
        Mark::Warning,
        "1 event not taken",
        "until when they rest",
    );
}

#[tokio::test]
async fn a_state_that_was_lost() {
    let machine = healthy().await;
    for name in ["state.db", "state.db-wal", "state.db-shm"] {
        fs::remove_file(machine.stage.state().join(name)).unwrap();
    }
    // Before a run has noticed, and after.
    let found = machine.examine().await;
    assert_line(&found, "state", Mark::Wrong, "the state is lost: what was open", "netdata-ilert --adopt");
    assert_eq!(found.exit(), Exit::Refused);
    machine.run().await;
    machine.run().await;
    let found = machine.examine().await;
    assert_line(&found, "state", Mark::Wrong, "the state is lost, as found on 2", "netdata-ilert --adopt");
}

#[tokio::test]
async fn no_state_although_something_ran_it() {
    let mut machine = Machine::new();
    machine.schedule();
    let config = machine.write_config();
    let none =
        |found: &netdata_ilert::doctor::Diagnosis| !found.checks.iter().any(|line| line.check == "state");
    let look = async |machine: &Machine, minutes: u64, schedule| {
        let then = UNIX_EPOCH + Duration::from_millis(machine.stage.now().try_into().unwrap());
        let file = fs::File::options().write(true).open(&config).unwrap();
        file.set_modified(then - Duration::from_secs(60 * minutes)).unwrap();
        examine(&DoctorInput {
            config: &config,
            state: &machine.stage.state(),
            invocation: Invocation::default(),
            others: &[],
            schedule,
            notify_files: Vec::new(),
            clock: &|| machine.stage.now(),
        })
        .await
    };
    assert!(none(&look(&machine, 9, Some(machine.installation())).await), "set up a moment ago");
    let found = look(&machine, 11, Some(machine.installation())).await;
    assert_line(&found, "state", Mark::Warning, "although a crontab line runs this", "netdata-ilert --adopt");
    let found = look(&machine, 11, None).await;
    assert_line(
        &found,
        "state",
        Mark::Warning,
        "although a heartbeat is configured",
        "netdata-ilert --adopt",
    );
    machine.edit("heartbeat.url = { file = \"heartbeat-url\" }\n", "");
    machine.write_config();
    assert!(none(&look(&machine, 11, None).await), "no trace");
    machine.run().await;
    assert!(none(&look(&machine, 11, Some(machine.installation())).await), "there is a state");
}

#[tokio::test]
async fn somebody_elses_line_runs_it() {
    let machine = Machine::new();
    let line = "* * * * * /usr/bin/netdata-ilert --state-dir /b --send\n";
    fs::write(machine.stage.path("crontab"), format!("MAILTO=x\n{line}")).unwrap();
    let says = "line 2 of the crontab, which this program did not write, runs `--send`; it never ran";
    assert_line(&machine.examine().await, "schedule", Mark::Warning, says, "does cron run");
    machine.run().await;
    let says =
        "line 2 of the crontab, which this program did not write, runs `--send`; the last run was 0 s ago";
    assert_line(&machine.examine().await, "schedule", Mark::Good, says, "");
    fs::remove_file(machine.stage.path("crontab")).unwrap();
    machine.schedule();
    let ours = fs::read_to_string(machine.stage.path("crontab")).unwrap();
    fs::write(machine.stage.path("crontab"), ours + line).unwrap();
    let says = "line 2 of the crontab, which this program did not write, runs `--send` too";
    assert_line(&machine.examine().await, "schedule", Mark::Warning, says, "crontab -e");
}

#[tokio::test]
async fn a_schedule_that_is_new_need_not_have_run() {
    let machine = Machine::new();
    machine.schedule();
    // The files are as old as the real clock has it.
    let real = i64::try_from(UNIX_EPOCH.elapsed().unwrap().as_millis()).unwrap();
    let behind = real - machine.stage.now();
    machine.stage.ahead.set(behind);
    assert_line(&machine.examine().await, "schedule", Mark::Good, "it has not run yet, as it is new", "");
    machine.stage.ahead.set(behind + 600_000);
    assert_line(&machine.examine().await, "schedule", Mark::Wrong, "it never ran", "does cron run");
}

#[tokio::test]
async fn a_timer_that_is_stopped_runs_nothing() {
    let machine = Machine::new();
    for folder in ["units", "no-systemd"] {
        fs::create_dir(machine.stage.path(folder)).unwrap();
    }
    fs::write(machine.stage.path("units/netdata-ilert.timer"), "[Timer]\n").unwrap();
    machine.run().await;
    for (state, mark, says) in [
        ("active", Mark::Good, "a systemd timer; the last run was 0 s ago"),
        (
            "inactive",
            Mark::Warning,
            "a systemd timer, which is stopped: nothing runs `--send` now; the last run was 0 s ago",
        ),
        ("failed", Mark::Warning, "which is stopped"),
    ] {
        machine.stage.write_program("systemctl", &format!("[ \"$1\" = is-active ] && echo {state}; exit 3"));
        let fix =
            if mark == Mark::Good { "" } else { "`netdata-ilert --install-schedule systemd` starts it" };
        assert_line(&machine.examine().await, "schedule", mark, says, fix);
    }
}

#[tokio::test]
async fn a_run_before_the_program_was_installed_is_none_of_its() {
    let machine = Machine::new();
    // The program is as new as the real clock has it, and the run is ten seconds older.
    let real = i64::try_from(UNIX_EPOCH.elapsed().unwrap().as_millis()).unwrap();
    machine.stage.ahead.set(real - 10_000 - machine.stage.now());
    machine.run().await;
    fs::write(machine.stage.path("bin/netdata-ilert"), "").unwrap();
    let binary = machine.stage.path("bin/netdata-ilert");
    let found = examine(&DoctorInput {
        config: &machine.write_config(),
        state: &machine.stage.state(),
        invocation: Invocation::default(),
        others: &[],
        schedule: Some(Installation { binary, ..machine.installation() }),
        notify_files: Vec::new(),
        clock: &|| machine.stage.now(),
    })
    .await;
    let says = "nothing runs `--send`; the last run was 0 s ago, before this program was installed";
    assert_line(&found, "schedule", Mark::Warning, says, "`netdata-ilert --install-schedule cron`");
}

#[tokio::test]
async fn who_runs_it() {
    let machine = Machine::new();
    let found = machine.examine().await;
    assert_line(
        &found,
        "schedule",
        Mark::Warning,
        "nothing runs `--send`; it never ran",
        "`netdata-ilert --install-schedule cron`",
    );
    machine.run().await;
    assert_line(
        &machine.examine().await,
        "schedule",
        Mark::Good,
        "none by this program; the last run was 0 s ago, by something else, or by one that is removed since",
        "",
    );
    machine.note_a_run_by_hand();
    assert_line(
        &machine.examine().await,
        "schedule",
        Mark::Warning,
        "nothing runs `--send` by itself, as far as can be seen: the last run was 0 s ago, by hand",
        "`netdata-ilert --install-schedule cron`",
    );
    machine.schedule();
    assert_line(
        &machine.examine().await,
        "schedule",
        Mark::Good,
        "a crontab line; the last run was 0 s ago",
        "",
    );
    machine.stage.ahead.set(600_000);
    let found = machine.examine().await;
    assert_eq!(found.exit(), Exit::Refused);
    assert_line(
        &found,
        "schedule",
        Mark::Wrong,
        "is installed, but the last run was 10 min ago",
        "does cron run",
    );
    machine.stage.ahead.set(0);
    let line = fs::read_to_string(machine.stage.path("crontab")).unwrap();
    fs::write(machine.stage.path("crontab"), line.replace("/state #", "/other #")).unwrap();
    assert_line(
        &machine.examine().await,
        "schedule",
        Mark::Warning,
        "another program, configuration",
        "cron",
    );
    fs::create_dir(machine.stage.path("units")).unwrap();
    fs::write(machine.stage.path("units/netdata-ilert.timer"), "[Timer]\n").unwrap();
    assert_line(
        &machine.examine().await,
        "schedule",
        Mark::Warning,
        "a systemd timer and a crontab line",
        "keep one: `netdata-ilert --install-schedule systemd`",
    );
}
