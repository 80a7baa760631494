//! Takes the result of finished work.

use super::{account, agent, authorities, cloud, express, home, live_test, navigation, work, writing};
use crate::exit::Exit;
use crate::wizard::answers::Step;
use crate::wizard::context::{Found, Posted, Probed, Purpose, TaskId};
use crate::wizard::effect::Effect;
use crate::wizard::message::Reply;
use crate::wizard::model::Model;
use crate::wizard::page::Look;
use crate::wizard::steps::start::begin_with;

/// Takes a reply; one that nobody waits for is dropped.
pub(super) fn take(model: &mut Model, id: TaskId, reply: Reply) -> Vec<Effect> {
    let Some(at) = model.context.tasks.iter().position(|task| task.id == id) else { return Vec::new() };
    let purpose = model.context.tasks.remove(at).purpose;
    match reply {
        Reply::Surveyed(found) => surveyed(model, *found),
        Reply::Probed(result) => {
            let Some(target) = model.context.agent.asked.clone() else { return Vec::new() };
            model.context.agent.probed = Some(Probed::new(target, result));
            go_on(model, Step::Netdata)
        }
        Reply::Authorities(refused) => {
            if authorities::looked(model, refused) {
                navigation::act(model)
            } else {
                Vec::new()
            }
        }
        Reply::Noticed(result) => {
            model.context.agent.notices = Some(result);
            if model.step == Step::Preview {
                model.look = Look::default();
            }
            Vec::new()
        }
        Reply::Tested(verdict, _) if purpose == Purpose::Key => {
            live_test::tried_key(model, verdict);
            Vec::new()
        }
        Reply::Tested(verdict, took) if purpose == Purpose::Leftover => {
            live_test::resolved_leftover(model, Posted { verdict, took })
        }
        Reply::Tested(verdict, took) => tested(model, Posted { verdict, took }),
        Reply::Prepared(preparation) => {
            writing::prepared(model, *preparation);
            let goes_on = model.step == Step::Express && std::mem::take(&mut model.goes_on);
            if goes_on { express::next(model) } else { Vec::new() }
        }
        Reply::Written(result) => writing::written(model, result),
        Reply::Opened(result) => {
            model.notice = Some(match result {
                Ok(()) => "opened in the browser".to_owned(),
                Err(reason) => reason,
            });
            Vec::new()
        }
        Reply::Overview(result) => {
            account::known(model, result);
            Vec::new()
        }
        Reply::Fulfilled(result) => account::fulfilled(model, result),
        Reply::LookedUp(result) => {
            let effects = live_test::looked_up(model, result);
            if effects.is_empty() { express::tested(model) } else { effects }
        }
        Reply::Home(reply) => home::replied(model, *reply),
        Reply::Cloud(result) => {
            let effects = cloud::replied(model, result);
            if effects.is_empty() { go_on(model, Step::Notification) } else { effects }
        }
    }
}

/// Goes on, or to what is wrong, where Enter was pressed at this step meanwhile.
fn go_on(model: &mut Model, step: Step) -> Vec<Effect> {
    if model.step == step && std::mem::take(&mut model.goes_on) {
        return navigation::proceed(model);
    }
    Vec::new()
}

fn surveyed(model: &mut Model, found: Found) -> Vec<Effect> {
    model.context.found = Some(found);
    // Nobody has answered anything yet: begin with the existing configuration.
    begin_with(&mut model.answers, &model.context);
    model.focus_first();
    if home::edits(model) {
        return navigation::go(model, Step::Menu);
    }
    agent::ask(model, agent::Soon::Now)
}

/// Ends the test: quits if the person waited for that, else looks its alert up.
fn tested(model: &mut Model, posted: Posted) -> Vec<Effect> {
    let (effects, ended) = live_test::posted(model, posted);
    if !ended {
        return effects;
    }
    if model.leaving {
        model.exit = Some(Exit::Interrupted);
        return work::save(model);
    }
    let resolved = model.context.test.run.as_ref().is_some_and(|run| run.resolved.is_some());
    if !resolved {
        return Vec::new();
    }
    if model.step == Step::Test {
        model.focus_last();
    }
    // ilert takes events again.
    let mut effects = live_test::resolve_leftover(model);
    let looks = live_test::look_up(model);
    effects.extend(if looks.is_empty() { express::tested(model) } else { looks });
    effects
}
