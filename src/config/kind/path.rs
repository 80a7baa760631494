//! Paths.

use std::path::PathBuf;

use super::Kind;
use crate::config::reader::Item;
use crate::config::row::Shape;

/// A file; a relative path starts from the folder of the configuration.
pub(in crate::config) struct File;

impl Kind for File {
    type Value = PathBuf;
    const ALLOWED: &'static str = "a path, absolute or from this file's folder";

    #[cfg(test)]
    const SAMPLES: [&'static [&'static str]; 2] =
        [&[r#""/etc/x""#, r#""x""#, r#""../x""#], &[r#""""#, r#""~/x""#, "1"]];

    fn read(item: &Item<'_>) -> Option<PathBuf> {
        resolve(item, &item.shown())
    }

    fn shape(_: Option<&PathBuf>) -> Shape {
        Shape::Matching(r"^[^~\x00][^\x00]*$")
    }
}

/// Reads a path, with the words for a wrong one.
pub(super) fn resolve(item: &Item<'_>, found: &str) -> Option<PathBuf> {
    match item.text() {
        Some(path) if path.starts_with('~') => {
            item.refuse_as(found, "a path without `~`, which only a shell understands")
        }
        Some(path) if !path.is_empty() && !path.contains('\0') => Some(item.folder().join(path)),
        _ => item.refuse_as(found, File::ALLOWED),
    }
}
