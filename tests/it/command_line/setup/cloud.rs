//! Where Netdata Cloud delivers: nothing is sent from here, no schedule is needed, and what Cloud does is not known.

use std::fs;

use super::Host;
use crate::stage::{Ended, end};

const UNPROVEN: &str = "whether Netdata Cloud delivers cannot be seen from here";

/// A machine that was set up, with a crontab line if one is wanted, and is left to Netdata Cloud since.
fn left_to_cloud(schedule: &str) -> Host {
    let host = Host::new();
    host.by_key(&["--name", "Production", "--schedule", schedule]).is(0);
    leave(&host, "config.toml");
    host
}

fn leave(host: &Host, file: &str) {
    let text = fs::read_to_string(host.etc(file)).unwrap();
    let text = text.replacen("\nname = ", "\ndelivered_by = \"netdata-cloud\"\nname = ", 1);
    fs::write(host.etc(file), text.replace("\n#delivered_by", "\n#")).unwrap();
}

fn run(host: &Host, arguments: &[&str]) -> Ended {
    end(host.program(arguments))
}

#[test]
fn no_schedule_is_installed_for_it_and_one_that_is_there_is_named() {
    let host = left_to_cloud("cron");
    let there = "a crontab line is there, and sends nothing, as Netdata Cloud delivers";
    for arguments in [&["--install-schedule", "cron"][..], &["--install-schedule", "systemd"]] {
        let refused = run(&host, arguments);
        refused
            .is(3)
            .says("there is no need of a schedule")
            .says(there)
            .says("`netdata-ilert --remove-schedule` removes it");
    }
    host.by_key(&["--schedule", "cron"]).is(3).says("there is no need of a schedule");
    host.by_key(&[]).is(0).says(there).says(UNPROVEN);
    let doctor = run(&host, &["--doctor"]);
    assert!(
        doctor.stdout.contains(there)
            && doctor.stdout.contains("`netdata-ilert --remove-schedule` removes it"),
        "{doctor:?}"
    );
    let status = run(&host, &["--status"]);
    assert!(status.stdout.contains(&format!("schedule: {there}")), "{status:?}");
    run(&host, &["--remove-schedule"]).is(0);
    assert_eq!(host.crontab(), "");
    host.by_key(&[]).is(0).says("none, and none is needed");
    let after = run(&host, &["--doctor"]);
    assert!(!after.stdout.contains(" schedule "), "{after:?}");
    run(&host, &["--install-schedule", "cron"]).is(3);
    assert_eq!(host.crontab(), "");
}

#[test]
fn beside_one_that_is_sent_from_here_the_schedule_is_needed() {
    let host = left_to_cloud("cron");
    host.by_key(&["-c", "databases", "--name", "Databases", "--schedule", "cron"]).is(0);
    for mode in ["--doctor", "--status"] {
        let shown = run(&host, &[mode]);
        assert!(!shown.stdout.contains("sends nothing, as"), "{shown:?}");
    }
    run(&host, &["--install-schedule", "cron"]).is(0).says("nothing to change");
    // One that is switched off needs none; one that cannot be read may.
    leave(&host, "config.d/databases.toml");
    run(&host, &["--install-schedule", "cron"]).is(3);
    fs::write(host.etc("config.d/databases.toml"), "").unwrap();
    run(&host, &["--install-schedule", "cron"]).is(0);
}

#[test]
fn nothing_hides_that_the_side_of_cloud_is_unproven() {
    let mut host = left_to_cloud("none");
    let doctor = run(&host, &["--doctor"]);
    assert!(doctor.is(0).stdout.contains(UNPROVEN), "{doctor:?}");
    let status = run(&host, &["--status"]);
    assert!(status.is(0).stdout.starts_with("Netdata Cloud delivers this configuration"), "{status:?}");
    assert!(status.stdout.contains(UNPROVEN), "{status:?}");
    let status: serde_json::Value =
        serde_json::from_str(&run(&host, &["--status", "--json"]).stdout).unwrap();
    assert_eq!(status["delivered_by"], "netdata-cloud");
    run(&host, &["--test"]).is(0).says("this proves the key, and not Netdata Cloud").says(UNPROVEN);
    let not_known = "ilert gets what Netdata Cloud makes of an alert, which is not known here";
    for arguments in [&["--preview"][..], &["--preview", "--sample"]] {
        let preview = run(&host, arguments);
        assert!(preview.is(0).says(not_known).stdout.contains("ALERT"), "{preview:?}");
    }
    let plan = host.by_key(&["--dry-run"]);
    assert!(plan.is(0).stdout.contains(UNPROVEN), "{plan:?}");
    host.by_key(&[]).is(0).says("nothing is sent from here").says(UNPROVEN);
    // Nobody here asks the agent.
    host.0.stage.stop_netdata();
    run(&host, &["--doctor"]).is(0);
}
