//! The answers of a run that was interrupted, without its secrets, so that the next one can go on there.
//!
//! One small file in the state folder, its owner's alone. It is a convenience: one that is damaged, or that
//! a newer version wrote, is put aside with a word and never stands in the way.

use std::fs::{self, DirBuilder};
use std::io::{self, ErrorKind};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::files;
use crate::url::{self, Url};

/// The file's name in the state folder.
pub const FILE: &str = "wizard-draft.json";

/// What a damaged one is renamed to.
const ASIDE: &str = "wizard-draft.unreadable.json";

/// The format's version. A field that is added does not change it; a field that changes its meaning does.
const VERSION: u32 = 1;

/// A draft is some hundreds of bytes; templates may make it some thousands.
const LARGEST: u64 = 1024 * 1024;

/// Answers so far; what was not answered is `None`. Keys, tokens and passwords are not among them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Draft {
    /// The step that was reached, counted from 0.
    pub step: Option<usize>,
    /// Who delivers.
    pub delivery: Option<Delivery>,
    /// How the alert source comes about.
    pub alert_source: Option<AlertSourceWay>,
    /// The alert source's name, where ilert's API makes it.
    pub source_name: Option<String>,
    /// Which of the steps on ilert are ticked.
    pub ilert_ticks: Vec<bool>,
    /// Which of the steps in Netdata Cloud are ticked.
    pub cloud_ticks: Vec<bool>,
    /// Where the key is to be kept.
    pub key_place: Option<KeyPlace>,
    /// The agent's or parent's URL, without a user in it.
    pub netdata_url: Option<String>,
    /// User name for basic authentication.
    pub username: Option<String>,
    /// PEM file with certificate authorities.
    pub ca_file: Option<PathBuf>,
    /// Configuration name.
    pub name: Option<String>,
    /// Which nodes.
    pub rooms: Option<Rooms>,
    /// What the room of picked nodes, or of the pattern, is called.
    pub room_name: Option<String>,
    /// Notification types, in the configuration file's words.
    pub notify: Option<Vec<String>>,
    /// Template of the summary.
    pub summary: Option<String>,
    /// Template of the details.
    pub details: Option<String>,
    /// What runs the sender.
    pub schedule: Option<Schedule>,
}

/// Who delivers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Delivery {
    /// This machine, by `--send`.
    ThisMachine,
    /// Netdata Cloud.
    NetdataCloud,
}

/// How the alert source comes about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AlertSourceWay {
    /// In a browser, step by step.
    ByHand,
    /// By ilert's API, with a token.
    ForMe,
}

/// Where the key is to be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeyPlace {
    /// In a file of its own.
    File,
    /// In the environment variable `ILERT_API_KEY`.
    Environment,
    /// In the configuration file.
    Configuration,
    /// Where the configuration already has it, as a systemd credential.
    Credential,
}

/// Which nodes to tell about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rooms {
    /// All.
    All,
    /// These, by their host names.
    Picked(Vec<String>),
    /// Those that match a simple pattern.
    Pattern(String),
    /// These of Netdata Cloud's.
    Cloud(Vec<CloudRoom>),
    /// The rooms that the configuration has.
    Configured,
}

/// A room of Netdata Cloud's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CloudRoom {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// Host names of its nodes, where they were known.
    pub nodes: Option<Vec<String>>,
    /// It is the room of all nodes.
    pub everything: bool,
}

/// What runs the sender.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Schedule {
    /// A systemd timer.
    Systemd,
    /// A line in the crontab.
    Cron,
    /// Nothing that this program sets up.
    Nothing,
}

/// What was found where a draft would be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// No draft.
    Nothing,
    /// A draft.
    Draft(Box<Draft>),
    /// Something that cannot be gone on with; what became of it, in words for a person.
    Unusable(String),
}

/// Why a draft cannot be kept. The wizard goes on without.
#[derive(Debug, thiserror::Error)]
#[error("cannot keep the answers in `{}`: {reason}; if this run is interrupted, they will be asked for again", .path.display())]
pub struct DraftError {
    /// Which file.
    pub path: PathBuf,
    /// Why.
    pub reason: String,
}

#[derive(Deserialize)]
struct Versioned {
    version: u32,
    #[serde(flatten)]
    draft: Draft,
}

#[derive(Serialize)]
struct VersionedRef<'a> {
    version: u32,
    #[serde(flatten)]
    draft: &'a Draft,
}

/// Looks for a draft in the state folder. One that cannot be gone on with is renamed, so that it is said
/// once and can still be looked at.
#[must_use]
pub fn load(folder: &Path) -> Found {
    let path = folder.join(FILE);
    let text = match text(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Found::Nothing,
        // Another user's, most likely: not to be touched.
        Err(error) => {
            let path = path.display();
            return Found::Unusable(format!("cannot read the interrupted run in `{path}`: {error}"));
        }
    };
    match parse(&text) {
        Ok(draft) => Found::Draft(Box::new(draft)),
        Err(why) => {
            let aside = folder.join(ASIDE);
            Found::Unusable(match fs::rename(&path, &aside) {
                Ok(()) => format!("an interrupted run {why}; it was put aside as `{}`", aside.display()),
                Err(_) => format!("an interrupted run {why}; remove `{}`", path.display()),
            })
        }
    }
}

/// Keeps a draft, whole or not at all, with mode 0600 in a folder of mode 0700.
pub fn save(folder: &Path, draft: &Draft) -> Result<(), DraftError> {
    let path = folder.join(FILE);
    let mut draft = draft.clone();
    draft.netdata_url = draft.netdata_url.map(plain);
    write(folder, &path, &draft).map_err(|error| DraftError { path, reason: error.to_string() })
}

/// Removes the draft, as at the end of a run; none is fine.
pub fn remove(folder: &Path) -> Result<(), DraftError> {
    let path = folder.join(FILE);
    match fs::remove_file(&path) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(DraftError { path, reason: error.to_string() })
        }
        _ => Ok(()),
    }
}

fn text(path: &Path) -> io::Result<String> {
    files::text(path, LARGEST)
}

fn parse(text: &str) -> Result<Draft, &'static str> {
    let version = |value: &serde_json::Value| value.get("version")?.as_u64();
    let value: serde_json::Value = serde_json::from_str(text).map_err(|_| "was not kept whole")?;
    if version(&value).is_some_and(|version| version > u64::from(VERSION)) {
        return Err("is of a newer version of this program");
    }
    let versioned: Versioned = serde_json::from_value(value).map_err(|_| "does not read as one")?;
    if versioned.version == VERSION { Ok(versioned.draft) } else { Err("is of an unknown version") }
}

fn write(folder: &Path, path: &Path, draft: &Draft) -> io::Result<()> {
    if !folder.is_dir() {
        DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    let text = serde_json::to_vec_pretty(&VersionedRef { version: VERSION, draft })?;
    files::replace(path, &text, 0o600)
}

/// A URL as far as it may be kept. What is not one yet may have a password or a token in it, too.
fn plain(text: String) -> String {
    match Url::parse(&text) {
        Ok(url) => url.plain().to_string(),
        Err(_) if url::shown(&text) == text => text,
        Err(_) => String::new(),
    }
}

#[cfg(test)]
mod tests;
