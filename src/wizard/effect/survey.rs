//! Looks around on this machine before the first question.

use crate::config::{Config, FoundConfigurations};
use crate::doctor::{KeyUse, earlier_life};
use crate::other_senders::OtherSender;
use crate::schedule;
use crate::status::{self, StatusReport};
use crate::wizard::context::{Found, OnDisk};
use crate::wizard::place::{Folders, Place};
use crate::wizard::survey::{Places, look as survey};

/// What is there: the configuration and its secrets, the key in the environment, a draft, other senders, and
/// what an earlier run of the sender left.
pub(super) fn look(place: &Place) -> Found {
    let places = Places {
        config: place.config.clone(),
        state: place.state.clone(),
        health_alarm_notify: place.health_alarm_notify.clone(),
    };
    let env = |name: &str| if place.isolated { None } else { std::env::var_os(name) };
    let survey = survey(&places, env);
    let mut found = Found {
        variable: survey.key_variable,
        neighbours: neighbours(place),
        draft: survey.draft.map(Box::new),
        warnings: survey.draft_note.into_iter().collect(),
        ..Found::default()
    };
    found.warnings.extend(survey.other_senders.iter().map(OtherSender::advice));
    if let OnDisk::Usable(config) = &survey.config {
        secrets(&mut found, config);
    }
    found.config = survey.config;
    match status::read(&place.state) {
        Ok(status) => {
            found.notes.extend(former_run(&status));
            found.unknown = unknown(place, &found, &status);
        }
        Err(error) => found.warnings.push(format!("cannot tell whether the sender has run here: {error}")),
    }
    found
}

/// The keys of the other configurations.
fn neighbours(place: &Place) -> Vec<(String, KeyUse)> {
    let Some(Folders { first, states }) = &place.folders else { return Vec::new() };
    let others = FoundConfigurations::find(first, states).installed.into_iter();
    let others = others.filter(|other| other.path != place.config && other.state != place.state);
    others.filter_map(|other| Some((other.name, KeyUse::at(&other.path)?))).collect()
}

/// The configuration's secrets; one that cannot be had is asked for anew, and said to be.
fn secrets(found: &mut Found, config: &Config) {
    let mut warn = |error: crate::config::ConfigError| found.warnings.push(error.to_string());
    found.key = config.api_key().map_err(&mut warn).ok();
    found.password = config.netdata_password().map_err(&mut warn).ok().flatten();
    found.token = config.netdata_bearer_token().map_err(&mut warn).ok().flatten();
}

/// What the sender's state says, in a line.
fn former_run(status: &StatusReport) -> Option<String> {
    status.last_run.as_ref()?;
    Some(format!(
        "the sender has run here: {} open in ilert, {} waiting, {} failed",
        status.open.len(),
        status.waiting.len(),
        status.failed.len()
    ))
}

/// Why open alerts may be unknown: the state was lost, or is missing though this program ran here before.
fn unknown(place: &Place, found: &Found, status: &StatusReport) -> Option<String> {
    let config = found.usable()?;
    if let Some(lost) = &status.lost {
        return Some(format!(
            "the state is {}: what was open in ilert before is not known here",
            lost.words()
        ));
    }
    if !status.is_absent() || place.isolated {
        return None;
    }
    let installation =
        schedule::Installation::here(&place.config, config, &place.state, &place.invocation).ok();
    let installation = installation
        .map(|installation| schedule::Installation { binary: place.binary.clone(), ..installation });
    let now = place.now.saturating_mul(1000);
    let trace = earlier_life(&place.config, config, installation.as_ref(), now, &place.invocation);
    trace.map(|trace| trace.says)
}
