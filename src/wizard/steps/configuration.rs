//! Builds the configuration from the answers, and the secrets that go into files of their own.

use std::path::PathBuf;

use super::source::for_me;
use super::{agent, key, notification, source};
use crate::config::Config;
use crate::secret::Secret;
use crate::wizard::answers::Answers;
use crate::wizard::context::Context;

/// The configuration.
#[must_use]
pub fn config(answers: &Answers, context: &Context) -> Config {
    let base = context.base(answers.start.existing);
    let (rooms, chosen) = notification::rooms_of(answers, base);
    let silences = notification::silences_of(answers, context, &rooms, &chosen);
    let mut config = Config {
        notification: notification::table(answers, context, chosen),
        rooms,
        silences,
        netdata: agent::table(answers, context),
        ilert: source::ilert(answers, context),
        // Where Netdata Cloud delivers nobody is asked for them.
        templates: if answers.is_cloud() { base.templates.clone() } else { answers.preview.templates() },
        ..base.clone()
    };
    config.integration.api_key = key::kept(answers, context);
    config.heartbeat.url = for_me::heartbeat(answers, context);
    config
}

/// Secrets that go into files of their own, and where.
#[must_use]
pub fn secrets(answers: &Answers, context: &Context) -> Vec<(PathBuf, Secret)> {
    let key = key::to_write(answers, context).into_iter();
    key.chain(agent::to_write(answers, context)).chain(for_me::to_write(answers, context)).collect()
}
