//! For which user, program and configuration a schedule is, and where its files belong.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::ValueEnum;
use etcetera::BaseStrategy;
use etcetera::base_strategy::Xdg;
use serde::{Deserialize, Serialize};

use super::error::ScheduleError;
use super::program;
use crate::config::{self, Config, SecretSource};

/// What runs the sender.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scheduler {
    /// A systemd service and its timer: every 15 seconds.
    Systemd,
    /// A line in the crontab: every minute.
    Cron,
}

/// For whom a schedule is, and what it runs. [`Installation::here`] finds it out; paths are absolute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Installation {
    /// For root: units of the system. Else units of the user.
    pub root: bool,
    /// This program.
    pub binary: PathBuf,
    /// The configuration file.
    pub config: PathBuf,
    /// The state folder.
    pub state_dir: PathBuf,
    /// Names of the systemd credentials that the configuration takes secrets from; each is loaded from the file
    /// of that name beside the configuration.
    pub credentials: Vec<String>,
    /// Names of the environment variables that the configuration takes secrets from.
    pub variables: Vec<String>,
    /// The folder of units: `/etc/systemd/system`, or the user's.
    pub units: PathBuf,
    /// Exists where systemd runs (for this user).
    pub systemd: PathBuf,
    /// `PATH`, by which `crontab`, `systemctl` and `loginctl` are found.
    pub path: OsString,
    /// How long one of these programs may take.
    pub limit: Duration,
}

impl Installation {
    /// For the user that this runs as, with this program and this configuration.
    pub fn here(config_path: &Path, config: &Config, state_dir: &Path) -> Result<Self, ScheduleError> {
        let absolute = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let mut installation = Self::without_config()?;
        installation.config = absolute(config_path);
        installation.state_dir = absolute(state_dir);
        for source in config.secrets() {
            match source {
                SecretSource::Credential(name) => installation.credentials.push(name.clone()),
                SecretSource::Env(name) => installation.variables.push(name.clone()),
                SecretSource::File(_) | SecretSource::Literal(_) => {}
            }
        }
        Ok(installation)
    }

    /// The same where only what is there matters, as for [`removal`](super::removal): no configuration is needed.
    pub fn without_config() -> Result<Self, ScheduleError> {
        let root = config::is_root();
        let (units, systemd) = if root {
            (PathBuf::from("/etc/systemd/system"), PathBuf::from("/run/systemd/system"))
        } else {
            let home = Xdg::new().map_err(|_| ScheduleError::NoHome)?.config_dir();
            let runtime = std::env::var_os("XDG_RUNTIME_DIR")
                .filter(|folder| !folder.is_empty())
                .map_or_else(own_runtime_dir, PathBuf::from);
            (home.join("systemd/user"), runtime.join("systemd"))
        };
        Ok(Self {
            root,
            binary: std::env::current_exe().map_err(ScheduleError::Binary)?,
            config: PathBuf::new(),
            state_dir: PathBuf::new(),
            credentials: Vec::new(),
            variables: Vec::new(),
            units,
            systemd,
            path: std::env::var_os("PATH").unwrap_or_else(|| "/usr/bin:/bin".into()),
            limit: program::LIMIT,
        })
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

/// Where logind puts it; `su` and `sudo` leave the variable out.
fn own_runtime_dir() -> PathBuf {
    PathBuf::from(format!("/run/user/{}", rustix::process::geteuid().as_raw()))
}
