//! The silences of the configuration: those that stay, and one that is added. They are folded up until somebody asks.

use std::time::Duration;

use crate::config::{Config, Every, Moment, Pattern, Room, Silence};
use crate::duration;
use crate::wizard::answers::Answers;
use crate::wizard::context::Context;
use crate::wizard::form::{Access, Boxes, Control, Row, StepProblem, field};
use crate::wizard::steps::reader::{fits, objection};

/// What a time may be.
const TIMES: &str =
    "`2h` from now on, `Fri 18:00 for 15h`, `daily 02:00 for 1h`, or once: `2026-12-24T18:00 to 2026-12-27`";

impl Control {
    /// Shows the silences, and the fields for a new one.
    pub const SILENCES: Self =
        Self { row: &Row::new("silences", "", Access::Tick(folded, unfold)).boxes(Boxes::Fold), at: 0 };
    /// A silence of the configuration, which stays as long as it is ticked.
    pub const SILENCE: Self =
        Self { row: &Row::new("silence", "", Access::Tick(kept, keep)).boxes(Boxes::ByNumbers), at: 0 };
    /// What the new one is called.
    pub const SILENCE_NAME: Self = Self {
        row: &Row::new("silence-name", "New silence", field!(Text: notification.silences.name))
            .optional()
            .check(is_named)
            .help(|_, _| Some("a name, or why".to_owned())),
        at: 0,
    };
    /// Its nodes.
    pub const SILENCE_NODES: Self = Self {
        row: &Row::new("silence-nodes", "Its nodes", field!(Text: notification.silences.nodes))
            .optional()
            .check(|answers, context| is_taken(answers, context, Self::SILENCE_NODES, "silence.nodes"))
            .help(|_, _| Some("a pattern; empty: all".to_owned())),
        at: 0,
    };
    /// Its alerts.
    pub const SILENCE_ALERTS: Self = Self {
        row: &Row::new("silence-alerts", "Its alerts", field!(Text: notification.silences.alerts))
            .optional()
            .check(|answers, context| is_taken(answers, context, Self::SILENCE_ALERTS, "silence.alerts"))
            .help(|_, _| Some("a pattern; empty: everything".to_owned())),
        at: 0,
    };
    /// When it is.
    pub const SILENCE_TIME: Self = Self {
        row: &Row::new("silence-time", "When", field!(Text: notification.silences.time))
            .optional()
            .check(has_time)
            .help(|_, _| Some("2h from now, or Fri 18:00 for 15h".to_owned())),
        at: 0,
    };
}

/// The box that unfolds them; what is under it, once it is ticked.
pub(super) fn controls(answers: &Answers, context: &Context) -> Vec<Control> {
    let mut controls = vec![Control::SILENCES];
    if answers.notification.silences.unfolded {
        controls.extend(Control::SILENCE.all(configured(answers, context).len()));
        controls.extend([
            Control::SILENCE_NAME,
            Control::SILENCE_NODES,
            Control::SILENCE_ALERTS,
            Control::SILENCE_TIME,
        ]);
    }
    controls
}

/// The silences that the configuration is to have, with these rooms, of which some are chosen.
#[must_use]
pub fn silences_of(answers: &Answers, context: &Context, rooms: &[Room], chosen: &[String]) -> Vec<Silence> {
    let (silences, base) = (&answers.notification.silences, context.base(answers.start.existing));
    let mut kept: Vec<Silence> =
        base.silences.iter().filter(|silence| !silences.ended.contains(&silence.name)).cloned().collect();
    for names in kept.iter_mut().filter_map(|silence| silence.rooms.as_mut()) {
        // The room that is edited may have another name now.
        let is_there = |name: &String| rooms.iter().any(|room| room.name == *name);
        let new_name = chosen.first().filter(|new| !names.contains(new)).cloned();
        if let Some((name, new)) = names.iter_mut().find(|name| !is_there(name)).zip(new_name) {
            *name = new;
        }
    }
    kept.into_iter().chain(new(answers, context.wall())).collect()
}

/// The new one, if one is begun; without a time as long as that cannot be read. `now` is what the clock on the wall shows.
fn new(answers: &Answers, now: Moment) -> Option<Silence> {
    let silences = &answers.notification.silences;
    let pattern = |text: &str| Some(text.trim()).filter(|text| !text.is_empty()).map(Pattern::new);
    silences.adds().then(|| {
        let [nodes, alerts] = [&silences.nodes, &silences.alerts].map(|field| pattern(field.value()));
        let silence = Silence::of(silences.name.value().trim().to_owned(), nodes, alerts);
        timed(&silence, silences.time.value(), now).unwrap_or(silence)
    })
}

