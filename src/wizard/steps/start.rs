//! Step 1, *Before you start*: what was found on this machine, and who is to deliver.

use super::Problem;
use crate::config::{Config, DeliveredBy};
use crate::secret::Secret;
use crate::wizard::control::Control;
use crate::wizard::draft::Draft;
use crate::wizard::model::Model;

/// Who is to deliver.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Delivery {
    /// This machine, by `--send`.
    #[default]
    Here,
    /// Netdata Cloud.
    Cloud,
}

impl Delivery {
    /// In the order in which they are offered.
    pub const ALL: [Self; 2] = [Self::Here, Self::Cloud];

    /// As it is offered.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Here => "this machine (any agent, any plan)",
            Self::Cloud => "Netdata Cloud (paid plan, Admin)",
        }
    }

    /// As the configuration has it.
    #[must_use]
    pub fn delivered_by(self) -> DeliveredBy {
        match self {
            Self::Here => DeliveredBy::NetdataIlert,
            Self::Cloud => DeliveredBy::NetdataCloud,
        }
    }
}

/// What becomes of a configuration that is there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Existing {
    /// Its answers are the first ones here.
    #[default]
    Edit,
    /// It is replaced.
    Replace,
}

impl Existing {
    /// In the order in which they are offered.
    pub const ALL: [Self; 2] = [Self::Edit, Self::Replace];

    /// As it is offered.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Edit => "edit it, comments stay",
            Self::Replace => "start anew, from the defaults",
        }
    }
}

/// What becomes of an interrupted run's answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Resume {
    /// They are taken up.
    #[default]
    Resume,
    /// They are dropped.
    Drop,
}

impl Resume {
    /// In the order in which they are offered.
    pub const ALL: [Self; 2] = [Self::Resume, Self::Drop];

    /// As it is offered.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Resume => "go on where it stopped (no key was saved)",
            Self::Drop => "drop its answers",
        }
    }
}

/// The configuration file that is there.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum OnDisk {
    /// None.
    #[default]
    Nothing,
    /// One that can be edited.
    Usable(Box<Config>),
    /// One that cannot be read, or is not valid; why.
    Unusable(String),
}

/// What was found on this machine.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    /// The configuration.
    pub config: OnDisk,
    /// Its API key.
    pub key: Option<Secret>,
    /// Its password for the agent.
    pub password: Option<Secret>,
    /// Its bearer token for the agent.
    pub token: Option<Secret>,
    /// What `ILERT_API_KEY` holds.
    pub variable: Option<Secret>,
    /// The answers of an interrupted run.
    pub draft: Option<Box<Draft>>,
    /// What a person should know: another sender, a draft that cannot be used, what an earlier run left.
    pub warnings: Vec<String>,
    /// Why it is not known what is open in ilert: `--adopt` finds it out.
    pub unknown: Option<String>,
    /// What is good to know.
    pub notes: Vec<String>,
}

impl Found {
    /// The configuration that can be edited.
    #[must_use]
    pub fn usable(&self) -> Option<&Config> {
        match &self.config {
            OnDisk::Usable(config) => Some(config),
            OnDisk::Nothing | OnDisk::Unusable(_) => None,
        }
    }
}

/// State of the step.
#[derive(Clone, Debug, Default)]
pub struct Start {
    /// What was found; `None` while it is looked for.
    pub found: Option<Found>,
    /// Who is to deliver.
    pub delivery: Delivery,
    /// Edit what is there, or not.
    pub existing: Existing,
    /// Take up an interrupted run, or not.
    pub resume: Resume,
}

impl Start {
    /// Whether a configuration that is there is edited.
    #[must_use]
    pub fn edits(&self) -> bool {
        self.existing == Existing::Edit && self.found.as_ref().is_some_and(|found| found.usable().is_some())
    }
}

/// Its controls: some depend on what was found.
#[must_use]
pub fn controls(model: &Model) -> Vec<Control> {
    let found = model.start.found.as_ref();
    let mut controls = Vec::new();
    if found.is_some_and(|found| found.draft.is_some()) {
        controls.push(Control::Resume);
    }
    if found.is_some_and(|found| found.usable().is_some()) {
        controls.push(Control::Existing);
    }
    controls.push(Control::Delivery);
    controls
}

/// Nothing here can be wrong, but what is looked for must have been found.
pub fn check(model: &Model) -> Result<(), Problem> {
    match &model.start.found {
        Some(_) => Ok(()),
        None => Err(Problem::new(Control::Delivery, "still looking round on this machine: a moment")),
    }
}

/// Chooses between editing and starting anew: every step begins with the one or the other's answers.
pub fn choose_existing(model: &mut Model, at: usize) {
    let Some(chosen) = Existing::ALL.get(at) else { return };
    if model.start.existing != *chosen {
        model.start.existing = *chosen;
        begin_with(model);
    }
}

/// Fills every step with what is to be begun with: the configuration that is there, or the defaults.
pub fn begin_with(model: &mut Model) {
    let found = model.start.found.as_ref().filter(|_| model.start.existing == Existing::Edit);
    let secrets = found.map(|found| (found.key.clone(), found.password.clone(), found.token.clone()));
    let config = found.and_then(Found::usable).cloned().unwrap_or_else(|| model.place.defaults.clone());
    model.adopt(&config);
    let (key, password, token) = secrets.unwrap_or_default();
    model.key.known = key;
    model.agent.known_password = password;
    model.agent.known_token = token;
}
