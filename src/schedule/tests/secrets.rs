//! Secrets that a schedule has, or has not.

use std::fs;
use std::path::Path;

use super::machine::Machine;
use super::{nothing, root};
use crate::config::{self, Config};
use crate::schedule::{Installation, Scheduler, Serves, plan, present};

fn config(source: &str) -> Config {
    let text = format!(
        "version = 1\nnotification.name = 'x'\nnotification.notify = ['critical', 'clear']\n\
         integration.api_key = {source}\nnetdata.bearer_token = {source}\nheartbeat.url = {source}\n"
    );
    config::parse(&text, Path::new("/etc/netdata-ilert/config.toml")).unwrap()
}

#[test]
fn cron_has_what_the_crontab_sets_above_the_line_or_in_it() {
    let installation = Installation { variables: vec!["TEAM_KEY".into()], ..root() };
    for (crontab, has) in
        [("", false), ("TEAM_KEY=k\n", true), ("TEAM_KEY=\n", false), ("#TEAM_KEY=k\n", false)]
    {
        let planned = plan(Scheduler::Cron, &installation, &nothing(crontab)).unwrap();
        assert_eq!(planned.missing.is_empty(), has, "{crontab}");
        assert_eq!(planned.notes.is_empty(), has, "{crontab}");
        let seen = planned.environment.unwrap().see(&config("{ env = 'TEAM_KEY' }"));
        match seen {
            // Each place, and not a secret of this very environment.
            Ok(seen) => assert!(
                has && seen.secrets().iter().all(|one| matches!(one, config::SecretSource::Literal(_)))
            ),
            Err(missing) => assert!(!has && missing.what.contains("`TEAM_KEY`"), "{missing:?}"),
        }
    }
    // Set below the line, it is not there.
    let line = plan(Scheduler::Cron, &installation, &nothing("")).unwrap().crontab.unwrap().1;
    let below = plan(Scheduler::Cron, &installation, &nothing(&format!("{line}TEAM_KEY=k\n"))).unwrap();
    assert!(below.crontab.is_none() && below.missing.len() == 1, "{below:?}");
}

#[test]
fn systemd_has_what_stands_beside_the_configuration_or_in_a_drop_in() {
    let mut machine = Machine::new();
    machine.installation.serves = Serves::All { folder: None };
    machine.installation.variables = vec!["A".into(), "B".into()];
    machine.installation.credentials = vec!["key".into()];
    let missing = |machine: &Machine| {
        let there = present(&machine.installation).unwrap();
        let planned = plan(Scheduler::Systemd, &machine.installation, &there).unwrap();
        planned.missing.into_iter().map(|missing| missing.what).collect::<Vec<_>>().join("; ")
    };
    let all = missing(&machine);
    assert!(all.contains("`A`") && all.contains("`B`") && all.contains("`key`"), "{all}");
    fs::create_dir_all(machine.at("config")).unwrap();
    fs::write(machine.at("config/environment"), "# A\nA='1'\n").unwrap();
    fs::write(machine.at("config/key"), "k\n").unwrap();
    fs::create_dir_all(machine.at("units/netdata-ilert.service.d")).unwrap();
    fs::write(machine.at("units/netdata-ilert.service.d/x.conf"), "[Service]\nEnvironment=\"B=2\"\n")
        .unwrap();
    assert_eq!(missing(&machine), "");
}