/// The silence with the time that a person has written.
fn timed(silence: &Silence, text: &str, now: Moment) -> Option<Silence> {
    let (silence, text) = (silence.clone(), text.trim());
    if let Some(length) = from_now(text) {
        return Some(Silence { from: Some(now), length: Some(length), ..silence });
    }
    if let Some((begin, length)) = text.split_once(" for ") {
        let length = Some(duration::parse(length)?);
        return match (Every::parse(begin), Moment::parse(begin)) {
            (Some(every), _) => Some(Silence { every: Some(every), length, ..silence }),
            (None, Some(from)) => Some(Silence { from: Some(from), length, ..silence }),
            (None, None) => None,
        };
    }
    let both = text.split_once(" until ").or_else(|| text.split_once(" to "));
    let (begin, end) = both.or_else(|| Some(("", text.strip_prefix("until ")?)))?;
    let from = if begin.is_empty() { None } else { Some(Moment::parse_or_date(begin)?) };
    Some(Silence { from, until: Some(Moment::parse_or_date(end)?), ..silence })
}

/// Reads how long it lasts from now on: `2h`, `2h from now on`, or `from now for 2h`.
fn from_now(text: &str) -> Option<Duration> {
    let text = [" on", " from now"].iter().fold(text, |rest, word| rest.strip_suffix(word).unwrap_or(rest));
    let words = ["from ", "now ", "for "];
    duration::parse(words.iter().fold(text, |rest, word| rest.strip_prefix(word).unwrap_or(rest)))
}

fn configured<'a>(answers: &Answers, context: &'a Context) -> &'a [Silence] {
    &context.base(answers.start.existing).silences
}

fn folded(answers: &Answers, context: &Context, _: usize) -> (String, bool) {
    let label = match configured(answers, context).len() {
        0 => "Silences: add one".to_owned(),
        count => format!("Silences ({count}): see them, end one, add one"),
    };
    (label, answers.notification.silences.unfolded)
}

fn unfold(answers: &mut Answers, _: &Context, _: usize, on: bool) {
    answers.notification.silences.unfolded = on;
}

fn kept(answers: &Answers, context: &Context, at: usize) -> (String, bool) {
    let Some(silence) = configured(answers, context).get(at) else { return (String::new(), false) };
    let is_kept = !answers.notification.silences.ended.contains(&silence.name);
    (format!("{}: {}, {}", silence.name, silence.words(), silence.times()), is_kept)
}

fn keep(answers: &mut Answers, context: &Context, at: usize, on: bool) {
    let Some(name) = configured(answers, context).get(at).map(|silence| silence.name.clone()) else { return };
    if on {
        answers.notification.silences.ended.remove(&name);
    } else {
        answers.notification.silences.ended.insert(name);
    }
}

/// What the configuration's own reader says of the new one.
fn objection_to(answers: &Answers, context: &Context, key: &str) -> Option<String> {
    let base = context.base(answers.start.existing);
    let config =
        Config { silences: new(answers, context.wall()).into_iter().collect(), ..Config::clone(base) };
    objection(config, key, &context.place.config)
}

fn is_taken(answers: &Answers, context: &Context, control: Control, key: &str) -> Result<(), StepProblem> {
    match objection_to(answers, context, key) {
        Some(message) => Err(StepProblem::new(control, message)),
        None => Ok(()),
    }
}

fn is_named(answers: &Answers, context: &Context) -> Result<(), StepProblem> {
    let silences = &answers.notification.silences;
    let name = silences.name.value().trim();
    fits(Control::SILENCE_NAME, name)?;
    let is_taken_already = || {
        let mut kept = configured(answers, context).iter().filter(|one| !silences.ended.contains(&one.name));
        kept.any(|one| one.name == name)
    };
    if !silences.adds() {
        Ok(())
    } else if name.is_empty() {
        Err(StepProblem::new(Control::SILENCE_NAME, "the new silence needs a name: `--status` shows it"))
    } else if is_taken_already() {
        Err(StepProblem::new(Control::SILENCE_NAME, "another silence has this name"))
    } else {
        is_taken(answers, context, Control::SILENCE_NAME, "silence.name")
    }
}

fn has_time(answers: &Answers, context: &Context) -> Result<(), StepProblem> {
    let now = context.wall();
    if let Some(silence) = new(answers, now)
        && timed(&silence, answers.notification.silences.time.value(), now).is_none()
    {
        return Err(StepProblem::new(Control::SILENCE_TIME, format!("write {TIMES}")));
    }
    ["silence.every", "silence.for", "silence.from", "silence.until"]
        .into_iter()
        .try_for_each(|key| is_taken(answers, context, Control::SILENCE_TIME, key))
}
