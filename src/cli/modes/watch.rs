//! `--watch`: runs the sender in a loop, says what changes from run to run, and ends when it is told to.

use std::cell::Cell;
use std::future::pending;
use std::time::Duration;

use color_eyre::eyre;

use super::{config_path, state_dir};
use crate::cli::{Arguments, say};
use crate::clock::now;
use crate::config;
use crate::delivery::watch::{Equipment, Watch, WatchEvent};
use crate::exit::Ended;
use crate::interrupt::{Interrupt, Interrupts};
use crate::netdata::{self, Credentials};

/// Runs the sender every so often until it is told to end. SIGTERM is how it is meant to end: exit 0.
pub async fn watch(
    arguments: &Arguments,
    every: Duration,
    interrupts: &mut Interrupts,
) -> eyre::Result<Ended> {
    let path = config_path(arguments)?;
    let state = state_dir(arguments)?;
    let read = || -> eyre::Result<Equipment> {
        let config = config::load(&path)?;
        Ok(Equipment {
            key: config.api_key()?,
            credentials: Credentials::of(&config)?,
            // One that cannot be had is said by the run: it is no reason not to deliver.
            heartbeat: config.heartbeat_url().unwrap_or_default(),
            config,
        })
    };
    let connect = |equipment: &Equipment| {
        let credentials = equipment.credentials.clone();
        Ok(netdata::AgentClient::with(&equipment.config.netdata, credentials)?)
    };
    let watch = Watch { read: &read, connect: &connect, state: &state, every, clock: &now };
    let told = Cell::new(None);
    let stop = async {
        match interrupts.next().await {
            Some(interrupt) => told.set(Some(interrupt)),
            None => pending().await,
        }
    };
    let mut news = News::default();
    let exit = watch
        .run(stop, |event| {
            for line in news.of(&event) {
                say(line);
            }
        })
        .await?;
    Ok(match told.get() {
        None | Some(Interrupt::Terminate) => Ended::With(exit),
        Some(interrupt) => Ended::By(interrupt),
    })
}

/// What was said last of what ends no run: the same is not said at every run. A run says by itself what is news.
#[derive(Default)]
struct News {
    failure: Option<String>,
    config: Option<String>,
}

impl News {
    /// What is new about an event.
    fn of(&mut self, event: &WatchEvent<'_, eyre::Report>) -> Vec<String> {
        match event {
            WatchEvent::Ran(report) => {
                self.failure = None;
                report.words.clone()
            }
            WatchEvent::Failed(error) => Self::once(&mut self.failure, error.to_string()),
            WatchEvent::Changed => {
                self.config = None;
                vec!["the configuration has changed and is in use now".to_owned()]
            }
            WatchEvent::Unusable(error) => {
                let said =
                    format!("{error:#}\nuntil this is corrected, the previous configuration stays in use");
                Self::once(&mut self.config, said)
            }
        }
    }

    fn once(before: &mut Option<String>, words: String) -> Vec<String> {
        if before.as_ref() == Some(&words) {
            return Vec::new();
        }
        *before = Some(words.clone());
        vec![words]
    }
}

#[cfg(test)]
mod tests {
    use color_eyre::eyre::eyre;

    use super::{News, WatchEvent};

    #[test]
    fn says_what_is_new() {
        let mut news = News::default();
        let mut of = |event: WatchEvent<'_, _>| news.of(&event).join("|");
        let broken = eyre!("line 3 is wrong");
        assert!(of(WatchEvent::Unusable(&broken)).starts_with("line 3 is wrong\n"));
        assert_eq!(of(WatchEvent::Unusable(&broken)), "");
        assert_eq!(of(WatchEvent::Changed), "the configuration has changed and is in use now");
        assert!(!of(WatchEvent::Unusable(&broken)).is_empty());
    }
}
