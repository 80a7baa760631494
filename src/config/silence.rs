//! Silences: when one is in force, and what it covers. Pure: the time is handed in.
//!
//! A recurring one begins by the clock on the wall and lasts in elapsed time: over a change of the clocks it begins at
//! the same hour and is as long as ever. A begin in the skipped hour is moved to its end; a begin that occurs twice
//! counts the first time.

mod scope;
mod time;

pub use scope::{Asked, AskedAlert};
pub use time::Window;
