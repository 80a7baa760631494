//! What a schedule has of the secrets that configurations take from outside of files, and of the variables that decide
//! the way to ilert and Netdata.
//!
//! cron and systemd do not see the environment of whoever set them up. A secret in a variable is there for cron where
//! the crontab sets it, and for systemd where the file `environment` beside the configuration does, or a drop-in of the
//! unit's; a systemd credential is never there for cron.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::crontab;
use super::installation::Installation;
use super::scheduler::Scheduler;
use super::way::{Stray, Way};
use crate::config::{Config, Netdata, SecretSource};
use crate::files;
use crate::secret::Secret;
use crate::text::ShownPath as _;

/// No file of variables is larger (bytes).
const LARGEST: u64 = 1 << 20;

/// The secrets that a schedule has, beyond those in files that the configuration names.
#[derive(Clone, Debug, PartialEq)]
pub struct Environment {
    kind: Scheduler,
    variables: BTreeMap<String, Secret>,
    credentials: BTreeMap<String, PathBuf>,
    /// The folder of the configurations, where the file `environment` and the credentials are.
    folder: PathBuf,
}

/// A secret, or a variable that is set here, that a schedule has not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// What is not there, without a full stop.
    pub what: String,
    /// What to do, without a full stop.
    pub fix: String,
}

impl Environment {
    /// What a schedule of this kind has with this crontab.
    pub(super) fn of(kind: Scheduler, installation: &Installation, crontab: &str) -> Self {
        let folder = installation.config.parent().unwrap_or(Path::new("/")).to_owned();
        let (variables, credentials) = match kind {
            Scheduler::Cron => (crontab::variables(crontab, installation), BTreeMap::new()),
            Scheduler::Systemd => systemd_has(installation, &folder),
        };
        let set = variables.into_iter().filter(|(_, value)| !value.is_empty());
        let variables = set.map(|(name, value)| (name, Secret::new(value))).collect();
        Self { kind, variables, credentials, folder }
    }

    /// What a schedule for this installation has not.
    pub(super) fn lacks(&self, installation: &Installation) -> Vec<Missing> {
        let variables = installation.variables.iter().filter(|name| !self.variables.contains_key(*name));
        let credentials =
            installation.credentials.iter().filter(|name| !self.credentials.contains_key(*name));
        variables
            .map(|name| self.without_variable(name))
            .chain(credentials.map(|name| self.without_credential(name)))
            .collect()
    }

    /// What is set here and decides the way to ilert or Netdata, and is not so for the schedule. Values are left out: that
    /// of a proxy may hold a password.
    #[must_use]
    pub fn strays(&self, way: &Way) -> Vec<Missing> {
        way.strays(&self.variables).iter().map(|stray| self.astray(stray)).collect()
    }

    fn astray(&self, Stray { name, is_other, who, setting }: &Stray) -> Missing {
        let schedule = match self.kind {
            Scheduler::Systemd => "the systemd timer",
            Scheduler::Cron => "cron",
        };
        let how = if *is_other { "has another value for" } else { "is not set for" };
        let what = format!(
            "`{name}` is set here, and {how} {schedule}: its runs may not reach {who} as this run does"
        );
        let setting = setting.map_or_else(String::new, |setting| format!("set {setting}, or "));
        let line = match self.kind {
            Scheduler::Systemd => {
                format!("put `{name}=…` into `{}`", self.folder.join("environment").shown())
            }
            Scheduler::Cron => {
                format!("put `{name}=…` on a line of its own above the others (`crontab -e`)")
            }
        };
        Missing { what, fix: format!("{setting}{line}") }
    }

