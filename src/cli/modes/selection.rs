//! Which configurations a mode is about: all that are installed, or the one that `--config` names.

use std::path::{Path, PathBuf};

use color_eyre::eyre;

use super::Misuse;
use crate::cli::Arguments;
use crate::config::{self, Config, ConfigError, FoundConfigurations, Installed, Invocation, NoSuchName};
use crate::delivery::store::Store;
use crate::delivery::user_of;
use crate::schedule::{Installation, present};
use crate::words::either;

/// What the arguments mean.
#[derive(Debug)]
pub(super) enum Selection {
    /// One: named, the only one installed, or the default path.
    One(Installed),
    /// Several, none of which is named.
    Several(FoundConfigurations),
}

impl Selection {
    /// By the arguments and by what is installed.
    pub(super) fn by(arguments: &Arguments) -> Result<Self, ConfigError> {
        if arguments.config.is_some() {
            return one(arguments).map(Self::One);
        }
        let (first, states) = (config::default_path()?, states(arguments)?);
        let mut found = FoundConfigurations::find(&first, &states);
        if found.is_several() || !found.refused.is_empty() {
            return Ok(Self::Several(found));
        }
        match found.installed.pop() {
            Some(only) => Ok(Self::One(only)),
            None => Installed::called(config::FIRST, &first, &states).map(Self::One),
        }
    }

    /// The one that a mode is about which does one at a time.
    pub(super) fn only(arguments: &Arguments, mode: &str) -> eyre::Result<Installed> {
        match Self::by(arguments)? {
            Self::One(one) => Ok(one),
            Self::Several(named) => Err(needs_name(mode, &named).into()),
        }
    }
}

/// Says that a mode needs the name of one, and which there are.
pub(super) fn needs_name(mode: &str, named: &FoundConfigurations) -> Misuse {
    let there = either(named.installed.iter().map(|one| one.name.as_str()));
    Misuse(format!(
        "there are several configurations, and `{mode}` is for one: name it with `--config` ({there})"
    ))
}

/// The one that the arguments name, or else the first.
pub(super) fn one(arguments: &Arguments) -> Result<Installed, ConfigError> {
    match &arguments.config {
        None => Installed::called(config::FIRST, &config::default_path()?, &states(arguments)?),
        Some(given) => named(arguments, given),
    }
}

/// All that are installed, whichever the arguments mean; none where that cannot be told.
pub(super) fn installed(arguments: &Arguments) -> Vec<Installed> {
    let found =
        config::default_path().and_then(|first| Ok(FoundConfigurations::find(&first, &states(arguments)?)));
    found.map(|found| found.installed).unwrap_or_default()
}

/// The one that the arguments name, or else the first, to be set up: its file need not be there.
pub(super) fn to_make(arguments: &Arguments) -> Result<Installed, ConfigError> {
    match (one(arguments), &arguments.config) {
        (Err(ConfigError::Unknown(unknown)), _) => {
            Installed::called(&unknown.given, &config::default_path()?, &states(arguments)?)
        }
        (found, _) => found,
    }
}

/// The contents of one.
pub(super) fn load(one: &Installed) -> Result<Config, ConfigError> {
    config::load(&one.path).map_err(|error| error.called_by(&one.invocation))
}

/// Refuses one whose file is not there: what a mistyped name would be asked for is done to nothing.
pub(super) fn must_be_there(one: &Installed) -> Result<(), ConfigError> {
    match load(one) {
        Err(error @ ConfigError::Missing { .. }) => Err(error),
        _ => Ok(()),
    }
}

/// The same for what a state alone can answer: a state of this very configuration is enough.
pub(super) fn must_be_known(one: &Installed) -> Result<(), ConfigError> {
    let is_own = || user_of(&one.state).is_none_or(|user| config::real(&user) == config::real(&one.path));
    let has_state = !matches!(Store::open_existing(&one.state), Ok(None)) && is_own();
    if has_state { Ok(()) } else { must_be_there(one) }
}

