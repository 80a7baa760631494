//! Work that takes time: what is begun, given up and counted.

use super::resume::draft;
use crate::secret::Secret;
use crate::wizard::control::Control;
use crate::wizard::draft::Draft;
use crate::wizard::effect::{Effect, Work};
use crate::wizard::guide::Guide;
use crate::wizard::message::{Id, Purpose};
use crate::wizard::model::{Model, Spinner, Step, Task};
use crate::wizard::steps::{notification, preview, review, test};

/// How long typing must pause before the agent is asked.
const PAUSE: std::time::Duration = std::time::Duration::from_millis(400);
/// For how many ticks the spinner is shown at least, once it is.
const SHOWN: u32 = 10;

/// When to ask the agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Soon {
    /// At once.
    Now,
    /// When typing has paused.
    AfterTyping,
    /// At once, whatever it answered before.
    Again,
}

/// What there is to do before the first key.
pub fn begin(model: &mut Model) -> Vec<Effect> {
    let place = Box::new(model.place.clone());
    start(model, Purpose::Survey, Work::Survey(place))
}

/// Begins work; what was under way for the same purpose is given up.
pub(super) fn start(model: &mut Model, purpose: Purpose, work: Work) -> Vec<Effect> {
    let mut effects = stop(model, purpose);
    model.ids += 1;
    let id = Id(model.ids);
    model.tasks.push(Task { id, purpose });
    effects.push(Effect::Start(id, work));
    effects
}

/// Gives up what is under way for a purpose.
pub(super) fn stop(model: &mut Model, purpose: Purpose) -> Vec<Effect> {
    let (stopped, rest) = model.tasks.drain(..).partition::<Vec<_>, _>(|task| task.purpose == purpose);
    model.tasks = rest;
    stopped.into_iter().map(|task| Effect::Cancel(task.id)).collect()
}

/// Esc while something is under way. Files that are being written are written.
pub(super) fn cancel(model: &mut Model) -> Vec<Effect> {
    model.agent.go_on = false;
    let mut effects = match model.step {
        Step::Source => give_up_account(model),
        Step::Netdata => stop(model, Purpose::Probe),
        Step::Notification => {
            let mut effects = stop(model, Purpose::Probe);
            effects.extend(super::cloud::stop(model));
            effects
        }
        Step::Preview => stop(model, Purpose::Notices),
        Step::Test => {
            let mut effects = end_test(model);
            effects.extend(stop(model, Purpose::LookUp));
            effects
        }
        _ => Vec::new(),
    };
    effects.extend(stop(model, Purpose::Browser));
    effects
}

/// ilert may have what was ordered by now: it is found by its name the next time.
fn give_up_account(model: &mut Model) -> Vec<Effect> {
    if model.is_busy(Purpose::Order) {
        model.notice = Some("given up; an alert source that was created is found by its name".to_owned());
        // What is known may be old.
        model.source.for_me.known = None;
    }
    let mut effects = stop(model, Purpose::Account);
    effects.extend(stop(model, Purpose::Order));
    effects
}

/// An ALERT that was on its way may have opened an alert: the RESOLVE follows all the same.
pub(super) fn end_test(model: &mut Model) -> Vec<Effect> {
    let sending = model.is_busy(Purpose::Test);
    match &mut model.test.run {
        Some(run) if sending && run.alerted.is_none() && !run.cancelled => run.cancelled = true,
        _ => return Vec::new(),
    }
    resolve_test(model, std::time::Duration::ZERO)
}

/// The program ends: a test that is under way is ended, with a RESOLVE of its own in any case.
pub(in crate::wizard) fn break_off_test(model: &mut Model) -> Vec<Effect> {
    if !model.is_busy(Purpose::Test) {
        return Vec::new();
    }
    if let Some(run) = &mut model.test.run {
        run.cancelled |= run.alerted.is_none();
    }
    resolve_test(model, std::time::Duration::ZERO)
}

/// Asks the agent what it shows, unless it was asked that already.
pub(super) fn ask_agent(model: &mut Model, soon: Soon) -> Vec<Effect> {
    if soon == Soon::AfterTyping && model.step != Step::Netdata {
        return Vec::new();
    }
    let question = model.agent.question();
    let asked = model.agent.asked.as_ref() == Some(&question);
    if asked
        && soon != Soon::Again
        && (model.agent.answer().is_some() || (soon == Soon::AfterTyping && model.is_busy(Purpose::Probe)))
    {
        return Vec::new();
    }
    model.agent.asked = Some(question.clone());
    model.agent.anyway = false;
    let after = if soon == Soon::AfterTyping { PAUSE } else { std::time::Duration::ZERO };
    start(model, Purpose::Probe, Work::Probe { question: Box::new(question), after })
}

