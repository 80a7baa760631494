//! Other senders that tell ilert of the same alerts: Netdata's agent has one of its own, a shell script that
//! `health_alarm_notify.conf` configures. Where it is on, each alert would come twice.

mod notify_conf;

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

pub use notify_conf::sends_to_ilert;

use crate::files;
use crate::netdata::local::FOLDERS;
use crate::text::ShownPath as _;

/// Netdata's stock file has 40 kB.
const LARGEST: u64 = 4 * 1024 * 1024;

/// Netdata's own sender, configured in this file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherSender {
    /// The file.
    pub path: PathBuf,
    /// Why it is not known whether the sender is on; `None` where it is on.
    pub unreadable: Option<String>,
}

impl OtherSender {
    /// What to do about it, in words.
    #[must_use]
    pub fn advice(&self) -> String {
        let path = self.path.shown();
        match &self.unreadable {
            None => format!(
                "Netdata's own ilert sender is on: each alert would page twice. Set SEND_ILERT=\"NO\" in `{path}`"
            ),
            Some(reason) => format!(
                "cannot tell whether Netdata's own ilert sender is on: `{path}`: {reason}. Look for SEND_ILERT there"
            ),
        }
    }
}

/// Where `health_alarm_notify.conf` may be, below a root folder (`/`).
#[must_use]
pub fn health_alarm_notify(root: &Path) -> Vec<PathBuf> {
    FOLDERS.iter().map(|folder| root.join(folder).join("health_alarm_notify.conf")).collect()
}

/// The sender that this file configures, if it is on or that cannot be known.
#[must_use]
pub fn other_sender(path: &Path) -> Option<OtherSender> {
    let unreadable = match text(path) {
        Ok(text) if sends_to_ilert(&text) => None,
        Ok(_) => return None,
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => return None,
        Err(error) => Some(error.to_string()),
    };
    Some(OtherSender { path: path.to_owned(), unreadable })
}

fn text(path: &Path) -> io::Result<String> {
    Ok(String::from_utf8_lossy(&files::read(path, LARGEST)?).into_owned())
}
