//! The systemd units: their names, places and texts.

use std::path::{Path, PathBuf};

use super::error::ScheduleError;
use super::installation::{Installation, Serves};
use super::unit::UNIT;

const SYSTEM_SERVICE_TEXT: &str = include_str!("../../assets/systemd/netdata-ilert.service");
const USER_SERVICE_TEXT: &str = include_str!("../../assets/systemd/netdata-ilert-user.service");
const TIMER_TEXT: &str = include_str!("../../assets/systemd/netdata-ilert.timer");

/// The default state folder of a system service: systemd makes it.
const STATE: &str = "/var/lib/netdata-ilert";

/// Path and text of both units.
pub(super) fn units(installation: &Installation) -> Result<[(PathBuf, String); 2], ScheduleError> {
    let [service, timer] = paths(installation);
    Ok([(service, service_text(installation)?), (timer, named(TIMER_TEXT, installation))])
}

/// The timer's name, which is what is enabled.
pub(super) fn timer(unit: &str) -> String {
    format!("{unit}.timer")
}

/// Paths of the service and of the timer.
pub(super) fn paths(installation: &Installation) -> [PathBuf; 2] {
    paths_of(installation, &installation.unit())
}

/// Paths of the service and of the timer that are called so.
pub(super) fn paths_of(installation: &Installation, unit: &str) -> [PathBuf; 2] {
    paths_in(&installation.units, unit)
}

/// The same in another folder of units.
pub(super) fn paths_in(folder: &Path, unit: &str) -> [PathBuf; 2] {
    [folder.join(format!("{unit}.service")), folder.join(timer(unit))]
}

/// The service's lines that say what it runs.
pub(super) fn command(installation: &Installation) -> Result<Vec<String>, ScheduleError> {
    let root = installation.root;
    match &installation.serves {
        Serves::One { .. } => Ok(vec![command_of_one(installation)?]),
        Serves::All { folder } => {
            let mut lines = vec![format!(
                "ExecStart={} --send --state-dir {}",
                word(&installation.binary, root)?,
                word(&installation.state_dir, root)?
            )];
            if let Some(folder) = folder {
                let folder = escaped(&plain(folder, root)?);
                lines.push(format!("Environment=\"CONFIGURATION_DIRECTORY={folder}\""));
            }
            Ok(lines)
        }
    }
}

/// The line that runs one configuration, as version 0.1.0 wrote it for any.
pub(super) fn command_of_one(installation: &Installation) -> Result<String, ScheduleError> {
    Ok(format!(
        "ExecStart={} --send --config {} --state-dir {}",
        word(&installation.binary, installation.root)?,
        word(&installation.config, installation.root)?,
        word(&installation.state_dir, installation.root)?
    ))
}

/// The folder of configurations that a service names, if it names one.
pub(super) fn folder_of(service: &str) -> Option<PathBuf> {
    let set = |line: &str| {
        let set =
            line.trim_end().strip_prefix("Environment=\"CONFIGURATION_DIRECTORY=")?.strip_suffix('"')?;
        Some(set.replace("\\\"", "\"").replace(r"\\", r"\").replace("%%", "%"))
    };
    service.lines().find_map(set).map(PathBuf::from)
}

fn service_text(installation: &Installation) -> Result<String, ScheduleError> {
    let command = command(installation)?.join("\n");
    let folder = installation.config.parent().unwrap_or(Path::new("/"));
    let mut more = Vec::new();
    if installation.root {
        more.push(if installation.state_dir == Path::new(STATE) {
            "StateDirectory=netdata-ilert\nStateDirectoryMode=0700".to_owned()
        } else {
            // It is made when the schedule is installed.
            format!("ReadWritePaths={}", word(&installation.state_dir, true)?)
        });
    }
    more.extend(credentials(installation)?);
    let text = if installation.root { SYSTEM_SERVICE_TEXT } else { USER_SERVICE_TEXT };
    // Without a line for it, the place of the state leaves no empty line behind.
    let state = if more.is_empty() { String::new() } else { more.join("\n") + "\n" };
    Ok(named(text, installation)
        .replace("@STATE@\n", &state)
        .replace("@ENVIRONMENT@", &plain(&folder.join("environment"), installation.root)?)
        .replace("@COMMAND@", &command))
}

/// The service's lines that load the credentials.
pub(super) fn credentials(installation: &Installation) -> Result<Vec<String>, ScheduleError> {
    let load = |name: &String| {
        let file = plain(&installation.config.with_file_name(name), installation.root)?;
        Ok(format!("LoadCredential={}:{file}", name.replace('%', "%%")))
    };
    installation.credentials.iter().map(load).collect()
}

/// A unit's text with the unit's own name in its comments.
fn named(text: &str, installation: &Installation) -> String {
    let unit = installation.unit();
    let text = ["service", "timer"].iter().fold(text.to_owned(), |text, kind| {
        text.replace(&format!("{UNIT}.{kind}`"), &format!("{unit}.{kind}`"))
    });
    match &installation.serves {
        Serves::All { .. } => text,
        Serves::One { .. } => text
            .replace("--install-schedule systemd`;", "--config FILE --install-schedule systemd`;")
            .replace("netdata-ilert --remove-schedule`", "netdata-ilert --config FILE --remove-schedule`"),
    }
}

/// A path as one word of a command: quoted, with nothing for systemd to replace in it.
fn word(path: &Path, root: bool) -> Result<String, ScheduleError> {
    let text = escaped(&plain(path, root)?);
    let bare = text.chars().all(|c| c.is_alphanumeric() || "/._-+:@,=%".contains(c));
    Ok(if bare { text } else { format!("\"{text}\"") })
}

fn escaped(text: &str) -> String {
    text.replace('\\', r"\\").replace('"', "\\\"")
}

/// A path as the rest of a line.
fn plain(path: &Path, root: bool) -> Result<String, ScheduleError> {
    let refuse = |found| ScheduleError::Path { path: path.to_owned(), found, place: "a systemd unit" };
    let text = path.to_str().ok_or_else(|| refuse("bytes that are no UTF-8"))?;
    if text.chars().any(char::is_control) {
        return Err(refuse("a control character"));
    }
    // What it means, and how to escape it, differs from setting to setting and from word to word.
    if text.contains('$') {
        return Err(refuse("a dollar sign"));
    }
    // The system's service has a temporary folder of its own.
    if root && ["/tmp", "/var/tmp"].iter().any(|temporary| path.starts_with(temporary)) {
        return Err(ScheduleError::Temporary(path.to_owned()));
    }
    Ok(text.replace('%', "%%"))
}
