//! Whether a schedule runs the sender, and when it last ran.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use super::state::LastRun;
use super::{DoctorInput, Line};
use crate::config::Config;
use crate::delivery::store::RunRecord;
use crate::schedule::{
    Crontab, Environment, Installation, Present, Runs, Scheduler, Way, is_stopped, present,
};
use crate::status::StatusReport;
use crate::text::ago::ago;

const CHECK: &str = "schedule";

/// cron runs a new line within the next minute, or the one after it (milliseconds).
const FIRST: i64 = 2 * 60_000;

/// Whether a schedule runs it. One that is not usable (`is_usable`) leaves no run, whatever runs it.
pub(super) fn lines(
    input: &DoctorInput<'_>,
    config: Option<&Config>,
    last: LastRun,
    is_usable: bool,
) -> Vec<Line> {
    if let Some(config) = config.filter(|config| !config.notification.is_sent_here()) {
        return idle(input, config).into_iter().collect();
    }
    let now = (input.clock)();
    let when = match last {
        LastRun::Never => "it never ran".to_owned(),
        LastRun::At(started) => format!("the last run was {}", ago(now, started)),
        LastRun::ByHand(started) => format!("the last run was {}, by hand", ago(now, started)),
        LastRun::Unknown => "when it last ran is not known, as the state does not say".to_owned(),
    };
    let Some(installation) = &input.schedule else {
        let says = format!("cannot tell whether anything runs `--send`, as there is no home folder; {when}");
        return vec![Line::warning(CHECK, says, "set `HOME`")];
    };
    let there = match present(installation) {
        Ok(there) => there,
        Err(error) => {
            let says = format!("cannot tell whether anything runs `--send`: {error}; {when}");
            return vec![Line::warning(CHECK, says, "run this as the user that runs `--send`")];
        }
    };
    let foreign = there.foreign_line(installation);
    if let (Some(number), true) = (foreign, there.kinds(installation).is_empty()) {
        let says =
            format!("line {number} of the crontab, which this program did not write, runs `--send`; {when}");
        return vec![match Lately::of(last, now) {
            Lately::Yes => Line::good(CHECK, says),
            Lately::No | Lately::Unknown => Line::warning(
                CHECK,
                says,
                "does cron run, and does the line use this configuration and state folder? Look with `crontab -l`",
            ),
        }];
    }
    let line = match (there.kinds(installation).as_slice(), &there.crontab, Lately::of(last, now)) {
        ([], Crontab::Denied(said), Lately::Yes) => {
            Line::good(CHECK, format!("something runs `--send`: {when}; the crontab cannot be read ({said})"))
        }
        ([], Crontab::Denied(said), _) => Line::warning(
            CHECK,
            format!(
                "cannot tell whether anything runs `--send`, as the crontab cannot be read ({said}); {when}"
            ),
            "run this as the user that runs `--send`, or look with `crontab -l`",
        ),
        ([], _, Lately::Yes) => by_something_else(input, installation, last, &when),
        ([], _, Lately::No) => {
            Line::warning(CHECK, format!("nothing runs `--send`; {when}"), installs(input, installation))
        }
        ([], _, Lately::Unknown) => Line::warning(
            CHECK,
            format!("none by this program; cannot tell whether something else runs `--send`: {when}"),
            installs(input, installation),
        ),
        ([kind @ Scheduler::Systemd], _, _) if is_usable && is_stopped(installation) => Line::warning(
            CHECK,
            format!("{kind}, which is stopped: nothing runs `--send` now; {when}"),
            format!("{} starts it", install(*kind, installation)),
        ),
        ([kind], _, Lately::Yes) => Line::good(CHECK, format!("{kind}; {when}")),
        ([kind], _, Lately::No) if !is_usable => Line::warning(
            CHECK,
            format!("{kind} is installed; {when}"),
            "correct the configuration first: no run begins with what is wrong above",
        ),
        ([kind], _, Lately::No) if last == LastRun::Never && is_new(input, &there, installation, now) => {
            Line::good(CHECK, format!("{kind}; it has not run yet, as it is new"))
        }
        ([kind], _, Lately::No) => {
            Line::wrong(CHECK, format!("{kind} is installed, but {when}"), look(*kind, installation))
        }
        ([kind], _, Lately::Unknown) => {
            let says = format!("{kind} is installed; {when}");
            Line::warning(CHECK, says, "mend the state folder first: the lines above say what is wrong")
        }
        _ => Line::warning(
            CHECK,
            format!("{} and {}; {when}", Scheduler::Systemd, Scheduler::Cron),
            format!("keep one: {} (or `cron`) removes the other", install(Scheduler::Systemd, installation)),
        ),
    };
    let second =
        foreign.filter(|_| !there.kinds(installation).is_empty()).map(|number| beside(number, installation));
    std::iter::once(line)
        .chain(strange(input, &there, installation))
        .chain(second)
        .chain(strays(input, config))
        .collect()
}

