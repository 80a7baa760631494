//! The answers of *ilert alert source*: who creates the alert source, and how it is set up.

use serde::{Deserialize, Serialize, Serializer};

use super::Drafted;
use super::options::Options;
use crate::config::Config;
use crate::ilert::account::{AutoResolution, GroupingWindow};
use crate::wizard::field::{Field, SecretField};

/// ilert alert source.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SourceAnswers {
    /// How it comes about.
    pub way: Way,
    /// By hand: which of the guide's steps are done, in their order.
    pub done: Vec<bool>,
    /// The alert source's grouping; by hand it is chosen in ilert.
    #[serde(skip)]
    pub grouping: GroupingChoice,
    /// For me.
    pub for_me: ForMe,
    /// The proxy to ilert.
    #[serde(serialize_with = "without_login")]
    pub proxy: Field,
    /// Path of a PEM file of certificates to trust at ilert.
    pub ca_file: Field,
    /// What is seldom needed is shown.
    #[serde(skip)]
    pub more: bool,
}

impl SourceAnswers {
    /// Takes over what a configuration says of the way to ilert.
    pub(super) fn adopt(&mut self, config: &Config) {
        self.proxy = Field::new(config.ilert.proxy.as_deref().unwrap_or_default());
        let path = config.ilert.ca_file.as_ref().map(|path| path.to_string_lossy().into_owned());
        self.ca_file = Field::new(path.as_deref().unwrap_or_default());
    }
}

impl Drafted for SourceAnswers {
    fn resume(self, mut draft: Self) -> Self {
        draft.grouping = self.grouping;
        draft.more = self.more;
        draft.for_me = self.for_me.resume(draft.for_me);
        draft
    }
}

/// A proxy as far as it may be kept: it may have a password in it.
fn without_login<S: Serializer>(field: &Field, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(if field.value().contains('@') { "" } else { field.value() })
}

/// How the alert source comes about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Way {
    /// By ilert's API.
    #[default]
    ForMe,
    /// In a browser.
    ByHand,
    /// It is there: a key of it is known.
    Kept,
}

/// Alert grouping of the alert source: ilert's seven.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum GroupingChoice {
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

impl Options for GroupingChoice {
    const ALL: &'static [Self] = &[
        Self::None,
        Self::OneOpen,
        Self::OnePending,
        Self::PerWindow,
        Self::Intelligent,
        Self::PerSummary,
        Self::OnExtraction,
    ];

    fn label(self) -> &'static str {
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
}

impl GroupingChoice {
    /// Its label without the parentheses.
    #[must_use]
    pub fn short(self) -> &'static str {
        self.label().split(" (").next().unwrap_or_default()
    }

    /// What to know about it.
    #[must_use]
    pub fn warning(self) -> Option<&'static str> {
        (self != Self::None).then_some(
            "With grouping, a critical alert may join an open one: then it pages nobody and is resolved with it.",
        )
    }
}

/// What ilert's API is to make. The draft keeps the name, and what was made: the rest depends on the account that the
/// token opens.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ForMe {
    /// API token of ilert's. Nothing of it is ever shown.
    #[serde(skip)]
    pub token: SecretField,
    /// Narrows the list of escalation policies down.
    #[serde(skip)]
    pub filter: Field,
    /// Id of the chosen escalation policy.
    #[serde(skip)]
    pub policy: Option<i64>,
    /// Time of grouping.
    #[serde(skip)]
    pub window: GroupingWindow,
    /// How alike alerts are that are grouped, 0 to 1.
    #[serde(skip)]
    pub threshold: Field,
    /// After how long ilert resolves alerts by itself; `None` for never.
    #[serde(skip)]
    pub auto_resolution: Option<AutoResolution>,
    /// The alert source's name.
    pub name: Field,
    /// Which alert source of that name, if any.
    #[serde(skip)]
    pub chosen: Option<AlertSourceChoice>,
    /// A heartbeat monitor, too.
    #[serde(skip)]
    pub heartbeat: bool,
    /// The alert source that was set up last: a run that is interrupted then finds it again, key and all.
    pub set_up: Option<SetUp>,
}

/// An alert source that was created in ilert, or found there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetUp {
    /// Its id in ilert.
    pub id: i64,
    /// Its name.
    pub name: String,
}

/// Which alert source of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AlertSourceChoice {
    /// The one with this id.
    This(i64),
    /// Another one of the same name.
    New,
}

impl Drafted for ForMe {
    fn resume(self, mut draft: Self) -> Self {
        draft.token = self.token;
        draft.filter = self.filter;
        draft.policy = self.policy;
        draft.window = self.window;
        draft.threshold = self.threshold;
        draft.auto_resolution = self.auto_resolution;
        draft.chosen = self.chosen;
        draft.heartbeat = self.heartbeat;
        draft
    }
}

impl Default for ForMe {
    fn default() -> Self {
        Self {
            token: SecretField::unseen(),
            filter: Field::default(),
            policy: None,
            window: GroupingWindow::ALL[2],
            threshold: Field::new("0.9"),
            auto_resolution: None,
            name: Field::new("Netdata"),
            chosen: None,
            heartbeat: false,
            set_up: None,
        }
    }
}
