//! What is asked of Netdata Cloud: the spaces when Enter is pressed, the rooms and their nodes as they are needed.

use super::{going, work};
use crate::wizard::control::Control;
use crate::wizard::effect::{Effect, Work};
use crate::wizard::message::Purpose;
use crate::wizard::model::{Model, Step};
use crate::wizard::steps::Problem;
use crate::wizard::steps::notification::Rooms;
use crate::wizard::steps::notification::cloud_rooms::{self, Answer, Known, Listed, Question};

/// Enter on step 5 where rooms of Netdata Cloud's are picked: asks what is missing, or goes on.
pub(super) fn enter(model: &mut Model) -> Vec<Effect> {
    if model.is_busy(Purpose::Cloud) {
        model.notification.cloud.go_on = !model.notification.cloud.picked.is_empty();
        return Vec::new();
    }
    let cloud = &mut model.notification.cloud;
    cloud.failed = None;
    let unknown = cloud.secret().is_some() && cloud.known().is_none() && cloud_rooms::check(model).is_err();
    let question = if unknown { Some(Question::Spaces) } else { cloud_rooms::next(model) };
    match question {
        Some(question) => {
            model.problem = None;
            model.notification.cloud.go_on = !model.notification.cloud.picked.is_empty();
            start(model, question)
        }
        None => going::proceed(model),
    }
}

/// Asks what is to be asked next, unless it is being asked, or was in vain.
pub(super) fn ask(model: &mut Model) -> Vec<Effect> {
    let shown = model.step == Step::Notification && model.notification.mode == Rooms::Cloud;
    if !shown || model.is_busy(Purpose::Cloud) {
        return Vec::new();
    }
    match cloud_rooms::next(model) {
        Some(question) if model.notification.cloud.failed.as_ref() != Some(&question) => {
            start(model, question)
        }
        _ => Vec::new(),
    }
}

fn start(model: &mut Model, question: Question) -> Vec<Effect> {
    let Some(token) = model.notification.cloud.secret() else { return Vec::new() };
    model.notification.cloud.asked = Some((token.clone(), question.clone()));
    let work = Work::Cloud { base: model.place.cloud.clone(), token, question };
    work::start(model, Purpose::Cloud, work)
}

/// Gives up what is asked: it is not asked again by itself.
pub(super) fn stop(model: &mut Model) -> Vec<Effect> {
    let cloud = &mut model.notification.cloud;
    cloud.go_on = false;
    if let Some((_, question)) = cloud.asked.take() {
        cloud.failed = Some(question);
    }
    work::stop(model, Purpose::Cloud)
}

pub(super) fn answered(model: &mut Model, result: Result<Answer, String>) -> Vec<Effect> {
    let cloud = &mut model.notification.cloud;
    let Some((token, question)) = cloud.asked.take() else { return Vec::new() };
    match (result, question) {
        (Ok(Answer::Spaces(user, spaces)), _) => cloud.known = Some(Known { token, user, spaces }),
        (Ok(Answer::Rooms(rooms)), Question::Rooms(space)) => {
            cloud.listed = Some(Listed::new(space, rooms));
            to_the_list(model);
        }
        (Ok(Answer::Nodes(nodes)), Question::Nodes { room, .. }) => {
            if let Some(picked) = cloud.picked.get_mut(&room) {
                picked.nodes = Some(nodes);
            }
        }
        (Ok(_), _) => {}
        (Err(words), question) => {
            cloud.failed = Some(question);
            cloud.go_on = false;
            if model.step == Step::Notification && model.controls().contains(&Control::CloudToken) {
                model.focus = Control::CloudToken;
                model.problem = Some(Problem::new(Control::CloudToken, words));
            }
            return Vec::new();
        }
    }
    let effects = ask(model);
    // Enter was pressed meanwhile: on, or to what is wrong.
    if effects.is_empty()
        && std::mem::take(&mut model.notification.cloud.go_on)
        && model.step == Step::Notification
    {
        return going::proceed(model);
    }
    effects
}

/// From the token to what it has brought.
fn to_the_list(model: &mut Model) {
    if model.step == Step::Notification && model.focus == Control::CloudToken {
        let controls = model.controls();
        let found = controls.iter().find(|control| matches!(control, Control::Space | Control::CloudRoom(_)));
        model.focus = found.copied().unwrap_or(Control::CloudToken);
    }
}
