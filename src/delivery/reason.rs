//! Why an alert or node is told, held or left alone: decided where it is decided, printed for `-v`.

use std::fmt;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::alert::{Level, Status};

/// Why an alert or node is told, held or left alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// An event is due.
    Due(String),
    /// An event waits out a rest after it was at fault (this machine's clock, milliseconds).
    Rests(String, i64),
    /// Netdata's own delay has not passed: it counts at this time (agent's clock, seconds).
    Delayed(Status, i64),
    /// Clear since then (agent's clock, seconds), for less than `resolve_after`.
    Clearing(i64),
    /// Gone from its node for so long (milliseconds), which is less than `removed_after`.
    Gone(i64),
    /// The agent's log does not have its last transition yet: its delay and silence are not known.
    NotInTheLog,
    /// Nothing is known of it, and why.
    Unknown(String),
    /// Nobody is to be told.
    Silent,
    /// ilert has it.
    Told,
    /// ilert refused it for good.
    Refused,
    /// The notification types leave this level out.
    NotAmongTypes(Level),
    /// The notification types leave unreachable nodes out.
    UnreachableNotAmongTypes,
    /// It came and went, too long ago to be told.
    TooOld,
    /// A node is away for so long (milliseconds), which is less than `unreachable_after`.
    AwayForLess(i64),
    /// The agent answers again since so long (milliseconds): its nodes have time to come back.
    Grace(i64),
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Due(event) => write!(f, "due: {event}"),
            Self::Rests(event, until) => {
                write!(f, "rests until {}: {event}; ilert took others, not this one", moment(until / 1000))
            }
            Self::Delayed(status, due) => {
                write!(f, "held: {status} counts once Netdata's delay is over, at {}", moment(*due))
            }
            Self::Clearing(since) => {
                write!(f, "held: clear since {}, for less than `resolve_after`", moment(*since))
            }
            Self::Gone(seen) => {
                write!(f, "held: not there any more for {} s, less than `removed_after`", seen / 1000)
            }
            Self::NotInTheLog => f.write_str(
                "held: Netdata's log does not have its last transition yet, so its delay and silence are not known",
            ),
            Self::Unknown(why) => write!(f, "unknown: {why}"),
            Self::Silent => {
                f.write_str("silent: its recipients, or a silence, say that nobody is to be told")
            }
            Self::Told => f.write_str("told already"),
            Self::Refused => f.write_str("failed: ilert refused it for good; see `--status`"),
            Self::NotAmongTypes(level) => write!(f, "not told: {level} is not among the notification types"),
            Self::UnreachableNotAmongTypes => {
                f.write_str("not told: UNREACHABLE is not among the notification types")
            }
            Self::TooOld => f.write_str("came and went: over for more than 15 min, too late to tell"),
            Self::AwayForLess(seen) => {
                write!(f, "held: away for {} s, less than `unreachable_after`", seen / 1000)
            }
            Self::Grace(seen) => write!(
                f,
                "held: away, but the agent answers again only since {} s, and its nodes come back one by one",
                seen / 1000
            ),
        }
    }
}

/// A time of the clock on the wall (seconds since the epoch): with its date where that is not today's.
#[must_use]
pub fn moment(seconds: i64) -> String {
    let Ok(time) = Timestamp::from_second(seconds) else { return seconds.to_string() };
    let time = time.to_zoned(TimeZone::system());
    let today = Timestamp::now().to_zoned(TimeZone::system()).date();
    let format = if time.date() == today { "%H:%M:%S" } else { "%Y-%m-%d %H:%M:%S" };
    time.strftime(format).to_string()
}
