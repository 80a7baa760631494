//! `--status`: the last run, what is open in ilert, what is held back and until when, what is raised and not told,
//! what waits, what failed and why.
//!
//! - `read`: makes a [`StatusReport`] of the state folder;
//! - `model`: the report, which `--status --json` prints;
//! - `show`: the report in words and tables;
//! - `silence`: silences in force, and when the others are next.

mod model;
mod read;
mod show;
mod silence;

pub use model::{
    FailedEvent, HeldBack, HeldStatus, Hold, Lost, NotTold, Open, OpenState, ShownParent, StatusReport,
    SubjectNames, UNRECORDED, Untellable, WaitingEvent,
};
pub use read::{read, read_as};
pub use silence::{ShownSilence, SilenceSource};
