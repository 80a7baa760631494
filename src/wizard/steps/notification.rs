//! Step 5, *Notification*: the questions of Netdata Cloud's form. If Netdata Cloud delivers, the person fills in that form
//! with the values from here.

mod cloud;
pub mod cloud_rooms;
pub mod page;
mod rooms;
mod silences;
mod words;

pub use cloud::{CloudValue, cloud_values};
pub use rooms::{is_configured, nodes, rooms_of};
pub use silences::silences_of;

use super::reader::objection;
use crate::config::{Config, Notify};
use crate::wizard::answers::{Answers, Options, Preset, Rooms};
use crate::wizard::context::Context;
use crate::wizard::form::{Access, Choice, Control, Row, StepProblem, field};
use crate::wizard::guide::Guide;

impl Control {
    /// Configuration name.
    pub const NAME: Self =
        Self { row: &Row::new("name", "Name", field!(Text: notification.name)).check(is_name), at: 0 };
    /// Presets of notification types.
    pub const PRESET: Self = Self {
        row: &Row::new(
            "preset",
            "Notification",
            Access::Choice(|answers, _| Choice::of(Preset::of(answers.notification.notify)), choose_preset),
        )
        .check(tells_something),
        at: 0,
    };
    /// The five notification types.
    pub const NOTIFY: Self = Self { row: &Row::new("notify", "", Access::Tick(notify, tick)), at: 0 };
}

fn choose_preset(answers: &mut Answers, _: &Context, at: usize) {
    if let Some(notify) = Preset::ALL.get(at).and_then(|preset| preset.notify()) {
        answers.notification.notify = notify;
    }
}

fn notify(answers: &Answers, _: &Context, at: usize) -> (String, bool) {
    let word = Notify::WORDS.get(at).copied().unwrap_or_default();
    (word.to_owned(), answers.notification.notify.words().any(|ticked| ticked == word))
}

fn tick(answers: &mut Answers, _: &Context, at: usize, on: bool) {
    let changed = Notify::WORDS.get(at).copied();
    let old: Vec<_> = answers.notification.notify.words().collect();
    answers.notification.notify =
        Notify::of(|word| if Some(word) == changed { on } else { old.contains(&word) });
}

/// The modal's fields; where Netdata Cloud delivers, also what to do and to copy there.
#[must_use]
pub fn controls(answers: &Answers, context: &Context) -> Vec<Control> {
    let mut controls = vec![Control::NAME, Control::ROOMS];
    match answers.notification.mode {
        Rooms::Cloud => controls.extend(cloud_rooms::controls(answers, context)),
        Rooms::Pick if !answers.is_cloud() => {
            controls.push(Control::ROOM_NAME);
            controls.extend(Control::NODE.all(nodes(answers, context).count()));
        }
        Rooms::Pattern if !answers.is_cloud() => controls.extend([Control::ROOM_NAME, Control::PATTERN]),
        Rooms::All | Rooms::Configured | Rooms::Pick | Rooms::Pattern => {}
    }
    controls.push(Control::PRESET);
    controls.extend(Control::NOTIFY.all(Notify::WORDS.len()));
    if answers.is_cloud() {
        controls.extend(Control::CLOUD_TODO.all(Guide::cloud().steps.len()));
        controls.extend(Control::CLOUD_VALUE.all(cloud_values(answers, context).len()));
    } else {
        controls.extend(silences::controls(answers, context));
    }
    controls
}

fn is_name(answers: &Answers, context: &Context) -> Result<(), StepProblem> {
    let mut config = Config::clone(context.base(answers.start.existing));
    answers.notification.name.value().trim().clone_into(&mut config.notification.name);
    match objection(&config, "notification.name", &context.place.config) {
        Some(message) => Err(StepProblem::new(Control::NAME, message)),
        None => Ok(()),
    }
}

fn tells_something(answers: &Answers, _: &Context) -> Result<(), StepProblem> {
    if answers.notification.notify.words().next().is_none() {
        return Err(StepProblem::new(Control::PRESET, "tick at least one: otherwise nothing is sent"));
    }
    Ok(())
}
