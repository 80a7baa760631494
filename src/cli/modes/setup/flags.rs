//! Has what `--setup` says name its own flags, in the place of the file's keys and of other modes.

use std::fmt::Display;

use color_eyre::eyre;

use crate::cli;
use crate::cli::modes::exit_of;
use crate::exit::Stopped;
use crate::http::Settings;
use crate::netdata::SettingNames;

/// What the settings of Netdata are called.
pub(super) const NETDATA: SettingNames = SettingNames {
    url: "`--netdata-url`",
    login: "`--netdata-user` and `--netdata-password-file`",
    token: "`--netdata-token-file`",
    again: "wait a moment; the same call again goes on from here",
    tls: Settings { url: "`--netdata-url`", ca_file: "`--netdata-ca`" },
};

/// What other rooms say, and what it is called here.
const OTHERS: [(&str, &str); 12] = [
    ("`netdata-ilert --install-schedule ", "`--install-schedule "),
    ("`netdata-ilert --remove-schedule`", "`--schedule none`"),
    ("`--install-schedule systemd` (or `cron`)", "`--schedule systemd` (or `--schedule cron`)"),
    ("`--install-schedule cron`", "`--schedule cron`"),
    ("`--install-schedule systemd`", "`--schedule systemd`"),
    ("`--remove-schedule`", "`--schedule none`"),
    (
        "; or keep it instead of this",
        "; or keep it as the schedule: have it name this configuration (`--config`) and its state folder (`--state-dir`), \
         or leave `--schedule` out",
    ),
    ("`proxy` under `[ilert]`", "`--ilert-proxy`"),
    ("`ilert.proxy`", "`--ilert-proxy`"),
    ("`ca_file` under `[ilert]`", "`--ilert-ca`"),
    ("`ca_file` under `[netdata]`", "`--netdata-ca`"),
    ("`url` under `[netdata]`", "`--netdata-url`"),
];

/// The same words with the flags in them.
pub(super) fn named(words: &str) -> String {
    OTHERS.iter().fold(words.to_owned(), |words, (other, flag)| words.replace(other, flag))
}

/// Says something, with the flags in it.
pub(super) fn say(words: impl Display) {
    cli::say(named(&words.to_string()));
}

/// Why `--setup` does not go on, with the flags in it.
pub(super) fn by_flags(report: &eyre::Report) -> Stopped {
    Stopped { words: named(&format!("{report:#}")), exit: exit_of(report) }
}
