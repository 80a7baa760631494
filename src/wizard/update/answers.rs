//! What work ended with.

use std::time::Duration;

use super::{account, cloud, going, work};
use crate::delivery::live_test::AGAIN;
use crate::exit::Exit;
use crate::ilert::client::Verdict;
use crate::netdata::Probe;
use crate::wizard::effect::Effect;
use crate::wizard::message::{Answer, Id};
use crate::wizard::model::{Model, Step};
use crate::wizard::steps::agent::Seen;
use crate::wizard::steps::review;
use crate::wizard::steps::start::{Found, begin_with};
use crate::wizard::steps::test::Posted;

/// Takes an answer; one that nobody waits for is dropped.
pub(super) fn take(model: &mut Model, id: Id, answer: Answer) -> Vec<Effect> {
    let Some(at) = model.tasks.iter().position(|task| task.id == id) else { return Vec::new() };
    model.tasks.remove(at);
    match answer {
        Answer::Surveyed(survey) => surveyed(model, *survey),
        Answer::Probed(result) => probed(model, result),
        Answer::Noticed(result) => {
            model.preview.live = Some(result);
            model.preview.at = 0;
            model.preview.scroll = 0;
            Vec::new()
        }
        Answer::Tested(verdict, took) => tested(model, Posted { verdict, took }),
        Answer::Prepared(ground) => {
            review::take(model, *ground);
            model.focus_first();
            Vec::new()
        }
        Answer::Written(written) => {
            let whole = written.failed.is_none();
            model.review.written = Some(*written);
            model.review.scroll = 0;
            model.focus_first();
            if whole { vec![Effect::Forget] } else { Vec::new() }
        }
        Answer::Opened(result) => {
            model.notice = Some(match result {
                Ok(()) => "opened in the browser".to_owned(),
                Err(reason) => reason,
            });
            Vec::new()
        }
        Answer::Overview(result) => account::known(model, result),
        Answer::Fulfilled(result) => account::fulfilled(model, result),
        Answer::LookedUp(result) => account::looked_up(model, result),
        Answer::Cloud(result) => cloud::answered(model, result),
    }
}

fn surveyed(model: &mut Model, found: Found) -> Vec<Effect> {
    model.key.variable.clone_from(&found.variable);
    model.start.found = Some(found);
    // Nobody has answered anything yet: what is there is what the steps begin with.
    begin_with(model);
    model.focus_first();
    work::ask_agent(model, work::Soon::Now)
}

fn probed(model: &mut Model, result: Result<Probe, String>) -> Vec<Effect> {
    let Some(question) = model.agent.asked.clone() else { return Vec::new() };
    model.agent.seen = Some(Seen::new(question, result));
    // Enter was pressed meanwhile: on, or to what is wrong.
    if std::mem::take(&mut model.agent.go_on) && model.step == Step::Netdata {
        return going::proceed(model);
    }
    Vec::new()
}

fn tested(model: &mut Model, posted: Posted) -> Vec<Effect> {
    let Some(run) = &mut model.test.run else { return Vec::new() };
    if run.alerted.is_none() && !run.cancelled {
        let opened = posted.verdict.maybe_processed();
        run.alerted = Some(posted);
        return if opened { work::resolve_test(model, Duration::ZERO) } else { leave(model) };
    }
    let later = matches!(posted.verdict, Verdict::Later(_));
    run.resolved = Some(posted);
    if let Some(pause) = AGAIN.get(run.again).filter(|_| later) {
        run.again += 1;
        return work::resolve_test(model, *pause);
    }
    if model.test.leaving {
        return leave(model);
    }
    model.focus_last();
    account::look_up(model)
}

/// The test has come to its end: who waited for that to leave does so now.
fn leave(model: &mut Model) -> Vec<Effect> {
    if !model.test.leaving {
        return Vec::new();
    }
    model.exit = Some(Exit::Interrupted);
    work::save(model)
}
