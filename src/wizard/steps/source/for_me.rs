//! The alert source made by ilert's API: whose token it is, who is called, what it is called, and what came of it.
//!
//! The token stays in this state while the wizard runs, so that the live test can be looked up with it; it is in no
//! draft, no configuration and no picture.

mod choices;

use std::path::PathBuf;

pub use choices::{
    auto_resolutions, choose_auto_resolution, choose_existing, choose_policy, choose_window, existing,
    policy_list, windows,
};
use choices::{named, policy, wanted};

use super::{Grouping, Way};
use crate::config::{Ilert, SecretSource};
use crate::ilert::account::{
    self, AlertSource, AutoResolution, EscalationPolicy, Fulfilled, HeartbeatMonitor, Order, Overview,
    Wanted, Window,
};
use crate::secret::Secret;
use crate::wizard::control::Control;
use crate::wizard::field::{Field, SecretField};
use crate::wizard::model::Model;
use crate::wizard::steps::Problem;

/// The name of the file with the heartbeat monitor's URL, beside the configuration.
const HEARTBEAT_FILE: &str = "heartbeat-url";

/// State of this way.
#[derive(Clone, Debug)]
pub struct ForMe {
    /// API token of ilert's.
    pub token: SecretField,
    /// The token that ilert was last asked with, and where.
    pub asked: Option<(Secret, Ilert)>,
    /// What ilert said to it.
    pub known: Option<Known>,
    /// What is looked for among the escalation policies.
    pub filter: Field,
    /// Id of the chosen escalation policy.
    pub policy: Option<i64>,
    /// Time of grouping.
    pub window: Window,
    /// How alike alerts are that are grouped, 0 to 1.
    pub threshold: Field,
    /// After how long ilert resolves alerts by itself; `None` for never.
    pub auto_resolution: Option<AutoResolution>,
    /// The alert source's name.
    pub name: Field,
    /// Which alert source of that name, where there is one.
    pub chosen: Option<Chosen>,
    /// A heartbeat monitor, too.
    pub heartbeat: bool,
    /// What is being made.
    pub ordered: Option<Order>,
    /// The last that was made or found.
    pub made: Option<Made>,
}

/// What an account has, and the token that shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Known {
    /// The token.
    pub token: Secret,
    /// Where ilert was asked.
    pub ilert: Ilert,
    /// The account.
    pub overview: Overview,
}

/// Which alert source of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chosen {
    /// The one with this id.
    This(i64),
    /// Another one of the same name.
    New,
}

/// What was ordered, and what came of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Made {
    /// The order.
    pub order: Order,
    /// The alert source with its key, and the heartbeat monitor.
    pub fulfilled: Fulfilled,
}

/// Why an order was not fulfilled.
#[derive(Clone, Debug, PartialEq)]
pub struct Unfulfilled {
    /// In words.
    pub words: String,
    /// Alert sources of the name that appeared meanwhile.
    pub appeared: Vec<AlertSource>,
}

impl Default for ForMe {
    fn default() -> Self {
        Self {
            token: SecretField::unseen(),
            asked: None,
            known: None,
            filter: Field::default(),
            policy: None,
            window: Window::ALL[2],
            threshold: Field::new("0.9"),
            auto_resolution: None,
            name: Field::new("Netdata"),
            chosen: None,
            heartbeat: false,
            ordered: None,
            made: None,
        }
    }
}

/// The token, where one was given.
#[must_use]
pub fn token(model: &Model) -> Option<Secret> {
    let field = &model.source.for_me.token;
    (!field.is_empty()).then(|| field.secret())
}

/// What ilert said to the token that is given now.
#[must_use]
pub fn overview(model: &Model) -> Option<&Overview> {
    let known = model.source.for_me.known.as_ref()?;
    let present = model.source.for_me.token.holds(&known.token) && known.ilert == model.base.ilert;
    present.then_some(&known.overview)
}

/// A token; once that is known, what to make with it.
#[must_use]
pub fn controls(model: &Model) -> Vec<Control> {
    let mut controls = vec![Control::AccountToken];
    if overview(model).is_none() {
        return controls;
    }
    controls.push(Control::SourceName);
    if !named(model).is_empty() {
        controls.push(Control::ExistingSource);
    }
    // One that is there keeps what it has.
    if matches!(wanted(model), Wanted::New { .. }) {
        controls.extend([Control::Policy, Control::Grouping]);
        match model.source.grouping {
            Grouping::PerWindow => controls.push(Control::Window),
            Grouping::Intelligent => controls.extend([Control::Window, Control::Threshold]),
            _ => {}
        }
        controls.push(Control::AutoResolution);
    }
    // Nothing pings where Netdata Cloud delivers.
    if !model.is_cloud() {
        controls.push(Control::Heartbeat);
    }
    controls
}

