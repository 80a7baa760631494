//! For whom schedules are in these tests, and what is there before.

mod crontabs;
mod installs;
mod machine;
mod plans;

use super::{Crontab, Installation, Present};

const OTHERS: &str = "MAILTO=ops@example.org\n# m h dom mon dow command\n15 3 * * * backup\n";

fn root() -> Installation {
    Installation {
        root: true,
        binary: "/usr/local/bin/netdata-ilert".into(),
        config: "/etc/netdata-ilert/config.toml".into(),
        state_dir: "/var/lib/netdata-ilert".into(),
        credentials: Vec::new(),
        variables: Vec::new(),
        units: "/etc/systemd/system".into(),
        systemd: "/".into(),
        path: "/usr/bin:/bin".into(),
        limit: super::program::LIMIT,
    }
}

fn user() -> Installation {
    Installation {
        root: false,
        config: "/home/me/my files/50%/config.toml".into(),
        state_dir: "/home/me/.local/state/netdata-ilert".into(),
        units: "/home/me/.config/systemd/user".into(),
        ..root()
    }
}

fn nothing(crontab: &str) -> Present {
    Present { service: None, timer: None, crontab: Crontab::Text(crontab.to_owned()) }
}
