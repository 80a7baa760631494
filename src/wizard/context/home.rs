//! What the home screen knows: the installed configurations, how each is, and what was done there.

use std::path::PathBuf;

use crate::config::{Config, Installed};
use crate::secret::Secret;
use crate::setup::Former;
use crate::wizard::place::Folders;

/// The home screen, where the wizard began with it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HomeContext {
    /// Where configurations are looked for.
    pub folders: Folders,
    /// What was found there; `None` until it was looked for.
    pub cards: Option<Vec<Card>>,
    /// A configuration was opened to be edited: its menu is shown as soon as it is read.
    pub edits: bool,
    /// What is done as soon as they were looked at again.
    pub awaited: Option<Awaited>,
    /// What is resolved now.
    pub resolving: Option<Resolving>,
    /// What was done last, or could not be, a line each.
    pub told: Vec<Result<String, String>>,
    /// All that was done, or could not be.
    pub done: Vec<Result<String, String>>,
}

/// What was asked of a configuration as it was shown, and is done as it is now.
#[derive(Clone, Debug, PartialEq)]
pub enum Awaited {
    /// What is open under its key is resolved.
    Resolve(Installed),
    /// Whether to delete it is asked.
    Delete(Installed),
}

impl Awaited {
    /// Which configuration.
    #[must_use]
    pub fn installed(&self) -> &Installed {
        match self {
            Self::Resolve(installed) | Self::Delete(installed) => installed,
        }
    }
}

/// A configuration, and how it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Card {
    /// What it is called.
    pub name: String,
    /// Where it is; `None` for what looks like a configuration and cannot be one.
    pub installed: Option<Installed>,
    /// What is in it; `None` where it cannot be read.
    pub usable: Option<Usable>,
    /// Its text, as it was when all of this was looked up.
    pub seen: Option<Secret>,
    /// When it last ran, and what is open in ilert.
    pub run: String,
    /// Whether it ever ran, as far as its state says.
    pub has_run: bool,
    /// How many alerts and nodes are open in ilert under its key.
    pub open: usize,
    /// Those, by name.
    pub named: Vec<String>,
    /// What is wrong, a line each.
    pub wrong: Vec<String>,
    /// Silences that are in force, a line each.
    pub silences: Vec<String>,
    /// What becomes of its files if it is deleted.
    pub files: Files,
}

/// What is in a configuration that can be read.
#[derive(Clone, Debug, PartialEq)]
pub struct Usable {
    /// All of it.
    pub config: Box<Config>,
    /// Its API key, where that can be had.
    pub key: Option<Secret>,
}

/// What becomes of the files of a configuration that is deleted, but for its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Files {
    /// Files with its secrets that are nobody else's: they go along with it.
    pub go: Vec<PathBuf>,
    /// Files with its secrets that stay, each with the reason.
    pub stay: Vec<(PathBuf, &'static str)>,
}

impl Card {
    /// Whether it is switched on, where that is known.
    #[must_use]
    pub fn is_on(&self) -> Option<bool> {
        self.usable.as_ref().map(|usable| usable.config.notification.enabled)
    }

    /// Its key and settings, to resolve what is open under them; nothing where that cannot be.
    #[must_use]
    pub fn resolvable(&self) -> Option<Former> {
        let usable = self.usable.as_ref().filter(|_| self.open > 0)?;
        Some(Former { config: (*usable.config).clone(), key: usable.key.clone()? })
    }
}

/// What is done at the home screen.
#[derive(Clone, Debug, PartialEq)]
pub enum HomeDeed {
    /// Switches a configuration on or off.
    Switch {
        /// Which.
        installed: Installed,
        /// On.
        on: bool,
        /// Its text as it was shown.
        seen: Option<Secret>,
    },
    /// Resolves what is open under its key.
    Resolve {
        /// Its key and settings.
        former: Box<Former>,
        /// Which.
        installed: Installed,
    },
    /// Deletes it. To resolve first, it is switched off before, and stays if resolving fails.
    Delete {
        /// Which.
        installed: Installed,
        /// Its key and settings, if open alerts are resolved first.
        former: Option<Box<Former>>,
        /// What was open, by name, as it was shown. Unless that is resolved, nothing else may be.
        open: Vec<String>,
        /// Files that go along with it.
        files: Vec<PathBuf>,
        /// Its text as it was shown.
        seen: Option<Secret>,
    },
}

impl HomeDeed {
    /// What it resolves in ilert, if anything.
    #[must_use]
    pub fn resolving(&self) -> Option<Resolving> {
        match self {
            Self::Resolve { installed, .. } => {
                Some(Resolving { name: installed.name.clone(), deletes: false })
            }
            Self::Delete { installed, former: Some(_), .. } => {
                Some(Resolving { name: installed.name.clone(), deletes: true })
            }
            Self::Switch { .. } | Self::Delete { former: None, .. } => None,
        }
    }
}

/// That what is open under a configuration's key is resolved in ilert.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolving {
    /// What the configuration is called.
    pub name: String,
    /// It is deleted then.
    pub deletes: bool,
}

/// The result of a look round, and of the deed before it.
#[derive(Clone, Debug, PartialEq)]
pub struct HomeReply {
    /// What was done, or why it could not be, a line each.
    pub done: Vec<Result<String, String>>,
    /// Nothing was deleted, as more is open than was shown: it is asked anew.
    pub asks_anew: bool,
    /// The configurations as they stand now.
    pub cards: Vec<Card>,
}
