//! Looking round on this machine, before the first question.

use std::path::Path;

use crate::config::Config;
use crate::other_senders::OtherSender;
use crate::status;
use crate::wizard::place::Place;
use crate::wizard::steps::start::{Found, OnDisk};
use crate::wizard::survey::{Configuration, Places, look as survey};

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
        draft: survey.draft.map(Box::new),
        warnings: survey.draft_note.into_iter().collect(),
        ..Found::default()
    };
    found.warnings.extend(survey.other_senders.iter().map(OtherSender::advice));
    found.config = match survey.configuration {
        Configuration::Missing => OnDisk::Nothing,
        Configuration::Unusable(why) => OnDisk::Unusable(why),
        Configuration::Valid(config) => {
            secrets(&mut found, &config);
            OnDisk::Usable(config)
        }
    };
    found.notes.extend(former_run(&place.state));
    found
}

/// The configuration's secrets; one that cannot be had is asked for anew, and said to be.
fn secrets(found: &mut Found, config: &Config) {
    let mut warn = |error: crate::config::ConfigError| found.warnings.push(error.to_string());
    found.key = config.api_key().map_err(&mut warn).ok();
    found.password = config.netdata_password().map_err(&mut warn).ok().flatten();
    found.token = config.netdata_bearer_token().map_err(&mut warn).ok().flatten();
}

/// What the sender's state says, in a line.
fn former_run(state: &Path) -> Option<String> {
    let status = status::read(state).ok()?;
    status.last_run.as_ref()?;
    Some(format!(
        "the sender has run here: {} open in ilert, {} waiting, {} failed",
        status.open.len(),
        status.waiting.len(),
        status.failed.len()
    ))
}
