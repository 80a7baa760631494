//! Units that a package brought: they are found once they are enabled, and never changed or removed.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::PathBuf;

use super::machine::Machine;
use crate::schedule::{
    Installation, Runs, Scheduler, Serves, UnsuffixedUnits, install, plan, present, removal, systemd,
};

const LINK: &str = "units/timers.target.wants/netdata-ilert.timer";

/// A machine with the package's units in a folder of their own.
fn machine() -> Machine {
    let mut machine = Machine::new();
    machine.installation.serves = Serves::All { folder: None };
    machine.installation.vendor = vec![machine.at("local"), machine.at("vendor")];
    fs::create_dir(machine.at("vendor")).unwrap();
    for (path, text) in systemd::units(&machine.installation).unwrap() {
        fs::write(machine.at("vendor").join(path.file_name().unwrap()), text).unwrap();
    }
    machine.program(
        "systemctl",
        &format!(
            "echo \"$@\" >> $HERE/calls
             case $2 in
             enable) mkdir -p $HERE/units/timers.target.wants; ln -s $HERE/vendor/netdata-ilert.timer $HERE/{LINK} ;;
             disable) rm -f $HERE/{LINK} ;;
             esac"
        ),
    );
    machine
}

/// As `systemctl enable` does it.
fn enable(machine: &Machine) {
    fs::create_dir_all(machine.at(LINK).parent().unwrap()).unwrap();
    symlink(machine.at("vendor/netdata-ilert.timer"), machine.at(LINK)).unwrap();
}

fn kinds(machine: &Machine) -> Vec<Scheduler> {
    present(&machine.installation).unwrap().kinds(&machine.installation)
}

fn units_of_package(machine: &Machine) -> Vec<PathBuf> {
    let mut units: Vec<_> =
        fs::read_dir(machine.at("vendor")).unwrap().map(|entry| entry.unwrap().path()).collect();
    units.sort();
    units
}

#[test]
fn a_timer_is_there_once_it_is_enabled() {
    let machine = machine();
    assert_eq!(kinds(&machine), []);
    enable(&machine);
    let there = present(&machine.installation).unwrap();
    assert_eq!(there.kinds(&machine.installation), [Scheduler::Systemd]);
    assert_eq!(there.runs(Scheduler::Systemd, &machine.installation), Runs::This);
    assert_eq!(there.state_dir(&machine.installation), Some(machine.at("state")));
    let [scheduled] = there.scheduled(&machine.installation).try_into().unwrap();
    assert!(scheduled.since.is_some());
    let moved = Installation { binary: "/srv/netdata-ilert".into(), ..machine.installation.clone() };
    assert_eq!(there.runs(Scheduler::Systemd, &moved), Runs::Other);
    // What runs all is not what runs one elsewhere.
    let one =
        Installation { serves: Serves::One { name: "mine-5e11".into() }, ..machine.installation.clone() };
    assert!(present(&one).unwrap().kinds(&one).is_empty());
}

#[test]
fn a_unit_in_its_place_counts_instead() {
    let machine = machine();
    enable(&machine);
    let service = machine.at("units/netdata-ilert.service");
    fs::write(&service, "[Service]\nExecStart=/srv/other --send --state-dir /srv/state\n").unwrap();
    let there = present(&machine.installation).unwrap();
    assert_eq!(there.kinds(&machine.installation), [Scheduler::Systemd]);
    assert_eq!(there.runs(Scheduler::Systemd, &machine.installation), Runs::Other);
    assert_eq!(there.state_dir(&machine.installation), Some("/srv/state".into()));
    fs::remove_file(service).unwrap();
    // `systemctl mask` leaves the link of `enable`.
    symlink("/dev/null", machine.at("units/netdata-ilert.timer")).unwrap();
    assert_eq!(kinds(&machine), []);
}

#[test]
fn removing_disables_it_and_leaves_the_packages_files() {
    let machine = machine();
    enable(&machine);
    let package = units_of_package(&machine);
    let removed = removal(&machine.installation, &present(&machine.installation).unwrap()).unwrap();
    let vendor = machine.at("vendor");
    assert_eq!(
        removed.shown(),
        format!(
            "run `systemctl --user disable --now netdata-ilert.timer`\nnote: the units in `{}` are the package's, and \
             stay there\n",
            vendor.display()
        )
    );
    install(&removed).unwrap();
    assert_eq!(machine.read("calls"), "--user disable --now netdata-ilert.timer\n");
    assert_eq!((kinds(&machine), units_of_package(&machine)), (vec![], package.clone()));
    assert!(removal(&machine.installation, &present(&machine.installation).unwrap()).unwrap().is_empty());

    // Without systemd, as in an image that is built, there is nobody to ask.
    enable(&machine);
    fs::remove_dir(machine.at("systemd")).unwrap();
    install(&removal(&machine.installation, &present(&machine.installation).unwrap()).unwrap()).unwrap();
    assert_eq!((kinds(&machine), units_of_package(&machine)), (vec![], package));
}

#[test]
fn removing_units_in_their_place_leaves_nothing_enabled() {
    let machine = machine();
    enable(&machine);
    for (path, text) in systemd::units(&machine.installation).unwrap() {
        fs::write(path, text).unwrap();
    }
    fs::remove_dir(machine.at("systemd")).unwrap();
    install(&removal(&machine.installation, &present(&machine.installation).unwrap()).unwrap()).unwrap();
    assert_eq!((kinds(&machine), units_of_package(&machine).len()), (vec![], 2));
}

#[test]
fn installing_enables_it_where_it_does_what_is_asked() {
    let mut machine = machine();
    machine.install(Scheduler::Systemd).unwrap();
    assert!(machine.read("calls").starts_with("--user enable --now netdata-ilert.timer\n"));
    assert_eq!(kinds(&machine), [Scheduler::Systemd]);
    assert!(!machine.at("units/netdata-ilert.timer").exists());
    let again = plan(Scheduler::Systemd, &machine.installation, &present(&machine.installation).unwrap());
    assert!(again.unwrap().keeps_schedule());

    // It loads no credentials: units of its own do, which come before the package's.
    machine.installation.credentials.push("api-key".into());
    let there = present(&machine.installation).unwrap();
    let written = plan(Scheduler::Systemd, &machine.installation, &there).unwrap().files;
    assert_eq!(written.len(), 2);
    assert!(written.iter().all(|file| file.path.starts_with(machine.at("units"))));
}

#[test]
fn cron_takes_its_place() {
    let machine = machine();
    enable(&machine);
    machine.install(Scheduler::Cron).unwrap();
    assert_eq!((kinds(&machine), units_of_package(&machine).len()), (vec![Scheduler::Cron], 2));
}

#[test]
fn a_timer_for_the_usual_folder_is_not_that_of_another_folder() {
    let machine = machine();
    let other = Installation {
        serves: Serves::All { folder: Some("/srv/conf".into()) },
        config: "/srv/conf/config.toml".into(),
        ..machine.installation.clone()
    };
    assert_eq!(present(&other).unwrap().unsuffixed, UnsuffixedUnits::None);
    enable(&machine);
    let there = present(&other).unwrap();
    assert!(there.kinds(&other).is_empty());
    assert_eq!(there.others(&other).len(), 1);
    assert!(removal(&other, &there).unwrap().is_empty());
    plan(Scheduler::Systemd, &other, &there).unwrap_err();
}
