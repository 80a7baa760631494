//! What can happen to the wizard: a key was pressed, time has passed, work has come to an end.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use crossterm::event::KeyEvent;

use super::answers::Step;
use super::context::{AlertSnapshot, CloudReply, Found, HomeReply, Preparation, TaskId, Unfulfilled};
use super::form::{Control, Given, StepProblem};
use crate::exit::Stopped;
use crate::ilert::account::{Fulfilled, Overview};
use crate::ilert::client::Verdict;
use crate::netdata::Probe;
use crate::payload::Notice;

/// Everything that [`update`](super::update::update) takes.
#[derive(Clone, Debug)]
pub enum Message {
    /// A key for the text that has the focus.
    Typed(KeyEvent),
    /// A key for the text that finds what is wanted in the list that has the focus.
    Find(KeyEvent),
    /// Text was pasted.
    Pasted(String),
    /// Enter: go on.
    Next,
    /// Back to the step before.
    Back,
    /// Focus on the next control, from the last one to the first.
    FocusNext,
    /// Focus on the control before, from the first one to the step before.
    FocusPrevious,
    /// One option, line or page on or back.
    Move(Direction),
    /// Space: the box is ticked or not.
    Toggle,
    /// An answer for a control, as a whole: how `--plain` answers.
    Give(Control, Given),
    /// Shows or hides the secret.
    Reveal,
    /// Help for this step.
    Help,
    /// Closes the overlay.
    Close,
    /// What is under way is given up.
    Cancel,
    /// Ctrl-C.
    Quit,
    /// The confirmation is given.
    Confirm,
    /// The address of this step is opened in a browser.
    OpenAddress,
    /// The value with the focus goes to the clipboard.
    Copy,
    /// The text is emptied that narrows the list down.
    WholeList,
    /// Every box of the list is ticked.
    TickAll,
    /// The silences are unfolded, and the new one gets the focus.
    Silences,
    /// The payload as JSON, or as ilert shows it.
    ShowJson,
    /// The text with the focus is opened in an editor.
    OpenEditor,
    /// The editor has ended: what the text is now, or why there is none.
    Edited(Control, Result<String, String>),
    /// The demo's key or token is pasted.
    PasteDemo,
    /// The thing to do that has the focus is done.
    Done,
    /// On, although there are things to do: they are done later.
    Later,
    /// Shows every line that is written, or what is set alone.
    Unfold,
    /// Straight to a control.
    FocusOn(Control),
    /// Straight to a screen, which leads back to this one.
    GoTo(Step),
    /// Something at the home screen.
    Home(HomeMessage),
    /// Ctrl-Z.
    Suspend,
    /// The terminal has another size, or must be drawn anew.
    Redraw,
    /// 100 ms have passed while something is under way.
    Tick,
    /// Work has come to an end.
    Replied(TaskId, Reply),
}

/// What is wanted at the home screen, of the configuration that has the focus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HomeMessage {
    /// One is added: its name is asked for.
    Add,
    /// All of them are looked at again.
    Look,
    /// It is switched on, or off.
    Switch,
    /// What is open under its key is resolved.
    Resolve,
    /// It is deleted, once that is confirmed.
    Delete,
    /// It is confirmed; what is open is resolved before, or is left open.
    Confirm {
        /// It is resolved.
        resolves: bool,
    },
    /// The wizard ends.
    Leave,
}

/// Where to move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// The one above.
    Up,
    /// The one below.
    Down,
    /// The one to the left.
    Left,
    /// The one to the right.
    Right,
    /// A page up.
    PageUp,
    /// A page down.
    PageDown,
}

/// What work ends with.
#[derive(Clone, Debug)]
pub enum Reply {
    /// What was found on this machine.
    Surveyed(Box<Found>),
    /// What the agent shows, or why it does not.
    Probed(Result<Probe, String>),
    /// The CA files that cannot be used, and why.
    Authorities(BTreeMap<PathBuf, String>),
    /// The notices that a first run would send, or why there are none.
    Noticed(Result<Vec<Notice>, String>),
    /// What became of a test event, and how long it took.
    Tested(Verdict, Duration),
    /// What was looked up for *Review and write*.
    Prepared(Box<Preparation>),
    /// One thing is done, in lines, or why it could not be.
    Written(Result<Vec<String>, Stopped>),
    /// The browser was started, or why not.
    Opened(Result<(), String>),
    /// What the account has, or why it is not shown.
    Overview(Result<Box<Overview>, StepProblem>),
    /// The alert source, or why there is none.
    Fulfilled(Result<Box<Fulfilled>, Unfulfilled>),
    /// The test's alert as ilert has it, or why it cannot be looked up.
    LookedUp(Result<Box<AlertSnapshot>, String>),
    /// The configurations that are installed.
    Home(Box<HomeReply>),
    /// What Netdata Cloud has, or why it is not shown.
    Cloud(Result<CloudReply, String>),
}
