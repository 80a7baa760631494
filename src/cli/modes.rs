//! One function for each mode: it reads what the mode needs, prints the result, and returns the exit code.

mod account;
mod adopt;
mod alert_source;
mod demo;
mod doctor;
mod man;
mod preview;
mod schedule;
mod silence;
mod test_event;
mod watch;
mod wizard;
mod wizard_demo;

use std::io::{self, Write};
use std::os::fd::AsFd;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::CommandFactory;
use color_eyre::eyre::{self, WrapErr};
use rustix::termios::tcgetwinsize;

use super::arguments::{Arguments, Chosen};
use super::say;
use crate::clock::now;
use crate::config::{self, Config, ConfigError};
use crate::delivery::Job;
use crate::delivery::by_hand;
use crate::delivery::reconcile::Forgotten;
use crate::delivery::run;
use crate::delivery::store;
use crate::doctor::earlier_life;
use crate::exit::{Ended, Exit, Stopped};
use crate::http::ClientError;
use crate::interrupt::Interrupts;
use crate::netdata;
use crate::output;
use crate::secret::Secret;
use crate::status;
use crate::text::{one_line, quoted};
use crate::wizard::plain::PlainError;

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

/// What the command line asks for and cannot be had.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Misuse(pub String);

/// Runs the mode that the arguments name, until it ends or is told to.
pub async fn run(arguments: &Arguments, mut interrupts: Interrupts) -> eyre::Result<Ended> {
    if arguments.test {
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
        send(arguments).await
    } else if arguments.preview {
        preview::preview(arguments).await
    } else if arguments.doctor {
        doctor::examine(arguments).await
    } else if arguments.status {
        show_status(arguments)
    } else if let Some(ids) = &arguments.retry {
        retry(arguments, ids).await
    } else if let Some(chosen) = &arguments.discard {
        discard(arguments, chosen).await
    } else if let Some(node) = &arguments.forget {
        forget(arguments, node).await
    } else if let Some((nodes, length)) = arguments.silence.as_ref().zip(arguments.length) {
        silence::make(arguments, nodes, length).await
    } else if let Some(id) = arguments.unsilence {
        silence::end(arguments, id).await
    } else if let Some(kind) = arguments.install_schedule {
        schedule::install(arguments, kind).await
    } else if arguments.remove_schedule {
        schedule::remove().await
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
    /// The configuration file's contents.
    pub config: Config,
    /// The alert source's API key.
    pub key: Secret,
    /// The state folder.
    pub state: PathBuf,
}

impl SenderSetup {
    /// Reads the configuration and its key.
    pub fn read(arguments: &Arguments) -> eyre::Result<Self> {
        let config = read_config(arguments)?;
        let key = config.api_key()?;
        Ok(Self { config, key, state: state_dir(arguments)? })
    }

    /// A client for the configured agent.
    pub fn netdata(&self) -> Result<netdata::AgentClient, netdata::SetUpError> {
        netdata::AgentClient::of(&self.config)
    }

    /// What a run works with.
    pub fn job<'a>(&'a self, netdata: &'a netdata::AgentClient) -> Job<'a> {
        Job::new(&self.config, &self.key, &self.state, netdata)
    }
}

fn config_path(arguments: &Arguments) -> Result<PathBuf, ConfigError> {
    arguments.config.clone().map_or_else(config::default_path, Ok)
}

fn read_config(arguments: &Arguments) -> Result<Config, ConfigError> {
    config::load(&config_path(arguments)?)
}

fn state_dir(arguments: &Arguments) -> Result<PathBuf, ConfigError> {
    arguments.state_dir.clone().map_or_else(config::default_state_dir, Ok)
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

async fn send(arguments: &Arguments) -> eyre::Result<Exit> {
    let setup = SenderSetup::read(arguments)?;
    let netdata = setup.netdata()?;
    let report = run::send(&setup.job(&netdata)).await?;
    for line in report.words {
        say(line);
    }
    if report.first {
        let path = config_path(arguments)?;
        let schedule = doctor::schedule(&path, &setup.state);
        if let Some(trace) = earlier_life(&path, &setup.config, schedule.as_ref(), now()) {
            say(format_args!("{}; {}", trace.says, trace.fix));
        }
    }
    Ok(report.exit)
}

fn show_status(arguments: &Arguments) -> eyre::Result<Exit> {
    let state = state_dir(arguments)?;
    let mut status = status::read(&state)?;
    say_ajar(&state);
    // What is in the state is shown without a configuration, too.
    let config = read_config(arguments).ok();
    if let Some(config) = &config {
        status.foresee(&config.delivery);
    }
    status.list_silences(config.as_ref(), now());
    let text = if arguments.json {
        output::json(&status).wrap_err("cannot write the status as JSON")?
    } else {
        status.text(now(), width_of(&output::stdout()))
    };
    print(&text)?;
    Ok(status.exit())
}

/// Says that others can read the state. The mode of its folder is the next run's to change.
fn say_ajar(state: &Path) {
    if let Some(words) = store::ajar(state) {
        say(format_args!("{words}: the next `--send` closes it, as `chmod 700 {}` does", quoted(state)));
    }
}

/// How wide a terminal is, in columns. What is no terminal holds any line.
fn width_of(stream: &impl AsFd) -> usize {
    tcgetwinsize(stream).map_or(usize::MAX, |size| usize::from(size.ws_col).max(1))
}

async fn retry(arguments: &Arguments, ids: &[i64]) -> eyre::Result<Exit> {
    let setup = SenderSetup::read(arguments)?;
    let retried = by_hand::retry(&setup.state, &setup.key, &setup.config, ids, now()).await?;
    for (id, failed) in &retried {
        say(format_args!("event {id} waits again: {}", failed.notice.name()));
    }
    missing(ids, &retried.keys().copied().collect::<Vec<_>>())?;
    if retried.is_empty() {
        say("nothing has failed");
    }
    Ok(Exit::Done)
}

async fn discard(arguments: &Arguments, chosen: &[Chosen]) -> eyre::Result<Exit> {
    let state = state_dir(arguments)?;
    let ids: Vec<i64> = chosen.iter().filter_map(Chosen::id).collect();
    if chosen.contains(&Chosen::All) {
        let (failed, set_aside) = by_hand::discard_all(&state, now()).await?;
        match failed {
            0 => say("nothing has failed"),
            1 => say("1 failed event is dropped"),
            count => say(format_args!("{count} failed events are dropped")),
        }
        if set_aside > 0 {
            say(format_args!(
                "no longer listed, though open in ilert under an old key or endpoint: {set_aside}"
            ));
        }
        return Ok(Exit::Done);
    }
    let dropped = by_hand::discard(&state, &ids, now()).await?;
    for id in &dropped {
        say(format_args!("{id} is dropped"));
    }
    missing(&ids, &dropped)?;
    Ok(Exit::Done)
}

fn missing(asked: &[i64], found: &[i64]) -> Result<(), Misuse> {
    let missing: Vec<String> =
        asked.iter().filter(|id| !found.contains(id)).map(|id| format!("`{id}`")).collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(Misuse(format!("no failed event has the id {}: `--status` lists them", missing.join(", "))))
}

async fn forget(arguments: &Arguments, node: &str) -> eyre::Result<Exit> {
    let setup = SenderSetup::read(arguments)?;
    let netdata = setup.netdata()?;
    let (Forgotten { nodes, reachable }, report) = by_hand::forget(&setup.job(&netdata), node).await?;
    if nodes.is_empty() && !reachable.is_empty() {
        let guids: Vec<&str> = reachable.iter().map(|node| node.guid.as_str()).collect();
        return Err(Misuse(format!(
            "`{node}` ({}) was reachable when it was last seen, so it is not forgotten: the next run would tell it \
             anew. Stop the machine or its streaming first, or leave it out of the rooms",
            guids.join(", ")
        ))
        .into());
    }
    if nodes.is_empty() {
        return Err(Misuse(format!("no node `{node}` is known here: `--status` lists what is open")).into());
    }
    for node in nodes {
        say(format_args!("forgotten: {node} ({})", one_line(&node.guid, usize::MAX)));
    }
    for line in report.words {
        say(line);
    }
    Ok(report.exit)
}
