//! `--status`: prints the state.

use std::io::Write as _;
use std::path::Path;

use color_eyre::eyre::{self, WrapErr};

use super::each::{ConfigurationOutcome, Limit, each, print_json, worst};
use super::left_behind::{LeftBehind, left_behind};
use super::schedule::idle;
use super::selection::{self, Selection};
use super::send::SendResult;
use super::{doctor, print, width_of, written};
use crate::cli::{Arguments, say};
use crate::clock::now;
use crate::config::{Config, FoundConfigurations, Installed, SecretSource};
use crate::delivery::lock::Lock;
use crate::delivery::silences::UNREAD;
use crate::delivery::store::{self, StoreError};
use crate::delivery::unrecorded::{Page, Unrecorded};
use crate::exit::Exit;
use crate::http;
use crate::output;
use crate::schedule::{self, Runs};
use crate::status::{self, StatusReport};
use crate::text::quoted;

pub(super) async fn show(arguments: &Arguments) -> eyre::Result<Exit> {
    let exit = match Selection::by(arguments)? {
        Selection::One(one) => show_one(arguments, &one)?,
        Selection::Several(named) => show_several(arguments, named).await?,
    };
    if arguments.config.is_none() {
        for LeftBehind { says, fix, .. } in left_behind(arguments)? {
            let words = format!("{says}; {fix}");
            if arguments.json { say(words) } else { _ = print(&format!("\n{words}\n"))? }
        }
    }
    Ok(exit)
}

async fn show_several(arguments: &Arguments, named: FoundConfigurations) -> eyre::Result<Exit> {
    let first = named.installed.first().cloned();
    let outcomes = each(named, Limit::None, |one| async move { read(&one) }).await;
    if arguments.json {
        print_json(&outcomes)?;
    } else {
        written(write_all(&outcomes))?;
        if let Some(words) = first.as_ref().and_then(schedule_in_words) {
            print(&format!("\n{words}\n"))?;
        }
    }
    Ok(worst(&outcomes, StatusReport::exit))
}

fn show_one(arguments: &Arguments, one: &Installed) -> eyre::Result<Exit> {
    if arguments.config.is_some() {
        selection::must_be_known(one)?;
    }
    let status = read(one)?;
    let text = if arguments.json {
        output::json(&status).wrap_err("cannot write the status as JSON")?
    } else {
        status.text(now(), width_of(&output::stdout()))
    };
    print(&text)?;
    Ok(status.exit())
}

fn write_all(outcomes: &[ConfigurationOutcome<StatusReport>]) -> std::io::Result<()> {
    let mut out = output::stdout();
    let room = width_of(&out);
    for (at, ConfigurationOutcome { name, gave }) in outcomes.iter().enumerate() {
        let text = match gave {
            Ok(status) => status.text(now(), room),
            Err(stopped) => format!("{}\n", stopped.words),
        };
        let between = if at > 0 { "\n" } else { "" };
        write!(out, "{between}[{name}]\n{text}")?;
    }
    Ok(())
}

/// What is in a state. It is shown without a configuration, too.
fn read(one: &Installed) -> eyre::Result<StatusReport> {
    let loaded = selection::load(one);
    let mut status = status::read_as(&one.state, loaded.as_ref().ok()).map_err(|error| {
        // Any other stops the sender, too.
        if error.is_unwritable() { unread(&one.state, &error) } else { error.into() }
    })?;
    say_ajar(&one.state);
    let config = match loaded {
        Ok(config) => Some(config),
        Err(error) => {
            say(&error);
            status.unusable = Some(error.to_string());
            None
        }
    };
    status.invocation = one.invocation.clone();
    if let Some(error) = config.as_ref().and_then(unusable_file) {
        say(&error);
        status.unusable = Some(error);
    }
    if let Some(config) = &config {
        status.foresee(&config.delivery);
        status.switched_off = !config.notification.enabled;
        let is_clouds = SendResult::elsewhere(config) == Some(SendResult::Cloud);
        status.delivered_by = is_clouds.then_some(config.notification.delivered_by);
        status.idle_schedule = idle(one, config);
        status.ask(&config.netdata.url);
    }
    status.list_silences(config.as_ref(), now());
    Ok(status)
}

/// That the state cannot be read, and what left without a record.
fn unread(state: &Path, error: &StoreError) -> eyre::Report {
    let keys: Vec<String> = match Lock::noted(state) {
        Some(Unrecorded::Known(pages)) => pages.iter().map(Page::key).collect(),
        _ => Vec::new(),
    };
    let open = if keys.is_empty() {
        String::new()
    } else {
        format!("; sent without a record, and open in ilert or over since: `{}`", keys.join("`, `"))
    };
    eyre::eyre!("{error}; {UNREAD}{open}")
}

/// Why a file that the configuration names, and that each run needs, cannot be used. What systemd or the environment
/// gives to the sender alone is not seen here.
fn unusable_file(config: &Config) -> Option<String> {
    if SendResult::elsewhere(config).is_some() {
        return None;
    }
    let is_file = |source: &SecretSource| matches!(source, SecretSource::File(_));
    let key = is_file(&config.integration.api_key).then(|| config.api_key().err()).flatten();
    let authorities = || http::check_ca_files([&config.ilert.ca_file, &config.netdata.ca_file]).err();
    key.map(|error| error.to_string()).or_else(|| authorities().map(|error| error.to_string()))
}

/// Which of them our schedule runs, if one is installed.
fn schedule_in_words(first: &Installed) -> Option<String> {
    let installation = doctor::schedule(first)?;
    let there = schedule::present(&installation).ok()?;
    let kind = *there.kinds(&installation).first()?;
    Some(match there.runs(kind, &installation) {
        Runs::This => format!("schedule: {kind} runs all that are enabled"),
        Runs::FirstAlone => format!(
            "schedule: {kind} runs `config.toml` alone: {} makes it run all",
            installation.command(&format!("--install-schedule {}", kind.word()))
        ),
        Runs::Other => format!(
            "schedule: {kind} runs another program or state folder: {} says more",
            installation.command("--doctor")
        ),
    })
}

/// Says that others can read the state. The mode of its folder is the next run's to change.
pub(super) fn say_ajar(state: &Path) {
    if let Some(words) = store::ajar(state) {
        say(format_args!("{words}: the next `--send` closes it, as `chmod 700 {}` does", quoted(state)));
    }
}
