//! The units that a package brought. They are the package's: a plan enables and disables them, and never changes or
//! removes one.

use std::fs;
use std::path::PathBuf;

use super::error::ScheduleError;
use super::installation::{Installation, Serves};
use super::systemd;
use super::unit::{self, UNIT};

/// The units of a package, as systemd finds them. They run all that are installed in the usual folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packaged {
    /// The folder that they are in.
    pub folder: PathBuf,
    /// The service's text.
    pub service: String,
    /// The link that starts the timer with the machine, if it is enabled.
    pub link: Option<PathBuf>,
}

impl Packaged {
    /// The first that systemd would find. None are for one configuration elsewhere.
    pub(super) fn find(installation: &Installation) -> Result<Option<Self>, ScheduleError> {
        if let Serves::One { .. } = installation.serves {
            return Ok(None);
        }
        for folder in &installation.vendor {
            let [service, timer] = systemd::paths_in(folder, UNIT);
            if let (Some(service), true) = (unit::read(&service)?, timer.is_file()) {
                let link = enabling_link(installation);
                return Ok(Some(Self { folder: folder.clone(), service, link }));
            }
        }
        Ok(None)
    }

    /// Whether they do all that is asked of a schedule for this installation.
    pub(super) fn do_for(&self, installation: &Installation) -> bool {
        let has = |line: &String| unit::has_line(&self.service, line);
        systemd::command(installation).is_ok_and(|lines| lines.iter().all(has))
            && systemd::credentials(installation).is_ok_and(|lines| lines.iter().all(has))
    }
}

/// The link by which `systemctl enable` has the timer started, if it is there and the timer is not masked.
fn enabling_link(installation: &Installation) -> Option<PathBuf> {
    let timer = systemd::timer(UNIT);
    let link = installation.units.join("timers.target.wants").join(&timer);
    let is_masked = unit::is_masked(&installation.units.join(&timer));
    (!is_masked && fs::symlink_metadata(&link).is_ok()).then_some(link)
}