/// It ran lately, and no schedule can be seen.
fn by_something_else(
    input: &DoctorInput<'_>,
    installation: &Installation,
    last: LastRun,
    when: &str,
) -> Line {
    let says = if ran_before(&installation.binary, last) {
        format!("nothing runs `--send`; {when}, before this program was installed")
    } else if matches!(last, LastRun::ByHand(_)) {
        format!("nothing runs `--send` by itself, as far as can be seen: {when}")
    } else {
        let says =
            format!("none by this program; {when}, by something else, or by one that is removed since");
        return Line::good(CHECK, says);
    };
    Line::warning(CHECK, says, installs(input, installation))
}

/// The schedules that run something else than what is checked here.
fn strange(input: &DoctorInput<'_>, there: &Present, installation: &Installation) -> Vec<Line> {
    let strange = |kind: Scheduler| {
        let says = match there.runs(kind, installation) {
            Runs::This => return None,
            Runs::FirstAlone if !is_one_of_several(input, installation) => return None,
            Runs::FirstAlone => format!("{kind} runs `config.toml` alone, and none of the others"),
            Runs::Other => {
                format!("{kind} runs another program, configuration or state folder, not this one")
            }
        };
        Some(Line::warning(
            CHECK,
            says,
            format!("{} makes it run what is checked here", install(kind, installation)),
        ))
    };
    there.kinds(installation).into_iter().filter_map(strange).collect()
}

/// That a line of the crontab runs it beside the schedule of this program.
fn beside(number: usize, installation: &Installation) -> Line {
    let fix = format!(
        "keep one: remove that line by hand (`crontab -e`), or the other by {}",
        installation.command("--remove-schedule")
    );
    let says = format!("line {number} of the crontab, which this program did not write, runs `--send` too");
    Line::warning(CHECK, says, fix)
}

/// That a configuration which is to be run was not for a while, whatever should do it.
pub(super) fn late(status: &StatusReport, config: &Config, now: i64) -> Option<Line> {
    let started = status.last_run.as_ref()?.started;
    let is_late = config.notification.is_sent_here() && now.saturating_sub(started) > RunRecord::LATELY;
    is_late.then(|| {
        let says = format!("the last run was {}: does anything run `--send`?", ago(now, started));
        Line::warning(
            CHECK,
            says,
            format!(
                "{} says whether a schedule is there, and what is wrong with it",
                status.invocation.command("--doctor")
            ),
        )
    })
}

/// A schedule that is there although nothing is sent from here.
fn idle(input: &DoctorInput<'_>, config: &Config) -> Option<Line> {
    let installation =
        input.schedule.as_ref().filter(|installation| installation.is_idle(input.config, config))?;
    let kind = *present(installation).ok()?.kinds(installation).first()?;
    Some(Line::warning(CHECK, installation.idle_words(kind), removes(installation)))
}

/// What is set here and decides the way to ilert or Netdata, and is not so for the schedule that is there.
fn strays(input: &DoctorInput<'_>, config: Option<&Config>) -> Vec<Line> {
    let both = environment(input).zip(config);
    let strays = both.map_or_else(Vec::new, |(has, config)| has.strays(&Way::here(config)));
    strays.into_iter().map(|stray| Line::warning(CHECK, stray.what, stray.fix)).collect()
}

