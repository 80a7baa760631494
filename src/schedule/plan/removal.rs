//! What there is to do to take a schedule away, whatever comes in its place.

use super::{PlannedCommand, PlannedFile, SchedulePlan, systemctl};
use crate::schedule::error::ScheduleError;
use crate::schedule::installation::Installation;
use crate::schedule::packaged::Packaged;
use crate::schedule::present::{Crontab, Present, UnsuffixedUnits};
use crate::schedule::unit::UNIT;
use crate::schedule::{crontab, systemd};
use crate::text::ShownPath as _;

/// What there is to do to remove this schedule, of whichever kind it is.
pub fn removal(installation: &Installation, present: &Present) -> Result<SchedulePlan, ScheduleError> {
    let mut plan = SchedulePlan::empty(installation);
    plan.take_units(installation, present);
    plan.take_line(installation, present);
    plan.remark_foreign(present);
    match &present.crontab {
        // Whether there is anything to do is not known.
        Crontab::Denied(_) if plan.is_empty() => present.crontab.text().map(|_| plan),
        _ => Ok(plan),
    }
}

impl SchedulePlan {
    pub(super) fn take_units(&mut self, installation: &Installation, present: &Present) {
        let [service, timer] = systemd::paths(installation);
        let there = [(timer, &present.timer), (service, &present.service)];
        let removed = there.into_iter().filter(|(_, old)| old.is_some());
        self.files.extend(removed.map(|(path, old)| PlannedFile { path, text: None, old: old.clone() }));
        // Where systemd does not run, nothing of it is to be stopped.
        if !self.files.is_empty() && installation.systemd.exists() {
            self.stop(&installation.unit(), installation);
        }
        self.disable_packaged(installation, present);
        self.take_former(installation, present);
    }

    /// Switches a package's timer off. Its units stay.
    fn disable_packaged(&mut self, installation: &Installation, present: &Present) {
        let Some(Packaged { folder, link: Some(link), .. }) = &present.packaged else { return };
        if !installation.systemd.exists() {
            self.files.push(PlannedFile { path: link.clone(), text: None, old: None });
        } else if self.stop.is_empty() {
            self.stop.push(disable(UNIT, installation));
        }
        self.notes.push(format!("the units in `{}` are the package's, and stay there", folder.shown()));
    }

    fn stop(&mut self, unit: &str, installation: &Installation) {
        self.stop.push(disable(unit, installation));
        self.settle = vec![systemctl(installation, &["daemon-reload"])];
    }

    /// Takes away the units that version 0.1.0 wrote for this configuration.
    pub(super) fn take_former(&mut self, installation: &Installation, present: &Present) {
        let UnsuffixedUnits::Former(text) = &present.unsuffixed else { return };
        let [service, timer] = systemd::paths_of(installation, UNIT);
        // Nothing is known of the timer's text, and it says nothing of whose it is.
        let removed = [(timer, None), (service, Some(text.clone()))];
        self.files.extend(removed.map(|(path, old)| PlannedFile { path, text: None, old }));
        if installation.systemd.exists() {
            self.stop(UNIT, installation);
        }
    }

    pub(super) fn take_line(&mut self, installation: &Installation, present: &Present) {
        if let Crontab::Denied(said) = &present.crontab {
            self.notes.push(format!(
                "the crontab cannot be read ({said}): whether it has a line of this program is not known"
            ));
        }
        if let Crontab::Text(before) = &present.crontab
            && crontab::is_in(before, installation)
        {
            self.crontab = Some((before.clone(), crontab::without(before, installation)));
        }
    }
}

fn disable(unit: &str, installation: &Installation) -> PlannedCommand {
    systemctl(installation, &["disable", "--now", &systemd::timer(unit)])
}
