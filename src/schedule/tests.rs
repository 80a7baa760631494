//! Plans as text, crontabs line by line, units by systemd's own judgement, and a `crontab` that is a script.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command as Process;
use std::time::Duration;

use tempfile::TempDir;

use super::{Crontab, Kind, Plan, Present, Setting, crontab, install, plan, present, removal};

const OTHERS: &str = "MAILTO=ops@example.org\n# m h dom mon dow command\n15 3 * * * backup\n";

fn root() -> Setting {
    Setting {
        root: true,
        binary: "/usr/local/bin/netdata-ilert".into(),
        config: "/etc/netdata-ilert/config.toml".into(),
        state_dir: "/var/lib/netdata-ilert".into(),
        credentials: Vec::new(),
        variables: Vec::new(),
        units: "/etc/systemd/system".into(),
        systemd: "/".into(),
        path: "/usr/bin:/bin".into(),
        limit: super::program::LIMIT,
    }
}

fn user() -> Setting {
    Setting {
        root: false,
        config: "/home/me/my files/50%/config.toml".into(),
        state_dir: "/home/me/.local/state/netdata-ilert".into(),
        units: "/home/me/.config/systemd/user".into(),
        ..root()
    }
}

fn nothing(crontab: &str) -> Present {
    Present { service: None, timer: None, crontab: Crontab::Text(crontab.to_owned()) }
}

/// What is there once this was done.
fn done(plan: &Plan, before: &Present) -> Present {
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
    insta::with_settings!({snapshot_path => "../../tests/it/snapshots", prepend_module_to_snapshot => false}, {
        insta::assert_snapshot!(format!("schedule-{name}"), shown);
    });
}

#[test]
fn shows_what_it_does_with_systemd() {
    golden("systemd", &plan(Kind::Systemd, &root(), &nothing("")).unwrap().shown());
}

#[test]
fn shows_what_it_does_with_a_users_systemd() {
    let setting =
        Setting { credentials: vec!["api-key".into()], variables: vec!["NETDATA_PASSWORD".into()], ..user() };
    golden("systemd-user", &plan(Kind::Systemd, &setting, &nothing("")).unwrap().shown());
}

#[test]
fn shows_what_it_does_with_cron() {
    let setting = Setting { variables: vec!["ILERT_API_KEY".into()], ..root() };
    insta::assert_snapshot!(plan(Kind::Cron, &setting, &nothing(OTHERS)).unwrap().shown(), @r"
    change the crontab:
      + * * * * * /usr/local/bin/netdata-ilert --send --config /etc/netdata-ilert/config.toml --state-dir /var/lib/netdata-ilert # netdata-ilert --install-schedule

    note: the configuration takes a secret from the environment variable `ILERT_API_KEY`, which cron does not set: put `ILERT_API_KEY=…` on a line of its own above the others (`crontab -e`), or keep it in a file
    ");
}

#[test]
fn twice_is_once_and_one_kind_replaces_the_other() {
    let setting = root();
    let cron = done(&plan(Kind::Cron, &setting, &nothing(OTHERS)).unwrap(), &nothing(OTHERS));
    assert_eq!(cron.kinds(), [Kind::Cron]);
    assert!(plan(Kind::Cron, &setting, &cron).unwrap().is_empty());

    let change = plan(Kind::Systemd, &setting, &cron).unwrap();
    let systemd = done(&change, &cron);
    assert_eq!(systemd.kinds(), [Kind::Systemd]);
    assert_eq!(systemd.crontab, Crontab::Text(OTHERS.to_owned()));
    let again = plan(Kind::Systemd, &setting, &systemd).unwrap();
    assert!(again.files.is_empty() && again.crontab.is_none());
    assert_eq!(again.after.len(), 1, "enabled again: {again:?}");

    let back = plan(Kind::Cron, &setting, &systemd).unwrap();
    assert_eq!(back.before[0].to_string(), "systemctl disable --now netdata-ilert.timer");
    assert_eq!(done(&back, &systemd), cron);

    for there in [&cron, &systemd] {
        assert_eq!(done(&removal(&setting, there).unwrap(), there), nothing(OTHERS));
    }
    assert!(removal(&setting, &nothing(OTHERS)).unwrap().is_empty());
}

#[test]
fn another_configuration_replaces_the_line_where_it_stands() {
    let before = format!("{}\n{OTHERS}", crontab::line(&root()).unwrap());
    let moved = Setting { config: "/srv/it's mine.toml".into(), ..root() };
    let (_, after) = plan(Kind::Cron, &moved, &nothing(&before)).unwrap().crontab.unwrap();
    let (first, rest) = after.split_once('\n').unwrap();
    assert!(first.contains(r"--config '/srv/it'\''s mine.toml' --state-dir"), "{first}");
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
        assert_eq!(crontab::with(&before, &line), after);
        assert!(crontab::is_in(&after));
        assert!(!crontab::is_in(&crontab::without(&after)));
    }
}

