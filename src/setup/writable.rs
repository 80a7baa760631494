//! Whether a file can be written, without writing it.

use std::fs;
use std::path::Path;

use rustix::fs::{Access, access};

use crate::owner::{self, me};
use crate::text::ShownPath as _;

/// Whether a file can be written there, and nobody else can put another in its place; why not, in words.
pub fn writable(path: &Path) -> Result<(), String> {
    let there = path.ancestors().skip(1).find(|folder| folder.exists()).unwrap_or(Path::new("/"));
    let shown = there.shown();
    let metadata = fs::metadata(there).map_err(|error| format!("cannot look at `{shown}`: {error}"))?;
    if !metadata.is_dir() {
        return Err(format!("`{}` cannot be written: `{shown}` is no folder", path.shown()));
    }
    owner::trusted(there, &metadata)
        .map_err(|found| format!("`{}` would not be used: {}: {}", path.shown(), found.why, found.fix))?;
    access(there, Access::WRITE_OK | Access::EXEC_OK).map_err(|error| {
        format!(
            "cannot write to the folder `{shown}`: {error}, as this runs as {}: run this as its owner",
            me()
        )
    })
}
