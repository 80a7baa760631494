//! `--install-schedule` and `--remove-schedule`: what runs `--send` again and again, a systemd timer (every
//! 15 seconds) or a line in the crontab (every minute).
//!
//! [`Installation`] says for whom and for what, [`Present`] what is there now; from the two [`plan`] and [`removal`]
//! compute a [`SchedulePlan`]: files, crontab, commands, as text, which [`SchedulePlan::shown`] shows before [`install`] does
//! it. Doing it twice changes nothing more; one kind of schedule replaces the other.

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
