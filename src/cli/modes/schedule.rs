//! `--install-schedule` and `--remove-schedule`: shows what will be done, asks first if a person is at the terminal, and
//! does it.

use std::io::{self, BufRead, IsTerminal, StdinLock};

use color_eyre::eyre::{self, WrapErr};

use super::{config_path, state_dir};
use crate::cli::{Arguments, ask, say, stdin};
use crate::config;
use crate::exit::Exit;
use crate::output::stderr;
use crate::schedule::{self, Installation, SchedulePlan, Scheduler, present};

/// `--install-schedule`. A configuration that cannot be used is refused: nothing would run it.
pub async fn install(arguments: &Arguments, kind: Scheduler) -> eyre::Result<Exit> {
    let path = config_path(arguments)?;
    let config = config::load(&path)?;
    let installation = Installation::here(&path, &config, &state_dir(arguments)?)?;
    let plan = schedule::plan(kind, &installation, &present(&installation)?)?;
    carry_out(&plan, "`--doctor` shows whether it runs; `--remove-schedule` removes it").await
}

/// `--remove-schedule`.
pub async fn remove() -> eyre::Result<Exit> {
    let installation = Installation::without_config()?;
    let there = present(&installation)?;
    let plan = schedule::removal(&installation, &there)?;
    let then = if there.foreign_line().is_some() {
        "the crontab still has a line that runs the sender, which this program did not write"
    } else {
        "nothing runs the sender now: what is open in ilert stays open"
    };
    carry_out(&plan, then).await
}

async fn carry_out(plan: &SchedulePlan, then: &str) -> eyre::Result<Exit> {
    say(plan.shown());
    if plan.is_empty() {
        return Ok(Exit::Done);
    }
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
