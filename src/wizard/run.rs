//! The loop: what comes in becomes a message, the message changes the model, the model is drawn.
//!
//! It draws after a change and sleeps otherwise: nothing wakes it while nobody types and nothing is under way.

use std::future::pending;
use std::pin::pin;
use std::time::Duration;

use futures_util::{Stream, StreamExt};
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};

use super::clipboard::{self, Within};
use super::context::Purpose;
use super::effect::{Effect, EffectRunner, keep};
use super::form::Control;
use super::keymap::keymap;
use super::message::Message;
use super::model::Model;
use super::page::Drawn;
use super::page::wrap::wrap;
use super::steps::review::done;
use super::terminal::{End, Input, Screen, TerminalError};
use super::update::{begin, break_off as break_off_test, update};
use super::view::view;
use crate::delivery::live_test::{ANSWER, LAST_WORDS};
use crate::exit::Exit;

/// Columns of what stays in the terminal, where that has so many.
const LAST_WIDTH: u16 = 78;

/// How often time is counted while something is under way.
const TICK: Duration = Duration::from_millis(100);

/// Why the wizard broke off.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The terminal.
    #[error(transparent)]
    Terminal(#[from] TerminalError),
    /// What came in came to an end.
    #[error("the wizard has ended: {reason}{kept}", reason = reason(.end))]
    Ended {
        /// What ended it.
        end: End,
        /// Where the answers are, where any are kept: the rest of the sentence.
        kept: String,
    },
}

/// What the wizard is drawn on. [`Screen`] is one; tests have theirs.
pub trait Display {
    /// Draws the model, and says which part of the page is seen.
    fn draw(&mut self, model: &Model) -> Result<Drawn, TerminalError>;
    /// Writes a sequence that draws nothing.
    fn send(&mut self, sequence: &str) -> Result<(), TerminalError>;
    /// Has a text changed in an editor, which has the terminal meanwhile. The error says why it was not.
    fn edit(&mut self, text: &str) -> impl Future<Output = Result<String, String>>;
    /// Stops this process, as ctrl-z does, until it goes on.
    fn suspend(&mut self) -> Result<(), TerminalError>;
    /// Takes the terminal over again after it was stopped from outside.
    fn resume(&mut self) -> Result<(), TerminalError>;
}

impl Display for Screen {
    fn draw(&mut self, model: &Model) -> Result<Drawn, TerminalError> {
        let mut drawn = Drawn::default();
        let done = self.tui().draw(|frame| drawn = view(model, frame));
        done.map(|_| drawn).map_err(TerminalError::Write)
    }

    fn send(&mut self, sequence: &str) -> Result<(), TerminalError> {
        Self::send(self, sequence)
    }

    async fn edit(&mut self, text: &str) -> Result<String, String> {
        Self::edit(self, text).await
    }

    fn suspend(&mut self) -> Result<(), TerminalError> {
        Self::suspend(self)
    }

    fn resume(&mut self) -> Result<(), TerminalError> {
        Self::resume(self)
    }
}

