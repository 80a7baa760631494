//! Out of the terminal: a text into the clipboard, an address into a browser.
//!
//! The clipboard is the terminal's, reached by an escape sequence (OSC 52), so that it works over SSH. A
//! terminal that does not know it, or does not allow it, ignores it without a word.

use std::ffi::OsString;
use std::io;
use std::os::unix::process::CommandExt;
use std::process::{Child, Stdio};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use zeroize::Zeroizing;

use crate::child;

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

/// A program between this one and the terminal: it has to let the sequence through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Within {
    /// Nothing.
    Terminal,
    /// tmux. It takes the sequence with `set-clipboard on`, and lets it through with `allow-passthrough on`.
    Tmux,
    /// GNU screen.
    Screen,
    /// screen in tmux.
    ScreenInTmux,
    /// tmux in screen.
    TmuxInScreen,
}

/// screen drops strings that are longer (bytes, with room for what is around them).
const SCREENS_LONGEST: usize = 200;

impl Within {
    /// As the environment tells.
    #[must_use]
    pub fn here() -> Self {
        Self::of(|name| std::env::var(name).ok())
    }

    fn of(variable: impl Fn(&str) -> Option<String>) -> Self {
        let is_set = |name: &str| variable(name).is_some_and(|value| !value.is_empty());
        match (is_set("TMUX"), is_set("STY")) {
            (false, false) => Self::Terminal,
            (true, false) => Self::Tmux,
            (false, true) => Self::Screen,
            // Each inherits the other's variable; the inner one sets `TERM`. Where that does not tell, screen's sequence
            // is written: tmux ignores it, while screen would print tmux's.
            (true, true) if variable("TERM").is_some_and(|term| term.starts_with("tmux")) => {
                Self::TmuxInScreen
            }
            (true, true) => Self::ScreenInTmux,
        }
    }
}

/// The sequence that makes the terminal put a text into its clipboard.
#[must_use]
pub fn copy(text: &str, within: Within) -> Zeroizing<String> {
    // The text may be a key: sized once, so that growing leaves no copy behind.
    let encoded = Zeroizing::new(BASE64_STANDARD.encode(text));
    let plain = joined(&["\u{1b}]52;c;", &encoded, "\u{7}"]);
    match within {
        Within::Terminal => plain,
        Within::Tmux => joined(&[&plain, "\u{1b}Ptmux;\u{1b}", &plain, "\u{1b}\\"]),
        Within::Screen => through_screen(&plain, ["\u{1b}P", "\u{1b}\\"]),
        // tmux takes what screen hands on; what is written to it directly reaches it where it is the inner one after all.
        Within::ScreenInTmux => joined(&[&through_screen(&plain, ["\u{1b}P", "\u{1b}\\"]), &plain]),
        Within::TmuxInScreen => {
            // Each ESC is doubled on its way through tmux.
            let doubled = joined(&["\u{1b}", &plain]);
            let screens = through_screen(&doubled, ["\u{1b}\u{1b}P", "\u{1b}\u{1b}\\"]);
            joined(&[&plain, "\u{1b}Ptmux;", &screens, "\u{1b}\\"])
        }
    }
}

/// In pieces that screen hands on as they are, each between these two.
fn through_screen(sequence: &str, [begin, end]: [&str; 2]) -> Zeroizing<String> {
    let (mut parts, mut rest) = (Vec::new(), sequence);
    while !rest.is_empty() {
        // It is ASCII.
        let (piece, after) = rest.split_at_checked(SCREENS_LONGEST).unwrap_or((rest, ""));
        parts.extend([begin, piece, end]);
        rest = after;
    }
    joined(&parts)
}

/// One text from several, allocated once.
fn joined(parts: &[&str]) -> Zeroizing<String> {
    let mut whole = Zeroizing::new(String::with_capacity(parts.iter().map(|part| part.len()).sum()));
    for part in parts {
        whole.push_str(part);
    }
    whole
}

/// Opens a page in the browser, if there is one. Does not wait for it.
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
    let mut command = child::command(program);
    command.arg(url).process_group(0);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn()
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    use super::{OpenError, Within, copy, program, start};

    #[test]
    fn fills_the_clipboard() {
        const PLAIN: &str = "\u{1b}]52;c;YQ==\u{7}";
        assert_eq!(*copy("", Within::Terminal), "\u{1b}]52;c;\u{7}");
        assert_eq!(*copy("hällo\n", Within::Terminal), "\u{1b}]52;c;aMOkbGxvCg==\u{7}");
        assert_eq!(*copy("a", Within::Tmux), format!("{PLAIN}\u{1b}Ptmux;\u{1b}{PLAIN}\u{1b}\\"));
        assert_eq!(*copy("a", Within::Screen), format!("\u{1b}P{PLAIN}\u{1b}\\"));
        assert_eq!(*copy("a", Within::ScreenInTmux), format!("\u{1b}P{PLAIN}\u{1b}\\{PLAIN}"));
        assert_eq!(
            *copy("a", Within::TmuxInScreen),
            format!("{PLAIN}\u{1b}Ptmux;\u{1b}\u{1b}P\u{1b}{PLAIN}\u{1b}\u{1b}\\\u{1b}\\")
        );
    }

    #[test]
    fn screen_gets_it_in_pieces_and_it_never_moves_while_it_grows() {
        let text = "x".repeat(5000);
        let plain = copy(&text, Within::Terminal);
        let long = copy(&text, Within::Screen);
        let pieces: Vec<&str> = long.split("\u{1b}\\").filter(|piece| !piece.is_empty()).collect();
        assert!(pieces.len() > 20 && pieces.iter().all(|piece| piece.len() <= 210), "{}", pieces.len());
        let whole: String = pieces.iter().map(|piece| piece.strip_prefix("\u{1b}P").unwrap()).collect();
        assert_eq!(whole, *plain);
        for within in [Within::Terminal, Within::Tmux, Within::Screen, Within::TmuxInScreen] {
            let sequence = copy(&text, within);
            assert_eq!(sequence.capacity(), sequence.len(), "{within:?}");
        }
    }

    #[test]
    fn knows_what_stands_between() {
        for (tmux, sty, term, expected) in [
            ("", "", "xterm", Within::Terminal),
            ("/tmp/tmux-0/default,1,0", "", "tmux-256color", Within::Tmux),
            ("", "12.pts-0.host", "screen", Within::Screen),
            ("/tmp/tmux-0/default,1,0", "12.pts-0.host", "tmux-256color", Within::TmuxInScreen),
            ("/tmp/tmux-0/default,1,0", "12.pts-0.host", "screen.tmux-256color", Within::ScreenInTmux),
            ("/tmp/tmux-0/default,1,0", "12.pts-0.host", "screen-256color", Within::ScreenInTmux),
        ] {
            let of = |name: &str| match name {
                "TMUX" => Some(tmux.to_owned()),
                "STY" => Some(sty.to_owned()),
                _ => Some(term.to_owned()),
            };
            assert_eq!(Within::of(of), expected, "{tmux} {sty} {term}");
        }
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
