//! What runs the sender from then on: what can be chosen, what is there, and what is told of it.

use crate::schedule::{Missing, Scheduled, Scheduler};
use crate::wizard::answers::{Answers, Schedule};
use crate::wizard::context::{Context, Preparation};
use crate::wizard::form::{Caveat, Choice};
use crate::wizard::steps::source::on_screen;
use crate::words::sentence;

/// The installed schedule of this configuration.
pub(super) fn own(context: &Context) -> Option<&Scheduled> {
    context.writing.preparation.as_ref()?.own()
}

/// The schedules that can be chosen, the one that is there first; `None` is none. None comes first where something else runs
/// the sender, and where a configuration that is edited has had none; and where Netdata Cloud delivers: then only what is
/// there can be kept.
pub(super) fn kinds(answers: &Answers, context: &Context) -> Vec<Option<Scheduler>> {
    let own = own(context).map(|scheduled| scheduled.kind);
    if answers.is_cloud() {
        return [None].into_iter().chain(own.map(Some)).collect();
    }
    let offered = context.writing.preparation.iter().flat_map(Preparation::offered);
    let others = offered.filter(|kind| Some(*kind) != own).map(Some);
    if own.is_none() && (by_hand(context).is_some() || had_none(answers, context)) {
        return [None].into_iter().chain(others).collect();
    }
    own.map(Some).into_iter().chain(others).chain([None]).collect()
}

/// The number of the crontab's line that runs the sender and that this program did not write.
#[must_use]
pub fn by_hand(context: &Context) -> Option<usize> {
    context.writing.preparation.as_ref()?.by_hand.as_ref().map(|line| line.number)
}

/// Whether a configuration is edited that no schedule of this program's runs.
fn had_none(answers: &Answers, context: &Context) -> bool {
    own(context).is_none() && context.edited(answers.start.existing).is_some()
}

/// What runs the sender where no schedule of this program's does.
#[must_use]
pub fn none(answers: &Answers, context: &Context) -> String {
    match by_hand(context) {
        Some(number) => format!("line {number} of the crontab runs it, which this program did not write"),
        None if had_none(answers, context) => format!("stays as it is: none, {}", by_myself(context)),
        None => format!("none: {}", by_myself(context)),
    }
}

fn by_myself(context: &Context) -> String {
    format!("I run {} myself", context.place.command("--send"))
}

/// The schedule that is there and stays: whose it is, what it runs, and since when, as far as that is known.
#[must_use]
pub fn kept(answers: &Answers, context: &Context) -> Option<String> {
    let own = own(context).filter(|own| chosen(answers, context) == Some(own.kind))?;
    let serves = &context.writing.preparation.as_ref()?.serves;
    Some(format!("{}: {serves}", there(own)))
}

/// What runs the sender from then on: what was chosen, else what is there, else the best that can be installed here.
#[must_use]
pub fn chosen(answers: &Answers, context: &Context) -> Option<Scheduler> {
    let kinds = kinds(answers, context);
    let first = kinds.first().copied().flatten();
    match answers.review.schedule {
        Schedule::Of(kind) if kinds.contains(&Some(kind)) => Some(kind),
        Schedule::Of(_) | Schedule::Nothing => None,
        Schedule::Recommended => first,
    }
}

pub(super) fn choices(answers: &Answers, context: &Context) -> Choice {
    let chosen = chosen(answers, context);
    let own = own(context);
    let label = |kind: &Option<Scheduler>| match (kind, own) {
        (Some(kind), Some(own)) if *kind == own.kind && answers.is_cloud() => {
            format!("leave {}: each run would end with an error", there(own))
        }
        (Some(kind), Some(own)) if *kind == own.kind => format!("keep {}", there(own)),
        (Some(kind), Some(_)) => format!("replace it by {}", every(*kind)),
        (Some(kind), None) => every(*kind).to_owned(),
        (None, Some(own)) if answers.is_cloud() => format!("remove {}", there(own)),
        (None, Some(_)) => format!("remove it: {}", by_myself(context)),
        (None, None) => none(answers, context),
    };
    Choice::among(&kinds(answers, context), |kind| *kind == chosen, label)
}

