//! Step 2, *ilert alert source*: by hand, in a browser, step by step; or by ilert's API, with a token.

pub mod for_me;

use super::Problem;
use crate::wizard::control::{Control, Widget};
use crate::wizard::guide::Guide;
use crate::wizard::model::Model;
use for_me::ForMe;

/// What the box says that asks for a heartbeat monitor.
pub const HEARTBEAT: &str = "a heartbeat monitor, too: ilert tells when the sender stops";

/// How the alert source comes about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Way {
    /// In a browser.
    #[default]
    ByHand,
    /// By ilert's API.
    ForMe,
}

impl Way {
    /// In the order in which they are offered.
    pub const ALL: [Self; 2] = [Self::ByHand, Self::ForMe];

    /// As it is offered.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::ByHand => "by hand, in a browser",
            Self::ForMe => "for me, with an API token",
        }
    }
}

/// Alert grouping of the alert source: ilert's seven.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Grouping {
    /// Every alert of its own.
    #[default]
    None,
    /// One open alert at a time.
    OneOpen,
    /// One pending alert at a time.
    OnePending,
    /// Grouped within a time window.
    PerWindow,
    /// Grouped by what ilert takes for alike.
    Intelligent,
    /// One alert for a summary.
    PerSummary,
    /// As ilert extracts it from e-mails.
    OnExtraction,
}

impl Grouping {
    /// In the order in which they are offered.
    pub const ALL: [Self; 7] = [
        Self::None,
        Self::OneOpen,
        Self::OnePending,
        Self::PerWindow,
        Self::Intelligent,
        Self::PerSummary,
        Self::OnExtraction,
    ];

    /// As it is offered.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::None => "none (recommended)",
            Self::OneOpen => "one open alert at a time",
            Self::OnePending => "one pending alert at a time",
            Self::PerWindow => "by time window",
            Self::Intelligent => "intelligent grouping",
            Self::PerSummary => "by summary (meant for e-mail)",
            Self::OnExtraction => "on extraction (meant for e-mail)",
        }
    }

    /// The same, without what it is good for.
    #[must_use]
    pub fn short(self) -> &'static str {
        self.label().split(" (").next().unwrap_or_default()
    }

    /// What to know about it.
    #[must_use]
    pub fn warning(self) -> Option<&'static str> {
        (self != Self::None).then_some(
            "With grouping, a critical alert may join an open one and page nobody, and it is resolved when its \
             group is.",
        )
    }
}

/// State of the step.
#[derive(Clone, Debug)]
pub struct Source {
    /// How it comes about.
    pub way: Way,
    /// By hand: which of the guide's steps are done.
    pub done: Vec<bool>,
    /// The alert source's grouping. By hand it is chosen in ilert: here it only brings the warning that it deserves.
    pub grouping: Grouping,
    /// For me.
    pub for_me: ForMe,
}

impl Default for Source {
    fn default() -> Self {
        Self {
            way: Way::default(),
            done: vec![false; Guide::ilert().steps.len()],
            grouping: Grouping::default(),
            for_me: ForMe::default(),
        }
    }
}

/// Which way; then the things to do and the grouping, or what ilert is asked with.
#[must_use]
pub fn controls(model: &Model) -> Vec<Control> {
    let mut controls = vec![Control::Way];
    match model.source.way {
        Way::ByHand => {
            controls.extend((0..model.source.done.len()).map(Control::Todo));
            controls.push(Control::Grouping);
        }
        Way::ForMe => controls.extend(for_me::controls(model)),
    }
    controls
}

/// There must be an alert source before there is a key.
pub fn check(model: &Model) -> Result<(), Problem> {
    if model.source.way == Way::ForMe {
        return for_me::check(model);
    }
    match model.source.done.iter().position(|done| !done) {
        None => Ok(()),
        Some(at) => Err(Problem::new(Control::Todo(at), "do this in ilert, then tick it")),
    }
}

/// One of the things to do.
#[must_use]
pub fn todo(model: &Model, at: usize) -> Widget<'static> {
    let label = Guide::ilert().steps.get(at).map_or_else(String::new, |step| step.title.clone());
    Widget::Tick { label, on: model.source.done.get(at).copied().unwrap_or(false) }
}
