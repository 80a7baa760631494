//! For which user, program and configuration a schedule is, and where its files belong.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use etcetera::BaseStrategy;
use etcetera::base_strategy::Xdg;

use super::error::ScheduleError;
use super::program;
use super::scheduler::Scheduler;
use super::unit::{self, UNIT};
use super::way::Way;
use crate::config::{self, Config, FoundConfigurations, Installed, Invocation, SecretSource};
use crate::owner;
use crate::text::ShownPath as _;

/// Where packages put the units of the system, in systemd's order.
const VENDOR: [&str; 3] = ["/usr/local/lib/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system"];

/// Which configurations a schedule runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Serves {
    /// All that are installed, also those that will be.
    All {
        /// Their folder, where nothing in the environment of a schedule leads there.
        folder: Option<PathBuf>,
    },
    /// One that is elsewhere, by units or a line of this name.
    One {
        /// The name.
        name: String,
    },
}

/// For whom a schedule is, and what it runs. [`Installation::here`] finds it out; paths are absolute.
#[derive(Clone, Debug, PartialEq)]
pub struct Installation {
    /// For root: units of the system. Else units of the user.
    pub root: bool,
    /// This program.
    pub binary: PathBuf,
    /// Which configurations it runs.
    pub serves: Serves,
    /// What to call this program by to mean what it runs.
    pub invocation: Invocation,
    /// The configuration file; of all that are installed, the first.
    pub config: PathBuf,
    /// The state folder; of all that are installed, the first one's.
    pub state_dir: PathBuf,
    /// Names of the systemd credentials that the configuration takes secrets from; each is loaded from the file
    /// of that name beside the configuration.
    pub credentials: Vec<String>,
    /// Names of the environment variables that the configuration takes secrets from.
    pub variables: Vec<String>,
    /// The way to what the configurations ask, as this environment has it.
    pub way: Way,
    /// The folder of units: `/etc/systemd/system`, or the user's.
    pub units: PathBuf,
    /// The folders of the units that packages bring, the one that counts first.
    pub vendor: Vec<PathBuf>,
    /// Exists where systemd runs (for this user).
    pub systemd: PathBuf,
    /// `PATH`, by which `crontab`, `systemctl` and `loginctl` are found.
    pub path: OsString,
    /// How long one of these programs may take.
    pub limit: Duration,
}

impl Installation {
    /// For the user that this runs as, with this program and this configuration, whose state is in this folder; with
    /// all that are installed, if it is one of them. `invocation` is what means it.
    pub fn here(
        config_path: &Path,
        config: &Config,
        state_dir: &Path,
        invocation: &Invocation,
    ) -> Result<Self, ScheduleError> {
        let installed = config::default_path().ok().and_then(|first| {
            let one = Installed::at(config_path, &first, state_dir)?;
            // The folder is this one's own.
            Some(Installed { state: state_dir.to_owned(), ..one })
        });
        let one = installed.unwrap_or_else(|| Installed::elsewhere(config_path, state_dir.to_owned()));
        let mut installation = Self::of(&Installed { invocation: invocation.clone(), ..one })?;
        let mut names = [BTreeSet::new(), BTreeSet::new()];
        note_secrets(config, &mut names);
        let mut way = Way::here(config);
        if let Serves::All { .. } = installation.serves {
            for other in FoundConfigurations::find(&installation.config, &installation.state_dir).installed {
                if let Ok(config) = config::load(&other.path) {
                    note_secrets(&config, &mut names);
                    if config::real(&other.path) != config::real(config_path) {
                        way = way.and(Way::here(&config));
                    }
                }
            }
        }
        [installation.credentials, installation.variables] = names.map(|names| names.into_iter().collect());
        installation.way = way;
        Ok(installation)
    }

    /// The same where only what is there matters, as for [`removal`](super::removal): the file is not read.
    pub fn of(one: &Installed) -> Result<Self, ScheduleError> {
        let absolute = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let root = config::is_root();
        let (config, serves, invocation) = match config::default_path() {
            Ok(first) if !one.is_elsewhere => {
                let folder = first.parent().unwrap_or(Path::new("/")).to_owned();
                let usual = owner::home().map(|home| config::usual_folder(root, &home));
                let folder = Some(folder).filter(|folder| usual.as_ref() != Some(folder));
                (first, Serves::All { folder }, one.invocation.for_all())
            }
            _ => {
                let path = absolute(&one.path);
                let name = Installed::own_name(&path);
                let invocation = one.invocation.for_file(&path);
                (path, Serves::One { name }, invocation)
            }
        };
        let mut installation =
            Self { serves, config, invocation, state_dir: absolute(one.states()), ..Self::empty(root)? };
        installation.keep_name();
        Ok(installation)
    }

    /// Takes the name of units that run the same file under another name: a link in its path was changed since.
    pub(super) fn keep_name(&mut self) {
        let Serves::One { name } = &self.serves else { return };
        let names = unit::names(&self.units);
        if names.contains(name) {
            return;
        }
        let runs_this = |name: &String| self.owns(unit::config_of(&self.units, name).as_deref());
        if let Some(name) = names.into_iter().find(runs_this) {
            self.serves = Serves::One { name };
        }
    }

    /// The same with its configuration as somebody else spelt it, if that is the same file.
    pub(super) fn spelling(&self, config: Option<PathBuf>) -> Self {
        let same = config.filter(|config| config::real(config) == config::real(&self.config));
        Self { config: same.unwrap_or_else(|| self.config.clone()), ..self.clone() }
    }

