//! All that the wizard knows: the answers, the context, and where the person is.
//!
//! Everything else is computed from that each time and never stored: whether a step is done, what the configuration
//! would be, which keys do something.

use super::answers::{Answers, Step};
use super::context::{Context, Folders, HomeContext, Purpose};
use super::draft;
use super::form::{Access, Control, Evidence, StepProblem, Typing, Widget};
use super::page::{Drawn, Look, Page, View};
use super::place::Place;
use super::steps::{self, configuration};
use super::theme::Theme;
use crate::config::Config;
use crate::exit::Exit;
use crate::secret::Secret;
use crate::text::ShownPath as _;

/// A window over a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overlay {
    /// Help for the step, scrolled by so many lines.
    Help(u16),
    /// "Leave?": Ctrl-C was pressed and there are answers to lose.
    Leave,
    /// "Set this up in ilert?"
    Order,
    /// "Delete this configuration?"
    Delete,
}

/// When the spinner is shown, counted in ticks of 100 ms: after the first, and then for ten at least.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spinner {
    /// Ticks since work began, 0 when there is nothing to show.
    pub ticks: u32,
    /// What was under way when it was last shown.
    pub purpose: Option<Purpose>,
}

/// The wizard's whole state.
#[derive(Clone, Debug)]
pub struct Model {
    /// Colours and glyphs.
    pub theme: Theme,
    /// What was answered.
    pub answers: Answers,
    /// What is known besides.
    pub context: Context,
    /// The screen that is shown.
    pub step: Step,
    /// The furthest step that was shown, or that Enter would have gone on to.
    pub reached: Step,
    /// The screens that led to this one and that it leads back to, the last one first to be gone back to.
    pub trail: Vec<Step>,
    /// What has the focus on it.
    pub focus: Control,
    /// The first row of the page to be seen, where it was scrolled by hand.
    pub scroll: Option<u16>,
    /// What the last drawing showed.
    pub drawn: Drawn,
    /// How far what is looked at is looked through.
    pub look: Look,
    /// The window over it.
    pub overlay: Option<Overlay>,
    /// Why Enter did not go on.
    pub problem: Option<StepProblem>,
    /// One line about the last key: "copied".
    pub notice: Option<String>,
    /// Enter was pressed while something was asked: go on once there is a reply.
    pub goes_on: bool,
    /// The spinner.
    pub spinner: Spinner,
    /// Ids given so far.
    pub ids: u64,
    /// An answer was given that would be lost.
    pub touched: bool,
    /// Ctrl-C was pressed twice during a live test: the wizard ends once the RESOLVE is answered.
    pub leaving: bool,
    /// How the wizard ends, once it does.
    pub exit: Option<Exit>,
}

/// How a step stands: derived from the answers, each time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// It was shown, its answers will do, and they are proven.
    Done,
    /// It was shown or passed over, and its answers will do; it was not tried, or not looked at.
    Untried,
    /// Something speaks against it.
    Doubtful,
    /// It is shown now.
    Current,
    /// It was not shown yet, or something is still to be done in it.
    Pending,
}

impl Model {
    /// At the first screen, with nothing known.
    #[must_use]
    pub fn new(place: Place, theme: Theme) -> Self {
        let mut model = Self {
            theme,
            answers: Answers::of(&place.defaults),
            context: Context::new(place),
            step: Step::Start,
            reached: Step::Start,
            trail: Vec::new(),
            focus: Control::DELIVERY,
            scroll: None,
            drawn: Drawn::default(),
            look: Look::default(),
            overlay: None,
            problem: None,
            notice: None,
            goes_on: false,
            spinner: Spinner::default(),
            ids: 0,
            touched: false,
            leaving: false,
            exit: None,
        };
        model.focus_first();
        model
    }

    /// At the home screen, which lists the configurations of these folders.
    #[must_use]
    pub fn at_home(place: Place, theme: Theme, folders: Folders) -> Self {
        let mut model = Self::new(Place { folders: Some(folders.clone()), ..place }, theme);
        model.context.home = Some(HomeContext { folders, ..HomeContext::default() });
        model.step = Step::Home;
        model.focus_first();
        model
    }

    /// The controls of the step that is shown, in the order in which Tab visits them.
    #[must_use]
    pub fn controls(&self) -> Vec<Control> {
        steps::controls(&self.answers, &self.context, self.step)
    }

    /// Whether a step's answers will do, or the first thing that will not.
    pub fn check(&self, step: Step) -> Result<(), StepProblem> {
        steps::check(&self.answers, &self.context, step)
    }

    /// How a step stands.
    #[must_use]
    pub fn progress(&self, step: Step) -> Progress {
        let is_done = self.context.writing.is_done();
        let passed = step < self.reached || is_done;
        let evidence = || steps::evidence(&self.answers, &self.context, step);
        match passed.then(|| self.check(step)) {
            _ if step == self.step && !is_done => Progress::Current,
            None => Progress::Pending,
            Some(checked) => match evidence() {
                Evidence::Doubtful(_) => Progress::Doubtful,
                _ if checked.is_err() => Progress::Pending,
                Evidence::Untried(_) => Progress::Untried,
                Evidence::Proven => Progress::Done,
            },
        }
    }

