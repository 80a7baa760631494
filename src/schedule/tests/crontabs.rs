//! Crontabs that are odd, large, somebody else's, or not to be had.

use std::fs;

use super::OTHERS;
use super::machine::Machine;
use crate::schedule::{Crontab, Present, Runs, Scheduler, install, plan, present, removal};

#[test]
fn a_comment_in_latin_1_stays_as_it_is_and_hides_nothing() {
    let machine = Machine::new();
    let others = b"# Gr\xfc\xdfe\n0 3 * * * backup\n";
    fs::write(machine.at("crontab"), others).unwrap();
    machine.install(Scheduler::Cron).unwrap();
    let written = fs::read(machine.at("crontab")).unwrap();
    assert!(written.starts_with(others) && written.len() > others.len());
    assert_eq!(present(&machine.installation).unwrap().kinds(&machine.installation), [Scheduler::Cron]);
    install(&removal(&machine.installation, &present(&machine.installation).unwrap()).unwrap()).unwrap();
    assert_eq!(fs::read(machine.at("crontab")).unwrap(), others);
}

#[test]
fn a_crontab_that_cannot_be_read_is_not_taken_for_none() {
    let machine = Machine::new();
    for said in ["you (me) are not allowed", "crontab: can't open '/var/spool/cron/me': Permission denied"] {
        machine.program("crontab", &format!("echo \"{said}\" >&2; exit 1"));
        let there = present(&machine.installation).unwrap();
        assert_eq!(there.crontab, Crontab::Denied(said.to_owned()));
        let error = removal(&machine.installation, &there).unwrap_err().to_string();
        assert!(error.contains("cannot read the crontab") && error.contains(said), "{error}");
        // What is there besides is removed all the same, and the rest is said.
        let timed = Present { timer: Some("x".into()), service: Some("x".into()), ..there };
        let plan = removal(&machine.installation, &timed).unwrap();
        assert!(
            !plan.is_empty() && plan.shown().contains("whether it has a line of this program is not known")
        );
    }
}

#[test]
fn a_large_crontab_goes_through_whole() {
    let machine = Machine::new();
    let others: String =
        (0..100_000).fold(String::new(), |lines, n| lines + &format!("15 3 * * * backup {n}\n"));
    fs::write(machine.at("crontab"), &others).unwrap();
    // Each line is looked at once, not once for each other.
    assert_eq!(
        plan(Scheduler::Cron, &machine.installation, &present(&machine.installation).unwrap())
            .unwrap()
            .shown()
            .lines()
            .count(),
        3
    );
    machine.install(Scheduler::Cron).unwrap();
    assert!(machine.read("crontab").starts_with(&others));
}

#[test]
fn a_line_of_somebody_else_is_said_and_gets_no_second() {
    let machine = Machine::new();
    let others = "MAILTO=x\n* * * * * KEY=secret netdata-ilert --state-dir /b --send\n";
    fs::write(machine.at("crontab"), others).unwrap();
    let error = machine.install(Scheduler::Cron).unwrap_err().to_string();
    assert!(error.starts_with("line 2 of your crontab runs the sender already"), "{error}");
    assert!(error.contains("by hand (`crontab -e`)") && !error.contains("secret"), "{error}");
    assert_eq!(machine.read("crontab"), others);
    let there = present(&machine.installation).unwrap();
    for plan in [
        plan(Scheduler::Systemd, &machine.installation, &there).unwrap(),
        removal(&machine.installation, &there).unwrap(),
    ] {
        assert!(plan.shown().contains("note: line 2 of the crontab runs the sender too"), "{}", plan.shown());
    }
}

#[test]
fn a_crontab_without_a_last_newline_comes_back() {
    let machine = Machine::new();
    let remove =
        || install(&removal(&machine.installation, &present(&machine.installation).unwrap()).unwrap());
    fs::write(machine.at("crontab"), "15 3 * * * backup").unwrap();
    machine.install(Scheduler::Cron).unwrap();
    assert!(machine.install(Scheduler::Cron).unwrap().is_empty());
    let runs = present(&machine.installation).unwrap().runs(Scheduler::Cron, &machine.installation);
    assert_eq!(runs, Runs::This);
    remove().unwrap();
    assert_eq!(machine.read("crontab"), "15 3 * * * backup");

    // A cron that takes none without.
    machine.install(Scheduler::Cron).unwrap();
    machine.program(
        "crontab",
        "if [ \"$1\" = -l ]; then cat $HERE/crontab; else cat > $HERE/new
         [ -z \"$(tail -c 1 $HERE/new)\" ] || { echo missing newline before EOF >&2; exit 1; }
         mv $HERE/new $HERE/crontab; fi",
    );
    remove().unwrap();
    assert_eq!(machine.read("crontab"), "15 3 * * * backup\n");
}

#[test]
fn a_crontab_that_is_not_kept_is_said() {
    let machine = Machine::new();
    machine.install(Scheduler::Cron).unwrap();
    let with_ours = machine.read("crontab");
    for before in [OTHERS, &with_ours] {
        fs::write(machine.at("crontab"), before).unwrap();
        machine.program("crontab", "if [ \"$1\" = -l ]; then cat $HERE/crontab; else cat > /dev/null; fi");
        let there = present(&machine.installation).unwrap();
        let error = if before == OTHERS {
            machine.install(Scheduler::Cron)
        } else {
            install(&removal(&machine.installation, &there).unwrap())
        };
        let error = error.unwrap_err().to_string();
        assert!(error.contains("did not keep it"), "{error}");
    }
}

#[test]
fn a_crontab_that_somebody_changes_meanwhile_is_not_written_over() {
    let machine = Machine::new();
    fs::write(machine.at("crontab"), OTHERS).unwrap();
    let planned =
        plan(Scheduler::Cron, &machine.installation, &present(&machine.installation).unwrap()).unwrap();
    let changed = format!("{OTHERS}30 4 * * * another\n");
    fs::write(machine.at("crontab"), &changed).unwrap();
    let error = install(&planned).unwrap_err().to_string();
    assert!(error.starts_with("the crontab has changed meanwhile"), "{error}");
    assert_eq!(machine.read("crontab"), changed);
    // The same plan a second time is no change of somebody else's.
    fs::write(machine.at("crontab"), OTHERS).unwrap();
    install(&planned).unwrap();
    install(&planned).unwrap();
}

#[test]
fn a_unit_that_somebody_changes_meanwhile_is_not_written_over() {
    let machine = Machine::new();
    machine.install(Scheduler::Systemd).unwrap();
    let there = present(&machine.installation).unwrap();
    let removed = removal(&machine.installation, &there).unwrap();
    let timer = machine.at("units/netdata-ilert-mine-5e11.timer");
    fs::write(&timer, "[Timer]\nOnCalendar=daily\n").unwrap();
    let error = install(&removed).unwrap_err().to_string();
    assert!(error.contains("mine-5e11.timer` has changed meanwhile"), "{error}");
    assert!(timer.exists());
}