#[test]
fn refuses_what_cannot_be_written() {
    let with = |config: &str| Setting { config: config.into(), ..root() };
    let said = |kind, setting: &Setting, there: &Present| plan(kind, setting, there).unwrap_err().to_string();
    let percent = said(Kind::Cron, &with("/srv/50%/c.toml"), &nothing(""));
    assert!(percent.contains("a percent sign"), "{percent}");
    for kind in [Kind::Cron, Kind::Systemd] {
        let newline = said(kind, &with("/srv/a\nb"), &nothing(""));
        assert!(newline.contains("a control character"), "{newline}");
    }
    let temporary = said(Kind::Systemd, &with("/tmp/c.toml"), &nothing(""));
    assert!(temporary.contains("temporary files"), "{temporary}");
    let missing = Present { crontab: Crontab::Missing, ..nothing("") };
    assert!(said(Kind::Cron, &root(), &missing).contains("there is no program `crontab`"));
    let denied = Present { crontab: Crontab::Denied("you are not allowed".into()), ..nothing("") };
    assert!(said(Kind::Cron, &root(), &denied).contains("you are not allowed"));
    // Neither keeps a timer from being installed.
    assert!(plan(Kind::Systemd, &root(), &missing).is_ok());
    assert!(plan(Kind::Systemd, &root(), &denied).is_ok());
}

/// A machine with programs that note how they were called, and a crontab that is a file.
struct Machine {
    folder: TempDir,
    setting: Setting,
}

