//! Starts other programs, such as a browser, an editor or `crontab`: without the secrets that are in this program's
//! environment. What runs for hours, or was written by others, need not have them.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::process::Command;
use std::sync::{Mutex, PoisonError};

/// Variables that hold secrets of ilert's, Netdata's or Netdata Cloud's, whether this program reads them or not.
const SECRETS: [&str; 5] = [
    "ILERT_API_KEY",
    "ILERT_API_TOKEN",
    "ILERT_ALERT_SOURCE_URL",
    "NETDATA_CLAIM_TOKEN",
    "NETDATA_CLOUD_API_TOKEN",
];

/// Other variables that a configuration takes a secret from.
static NAMED: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

/// Keeps a variable from all programs that are started from now on: a secret is in it.
pub fn keep_from(variable: &str) {
    NAMED.lock().unwrap_or_else(PoisonError::into_inner).insert(variable.to_owned());
}

/// A command that starts a program. The only place that makes one.
#[must_use]
pub fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    for variable in SECRETS {
        command.env_remove(variable);
    }
    for variable in NAMED.lock().unwrap_or_else(PoisonError::into_inner).iter() {
        command.env_remove(variable);
    }
    command
}

#[cfg(test)]
mod tests {
    use super::{SECRETS, command, keep_from};

    #[test]
    fn a_child_has_no_secret() {
        keep_from("TEAM_KEY");
        let command = command("true");
        let removed = |name: &str| command.get_envs().any(|pair| pair == (name.as_ref(), None));
        assert!(SECRETS.iter().chain(&["TEAM_KEY"]).all(|name| removed(name)), "{command:?}");
    }
}
