//! What setting up does on this machine: the same for the wizard and for `--setup`.
//!
//! [`compose`] makes the file as it will be, and what changes in it; [`choose`] says which nodes are meant. A [`Deed`] is
//! one thing to do, and [`perform`] does it: secrets first, then the configuration that names their files, then the
//! schedule that runs it.

mod compose;
mod deed;
pub mod diff;
mod rooms;

pub use compose::{Composed, compose, on_disk};
pub use deed::{Deed, Former, aside, hand_over, left_open, perform};
pub use rooms::{CHOSEN, choose, only_room};
