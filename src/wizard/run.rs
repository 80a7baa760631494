//! The loop: what comes in becomes a message, the message changes the model, the model is drawn.
//!
//! It draws after a change and sleeps otherwise: nothing wakes it while nobody types and nothing is under way.

use std::pin::pin;
use std::time::Duration;

use futures_util::{Stream, StreamExt};
use tokio::time::{MissedTickBehavior, interval, sleep};

use super::clipboard;
use super::effect::{Effect, Hands, keep};
use super::keymap::keymap;
use super::message::{Message, Purpose};
use super::model::Model;
use super::terminal::{End, Input, Screen, TerminalError};
use super::update::{begin, update, work};
use super::view::view;
use crate::delivery::run::Exit;

/// How often time is counted while something is under way.
const TICK: Duration = Duration::from_millis(100);

/// How long the end of the program waits for the end of a live test: who sent SIGTERM soon sends SIGKILL.
const LAST_WORDS: Duration = Duration::from_secs(5);

/// Why the wizard broke off.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The terminal.
    #[error(transparent)]
    Terminal(#[from] TerminalError),
    /// What came in came to an end.
    #[error("the wizard has ended: {0}; the answers so far are kept, keys are not")]
    Ended(String),
}

/// What the wizard is drawn on. [`Screen`] is one; tests have theirs.
pub trait Display {
    /// Draws the model.
    fn draw(&mut self, model: &Model) -> Result<(), TerminalError>;
    /// Writes a sequence that draws nothing.
    fn send(&mut self, sequence: &str) -> Result<(), TerminalError>;
    /// Stops this process, as ctrl-z does, until it goes on.
    fn suspend(&mut self) -> Result<(), TerminalError>;
    /// Takes the terminal over again after it was stopped from outside.
    fn resume(&mut self) -> Result<(), TerminalError>;
}

impl Display for Screen {
    fn draw(&mut self, model: &Model) -> Result<(), TerminalError> {
        self.tui().draw(|frame| view(model, frame)).map(drop).map_err(TerminalError::Write)
    }

    fn send(&mut self, sequence: &str) -> Result<(), TerminalError> {
        Self::send(self, sequence)
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
    let mut inputs = pin!(inputs);
    let mut hands = Hands::default();
    let mut ticks = interval(TICK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let effects = begin(model);
    perform(model, display, &mut hands, effects)?;
    loop {
        if let Some(exit) = model.exit {
            return Ok(exit);
        }
        display.draw(model)?;
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
                Some(Input::End(end)) => return Err(break_off(model, &mut hands, end).await),
                None => return Err(break_off(model, &mut hands, End::HungUp).await),
            },
            message = hands.next() => Some(message),
            _ = ticks.tick(), if model.wants_ticks() => Some(Message::Tick),
        };
        if let Some(message) = message {
            let effects = update(model, message);
            perform(model, display, &mut hands, effects)?;
        }
    }
}

/// SIGTERM has come; the answers are kept, and no test alert is left open.
pub async fn told_to_end(model: &mut Model) -> RunError {
    break_off(model, &mut Hands::default(), End::Terminated).await
}

/// It is over, whoever asks: but an alert that a live test may have opened is resolved first, within little time.
async fn break_off(model: &mut Model, hands: &mut Hands, end: End) -> RunError {
    let over = pin!(sleep(LAST_WORDS));
    let resolved = async {
        let mut effects = work::break_off_test(model);
        loop {
            hands.take(&model.place, effects);
            if !model.is_busy(Purpose::Test) {
                return;
            }
            effects = update(model, hands.next().await);
        }
    };
    tokio::select! {
        () = resolved => {}
        () = over => {}
    }
    ended(model, end)
}

/// It is over: what was answered at this step, which was not left, is kept as well.
fn ended(model: &Model, end: End) -> RunError {
    if let Some(draft) = work::unsaved(model) {
        keep(&model.place, Some(&draft));
    }
    RunError::Ended(match end {
        End::Terminated => "it was told to (SIGTERM)".to_owned(),
        End::HungUp => "the terminal is gone".to_owned(),
        End::Unreadable(reason) => format!("the terminal cannot be read: {reason}"),
        End::Panicked => "something in it failed, see above".to_owned(),
    })
}

fn perform(
    model: &Model,
    display: &mut impl Display,
    hands: &mut Hands,
    effects: Vec<Effect>,
) -> Result<(), RunError> {
    for effect in hands.take(&model.place, effects) {
        match effect {
            Effect::Copy(text) => display.send(&clipboard::copy(text.expose(), clipboard::in_tmux()))?,
            Effect::Suspend => display.suspend()?,
            // The hands have done these.
            Effect::Start(..) | Effect::Cancel(_) | Effect::Save(_) | Effect::Forget => {}
        }
    }
    Ok(())
}
