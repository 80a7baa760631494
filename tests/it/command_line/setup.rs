//! `--setup`: from nothing to proven and written in one call; the same call again changes nothing, and a call that did not
//! come to its end is gone on with by the next.

mod again;
mod answers;
mod broken_off;
mod cloud;
mod ground;
mod json;
mod plan;
mod proven;
mod readme;
mod refused;
mod schedules;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use netdata_ilert::config::{self, Config, Priority};
use netdata_ilert::simulator::ilert::TokenRights;

use crate::stage::internet::Machine;
use crate::stage::{Ended, KEY, MASKED, Running, TOKEN, bare, end, has};

/// A machine with a crontab, on which nothing is set up; ilert is where it always is.
struct Host(Machine);

impl Host {
    fn new() -> Self {
        let host = Self(Machine::new());
        host.write_crontab("cat > crontab");
        host.0.stage.ilert.add_token(TOKEN, TokenRights::Full);
        host.0.stage.ilert.add_policy(7, "Operations");
        host
    }

    /// A `crontab` that takes a new one like this.
    fn write_crontab(&self, take: &str) {
        self.0.stage.write_program(
            "crontab",
            &format!(
                "env > crontab.env\nif [ \"$1\" = -l ]; then cat crontab 2>/dev/null || {{ echo no crontab for me >&2; exit 1; }}\n\
                 else {take}; fi"
            ),
        );
    }

    /// `--setup` with the agent's address and these arguments, in the environment of a task.
    fn command(&self, arguments: &[&str]) -> Command {
        let url = self.0.stage.netdata.url();
        self.program(&[&["--setup", "--netdata-url", &url], arguments].concat())
    }

    /// The program in that environment.
    fn program(&self, arguments: &[&str]) -> Command {
        let path = |name: &str| self.0.stage.path(name);
        let mut command = bare(arguments);
        command.envs(self.0.environment());
        command.env("PATH", format!("{}:/usr/bin:/bin", path("bin").display()));
        command.env("CONFIGURATION_DIRECTORY", path("etc")).env("STATE_DIRECTORY", path("state"));
        command
    }

    /// By the key in the environment.
    fn by_key(&self, arguments: &[&str]) -> Ended {
        let mut command = self.command(arguments);
        command.env("ILERT_API_KEY", KEY);
        self.seen_by_nobody(end(command))
    }

    /// By an alert source that is found or created with the token in the environment.
    fn by_token(&self, arguments: &[&str]) -> Ended {
        self.seen_by_nobody(end(self.token_command(arguments)))
    }

    fn token_command(&self, arguments: &[&str]) -> Command {
        let mut command = self.command(
            &[&["--alert-source", "Netdata", "--escalation-policy", "operations"], arguments].concat(),
        );
        command.env("ILERT_API_TOKEN", TOKEN);
        command
    }

    /// Asserts that no secret was said, and that none is in a file that others can read.
    #[track_caller]
    fn seen_by_nobody(&self, ended: Ended) -> Ended {
        let said = format!("{}{}", ended.stdout, ended.stderr);
        let mut secrets = vec![TOKEN.to_owned(), KEY.to_owned()];
        secrets.extend(self.0.stage.ilert.sources().iter().map(|source| source.key.expose().to_owned()));
        for secret in &secrets {
            assert!(!said.contains(secret), "{said}");
            for file in files(self.0.stage.folder.path()) {
                let mode = fs::metadata(&file).unwrap().permissions().mode() & 0o077;
                assert!(mode == 0 || !has(&fs::read(&file).unwrap(), secret), "{}", file.display());
            }
        }
        ended
    }

    fn etc(&self, name: &str) -> PathBuf {
        self.0.stage.path("etc").join(name)
    }

    fn text(&self) -> String {
        fs::read_to_string(self.etc("config.toml")).unwrap()
    }

    fn config(&self) -> Config {
        config::load(&self.etc("config.toml")).unwrap()
    }

    fn crontab(&self) -> String {
        fs::read_to_string(self.0.stage.path("crontab")).unwrap_or_default()
    }

    /// How many tests ilert got, none of which is open.
    #[track_caller]
    fn tests(&self) -> usize {
        assert_eq!(self.0.stage.ilert.open().len(), 0);
        self.0.stage.ilert.history().len()
    }

