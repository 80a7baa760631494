//! What a call was made from is looked at again before anything is written; and what the schedule will not have, or runs
//! already, is told.

use std::fs;

use super::Host;
use crate::stage::{KEY, end};

const ALL: [&str; 4] = ["--name", "Production", "--schedule", "cron"];

#[test]
fn a_crontab_that_somebody_changes_during_the_live_test_is_not_written_over() {
    let host = Host::new();
    // Another line each time that it is looked at.
    host.0.stage.write_program(
        "crontab",
        "if [ \"$1\" = -l ]; then echo x >> looks; wc -l < looks | sed 's/^/# look /'; else cat > crontab; fi",
    );
    let ended = host.by_key(&ALL);
    ended.is(1).says("the crontab has changed meanwhile").says("not done: ");
    assert!(!host.etc("config.toml").exists() && !host.etc("api-key").exists());
    assert!(!host.0.stage.path("crontab").exists());
}

#[test]
fn programs_that_are_started_have_no_secret() {
    let host = Host::new();
    host.by_key(&ALL).is(0);
    let seen = fs::read_to_string(host.0.stage.path("crontab.env")).unwrap();
    assert!(seen.contains("LC_ALL=C") && !seen.contains("ILERT_API_KEY"), "{seen}");
}

#[test]
fn a_key_in_this_environment_alone_is_none_for_the_schedule() {
    let host = Host::new();
    host.by_key(&["--name", "Production"]).is(0);
    let text = host.text();
    let (before, after) = text.split_once("api_key = {").unwrap();
    let rest = after.split_once('\n').unwrap().1;
    fs::write(host.etc("config.toml"), format!("{before}api_key = {{ env = \"ILERT_API_KEY\" }}\n{rest}"))
        .unwrap();
    let ended = host.by_key(&ALL);
    ended
        .is(3)
        .says("a dry run of the sender: the configuration takes a secret from")
        .says("which cron does not set");
    // And the doctor does not call it well.
    let mut doctor = host.program(&["--doctor"]);
    doctor.env("ILERT_API_KEY", KEY);
    let said = end(doctor).stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("! API key ****3f9a") && said.contains("which cron does not set"), "{said}");
}

#[test]
fn a_line_by_hand_is_named_where_it_runs_on() {
    let host = Host::new();
    fs::write(host.0.stage.path("crontab"), "*/5 * * * * netdata-ilert --send\n").unwrap();
    host.by_key(&["--name", "Production", "--schedule", "none"])
        .is(0)
        .says("line 1 of the crontab runs the sender too, and this program did not write it");
    host.by_key(&[]).is(0).says("line 1 of the crontab runs it, which this program did not write");
    let cloud = host.by_key(&["--delivered-by", "netdata-cloud"]);
    cloud.is(0).says("did not write, though nothing is sent from here: remove it with `crontab -e`");
}

#[test]
fn a_line_for_another_folder_is_named_and_stays() {
    let host = Host::new();
    let others = "* * * * * CONFIGURATION_DIRECTORY=/srv/home-1 netdata-ilert --send # netdata-ilert --install-schedule\n";
    fs::write(host.0.stage.path("crontab"), others).unwrap();
    host.by_key(&ALL).is(0).says("line 1 of the crontab runs the configurations in `/srv/home-1`");
    assert!(host.crontab().starts_with(others) && host.crontab().lines().count() == 2, "{}", host.crontab());
    host.by_key(&["--schedule", "none"]).is(0).says("took the line out of the crontab");
    assert_eq!(host.crontab(), others);
}
