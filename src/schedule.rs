//! `--install-schedule` and `--remove-schedule`: what runs `--send` again and again, a systemd timer (every
//! 15 seconds) or a line in the crontab (every minute).
//!
//! [`Installation`] says for whom and for what, [`Present`] what is there now. From these, [`plan`] and [`removal`]
//! compute a [`SchedulePlan`]: files, crontab and commands, as text. [`SchedulePlan::shown`] shows it, [`install`]
//! carries it out. A second time changes nothing; one kind of schedule replaces the other.
//!
//! One schedule runs all configurations that are installed. One elsewhere has units, or a line, of its own name:
//! neither is ever taken for the other's ([`Serves`]). What version 0.1.0 wrote was named alike for any; the file that
//! it names tells whose it is.

mod crontab;
mod entry;
mod environment;
mod error;
mod install;
mod installation;
mod lossless;
mod packaged;
mod plan;
mod present;
mod program;
mod runs;
mod scheduled;
mod scheduler;
mod systemd;
#[cfg(test)]
mod tests;
mod unit;
mod way;

pub use environment::{Environment, Missing};
pub use error::ScheduleError;
pub use install::{check, install, is_in_force, is_stopped, unchanged};
pub use installation::{Installation, Serves};
pub use packaged::Packaged;
pub use plan::{PlannedCommand, PlannedFile, SchedulePlan, kept_by_hand, plan, removal};
pub use present::{Crontab, ForeignLine, Present, UnsuffixedUnits, present};
pub use runs::Runs;
pub use scheduled::Scheduled;
pub use scheduler::Scheduler;
pub use way::Way;
