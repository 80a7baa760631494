//! `--setup`: does what the wizard does, without a question, for Ansible and cloud-init. It checks all that can be checked,
//! proves the key by a live test, and then writes. The same call again changes nothing; after a failure it goes on.
//!
//! - `answers`: what is wanted; `wanted`: the configuration of it, and the secrets; `place`: where the key is kept;
//! - `checks`: whether it can be done here;
//! - `part`: a part of setting up; `plan`: all of them; `show`: the plan, and what came of it, for `--dry-run` and `--json`;
//! - `look_up`: what ilert shows of the live test; `flags`: the flags in the place of the file's keys.

mod answers;
mod checks;
mod flags;
mod look_up;
mod part;
mod place;
mod plan;
mod show;
mod wanted;

use color_eyre::eyre;

use self::answers::{Answers, KeyAnswer};
use self::flags::{by_flags, say};
use self::part::{Part, PartName, PartState, PartWork, Proven};
use self::plan::Plan;
use super::alert_source::{self, say_provided};
use super::test_event::{Answered, Proved, by_hand, prove};
use crate::cli::Arguments;
use crate::clock::now;
use crate::config::Priority;
use crate::exit::{Ended, Exit, Stopped};
use crate::ilert::Account;
use crate::ilert::account::{ProvideError, Provided, provide};
use crate::interrupt::Interrupts;
use crate::secret::Secret;
use crate::setup::{Deed, Ground, perform};

/// Sets up, or prints what setting up would do.
pub async fn set_up(arguments: &Arguments, interrupts: &mut Interrupts) -> eyre::Result<Ended> {
    carried_out(arguments, interrupts).await.map_err(|report| by_flags(&report).into())
}

async fn carried_out(arguments: &Arguments, interrupts: &mut Interrupts) -> eyre::Result<Ended> {
    if arguments.dry_run {
        let shown = unless_told(interrupts, show::dry_run(arguments)).await;
        return shown.map_or_else(Ok, |exit| exit.map(Ended::With));
    }
    let Ready { answers, key, mut plan } = match unless_told(interrupts, ready(arguments)).await {
        Ok(ready) => ready?,
        Err(told) => {
            say("nothing was written");
            return Ok(told);
        }
    };
    let answered = if arguments.json { Answered::InWords } else { Answered::AsData };
    let ended = Work { answers: &answers, key: &key, answered, ground: plan.ground.take(), interrupts }
        .carry_out(&mut plan)
        .await?;
    if arguments.json {
        show::json(&answers.one, &plan, false)?;
    } else if plan.changed() == Some(false) && ended == Ended::With(Exit::Done) {
        say("nothing has changed");
    }
    Ok(ended)
}

/// All that is known before anything is written.
struct Ready {
    answers: Answers,
    key: Secret,
    plan: Plan,
}

async fn ready(arguments: &Arguments) -> eyre::Result<Ready> {
    let answers = Answers::of(arguments).await?;
    checks::all(&answers).await?.iter().for_each(say);
    let (key, source) = match &answers.key {
        KeyAnswer::Given(key) => (key.clone(), None),
        KeyAnswer::Source { name, policy } => {
            let provided = fetch(&answers, name, policy).await?;
            (provided.key.clone(), Some(Part::provided(&provided)))
        }
    };
    let mut plan = Plan::of(arguments, &answers, Some(&key))?;
    plan.parts.splice(0..0, source);
    Ok(Ready { answers, key, plan })
}

/// Finds the alert source, or creates it: only now, after all else was checked.
async fn fetch(answers: &Answers, name: &str, policy: &str) -> eyre::Result<Provided> {
    let Some(token) = answers.token.clone() else {
        return Err(answers::missing(&[answers::TOKEN.to_owned()]).into());
    };
    let stopped = |error: ProvideError| {
        let exit = alert_source::exit(&error);
        let again = match exit {
            Exit::Later => "; the same call again goes on from here",
            _ => "",
        };
        Stopped { words: format!("{error}\nNothing was written{again}."), exit }
    };
    let account = Account::new(&answers.config.ilert, token).map_err(|error| stopped(error.into()))?;
    let provided = provide(&account, name, policy, None).await.map_err(stopped)?;
    say_provided(&provided);
    Ok(provided)
}

/// Does one part after the other.
struct Work<'a> {
    answers: &'a Answers,
    key: &'a Secret,
    /// Where the answers to the live test go.
    answered: Answered,
    /// What the plan was made from, until it was looked at again.
    ground: Option<Ground>,
    interrupts: &'a mut Interrupts,
}