/// Runs the wizard until it ends.
pub async fn run(
    model: &mut Model,
    display: &mut impl Display,
    inputs: impl Stream<Item = Input>,
) -> Result<Exit, RunError> {
    let mut inputs = pin!(inputs.fuse());
    let mut runner = EffectRunner::default();
    let mut ticks = interval(TICK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let effects = begin(model);
    perform(model, display, &mut runner, effects)?;
    loop {
        if let Some(exit) = model.exit {
            return Ok(exit);
        }
        model.drawn = display.draw(model)?;
        let message = tokio::select! {
            biased;
            input = inputs.next() => match input {
                Some(Input::Key(key)) => keymap(model, key),
                Some(Input::Paste(text)) => Some(Message::Pasted(text)),
                Some(Input::Resize(..)) => Some(Message::Redraw),
                Some(Input::Continued) => {
                    display.resume()?;
                    Some(Message::Redraw)
                }
                Some(Input::End(end)) => {
                    return Err(break_off(model, &mut runner, end, another_end(inputs)).await);
                }
                None => return Err(break_off(model, &mut runner, End::HungUp, pending()).await),
            },
            message = runner.next() => Some(message),
            _ = ticks.tick(), if model.wants_ticks() => Some(Message::Tick),
        };
        if let Some(message) = message {
            let effects = update(model, message);
            for (control, text) in perform(model, display, &mut runner, effects)? {
                let edited = tokio::select! {
                    edited = display.edit(&text) => edited,
                    end = an_end(inputs.as_mut()) => {
                        return Err(break_off(model, &mut runner, end, another_end(inputs)).await);
                    }
                };
                let effects = update(model, Message::Edited(control, edited));
                perform(model, display, &mut runner, effects)?;
            }
        }
    }
}

/// The end, while an editor has the terminal. What else comes is the editor's.
async fn an_end(mut inputs: impl Stream<Item = Input> + Unpin) -> End {
    loop {
        match inputs.next().await {
            Some(Input::End(end)) => return end,
            Some(_) => {}
            None => return End::HungUp,
        }
    }
}

/// Ends the wizard because it was told to. Keeps the answers and resolves the test's alert; `again` cuts that short.
pub async fn told_to_end<T>(
    model: &mut Model,
    runner: &mut EffectRunner,
    end: End,
    again: impl Future<Output = Option<T>>,
) -> RunError {
    let again = async {
        if again.await.is_none() {
            pending::<()>().await;
        }
    };
    break_off(model, runner, end, again).await
}

/// Ends the wizard from outside. Resolves first what a live test may have opened, within [`LAST_WORDS`].
async fn break_off(
    model: &mut Model,
    runner: &mut EffectRunner,
    end: End,
    at_once: impl Future<Output = ()>,
) -> RunError {
    let resolved = async {
        // A RESOLVE must not overtake its ALERT, so the answer to that is waited for; but not for ever.
        let _ = timeout(ANSWER, settled(model, runner)).await;
        let effects = break_off_test(model);
        runner.perform(&model.context.place, effects);
        settled(model, runner).await;
    };
    tokio::select! {
        () = resolved => {}
        () = at_once => {}
        () = sleep(LAST_WORDS) => {}
    }
    // What was answered at this step, which was not left, is kept as well.
    if let Some(answers) = model.unsaved() {
        keep(&model.context.place, Some(answers));
    }
    RunError::Ended { end, kept: model.kept().map_or_else(String::new, |kept| format!(". {kept}")) }
}

/// Waits until no live test is under way.
async fn settled(model: &mut Model, runner: &mut EffectRunner) {
    while model.context.is_busy(Purpose::Test) {
        let message = runner.next().await;
        let effects = update(model, message);
        runner.perform(&model.context.place, effects);
    }
}

/// The next end, after the first.
async fn another_end(mut inputs: impl Stream<Item = Input> + Unpin) {
    loop {
        match inputs.next().await {
            Some(Input::End(_)) => return,
            Some(_) => {}
            None => pending().await,
        }
    }
}

fn reason(end: &End) -> String {
    match end {
        End::Interrupted => "Ctrl-C".to_owned(),
        End::Terminated => "SIGTERM".to_owned(),
        End::HungUp => "the terminal is gone".to_owned(),
        End::Quit => "SIGQUIT".to_owned(),
        End::Unreadable(reason) => format!("the terminal cannot be read: {reason}"),
    }
}

/// That the alerts of live tests may be open in ilert, a line each. The last page has said so, if there was one.
#[must_use]
pub fn left_open(model: &Model) -> Vec<String> {
    let context = &model.context;
    let under_way =
        context.test.run.as_ref().filter(|run| context.is_busy(Purpose::Test) && !run.may_be_open());
    let open = context.test.open().filter(|_| !context.writing.is_done()).chain(under_way);
    open.map(|run| format!("the test alert `{}` may stay open: resolve it in ilert", run.alert_key)).collect()
}

/// What stays in the terminal once the screen is gone: what was done and what to call next, or where the answers are
/// kept. Nothing where there is nothing to say.
#[must_use]
pub fn last_words(model: &Model) -> Vec<String> {
    let width = match model.drawn.columns {
        0 => LAST_WIDTH,
        columns => columns.min(LAST_WIDTH),
    };
    let home = model.context.home.iter().flat_map(|home| &home.done);
    let mut lines: Vec<String> = home.flat_map(|(Ok(done) | Err(done))| wrap(done, width)).collect();
    let mut page = model.empty_page(width, u16::MAX);
    done::page(&mut page);
    lines.extend(page.rows.iter().map(|row| row.line.to_string().trim_end().to_owned()));
    if let Some(kept) = model.kept() {
        let wizard = model.context.place.command("");
        let more = if has_written(model) { " more" } else { "" };
        let words = format!("Nothing{more} was written. {kept}. {wizard} goes on with them.");
        lines.extend(wrap(&words, width));
    }
    lines
}

/// Whether something was written before the end.
fn has_written(model: &Model) -> bool {
    let home = model.context.home.as_ref().is_some_and(|home| !home.done.is_empty());
    home || model.context.writing.written.as_ref().is_some_and(|written| !written.lines.is_empty())
}

/// Does all but what takes an editor, and gives that back.
fn perform(
    model: &Model,
    display: &mut impl Display,
    runner: &mut EffectRunner,
    effects: Vec<Effect>,
) -> Result<Vec<(Control, String)>, RunError> {
    let mut edits = Vec::new();
    for effect in runner.perform(&model.context.place, effects) {
        match effect {
            Effect::Copy(text) => display.send(&clipboard::copy(text.expose(), Within::here()))?,
            Effect::Suspend => display.suspend()?,
            Effect::Edit(control, text) => edits.push((control, text)),
            // The runner has done these.
            Effect::Start(..) | Effect::Cancel(_) | Effect::Save(_) | Effect::Forget => {}
        }
    }
    Ok(edits)
}
