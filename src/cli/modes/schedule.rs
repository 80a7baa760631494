//! `--install-schedule` and `--remove-schedule`: shows what will be done, asks first if a person is at the terminal,
//! and does it.

use std::io::{self, BufRead, IsTerminal, StdinLock};

use color_eyre::eyre::{self, WrapErr};

use super::Misuse;
use super::selection::{self, Selection};
use crate::cli::{Arguments, ask, say, stdin};
use crate::config::{self, Config, FoundConfigurations, Installed};
use crate::delivery::run::CLOUD_DELIVERS;
use crate::exit::{Exit, Stopped};
use crate::output::stderr;
use crate::schedule::{self, Installation, Present, SchedulePlan, Scheduler, Serves, present};
use crate::status;
use crate::text::ShownPath as _;

/// `--install-schedule`. A configuration that cannot be used is refused: nothing would run it.
pub async fn install(arguments: &Arguments, kind: Scheduler) -> eyre::Result<Exit> {
    let one = match Selection::by(arguments)? {
        Selection::One(one) => one,
        Selection::Several(named) => usable(named)?,
    };
    let config = selection::load(&one)?;
    let (installation, there) = needed(&one, &config)?;
    let plan = schedule::plan(kind, &installation, &there)?;
    say_others(&installation);
    if let Serves::All { .. } = installation.serves
        && arguments.config.is_some()
    {
        say("the schedule runs all configurations that are installed; `enabled = false` switches one off");
    }
    let [doctor, remove] = ["--doctor", "--remove-schedule"].map(|option| installation.command(option));
    carry_out(&plan, &format!("{doctor} shows whether it runs; {remove} removes it")).await
}

/// Says which schedules are others', and stay as they are.
pub(super) fn say_others(installation: &Installation) {
    let others = present(installation).map(|there| there.others(installation)).unwrap_or_default();
    if !others.is_empty() {
        say(format_args!("left alone, as it is for others: {}", others.join("; ")));
    }
}

/// Where the schedule would be, and what is there. Refuses one that would send nothing. The configuration's file need not
/// be there yet.
fn needed(one: &Installed, config: &Config) -> eyre::Result<(Installation, Present)> {
    let installation = Installation::here(&one.path, config, &one.state, &one.invocation)?;
    let there = present(&installation)?;
    if installation.is_idle(&one.path, config) {
        return Err(needless(&installation, &there).into());
    }
    Ok((installation, there))
}

/// What there is to do for a call that only says what there is to be: a line of the crontab that somebody else wrote is
/// the schedule, where it runs just this.
pub(super) fn planned_or_kept(
    one: &Installed,
    config: &Config,
    kind: Scheduler,
) -> eyre::Result<(Installation, SchedulePlan)> {
    let (installation, there) = needed(one, config)?;
    let kept = match kind {
        Scheduler::Cron => schedule::kept_by_hand(&installation, &there),
        Scheduler::Systemd => None,
    };
    let plan = kept.map_or_else(|| schedule::plan(kind, &installation, &there), Ok)?;
    Ok((installation, plan))
}

/// Why a schedule that would send nothing is refused.
fn needless(installation: &Installation, there: &Present) -> Stopped {
    let found = there.kinds(installation).first().map_or_else(String::new, |kind| {
        let remove = installation.command("--remove-schedule");
        format!("\n{}: {remove} removes it", installation.idle_words(*kind))
    });
    let words = format!("{CLOUD_DELIVERS}; so there is no need of a schedule, and none was installed{found}");
    Stopped { words, exit: Exit::Configuration }
}

/// What is said of a schedule that is there and sends nothing.
pub(super) fn idle(one: &Installed, config: &Config) -> Option<String> {
    let installation = Installation::of(one).ok().filter(|found| found.is_idle(&one.path, config))?;
    let remove = installation.command("--remove-schedule");
    Some(format!("{}: {remove} removes it", installation.idle_words(there(one)?)))
}

/// The schedule that is there, as far as that can be seen.
pub(super) fn there(one: &Installed) -> Option<Scheduler> {
    let installation = Installation::of(one).ok()?;
    present(&installation).ok()?.kinds(&installation).first().copied()
}

/// The number of the crontab's line that runs it and that this program did not write, if there is one.
pub(super) fn by_hand(one: &Installed) -> Option<usize> {
    let installation = Installation::of(one).ok()?;
    present(&installation).ok()?.foreign_line(&installation)
}

