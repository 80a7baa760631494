//! What a plan was made from: it is looked at again right before anything is written, so that nobody's change is lost.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::config;
use crate::files;
use crate::schedule::{self, SchedulePlan};
use crate::secret::Secret;
use crate::text::ShownPath as _;

/// The files and the schedule that are to be changed, as they were when that was decided.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ground {
    /// The files.
    pub files: Vec<SeenFile>,
    /// What is to be done to the schedule; the plan knows what it was made from.
    pub plan: Option<Box<SchedulePlan>>,
}

/// A file that is to be written.
#[derive(Clone, Debug, PartialEq)]
pub struct SeenFile {
    /// Where.
    pub path: PathBuf,
    /// What was in it; `None` where it was not there, or could not be read.
    pub seen: Option<Secret>,
    /// What is to be in it. A file that has this already was written by this program, before something failed.
    pub new: Secret,
}

impl Ground {
    /// Looks again. Says the first thing that is not as it was, and changes nothing.
    pub fn check(&self) -> Result<(), String> {
        for file in &self.files {
            let found = content(&file.path);
            if found != file.seen && found.as_ref() != Some(&file.new) {
                return Err(format!("`{}` has changed on the disk meanwhile", file.path.shown()));
            }
        }
        self.plan.as_ref().map_or(Ok(()), |plan| schedule::unchanged(plan).map_err(|error| error.to_string()))
    }
}

/// What a file holds, which may be a secret; `None` where it is not there, or cannot be read.
#[must_use]
pub fn content(path: &Path) -> Option<Secret> {
    match files::text(path, config::LARGEST_FILE) {
        Ok(text) => Some(Secret::new(text)),
        Err(error) => {
            if error.kind() != ErrorKind::NotFound {
                tracing::debug!(%error, path = %path.shown(), "cannot read");
            }
            None
        }
    }
}

/// What a file of a secret's holds, once it is written.
#[must_use]
pub fn written(secret: &Secret) -> Secret {
    Secret::new(format!("{}\n", secret.expose()))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{Ground, SeenFile, content, written};
    use crate::secret::Secret;

    #[test]
    fn a_file_that_somebody_else_changes_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("api-key");
        let new = written(&Secret::new("new".into()));
        let seen = |path: &std::path::Path| SeenFile {
            path: path.to_owned(),
            seen: content(path),
            new: new.clone(),
        };
        let before = Ground { files: vec![seen(&path)], plan: None };
        before.check().unwrap();
        fs::write(&path, "another\n").unwrap();
        assert!(before.check().unwrap_err().contains("api-key` has changed on the disk meanwhile"));
        let after = Ground { files: vec![seen(&path)], plan: None };
        after.check().unwrap();
        // What this program wrote, before something else failed.
        fs::write(&path, "new\n").unwrap();
        before.check().unwrap();
        fs::remove_file(&path).unwrap();
        after.check().unwrap_err();
    }
}
