//! For whom schedules are in these tests, and what is there before.

mod crontabs;
mod installs;
mod machine;
mod packaged;
mod plans;
mod scheduled;
mod secrets;
mod several;

use std::path::Path;

use super::{Crontab, Installation, Present, Serves, UnsuffixedUnits};
use crate::config::Invocation;

const OTHERS: &str = "MAILTO=ops@example.org\n# m h dom mon dow command\n15 3 * * * backup\n";

pub(super) fn root() -> Installation {
    Installation {
        root: true,
        serves: Serves::All { folder: None },
        invocation: Invocation::default(),
        binary: "/usr/local/bin/netdata-ilert".into(),
        config: "/etc/netdata-ilert/config.toml".into(),
        state_dir: "/var/lib/netdata-ilert".into(),
        credentials: Vec::new(),
        variables: Vec::new(),
        way: super::Way::default(),
        units: "/etc/systemd/system".into(),
        vendor: Vec::new(),
        systemd: "/".into(),
        path: "/usr/bin:/bin".into(),
        limit: super::program::LIMIT,
    }
}

/// A configuration of root's that is not in the usual folder.
fn elsewhere() -> Installation {
    Installation {
        serves: Serves::One { name: "x-5e11".into() },
        config: "/srv/x.toml".into(),
        invocation: Invocation::with_file(Path::new("/srv/x.toml")),
        state_dir: "/srv/state".into(),
        ..root()
    }
}

fn user() -> Installation {
    Installation {
        root: false,
        serves: Serves::One { name: "mine-5e11".into() },
        config: "/home/me/my files/50%/config.toml".into(),
        state_dir: "/home/me/.local/state/netdata-ilert".into(),
        units: "/home/me/.config/systemd/user".into(),
        ..root()
    }
}

fn nothing(crontab: &str) -> Present {
    Present {
        service: None,
        timer: None,
        unsuffixed: UnsuffixedUnits::None,
        packaged: None,
        other_units: Vec::new(),
        crontab: Crontab::Text(crontab.to_owned()),
    }
}
