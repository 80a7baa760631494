//! `--status`: the last run, what is open in ilert, what is held back and until when, what is raised and not told,
//! what waits, what failed and why.
//!
//! [`read`] makes a [`StatusReport`] of the state folder, which is what `--status --json` prints; [`StatusReport::text`] is the same
//! in words and tables.

mod model;
mod read;
mod show;
mod silence;

pub use model::{
    FailedEvent, HeldBack, HeldStatus, Hold, Lost, Named, NotTold, Open, OpenState, ShownParent,
    StatusReport, UNRECORDED, Untellable, WaitingEvent,
};
pub use read::read;
pub use silence::{ShownSilence, SilenceSource};
