//! *Before you start*: what was found on this machine, and who is to deliver.

use crate::text::ShownPath as _;
use crate::wizard::answers::{Answers, Options as _, Resume, Rooms, Step};
use crate::wizard::context::{Context, Found, OnDisk};
use crate::wizard::form::{Access, Choice, Control, Row, StepProblem, choose, one_of};
use crate::wizard::guide;
use crate::wizard::page::Page;
use crate::wizard::steps::{agent, named, notification, source};

/// What to know in the demo, in place of what one needs.
const DEMO: [&str; 4] = [
    "Netdata and ilert are simulated: you need nothing",
    "ctrl-p pastes the key or the token that is asked for",
    "ctrl-x does the rest at once, as soon as there is a key",
    "ctrl-c leaves, at any time",
];

impl Control {
    /// Who delivers.
    pub const DELIVERY: Self =
        Self { row: &Row::new("delivery", "Who delivers", one_of!(start.delivery)).check(is_found), at: 0 };
    /// Edit the existing configuration, or start anew.
    pub const EXISTING: Self = Self {
        row: &Row::new(
            "existing",
            "Configuration",
            Access::Choice(|answers, _| Choice::of(answers.start.existing), choose_existing),
        ),
        at: 0,
    };
    /// Go on with an interrupted run.
    pub const RESUME: Self = Self { row: &Row::new("resume", "Earlier run", one_of!(start.resume)), at: 0 };
}

/// Its controls: some depend on what was found.
#[must_use]
pub fn controls(_: &Answers, context: &Context) -> Vec<Control> {
    let found = context.found.as_ref();
    let mut controls = Vec::new();
    if found.is_some_and(|found| found.draft.is_some()) {
        controls.push(Control::RESUME);
    }
    if found.is_some_and(|found| found.usable().is_some()) {
        controls.push(Control::EXISTING);
    }
    controls.push(Control::DELIVERY);
    controls
}

/// What the menu says of it.
#[must_use]
pub fn holds(answers: &Answers, _: &Context) -> String {
    answers.start.delivery.label().to_owned()
}

/// Nothing here can be wrong, but what is looked for must have been found.
fn is_found(_: &Answers, context: &Context) -> Result<(), StepProblem> {
    match &context.found {
        Some(_) => Ok(()),
        None => {
            Err(StepProblem::new(Control::DELIVERY, "still looking around on this machine: wait a moment"))
        }
    }
}

/// Chooses between editing and starting anew: the answers begin with the one or the other.
fn choose_existing(answers: &mut Answers, context: &Context, at: usize) {
    let before = answers.start.existing;
    choose(&mut answers.start.existing, at);
    if answers.start.existing != before {
        begin_with(answers, context);
    }
}

/// Begins the answers anew, from the existing configuration or from the defaults.
pub fn begin_with(answers: &mut Answers, context: &Context) {
    answers.adopt(context.base(answers.start.existing));
    answers.source.way = source::shortest(answers, context);
}

/// Takes up the answers of an interrupted run, if there is one and it is wanted. True where it was.
pub fn take_up(answers: &mut Answers, context: &mut Context) -> bool {
    if answers.start.resume != Resume::Resume {
        return false;
    }
    let Some(draft) = context.found.as_mut().and_then(|found| found.draft.take()) else { return false };
    let mode = answers.notification.mode;
    answers.resume(*draft);
    // The rooms of a configuration that is not there any more.
    if answers.notification.mode == Rooms::Configured && !notification::is_configured(answers, context) {
        answers.notification.mode = mode;
    }
    true
}

/// Puts the step on a page.
pub fn page(page: &mut Page<'_>) {
    let (answers, context) = page.known();
    page.title(&format!("{} steps to a tested alert in ilert", Step::ALL.len()));
    for control in controls(answers, context) {
        page.control(control);
        if control == Control::RESUME {
            page.gap();
        }
    }
    page.gap();
    let style = page.theme().label();
    let (bullet, dim) = (page.theme().bullet(), page.theme().dim());
    if context.place.demo.is_some() {
        page.styled("This is the demo", style);
        for line in DEMO {
            page.item(bullet, dim, line);
        }
    } else {
        page.styled("What you need", style);
        for line in guide::prerequisites(answers.is_cloud()) {
            page.item(bullet, dim, line);
        }
    }
    page.gap();
    page.styled("Found on this machine", style);
    match &context.found {
        None => page.dim("looking around"),
        Some(found) => here(page, found),
    }
    agent(page);
}

fn here(page: &mut Page<'_>, found: &Found) {
    let (theme, path) = (page.theme(), page.view.context.place.config.shown());
    match &found.config {
        OnDisk::Nothing => {
            let context = page.view.context;
            let is_demo = context.place.demo.is_some();
            let place = if is_demo { "in a folder that goes when the demo ends" } else { path.as_str() };
            let is_another = context.home.is_some() || context.place.is_named();
            let what = if is_another { "a new configuration" } else { "no configuration yet" };
            page.item(theme.bullet(), theme.dim(), &format!("{what}: it will be {place}"));
        }
        OnDisk::Usable(config) => {
            page.item(
                theme.tick(),
                theme.good(),
                &format!("the configuration \"{}\" ({path})", config.notification.name),
            );
        }
        OnDisk::Unusable(why) => {
            page.warning(&format!(
                "this configuration cannot be used and will be replaced at the end: {why}"
            ));
        }
    }
    if found.variable.is_some() {
        page.item(theme.tick(), theme.good(), "a key in ILERT_API_KEY");
    }
    for note in &found.notes {
        page.item(theme.bullet(), theme.dim(), note);
    }
    for warning in &found.warnings {
        page.warning(warning);
    }
    if let Some(why) = &found.unknown {
        page.warning(&format!(
            "{why}. {} takes it over, with an ilert API token; {} says so again",
            page.view.context.place.command("--adopt"),
            named(Step::Review)
        ));
    }
    if found.draft.is_some() {
        page.item(theme.tick(), theme.good(), "the answers of an interrupted run");
    }
}

fn agent(page: &mut Page<'_>) {
    let ((answers, context), theme) = (page.known(), page.theme());
    match agent::reply(answers, context) {
        None => page.dim("asking Netdata"),
        Some(Ok(probe)) => {
            let text = agent::page::summary(probe);
            page.item(theme.tick(), theme.good(), &text);
        }
        Some(Err(why)) => {
            let url = agent::target(answers, context).url;
            page.item(
                theme.bullet(),
                theme.dim(),
                &format!("no Netdata agent at {url}: {} asks for its address", named(Step::Netdata)),
            );
            page.item(" ", theme.dim(), why);
        }
    }
}
