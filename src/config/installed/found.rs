//! Which configurations are installed.
//!
//! A file that cannot be a configuration by its name, or by what `config.d` is, is [`NotAConfiguration`]: it is said,
//! and stops no other. What is in a file is looked at by `load` alone.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::{FIRST, FURTHER, Installed, LONGEST_NAME, STATE_FILE, taken};
use crate::config::error::{ConfigError, NoSuchName};
use crate::owner;
use crate::text::one_line;

/// Looks like a configuration and is not one.
#[derive(Debug)]
pub struct NotAConfiguration {
    /// What to call it.
    pub name: String,
    /// Why, and what to do.
    pub error: ConfigError,
}

/// All that was found, in the order of names, `config` first.
#[derive(Debug, Default)]
pub struct FoundConfigurations {
    /// The configurations.
    pub installed: Vec<Installed>,
    /// What looks like one and is not.
    pub refused: Vec<NotAConfiguration>,
}

impl FoundConfigurations {
    /// Looks for them. `first` is where `config.toml` is or would be, `states` the folder of its state.
    #[must_use]
    pub fn find(first: &Path, states: &Path) -> Self {
        let mut found = Self::default();
        // A link to nothing is there, too: reading it says what is wrong.
        if fs::symlink_metadata(first).is_ok() {
            found.installed.push(Installed::first(first, states));
        }
        let folder = first.with_file_name(FURTHER);
        match files_in(&folder) {
            Ok(files) => {
                for file in files {
                    found.add(&file, first, states);
                }
            }
            Err(error) => found.refused.push(NotAConfiguration { name: FURTHER.to_owned(), error }),
        }
        if found.is_several() {
            // A call that names none means all.
            for one in &mut found.installed {
                one.invocation = one.invocation.for_name(&one.name);
            }
        }
        found
    }

    fn add(&mut self, file: &str, first: &Path, states: &Path) {
        // Backups, hidden files and notes are not configurations.
        let Some(name) = file.strip_suffix(".toml").filter(|_| !file.starts_with('.')) else { return };
        let refused = |error| NotAConfiguration { name: one_line(name, LONGEST_NAME), error };
        match Installed::called(name, first, states) {
            _ if name == FIRST => {
                let path = first.with_file_name(FURTHER).join(file);
                let error = ConfigError::Name { path, why: taken(FIRST) };
                self.refused.push(NotAConfiguration { name: format!("{FURTHER}/{FIRST}"), error });
            }
            Ok(one) if is_link_to_nothing(&one.path) => {
                self.refused.push(refused(ConfigError::Dangling { path: one.path }));
            }
            Ok(one) => self.installed.push(one),
            Err(error) => self.refused.push(refused(error)),
        }
    }

    /// The state folders below that of `config.toml` that are none of these configurations', nor of one that is refused:
    /// it was taken away, or is elsewhere.
    #[must_use]
    pub fn left_behind(&self, states: &Path) -> Vec<PathBuf> {
        let is_known = |name: &str| {
            self.installed.iter().any(|one| one.name == name)
                || self.refused.iter().any(|one| one.name == name)
        };
        let entries = fs::read_dir(states).into_iter().flatten().flatten();
        let named = entries.filter(|entry| !entry.file_name().to_str().is_some_and(is_known));
        let mut folders: Vec<PathBuf> =
            named.map(|entry| entry.path()).filter(|folder| folder.join(STATE_FILE).is_file()).collect();
        folders.sort_unstable();
        folders
    }

    /// Whether there are several, so that each must be called by its name.
    #[must_use]
    pub fn is_several(&self) -> bool {
        self.installed.len() + self.refused.len() > 1
    }

    /// The one of this name.
    pub fn called(&self, name: &str) -> Result<&Installed, NoSuchName> {
        let known = || self.installed.iter().map(|one| one.name.clone()).collect();
        let found = self.installed.iter().find(|one| one.name == name);
        found.ok_or_else(|| NoSuchName { given: name.to_owned(), known: known() })
    }
}

/// The names of what is in a folder, sorted. One that is not there is empty; one that others can change is refused.
fn files_in(folder: &Path) -> Result<Vec<String>, ConfigError> {
    let unreadable = |reason: String, fix| ConfigError::Unreadable { path: folder.to_owned(), reason, fix };
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound && !folder.is_symlink() => return Ok(Vec::new()),
        Err(error) if error.kind() == ErrorKind::PermissionDenied => {
            let (reason, fix) = owner::denied(folder);
            return Err(unreadable(reason, Some(fix)));
        }
        entries => entries.map_err(|error| unreadable(error.to_string(), None))?,
    };
    let metadata = fs::metadata(folder).map_err(|error| unreadable(error.to_string(), None))?;
    owner::trusted(folder, &metadata)
        .map_err(|found| ConfigError::Untrusted { path: folder.to_owned(), found })?;
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|error| unreadable(error.to_string(), None))?;
        names.push(entry.file_name().to_string_lossy().into_owned());
    }
    names.sort_unstable();
    Ok(names)
}

fn is_link_to_nothing(path: &Path) -> bool {
    path.is_symlink() && matches!(fs::metadata(path), Err(error) if error.kind() == ErrorKind::NotFound)
}
