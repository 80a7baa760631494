//! `--create-alert-source`: sets up ilert without a browser. It creates the alert source, or finds it by its name, and
//! saves its key where the sender reads it. What cannot end well is refused before anything is created.

use std::path::{Path, PathBuf};

use color_eyre::eyre;

use super::account::{exit_of, token};
use super::{Misuse, selection};
use crate::cli::{Arguments, say};
use crate::config::{self, Config, ConfigError, Ilert, Installed, Invocation, SecretError, SecretSource};
use crate::exit::{Exit, Stopped};
use crate::ilert::Account;
use crate::ilert::account::{ProvideError, Provided, provide};
use crate::secret::{Secret, SecretKind};
use crate::text::{ShownPath as _, quoted};

/// The key's file where no configuration names one: beside the configuration.
pub(super) const KEY_FILE: &str = "api-key";

/// Creates the alert source, or finds it, and keeps its key.
pub async fn create(arguments: &Arguments, name: &str) -> eyre::Result<Exit> {
    let name = named(name)?;
    let policy = arguments.escalation_policy.as_deref().unwrap_or_default().trim();
    let target = Target::of(arguments)?;
    let held = target.held()?;
    let account =
        Account::new(&target.ilert, token().await?).map_err(|error| target.explain(&error.into()))?;
    let provided =
        provide(&account, name, policy, held.as_ref()).await.map_err(|error| target.explain(&error))?;
    if held.is_none() {
        target.check(&Target::of(arguments)?)?;
        config::write_key(&target.key_file, &provided.key).map_err(|error| Stopped {
            words: format!(
                "{error}\nThe alert source `{name}` (id {}) was set up, but its key could not be saved. Make \
                 the file writable, then run this again.",
                provided.source.id
            ),
            exit: Exit::Configuration,
        })?;
    }
    target.report(&provided, held.is_some());
    Ok(Exit::Done)
}

/// An alert source's name, without blanks at the ends.
pub(super) fn named(name: &str) -> Result<&str, Misuse> {
    let name = name.trim();
    if name.is_empty() || name.chars().any(char::is_control) {
        return Err(Misuse("the name of an alert source is one line, and not empty".to_owned()));
    }
    Ok(name)
}

pub(super) fn exit(error: &ProvideError) -> Exit {
    match error {
        ProvideError::NoPolicy { .. }
        | ProvideError::SeveralPolicies { .. }
        | ProvideError::SeveralSources { .. }
        | ProvideError::Appeared { .. }
        | ProvideError::Gone { .. } => Exit::Usage,
        ProvideError::OtherKey { .. } => Exit::Configuration,
        ProvideError::Account(error) => exit_of(error),
    }
}

/// Where things are on this machine.
struct Target {
    config: PathBuf,
    /// What suggested commands are to call this program by.
    invocation: Invocation,
    /// Whether there is a configuration yet.
    configured: bool,
    ilert: Ilert,
    key_file: PathBuf,
}

impl Target {
    fn of(arguments: &Arguments) -> eyre::Result<Self> {
        Self::at(selection::one(arguments)?, arguments.config.is_some())
    }

    /// As the configuration has it, or the defaults, where none is there. One that somebody named must be there:
    /// the token is not to go elsewhere than was meant.
    fn at(one: Installed, named: bool) -> eyre::Result<Self> {
        let Installed { path, invocation, .. } = one;
        match config::load(&path) {
            Ok(config) => {
                let key_file = key_file(&config, &path)?;
                Ok(Self { config: path, invocation, configured: true, ilert: config.ilert, key_file })
            }
            Err(ConfigError::Missing { .. }) if !named => {
                let key_file = config::secret_file(&path, KEY_FILE);
                Ok(Self { config: path, invocation, configured: false, ilert: Ilert::default(), key_file })
            }
            Err(error) => Err(error.into()),
        }
    }

    /// The key that is kept already.
    fn held(&self) -> Result<Option<Secret>, ConfigError> {
        match SecretSource::File(self.key_file.clone()).resolve(SecretKind::Key) {
            Ok(key) => Ok(Some(key)),
            Err(SecretError::NoFile(_)) => Ok(None),
            Err(error) => Err(ConfigError::Secret { key: "integration.api_key", error }),
        }
    }