/// What is wanted of ilert, or what is missing for it.
pub fn order(model: &Model) -> Result<Order, Problem> {
    let for_me = &model.source.for_me;
    let Some(overview) = overview(model) else {
        let message = "paste an API token of ilert and press enter";
        return Err(Problem::new(Control::AccountToken, message));
    };
    let name = for_me.name.value().trim().to_owned();
    if name.is_empty() {
        return Err(Problem::new(Control::SourceName, "the alert source needs a name"));
    }
    let source = wanted(model);
    let policy = match &source {
        Wanted::New { .. } => policy(model).cloned().ok_or_else(|| {
            let message = if overview.policies.is_empty() {
                "the token sees no escalation policy: create one in ilert first"
            } else {
                "no escalation policy is called that"
            };
            Problem::new(Control::Policy, message)
        })?,
        Wanted::This(id) => policy_of(overview, *id),
    };
    Ok(Order {
        name,
        policy,
        grouping: grouping(model)?,
        auto_resolution: for_me.auto_resolution,
        source,
        heartbeat: (for_me.heartbeat && !model.is_cloud())
            .then(|| format!("{} (sender on {})", for_me.name.value().trim(), model.place.host)),
    })
}

/// Who is called by an alert source that is there: it stays so.
fn policy_of(overview: &Overview, id: i64) -> EscalationPolicy {
    let source = overview.sources.iter().find(|source| source.id == id);
    let policy = source.and_then(|source| source.escalation_policy.clone());
    policy.unwrap_or(EscalationPolicy { id: 0, name: String::new() })
}

fn grouping(model: &Model) -> Result<account::Grouping, Problem> {
    let window = model.source.for_me.window;
    Ok(match model.source.grouping {
        Grouping::None => account::Grouping::None,
        Grouping::OneOpen => account::Grouping::OneOpen,
        Grouping::OnePending => account::Grouping::OnePending,
        Grouping::PerSummary => account::Grouping::PerSummary,
        Grouping::OnExtraction => account::Grouping::OnExtraction,
        Grouping::PerWindow => account::Grouping::PerWindow(window),
        Grouping::Intelligent => account::Grouping::Intelligent { window, threshold: threshold(model)? },
    })
}

fn threshold(model: &Model) -> Result<f64, Problem> {
    let text = model.source.for_me.threshold.value().trim().replace(',', ".");
    text.parse().ok().filter(|threshold| (0.0..=1.0).contains(threshold)).ok_or_else(|| {
        Problem::new(Control::Threshold, "a number from 0 to 1, such as 0.9: the higher, the less is grouped")
    })
}

/// What was made of the order as it is now.
#[must_use]
pub fn made(model: &Model) -> Option<&Made> {
    let made = model.source.for_me.made.as_ref().filter(|_| model.source.way == Way::ForMe)?;
    (order(model).ok().as_ref() == Some(&made.order)).then_some(made)
}

/// The alert source must be there.
pub fn check(model: &Model) -> Result<(), Problem> {
    order(model)?;
    match made(model) {
        Some(_) => Ok(()),
        None => Err(Problem::new(Control::SourceName, "press enter: nothing is set up in ilert yet")),
    }
}

/// The heartbeat monitor that was made.
fn monitor(model: &Model) -> Option<&HeartbeatMonitor> {
    made(model).filter(|_| !model.is_cloud())?.fulfilled.heartbeat.as_ref()?.as_ref().ok()
}

/// Where the configuration will say that the heartbeat monitor's URL is.
#[must_use]
pub fn heartbeat(model: &Model) -> Option<SecretSource> {
    let old = model.base.heartbeat.url.as_ref();
    let Some(monitor) = monitor(model) else { return old.cloned() };
    Some(match old {
        Some(SecretSource::Literal(_)) => SecretSource::Literal(monitor.url.clone()),
        Some(SecretSource::File(path)) if model.start.edits() => SecretSource::File(path.clone()),
        _ => SecretSource::File(model.place.beside(HEARTBEAT_FILE)),
    })
}

/// The heartbeat monitor's URL, which must be written to a file of its own, and where.
#[must_use]
pub fn to_write(model: &Model) -> Option<(PathBuf, Secret)> {
    match heartbeat(model)? {
        SecretSource::File(path) => Some((path, monitor(model)?.url.clone())),
        _ => None,
    }
}
