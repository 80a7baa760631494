//! The configurations that are installed here. `config.toml` is one, and each `config.d/NAME.toml` beside it is a
//! further one; each has a name and a folder for its state.

mod found;

use std::fs;
use std::path::{Path, PathBuf};

pub use found::{FoundConfigurations, NotAConfiguration};
use sha2::{Digest as _, Sha256};

use super::error::ConfigError;
use super::invocation::Invocation;
use super::paths::{default_state_dir, real};

/// The name of `config.toml`.
pub const FIRST: &str = "config";

const FIRST_FILE: &str = "config.toml";
const FURTHER: &str = "config.d";
const EXTENSION: &str = "toml";

/// What a folder with a state has.
const STATE_FILE: &str = "state.db";

/// Longest name, bytes: it becomes a folder's, and stands before every line.
const LONGEST_NAME: usize = 64;

/// Longest word that is made of a path, characters.
const LONGEST_STEM: usize = 32;

/// Names that a further configuration cannot have: its state folder would be in the place of a file of `config.toml`'s
/// state, or it would be called as that is.
pub const RESERVED: [&str; 9] = [
    FIRST,
    STATE_FILE,
    "state.db-wal",
    "state.db-shm",
    "state.db-journal",
    "lock",
    "generation",
    "wizard-draft.json",
    "wizard-draft.unreadable.json",
];

/// A configuration that is, or would be, installed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Installed {
    /// What it is called: `config`, or the NAME of `config.d/NAME.toml`.
    pub name: String,
    /// Its file.
    pub path: PathBuf,
    /// Its state folder.
    pub state: PathBuf,
    /// It is in a file elsewhere, and not among those that are installed.
    pub is_elsewhere: bool,
    /// What to call this program by to mean it.
    pub invocation: Invocation,
}

impl Installed {
    /// The configuration of this name, whether its file is there or not. `first` is where `config.toml` is, `states`
    /// the folder of its state. Fails on a name that none can have.
    pub fn called(name: &str, first: &Path, states: &Path) -> Result<Self, ConfigError> {
        if name == FIRST {
            return Ok(Self::first(first, states));
        }
        let path = first.with_file_name(FURTHER).join(format!("{name}.{EXTENSION}"));
        match flaw(name) {
            Some(why) => Err(ConfigError::Name { path, why }),
            None => Ok(Self {
                name: name.to_owned(),
                path,
                state: states.join(name),
                is_elsewhere: false,
                invocation: Invocation::of_all(states).for_name(name),
            }),
        }
    }

    /// One in a file elsewhere, with this state folder, which a call that names none finds by itself.
    #[must_use]
    pub fn elsewhere(path: &Path, state: PathBuf) -> Self {
        Self {
            name: stem(path),
            path: path.to_owned(),
            state,
            is_elsewhere: true,
            invocation: Invocation::with_file(path),
        }
    }

    /// A name that no other file's is like, however it is spelt: for a folder of its own, and for a schedule.
    #[must_use]
    pub fn own_name(path: &Path) -> String {
        let path = &real(path);
        let digest = Sha256::digest(path.as_os_str().as_encoded_bytes());
        let hash = digest.iter().take(4).fold(0_u32, |hash, byte| hash << 8 | u32::from(*byte));
        format!("{}-{hash:08x}", stem(path))
    }

    /// The folder for the state of one elsewhere, below that of `config.toml`. No installed one can be called so.
    #[must_use]
    pub fn own_folder(path: &Path) -> String {
        format!("@{}", Self::own_name(path))
    }

    /// The folders of those elsewhere that are below that of `config.toml`.
    #[must_use]
    pub fn own_folders(states: &Path) -> Vec<PathBuf> {
        let entries = fs::read_dir(states).into_iter().flatten().flatten();
        let mut folders: Vec<PathBuf> = entries
            .filter(|entry| entry.file_name().as_encoded_bytes().starts_with(b"@"))
            .map(|entry| entry.path())
            .collect();
        folders.sort_unstable();
        folders
    }