impl Machine {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir(at("bin")).unwrap();
        fs::create_dir(at("systemd")).unwrap();
        let setting = Setting {
            root: false,
            binary: at("netdata-ilert"),
            config: at("config/config.toml"),
            state_dir: at("state"),
            units: at("units"),
            systemd: at("systemd"),
            path: std::env::join_paths([at("bin"), "/usr/bin".into(), "/bin".into()]).unwrap(),
            ..root()
        };
        let machine = Self { folder, setting };
        machine.program("systemctl", "echo systemctl \"$@\" >> $HERE/calls");
        machine.program("loginctl", "echo no polkit >&2; exit 1");
        machine.program(
            "crontab",
            "if [ \"$1\" = -l ]; then cat $HERE/crontab 2>/dev/null || { echo no crontab for me >&2; exit 1; }
             else cat > $HERE/crontab; fi",
        );
        machine
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn program(&self, name: &str, script: &str) {
        let path = self.at("bin").join(name);
        let here = self.folder.path().display();
        fs::write(&path, format!("#!/bin/sh\nHERE={here}\n{script}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    fn install(&self, kind: Kind) -> Result<Vec<String>, super::ScheduleError> {
        install(&plan(kind, &self.setting, &present(&self.setting)?)?)
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.at(name)).unwrap()
    }
}

#[test]
fn installs_and_removes_a_timer() {
    let machine = Machine::new();
    let said = machine.install(Kind::Systemd).unwrap();
    assert!(said.iter().any(|line| line.contains("the timer stops when you log out")), "{said:?}");
    assert_eq!(
        machine.read("calls"),
        "systemctl --user daemon-reload\nsystemctl --user enable --now netdata-ilert.timer\n"
    );
    let service = machine.at("units/netdata-ilert.service");
    assert_eq!(fs::metadata(&service).unwrap().permissions().mode() & 0o777, 0o644);
    assert_eq!(present(&machine.setting).unwrap().kinds(), [Kind::Systemd]);

    install(&removal(&machine.setting, &present(&machine.setting).unwrap()).unwrap()).unwrap();
    assert_eq!(fs::read_dir(machine.at("units")).unwrap().count(), 0);
    assert!(machine.read("calls").contains("systemctl --user disable --now netdata-ilert.timer\n"));
    assert!(present(&machine.setting).unwrap().kinds().is_empty());
}

#[test]
fn installs_and_removes_a_crontab_line() {
    let machine = Machine::new();
    assert_eq!(machine.install(Kind::Cron).unwrap(), ["added a line to the crontab"]);
    assert_eq!(machine.install(Kind::Cron).unwrap(), Vec::<String>::new());
    fs::write(machine.at("crontab"), OTHERS).unwrap();
    machine.install(Kind::Cron).unwrap();
    assert!(machine.read("crontab").starts_with(OTHERS));
    install(&removal(&machine.setting, &present(&machine.setting).unwrap()).unwrap()).unwrap();
    assert_eq!(machine.read("crontab"), OTHERS);
}

/// The very line, by the shell and with the environment that cron has.
#[test]
fn cron_can_run_the_line() {
    let mut machine = Machine::new();
    machine.setting.config = machine.at("it's my config/config.toml");
    let program = machine.at("netdata-ilert");
    fs::write(&program, format!("#!/bin/sh\nprintf '%s\\n' \"$@\" > {}\n", machine.at("got").display()))
        .unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    let line = crontab::line(&machine.setting).unwrap();
    let command = line.strip_prefix("* * * * * ").unwrap();
    let ran = Process::new("env")
        .args(["-i", "HOME=/", "LOGNAME=me", "PATH=/usr/bin:/bin", "SHELL=/bin/sh", "/bin/sh", "-c", command])
        .status()
        .unwrap();
    assert!(ran.success());
    let expected = ["--send", "--config", "CONFIG", "--state-dir", "STATE", ""].join("\n");
    let expected = expected
        .replace("CONFIG", machine.setting.config.to_str().unwrap())
        .replace("STATE", machine.setting.state_dir.to_str().unwrap());
    assert_eq!(machine.read("got"), expected);
}

#[test]
fn says_what_failed() {
    let machine = Machine::new();
    machine.program("systemctl", "echo Access denied >&2; exit 4");
    let error = machine.install(Kind::Systemd).unwrap_err().to_string();
    assert_eq!(error, "`systemctl --user daemon-reload` failed: Access denied");

    machine.program("crontab", "echo 'you (me) are not allowed to use this program (crontab)' >&2; exit 1");
    let error = machine.install(Kind::Cron).unwrap_err().to_string();
    assert!(error.contains("cannot read the crontab: you (me) are not allowed"), "{error}");

    fs::remove_dir(machine.at("systemd")).unwrap();
    let error = machine.install(Kind::Systemd).unwrap_err().to_string();
    assert!(error.contains("systemd runs no services for you here"), "{error}");
}

#[test]
fn a_comment_in_latin_1_stays_as_it_is_and_hides_nothing() {
    let machine = Machine::new();
    let others = b"# Gr\xfc\xdfe\n0 3 * * * backup\n";
    fs::write(machine.at("crontab"), others).unwrap();
    machine.install(Kind::Cron).unwrap();
    let written = fs::read(machine.at("crontab")).unwrap();
    assert!(written.starts_with(others) && written.len() > others.len());
    assert_eq!(present(&machine.setting).unwrap().kinds(), [Kind::Cron]);
    install(&removal(&machine.setting, &present(&machine.setting).unwrap()).unwrap()).unwrap();
    assert_eq!(fs::read(machine.at("crontab")).unwrap(), others);
}

#[test]
fn a_crontab_that_cannot_be_read_is_not_taken_for_none() {
    let machine = Machine::new();
    for said in ["you (me) are not allowed", "crontab: can't open '/var/spool/cron/me': Permission denied"] {
        machine.program("crontab", &format!("echo \"{said}\" >&2; exit 1"));
        let there = present(&machine.setting).unwrap();
        assert_eq!(there.crontab, Crontab::Denied(said.to_owned()));
        let error = removal(&machine.setting, &there).unwrap_err().to_string();
        assert!(error.contains("cannot read the crontab") && error.contains(said), "{error}");
        // What is there besides is removed all the same, and the rest is said.
        let timed = Present { timer: Some("x".into()), service: Some("x".into()), ..there };
        let plan = removal(&machine.setting, &timed).unwrap();
        assert!(
            !plan.is_empty() && plan.shown().contains("whether it has a line of this program is not known")
        );
    }
}

/// systemd's own judgement of what is written, where it is installed.
#[test]
fn systemd_takes_the_units() {
    let folder = tempfile::tempdir().unwrap();
    for setting in [root(), Setting { state_dir: "/srv/state of it".into(), ..root() }, user()] {
        let setting = Setting { binary: "/bin/true".into(), ..setting };
        let planned = plan(Kind::Systemd, &setting, &nothing("")).unwrap();
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
        let manager = if setting.root { "--system" } else { "--user" };
        let Ok(output) = analyze(&[manager, "--man=no", "verify"], &units) else {
            eprintln!("skipped: systemd-analyze is not installed");
            return;
        };
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && !said.contains("netdata-ilert"), "{said}");
        if setting.root {
            // Of 10 for a service that may do everything; `systemd-analyze security` calls up to 2 safe.
            let output = analyze(&["security", "--offline=yes", "--threshold=20"], &units[..1]).unwrap();
            let table = String::from_utf8_lossy(&output.stdout);
            assert!(output.status.success(), "{table}{}", String::from_utf8_lossy(&output.stderr));
        }
    }
}

