//! `--test`: the live test.
//!
//! If it is told to end in between, it first resolves what it may have opened; that takes a few seconds at most.

use std::cell::Cell;
use std::pin::pin;
use std::time::{Duration, Instant};

use color_eyre::eyre;
use tokio::time::{sleep, sleep_until};

use super::selection::Selection;
use super::send::SendResult;
use super::{SenderSetup, print};
use crate::cli::{Arguments, say};
use crate::clock::now;
use crate::config::{Config, Priority};
use crate::delivery::live_test::{AGAIN, ANSWER, LAST_WORDS};
use crate::delivery::run::CLOUD_UNPROVEN;
use crate::delivery::store::Store;
use crate::delivery::{LiveTest, proof};
use crate::exit::{Ended, Exit};
use crate::ilert::client::Verdict;
use crate::ilert::{Event, EventClient};
use crate::interrupt::{Interrupt, Interrupts};
use crate::secret::{Secret, SecretKind};

/// Sends the test event and says what ilert answered.
pub async fn test(arguments: &Arguments, interrupts: &mut Interrupts) -> eyre::Result<Ended> {
    let setup = SenderSetup::read(&Selection::only(arguments, "--test")?)?;
    if let Some(note) = setup.config.integration.api_key.cleaned(SecretKind::Key)?.note() {
        say(format_args!("the API key is {note}"));
    }
    let priority = arguments.priority.map_or(Priority::Low, Priority::from);
    let Proved { ended, alert_key } =
        prove(&setup.config, &setup.key, priority, Answered::AsData, interrupts).await?;
    if ended == Ended::With(Exit::Done) {
        say(by_hand(&alert_key));
        keep_proof(&setup, priority).await;
        if SendResult::elsewhere(&setup.config) == Some(SendResult::Cloud) {
            say(format_args!("this proves the key, and not Netdata Cloud: {CLOUD_UNPROVEN}"));
        }
    }
    Ok(ended)
}

/// Keeps that the key is proven, where there is a state: who tests need not be who runs the sender, and makes no folder that
/// this one could not use. What is not kept is tested once more by `--setup`.
async fn keep_proof(setup: &SenderSetup, priority: Priority) {
    let endpoint = &setup.config.ilert.endpoint;
    let why = match Store::open_existing(&setup.state) {
        Ok(Some(_)) => match proof::keep(&setup.state, &setup.key, endpoint, priority, now()).await {
            Ok(()) => return,
            Err(error) => error.to_string(),
        },
        Ok(None) => "the sender has not run yet".to_owned(),
        Err(error) => error.to_string(),
    };
    say(format_args!("this test is not recorded: {why}"));
}

/// How a test ended.
pub(super) struct Proved {
    /// `Exit::Done` where ilert took both events.
    pub(super) ended: Ended,
    /// Its alert's key in ilert.
    pub(super) alert_key: String,
}

/// What is left to do for a person: ilert answers an event before it does anything with it.
pub(super) fn by_hand(alert_key: &str) -> String {
    format!("accepted means queued: look for the alert `{alert_key}` in ilert, opened and resolved")
}

/// Where the answers go.
#[derive(Clone, Copy)]
pub(super) enum Answered {
    /// To stdout.
    AsData,
    /// To stderr, as stdout has other data.
    InWords,
}

/// Sends the two events with this key, and says what ilert answered.
pub(super) async fn prove(
    config: &Config,
    key: &Secret,
    priority: Priority,
    answered: Answered,
    interrupts: &mut Interrupts,
) -> eyre::Result<Proved> {
    let unique = format!("{:08x}", fastrand::u32(..));
    let LiveTest { alert, resolve } = LiveTest::new(config, &unique, &host(), priority);
    let client = EventClient::new(&config.ilert, key.clone())?;
    say(format_args!(
        "testing {} with the key {key}: {}",
        config.ilert.endpoint,
        match priority {
            Priority::Low => "priority LOW, nobody is paged",
            Priority::High => "priority HIGH, this escalates",
        }
    ));
    let post = Post { client: &client, answered, unwritten: Cell::new(None) };
    let mut patience = Patience { interrupts, told: ToldToEnd::No };
    let opened = patience.wait(post.once("ALERT", &alert), ANSWER).await;
    let proved = |ended| Proved { ended, alert_key: alert.alert_key.clone() };
    if opened.as_ref().is_some_and(|verdict| !verdict.maybe_processed()) {
        return post.written().map(|()| proved(patience.ended(opened.as_ref())));
    }
    let resolved = patience.wait(post.until_answered("RESOLVE", &resolve), LAST_WORDS).await;
    let is_opened = opened.is_some();
    let is_resolved = matches!(resolved, Some(Verdict::Accepted { .. }));
    let worst = [opened, resolved].into_iter().flatten().max_by_key(exit);
    let (ended, written) = (patience.ended(worst.as_ref()), post.written());
    match (is_resolved, is_opened) {
        // The caller says it, or looks.
        (true, true) if ended == Ended::With(Exit::Done) && written.is_ok() => {}
        (true, true) => say(by_hand(&alert.alert_key)),
        (true, false) => {
            say(format_args!("the alert `{}` is resolved, in case it was opened", alert.alert_key));
        }
        (false, _) => {
            say(format_args!("the test alert `{}` may stay open: resolve it in ilert", alert.alert_key));
        }
    }
    written.map(|()| proved(ended))
}

