//! The command line: arguments to one mode to one exit code. Data goes to stdout, words to stderr.
//!
//! - `arguments`: the flags, their help, and which go together; `silencing`: what `--silence` takes;
//! - `process`: one mode from its start to its exit code, with signals and the deadline;
//! - `modes`: one function for each mode; `modes/selection` says which configurations it is about, `modes/each` does
//!   the same work for several at once;
//! - `work`: work on a thread of its own; `stdin`: standard input on a thread of its own;
//! - `logging`: to stderr, or to systemd's journal.

mod arguments;
mod logging;
mod modes;
mod process;
mod silencing;
mod stdin;
mod work;

use std::backtrace::{Backtrace, BacktraceStatus};
use std::error::Error as _;
use std::fmt::Display;
use std::io::Write as _;
use std::panic;
use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{CommandFactory, FromArgMatches};
use color_eyre::eyre::{self, WrapErr};

pub use arguments::{Arguments, ColorWhen};

use crate::exit::{Ended, Exit};
use crate::output::stderr;
use crate::speaker::prefixed;

/// Reads the process's arguments and runs the mode that they name.
#[must_use]
pub fn main() -> ExitCode {
    process::seal();
    if let Err(report) = report_by_border() {
        say(format_args!("error: {report:#}"));
        return exit(Exit::Failure);
    }
    let arguments =
        match Arguments::command().try_get_matches().and_then(|found| Arguments::from_arg_matches(&found)) {
            Ok(arguments) => arguments,
            Err(error) => {
                if error.use_stderr() {
                    // What was typed is in it.
                    say(refusal(&error).unwrap_or_else(|| error.render().to_string()));
                    return exit(Exit::Usage);
                }
                // `--help` and `--version`: this program's own words, in clap's styles. Nothing can be done about a
                // closed stdout.
                let _ = error.print();
                return exit(Exit::Done);
            }
        };
    if let Err(words) = arguments.check() {
        say(misused(&words));
        return exit(Exit::Usage);
    }
    match start(arguments) {
        Ok(ended) => ExitCode::from(ended.code()),
        Err(report) => exit(modes::complain(&report).exit),
    }
}

/// The message for a value that a flag does not take; `None` for any other fault that clap finds.
fn refusal(error: &clap::Error) -> Option<String> {
    let said = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.as_str()),
        _ => None,
    };
    let reason = error.source().filter(|_| error.kind() == ErrorKind::ValueValidation)?;
    // `--for <DURATION>`: what it takes is in the reason.
    let flag = said(ContextKind::InvalidArg)?.split([' ', '=']).next()?;
    let value = match said(ContextKind::InvalidValue)? {
        "" => "an empty value".to_owned(),
        value => format!("`{value}`"),
    };
    Some(misused(&format!("`{flag}` does not take {value}: {reason}")))
}

fn misused(words: &str) -> String {
    format!("error: {words}\n\nFor more information, try '--help'.")
}

fn start(arguments: Arguments) -> eyre::Result<Ended> {
    if let Some(level) = arguments.level() {
        logging::start(level, arguments.color.wanted(stderr().is_terminal()));
    }
    process::run(arguments)
}

/// Has panics and reports written as all other words are. A panic ends the process with exit code 1, or one of several
/// configurations ([`work::end_after_panic`]).
fn report_by_border() -> eyre::Result<()> {
    let hooks = color_eyre::config::HookBuilder::default()
        .display_env_section(false)
        .theme(color_eyre::config::Theme::new());
    let (_, of_reports) = hooks.try_into_hooks()?;
    of_reports.install().wrap_err("cannot install the hook of reports")?;
    panic::set_hook(Box::new(|panic| {
        say(format_args!("error: this program has failed by a fault of its own; please report it: {panic}"));
        // Only where `RUST_BACKTRACE` asks for it; a release has no tables to make one by.
        let trace = Backtrace::capture();
        if trace.status() == BacktraceStatus::Captured {
            say(trace);
        }
        work::end_after_panic();
    }));
    Ok(())
}

/// Writes lines for people to stderr, each with the name of the configuration that it is of, where there are several.
/// That nobody can read them (a full disk, a reader that has gone) ends nothing.
fn say(words: impl Display) {
    for line in words.to_string().lines() {
        let _ = writeln!(stderr(), "{}", prefixed(line));
    }
}

/// The same for a configuration of this name.
fn say_as(name: &str, words: impl Display) {
    for line in words.to_string().lines() {
        let _ = writeln!(stderr(), "{name}: {line}");
    }
}

/// Asks for a line: the answer stands behind the question.
fn ask(question: &str) {
    let _ = write!(stderr(), "{question}");
}

fn exit(code: Exit) -> ExitCode {
    ExitCode::from(code as u8)
}
