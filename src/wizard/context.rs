//! Everything known besides the answers: where the wizard runs, what was found there, the results of effects, and what
//! is under way.

mod account;
mod agent;
mod authorities;
mod cloud;
mod home;
mod live_test;
mod writing;

pub use account::{AccountContext, FulfilledOrder, KnownAccount, Unfulfilled};
pub use agent::{AgentContext, AgentTarget, Probed};
pub use authorities::Authorities;
pub use cloud::{CloudContext, CloudQuestion, CloudReply, KnownSpaces, ListedRooms};
pub use home::{Awaited, Card, Files, HomeContext, HomeDeed, HomeReply, Resolving, Usable};
pub use live_test::{AlertSnapshot, LOOK_AGAIN, LOOKS, LookUp, Posted, Run, TestRuns, TestTarget};
pub use writing::{Preparation, Writing, Written};

pub use super::place::Folders;

use super::answers::{Answers, Existing};
use super::place::Place;
use crate::config::{Config, Ilert, Moment};
use crate::doctor::KeyUse;
use crate::ilert::client::Verdict;
use crate::secret::Secret;

/// All of it.
#[derive(Clone, Debug)]
pub struct Context {
    /// Where the wizard runs.
    pub place: Place,
    /// What was found on this machine; `None` while it is looked for.
    pub found: Option<Found>,
    /// What the agent shows.
    pub agent: AgentContext,
    /// The CA files.
    pub authorities: Authorities,
    /// What ilert's account has, and what was made in it.
    pub account: AccountContext,
    /// What Netdata Cloud has.
    pub cloud: CloudContext,
    /// The key that was tried last, and what ilert said to it.
    pub key: Option<(KeyTarget, Option<Verdict>)>,
    /// The live test.
    pub test: TestRuns,
    /// What is looked up, and done, at *Review and write*.
    pub writing: Writing,
    /// Somebody has looked at *Preview*.
    pub previewed: bool,
    /// Enter was pressed on the express page: what is written follows the live test.
    pub together: bool,
    /// The home screen, if there is one.
    pub home: Option<HomeContext>,
    /// Work under way.
    pub tasks: Vec<Task>,
}

/// A key, and where it is to be taken.
#[derive(Clone, Debug, PartialEq)]
pub struct KeyTarget {
    /// The key.
    pub key: Secret,
    /// Where ilert is.
    pub ilert: Ilert,
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
    /// The keys of the other configurations that are switched on, by their names.
    pub neighbours: Vec<(String, KeyUse)>,
    /// The answers of an interrupted run.
    pub draft: Option<Box<Answers>>,
    /// What a person should know: another sender, a draft that cannot be used, what an earlier run left.
    pub warnings: Vec<String>,
    /// Why it is not known what is open in ilert: `--adopt` finds it out.
    pub unknown: Option<String>,
    /// What is good to know.
    pub notes: Vec<String>,
}

/// The configuration file as it was found.
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

/// Ties a reply to the work that it is of: a late reply has an id that nobody waits for any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TaskId(pub u64);

/// A piece of work under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Task {
    /// Its reply carries it.
    pub id: TaskId,
    /// What it is for; there is one at most for each.
    pub purpose: Purpose,
}

/// What work is for. New work for the same purpose replaces the old.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// Looking round on this machine.
    Survey,
    /// Asking the agent.
    Probe,
    /// Looking at the CA files.
    Authorities,
    /// What is raised, as notices.
    Notices,
    /// Whether ilert takes the key.
    Key,
    /// The live test.
    Test,
    /// Resolving what a former live test left open.
    Leftover,
    /// Writing the files.
    Write,
    /// Starting a browser.
    Browser,
    /// Asking ilert's account what there is.
    Account,
    /// Setting up an alert source.
    Order,
    /// Looking the test's alert up.
    LookUp,
    /// The configurations that are installed.
    Home,
    /// Resolving what is open under one of them, and deleting it then where that is wanted.
    Resolve,
    /// Asking Netdata Cloud.
    Cloud,
}

impl Purpose {
    /// The words beside the spinner.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Survey => "looking around",
            Self::Probe => "asking Netdata",
            Self::Authorities => "looking at the CA file",
            Self::Notices => "fetching what is raised",
            Self::Key => "trying the key",
            Self::Test => "testing",
            Self::Leftover => "resolving the test before",
            Self::Write => "writing",
            Self::Browser => "opening",
            Self::Account => "asking ilert",
            Self::Order => "setting up in ilert",
            Self::LookUp => "looking it up in ilert",
            Self::Home => "looking at the configurations",
            Self::Resolve => "resolving in ilert",
            Self::Cloud => "asking Netdata Cloud",
        }
    }
}

impl Context {
    /// Nothing is known yet but the place.
    #[must_use]
    pub fn new(place: Place) -> Self {
        Self {
            place,
            found: None,
            agent: AgentContext::default(),
            authorities: Authorities::default(),
            account: AccountContext::default(),
            cloud: CloudContext::default(),
            key: None,
            test: TestRuns::default(),
            writing: Writing::default(),
            previewed: false,
            together: false,
            home: None,
            tasks: Vec::new(),
        }
    }

    /// What was found, if the existing configuration is edited and not replaced.
    #[must_use]
    pub fn kept(&self, existing: Existing) -> Option<&Found> {
        self.found.as_ref().filter(|_| existing == Existing::Edit)
    }

    /// The configuration that the answers change: the existing one, or the defaults.
    #[must_use]
    pub fn base(&self, existing: Existing) -> &Config {
        self.edited(existing).unwrap_or(&self.place.defaults)
    }

    /// The configuration that is edited, where one is.
    #[must_use]
    pub fn edited(&self, existing: Existing) -> Option<&Config> {
        self.kept(existing)?.usable()
    }

    /// The clock on the wall, as it was last looked at: before the files are written, or at the start.
    #[must_use]
    pub fn wall(&self) -> Moment {
        self.writing.preparation.as_ref().map_or(self.place.wall, |preparation| preparation.wall)
    }

    /// Whether work for this is under way.
    #[must_use]
    pub fn is_busy(&self, purpose: Purpose) -> bool {
        self.tasks.iter().any(|task| task.purpose == purpose)
    }
}
