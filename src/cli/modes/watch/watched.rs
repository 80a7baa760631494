//! The loop of one configuration, on a thread of its own where all that are installed are watched.

use std::cell::Cell;
use std::fs;
use std::io::ErrorKind;
use std::thread;
use std::time::Duration;

use color_eyre::eyre::{self, WrapErr};
use tokio::sync::{mpsc, watch};

use super::news::News;
use crate::cli::modes::selection::{self, Selection};
use crate::cli::work::{STACK, block_on};
use crate::cli::{Arguments, say};
use crate::clock::now;
use crate::config::Installed;
use crate::delivery::watch::{Equipment, PATIENCE, Watch};
use crate::exit::Exit;
use crate::netdata::{self, Credentials};
use crate::secret::Secret;
use crate::speaker::Speaker;

/// A loop that is to begin.
pub(super) struct Loop {
    pub(super) one: Installed,
    pub(super) arguments: Arguments,
    pub(super) every: Duration,
}

/// How a loop ended.
pub(super) struct Over {
    pub(super) name: String,
    pub(super) outcome: eyre::Result<Exit>,
    /// Because the configuration was taken away.
    pub(super) gone: bool,
}

impl Loop {
    /// Begins it. That it has ended is told.
    pub(super) fn begin(
        self,
        speaker: Speaker,
        stop: watch::Receiver<bool>,
        tell: mpsc::UnboundedSender<Over>,
    ) -> eyre::Result<()> {
        let name = self.one.name.clone();
        let thread = thread::Builder::new().name(name.clone()).stack_size(STACK);
        let begun = thread.spawn(move || {
            speaker.speak();
            let gone = Cell::new(false);
            let outcome = block_on(self.run(stop, &gone));
            // Who waited for it may be gone.
            let _ = tell.send(Over { name, outcome, gone: gone.get() });
        });
        begun.map(drop).wrap_err("cannot start a thread")
    }

    async fn run(&self, mut stop: watch::Receiver<bool>, gone: &Cell<bool>) -> eyre::Result<Exit> {
        let is_gone = || {
            gone.set(self.is_gone());
            gone.get()
        };
        let stop = async {
            // Who would tell of the end may be gone: that is one, too.
            let _ = stop.wait_for(|told| *told).await;
        };
        watch(&self.one, self.every, &is_gone, stop).await
    }

    /// Whether the file was taken away, and others are there to go on with. The only one stays in use.
    fn is_gone(&self) -> bool {
        let found = fs::symlink_metadata(&self.one.path);
        let is_missing = matches!(found, Err(error) if error.kind() == ErrorKind::NotFound);
        is_missing
            && match Selection::by(&self.arguments) {
                Ok(Selection::One(one)) => one.name != self.one.name && one.path.exists(),
                Ok(Selection::Several(named)) => !named.installed.is_empty(),
                Err(_) => false,
            }
    }
}

/// Runs the sender again and again until `stop`, or until the configuration is gone.
pub(super) async fn watch(
    one: &Installed,
    every: Duration,
    is_gone: &dyn Fn() -> bool,
    stop: impl Future<Output = ()>,
) -> eyre::Result<Exit> {
    let read = || -> eyre::Result<Option<Equipment>> {
        if is_gone() {
            return Ok(None);
        }
        let config = selection::load(one)?;
        // One that is switched off needs none.
        let key = match config.api_key() {
            Err(_) if !config.notification.enabled => Secret::new(String::new()),
            key => key?,
        };
        Ok(Some(Equipment {
            key,
            credentials: Credentials::of(&config)?,
            // The run reports one that cannot be read; it delivers all the same.
            heartbeat: config.heartbeat_url().unwrap_or_default(),
            config,
        }))
    };
    let connect = |equipment: &Equipment| {
        Ok(netdata::Parents::with(&equipment.config.netdata, &equipment.credentials)?)
    };
    let file = std::path::absolute(&one.path).unwrap_or_else(|_| one.path.clone());
    let watch = Watch {
        read: &read,
        connect: &connect,
        state: &one.state,
        file: Some(&file),
        invocation: &one.invocation,
        every,
        patience: PATIENCE,
        clock: &now,
    };
    let mut news = News::new(one);
    watch.run(stop, |event| news.of(&event).into_iter().for_each(say)).await
}