/// Fetches what is raised, as a first run would send it.
pub(super) fn fetch_notices(model: &mut Model) -> Vec<Effect> {
    if model.agent.probe().is_none() {
        model.preview.live = None;
        return Vec::new();
    }
    let (config, question) = (Box::new(model.config()), Box::new(model.agent.question()));
    start(model, Purpose::Notices, Work::Notices { config, question })
}

/// Sends the test's ALERT.
pub(super) fn begin_test(model: &mut Model) -> Vec<Effect> {
    // A test whose alert may be open is ended before the next one begins.
    if model.is_busy(Purpose::Test) {
        return Vec::new();
    }
    model.problem = None;
    let Some((alert, run)) = test::begin(model) else { return Vec::new() };
    model.test.begun += 1;
    model.test.seen = test::Seen::default();
    let work = Work::Post {
        event: Box::new(alert),
        ilert: run.subject.ilert.clone(),
        key: run.subject.key.clone(),
        after: std::time::Duration::ZERO,
    };
    model.test.run = Some(run);
    start(model, Purpose::Test, work)
}

/// Sends the test's RESOLVE.
pub(super) fn resolve_test(model: &mut Model, after: std::time::Duration) -> Vec<Effect> {
    let Some(run) = &model.test.run else { return Vec::new() };
    let work = Work::Post {
        event: Box::new(run.resolve.clone()),
        ilert: run.subject.ilert.clone(),
        key: run.subject.key.clone(),
        after,
    };
    start(model, Purpose::Test, work)
}

/// Looks up what the last step shows.
pub(super) fn prepare(model: &mut Model) -> Vec<Effect> {
    model.review.ground = None;
    model.review.composed = None;
    model.review.scroll = 0;
    let (place, config) = (Box::new(model.place.clone()), Box::new(model.config()));
    let former = review::former(model).map(|former| former.key);
    start(model, Purpose::Write, Work::Prepare { place, config, former })
}

/// Writes everything.
pub(super) fn write(model: &mut Model) -> Vec<Effect> {
    let Some(orders) = review::orders(model) else { return Vec::new() };
    start(model, Purpose::Write, Work::Write(Box::new(orders)))
}

/// Opens the address of the step in a browser.
pub(super) fn open_address(model: &mut Model) -> Vec<Effect> {
    match address(model) {
        Some(address) => start(model, Purpose::Browser, Work::Open(address.to_owned())),
        None => Vec::new(),
    }
}

/// The address that belongs to what has the focus.
pub(in crate::wizard) fn address(model: &Model) -> Option<&'static str> {
    let (guide, at) = match model.focus {
        Control::Todo(at) => (Guide::ilert(), at),
        Control::CloudTodo(at) => (Guide::cloud(), at),
        _ => return None,
    };
    // A step without an address of its own goes on where the ones before it have led.
    guide.steps.iter().take(at + 1).rev().find_map(|step| step.url.as_deref())
}

/// What [`copy`] would copy, and what it is called.
pub(in crate::wizard) fn copyable(model: &Model) -> Option<(Secret, &'static str)> {
    let plain = |text: String| Secret::new(text);
    match model.focus {
        Control::CloudValue(at) => {
            let value = notification::cloud_values(model).into_iter().nth(at)?;
            Some((value.value, value.field))
        }
        Control::Payload => preview::shown(model).map(|shown| (plain(shown.json), "the payload")),
        Control::Todo(_) | Control::CloudTodo(_) => {
            address(model).map(|address| (plain(address.to_owned()), "the address"))
        }
        Control::Seen | Control::Test => {
            test::current(model).map(|run| (plain(run.alert_key.clone()), "the test alert's key"))
        }
        _ => None,
    }
}

/// Puts what has the focus into the clipboard.
pub(super) fn copy(model: &mut Model) -> Vec<Effect> {
    let Some((text, what)) = copyable(model) else { return Vec::new() };
    model.notice = Some(format!("{what} is copied, where the terminal allows it"));
    vec![Effect::Copy(text)]
}

/// 100 ms have passed.
pub(super) fn tick(model: &mut Model) {
    let spinner = &mut model.spinner;
    match model.tasks.last() {
        Some(task) => {
            *spinner = Spinner { ticks: spinner.ticks.saturating_add(1), purpose: Some(task.purpose) }
        }
        // Not shown yet, or shown for its second: gone.
        None if spinner.ticks <= 1 || spinner.ticks > SHOWN => *spinner = Spinner::default(),
        None => spinner.ticks += 1,
    }
}

/// Keeps the answers, without the secrets, for a run that is interrupted.
pub(super) fn save(model: &Model) -> Vec<Effect> {
    unsaved(model).into_iter().map(|draft| Effect::Save(Box::new(draft))).collect()
}

/// The answers, without the secrets, where there are any that would be lost.
pub(in crate::wizard) fn unsaved(model: &Model) -> Option<Draft> {
    (model.touched && model.review.written.is_none()).then(|| draft(model))
}