impl Work<'_> {
    /// Does all parts. What could not be done, and what was not tried, is said.
    async fn carry_out(&mut self, plan: &mut Plan) -> eyre::Result<Ended> {
        let mut exit = Exit::Done;
        let Plan { parts, proven, .. } = plan;
        let mut rest = parts.iter_mut();
        while let Some(part) = rest.next() {
            let ended = match part.work.take() {
                None => {
                    say_idle(part);
                    continue;
                }
                Some(PartWork::Test(priority)) => {
                    let ended = self.test(part, priority).await?;
                    if part.state == PartState::Done {
                        *proven = Some(Proven { priority, at: now() });
                        exit = Exit::worst([exit, self.keep_proof(priority).await]);
                    }
                    ended
                }
                Some(PartWork::Deed(deed)) => self.deed(part, deed, &mut exit).await,
            };
            if let Some(ended) = ended {
                let left = Some(&mut *part).into_iter().chain(rest);
                say_left(left.filter(|part| part.work.is_some() || part.state == PartState::Failed));
                return Ok(ended);
            }
        }
        Ok(Ended::With(exit))
    }

    /// Sends the live test. How all ends, unless it passed.
    async fn test(&mut self, part: &mut Part, priority: Priority) -> eyre::Result<Option<Ended>> {
        let config = &self.answers.config;
        let Proved { ended, alert_key } =
            prove(config, self.key, priority, self.answered, self.interrupts).await?;
        if ended == Ended::With(Exit::Done) {
            return Ok(self.look_up(part, &alert_key).await);
        }
        part.state = PartState::Failed;
        let next = match ended {
            Ended::With(Exit::Refused) => "this call needs another key",
            _ => "the same call again goes on from here",
        };
        say(format_args!("the live test did not pass, so nothing was written; {next}"));
        Ok(Some(ended))
    }

    /// Says what ilert shows of a test that it took, where there is a token to ask with. How all ends, if told to.
    async fn look_up(&mut self, part: &mut Part, alert_key: &str) -> Option<Ended> {
        let shown = match &self.answers.token {
            None => vec![by_hand(alert_key)],
            Some(token) => {
                let look = look_up::look_up(&self.answers.config.ilert, token, self.key, alert_key);
                match unless_told(self.interrupts, look).await {
                    Ok(shown) => shown,
                    Err(told) => {
                        part.state = PartState::Failed;
                        return Some(told);
                    }
                }
            }
        };
        shown.iter().for_each(say);
        part.ends(PartState::Done, &shown.join("\n"));
        None
    }

    /// Keeps that the key is proven: the same call again sends no test.
    async fn keep_proof(&self, priority: Priority) -> Exit {
        let (state, endpoint) = (self.answers.one.state.clone(), self.answers.config.ilert.endpoint.clone());
        let kept = perform(Deed::Proof { state, key: self.key.clone(), endpoint, priority }).await;
        kept.map_or_else(
            |stopped| {
                say(&stopped.words);
                stopped.exit
            },
            |_| Exit::Done,
        )
    }

    /// Does one thing. How all ends, where nothing after it can be done.
    async fn deed(&mut self, part: &mut Part, deed: Deed, exit: &mut Exit) -> Option<Ended> {
        let is_needed = deed.is_needed();
        if let Deed::Schedule(plan) = &deed {
            plan.notes.iter().for_each(|note| say(format_args!("note: {note}")));
        }
        let ground = self.ground.take();
        let done = async {
            if let Some(ground) = ground {
                perform(Deed::Ground(Box::new(ground))).await?;
            }
            perform(deed).await
        };
        match unless_told(self.interrupts, done).await {
            Ok(Ok(done)) => {
                done.iter().for_each(say);
                part.ends(PartState::Done, &done.join("\n"));
                None
            }
            Ok(Err(stopped)) => {
                say(&stopped.words);
                *exit = Exit::worst([*exit, stopped.exit]);
                part.ends(PartState::Failed, &stopped.words);
                is_needed.then_some(Ended::With(*exit))
            }
            Err(told) => {
                part.state = PartState::Failed;
                Some(told)
            }
        }
    }
}

/// Says of a part that nothing is done for it.
fn say_idle(part: &Part) {
    match part.state {
        // What was found or made was said then.
        _ if part.name == PartName::AlertSource => {}
        PartState::Unchanged => say(format_args!("unchanged: {}", part.called)),
        _ => say(&part.says),
    }
}

/// Says what was not done. After a live test that did not pass, that was said.
fn say_left<'a>(left: impl Iterator<Item = &'a mut Part>) {
    let mut called = Vec::new();
    let mut is_tested = true;
    for part in left {
        is_tested &= part.name != PartName::LiveTest;
        if part.state != PartState::Failed {
            part.state = PartState::NotDone;
        }
        called.push(part.called.as_str());
    }
    if is_tested {
        let left = called.join(", ");
        say(format_args!("not done: {left}; what was done stays, and the same call again goes on from here"));
    }
}

/// What some work ends with, unless the program is told to end before.
async fn unless_told<T>(interrupts: &mut Interrupts, work: impl Future<Output = T>) -> Result<T, Ended> {
    tokio::select! {
        biased;
        done = work => Ok(done),
        Some(interrupt) = interrupts.next() => Err(Ended::By(interrupt)),
    }
}
