//! Starts, cancels and counts work that takes time.

use crate::wizard::context::{Purpose, Task, TaskId};
use crate::wizard::effect::{Effect, Work};
use crate::wizard::model::{Model, Spinner};

/// For how many ticks the spinner is shown at least, once it is.
const SHOWN: u32 = 10;

/// Begins the work before the first key.
pub fn begin(model: &mut Model) -> Vec<Effect> {
    let place = Box::new(model.context.place.clone());
    start(model, Purpose::Survey, Work::Survey(place))
}

/// Begins work, and gives up other work for the same purpose.
pub(super) fn start(model: &mut Model, purpose: Purpose, work: Work) -> Vec<Effect> {
    let mut effects = stop(model, purpose);
    model.ids += 1;
    let id = TaskId(model.ids);
    model.context.tasks.push(Task { id, purpose });
    effects.push(Effect::Start(id, work));
    effects
}

/// Gives up what is under way for a purpose.
pub(super) fn stop(model: &mut Model, purpose: Purpose) -> Vec<Effect> {
    let tasks = &mut model.context.tasks;
    tasks.extract_if(.., |task| task.purpose == purpose).map(|task| Effect::Cancel(task.id)).collect()
}

/// Opens the address of what has the focus in a browser.
pub(super) fn open_address(model: &mut Model) -> Vec<Effect> {
    match model.focus.address() {
        Some(address) => start(model, Purpose::Browser, Work::Open(address.to_owned())),
        None => Vec::new(),
    }
}

/// Puts what has the focus into the clipboard.
pub(super) fn copy(model: &mut Model) -> Vec<Effect> {
    let Some((text, what)) = model.copyable() else { return Vec::new() };
    model.notice = Some(format!("{what} is copied, where the terminal allows it"));
    vec![Effect::Copy(text)]
}

/// Counts 100 ms that have passed.
pub(super) fn tick(model: &mut Model) {
    let spinner = &mut model.spinner;
    match model.context.tasks.last() {
        Some(task) => {
            *spinner = Spinner { ticks: spinner.ticks.saturating_add(1), purpose: Some(task.purpose) };
        }
        // Not shown yet, or shown for its second: gone.
        None if spinner.ticks <= 1 || spinner.ticks > SHOWN => *spinner = Spinner::default(),
        None => spinner.ticks += 1,
    }
}

/// Keeps the answers, without the secrets, for a run that is interrupted.
pub(super) fn save(model: &Model) -> Vec<Effect> {
    model.unsaved().into_iter().map(|answers| Effect::Save(Box::new(answers.clone()))).collect()
}
