//! One function for each mode: it reads what the mode needs, prints the result, and returns the exit code.

mod account;
mod adopt;
mod alert_source;
mod by_hand;
mod demo;
mod doctor;
mod each;
mod left_behind;
mod man;
mod preview;
mod schedule;
mod selection;
mod send;
mod setup;
mod silence;
mod status;
mod test_event;
mod watch;
mod wizard;
mod wizard_demo;

use std::io::{self, Write};
use std::os::fd::AsFd;
use std::path::PathBuf;
use std::time::Duration;

use clap::CommandFactory;
use color_eyre::eyre::{self, WrapErr};
use rustix::termios::tcgetwinsize;

use super::arguments::Arguments;
use super::say;
use crate::config::{self, Config, ConfigError, Installed, Invocation};
use crate::delivery::Job;
use crate::exit::{Ended, Exit, Stopped};
use crate::http::ClientError;
use crate::interrupt::Interrupts;
use crate::netdata;
use crate::output;
use crate::secret::Secret;
use crate::wizard::plain::PlainError;
use send::SendResult;

/// What a report that came up says about the exit code.
pub fn exit_of(report: &eyre::Report) -> Exit {
    if let Some(Stopped { exit, .. }) = report.downcast_ref() {
        return *exit;
    }
    let invalid = report.chain().any(|cause| {
        cause.is::<ConfigError>()
            || cause.is::<config::SecretError>()
            || cause.is::<netdata::SetUpError>()
            || cause.is::<ClientError>()
    });
    let misused = report.chain().any(|cause| {
        cause.is::<Misuse>() || matches!(cause.downcast_ref(), Some(PlainError::Answers { .. }))
    });
    match (invalid, misused) {
        (true, _) => Exit::Configuration,
        (false, true) => Exit::Usage,
        (false, false) => Exit::Failure,
    }
}

/// Says why something did not go on, and how it ends.
pub fn complain(report: &eyre::Report) -> Stopped {
    let exit = exit_of(report);
    let words = words_of(report, exit);
    say(&words);
    Stopped { words, exit }
}

fn words_of(report: &eyre::Report, exit: Exit) -> String {
    if exit == Exit::Failure { format!("error: {report:#}") } else { format!("{report:#}") }
}

/// What the command line asks for and cannot be had.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Misuse(pub String);

/// Runs the mode that the arguments name, until it ends or is told to.
pub async fn run(arguments: &Arguments, mut interrupts: Interrupts) -> eyre::Result<Ended> {
    if arguments.setup {
        setup::set_up(arguments, &mut interrupts).await
    } else if arguments.test {
        test_event::test(arguments, &mut interrupts).await
    } else if let Some(seconds) = arguments.watch {
        watch::watch(arguments, Duration::from_secs(seconds), &mut interrupts).await
    } else if arguments.is_wizard() && arguments.demo {
        wizard_demo::show(arguments, interrupts).await
    } else if arguments.is_wizard() {
        wizard::wizard(arguments, interrupts).await
    } else {
        tokio::select! {
            ended = run_whole(arguments) => ended.map(Ended::With),
            Some(interrupt) = interrupts.next() => Ok(Ended::By(interrupt)),
        }
    }
}

/// Runs a mode that may be stopped at any point: what is done is kept, and the next run does the rest.
async fn run_whole(arguments: &Arguments) -> eyre::Result<Exit> {
    if arguments.demo && arguments.send {
        demo::show().await
    } else if arguments.send && arguments.dry_run {
        preview::dry_run(arguments).await
    } else if arguments.send {
        send::send(arguments).await
    } else if arguments.preview {
        preview::preview(arguments).await
    } else if arguments.doctor {
        doctor::examine(arguments).await
    } else if arguments.status {
        status::show(arguments).await
    } else if let Some(ids) = &arguments.retry {
        by_hand::retry(arguments, ids).await
    } else if let Some(chosen) = &arguments.discard {
        by_hand::discard(arguments, chosen).await
    } else if let Some(node) = &arguments.forget {
        by_hand::forget(arguments, node).await
    } else if let Some((nodes, length)) = arguments.silence.as_ref().zip(arguments.length) {
        silence::make(arguments, nodes, length).await
    } else if let Some(id) = arguments.unsilence {
        silence::end(arguments, id).await
    } else if let Some(kind) = arguments.install_schedule {
        schedule::install(arguments, kind).await
    } else if arguments.remove_schedule {
        schedule::remove(arguments).await
    } else if let Some(name) = &arguments.create_alert_source {
        alert_source::create(arguments, name).await
    } else if arguments.adopt {
        adopt::adopt(arguments).await
    } else if arguments.print_config {
        print(&config::TEMPLATE)
    } else if let Some(shell) = arguments.completions {
        let mut script = Vec::new();
        clap_complete::generate(shell, &mut Arguments::command(), "netdata-ilert", &mut script);
        print(&String::from_utf8_lossy(&script))
    } else {
        man::man()
    }
}

/// What most modes start from: the configuration, its secrets, and where the state is.
pub struct SenderSetup {
    /// The configuration file.
    pub path: PathBuf,
    /// Its contents.
    pub config: Config,
    /// The alert source's API key.
    pub key: Secret,
    /// The state folder.
    pub state: PathBuf,
    /// What suggested commands are to call this program by.
    pub invocation: Invocation,
}

impl SenderSetup {
    /// Reads the configuration and its key.
    fn read(one: &Installed) -> eyre::Result<Self> {
        Self::with(one, selection::load(one)?)
    }

    /// The same, unless nothing is sent from here: then its key is not read.
    fn or_elsewhere(one: &Installed) -> eyre::Result<Result<Self, SendResult>> {
        let config = selection::load(one)?;
        match SendResult::elsewhere(&config) {
            Some(elsewhere) => Ok(Err(elsewhere)),
            None => Self::with(one, config).map(Ok),
        }
    }

    fn with(one: &Installed, config: Config) -> eyre::Result<Self> {
        let key = config.api_key()?;
        let path = std::path::absolute(&one.path).unwrap_or_else(|_| one.path.clone());
        Ok(Self { path, config, key, state: one.state.clone(), invocation: one.invocation.clone() })
    }

    /// Clients for the configured agent or parents.
    pub fn netdata(&self) -> Result<netdata::Parents, netdata::SetUpError> {
        netdata::Parents::of(&self.config)
    }

    /// What a run works with.
    pub fn job<'a>(&'a self, netdata: &'a netdata::Parents) -> Job<'a> {
        Job {
            file: Some(&self.path),
            invocation: &self.invocation,
            ..Job::new(&self.config, &self.key, &self.state, netdata)
        }
    }
}

/// Whether a configuration is switched on. One that cannot be read may be.
fn is_on(one: &Installed) -> bool {
    config::load(&one.path).map_or(true, |config| config.notification.enabled)
}

/// Writes data to stdout. A reader that has gone away (`| head`) is no failure.
pub fn print(text: &str) -> eyre::Result<Exit> {
    written(output::stdout().write_all(text.as_bytes()))
}

/// How a mode ends that wrote data to stdout.
fn written(outcome: io::Result<()>) -> eyre::Result<Exit> {
    match outcome {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(error).wrap_err("cannot write to stdout")
        }
        _ => Ok(Exit::Done),
    }
}

/// How wide a terminal is, in columns. What is no terminal holds any line.
fn width_of(stream: &impl AsFd) -> usize {
    tcgetwinsize(stream).map_or(usize::MAX, |size| usize::from(size.ws_col).max(1))
}
