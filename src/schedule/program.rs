//! Other programs, found by the schedule's own `PATH`.

use std::ffi::OsStr;
use std::process::{Command, Output, Stdio};

use crate::text::one_line;

/// Longest word of another program that is repeated, in characters.
const LONGEST: usize = 300;

/// Whether there is such a program.
pub(super) fn is_found(program: &str, path: &OsStr) -> bool {
    std::env::split_paths(path).any(|folder| folder.join(program).is_file())
}

/// A program found by this `PATH`, which speaks English and asks nothing.
pub(super) fn process(program: &str, path: &OsStr) -> Command {
    let mut process = Command::new(program);
    process
        .env("PATH", path)
        .env("LC_ALL", "C")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    process
}

/// What a program said on its way out, or how it ended.
pub(super) fn said(output: &Output) -> String {
    let text = [output.stderr.as_slice(), output.stdout.as_slice()]
        .into_iter()
        .map(|bytes| one_line(&String::from_utf8_lossy(bytes), LONGEST))
        .find(|text| !text.is_empty());
    text.unwrap_or_else(|| output.status.to_string())
}