/// An installed schedule: "the systemd timer of 2026-11-20".
fn there(scheduled: &Scheduled) -> String {
    let what = match scheduled.kind {
        Scheduler::Systemd => "the systemd timer",
        Scheduler::Cron => "the crontab's line",
    };
    let day = scheduled.since.and_then(|since| jiff::Timestamp::try_from(since).ok());
    let day = day.map(|since| since.to_zoned(jiff::tz::TimeZone::system()).strftime("%Y-%m-%d").to_string());
    day.map_or_else(|| format!("{what} that is there"), |day| format!("{what} of {day}"))
}

/// What is said of the schedules that run other configurations.
#[must_use]
pub fn others(context: &Context) -> Option<String> {
    let others = &context.writing.preparation.as_ref()?.others;
    (!others.is_empty()).then(|| format!("Left alone, as it is for others: {}.", others.join("; ")))
}

/// That what runs the sender lacks a secret, that no schedule can be installed, or that nothing runs it.
#[must_use]
pub fn caveat(answers: &Answers, context: &Context) -> Option<Caveat> {
    hindrance(answers, context).or_else(|| unscheduled(answers, context))
}

/// That what runs the sender lacks a secret, or that no schedule can be installed.
#[must_use]
pub fn hindrance(answers: &Answers, context: &Context) -> Option<Caveat> {
    let preparation = context.writing.preparation.as_ref().filter(|_| !answers.is_cloud())?;
    let lacks = |what: String, missing: &Missing| Caveat {
        what: format!("{what}: {}", missing.what),
        fix: sentence(&missing.fix),
    };
    match (chosen(answers, context), &preparation.by_hand) {
        (Some(kind), _) => {
            let missing = preparation.plan(kind)?.missing.first()?;
            return Some(lacks("The schedule would send nothing".to_owned(), missing));
        }
        (None, Some(line)) => {
            // Its command may set more than the crontab shows.
            let missing = line.missing.first()?;
            return Some(lacks(format!("Line {} of the crontab may send nothing", line.number), missing));
        }
        (None, None) => {}
    }
    let is_refused = preparation.plans.iter().all(|(_, plan)| plan.is_err());
    let refused = preparation.plans.iter().find_map(|(_, plan)| plan.as_ref().err());
    refused.filter(|_| is_refused).map(|reason| Caveat {
        what: format!("No schedule can be installed: {reason}"),
        fix: format!(
            "Then {} (or `systemd`) installs one.",
            context.place.command("--install-schedule cron")
        ),
    })
}

/// That nothing runs the sender, where none is chosen and no line by hand does.
fn unscheduled(answers: &Answers, context: &Context) -> Option<Caveat> {
    let preparation = context.writing.preparation.as_ref().filter(|_| !answers.is_cloud())?;
    if chosen(answers, context).is_some() || preparation.by_hand.is_some() {
        return None;
    }
    // A schedule that is removed may have been what ran it.
    let runs = preparation.ran_lately && preparation.own().is_none();
    let fix = preparation.by_itself.clone().filter(|_| !runs)?;
    Some(Caveat { what: "Nothing runs the sender yet: no alert reaches ilert".to_owned(), fix })
}

/// That variables which are set here, and decide the way to ilert or Netdata, are not so for what runs the sender.
#[must_use]
pub fn strays(answers: &Answers, context: &Context) -> Vec<Caveat> {
    let preparation = context.writing.preparation.as_ref().filter(|_| !answers.is_cloud());
    let strays = preparation.and_then(|found| match chosen(answers, context) {
        Some(kind) => found.plan(kind).map(|plan| &plan.strays),
        None => found.by_hand.as_ref().map(|line| &line.strays),
    });
    let caveat = |stray: &Missing| Caveat {
        what: sentence(&stray.what).trim_end_matches('.').to_owned(),
        fix: sentence(&on_screen(&stray.fix)),
    };
    strays.into_iter().flatten().map(caveat).collect()
}

pub(super) fn choose(answers: &mut Answers, context: &Context, at: usize) {
    if let Some(kind) = kinds(answers, context).get(at) {
        answers.review.schedule = kind.map_or(Schedule::Nothing, Schedule::Of);
    }
}

/// A kind of schedule, and how often it runs the sender.
#[must_use]
pub fn every(kind: Scheduler) -> &'static str {
    match kind {
        Scheduler::Systemd => "a systemd timer, every 15 seconds",
        Scheduler::Cron => "a line in the crontab, every minute",
    }
}
