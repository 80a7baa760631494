//! *Notification*: the questions of Netdata Cloud's form. If Netdata Cloud delivers, the person fills in that form
//! with the values from here.

mod cloud;
pub mod cloud_rooms;
mod find;
pub mod page;
mod rooms;
mod silences;
mod words;

pub use cloud::{CloudValue, cloud_values, hidden, undone};
pub use rooms::{is_configured, nodes, rooms_of};
pub use silences::silences_of;

use rooms::{chosen_rooms, is_in};

use super::agent;
use super::reader::{fits, objection};
use crate::config::{Config, Notification, Notify};
use crate::setup::none_meant;
use crate::wizard::answers::{Answers, Options, Preset, Rooms};
use crate::wizard::context::Context;
use crate::wizard::form::{Access, Boxes, Caveat, Choice, Control, Evidence, Row, StepProblem, field};
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
    pub const NOTIFY: Self =
        Self { row: &Row::new("notify", "", Access::Tick(notify, tick)).boxes(Boxes::ByNumbers), at: 0 };
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
            controls.extend(find::control(rooms::all_nodes(answers, context).count()));
            controls.extend(Control::NODE.all(nodes(answers, context).count()));
        }
        Rooms::Pattern if !answers.is_cloud() => controls.extend([Control::ROOM_NAME, Control::PATTERN]),
        Rooms::All | Rooms::Configured | Rooms::Pick | Rooms::Pattern => {}
    }
    controls.push(Control::PRESET);
    controls.extend(Control::NOTIFY.all(Notify::WORDS.len()));
    if answers.is_cloud() {
        controls.extend(cloud::controls());
    } else {
        controls.extend(silences::controls(answers, context));
    }
    controls
}

/// Whose nodes are told of, in words.
#[must_use]
pub fn whom(answers: &Answers, context: &Context) -> String {
    let (_, chosen) = rooms_of(answers, context.base(answers.start.existing));
    let hosts = agent::hosts(answers, context);
    if chosen.is_empty() {
        return match hosts.len() {
            0 => "all nodes that Netdata shows".to_owned(),
            now => format!("all nodes ({now} now)"),
        };
    }
    match chosen_rooms(answers, context) {
        Some(rooms) => {
            let count = hosts.iter().filter(|host| is_in(host, &rooms)).count();
            format!("{count} of {}: {}", hosts.len(), chosen.join(", "))
        }
        None => chosen.join(", "),
    }
}

/// What is told of, in words.
#[must_use]
pub fn what(answers: &Answers, _: &Context) -> String {
    answers.notification.notify.words().collect::<Vec<_>>().join(", ")
}

/// What the menu says of it.
#[must_use]
pub fn holds(answers: &Answers, context: &Context) -> String {
    format!("{}; {}", whom(answers, context), what(answers, context))
}

/// `[notification]` as the answers have it, with the names of the chosen rooms.
#[must_use]
pub fn table(answers: &Answers, context: &Context, rooms: Vec<String>) -> Notification {
    Notification {
        name: answers.notification.name.given().to_owned(),
        rooms,
        notify: answers.notification.notify,
        delivered_by: answers.start.delivery,
        ..context.base(answers.start.existing).notification.clone()
    }
}

/// How many nodes there are, where none of them is meant.
fn none_of(answers: &Answers, context: &Context) -> Option<usize> {
    let hosts = agent::hosts(answers, context);
    let rooms = chosen_rooms(answers, context).filter(|_| !answers.is_cloud())?;
    (!hosts.iter().any(|host| is_in(host, &rooms))).then_some(hosts.len())
}

/// One may go on with it, but only on purpose: nobody would be told of anything.
#[must_use]
pub fn doubt(answers: &Answers, context: &Context) -> Option<StepProblem> {
    let all = none_of(answers, context)?;
    let control = if answers.notification.mode == Rooms::Pattern { Control::PATTERN } else { Control::ROOMS };
    let message = format!(
        "{} meant: nothing would ever be sent. Change it, or press enter once more to keep it",
        if all == 1 { "the only node is not".to_owned() } else { format!("none of the {all} nodes is") }
    );
    Some(StepProblem::new(control, message))
}

/// Nothing would be sent, something is never resolved, or is still to be done in Netdata Cloud.
#[must_use]
pub fn evidence(answers: &Answers, context: &Context) -> Evidence {
    Evidence::unless(caveats(answers, context), Evidence::Proven)
}

/// All that speaks against the answers: what would never be sent, and what never resolved.
pub fn caveats(answers: &Answers, context: &Context) -> impl Iterator<Item = Caveat> {
    unsent(answers, context).into_iter().chain(unresolved(answers))
}

/// What ilert would go on showing after Netdata does not.
fn unresolved(answers: &Answers) -> Option<Caveat> {
    let warning = answers.notification.warning()?;
    Some(Caveat {
        what: warning.trim_end_matches('.').to_owned(),
        fix: "Start the wizard again to change the types of notification.".to_owned(),
    })
}

fn unsent(answers: &Answers, context: &Context) -> Option<Caveat> {
    let undone = cloud::undone(answers).count();
    if answers.is_cloud() {
        return (undone > 0).then(|| Caveat {
            what: format!(
                "{undone} of {} steps in Netdata Cloud are still to be done: until then nothing is sent",
                Guide::cloud().steps.len()
            ),
            fix: "They begin at https://app.netdata.cloud: Space settings, Alerts & Notifications, + Add \
                  configuration, ilert."
                .to_owned(),
        });
    }
    let all = none_of(answers, context)?;
    let (_, chosen) = rooms_of(answers, context.base(answers.start.existing));
    Some(Caveat {
        what: none_meant(all, &chosen),
        fix: "Start the wizard again to change the rooms.".to_owned(),
    })
}

fn is_name(answers: &Answers, context: &Context) -> Result<(), StepProblem> {
    if answers.notification.name.value().trim().is_empty() {
        let message = "write a name, such as Production: it tells this configuration from others";
        return Err(StepProblem::new(Control::NAME, message));
    }
    fits(Control::NAME, answers.notification.name.value())?;
    let mut config = Config::clone(context.base(answers.start.existing));
    answers.notification.name.given().clone_into(&mut config.notification.name);
    match objection(config, "notification.name", &context.place.config) {
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
