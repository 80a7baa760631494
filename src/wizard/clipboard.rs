//! Out of the terminal: a text into the clipboard, an address into a browser.
//!
//! The clipboard is the terminal's, reached by an escape sequence (OSC 52), so that it works over SSH. A
//! terminal that does not know it, or does not allow it, ignores it without a word.

use std::ffi::OsString;
use std::io;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use zeroize::Zeroizing;

/// Why an address is not opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// A machine without a screen, or a session without one.
    #[error("there is no browser here (no display): open {0} on another machine")]
    NoDisplay(String),
    /// Something else than a page on the web.
    #[error("`{0}` is no address of a page on the web")]
    NoPage(String),
    /// The program that opens addresses.
    #[error("cannot open {url}: `{program}`: {reason}")]
    Program {
        /// Which address.
        url: String,
        /// Which program.
        program: &'static str,
        /// Why.
        reason: io::Error,
    },
}

/// The sequence that makes the terminal put a text into its clipboard. In tmux it goes both to tmux, which
/// takes it with `set-clipboard on`, and through tmux, which lets it pass with `allow-passthrough on`.
#[must_use]
pub fn copy(text: &str, tmux: bool) -> Zeroizing<String> {
    // The text may be a key: sized once, so that growing leaves no copy behind.
    let encoded = Zeroizing::new(BASE64_STANDARD.encode(text));
    let mut sequence = Zeroizing::new(String::with_capacity(2 * encoded.len() + 40));
    for part in ["\u{1b}]52;c;", &encoded, "\u{7}"] {
        sequence.push_str(part);
    }
    if tmux {
        for part in ["\u{1b}Ptmux;\u{1b}\u{1b}]52;c;", &encoded, "\u{7}\u{1b}\\"] {
            sequence.push_str(part);
        }
    }
    sequence
}

/// Whether this runs in tmux.
#[must_use]
pub fn in_tmux() -> bool {
    std::env::var_os("TMUX").is_some_and(|value| !value.is_empty())
}

/// Opens a page in the browser, where there is one. Does not wait for it.
pub fn open(url: &str) -> Result<(), OpenError> {
    let program = program(url, cfg!(target_os = "macos"), |name| std::env::var_os(name))?;
    let failed = |reason| OpenError::Program { url: url.to_owned(), program, reason };
    let mut child = start(program, url).map_err(failed)?;
    // Someone has to wait for it, or it stays as a zombie; `xdg-open` may last as long as the browser.
    let waiting = std::thread::Builder::new().name("browser".to_owned()).spawn(move || child.wait());
    waiting.map(drop).map_err(failed)
}

/// The program that opens an address.
fn program(url: &str, mac: bool, env: impl Fn(&str) -> Option<OsString>) -> Result<&'static str, OpenError> {
    if !url.starts_with("https://") && !url.starts_with("http://") {
        return Err(OpenError::NoPage(url.to_owned()));
    }
    if mac {
        return Ok("open");
    }
    let display = ["WAYLAND_DISPLAY", "DISPLAY"].into_iter().filter_map(env).any(|value| !value.is_empty());
    if display { Ok("xdg-open") } else { Err(OpenError::NoDisplay(url.to_owned())) }
}

/// In a process group of its own: what is typed at the wizard is not for it. It has none of the terminal.
fn start(program: &str, url: &str) -> io::Result<Child> {
    let mut command = Command::new(program);
    command.arg(url).process_group(0);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn()
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    use super::{OpenError, copy, program, start};

    #[test]
    fn fills_the_clipboard() {
        assert_eq!(*copy("", false), "\u{1b}]52;c;\u{7}");
        assert_eq!(*copy("hällo\n", false), "\u{1b}]52;c;aMOkbGxvCg==\u{7}");
        let sequence = copy("a", true);
        assert_eq!(*sequence, "\u{1b}]52;c;YQ==\u{7}\u{1b}Ptmux;\u{1b}\u{1b}]52;c;YQ==\u{7}\u{1b}\\");
        // It was never moved while it grew.
        let long = copy(&"x".repeat(5000), true);
        assert!(long.len() <= 2 * 5000_usize.div_ceil(3) * 4 + 40 && long.capacity() < long.len() + 41);
    }

    #[test]
    fn knows_where_there_is_a_browser() {
        let url = "https://app.ilert.com";
        let with = |name: &'static str, value: &'static str| {
            move |asked: &str| (asked == name).then(|| OsString::from(value))
        };
        assert_eq!(program(url, true, |_| None).unwrap(), "open");
        assert_eq!(program(url, false, with("DISPLAY", ":0")).unwrap(), "xdg-open");
        assert_eq!(program(url, false, with("WAYLAND_DISPLAY", "wayland-0")).unwrap(), "xdg-open");
        let none = program(url, false, with("DISPLAY", "")).unwrap_err();
        assert!(matches!(none, OpenError::NoDisplay(_)) && none.to_string().contains(url), "{none}");
        for other in ["-h", "file:///etc/passwd", "", "javascript:x"] {
            assert!(matches!(program(other, true, |_| None), Err(OpenError::NoPage(_))), "{other}");
        }
    }

    #[test]
    fn hands_the_address_over_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let (opener, seen) = (folder.path().join("opener"), folder.path().join("seen"));
        fs::write(&opener, format!("#!/bin/sh\nprintf '%s|' \"$#\" \"$@\" > '{}'\n", seen.display()))
            .unwrap();
        fs::set_permissions(&opener, fs::Permissions::from_mode(0o755)).unwrap();
        // Another test that forks at this moment may still hold the script open for writing.
        let mut child = loop {
            match start(opener.to_str().unwrap(), "https://x/?a=b c&d=$HOME") {
                Err(error) if error.kind() == std::io::ErrorKind::ExecutableFileBusy => {}
                started => break started.unwrap(),
            }
        };
        assert!(child.wait().unwrap().success());
        assert_eq!(fs::read_to_string(seen).unwrap(), "1|https://x/?a=b c&d=$HOME|");
    }
}