/// Sends events and prints what ilert answers. If the output cannot be written (a full disk, a closed terminal), the
/// test still resolves its alert, and reports that at the end.
struct Post<'a> {
    client: &'a EventClient,
    answered: Answered,
    unwritten: Cell<Option<eyre::Report>>,
}

impl Post<'_> {
    async fn once(&self, kind: &str, event: &Event) -> Verdict {
        self.sent(kind, event, &[]).await
    }

    /// Sends it, and again where there was no answer that decides.
    async fn until_answered(&self, kind: &str, event: &Event) -> Verdict {
        self.sent(kind, event, &AGAIN).await
    }

    /// Sends it, and again after each of these pauses where there was no answer that decides. What became of it is
    /// printed once.
    async fn sent(&self, kind: &str, event: &Event, pauses: &[Duration]) -> Verdict {
        let started = Instant::now();
        let mut verdict = self.client.send(event).await;
        let mut tries = 1;
        for pause in pauses {
            if !matches!(verdict, Verdict::Later(_)) {
                break;
            }
            sleep(*pause).await;
            verdict = self.client.send(event).await;
            tries += 1;
        }
        let tries = if tries > 1 { format!("{tries} tries, ") } else { String::new() };
        self.print(format!("{kind}: {verdict} ({tries}{} ms)", started.elapsed().as_millis()));
        verdict
    }

    fn print(&self, line: String) {
        match self.answered {
            Answered::InWords => say(line),
            Answered::AsData => {
                if let Err(error) = print(&(line + "\n")) {
                    self.unwritten.set(Some(error));
                }
            }
        }
    }

    /// Whether all that was to be printed was.
    fn written(&self) -> eyre::Result<()> {
        self.unwritten.take().map_or(Ok(()), Err)
    }
}

/// How long an answer is waited for: as long as it takes, until the test is told to end.
struct Patience<'a> {
    interrupts: &'a mut Interrupts,
    told: ToldToEnd,
}

/// Whether the test is told to end, and by what first.
enum ToldToEnd {
    /// It is not.
    No,
    /// It was, then: it may resolve what it has opened.
    Once(Interrupt, tokio::time::Instant),
    /// It was, and then once more: it waits for nothing.
    Again(Interrupt),
}

impl Patience<'_> {
    /// What some work ends with. Once the test is told to end, that has so much time from then on; told so again, none.
    /// `None` where it has not ended by then.
    async fn wait<T>(&mut self, work: impl Future<Output = T>, longest: Duration) -> Option<T> {
        let mut work = pin!(work);
        if matches!(self.told, ToldToEnd::No) {
            tokio::select! {
                biased;
                done = &mut work => return Some(done),
                Some(interrupt) = self.interrupts.next() => {
                    say(format_args!("{interrupt}: resolving the alert that was opened; once more leaves it open"));
                    self.told = ToldToEnd::Once(interrupt, tokio::time::Instant::now());
                }
            }
        }
        let ToldToEnd::Once(interrupt, since) = self.told else { return None };
        tokio::select! {
            biased;
            done = work => Some(done),
            Some(_) = self.interrupts.next() => {
                self.told = ToldToEnd::Again(interrupt);
                None
            }
            () = sleep_until(since + longest) => None,
        }
    }

    /// How the test ends, if this is its worst answer.
    fn ended(&self, worst: Option<&Verdict>) -> Ended {
        match self.told {
            ToldToEnd::No => Ended::With(worst.map_or(Exit::Done, exit)),
            ToldToEnd::Once(interrupt, _) | ToldToEnd::Again(interrupt) => Ended::By(interrupt),
        }
    }
}

fn exit(verdict: &Verdict) -> Exit {
    match verdict {
        Verdict::Accepted { .. } => Exit::Done,
        Verdict::Refused { .. } | Verdict::KeyWrong { .. } => Exit::Refused,
        Verdict::Later(_) => Exit::Later,
    }
}

pub(super) fn host() -> String {
    std::fs::read_to_string("/proc/sys/kernel/hostname")
        .map(|name| name.trim().to_owned())
        .ok()
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| "this-host".to_owned())
}