    /// What a control is now.
    #[must_use]
    pub fn widget(&self, control: Control) -> Widget<'_> {
        control.widget(&self.answers, &self.context)
    }

    /// The text of a control, to be changed.
    pub fn typing(&mut self, control: Control) -> Option<Typing<'_>> {
        control.typing(&mut self.answers)
    }

    /// Chooses an option of a control, by its place.
    pub fn choose(&mut self, control: Control, at: usize) {
        control.choose(&mut self.answers, &self.context, at);
    }

    /// Ticks a box, or takes the tick away.
    pub fn tick(&mut self, control: Control, on: bool) {
        control.tick(&mut self.answers, &self.context, on);
    }

    /// The text that narrows down the list with the focus, if any.
    #[must_use]
    pub fn find(&self) -> Option<Control> {
        self.focus.row.find.filter(|find| self.controls().contains(find))
    }

    /// The text that narrows the list with the focus down, where something is typed in it.
    #[must_use]
    pub fn filter(&self) -> Option<Control> {
        let typed = self.focus == Control::FIND || matches!(self.focus.row.access, Access::Pick { .. });
        let control = if typed { self.focus } else { self.find()? };
        match self.widget(control) {
            Widget::Text(field) | Widget::Pick(field, _) => (!field.is_empty()).then_some(control),
            _ => None,
        }
    }

    /// Whether there is a screen to go back to from here.
    #[must_use]
    pub fn leads_back(&self) -> bool {
        let from_home = self.step != Step::Home && self.context.home.is_some();
        let leads = from_home || self.step.previous().is_some() || !self.trail.is_empty();
        leads && !self.context.writing.is_done()
    }

    /// What can be copied from the control with the focus, and what that is called.
    #[must_use]
    pub fn copyable(&self) -> Option<(Secret, &'static str)> {
        if self.focus == Control::PAYLOAD {
            let payload = steps::preview::payload(&self.answers, &self.context, self.look.at)?;
            return Some((Secret::new(payload.json), "the payload"));
        }
        self.focus.copyable(&self.answers, &self.context)
    }

    /// Where to begin with a thing to do: at the first of what is to be looked at right before it.
    #[must_use]
    pub fn seen_first(&self, todo: Control) -> Control {
        let controls = self.controls();
        let before = controls.iter().take_while(|control| **control != todo).copied().collect::<Vec<_>>();
        let values = before.iter().rev().take_while(|control| matches!(control.row.access, Access::Look));
        values.last().copied().unwrap_or(todo)
    }

    /// Puts the focus on the first control.
    pub fn focus_first(&mut self) {
        self.focus = self.controls().first().copied().unwrap_or(Control::DELIVERY);
    }

    /// Puts the focus on the last control.
    pub fn focus_last(&mut self) {
        self.focus = self.controls().last().copied().unwrap_or(self.focus);
    }

    /// The page of the step that is shown, for so many columns and rows.
    #[must_use]
    pub fn page(&self, width: u16, height: u16) -> Page<'_> {
        let mut page = self.empty_page(width, height);
        steps::page(&mut page, self.step);
        page
    }

    /// The same page, to be said line by line.
    #[must_use]
    pub fn said_page(&self, width: u16, height: u16) -> Page<'_> {
        let mut page = Page { is_said: true, ..self.empty_page(width, height) };
        steps::page(&mut page, self.step);
        page
    }

    /// A page with nothing on it yet.
    #[must_use]
    pub fn empty_page(&self, width: u16, height: u16) -> Page<'_> {
        let view = View {
            answers: &self.answers,
            context: &self.context,
            theme: self.theme,
            focus: self.focus,
            is_active: self.overlay.is_none(),
            problem: self.problem.as_ref(),
            scroll: self.scroll,
            look: self.look,
        };
        Page::new(view, width, height)
    }

    /// The configuration as the answers have it.
    #[must_use]
    pub fn config(&self) -> Config {
        configuration::config(&self.answers, &self.context)
    }

    /// The answers, where there are any that would be lost.
    #[must_use]
    pub fn unsaved(&self) -> Option<&Answers> {
        (self.touched && !self.context.writing.is_done()).then_some(&self.answers)
    }

    /// Where the answers are kept for the next time, in a sentence without its full stop. `None` where there are none to
    /// keep, and in the demo, which leaves nothing.
    #[must_use]
    pub fn kept(&self) -> Option<String> {
        let place = &self.context.place;
        self.unsaved().filter(|_| place.demo.is_none())?;
        let path = place.abridged(&place.state.join(draft::FILE).shown());
        Some(format!("The answers so far are kept in `{path}`; keys and passwords are not"))
    }

    /// Whether time must be counted: work is under way, or the spinner has not been shown for its second.
    #[must_use]
    pub fn wants_ticks(&self) -> bool {
        !self.context.tasks.is_empty() || self.spinner.ticks > 0
    }
}
