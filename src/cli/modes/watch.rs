//! `--watch`: says what changes from run to run, and ends when it is told to.

use std::cell::Cell;
use std::future::pending;
use std::time::Duration;

use color_eyre::eyre;

use super::{config_path, netdata_client, now, state_dir};
use crate::cli::process::Ended;
use crate::cli::{Arguments, say};
use crate::config;
use crate::delivery::watch::{Equipment, Event, Watch};
use crate::interrupt::{Interrupt, Interrupts};
use crate::netdata::Credentials;

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
    let connect = |equipment: &Equipment| netdata_client(&equipment.config);
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

/// What was said last: the same is not said at every run.
#[derive(Default)]
struct News {
    run: Vec<String>,
    config: Option<String>,
}

impl News {
    /// What is new about an event.
    fn of(&mut self, event: &Event<'_, eyre::Report>) -> Vec<String> {
        let words = match event {
            Event::Ran(report) => report.words.clone(),
            Event::Failed(error) => vec![error.to_string()],
            Event::Changed => {
                self.config = None;
                return vec!["the configuration has changed and is in use now".to_owned()];
            }
            Event::Unusable(error) => {
                let said = format!("{error:#}");
                if self.config.as_ref() == Some(&said) {
                    return Vec::new();
                }
                let words = format!("{said}\nuntil that is mended, the configuration before it stays in use");
                self.config = Some(said);
                return vec![words];
            }
        };
        if words == self.run {
            return Vec::new();
        }
        let new = if words.is_empty() { vec!["all is well again".to_owned()] } else { words.clone() };
        self.run = words;
        new
    }
}

#[cfg(test)]
mod tests {
    use color_eyre::eyre::eyre;

    use super::{Event, News};
    use crate::delivery::run::{Exit, Report};
    use crate::delivery::store::RunRecord;

    fn ran(words: &[&str]) -> Report {
        let words = words.iter().map(|word| (*word).to_owned()).collect();
        Report { exit: Exit::Done, words, record: RunRecord::default() }
    }

    #[test]
    fn says_what_is_new() {
        let mut news = News::default();
        let mut of = |event: Event<'_, _>| news.of(&event).join("|");
        assert_eq!(of(Event::Ran(&ran(&[]))), "");
        assert_eq!(of(Event::Ran(&ran(&["away"]))), "away");
        assert_eq!(of(Event::Ran(&ran(&["away"]))), "");
        assert_eq!(of(Event::Ran(&ran(&["away", "refused"]))), "away|refused");
        assert_eq!(of(Event::Ran(&ran(&[]))), "all is well again");
        assert_eq!(of(Event::Ran(&ran(&[]))), "");
        let broken = eyre!("line 3 is wrong");
        assert!(of(Event::Unusable(&broken)).starts_with("line 3 is wrong\n"));
        assert_eq!(of(Event::Unusable(&broken)), "");
        assert_eq!(of(Event::Changed), "the configuration has changed and is in use now");
        assert!(!of(Event::Unusable(&broken)).is_empty());
    }
}
