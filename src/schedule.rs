//! `--install-schedule` and `--remove-schedule`: what runs `--send` again and again, a systemd timer (every
//! 15 seconds) or a line in the crontab (every minute).
//!
//! [`Installation`] says for whom and for what, [`Present`] what is there now. From these, [`plan`] and [`removal`]
//! compute a [`SchedulePlan`]: files, crontab and commands, as text. [`SchedulePlan::shown`] shows it, [`install`]
//! carries it out. A second time changes nothing; one kind of schedule replaces the other.

mod crontab;
mod error;
mod install;
mod installation;
mod lossless;
mod plan;
mod present;
mod program;
mod systemd;
#[cfg(test)]
mod tests;

pub use error::ScheduleError;
pub use install::install;
pub use installation::{Installation, Scheduler};
pub use plan::{Command, File, SchedulePlan, plan, removal};
pub use present::{Crontab, Present, present};
