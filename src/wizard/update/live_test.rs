//! Sends the live test's ALERT and, whatever happens, its RESOLVE; and looks the alert up.

use std::time::Duration;

use super::work;
use crate::delivery::live_test::AGAIN;
use crate::ilert::Event;
use crate::ilert::client::Verdict;
use crate::wizard::answers::Seen;
use crate::wizard::context::{AlertSnapshot, KeyTarget, LOOK_AGAIN, LookUp, Posted, Purpose, Run};
use crate::wizard::effect::{Effect, Work};
use crate::wizard::model::Model;
use crate::wizard::steps::source::for_me;
use crate::wizard::steps::{evidence, menu, test};

/// Sends the test's ALERT.
pub(super) fn begin(model: &mut Model) -> Vec<Effect> {
    // A test whose alert may be open is ended before the next one begins.
    if model.context.is_busy(Purpose::Test) {
        return Vec::new();
    }
    model.problem = None;
    let Some((alert, run)) = test::begin(&model.answers, &model.context) else { return Vec::new() };
    model.context.test.begun += 1;
    model.answers.test.seen = Seen::default();
    let work = post(&run, alert, Duration::ZERO);
    let before = model.context.test.run.replace(run);
    model.context.test.left.extend(before.filter(Run::may_be_open));
    work::start(model, Purpose::Test, work)
}

/// Resolves the first alert that a former test may have left open, where this one has shown that ilert takes events.
pub(super) fn resolve_leftover(model: &mut Model) -> Vec<Effect> {
    let test = &model.context.test;
    let passed = test.run.as_ref().is_some_and(Run::passed);
    let Some(run) = test.left.iter().find(|run| passed && run.may_be_open()) else { return Vec::new() };
    let work = post(run, run.resolve.clone(), Duration::ZERO);
    work::start(model, Purpose::Leftover, work)
}

/// Takes what ilert said to that, and goes on to the next one.
pub(super) fn resolved_leftover(model: &mut Model, posted: Posted) -> Vec<Effect> {
    let Some(run) = model.context.test.left.iter_mut().find(|run| run.may_be_open()) else {
        return Vec::new();
    };
    run.resolved = Some(posted);
    if run.may_be_open() { Vec::new() } else { resolve_leftover(model) }
}

fn post(run: &Run, event: Event, after: Duration) -> Work {
    let (ilert, key) = (run.target.ilert.clone(), run.target.key.clone());
    Work::Post { event: Box::new(event), ilert, key, after }
}

/// Sends the test's RESOLVE.
fn resolve(model: &mut Model, after: Duration) -> Vec<Effect> {
    let Some(run) = &model.context.test.run else { return Vec::new() };
    let work = post(run, run.resolve.clone(), after);
    work::start(model, Purpose::Test, work)
}

/// Gives a test up. An ALERT that was on its way may have opened an alert: the RESOLVE follows all the same.
pub(super) fn end(model: &mut Model) -> Vec<Effect> {
    let sending = model.context.is_busy(Purpose::Test);
    match &mut model.context.test.run {
        Some(run) if sending && run.alerted.is_none() && !run.cancelled => run.cancelled = true,
        _ => return Vec::new(),
    }
    resolve(model, Duration::ZERO)
}

/// Ends a test that is under way when the program ends. Sends a RESOLVE even if one is on its way.
pub fn break_off(model: &mut Model) -> Vec<Effect> {
    if !model.context.is_busy(Purpose::Test) {
        return Vec::new();
    }
    if let Some(run) = &mut model.context.test.run {
        run.cancelled |= run.alerted.is_none();
    }
    resolve(model, Duration::ZERO)
}

/// Takes what became of one event, and sends what follows it. True once the test has come to its end.
pub(super) fn posted(model: &mut Model, posted: Posted) -> (Vec<Effect>, bool) {
    let Some(run) = &mut model.context.test.run else { return (Vec::new(), false) };
    if run.alerted.is_none() && !run.cancelled {
        let opened = posted.verdict.maybe_processed();
        run.alerted = Some(posted);
        return if opened { (resolve(model, Duration::ZERO), false) } else { (Vec::new(), true) };
    }
    let later = matches!(posted.verdict, Verdict::Later(_));
    run.resolved = Some(posted);
    if let Some(pause) = AGAIN.get(run.again).filter(|_| later) {
        run.again += 1;
        return (resolve(model, *pause), false);
    }
    (Vec::new(), true)
}

/// Looks the test's alert up from the beginning, if there is a token.
pub(super) fn look_up(model: &mut Model) -> Vec<Effect> {
    if !test::can_look_up(&model.answers, &model.context) {
        return Vec::new();
    }
    if let Some(run) = &mut model.context.test.run {
        run.look_up = LookUp::default();
    }
    look(model, Duration::ZERO)
}

fn look(model: &mut Model, after: Duration) -> Vec<Effect> {
    let (Some(token), Some(run)) = (for_me::token(&model.answers), &model.context.test.run) else {
        return Vec::new();
    };
    let work = Work::LookUp {
        ilert: run.target.ilert.clone(),
        token,
        key: run.target.key.clone(),
        alert_key: run.alert_key.clone(),
        after,
    };
    work::start(model, Purpose::LookUp, work)
}

/// Tries the key, unless it was tried: sends what does nothing in ilert.
pub(super) fn try_key(model: &mut Model) -> Vec<Effect> {
    let Some(target) = evidence::target(&model.answers, &model.context) else { return Vec::new() };
    let known = |(asked, verdict): &(KeyTarget, Option<Verdict>)| {
        *asked == target && !matches!(verdict, Some(Verdict::Later(_)))
    };
    if model.context.key.as_ref().is_some_and(known) {
        return Vec::new();
    }
    let KeyTarget { key, ilert } = target.clone();
    model.context.key = Some((target, None));
    let event = Box::new(menu::trial(&model.answers, &model.context));
    work::start(model, Purpose::Key, Work::Post { event, ilert, key, after: Duration::ZERO })
}

/// Takes what ilert said to the key. One that could not be tried is tried again the next time.
pub(super) fn tried_key(model: &mut Model, verdict: Verdict) {
    if let Some((_, answer)) = &mut model.context.key {
        *answer = Some(verdict);
    }
}

/// Takes what ilert shows of it, and looks again where that may change.
pub(super) fn looked_up(model: &mut Model, result: Result<Box<AlertSnapshot>, String>) -> Vec<Effect> {
    let Some(run) = &mut model.context.test.run else { return Vec::new() };
    run.look_up.count += 1;
    run.look_up.last = Some(result.map(|snapshot| *snapshot));
    if run.look_up.goes_on() {
        return look(model, LOOK_AGAIN);
    }
    // The questions go once ilert shows the alert, and the focus may have been on one.
    if !model.controls().contains(&model.focus) {
        model.focus_first();
    }
    Vec::new()
}
