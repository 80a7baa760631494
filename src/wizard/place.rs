//! Where the wizard runs: paths, machine, environment.

use std::path::PathBuf;

use crate::config::{Config, Invocation, Moment, secret_file};
use crate::secret::Secret;
use crate::text::ShownPath as _;

/// Where the wizard runs, and what it starts from. Given once, from outside.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// The configuration file, absolute.
    pub config: PathBuf,
    /// The state folder, absolute.
    pub state: PathBuf,
    /// What suggested commands are to call this program by.
    pub invocation: Invocation,
    /// The home folder of who runs this, for paths that are shown.
    pub home: Option<PathBuf>,
    /// This program, absolute, for the schedule.
    pub binary: PathBuf,
    /// Whether this runs as root.
    pub root: bool,
    /// This machine's name, for the live test.
    pub host: String,
    /// Tells this run's live tests from all others.
    pub unique: String,
    /// This machine's clock at the start, seconds since the epoch, for samples.
    pub now: i64,
    /// The same on the wall clock.
    pub wall: Moment,
    /// What a new configuration begins as.
    pub defaults: Config,
    /// Netdata Cloud's base URL.
    pub cloud: String,
    /// In the demo: what the simulated services take.
    pub demo: Option<Demo>,
    /// Nothing else of this machine is looked at or changed: no environment, no schedule. For the demo and for tests.
    pub isolated: bool,
    /// Where Netdata's own notification settings may be: another sender may be on in them.
    pub health_alarm_notify: Vec<PathBuf>,
    /// Where the other configurations are, if there may be any.
    pub folders: Option<Folders>,
}

/// Where configurations are looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Folders {
    /// Where `config.toml` is, or would be.
    pub first: PathBuf,
    /// The folder of its state.
    pub states: PathBuf,
}

impl Place {
    /// A command for a message, about the configuration that is set up here.
    #[must_use]
    pub fn command(&self, arguments: &str) -> String {
        self.invocation.command(arguments)
    }

    /// A text with the home folder in it written as `~`.
    #[must_use]
    pub fn abridged(&self, text: &str) -> String {
        match &self.home {
            Some(home) if home.components().count() > 1 => text.replace(&format!("{}/", home.shown()), "~/"),
            _ => text.to_owned(),
        }
    }

    /// Whether the configuration is one of those that have names, beside the first.
    #[must_use]
    pub fn is_named(&self) -> bool {
        let folder = self.folders.as_ref().map(|folders| folders.first.with_file_name("config.d"));
        folder.is_some_and(|folder| self.config.parent() == Some(&folder))
    }

    /// A path as a person types it: `~/` is the home folder, as in a shell.
    #[must_use]
    pub fn expanded(&self, path: &str) -> PathBuf {
        match (path.strip_prefix("~/"), &self.home) {
            (Some(rest), Some(home)) => home.join(rest),
            _ => PathBuf::from(path),
        }
    }

    /// Where a file with a secret goes: beside the configuration.
    #[must_use]
    pub fn beside(&self, name: &str) -> PathBuf {
        secret_file(&self.config, name)
    }
}

/// What the simulated services of the demo take, offered for pasting.
#[derive(Clone, Debug, PartialEq)]
pub struct Demo {
    /// The alert source's key.
    pub key: Secret,
    /// An API token of ilert's.
    pub ilert_token: Secret,
    /// An API token of Netdata Cloud's.
    pub cloud_token: Secret,
}