    /// The configuration with its secrets as the schedule has them, or the first that it has not.
    pub fn see(&self, config: &Config) -> Result<Config, Missing> {
        let mut seen = config.clone();
        let Config { integration, netdata, heartbeat, .. } = &mut seen;
        let Netdata { password, bearer_token, .. } = netdata;
        let more = [password, bearer_token, &mut heartbeat.url].into_iter().flatten();
        for source in std::iter::once(&mut integration.api_key).chain(more) {
            if let Some(missing) = self.lack(source) {
                return Err(missing);
            }
            let found = match &*source {
                SecretSource::Env(name) => self.variables.get(name).cloned().map(SecretSource::Literal),
                SecretSource::Credential(name) => self.credentials.get(name).cloned().map(SecretSource::File),
                SecretSource::File(_) | SecretSource::Literal(_) => None,
            };
            if let Some(found) = found {
                *source = found;
            }
        }
        Ok(seen)
    }

    /// That it has not the secret in this place, if it has not.
    #[must_use]
    pub fn lack(&self, source: &SecretSource) -> Option<Missing> {
        match source {
            SecretSource::Env(name) if !self.variables.contains_key(name) => {
                Some(self.without_variable(name))
            }
            SecretSource::Credential(name) if !self.credentials.contains_key(name) => {
                Some(self.without_credential(name))
            }
            _ => None,
        }
    }

    fn without_variable(&self, name: &str) -> Missing {
        let takes = format!("the configuration takes a secret from the environment variable `{name}`, which");
        match self.kind {
            Scheduler::Systemd => Missing {
                what: format!("{takes} the systemd timer does not set"),
                fix: format!(
                    "put `{name}=…` into `{}` with mode 0600, or keep it in a file",
                    self.folder.join("environment").shown()
                ),
            },
            Scheduler::Cron => Missing {
                what: format!("{takes} cron does not set"),
                fix: format!(
                    "put `{name}=…` on a line of its own above the others (`crontab -e`), or keep it in a file"
                ),
            },
        }
    }

    fn without_credential(&self, name: &str) -> Missing {
        let takes = format!("the configuration takes the credential `{name}` from systemd");
        match self.kind {
            Scheduler::Systemd => {
                let file = self.folder.join(name);
                Missing {
                    what: format!("{takes}, and there is no `{}`", file.shown()),
                    fix: "keep it there with mode 0600".to_owned(),
                }
            }
            Scheduler::Cron => Missing {
                what: format!("{takes}, and cron has none"),
                fix: "say `{ file = \"…\" }` there instead".to_owned(),
            },
        }
    }
}

/// The variables and the credentials of a systemd service of ours: what stands beside the configuration, and drop-ins.
fn systemd_has(
    installation: &Installation,
    folder: &Path,
) -> (BTreeMap<String, String>, BTreeMap<String, PathBuf>) {
    let read = |path: &Path| files::text(path, LARGEST).unwrap_or_default();
    let mut variables = assignments(&read(&folder.join("environment")));
    let drop_ins = installation.units.join(format!("{}.service.d", installation.unit()));
    for entry in fs::read_dir(drop_ins).into_iter().flatten().flatten() {
        for line in read(&entry.path()).lines() {
            if let Some(set) = line.trim().strip_prefix("Environment=") {
                variables.extend(assignments(set.trim_matches('"')));
            } else if let Some(file) = line.trim().strip_prefix("EnvironmentFile=") {
                variables.extend(assignments(&read(Path::new(file.trim_start_matches('-')))));
            }
        }
    }
    let there = |name: &&String| folder.join(name).is_file();
    let credentials = installation.credentials.iter().filter(there);
    (variables, credentials.map(|name| (name.clone(), folder.join(name))).collect())
}

/// The variables of a file of systemd's `EnvironmentFile=`.
fn assignments(text: &str) -> BTreeMap<String, String> {
    let lines = text.lines().map(str::trim).filter(|line| !line.starts_with(['#', ';']));
    let pairs = lines.filter_map(|line| line.split_once('='));
    pairs
        .map(|(name, value)| (name.trim().to_owned(), value.trim().trim_matches(['"', '\'']).to_owned()))
        .collect()
}
