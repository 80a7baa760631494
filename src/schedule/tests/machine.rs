//! A machine whose `crontab`, `systemctl` and `loginctl` are scripts.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use tempfile::TempDir;

use super::root;
use crate::schedule::{Installation, ScheduleError, Scheduler, Serves, install, plan, present};

/// A machine with programs that note how they were called, and a crontab that is a file.
pub(super) struct Machine {
    folder: TempDir,
    pub(super) installation: Installation,
}

impl Machine {
    pub(super) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir(at("bin")).unwrap();
        fs::create_dir(at("systemd")).unwrap();
        let installation = Installation {
            root: false,
            serves: Serves::One { name: "mine-5e11".into() },
            binary: at("netdata-ilert"),
            config: at("config/config.toml"),
            state_dir: at("state"),
            units: at("units"),
            systemd: at("systemd"),
            path: std::env::join_paths([at("bin"), "/usr/bin".into(), "/bin".into()]).unwrap(),
            ..root()
        };
        let machine = Self { folder, installation };
        machine.program("systemctl", "echo systemctl \"$@\" >> $HERE/calls");
        machine.program("loginctl", "echo no polkit >&2; exit 1");
        machine.program(
            "crontab",
            "if [ \"$1\" = -l ]; then cat $HERE/crontab 2>/dev/null || { echo no crontab for me >&2; exit 1; }
             else cat > $HERE/crontab; fi",
        );
        machine
    }

    pub(super) fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(super) fn program(&self, name: &str, script: &str) {
        let path = self.at("bin").join(name);
        let here = self.folder.path().display();
        fs::write(&path, format!("#!/bin/sh\nHERE={here}\n{script}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    pub(super) fn install(&self, kind: Scheduler) -> Result<Vec<String>, ScheduleError> {
        install(&plan(kind, &self.installation, &present(&self.installation)?)?)
    }

    pub(super) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.at(name)).unwrap()
    }
}
