//! What is checked before anything is written: folders, state, schedule, Netdata.

use std::collections::HashSet;
use std::path::Path;

use color_eyre::eyre;

use super::answers::{Answers, KeyAnswer};
use super::flags;
use super::place::{elsewhere, file_of};
use crate::advice::Advised as _;
use crate::alert::{Node, NodeId};
use crate::cli::modes::send::SendResult;
use crate::config::Config;
use crate::delivery::store::Store;
use crate::exit::{Exit, Stopped};
use crate::ilert::EventClient;
use crate::netdata::AgentClient;
use crate::netdata::parents::doubled;
use crate::other_senders::{OtherSender, health_alarm_notify, other_sender};
use crate::schedule;
use crate::secret::Secret;
use crate::setup::{none_meant, writable};
use crate::wizard::steps::agent::page::summary;

/// Checks all that can be before anything is written. What is to be said of it, a line each.
pub(super) async fn all(answers: &Answers) -> eyre::Result<Vec<String>> {
    here(answers)?;
    let mut found = Box::pin(netdata(answers)).await?;
    let unresolved = answers.config.notification.notify.unresolved();
    found.extend(unresolved.map(|words| format!("warning: {words}")));
    found.extend(other_senders());
    Ok(found)
}

/// Whether what is to be written can be written here, and would be used.
fn here(answers: &Answers) -> eyre::Result<()> {
    answers.compose()?;
    folder(&answers.one.path)?;
    let source = &answers.config.integration.api_key;
    match file_of(source, &answers.one) {
        Some(file) => folder(&file)?,
        None if matches!(answers.key, KeyAnswer::Source { .. }) => {
            return Err(elsewhere(source, &answers.one.path).into());
        }
        None => {}
    }
    for kept in &answers.secrets {
        folder(&kept.path)?;
    }
    // Sends nothing: whether the proxy and the authorities can be used.
    EventClient::new(&answers.config.ilert, Secret::new(String::new()))?;
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
/// that is away is said, and stops nothing; so is that no node is meant.
async fn netdata(answers: &Answers) -> eyre::Result<Vec<String>> {
    let config = &answers.config;
    let (mut shown, mut away, mut nodes) = (Vec::new(), Vec::new(), Vec::new());
    let mut answering: Vec<(String, NodeId)> = Vec::new();
    if SendResult::elsewhere(config).is_some() {
        return Ok(shown);
    }
    let credentials = answers.credentials()?;
    for url in config.netdata.url.iter() {
        let client = AgentClient::new(url, config.netdata.ca_file.as_deref(), credentials.clone())
            .map_err(|error| told(error.what(), error.hint_with(flags::NETDATA), Exit::Configuration))?;
        match client.probe().await {
            Ok(probe) => {
                let node = &probe.agent.node;
                if let Some((first, _)) = answering.iter().find(|(_, other)| other.guid == node.guid) {
                    shown.push(format!("note: {}", doubled(first, client.url(), node)));
                    continue;
                }
                answering.push((client.url().to_owned(), NodeId::clone(node)));
                shown.push(summary(&probe));
                nodes.extend(probe.nodes);
            }
            Err(error) => away.push(told(error.what(), error.hint_with(flags::NETDATA), Exit::Later).words),
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
    shown.extend(nobody(config, &nodes));
    Ok(shown)
}

fn told(what: String, hint: Option<String>, exit: Exit) -> Stopped {
    let words = match hint {
        Some(hint) => format!("{what}: {hint}"),
        None => what,
    };
    Stopped { words, exit }
}

/// That no node is in one of the chosen rooms, as the wizard says it.
fn nobody(config: &Config, nodes: &[Node]) -> Option<String> {
    let all: HashSet<&str> = nodes.iter().map(|node| node.id.guid.as_str()).collect();
    let is_out = |node: &Node| config.covers(&node.id, &node.labels) == Some(false);
    let says = || format!("warning: {}", none_meant(all.len(), &config.notification.rooms));
    (!nodes.is_empty() && nodes.iter().all(is_out)).then(says)
}

/// What else on this machine would page for the same alerts.
fn other_senders() -> Vec<String> {
    let found = health_alarm_notify(Path::new("/")).into_iter().filter_map(|path| other_sender(&path));
    found.map(|sender: OtherSender| format!("note: {}", sender.advice())).collect()
}
