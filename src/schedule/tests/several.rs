//! One schedule for all that are installed, and one of its own name for each that is elsewhere: neither is taken for
//! the other's. What version 0.1.0 wrote was called alike for any.

use std::fs;
use std::path::Path;

use super::machine::Machine;
use super::{OTHERS, elsewhere, nothing, root};
use crate::schedule::{
    Crontab, Installation, Present, Runs, ScheduleError, Scheduler, Serves, UnsuffixedUnits, crontab,
    install, plan, present, removal, systemd, unit,
};

/// The line that 0.1.0 wrote.
fn former_line(config: &str) -> String {
    format!(
        "* * * * * /usr/local/bin/netdata-ilert --send --config {config} --state-dir /var/lib/netdata-ilert # \
         netdata-ilert --install-schedule\n"
    )
}

fn with_cron(installation: &Installation, before: &str) -> Option<String> {
    plan(Scheduler::Cron, installation, &nothing(before)).unwrap().crontab.map(|(_, after)| after)
}

#[test]
fn the_line_of_all_names_no_configuration() {
    let line = crontab::line(&root()).unwrap();
    assert_eq!(
        line,
        "* * * * * /usr/local/bin/netdata-ilert --send --state-dir /var/lib/netdata-ilert # netdata-ilert \
         --install-schedule"
    );
    let folder = Installation { serves: Serves::All { folder: Some("/srv/my conf".into()) }, ..root() };
    let line = crontab::line(&folder).unwrap();
    assert!(line.starts_with("* * * * * CONFIGURATION_DIRECTORY='/srv/my conf' /usr/local/bin/"), "{line}");
    let lines = systemd::command(&folder).unwrap();
    assert_eq!(lines[1], "Environment=\"CONFIGURATION_DIRECTORY=/srv/my conf\"");
}

#[test]
fn a_former_line_of_an_installed_one_is_replaced_where_it_stands() {
    for config in ["/etc/netdata-ilert/config.toml", "/etc/netdata-ilert/config.d/web.toml"] {
        let before = format!("{}{OTHERS}", former_line(config));
        let after = with_cron(&root(), &before).unwrap();
        assert_eq!(after, format!("{}\n{OTHERS}", crontab::line(&root()).unwrap()));
    }
    let there = nothing(&former_line("/etc/netdata-ilert/config.toml"));
    assert_eq!(there.kinds(&root()), [Scheduler::Cron]);
    assert_eq!(there.runs(Scheduler::Cron, &root()), Runs::FirstAlone);
    assert_eq!(nothing(&with_cron(&root(), "").unwrap()).runs(Scheduler::Cron, &root()), Runs::This);
}

#[test]
fn a_line_of_one_elsewhere_stays_its_own() {
    for config in ["/srv/x.toml", "'/srv/it'\\''s x.toml'"] {
        let before = former_line(config);
        assert!(nothing(&before).kinds(&root()).is_empty(), "{config}");
        let after = with_cron(&root(), &before).unwrap();
        assert_eq!(after, format!("{before}{}\n", crontab::line(&root()).unwrap()));
        assert_eq!(nothing(&after).others(&root()).len(), 1);
        assert!(removal(&root(), &nothing(&before)).unwrap().is_empty());
    }
    // Its own owner gives it its name.
    let own = elsewhere();
    let after = with_cron(&own, &former_line("/srv/x.toml")).unwrap();
    assert_eq!(after, format!("{}\n", crontab::line(&own).unwrap()));
    assert!(after.ends_with("--install-schedule x-5e11\n"), "{after}");
    let both = with_cron(&root(), &after).unwrap();
    assert_eq!(both.lines().count(), 2);
    assert_eq!(crontab::by_hand(&both, &root()), None);
    for (installation, stays) in [(&own, &root()), (&root(), &own)] {
        let left = crontab::without(&both, installation);
        assert_eq!(left, format!("{}\n", crontab::line(stays).unwrap()));
    }
    let another =
        Installation { serves: Serves::One { name: "y-5e12".into() }, config: "/srv/y.toml".into(), ..own };
    assert!(nothing(&both).kinds(&another).is_empty());
}

/// What 0.1.0 wrote for any configuration, as far as it tells whose it is.
fn former_service(installation: &Installation) -> String {
    format!("[Service]\n{}\n", systemd::command_of_one(installation).unwrap())
}

#[test]
fn former_units_tell_whose_they_are() {
    for config in ["/etc/netdata-ilert/config.toml", "/srv/x.toml", "/srv/a \"b\" 50%/c\\d.toml"] {
        let service = former_service(&Installation { config: config.into(), ..root() });
        assert_eq!(unit::named_by(&service, "--config").as_deref(), Some(Path::new(config)));
    }
    let units = systemd::units(&root()).unwrap();
    assert_eq!(unit::named_by(&units[0].1, "--config"), None);
}

