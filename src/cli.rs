//! The command line: arguments to one mode to one exit code. Data goes to stdout, words to stderr.

mod arguments;
mod logging;
mod modes;
mod process;
mod stdin;

use std::fmt::Display;
use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches};
use color_eyre::eyre::{self, WrapErr};

pub use arguments::{Arguments, Color};

use crate::exit::{Ended, Exit};
use crate::text::printable;

/// Reads the process's arguments and runs the mode that they name.
#[must_use]
pub fn main() -> ExitCode {
    process::seal();
    let arguments =
        match Arguments::command().try_get_matches().and_then(|found| Arguments::from_arg_matches(&found)) {
            Ok(arguments) => arguments,
            Err(error) => {
                // `--help` and `--version` come this way, too. Nothing can be done about a closed stdout.
                let _ = error.print();
                return exit(if error.use_stderr() { Exit::Usage } else { Exit::Done });
            }
        };
    if let Err(words) = arguments.check() {
        say(format_args!("error: {words}\n\nFor more information, try '--help'."));
        return exit(Exit::Usage);
    }
    match start(arguments) {
        Ok(ended) => ExitCode::from(ended.code()),
        Err(report) => {
            let code = modes::exit_of(&report);
            if code == Exit::Failure {
                say(format_args!("error: {report:#}"));
            } else {
                say(format_args!("{report:#}"));
            }
            exit(code)
        }
    }
}

fn start(arguments: Arguments) -> eyre::Result<Ended> {
    let colored = arguments.color.wanted(io::stderr().is_terminal());
    color_eyre::config::HookBuilder::default()
        .display_env_section(false)
        .theme(if colored { color_eyre::config::Theme::dark() } else { color_eyre::config::Theme::new() })
        .install()
        .wrap_err("cannot install the panic hook")?;
    if let Some(level) = arguments.level() {
        logging::start(level, colored);
    }
    process::run(arguments)
}

/// Writes lines for people to stderr; what is in them from elsewhere steers no terminal. That nobody can read them (a
/// full disk, a reader that has gone) ends nothing.
fn say(words: impl Display) {
    for line in words.to_string().lines() {
        let _ = writeln!(io::stderr(), "{}", printable(line));
    }
}

fn exit(code: Exit) -> ExitCode {
    ExitCode::from(code as u8)
}
