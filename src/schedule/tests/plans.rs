//! Plans as text, and units by systemd's own judgement: nothing is done.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command as Process;

use super::{OTHERS, elsewhere, nothing, root, user};
use crate::config::Invocation;
use crate::schedule::{Crontab, Installation, Present, SchedulePlan, Scheduler, crontab, plan, removal};

/// What is there once this was done.
fn done(plan: &SchedulePlan, before: &Present) -> Present {
    let mut after = before.clone();
    for file in &plan.files {
        let unit =
            if file.path.extension().unwrap() == "timer" { &mut after.timer } else { &mut after.service };
        unit.clone_from(&file.text);
    }
    if let Some((_, text)) = &plan.crontab {
        after.crontab = Crontab::Text(text.clone());
    }
    after
}

fn golden(name: &str, shown: &str) {
    insta::with_settings!({snapshot_path => "../../../tests/it/snapshots", prepend_module_to_snapshot => false}, {
        insta::assert_snapshot!(format!("schedule-{name}"), shown);
    });
}

#[test]
fn shows_what_it_does_with_systemd() {
    golden("systemd", &plan(Scheduler::Systemd, &root(), &nothing("")).unwrap().shown());
}

#[test]
fn shows_what_it_does_with_a_users_systemd() {
    let installation = Installation {
        credentials: vec!["api-key".into()],
        variables: vec!["NETDATA_PASSWORD".into()],
        ..user()
    };
    golden("systemd-user", &plan(Scheduler::Systemd, &installation, &nothing("")).unwrap().shown());
}

