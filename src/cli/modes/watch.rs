//! `--watch`: runs the sender in a loop, says what changes from run to run, and ends when it is told to.
//!
//! Without `--config`, each installed configuration has a loop of its own. They are looked for as often as they run:
//! one that is added gets its loop, and one that is taken away ends it.

mod news;
mod watched;

use std::cell::Cell;
use std::collections::BTreeMap;
use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use color_eyre::eyre;
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep_until};

use super::selection::{self, Selection};
use super::{complain, exit_of, words_of};
use crate::cli::{Arguments, say, say_as};
use crate::config::{FoundConfigurations, Installed};
use crate::exit::{Ended, Exit, Stopped};
use crate::interrupt::{Interrupt, Interrupts};
use crate::speaker::Speaker;
use watched::{Loop, Over};

/// Runs the sender every so often until it is told to end. SIGTERM is how it is meant to end: exit 0.
pub async fn watch(
    arguments: &Arguments,
    every: Duration,
    interrupts: &mut Interrupts,
) -> eyre::Result<Ended> {
    if arguments.config.is_some() {
        return alone(&selection::one(arguments)?, every, interrupts).await;
    }
    let (tell, over) = mpsc::unbounded_channel();
    let all = All {
        arguments,
        every,
        several: Arc::default(),
        running: BTreeMap::new(),
        said: BTreeMap::new(),
        tell,
    };
    all.run(over, interrupts).await
}

async fn alone(one: &Installed, every: Duration, interrupts: &mut Interrupts) -> eyre::Result<Ended> {
    let told = Cell::new(None);
    let stop = async {
        match interrupts.next().await {
            Some(interrupt) => told.set(Some(interrupt)),
            None => pending().await,
        }
    };
    let exit = watched::watch(one, every, &|| false, stop).await?;
    Ok(told.get().map_or(Ended::With(exit), |interrupt| ended_by(interrupt, exit)))
}

fn ended_by(interrupt: Interrupt, exit: Exit) -> Ended {
    match interrupt {
        Interrupt::Terminate => Ended::With(exit),
        interrupt => Ended::By(interrupt),
    }
}

/// The loops of all that are installed.
struct All<'a> {
    arguments: &'a Arguments,
    every: Duration,
    /// Whether words need a name before them.
    several: Arc<AtomicBool>,
    running: BTreeMap<String, watch::Sender<bool>>,
    /// Why those that do not run do not, as it was said.
    said: BTreeMap<String, Stopped>,
    tell: mpsc::UnboundedSender<Over>,
}

impl All<'_> {
    async fn run(
        mut self,
        mut over: mpsc::UnboundedReceiver<Over>,
        interrupts: &mut Interrupts,
    ) -> eyre::Result<Ended> {
        let mut is_first = true;
        loop {
            let next = Instant::now() + self.every;
            self.look(is_first)?;
            loop {
                if is_first && self.running.is_empty() {
                    return Ok(Ended::With(Exit::worst(self.said.values().map(|stopped| stopped.exit))));
                }
                // No file is there any more, and the loops of those that were have ended: their state is gone, too.
                if self.running.is_empty() && self.said.is_empty() {
                    return Ok(Ended::With(Exit::Configuration));
                }
                tokio::select! {
                    biased;
                    Some(interrupt) = interrupts.next() => {
                        self.stop(&mut over).await;
                        return Ok(ended_by(interrupt, Exit::Done));
                    }
                    Some(ended) = over.recv() => {
                        if let Some(exit) = self.ended(ended)? {
                            return Ok(Ended::With(exit));
                        }
                    }
                    () = sleep_until(next) => break,
                }
            }
            is_first = false;
        }
    }

    /// Begins a loop for each that has none. What ended by itself is tried again: its file may have changed.
    fn look(&mut self, is_first: bool) -> eyre::Result<()> {
        let named = match Selection::by(self.arguments) {
            // The last one that was there stays in use.
            Ok(Selection::One(one)) if !is_first && !one.path.exists() => FoundConfigurations::default(),
            Ok(Selection::One(one)) => FoundConfigurations { installed: vec![one], refused: Vec::new() },
            Ok(Selection::Several(named)) => named,
            Err(error) if is_first => return Err(error.into()),
            // Nothing can be said of them now: those that run go on.
            Err(_) => return Ok(()),
        };
        self.several.store(named.is_several(), Ordering::Relaxed);
        let is_there = |name: &String| {
            named.installed.iter().any(|one| one.name == *name)
                || named.refused.iter().any(|one| one.name == *name)
        };
        self.said.retain(|name, _| is_there(name));
        for refused in named.refused {
            self.say(&refused.name, &refused.error.into());
        }
        for one in named.installed {
            if self.running.contains_key(&one.name) {
                continue;
            }
            let (stop, stopped) = watch::channel(false);
            let name = one.name.clone();
            let speaker = Speaker { name: name.as_str().into(), one_of_several: Arc::clone(&self.several) };
            let begun = Loop { one, arguments: self.arguments.clone(), every: self.every }.begin(
                speaker,
                stopped,
                self.tell.clone(),
            );
            match begun {
                Ok(()) => _ = self.running.insert(name, stop),
                Err(error) => self.say(&name, &error),
            }
        }
        Ok(())
    }

    /// A loop has ended by itself. Where it was the only one, so does the program.
    fn ended(&mut self, over: Over) -> eyre::Result<Option<Exit>> {
        let Over { name, outcome, gone } = over;
        self.running.remove(&name);
        if gone {
            say_as(&name, "the configuration is gone: what is open in ilert stays open");
            return Ok(None);
        }
        if self.running.is_empty() && !self.several.load(Ordering::Relaxed) {
            return outcome.map(Some);
        }
        match outcome {
            Ok(exit) => _ = self.said.insert(name, Stopped { words: String::new(), exit }),
            Err(error) => self.say(&name, &error),
        }
        Ok(None)
    }

    /// Says why one does not run, once.
    fn say(&mut self, name: &str, error: &eyre::Report) {
        let exit = exit_of(error);
        let words = words_of(error, exit);
        if self.said.get(name).is_none_or(|said| said.words != words) {
            if self.several.load(Ordering::Relaxed) { say_as(name, &words) } else { say(&words) }
        }
        self.said.insert(name.to_owned(), Stopped { words, exit });
    }

    /// Ends all, each after the run that is under way.
    async fn stop(&mut self, over: &mut mpsc::UnboundedReceiver<Over>) {
        for stop in self.running.values() {
            let _ = stop.send(true);
        }
        while !self.running.is_empty() {
            let Some(ended) = over.recv().await else { return };
            self.running.remove(&ended.name);
            if let Err(error) = ended.outcome {
                complain(&error);
            }
        }
    }
}
