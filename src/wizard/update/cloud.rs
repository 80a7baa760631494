//! Asks Netdata Cloud: the spaces when Enter is pressed, the rooms and their nodes as they are needed.

use super::work;
use crate::wizard::answers::{Rooms, Step};
use crate::wizard::context::{CloudQuestion, CloudReply, KnownSpaces, ListedRooms, Purpose};
use crate::wizard::effect::{Effect, Work};
use crate::wizard::form::{Control, StepProblem};
use crate::wizard::model::Model;
use crate::wizard::steps::notification::cloud_rooms;

/// Enter on *Notification* where rooms of Netdata Cloud's are picked: asks what is missing. `None` where nothing is.
pub(super) fn next(model: &mut Model) -> Option<Vec<Effect>> {
    let goes_on = !model.answers.notification.cloud_rooms.is_empty();
    if model.context.is_busy(Purpose::Cloud) {
        model.goes_on = goes_on;
        return Some(Vec::new());
    }
    model.context.cloud.failed = None;
    let (answers, context) = (&model.answers, &model.context);
    let unknown = cloud_rooms::token(answers).is_some()
        && cloud_rooms::known(answers, context).is_none()
        && cloud_rooms::check(answers, context).is_err();
    let question = if unknown { CloudQuestion::Spaces } else { cloud_rooms::next(answers, context)? };
    model.problem = None;
    model.goes_on = goes_on;
    Some(start(model, question))
}

/// Asks the next question, unless one is under way or this one failed before.
pub(super) fn ask(model: &mut Model) -> Vec<Effect> {
    let shown = model.step == Step::Notification && model.answers.notification.mode == Rooms::Cloud;
    if !shown || model.context.is_busy(Purpose::Cloud) {
        return Vec::new();
    }
    match cloud_rooms::next(&model.answers, &model.context) {
        Some(question) if model.context.cloud.failed.as_ref() != Some(&question) => start(model, question),
        _ => Vec::new(),
    }
}

fn start(model: &mut Model, question: CloudQuestion) -> Vec<Effect> {
    let Some(token) = cloud_rooms::token(&model.answers) else { return Vec::new() };
    model.context.cloud.asked = Some((token.clone(), question.clone()));
    let work = Work::Cloud { base: model.context.place.cloud.clone(), token, question };
    work::start(model, Purpose::Cloud, work)
}

/// Gives up what is asked: it is not asked again by itself.
pub(super) fn stop(model: &mut Model) -> Vec<Effect> {
    let cloud = &mut model.context.cloud;
    if let Some((_, question)) = cloud.asked.take() {
        cloud.failed = Some(question);
    }
    work::stop(model, Purpose::Cloud)
}

/// Takes a reply, and asks the next question.
pub(super) fn replied(model: &mut Model, result: Result<CloudReply, String>) -> Vec<Effect> {
    let cloud = &mut model.context.cloud;
    let Some((token, question)) = cloud.asked.take() else { return Vec::new() };
    match (result, question) {
        (Ok(CloudReply::Spaces(user, spaces)), _) => {
            cloud.known = Some(KnownSpaces { token, user, spaces });
        }
        (Ok(CloudReply::Rooms(rooms)), CloudQuestion::Rooms(space)) => {
            cloud.listed = Some(ListedRooms::new(space, rooms));
            to_the_list(model);
        }
        (Ok(CloudReply::Nodes(nodes)), CloudQuestion::Nodes { room, .. }) => {
            if let Some(picked) = model.answers.notification.cloud_rooms.get_mut(&room) {
                picked.nodes = Some(nodes);
            }
        }
        (Ok(_), _) => {}
        (Err(words), question) => {
            cloud.failed = Some(question);
            if model.step == Step::Notification {
                model.goes_on = false;
                if model.controls().contains(&Control::CLOUD_TOKEN) {
                    model.focus = Control::CLOUD_TOKEN;
                    model.problem = Some(StepProblem::new(Control::CLOUD_TOKEN, words));
                }
            }
            return Vec::new();
        }
    }
    ask(model)
}

/// From the token to what it has brought.
fn to_the_list(model: &mut Model) {
    if model.step == Step::Notification && model.focus == Control::CLOUD_TOKEN {
        let is_brought = |control: &Control| *control == Control::SPACE || control.is_of(Control::CLOUD_ROOM);
        let found = model.controls().into_iter().find(is_brought);
        model.focus = found.unwrap_or(Control::CLOUD_TOKEN);
    }
}
