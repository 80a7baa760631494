//! What setting up does on this machine: the same for the wizard and for `--setup`.
//!
//! [`compose`] makes the file as it will be, and what changes in it; [`choose`] and [`RoomAnswer`] say which nodes are
//! meant. A [`Deed`] is one thing to do, and [`perform`] does it: a look whether the [`Ground`] is as it was, then secrets,
//! then the configuration that names their files, then the schedule that runs it.

mod compose;
mod deed;
pub mod diff;
mod ground;
mod rooms;
mod secret_files;
mod writable;

pub use compose::{Composed, compose, on_disk};
pub use deed::{Deed, Former, aside, hand_over, left_open, perform};
pub use ground::{Ground, SeenFile, content, written};
pub use rooms::{CHOSEN, RoomAnswer, choose, none_meant, only_room};
pub use secret_files::{SecretFiles, UnusedSecret, secret_files};
pub use writable::writable;
