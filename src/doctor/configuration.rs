//! The file, the secrets that it names, and settings that are probably mistakes.

use std::path::Path;

use super::{Line, count};
use crate::config::{Config, ConfigError, DeliveredBy, Invocation, SecretSource};
use crate::delivery::run::CLOUD_UNPROVEN;
use crate::payload::Renderer;
use crate::schedule::Environment;
use crate::secret::{Secret, SecretKind};
use crate::text::ShownPath as _;

const CHECK: &str = "configuration";

/// ilert takes so many events a minute for one key (its documentation, alert sources).
pub(super) const ILERT_TAKES: u32 = 50;

/// `schedule` is what the schedule that is there has of the secrets.
pub(super) fn lines(
    path: &Path,
    loaded: &Result<Config, ConfigError>,
    schedule: Option<&Environment>,
    invocation: &Invocation,
) -> Vec<Line> {
    let config = match loaded {
        Ok(config) => config,
        Err(error) => return vec![unusable(error)],
    };
    let mut lines = vec![good(path, config)];
    if !config.notification.enabled {
        return lines;
    }
    lines.extend(cloud(config));
    lines.extend(secrets(config, schedule));
    lines.extend(never_resolved(config));
    if let Err(error) = Renderer::check(&config.templates) {
        lines.push(Line::wrong(
            "templates",
            error.to_string(),
            format!(
                "correct it under `[templates]`; until then the built-in payload is sent. {} shows what becomes of it",
                invocation.command("--preview --sample")
            ),
        ));
    }
    let pace = config.delivery.events_per_minute;
    if pace > ILERT_TAKES {
        lines.push(Line::warning(
            "pace",
            format!("`events_per_minute` is {pace}, and ilert takes {ILERT_TAKES} for one key: the rest is refused for a while"),
            format!("set it to {ILERT_TAKES} or less under `[delivery]`"),
        ));
    }
    lines
}

fn unusable(error: &ConfigError) -> Line {
    let line = match error {
        ConfigError::Invalid { path, problems } => Line::wrong(
            CHECK,
            format!("{} in `{}`", count(problems.len(), "mistake"), path.shown()),
            problems
                .iter()
                .map(|problem| format!("line {}: {problem}", problem.line))
                .collect::<Vec<_>>()
                .join("\n"),
        ),
        error => Line::advised(CHECK, error),
    };
    line.by_configuration()
}

fn good(path: &Path, config: &Config) -> Line {
    let rooms = match config.notification.rooms.as_slice() {
        [] => "all nodes".to_owned(),
        rooms => format!("the rooms {}", rooms.join(", ")),
    };
    let says = format!("`{}` is valid: \"{}\" tells of {rooms}", path.shown(), config.notification.name);
    if !config.notification.enabled {
        return Line::warning(
            CHECK,
            format!("{says}, and is switched off: nothing is sent, and what is open stays open"),
            "set `enabled = true` under `[notification]` to switch it on",
        );
    }
    match config.notification.delivered_by {
        DeliveredBy::NetdataIlert => Line::good(CHECK, says),
        DeliveredBy::NetdataCloud => Line::warning(
            CHECK,
            format!("{says}, and leaves the delivery to Netdata Cloud: `--send` declines"),
            "set `delivered_by = \"netdata-ilert\"` if this machine is to deliver",
        ),
    }
}

/// What cannot be looked at where Netdata Cloud delivers.
fn cloud(config: &Config) -> Option<Line> {
    let (says, fix) = CLOUD_UNPROVEN.split_once(": ")?;
    (!config.notification.is_sent_here()).then(|| Line::warning("Netdata Cloud", says.to_owned(), fix))
}

fn secrets(config: &Config, schedule: Option<&Environment>) -> Vec<Line> {
    let some = |secret: Result<Secret, ConfigError>| secret.map(Some);
    let netdata = &config.netdata;
    [
        ("API key", SecretKind::Key, Some(&config.integration.api_key), some(config.api_key())),
        ("password", SecretKind::Password, netdata.password.as_ref(), config.netdata_password()),
        ("bearer token", SecretKind::Key, netdata.bearer_token.as_ref(), config.netdata_bearer_token()),
        ("heartbeat URL", SecretKind::Url, config.heartbeat.url.as_ref(), config.heartbeat_url()),
    ]
    .into_iter()
    .filter_map(|(check, kind, source, secret)| {
        let source = source?;
        Some(match secret {
            Ok(Some(secret)) => {
                let says = format!("{}, {}", secret.masked(), place(source));
                if let Some(missing) = schedule.and_then(|schedule| schedule.lack(source)) {
                    return Some(Line::warning(check, format!("{says}: {}", missing.what), missing.fix));
                }
                match source.cleaned(kind).ok().and_then(|cleaned| cleaned.note()) {
                    Some(note) => Line::warning(
                        check,
                        format!("{says}; {note}"),
                        "keep the secret there, and nothing else",
                    ),
                    None => Line::good(check, says),
                }
            }
            Ok(None) => return None,
            Err(error) => Line::advised(check, &error).by_configuration(),
        })
    })
    .collect()
}

fn place(source: &SecretSource) -> String {
    match source {
        SecretSource::File(path) => format!("in `{}`, which only its owner can read", path.shown()),
        SecretSource::Env(name) => {
            format!("in the environment variable `{name}` of this very call; cron and systemd have their own")
        }
        SecretSource::Credential(name) => format!("the credential `{name}` of systemd"),
        SecretSource::Literal(_) => "in the configuration, which only its owner can read".to_owned(),
    }
}

fn never_resolved(config: &Config) -> Vec<Line> {
    let types = config.notification.notify;
    let mut lines = Vec::new();
    let mut warn = |says: &str, word: &str| {
        lines.push(Line::warning(
            "notification",
            says.to_owned(),
            format!("add `\"{word}\"` to `notify` under `[notification]`"),
        ));
    };
    if (types.critical || types.warning) && !types.clear {
        warn("no alert that clears is resolved in ilert: each stays open until a person closes it", "clear");
    }
    if types.unreachable && !types.reachable {
        warn(
            "no node that comes back is resolved in ilert: its alert stays open until a person closes it",
            "reachable",
        );
    }
    if !(types.critical || types.warning || types.unreachable) {
        warn("nothing is ever told: only what is over is chosen", "critical");
    }
    lines
}
