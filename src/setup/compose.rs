//! The configuration file as it will be.

use std::io::{self, ErrorKind};
use std::path::Path;

use super::diff::{LineChange, diff};
use crate::config::{self, Config, ConfigError};
use crate::files;
use crate::secret::Secret;
use crate::text::escaped;

/// The configuration file as it will be.
#[derive(Clone, Debug, PartialEq)]
pub struct Composed {
    /// Its text.
    pub text: Secret,
    /// What changes, secrets masked.
    pub diff: Vec<(LineChange, String)>,
}

/// The text of the file that is there; `None` where there is none.
pub fn on_disk(path: &Path) -> io::Result<Option<String>> {
    match files::text(path, config::LARGEST_FILE) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// The file at `path` as it will be, and what changes against what is there (`old`). With `keep`, its comments and hand
/// edits survive.
pub fn compose(old: Option<&str>, keep: bool, config: &Config, path: &Path) -> Result<Composed, ConfigError> {
    let base = if keep { old } else { None };
    let text = config::render(config, base, path)?;
    let new = config::render(&config.masked(), base, path)?;
    let shown = old.map_or_else(String::new, |old| shown(old, path));
    let diff = diff(&shown, &new).into_iter().map(|(change, line)| (change, visible(&line))).collect();
    Ok(Composed { text: Secret::new(text), diff })
}

/// A line with what may not be shown of it escaped as TOML has it, so that two lines that differ look different. Tabs
/// before it are blanks.
fn visible(line: &str) -> String {
    let body = line.trim_start_matches('\t');
    "    ".repeat(line.len() - body.len()) + &escaped(body)
}

/// A file's text as far as it can be shown: secrets masked, nothing of a file that cannot be read.
fn shown(text: &str, path: &Path) -> String {
    config::parse(text, path)
        .and_then(|old| config::render(&old.masked(), Some(text), path))
        .unwrap_or_else(|_| "(a file that is not a valid configuration)\n".to_owned())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::compose;
    use crate::config::{self, Pattern};

    #[test]
    fn what_cannot_be_seen_is_escaped_in_the_diff() {
        let path = Path::new("/etc/c.toml");
        let old = "version = 1\nnotification = { name = 'a', notify = ['clear'], rooms = ['r'] }\n\
                   integration.api_key = { file = 'k' }\n[[room]]\nname = 'r'\nnodes = 'a\u{202e}b\tc'\n";
        let mut config = config::parse(old, path).unwrap();
        config.rooms[0].nodes = Pattern::new("a");
        let composed = compose(Some(old), true, &config, path).unwrap();
        let lines = composed.diff.iter().map(|(change, line)| format!("{}{line}", change.sign()));
        assert!(lines.into_iter().any(|line| line == r"-nodes = 'a\u202eb\u0009c'"), "{:?}", composed.diff);
        assert!(composed.text.expose().contains("nodes = \"a\""));
    }
}
