//! What is done in Netdata Cloud where that delivers: the steps there, and the values for its modal.

use super::Rooms;
use crate::secret::Secret;
use crate::wizard::control::Widget;
use crate::wizard::guide::{self, Guide};
use crate::wizard::model::Model;
use crate::wizard::steps::key;

/// One of the things to do in Netdata Cloud.
#[must_use]
pub fn cloud_todo(model: &Model, at: usize) -> Widget<'static> {
    let label = Guide::cloud().steps.get(at).map_or_else(String::new, |step| step.title.clone());
    Widget::Tick { label, on: model.notification.cloud_done.get(at).copied().unwrap_or(false) }
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

/// The rooms to choose there.
fn rooms(model: &Model) -> String {
    let (_, chosen) = model.notification.rooms(&model.base);
    match model.notification.mode {
        Rooms::Cloud | Rooms::Configured if !chosen.is_empty() => chosen.join(", "),
        _ => "All nodes, or the rooms that you want".to_owned(),
    }
}

/// What to fill in there, field by field.
#[must_use]
pub fn cloud_values(model: &Model) -> Vec<CloudValue> {
    let choices = Guide::cloud().steps.iter().flat_map(|step| &step.choose);
    choices
        .filter_map(|choice| {
            let template = choice.copy.as_deref()?;
            let key = key::secret(model);
            let with = |key: Option<String>| {
                guide::fill(template, |name| match name {
                    "name" => Some(model.notification.name.value().trim().to_owned()),
                    "rooms" => Some(rooms(model)),
                    "notification" => Some(model.notification.notify.words().collect::<Vec<_>>().join(", ")),
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
