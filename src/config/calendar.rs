//! Times as people write them: days of the week with a time of day, a moment on the wall clock, a time zone.

mod every;
mod local;

pub use every::Every;
pub use local::{Moment, Zone};
