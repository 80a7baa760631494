//! All that the wizard knows: the answers of the eight steps, what was found out, and where the person is.
//!
//! What can be told from that is derived each time and stored nowhere: whether a step is done, what the
//! configuration would be, which keys do something.

mod step;

pub use step::Step;

use super::control::Control;
use super::message::{Id, Purpose};
use super::place::Place;
use super::steps::source::for_me;
use super::steps::{self, Problem};
use super::steps::{agent, key, notification, preview, review, source, start, test};
use super::theme::Theme;
use crate::config::{Config, DeliveredBy};
use crate::exit::Exit;

/// What lies over a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overlay {
    /// Help for the step, scrolled by so many lines.
    Help(u16),
    /// "Leave?": Ctrl-C was pressed and there are answers to lose.
    Leave,
    /// "Write all this?"
    Confirm,
    /// "Set this up in ilert?"
    Order,
}

/// A piece of work under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Task {
    /// Its answers carry it.
    pub id: Id,
    /// What it is for; there is one at most for each.
    pub purpose: Purpose,
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
    /// Where it runs.
    pub place: Place,
    /// The screen that is shown.
    pub step: Step,
    /// The furthest screen that was shown.
    pub reached: Step,
    /// What has the focus on it.
    pub focus: Control,
    /// Rows that it was leafed on by, beyond what shows the focus.
    pub scroll: u16,
    /// What lies over it.
    pub overlay: Option<Overlay>,
    /// Why Enter did not go on.
    pub problem: Option<Problem>,
    /// One line about the last key: "copied".
    pub notice: Option<String>,
    /// Step 1.
    pub start: start::Start,
    /// Step 2.
    pub source: source::Source,
    /// Step 3.
    pub key: key::Key,
    /// Step 4.
    pub agent: agent::Agent,
    /// Step 5.
    pub notification: notification::Notification,
    /// Step 6.
    pub preview: preview::Preview,
    /// Step 7.
    pub test: test::Test,
    /// Step 8.
    pub review: review::Review,
    /// The configuration that the answers change: the one that is there, or the defaults.
    pub base: Config,
    /// Work under way.
    pub tasks: Vec<Task>,
    /// The spinner.
    pub spinner: Spinner,
    /// Ids given so far.
    pub ids: u64,
    /// An answer was given that would be lost.
    pub touched: bool,
    /// How the wizard ends, once it does.
    pub exit: Option<Exit>,
}

impl Model {
    /// At the first screen, with nothing known.
    #[must_use]
    pub fn new(place: Place, theme: Theme) -> Self {
        let base = place.defaults.clone();
        let mut model = Self {
            theme,
            step: Step::Start,
            reached: Step::Start,
            focus: Control::Delivery,
            scroll: 0,
            overlay: None,
            problem: None,
            notice: None,
            start: start::Start::default(),
            source: source::Source::default(),
            key: key::Key::default(),
            agent: agent::Agent::of(&base),
            notification: notification::Notification::of(&base),
            preview: preview::Preview::of(&base),
            test: test::Test::default(),
            review: review::Review::default(),
            base,
            place,
            tasks: Vec::new(),
            spinner: Spinner::default(),
            ids: 0,
            touched: false,
            exit: None,
        };
        model.focus_first();
        model
    }

    /// Fills every step with what a configuration says.
    pub fn adopt(&mut self, config: &Config) {
        self.base = config.clone();
        self.start.delivery = match config.notification.delivered_by {
            DeliveredBy::NetdataIlert => start::Delivery::Here,
            DeliveredBy::NetdataCloud => start::Delivery::Cloud,
        };
        self.key.keep = key::keep_of(&config.integration.api_key);
        self.agent = agent::Agent::of(config);
        self.notification = notification::Notification::of(config);
        self.preview = preview::Preview::of(config);
    }

    /// The controls of the step that is shown, in the order in which Tab visits them.
    #[must_use]
    pub fn controls(&self) -> Vec<Control> {
        steps::controls(self, self.step)
    }

    /// Puts the focus on the first control.
    pub fn focus_first(&mut self) {
        self.focus = self.controls().first().copied().unwrap_or(Control::Delivery);
    }

    /// Puts the focus on the last control.
    pub fn focus_last(&mut self) {
        self.focus = self.controls().last().copied().unwrap_or(self.focus);
    }

    /// The configuration as the answers have it.
    #[must_use]
    pub fn config(&self) -> Config {
        let mut config = self.base.clone();
        (config.rooms, config.notification.rooms) = self.notification.rooms(&self.base);
        self.notification.name.value().trim().clone_into(&mut config.notification.name);
        config.notification.notify = self.notification.notify;
        config.notification.delivered_by = self.start.delivery.delivered_by();
        config.integration.api_key = key::kept(self);
        config.netdata = agent::table(self);
        config.templates = self.preview.templates();
        config.heartbeat.url = for_me::heartbeat(self);
        config
    }

    /// Whether Netdata Cloud is to deliver.
    #[must_use]
    pub fn is_cloud(&self) -> bool {
        self.start.delivery == start::Delivery::Cloud
    }

    /// Whether work for this is under way.
    #[must_use]
    pub fn is_busy(&self, purpose: Purpose) -> bool {
        self.tasks.iter().any(|task| task.purpose == purpose)
    }

    /// Whether time must be counted: work is under way, or the spinner has not been shown for its second.
    #[must_use]
    pub fn wants_ticks(&self) -> bool {
        !self.tasks.is_empty() || self.spinner.ticks > 0
    }
}