/// One of several that can be used: the schedule runs the others, too, as soon as they can be.
fn usable(named: FoundConfigurations) -> eyre::Result<Installed> {
    let mut broken = None;
    for one in named.installed {
        match selection::load(&one) {
            Ok(_) => return Ok(one),
            Err(error) => broken = broken.or(Some(error)),
        }
    }
    let refused = named.refused.into_iter().next().map(|refused| refused.error);
    Err(broken.or(refused).map_or_else(|| Misuse("there is no configuration".to_owned()).into(), Into::into))
}

/// `--remove-schedule`.
pub async fn remove(arguments: &Arguments) -> eyre::Result<Exit> {
    let one = selection::one(arguments)?;
    let (installation, there) = removable(&one)?;
    if arguments.config.is_some() && there.kinds(&installation).is_empty() {
        selection::must_be_there(&one)?;
    }
    let plan = schedule::removal(&installation, &there)?;
    let others = there.others(&installation);
    let left_open = left_open(&installation, &one);
    let then = if there.foreign_line(&installation).is_some() {
        "the crontab still has a line that runs the sender, which this program did not write".to_owned()
    } else if others.is_empty() {
        let open = left_open.as_deref().map(|open| format!(": {open}")).unwrap_or_default();
        format!("nothing runs the sender now{open}")
    } else {
        format!(
            "other schedules of this program stay ({}): each is removed with its own `--config`",
            others.join("; ")
        )
    };
    if plan.is_empty() {
        let open = left_open.map(|open| format!("; unless something else runs the sender, {open}"));
        say(format_args!("there is no schedule of this program's{}", open.unwrap_or_default()));
        return Ok(Exit::Done);
    }
    carry_out(&plan, &then).await
}

/// The schedule of a configuration, unless it is that of all, and there.
pub(super) fn removable(one: &Installed) -> eyre::Result<(Installation, Present)> {
    let installation = Installation::of(one)?;
    let there = present(&installation)?;
    let is_of_all = !one.is_elsewhere && one.name != config::FIRST;
    if is_of_all && !there.kinds(&installation).is_empty() {
        let condition = if one.path.exists() { "" } else { ", once it is written," };
        return Err(Misuse(format!(
            "the schedule runs all configurations that are installed: `enabled = false` in `{}`{condition} switches this one \
             off; `--remove-schedule` without `--config` removes the schedule of all",
            one.path.shown()
        ))
        .into());
    }
    Ok((installation, there))
}

/// What stays open in ilert once nothing runs the sender, and where to look, as far as its states say.
fn left_open(installation: &Installation, one: &Installed) -> Option<String> {
    let installed = match installation.serves {
        Serves::All { .. } => {
            FoundConfigurations::find(&installation.config, &installation.state_dir).installed
        }
        Serves::One { .. } => vec![one.clone()],
    };
    let open = |one: &Installed| match status::read(&one.state) {
        Ok(status) if status.open.is_empty() => None,
        Ok(status) => Some(status.open_in_words()),
        Err(error) => Some(format!("which, is not known ({error})")),
    };
    let named = |one: &Installed| {
        let words = open(one)?;
        Some(if installed.len() > 1 { format!("{}: {words}", one.name) } else { words })
    };
    let words: Vec<String> = installed.iter().filter_map(named).collect();
    (!words.is_empty()).then(|| {
        format!("what is open in ilert stays open, until somebody resolves it there: {}", words.join("; "))
    })
}

async fn carry_out(plan: &SchedulePlan, then: &str) -> eyre::Result<Exit> {
    if schedule::is_in_force(plan) {
        say(plan.unchanged());
        return Ok(Exit::Done);
    }
    schedule::check(plan)?;
    say(plan.shown());
    if io::stdin().is_terminal() && stderr().is_terminal() && !agreed().await? {
        say("nothing was changed");
        return Ok(Exit::Done);
    }
    for line in schedule::install(plan)? {
        say(line);
    }
    say(then);
    Ok(Exit::Done)
}

async fn agreed() -> eyre::Result<bool> {
    ask("\nDo this? [y/N] ");
    let line = |mut stdin: StdinLock<'_>| {
        let mut line = String::new();
        stdin.read_line(&mut line).map(|_| line)
    };
    let line = stdin::read(line).await.wrap_err("cannot read the answer")?;
    Ok(matches!(line.trim().to_ascii_lowercase().as_str(), "y" | "yes"))
}