/// What the schedule that is there has of the secrets that the configuration takes from elsewhere than files.
pub(super) fn environment(input: &DoctorInput<'_>) -> Option<Environment> {
    let installation = input.schedule.as_ref()?;
    let there = present(installation).ok()?;
    let kind = *there.kinds(installation).first()?;
    Some(there.environment(kind, installation))
}

/// Whether the schedule, or the configuration that it runs, is so new that it may not have run yet.
fn is_new(input: &DoctorInput<'_>, there: &Present, installation: &Installation, now: i64) -> bool {
    let since = there.scheduled(installation).into_iter().filter_map(|scheduled| scheduled.since);
    let written = fs::metadata(input.config).and_then(|found| found.modified());
    let age = |since: SystemTime| {
        let since = since.duration_since(UNIX_EPOCH).ok()?;
        Some(now.saturating_sub(i64::try_from(since.as_millis()).ok()?))
    };
    since.chain(written).filter_map(age).any(|age| age.abs() < FIRST)
}

/// Whether this program was installed after the last run: what ran it then went with the program before.
fn ran_before(binary: &Path, last: LastRun) -> bool {
    let installed = fs::metadata(binary).map(|found| found.ctime() * 1000 + found.ctime_nsec() / 1_000_000);
    matches!((installed, last), (Ok(installed), LastRun::At(started) | LastRun::ByHand(started)) if started < installed)
}

/// Whether it ran as lately as what a schedule runs.
enum Lately {
    Yes,
    No,
    Unknown,
}

impl Lately {
    fn of(last: LastRun, now: i64) -> Self {
        match last {
            LastRun::At(started) | LastRun::ByHand(started) if now - started <= RunRecord::LATELY => {
                Self::Yes
            }
            LastRun::At(_) | LastRun::ByHand(_) | LastRun::Never => Self::No,
            LastRun::Unknown => Self::Unknown,
        }
    }
}

/// Whether more is installed than the first configuration.
fn is_one_of_several(input: &DoctorInput<'_>, installation: &Installation) -> bool {
    input.others.iter().any(|other| other.path != installation.config)
}

fn installs(input: &DoctorInput<'_>, installation: &Installation) -> String {
    match installation.offered() {
        Some(kind) => install(kind, installation),
        None => format!(
            "there is neither systemd nor cron here: {} runs it in a loop",
            input.invocation.command("--watch 15")
        ),
    }
}

/// The command that installs it.
fn install(kind: Scheduler, installation: &Installation) -> String {
    installation.command(&format!("--install-schedule {}", kind.word()))
}

fn removes(installation: &Installation) -> String {
    format!("{} removes it", installation.command("--remove-schedule"))
}

fn look(kind: Scheduler, installation: &Installation) -> String {
    let user = if installation.root { "" } else { "--user " };
    let unit = installation.unit();
    match kind {
        Scheduler::Systemd => format!(
            "`systemctl {user}status {unit}.timer` and `journalctl {user}-u {unit}` say why; \
             {} starts it again",
            install(kind, installation)
        ),
        Scheduler::Cron => {
            "does cron run (`systemctl status cron`)? Look for its errors in your mail".to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::late;
    use crate::config::{self, DeliveredBy, TEMPLATE};
    use crate::delivery::store::RunRecord;
    use crate::status::StatusReport;

    #[test]
    fn a_run_that_is_late_is_said_only_of_what_is_to_run_here() {
        let mut config = config::parse(&TEMPLATE, Path::new("/etc/netdata-ilert/config.toml")).unwrap();
        let mut status = StatusReport::default();
        status.last_run = Some(RunRecord { started: 1_000, ..RunRecord::default() });
        assert!(late(&status, &config, 1_000 + RunRecord::LATELY).is_none());
        let line = late(&status, &config, 1_001 + RunRecord::LATELY).unwrap();
        assert!(line.says.contains("5 min ago"), "{line:?}");
        assert!(late(&StatusReport::default(), &config, 1_001 + RunRecord::LATELY).is_none());
        config.notification.enabled = false;
        assert!(late(&status, &config, 1_001 + RunRecord::LATELY).is_none());
        config.notification.enabled = true;
        config.notification.delivered_by = DeliveredBy::NetdataCloud;
        assert!(late(&status, &config, 1_001 + RunRecord::LATELY).is_none());
    }
}