    fn empty(root: bool) -> Result<Self, ScheduleError> {
        let (units, systemd) = if root {
            (PathBuf::from("/etc/systemd/system"), PathBuf::from("/run/systemd/system"))
        } else {
            let home = Xdg::new().map_err(|_| ScheduleError::NoHome)?.config_dir();
            let runtime = std::env::var_os("XDG_RUNTIME_DIR")
                .filter(|folder| !folder.is_empty())
                .map_or_else(own_runtime_dir, PathBuf::from);
            (home.join("systemd/user"), runtime.join("systemd"))
        };
        let vendor = if root { VENDOR.map(PathBuf::from).into() } else { Vec::new() };
        Ok(Self {
            root,
            binary: std::env::current_exe().map_err(ScheduleError::Binary)?,
            serves: Serves::All { folder: None },
            invocation: Invocation::default(),
            config: PathBuf::new(),
            state_dir: PathBuf::new(),
            credentials: Vec::new(),
            variables: Vec::new(),
            way: Way::default(),
            units,
            vendor,
            systemd,
            path: std::env::var_os("PATH").unwrap_or_else(|| "/usr/bin:/bin".into()),
            limit: program::LIMIT,
        })
    }

    /// What its units are called, without `.service` and `.timer`.
    #[must_use]
    pub fn unit(&self) -> String {
        match &self.serves {
            Serves::All { .. } => UNIT.to_owned(),
            Serves::One { name } => format!("{UNIT}-{name}"),
        }
    }

    /// Whether a schedule sends nothing: Netdata Cloud delivers what it serves, and the rest is switched off. `config` is what
    /// the one at `path` says, or will say. One that cannot be read may be sent.
    #[must_use]
    pub fn is_idle(&self, path: &Path, config: &Config) -> bool {
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let mut served = vec![Some(config.clone())];
        if let Serves::All { .. } = self.serves {
            let installed = FoundConfigurations::find(&self.config, &self.state_dir).installed;
            let others = installed.into_iter().filter(|other| other.path != path);
            served.extend(others.map(|other| config::load(&other.path).ok()));
        }
        let is_sent =
            |config: &Option<Config>| config.as_ref().is_none_or(|config| config.notification.is_sent_here());
        let is_clouds = |config: &Config| config.notification.enabled && !config.notification.is_sent_here();
        !served.iter().any(is_sent) && served.iter().flatten().any(is_clouds)
    }

    /// What a schedule that is there and sends nothing does.
    #[must_use]
    pub fn idle_words(&self, kind: Scheduler) -> String {
        format!(
            "{kind} is there, and sends nothing, as Netdata Cloud delivers; each of its runs ends with an error"
        )
    }

    /// Whether a schedule that runs this file, or none that it names, is this one's. Version 0.1.0 named the file in
    /// each.
    pub(super) fn owns(&self, config: Option<&Path>) -> bool {
        let further = self.config.with_file_name("config.d");
        match (&self.serves, config) {
            (Serves::All { .. }, None) => true,
            (Serves::All { .. }, Some(config)) => config == self.config || config.parent() == Some(&further),
            (Serves::One { .. }, config) => {
                config.is_some_and(|config| config::real(config) == config::real(&self.config))
            }
        }
    }

    /// The same with the folder of all that are installed named, also where nothing else leads elsewhere.
    pub(super) fn explicit(&self) -> Self {
        let serves = match &self.serves {
            Serves::All { .. } => Serves::All { folder: self.config.parent().map(Path::to_owned) },
            one @ Serves::One { .. } => one.clone(),
        };
        Self { serves, ..self.clone() }
    }

    /// Whether a schedule that names this folder of configurations, or none, runs those that are installed here.
    pub(super) fn owns_folder(&self, named: Option<&Path>) -> bool {
        let Serves::All { folder } = &self.serves else { return false };
        let own = self.config.parent();
        let is_same = |named: &Path| own.is_some_and(|own| config::real(own) == config::real(named));
        named.map_or(folder.is_none(), is_same)
    }

    /// The command that does something, such as `--remove-schedule`, for what the schedule runs.
    #[must_use]
    pub fn command(&self, option: &str) -> String {
        self.invocation.command(option)
    }

    /// What its schedule runs, in words.
    #[must_use]
    pub fn served(&self) -> String {
        match &self.serves {
            Serves::All { .. } => {
                let folder = self.config.parent().unwrap_or(Path::new("/"));
                format!("all configurations in `{}`", folder.shown())
            }
            Serves::One { .. } => format!("`{}`", self.config.shown()),
        }
    }

    /// The better kind of schedule that can be installed here, if one can.
    #[must_use]
    pub fn offered(&self) -> Option<Scheduler> {
        [Scheduler::Systemd, Scheduler::Cron].into_iter().find(|kind| self.offers(*kind))
    }

    /// Whether this kind of schedule can be installed here: systemd runs, or there is a crontab.
    #[must_use]
    pub fn offers(&self, kind: Scheduler) -> bool {
        match kind {
            Scheduler::Systemd => self.systemd.exists(),
            Scheduler::Cron => program::is_found("crontab", &self.path),
        }
    }
}

/// The configurations in a folder, in words.
pub(super) fn configurations_in(folder: Option<&Path>) -> String {
    match folder {
        Some(folder) => format!("the configurations in `{}`", folder.shown()),
        None => "the configurations in this user's usual folder".to_owned(),
    }
}

fn note_secrets(config: &Config, [credentials, variables]: &mut [BTreeSet<String>; 2]) {
    for source in config.secrets() {
        match source {
            SecretSource::Credential(name) => _ = credentials.insert(name.clone()),
            SecretSource::Env(name) => _ = variables.insert(name.clone()),
            SecretSource::File(_) | SecretSource::Literal(_) => {}
        }
    }
}

/// Where logind puts it; `su` and `sudo` leave the variable out.
fn own_runtime_dir() -> PathBuf {
    PathBuf::from(format!("/run/user/{}", rustix::process::geteuid().as_raw()))
}