    /// The folder below which the state of all installed ones is; of one elsewhere, its own.
    #[must_use]
    pub fn states(&self) -> &Path {
        let is_below = !self.is_elsewhere && self.name != FIRST;
        self.state.parent().filter(|_| is_below).unwrap_or(&self.state)
    }

    /// `config.toml`, which is meant where it is alone and none is named.
    fn first(first: &Path, states: &Path) -> Self {
        Self {
            name: FIRST.to_owned(),
            path: first.to_owned(),
            state: states.to_owned(),
            is_elsewhere: false,
            invocation: Invocation::of_all(states),
        }
    }

    /// The configuration at this path, if it is an installed one or would be: the same file, or one of that place.
    #[must_use]
    pub fn at(path: &Path, first: &Path, states: &Path) -> Option<Self> {
        if let Ok(real) = fs::canonicalize(path) {
            let found = FoundConfigurations::find(first, states).installed;
            let same = |one: &Installed| fs::canonicalize(&one.path).is_ok_and(|other| other == real);
            if let Some(same) = found.into_iter().find(same) {
                return Some(same);
            }
        }
        let folder = |path: &Path| {
            real(path.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new(".")))
        };
        if path.file_name() == first.file_name() && folder(path) == folder(first) {
            return Some(Self { path: path.to_owned(), ..Self::first(first, states) });
        }
        let name = path.file_name()?.to_str()?.strip_suffix(".toml")?;
        let is_further = folder(path) == real(&first.with_file_name(FURTHER));
        if is_further { Self::called(name, first, states).ok() } else { None }
    }
}

impl Invocation {
    /// The call that means all that are installed, or `config.toml` where it is alone, with their states below this
    /// folder. The usual one needs no naming.
    #[must_use]
    pub fn of_all(states: &Path) -> Self {
        let states = std::path::absolute(states).unwrap_or_else(|_| states.to_owned());
        let is_usual = default_state_dir().is_ok_and(|usual| usual == states);
        if is_usual { Self::PLAIN.clone() } else { Self::with_states(&states) }
    }
}

/// Where a file with a secret of a configuration goes: beside it. In `config.d`, where each has its own, its name
/// begins with the configuration's.
#[must_use]
pub fn secret_file(config: &Path, secret: &str) -> PathBuf {
    let is_further = config.parent().and_then(Path::file_name).is_some_and(|folder| folder == FURTHER);
    match config.file_stem().filter(|_| is_further) {
        Some(stem) => config.with_file_name(format!("{}.{secret}", stem.to_string_lossy())),
        None => config.with_file_name(secret),
    }
}

/// Whether `--config` takes this for a path, and not for a name.
#[must_use]
pub fn is_path(given: &Path) -> bool {
    let given = given.as_os_str().as_encoded_bytes();
    given.contains(&b'/') || given.ends_with(b".toml")
}

/// A word for a file: its name without its ending; for a `config.toml`, that of its folder.
fn stem(path: &Path) -> String {
    let word = |path: &Path| path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
    let own = word(path).filter(|stem| stem != FIRST);
    let stem = own.or_else(|| word(path.parent()?)).unwrap_or_else(|| FIRST.to_owned());
    let plain = |c: char| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '_' };
    stem.trim_start_matches(['.', '-']).chars().map(plain).take(LONGEST_STEM).collect()
}

/// What is wrong with a name, if anything.
fn flaw(name: &str) -> Option<String> {
    if RESERVED.contains(&name) {
        return Some(taken(name));
    }
    let good = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    let is_good = !name.is_empty() && !name.starts_with(['.', '-']) && name.chars().all(good);
    if !is_good {
        return Some(
            "its name may have letters, digits, `-`, `_` and `.`, and begins with a letter, a digit or `_`"
                .to_owned(),
        );
    }
    (name.len() > LONGEST_NAME).then(|| format!("its name is longer than {LONGEST_NAME} characters"))
}

fn taken(name: &str) -> String {
    if name == FIRST {
        return format!("`{FIRST}` is the name of `{FIRST_FILE}`");
    }
    format!("`{name}` is the name of a file of the state, where the state of this one would be")
}

#[cfg(test)]
mod tests;
