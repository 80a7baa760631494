//! Refuses a configuration that others can change: they could send the key to an endpoint of their own.

use std::fs::{self, Metadata};
use std::path::Path;

use super::error::ConfigError;
use super::text::quoted;
use crate::text::ShownPath as _;
use crate::{files, owner};

/// Refuses a configuration that somebody else than this user and root can change, or put another in the place of.
pub(super) fn trusted(path: &Path, found: &Metadata) -> Result<(), ConfigError> {
    let given = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let real = fs::canonicalize(path).unwrap_or_else(|_| given.clone());
    let folders = [given.parent(), real.parent()].into_iter().flatten();
    let folders = folders.filter_map(|folder| Some((folder, fs::metadata(folder).ok()?)));
    let Some((open, found)) = std::iter::once((real.as_path(), found.clone()))
        .chain(folders)
        .find(|(_, found)| files::others_can_write(found))
    else {
        return Ok(());
    };
    let what = if open == real { "it".to_owned() } else { format!("its folder `{}`", open.shown()) };
    let why = format!("others can change {what}, as {}", owner::whose(&found));
    Err(ConfigError::Untrusted { path: path.to_owned(), why, fix: mend(open, &found) })
}

/// The command that leaves a file or a folder to this user.
pub(crate) fn mend(path: &Path, found: &Metadata) -> String {
    let path = quoted(path);
    if files::is_anothers(found) {
        format!("run `sudo chown {} {path} && chmod go-w {path}`", owner::my_name())
    } else {
        format!("run `chmod go-w {path}`")
    }
}
