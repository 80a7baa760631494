//! What is checked before anything is written: folders, state, schedule, Netdata.

use std::path::Path;

use color_eyre::eyre;

use super::answers::{Answers, KeyAnswer};
use crate::cli::modes::alert_source::key_file;
use crate::cli::modes::send::SendResult;
use crate::config::{Config, SecretSource};
use crate::delivery::store::Store;
use crate::exit::{Exit, Stopped};
use crate::netdata::{AgentClient, Credentials};
use crate::other_senders::{OtherSender, health_alarm_notify, other_sender};
use crate::schedule;
use crate::setup::writable;
use crate::wizard::steps::agent::page::summary;

/// Whether what is to be written can be written here, and would be used.
pub(super) fn here(answers: &Answers) -> eyre::Result<()> {
    answers.compose()?;
    folder(&answers.one.path)?;
    if let KeyAnswer::Source { .. } = answers.key {
        key_file(&answers.config, &answers.one.path)?;
    }
    if let SecretSource::File(file) = &answers.config.integration.api_key {
        folder(file)?;
    }
    Store::open_existing(&answers.one.state)?;
    if let Some(plan) = &answers.schedule {
        schedule::check(plan)?;
    }
    Ok(())
}

fn folder(path: &Path) -> Result<(), Stopped> {
    writable(path).map_err(|words| Stopped { words, exit: Exit::Configuration })
}

/// What the agent shows, or each of several parents, a line each; nothing where nothing is sent from here. One of several
/// that is away is said, and stops nothing.
pub(super) async fn netdata(config: &Config) -> eyre::Result<Vec<String>> {
    let (mut shown, mut away) = (Vec::new(), Vec::new());
    if SendResult::elsewhere(config).is_some() {
        return Ok(shown);
    }
    let credentials = Credentials::of(config)?;
    for url in config.netdata.url.iter() {
        let client = AgentClient::new(url, config.netdata.ca_file.as_deref(), credentials.clone())?;
        match client.probe().await {
            Ok(probe) => shown.push(summary(&probe)),
            Err(error) => away.push(error.to_string()),
        }
    }
    if shown.is_empty() {
        let words = format!(
            "{}\nNothing was written. `--netdata-url` says where Netdata is, if it is elsewhere; once it answers, the same \
                 call again goes on from here.",
            away.join("\n")
        );
        return Err(Stopped { words, exit: Exit::Later }.into());
    }
    shown.extend(away.into_iter().map(|words| format!("note: {words}")));
    Ok(shown)
}

/// What else on this machine would page for the same alerts.
pub(super) fn other_senders() -> Vec<String> {
    let found = health_alarm_notify(Path::new("/")).into_iter().filter_map(|path| other_sender(&path));
    found.map(|sender: OtherSender| format!("note: {}", sender.advice())).collect()
}
