//! `--send`: one run of the sender, or one for each configuration at once.

use std::io::{self, IsTerminal};

use color_eyre::eyre;

use super::each::{ConfigurationOutcome, Limit, each, worst};
use super::selection::Selection;
use super::{SenderSetup, doctor};
use crate::cli::{Arguments, say};
use crate::clock::now;
use crate::config::{Config, DeliveredBy, Installed};
use crate::delivery::{Job, run};
use crate::doctor::earlier_life;
use crate::exit::Exit;
use crate::speaker;

const OFF: &str = "this configuration is switched off (`enabled = false`): nothing is sent";

/// How a configuration's run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SendResult {
    /// It was sent from here.
    Here(Exit),
    /// Netdata Cloud delivers.
    Cloud,
    /// It is switched off.
    Off,
}

impl SendResult {
    /// By whom a configuration is sent, if not from here.
    pub(super) fn elsewhere(config: &Config) -> Option<Self> {
        if !config.notification.enabled {
            return Some(Self::Off);
        }
        (config.notification.delivered_by == DeliveredBy::NetdataCloud).then_some(Self::Cloud)
    }

    /// Why nothing is sent from here, and what that leaves unknown.
    pub(super) fn words(self) -> String {
        match self {
            Self::Here(_) => String::new(),
            Self::Cloud => format!("{}\n{}", run::CLOUD_DELIVERS, run::CLOUD_UNPROVEN),
            Self::Off => OFF.to_owned(),
        }
    }

    /// The exit code where this is the only one.
    pub(super) fn alone(self) -> Exit {
        match self {
            Self::Here(exit) => exit,
            Self::Cloud => Exit::Configuration,
            Self::Off => Exit::Done,
        }
    }
}

/// The exit code of several: that Netdata Cloud delivers one is a mistake only where nothing is delivered from here.
pub(super) fn exit_of_several<T>(
    outcomes: &[ConfigurationOutcome<T>],
    sent: impl Fn(&T) -> SendResult,
) -> Exit {
    let is_here = |one: &ConfigurationOutcome<T>| {
        one.gave.as_ref().is_ok_and(|gave| matches!(sent(gave), SendResult::Here(_)))
    };
    let any_here = outcomes.iter().any(is_here);
    worst(outcomes, |gave| match sent(gave) {
        SendResult::Cloud if any_here => Exit::Done,
        sent => sent.alone(),
    })
}

pub(super) async fn send(arguments: &Arguments) -> eyre::Result<Exit> {
    match Selection::by(arguments)? {
        Selection::One(one) => send_one(&one).await.map(SendResult::alone),
        Selection::Several(named) => {
            let outcomes = each(named, Limit::Run, |one| async move { send_one(&one).await }).await;
            Ok(exit_of_several(&outcomes, |sent| *sent))
        }
    }
}

async fn send_one(one: &Installed) -> eyre::Result<SendResult> {
    let setup = match SenderSetup::or_elsewhere(one)? {
        Ok(setup) => setup,
        Err(SendResult::Cloud) => {
            say_cloud();
            return Ok(SendResult::Cloud);
        }
        Err(elsewhere) => return Ok(elsewhere),
    };
    let netdata = setup.netdata()?;
    let job = Job { by_hand: io::stdin().is_terminal(), ..setup.job(&netdata) };
    let report = run::send(&job).await?;
    for line in report.words {
        say(line);
    }
    if report.first {
        let schedule = doctor::schedule(one);
        let trace = earlier_life(&one.path, &setup.config, schedule.as_ref(), now(), &one.invocation);
        if let Some(trace) = trace {
            say(format_args!("{}; {}", trace.says, trace.fix));
        }
    }
    Ok(SendResult::Here(report.exit))
}

/// Says to a person that nothing is sent from here, and why.
pub(super) fn say_elsewhere(elsewhere: SendResult) {
    match elsewhere {
        SendResult::Here(_) => {}
        SendResult::Cloud => say_cloud(),
        SendResult::Off => say(OFF),
    }
}

fn say_cloud() {
    say(run::CLOUD_DELIVERS);
    if speaker::name().is_some() {
        say("to stop this warning, set `enabled = false` under `[notification]`");
    }
}