#[test]
fn shows_what_it_does_with_cron() {
    let installation = Installation { variables: vec!["ILERT_API_KEY".into()], ..root() };
    insta::assert_snapshot!(plan(Scheduler::Cron, &installation, &nothing(OTHERS)).unwrap().shown(), @r"
    change the crontab:
      + * * * * * /usr/local/bin/netdata-ilert --send --state-dir /var/lib/netdata-ilert # netdata-ilert --install-schedule

    note: the configuration takes a secret from the environment variable `ILERT_API_KEY`, which cron does not set: put `ILERT_API_KEY=…` on a line of its own above the others (`crontab -e`), or keep it in a file
    ");
}

#[test]
fn twice_is_once_and_one_kind_replaces_the_other() {
    let installation = root();
    let cron = done(&plan(Scheduler::Cron, &installation, &nothing(OTHERS)).unwrap(), &nothing(OTHERS));
    assert_eq!(cron.kinds(&installation), [Scheduler::Cron]);
    assert!(plan(Scheduler::Cron, &installation, &cron).unwrap().is_empty());

    let change = plan(Scheduler::Systemd, &installation, &cron).unwrap();
    let systemd = done(&change, &cron);
    assert_eq!(systemd.kinds(&installation), [Scheduler::Systemd]);
    assert_eq!(systemd.crontab, Crontab::Text(OTHERS.to_owned()));
    let again = plan(Scheduler::Systemd, &installation, &systemd).unwrap();
    assert!(again.files.is_empty() && again.crontab.is_none());
    assert_eq!(again.start.len(), 1, "enabled again: {again:?}");

    let back = plan(Scheduler::Cron, &installation, &systemd).unwrap();
    assert_eq!(back.stop[0].to_string(), "systemctl disable --now netdata-ilert.timer");
    assert_eq!(done(&back, &systemd), cron);

    for there in [&cron, &systemd] {
        assert_eq!(done(&removal(&installation, there).unwrap(), there), nothing(OTHERS));
    }
    assert!(removal(&installation, &nothing(OTHERS)).unwrap().is_empty());
}

#[test]
fn another_program_replaces_the_line_where_it_stands() {
    let before = format!("{}\n{OTHERS}", crontab::line(&root()).unwrap());
    let moved = Installation { binary: "/srv/it's mine".into(), ..root() };
    let (_, after) = plan(Scheduler::Cron, &moved, &nothing(&before)).unwrap().crontab.unwrap();
    let (first, rest) = after.split_once('\n').unwrap();
    assert!(first.contains(r"'/srv/it'\''s mine' --send --state-dir"), "{first}");
    assert_eq!(rest, OTHERS);
}

#[test]
fn edits_crontabs() {
    let line = crontab::line(&root()).unwrap();
    for (before, after) in [
        (String::new(), format!("{line}\n")),
        (
            "a".to_owned(),
            format!("a\n{}\n", line.replace("# netdata", "# the line above had no newline # netdata")),
        ),
        (OTHERS.to_owned(), format!("{OTHERS}{line}\n")),
        (format!("{line}\na\n{line}\n"), format!("{line}\na\n")),
        (format!("{line}  \r\na"), format!("{line}\na")),
        (format!("#{line}\n"), format!("#{line}\n{line}\n")),
        (
            "* * * * * /usr/bin/netdata-ilert --send\n".to_owned(),
            format!("* * * * * /usr/bin/netdata-ilert --send\n{line}\n"),
        ),
    ] {
        assert_eq!(crontab::with(&before, &line, &root()), after);
        assert!(crontab::is_in(&after, &root()));
        assert!(!crontab::is_in(&crontab::without(&after, &root()), &root()));
    }
}

#[test]
fn refuses_what_cannot_be_written() {
    let with = |config: &str| Installation { config: config.into(), ..elsewhere() };
    let said = |kind, installation: &Installation, there: &Present| {
        plan(kind, installation, there).unwrap_err().to_string()
    };
    let percent = said(Scheduler::Cron, &with("/srv/50%/c.toml"), &nothing(""));
    assert!(percent.contains("a percent sign"), "{percent}");
    for kind in [Scheduler::Cron, Scheduler::Systemd] {
        let newline = said(kind, &with("/srv/a\nb"), &nothing(""));
        assert!(newline.contains("a control character"), "{newline}");
    }
    let temporary = said(Scheduler::Systemd, &with("/tmp/c.toml"), &nothing(""));
    assert!(temporary.contains("temporary files"), "{temporary}");
    let missing = Present { crontab: Crontab::Missing, ..nothing("") };
    assert!(said(Scheduler::Cron, &root(), &missing).contains("there is no program `crontab`"));
    let denied = Present { crontab: Crontab::Denied("you are not allowed".into()), ..nothing("") };
    assert!(said(Scheduler::Cron, &root(), &denied).contains("you are not allowed"));
    // Neither keeps a timer from being installed.
    assert!(plan(Scheduler::Systemd, &root(), &missing).is_ok());
    assert!(plan(Scheduler::Systemd, &root(), &denied).is_ok());
}

/// systemd's own judgement of what is written, where it is installed.
#[test]
fn systemd_takes_the_units() {
    let folder = tempfile::tempdir().unwrap();
    for installation in [root(), Installation { state_dir: "/srv/state of it".into(), ..root() }, user()] {
        let installation = Installation { binary: "/bin/true".into(), ..installation };
        let planned = plan(Scheduler::Systemd, &installation, &nothing("")).unwrap();
        let units: Vec<PathBuf> = planned
            .files
            .iter()
            .map(|file| {
                let path = folder.path().join(file.path.file_name().unwrap());
                fs::write(&path, file.text.as_ref().unwrap()).unwrap();
                path
            })
            .collect();
        let analyze = |arguments: &[&str], units: &[PathBuf]| {
            Process::new("systemd-analyze")
                .env("SYSTEMD_LOG_LEVEL", "warning")
                .env("XDG_RUNTIME_DIR", folder.path())
                .args(arguments)
                .args(units)
                .output()
        };
        let manager = if installation.root { "--system" } else { "--user" };
        let Ok(output) = analyze(&[manager, "--man=no", "verify"], &units) else {
            eprintln!("skipped: systemd-analyze is not installed");
            return;
        };
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && !said.contains("netdata-ilert"), "{said}");
        if installation.root {
            // Of 10 for a service that may do everything; `systemd-analyze security` calls up to 2 safe.
            let output = analyze(&["security", "--offline=yes", "--threshold=20"], &units[..1]).unwrap();
            let table = String::from_utf8_lossy(&output.stdout);
            assert!(output.status.success(), "{table}{}", String::from_utf8_lossy(&output.stderr));
        }
    }
}

#[test]
fn its_command_names_the_state_folder_that_it_would_not_find() {
    let config = crate::config::parse(&crate::config::TEMPLATE, Path::new("/srv/x.toml")).unwrap();
    let command = |path: &Path| {
        let invocation = Invocation::of_all(Path::new("/srv/state"));
        let installation = Installation::here(path, &config, Path::new("/srv/state"), &invocation).unwrap();
        installation.command("--install-schedule cron")
    };
    let own = command(Path::new("/srv/x.toml"));
    assert_eq!(own, "`netdata-ilert -c /srv/x.toml --state-dir /srv/state --install-schedule cron`");
    let all = command(&crate::config::default_path().unwrap());
    assert_eq!(all, "`netdata-ilert --state-dir /srv/state --install-schedule cron`");
}

#[test]
fn finds_this_machine() {
    let config = crate::config::parse(&crate::config::TEMPLATE, Path::new("/etc/x.toml")).unwrap();
    let installation =
        Installation::here(Path::new("c.toml"), &config, Path::new("state"), Invocation::PLAIN).unwrap();
    for path in [
        &installation.binary,
        &installation.config,
        &installation.state_dir,
        &installation.units,
        &installation.systemd,
    ] {
        assert!(path.is_absolute(), "{path:?}");
    }
}
