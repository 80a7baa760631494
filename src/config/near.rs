//! What is meant by a path where there is no configuration: perhaps another one, else one that is yet to be made.

use std::fs;
use std::path::Path;

use super::installed::{FoundConfigurations, Installed};
use super::invocation::Invocation;
use super::paths::{default_path, default_state_dir};
use crate::text::ShownPath as _;
use crate::words::nearest;

/// How to name it: a file beside that path, or one of those that are installed, unless the path leads elsewhere.
pub(super) fn meant(path: &Path) -> Option<String> {
    let given = path.file_stem()?.to_str()?;
    let folder = path.parent().filter(|folder| *folder != Path::new(""));
    let mut known: Vec<(String, String)> = installed(folder);
    let folder = folder.unwrap_or(Path::new("."));
    known.extend(fs::read_dir(folder).into_iter().flatten().flatten().filter_map(|entry| {
        let file = entry.file_name();
        let stem = file.to_str()?.strip_suffix(".toml")?.to_owned();
        Some((stem, format!("`{}`", folder.join(&file).shown())))
    }));
    known.sort_unstable();
    let near = nearest(given, known.iter().map(|(name, _)| name.as_str()))?.to_owned();
    known.into_iter().find(|(name, _)| *name == near).map(|(_, called)| called)
}

/// What to call this program by to mean the configuration that would be at that path.
pub(super) fn invocation(path: &Path) -> Invocation {
    let installed = default_path().ok().zip(default_state_dir().ok());
    let installed = installed.and_then(|(first, states)| Installed::at(path, &first, &states));
    installed.map_or_else(|| Invocation::with_file(path), |one| one.invocation)
}

fn installed(beside: Option<&Path>) -> Vec<(String, String)> {
    let Ok(first) = default_path() else { return Vec::new() };
    if beside.is_some_and(|folder| first.parent().is_none_or(|installed| !folder.starts_with(installed))) {
        return Vec::new();
    }
    // Where their state is does not matter.
    let found = FoundConfigurations::find(&first, Path::new("/")).installed.into_iter();
    found.map(|one| (one.name.clone(), format!("`--config {}`", one.name))).collect()
}