    /// Asserts that nothing was written.
    #[track_caller]
    fn is_untouched(&self) {
        assert!(!self.etc("").exists() && !self.0.stage.state().exists() && self.crontab().is_empty());
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    paths.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

#[test]
fn by_key_from_nothing_to_proven_written_and_scheduled() {
    let host = Host::new();
    let ended = host.by_key(&["--name", "Production", "--schedule", "cron"]);
    ended.is(0).says("Netdata v").says(MASKED).says("nobody is paged").says("added a line to the crontab");
    ended.says("a dry run of the sender: one event would be sent now");
    assert!(ended.stdout.starts_with("ALERT: accepted") && ended.stdout.contains("\nRESOLVE: accepted"));
    let config = host.config();
    assert_eq!(
        (config.notification.name.as_str(), config.netdata.url.to_string()),
        ("Production", host.0.stage.netdata.url())
    );
    assert_eq!(config.notification.notify.words().count(), 5);
    for file in ["config.toml", "api-key"] {
        assert_eq!(mode(&host.etc(file)), 0o600, "{file}");
    }
    assert_eq!(host.0.stage.ilert.history()[0].priority, Priority::Low);
    assert_eq!(host.tests(), 1);
    // What was set up delivers.
    let line = host.crontab();
    let mut cron = Command::new("/bin/sh");
    cron.env_clear().envs(host.0.environment()).env("PATH", "/usr/bin:/bin");
    cron.args(["-c", line.trim_end().strip_prefix("* * * * * ").unwrap()]);
    assert_eq!(end(cron).is(0).stderr, "");
    assert_eq!(host.0.stage.ilert.open().len(), 1);
}

#[test]
fn by_token_from_nothing_with_an_alert_source_of_its_own() {
    let host = Host::new();
    let ended = host.by_token(&["--name", "Production", "--nodes", "db-*", "--notify", "critical,clear"]);
    ended
        .is(0)
        .says("created the alert source `Netdata`")
        .says("ilert opened the alert `netdata/")
        .says(" and resolved it")
        .says("unchanged: the schedule, of which nothing was said");
    let [source] = host.0.stage.ilert.sources().try_into().unwrap();
    assert_eq!(fs::read_to_string(host.etc("api-key")).unwrap(), format!("{}\n", source.key.expose()));
    let config = host.config();
    assert_eq!(config.rooms[0].nodes.as_str(), "db-*");
    assert_eq!(config.notification.rooms, [config.rooms[0].name.clone()]);
    assert_eq!(config.notification.notify.words().collect::<Vec<_>>(), ["critical", "clear"]);
    assert_eq!((host.tests(), host.crontab().as_str()), (1, ""));
    let again = host.by_token(&[]);
    again.is(0).says("exists already and is used").says("so there is no live test");
    assert_eq!((host.tests(), host.0.stage.ilert.sources().len()), (1, 1));
}

#[test]
fn the_key_may_be_in_a_file_and_the_token_on_standard_input() {
    let host = Host::new();
    let file = host.0.stage.write_private("given", &format!("{KEY}\n"));
    let arguments = ["--name", "a", "--api-key-file", file.to_str().unwrap()];
    host.seen_by_nobody(end(host.command(&arguments))).is(0);
    assert_eq!(host.config().api_key().unwrap().expose(), KEY);
    let host = Host::new();
    let mut command = host.token_command(&["--name", "a"]);
    command.env_remove("ILERT_API_TOKEN");
    host.seen_by_nobody(crate::stage::end_with_input(command, TOKEN)).is(0);
    assert_eq!(host.0.stage.ilert.sources().len(), 1);
}

#[test]
fn a_second_team_has_a_file_a_key_and_a_state_of_its_own() {
    let host = Host::new();
    host.by_key(&["--name", "All", "--schedule", "cron"]).is(0);
    let first = host.text();
    let team = ["-c", "databases", "--name", "Databases", "--nodes", "db-*", "--schedule", "cron"];
    host.by_token(&team).is(0).says("unchanged: the schedule");
    assert_eq!((host.text(), host.crontab().lines().count(), host.tests()), (first, 1, 2));
    let config = config::load(&host.etc("config.d/databases.toml")).unwrap();
    assert_eq!(config.notification.name, "Databases");
    assert_eq!(mode(&host.etc("config.d/databases.api-key")), 0o600);
    assert_ne!(config.api_key().unwrap(), host.config().api_key().unwrap());
    host.by_token(&["-c", "databases", "--schedule", "none"]).is(2).says("`enabled = false`");
    let web = ["-c", "web", "--name", "Web", "--schedule", "none"];
    host.by_token(&web).is(2).says("web.toml`, once it is written, switches this one off");
    assert!(!host.etc("config.d/web.toml").exists());
}

#[test]
fn a_second_team_has_no_schedule_where_there_is_none() {
    let host = Host::new();
    host.by_key(&["--name", "All", "--schedule", "none"]).is(0);
    let team = ["-c", "databases", "--name", "Databases", "--schedule", "none"];
    host.by_token(&team).is(0);
    assert!(host.etc("config.d/databases.toml").exists() && host.crontab().is_empty());
}