#[test]
fn finds_this_machine() {
    let config = crate::config::parse(&crate::config::TEMPLATE, Path::new("/etc/x.toml")).unwrap();
    let setting = Setting::here(Path::new("c.toml"), &config, Path::new("state")).unwrap();
    for path in [&setting.binary, &setting.config, &setting.state_dir, &setting.units, &setting.systemd] {
        assert!(path.is_absolute(), "{path:?}");
    }
}

#[test]
fn a_program_that_never_ends_is_not_waited_for() {
    let mut machine = Machine::new();
    machine.setting.limit = Duration::from_millis(300);
    // What it started holds its output open.
    for script in ["sleep 60", "sleep 60 & sleep 60", "sleep 60 &", "exec >&- 2>&-; sleep 60"] {
        machine.program("crontab", script);
        let there = present(&machine.setting).unwrap();
        assert_eq!(
            there.crontab,
            Crontab::Denied("`crontab -l` did not end within 0.3 s".into()),
            "{script}"
        );
        let error = removal(&machine.setting, &there).unwrap_err().to_string();
        assert_eq!(error, "cannot read the crontab: `crontab -l` did not end within 0.3 s");
    }
    machine.program("systemctl", "sleep 60");
    let error = machine.install(Kind::Systemd).unwrap_err().to_string();
    assert!(error.ends_with("`systemctl --user daemon-reload` did not end within 0.3 s"), "{error}");
    machine.program("systemctl", "");
    machine.program("loginctl", "sleep 60");
    let said = machine.install(Kind::Systemd).unwrap();
    assert!(said.iter().any(|line| line.contains("the timer stops when you log out")), "{said:?}");
    machine.program("crontab", "[ \"$1\" = -l ] || sleep 60");
    let error = machine.install(Kind::Cron).unwrap_err().to_string();
    assert_eq!(error, "cannot write the crontab: `crontab -` did not end within 0.3 s");
}

#[test]
fn a_program_that_prints_without_end_fills_no_memory() {
    let machine = Machine::new();
    for script in ["exec yes", "exec yes >&2"] {
        machine.program("crontab", script);
        let there = present(&machine.setting).unwrap();
        assert_eq!(there.crontab, Crontab::Denied("`crontab -l` printed more than 8 MiB".into()), "{script}");
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
        plan(Kind::Cron, &machine.setting, &present(&machine.setting).unwrap())
            .unwrap()
            .shown()
            .lines()
            .count(),
        3
    );
    machine.install(Kind::Cron).unwrap();
    assert!(machine.read("crontab").starts_with(&others));
}

#[test]
fn a_line_of_somebody_else_is_said_and_gets_no_second() {
    let machine = Machine::new();
    let others = "MAILTO=x\n* * * * * KEY=secret netdata-ilert --config /a --state-dir /b --send\n";
    fs::write(machine.at("crontab"), others).unwrap();
    let error = machine.install(Kind::Cron).unwrap_err().to_string();
    assert!(error.starts_with("line 2 of your crontab runs the sender already"), "{error}");
    assert!(error.contains("by hand (`crontab -e`)") && !error.contains("secret"), "{error}");
    assert_eq!(machine.read("crontab"), others);
    let there = present(&machine.setting).unwrap();
    for plan in
        [plan(Kind::Systemd, &machine.setting, &there).unwrap(), removal(&machine.setting, &there).unwrap()]
    {
        assert!(plan.shown().contains("note: line 2 of the crontab runs the sender too"), "{}", plan.shown());
    }
}

#[test]
fn a_crontab_without_a_last_newline_comes_back() {
    let machine = Machine::new();
    let remove = || install(&removal(&machine.setting, &present(&machine.setting).unwrap()).unwrap());
    fs::write(machine.at("crontab"), "15 3 * * * backup").unwrap();
    machine.install(Kind::Cron).unwrap();
    assert!(machine.install(Kind::Cron).unwrap().is_empty());
    assert!(present(&machine.setting).unwrap().runs(Kind::Cron, &machine.setting));
    remove().unwrap();
    assert_eq!(machine.read("crontab"), "15 3 * * * backup");

    // A cron that takes none without.
    machine.install(Kind::Cron).unwrap();
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
    machine.install(Kind::Cron).unwrap();
    let with_ours = machine.read("crontab");
    for before in [OTHERS, &with_ours] {
        fs::write(machine.at("crontab"), before).unwrap();
        machine.program("crontab", "if [ \"$1\" = -l ]; then cat $HERE/crontab; else cat > /dev/null; fi");
        let there = present(&machine.setting).unwrap();
        let error = if before == OTHERS {
            machine.install(Kind::Cron)
        } else {
            install(&removal(&machine.setting, &there).unwrap())
        };
        let error = error.unwrap_err().to_string();
        assert!(error.contains("did not keep it"), "{error}");
    }
}