fn named(arguments: &Arguments, given: &Path) -> Result<Installed, ConfigError> {
    let first = config::default_path();
    if config::is_path(given) {
        return at(arguments, given, first.ok().as_deref());
    }
    let (first, states) = match (first, states(arguments)) {
        (Ok(first), Ok(states)) => (first, states),
        _ if given.is_file() => return at(arguments, given, None),
        (first, states) => (first?, states?),
    };
    let name = given.to_string_lossy();
    let found = FoundConfigurations::find(&first, &states);
    match found.called(&name) {
        Ok(one) => Ok(one.clone()),
        Err(_) if given.is_file() => at(arguments, given, Some(&first)),
        Err(_) if name == config::FIRST => Installed::called(&name, &first, &states),
        Err(unknown) => Err(refusal(found, unknown)),
    }
}

/// Why the name that was given cannot be used.
fn refusal(found: FoundConfigurations, unknown: NoSuchName) -> ConfigError {
    let refused = found.refused.into_iter().find(|one| one.name == unknown.given);
    refused.map_or(ConfigError::Unknown(unknown), |one| one.error)
}

/// The configuration in this file: an installed one, or one elsewhere.
fn at(arguments: &Arguments, path: &Path, first: Option<&Path>) -> Result<Installed, ConfigError> {
    if let Some(first) = first
        && let Ok(states) = states(arguments)
        && let Some(one) = Installed::at(path, first, &states)
    {
        return Ok(Installed { path: path.to_owned(), ..one });
    }
    if let Some(state) = &arguments.state_dir {
        let invocation = Invocation::of_all(state).for_file(path);
        return Ok(Installed { invocation, ..Installed::elsewhere(path, state.clone()) });
    }
    let usual = config::default_state_dir()?;
    let scheduled = scheduled_state(&Installed::elsewhere(path, usual.clone()));
    Ok(Installed::elsewhere(path, state_elsewhere(path, first, usual, scheduled)))
}

/// The state folder that the schedule of a configuration elsewhere names.
fn scheduled_state(one: &Installed) -> Option<PathBuf> {
    let installation = Installation::of(one).ok()?;
    present(&installation).ok()?.state_dir(&installation)
}

/// The state folder of a configuration that is elsewhere: that of its schedule, or the usual one, or one of its own. None
/// is another's. `first` is where `config.toml` is.
fn state_elsewhere(path: &Path, first: Option<&Path>, usual: PathBuf, scheduled: Option<PathBuf>) -> PathBuf {
    let path = config::real(path);
    let is_own = |user: PathBuf| config::real(&user) == path;
    let is_anothers = |folder: &Path| user_of(folder).is_some_and(|user| user.exists() && !is_own(user));
    if let Some(scheduled) = scheduled.filter(|folder| !is_anothers(folder)) {
        return scheduled;
    }
    if user_of(&usual).is_some_and(is_own) || !(first.is_some_and(Path::exists) || is_anothers(&usual)) {
        return usual;
    }
    let own = usual.join(Installed::own_folder(&path));
    // Before a link in its path was changed, or by an earlier version, it had another name.
    let former =
        || Installed::own_folders(&usual).into_iter().find(|folder| user_of(folder).is_some_and(is_own));
    if own.exists() { own } else { former().unwrap_or(own) }
}

/// The folder of the state of `config.toml`, below which the others' is.
pub(super) fn states(arguments: &Arguments) -> Result<PathBuf, ConfigError> {
    arguments.state_dir.clone().map_or_else(config::default_state_dir, Ok)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::state_elsewhere;

    #[test]
    fn one_elsewhere_has_the_usual_state_unless_another_has_it() {
        let folder = tempfile::tempdir().unwrap();
        let first = folder.path().join("config.toml");
        let usual = folder.path().join("state");
        let state = |name: &str| state_elsewhere(Path::new(name), Some(&first), usual.clone(), None);
        assert_eq!(state("/srv/a.toml"), usual);
        std::fs::write(&first, "").unwrap();
        let [a, b] = ["/srv/a.toml", "/srv/b/a.toml"].map(state);
        assert!(a.starts_with(&usual) && a != usual && a != b, "{a:?} {b:?}");
        assert_eq!(state("/srv/a.toml"), a);
        let scheduled = folder.path().join("old");
        let kept = state_elsewhere(Path::new("/srv/a.toml"), Some(&first), usual, Some(scheduled.clone()));
        assert_eq!(kept, scheduled);
    }
}
