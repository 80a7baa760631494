//! Silences: when one is in force, and what it covers. Pure: the time is handed in.
//!
//! A recurring one begins by the clock on the wall and lasts in elapsed time: over a change of the clocks it begins at the
//! same hour and is as long as ever. A begin that falls into the hour that is skipped is moved behind it; one that comes
//! twice begins the first time.

mod scope;
mod time;

pub use scope::{Asked, AskedAlert};
pub use time::Window;
