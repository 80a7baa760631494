//! If Netdata Cloud delivers: the steps to do there, and the values for its form.

use super::rooms::rooms_of;
use crate::secret::Secret;
use crate::wizard::answers::{Answers, Rooms};
use crate::wizard::context::Context;
use crate::wizard::form::{Access, Boxes, Control, Row, tick, ticked};
use crate::wizard::guide::{self, Guide};
use crate::wizard::steps::key;

impl Control {
    /// Things to do in Netdata Cloud, where that delivers.
    pub const CLOUD_TODO: Self = Self {
        row: &Row::new(
            "cloud-todo",
            "",
            Access::Tick(
                |answers, _, at| (Guide::cloud().title(at), ticked(&answers.notification.cloud_done, at)),
                |answers, _, at, on| tick(&mut answers.notification.cloud_done, at, on),
            ),
        )
        .boxes(Boxes::Guided)
        .tick_all()
        .opens(|at| Guide::cloud().address(at)),
        at: 0,
    };
    /// Values to copy there.
    pub const CLOUD_VALUE: Self = Self {
        row: &Row::new("cloud-value", "", Access::Look).copies(|answers, context, at| {
            let value = cloud_values(answers, context).into_iter().nth(at)?;
            Some((value.value, value.field))
        }),
        at: 0,
    };
}

/// What to do there, one after the other; the values that a thing to do needs stand before it, so that each is seen and
/// can be copied before that is ticked.
pub(super) fn controls() -> Vec<Control> {
    let mut controls = Vec::new();
    let mut values = 0;
    for (at, step) in Guide::cloud().steps.iter().enumerate() {
        let needed = step.choose.iter().filter(|choice| choice.copy.is_some()).count();
        controls.extend((values..values + needed).map(|value| Control::CLOUD_VALUE.at(value)));
        controls.push(Control::CLOUD_TODO.at(at));
        values += needed;
    }
    controls
}

/// The secret that a control holds to be copied, where it is one that is shown masked.
#[must_use]
pub fn hidden(control: Control, answers: &Answers, context: &Context) -> Option<Secret> {
    if !control.is_of(Control::CLOUD_VALUE) {
        return None;
    }
    let value = cloud_values(answers, context).into_iter().nth(control.at)?;
    (value.shown != value.value.expose()).then_some(value.value)
}

/// A value for a field of the modal in Netdata Cloud.
#[derive(Clone, Debug, PartialEq)]
pub struct CloudValue {
    /// What the field is called there.
    pub field: &'static str,
    /// What goes into it; the key is among them.
    pub value: Secret,
    /// The value as it may be shown.
    pub shown: String,
}

/// The steps in Netdata Cloud that are still to be done.
pub fn undone(answers: &Answers) -> impl Iterator<Item = usize> {
    (0..Guide::cloud().steps.len()).filter(|at| !ticked(&answers.notification.cloud_done, *at))
}

/// The rooms to choose there.
fn rooms(answers: &Answers, context: &Context) -> String {
    let (_, chosen) = rooms_of(answers, context.base(answers.start.existing));
    match answers.notification.mode {
        Rooms::Cloud | Rooms::Configured if !chosen.is_empty() => chosen.join(", "),
        _ => "All nodes, or the rooms that you want".to_owned(),
    }
}

/// What to fill in there, field by field.
#[must_use]
pub fn cloud_values(answers: &Answers, context: &Context) -> Vec<CloudValue> {
    let notification = &answers.notification;
    let choices = Guide::cloud().steps.iter().flat_map(|step| &step.choose);
    choices
        .filter_map(|choice| {
            let template = choice.copy.as_deref()?;
            let key = key::secret(answers, context);
            let with = |key: Option<String>| {
                guide::fill(template, |name| match name {
                    "name" => Some(notification.name.value().trim().to_owned()),
                    "rooms" => Some(rooms(answers, context)),
                    "notification" => Some(notification.notify.words().collect::<Vec<_>>().join(", ")),
                    "key" => key.clone(),
                    _ => None,
                })
            };
            let shown = with(key.as_ref().map(Secret::masked));
            Some(CloudValue {
                field: &choice.field,
                value: Secret::new(with(key.map(|key| key.expose().to_owned()))),
                shown,
            })
        })
        .collect()
}