fn machine_with_former(config: &str) -> Machine {
    let machine = Machine::new();
    fs::create_dir_all(machine.at("units")).unwrap();
    let service =
        former_service(&Installation { config: machine.at(config), ..machine.installation.clone() });
    fs::write(machine.at("units/netdata-ilert.service"), service).unwrap();
    fs::write(machine.at("units/netdata-ilert.timer"), "[Timer]\n").unwrap();
    machine
}

#[test]
fn former_units_of_an_installed_one_are_replaced_in_place() {
    let mut machine = machine_with_former("config/config.toml");
    machine.installation.serves = Serves::All { folder: None };
    let there = present(&machine.installation).unwrap();
    assert_eq!(there.runs(Scheduler::Systemd, &machine.installation), Runs::FirstAlone);
    machine.install(Scheduler::Systemd).unwrap();
    let there = present(&machine.installation).unwrap();
    assert_eq!(there.runs(Scheduler::Systemd, &machine.installation), Runs::This);
    assert_eq!(fs::read_dir(machine.at("units")).unwrap().count(), 2);
    // Never stopped in between.
    assert!(!machine.read("calls").contains("disable"), "{}", machine.read("calls"));
}

#[test]
fn former_units_of_one_elsewhere_are_given_its_name_by_itself_alone() {
    let mut machine = machine_with_former("config/config.toml");
    let own = machine.installation.clone();
    // All that are installed elsewhere than that one.
    machine.installation = Installation {
        serves: Serves::All { folder: None },
        config: machine.at("etc/config.toml"),
        ..own.clone()
    };
    let there = present(&machine.installation).unwrap();
    assert!(there.kinds(&machine.installation).is_empty() && !there.others(&machine.installation).is_empty());
    assert!(removal(&machine.installation, &there).unwrap().is_empty());
    let error = machine.install(Scheduler::Systemd).unwrap_err();
    assert!(matches!(&error, ScheduleError::Anothers(path) if *path == own.config), "{error}");

    machine.installation = own.clone();
    let there = present(&own).unwrap();
    assert!(matches!(there.unsuffixed, UnsuffixedUnits::Former(_)));
    assert_eq!(
        (there.kinds(&own), there.runs(Scheduler::Systemd, &own)),
        (vec![Scheduler::Systemd], Runs::This)
    );
    machine.install(Scheduler::Systemd).unwrap();
    let mut left: Vec<_> = fs::read_dir(machine.at("units"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    left.sort();
    assert_eq!(left, ["netdata-ilert-mine-5e11.service", "netdata-ilert-mine-5e11.timer"]);
    let calls = machine.read("calls");
    let at = |words: &str| calls.find(words).unwrap_or_else(|| panic!("{words} in {calls}"));
    // There is no moment without a timer.
    assert!(at("enable --now netdata-ilert-mine-5e11.timer") < at("disable --now netdata-ilert.timer"));
    assert_eq!(present(&own).unwrap().unsuffixed, UnsuffixedUnits::None);
}

#[test]
fn former_units_are_removed_with_the_configuration_that_they_run() {
    let machine = machine_with_former("config/config.toml");
    let there = present(&machine.installation).unwrap();
    install(&removal(&machine.installation, &there).unwrap()).unwrap();
    assert_eq!(fs::read_dir(machine.at("units")).unwrap().count(), 0);
    assert!(machine.read("calls").contains("disable --now netdata-ilert.timer"));
}

#[test]
fn units_stay_those_of_a_file_that_is_spelt_otherwise() {
    let mut machine = Machine::new();
    machine.install(Scheduler::Systemd).unwrap();
    fs::create_dir_all(machine.at("config")).unwrap();
    fs::write(machine.at("config/config.toml"), "").unwrap();
    std::os::unix::fs::symlink(machine.at("config"), machine.at("link")).unwrap();
    let state = machine.installation.state_dir.clone();
    machine.installation = Installation {
        serves: Serves::One { name: "link-77".into() },
        config: machine.at("link/config.toml"),
        state_dir: machine.at("another"),
        ..machine.installation.clone()
    };
    machine.installation.keep_name();
    assert_eq!(machine.installation.unit(), "netdata-ilert-mine-5e11");
    let there = present(&machine.installation).unwrap();
    assert_eq!(there.state_dir(&machine.installation), Some(state.clone()));
    assert_eq!(there.runs(Scheduler::Systemd, &machine.installation), Runs::Other, "another state");
    machine.installation.state_dir = state;
    assert_eq!(there.runs(Scheduler::Systemd, &machine.installation), Runs::This);
    assert!(there.others(&machine.installation).is_empty());
}

#[test]
fn two_elsewhere_have_units_of_their_own() {
    let x = elsewhere();
    let y = Installation {
        serves: Serves::One { name: "y-5e12".into() },
        config: "/srv/y.toml".into(),
        ..x.clone()
    };
    let paths = |installation: &Installation| {
        plan(Scheduler::Systemd, installation, &nothing(""))
            .unwrap()
            .files
            .into_iter()
            .map(|file| file.path)
            .collect()
    };
    let [x, y]: [Vec<_>; 2] = [paths(&x), paths(&y)];
    assert!(x.iter().all(|path| !y.contains(path)), "{x:?} {y:?}");
    let there = Present { crontab: Crontab::Missing, ..nothing("") };
    assert!(there.others(&root()).is_empty());
}

/// A line of this program's for the installed configurations in another folder.
fn line_of_another() -> String {
    let another = Installation {
        serves: Serves::All { folder: Some("/srv/home-1/netdata-ilert".into()) },
        config: "/srv/home-1/netdata-ilert/config.toml".into(),
        state_dir: "/srv/home-1/state".into(),
        ..root()
    };
    crontab::line(&another).unwrap()
}

#[test]
fn a_line_for_another_folder_is_named_and_never_replaced() {
    let marker = "# netdata-ilert --install-schedule";
    let named = format!("* * * * * netdata-ilert -c /etc/foo.toml --send {marker}");
    let set = format!("CONFIGURATION_DIRECTORY=/srv/home-2\n* * * * * netdata-ilert --send {marker}");
    for (lines, says) in [
        (line_of_another(), "line 1 of the crontab runs the configurations in `/srv/home-1/netdata-ilert`"),
        (named, "line 1 of the crontab runs `/etc/foo.toml`"),
        (set, "line 2 of the crontab runs the configurations in `/srv/home-2`"),
    ] {
        let before = format!("{lines}\n");
        let there = nothing(&before);
        assert!(there.kinds(&root()).is_empty(), "{lines}");
        assert_eq!(there.others(&root()), [says]);
        let after = with_cron(&root(), &before).unwrap();
        assert_eq!(nothing(&after).kinds(&root()), [Scheduler::Cron]);
        let left = removal(&root(), &nothing(&after)).unwrap().crontab.unwrap().1;
        assert_eq!(left, before);
    }
    // The same folder, however it is told.
    let own = Installation { serves: Serves::All { folder: Some("/etc/netdata-ilert".into()) }, ..root() };
    assert_eq!(nothing(&format!("{}\n", crontab::line(&own).unwrap())).kinds(&root()), [Scheduler::Cron]);
}

#[test]
fn a_line_by_hand_for_another_configuration_hinders_nothing() {
    let before = "* * * * * netdata-ilert --send --config /srv/x.toml\n";
    assert_eq!(nothing(before).others(&root()), ["line 1 of the crontab runs `/srv/x.toml`"]);
    assert_eq!(nothing(before).foreign_line(&root()), None);
    assert!(with_cron(&root(), before).unwrap().starts_with(before));
    assert_eq!(nothing(before).foreign_line(&elsewhere()), Some(1));
}

#[test]
fn units_for_another_folder_are_never_replaced() {
    let mut machine = Machine::new();
    let own = machine.installation.clone();
    let folder = machine.at("home-1");
    machine.installation = Installation {
        serves: Serves::All { folder: Some(folder.clone()) },
        config: folder.join("config.toml"),
        ..own.clone()
    };
    machine.install(Scheduler::Systemd).unwrap();
    machine.installation =
        Installation { serves: Serves::All { folder: None }, config: machine.at("etc/config.toml"), ..own };
    let there = present(&machine.installation).unwrap();
    assert!(there.kinds(&machine.installation).is_empty());
    assert!(there.others(&machine.installation)[0].contains("home-1"));
    assert!(removal(&machine.installation, &there).unwrap().is_empty());
    let error = machine.install(Scheduler::Systemd).unwrap_err();
    assert!(matches!(&error, ScheduleError::AnotherFolder(what) if what.contains("home-1")), "{error}");
}

#[test]
fn a_crontab_that_leads_elsewhere_is_told_the_folder() {
    let own =
        Installation { root: false, config: "/home/me/.config/netdata-ilert/config.toml".into(), ..root() };
    let before = "HOME=/srv\n";
    let after = with_cron(&own, before).unwrap();
    assert!(after.contains("* CONFIGURATION_DIRECTORY=/home/me/.config/netdata-ilert /usr"), "{after}");
    assert_eq!(nothing(&after).runs(Scheduler::Cron, &own), Runs::This);
    assert_eq!(with_cron(&own, &after), None, "once");
}
