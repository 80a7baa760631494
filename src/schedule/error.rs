//! Why a schedule cannot be read, installed or removed.

use std::io;
use std::path::PathBuf;

use crate::config::Invocation;
use crate::text::ShownPath as _;

/// What stands in the way of a schedule, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum ScheduleError {
    /// Neither systemd nor cron.
    #[error("there is neither systemd nor cron here: `--watch 15` runs it in a loop")]
    NoScheduler,
    /// No systemd runs here.
    #[error(
        "systemd does not run on this machine: use `--install-schedule cron`, or `--watch 15` in a container"
    )]
    NoSystemd,
    /// No systemd runs for this user.
    #[error(
        "systemd runs no services for you here (there is no `{}`): log in on a session of your own rather than by \
         `su`, use `--install-schedule cron`, or run this as root",
        .0.shown()
    )]
    NoUserSystemd(PathBuf),
    /// No cron is installed.
    #[error("there is no program `crontab` here: install cron, or use `--install-schedule systemd`")]
    NoCrontab,
    /// The crontab cannot be read or written.
    #[error("cannot {doing} the crontab: {said}")]
    Crontab {
        /// What was tried.
        doing: &'static str,
        /// What it said.
        said: String,
    },
    /// A line that somebody else wrote runs the sender.
    #[error(
        "line {0} of your crontab runs the sender already, and this program did not write it: `--remove-schedule` \
         cannot remove it. Remove it by hand (`crontab -e`), then run this again; or keep it instead of this"
    )]
    Foreign(usize),
    /// The units run a configuration elsewhere, as version 0.1.0 had it.
    #[error(
        "the timer runs `{}`, which is not an installed configuration. Give it its own timer first: \
         {}. Then run this again",
        .0.shown(), Invocation::with_file(.0).command("--install-schedule systemd")
    )]
    Anothers(PathBuf),
    /// The units run the configurations in another folder.
    #[error(
        "the timer runs {0}, and there is one timer of its name: it is left alone. Use `--install-schedule cron`, or remove \
         it first, with `CONFIGURATION_DIRECTORY` set to that folder: `netdata-ilert --remove-schedule`"
    )]
    AnotherFolder(String),
    /// Somebody else has changed something since the plan was made.
    #[error(
        "{0} has changed meanwhile, and was not changed by this: run this again to see what it would do now"
    )]
    Changed(String),
    /// The new crontab was taken and dropped.
    #[error(
        "`crontab -` took the new crontab and did not keep it: `crontab -l` shows another one. Look whether the disk \
         of its folder (`/var/spool/cron`) is full or read-only, then run this again"
    )]
    NotKept,
    /// A path that a crontab or a unit cannot hold.
    #[error("`{}` has {found} in it, which {place} cannot hold: use another path", .path.shown())]
    Path {
        /// Which path.
        path: PathBuf,
        /// What is in it.
        found: &'static str,
        /// What cannot hold it.
        place: &'static str,
    },
    /// A path below `/tmp`.
    #[error(
        "`{}` is in a folder for temporary files, which a service does not share and a restart empties: install it \
         elsewhere first (a program to `/usr/local/bin`)",
        .0.shown()
    )]
    Temporary(PathBuf),
    /// Which program this is cannot be told.
    #[error("cannot tell where this program is installed: {0}")]
    Binary(io::Error),
    /// Nobody's home folder.
    #[error("cannot tell where your systemd units are, as you have no home folder: set HOME")]
    NoHome,
    /// A file that cannot be read, written or removed.
    #[error("cannot {doing} `{}`: {source}{}", .path.shown(), advice(source))]
    File {
        /// What was tried.
        doing: &'static str,
        /// Which file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A command that did not do what it should.
    #[error("`{command}` failed: {said}")]
    Command {
        /// The command line.
        command: String,
        /// What it said, or how it ended.
        said: String,
    },
}

fn advice(error: &io::Error) -> &'static str {
    if error.kind() == io::ErrorKind::PermissionDenied { "; run this as root" } else { "" }
}