    /// Whether the key still goes where it was to go, and nothing was put there meanwhile. `now` is looked up anew.
    fn check(&self, now: &Self) -> Result<(), Stopped> {
        let is_same = self.key_file == now.key_file && matches!(now.held(), Ok(None));
        let stopped = || Stopped {
            words: format!(
                "`{}` has changed on the disk meanwhile, and no key was written: run this again, the alert source is found \
                 by its name",
                now.key_file.shown()
            ),
            exit: Exit::Configuration,
        };
        if is_same { Ok(()) } else { Err(stopped()) }
    }

    /// With what is to be done about it on this machine.
    fn explain(&self, error: &ProvideError) -> Stopped {
        let exit = exit(error);
        let file = self.key_file.shown();
        let words = match (error, exit) {
            (ProvideError::OtherKey { .. }, _) => format!(
                "`{file}`: {error}\nIt is left as it is: give the name of the alert source that it belongs to, or \
                 move the file away and run this again."
            ),
            (_, Exit::Later) => format!(
                "{error}\nNo key was kept. Run this again: an alert source that was created by now is found by its \
                 name."
            ),
            _ => error.to_string(),
        };
        Stopped { words, exit }
    }

    fn report(&self, provided: &Provided, kept: bool) {
        say_provided(provided);
        let file = self.key_file.shown();
        if kept {
            say(format_args!("its API key is in `{file}` already"));
        } else {
            say(format_args!("wrote its API key to `{file}` (mode 0600)"));
        }
        self.next().into_iter().for_each(say);
    }

    fn next(&self) -> Vec<String> {
        let mut steps = Vec::new();
        if !self.configured {
            steps.push(format!(
                "next: `netdata-ilert --print-config > {}`, with `api_key = {{ file = \"{}\" }}` in it",
                quoted(&self.config),
                self.key_file.shown()
            ));
        }
        let word = if self.configured { "next" } else { "then" };
        steps.push(format!(
            "{word}: {} proves the key; the API token is not needed any more",
            self.invocation.command("--test")
        ));
        steps
    }
}

/// Says whether the alert source was made or found, and what is odd about it.
pub(super) fn say_provided(provided: &Provided) {
    let Provided { source, created, policy, .. } = provided;
    if *created {
        say(format_args!(
            "created the alert source `{}` (id {}): type API, priority rule HIGH, escalation policy `{}`",
            source.name, source.id, policy.name
        ));
    } else {
        say(format_args!("the alert source `{}` (id {}) exists already and is used", source.name, source.id));
    }
    for words in provided.reservations() {
        say(format_args!("note: {words}"));
    }
}

/// The file that the configuration takes the key from.
pub(super) fn key_file(config: &Config, path: &Path) -> Result<PathBuf, Stopped> {
    let elsewhere = match &config.integration.api_key {
        SecretSource::File(file) => return Ok(file.clone()),
        SecretSource::Env(name) => format!("the environment variable `{name}`"),
        SecretSource::Credential(name) => format!("the systemd credential `{name}`"),
        SecretSource::Literal(_) => "the configuration itself".to_owned(),
    };
    Err(Stopped {
        words: format!(
            "`{}` reads the API key from {elsewhere}, so it cannot be saved there: set `integration.api_key = {{ file = \
             \"{KEY_FILE}\" }}` in it and run this again; nothing was created",
            path.shown()
        ),
        exit: Exit::Configuration,
    })
}

#[cfg(test)]
mod tests {
    use super::{Installed, Target, config};

    #[test]
    fn without_a_configuration_the_key_is_kept_where_one_would_be() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.toml");
        let one = Installed::called(config::FIRST, &path, folder.path()).unwrap();
        let target = Target::at(one.clone(), false).unwrap();
        assert_eq!((target.key_file.clone(), target.configured), (folder.path().join("api-key"), false));
        assert_eq!(target.ilert, config::Ilert::default());
        let next = target.next().join("\n").replace(folder.path().to_str().unwrap(), "[folder]");
        insta::assert_snapshot!(next, @r#"
        next: `netdata-ilert --print-config > [folder]/config.toml`, with `api_key = { file = "[folder]/api-key" }` in it
        then: `netdata-ilert --state-dir [folder] --test` proves the key; the API token is not needed any more
        "#);
        assert!(Target::at(one.clone(), true).is_err(), "one that was named must be there");

        // A key that somebody else puts there meanwhile is not written over.
        target.check(&Target::at(one.clone(), false).unwrap()).unwrap();
        config::write_key(&target.key_file, &crate::secret::Secret::new("il1api0123456789abcd".into()))
            .unwrap();
        let error = target.check(&Target::at(one, false).unwrap()).unwrap_err();
        assert!(error.words.contains("api-key` has changed on the disk meanwhile"), "{}", error.words);
    }
}
