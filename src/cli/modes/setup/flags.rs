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
const OTHERS: [(&str, &str); 7] = [
    ("`--install-schedule systemd` (or `cron`)", "`--schedule systemd` (or `--schedule cron`)"),
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
    let words = OTHERS.iter().fold(words.to_owned(), |words, (other, flag)| words.replace(other, flag));
    // Every second part stands between backticks.
    let parts = words.split('`').enumerate();
    let parts = parts.map(|(at, part)| if at % 2 == 1 { flag(part) } else { part.to_owned() });
    parts.collect::<Vec<_>>().join("`")
}

/// The flag that does what a command does with the schedule, whatever the command is called by.
fn flag(command: &str) -> String {
    let is_ours = |called: &str| called.is_empty() || called.starts_with("netdata-ilert ");
    let kind = match command.split_once("--install-schedule ") {
        Some((called, kind @ ("systemd" | "cron"))) if is_ours(called) => kind,
        _ if command.strip_suffix("--remove-schedule").is_some_and(is_ours) => "none",
        _ => return command.to_owned(),
    };
    format!("--schedule {kind}")
}

/// Says something, with the flags in it.
pub(super) fn say(words: impl Display) {
    cli::say(named(&words.to_string()));
}

/// Why `--setup` does not go on, with the flags in it.
pub(super) fn by_flags(report: &eyre::Report) -> Stopped {
    Stopped { words: named(&format!("{report:#}")), exit: exit_of(report) }
}

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn commands_of_the_schedule_become_flags() {
        for (said, expected) in [
            (
                "`netdata-ilert --state-dir '/my state' --remove-schedule` removes it",
                "`--schedule none` removes it",
            ),
            ("use `--install-schedule cron`, or", "use `--schedule cron`, or"),
            ("run `netdata-ilert -c /srv/a.toml --install-schedule systemd`", "run `--schedule systemd`"),
            ("`--install-schedule systemd` (or `cron`)", "`--schedule systemd` (or `--schedule cron`)"),
            ("`sudo x --remove-schedule`", "`sudo x --remove-schedule`"),
        ] {
            assert_eq!(named(said), expected);
        }
    }
}
