//! Builds the configuration from the answers, and the secrets that go into files of their own.

use std::path::PathBuf;

use super::source::for_me;
use super::{agent, key, notification};
use crate::config::{Config, Heartbeat, Integration, Notification};
use crate::secret::Secret;
use crate::wizard::answers::Answers;
use crate::wizard::world::World;

/// The configuration.
#[must_use]
pub fn config(answers: &Answers, world: &World) -> Config {
    let base = world.base(answers.start.existing);
    let (rooms, chosen) = notification::rooms_of(answers, base);
    Config {
        notification: Notification {
            name: answers.notification.name.value().trim().to_owned(),
            rooms: chosen,
            notify: answers.notification.notify,
            delivered_by: answers.start.delivery.delivered_by(),
        },
        integration: Integration { api_key: key::kept(answers, world) },
        rooms,
        netdata: agent::table(answers, world),
        templates: answers.preview.templates(),
        heartbeat: Heartbeat { url: for_me::heartbeat(answers, world) },
        ..base.clone()
    }
}

/// Secrets that go into files of their own, and where.
#[must_use]
pub fn secrets(answers: &Answers, world: &World) -> Vec<(PathBuf, Secret)> {
    let key = key::to_write(answers, world).into_iter();
    key.chain(agent::to_write(answers, world)).chain(for_me::to_write(answers, world)).collect()
}
