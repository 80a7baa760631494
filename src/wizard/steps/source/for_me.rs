//! Creates the alert source through ilert's API: whose token it is, who is called, the name, and the result.
//!
//! The token is kept while the wizard runs, so that the live test can be looked up with it; it is in no draft, no
//! configuration and no picture.

pub mod page;

use std::path::PathBuf;

pub use super::choices::overview;

use super::{more, way};

use super::choices::{
    auto_resolutions, choose_auto_resolution, choose_existing, choose_policy, choose_window, existing, named,
    policies, policy, wanted, windows,
};
use crate::config::SecretSource;
use crate::ilert::account::{self, EscalationPolicy, HeartbeatMonitor, NamedPolicy, Order, Overview, Wanted};
use crate::secret::Secret;
use crate::wizard::answers::{Answers, GroupingChoice, Way};
use crate::wizard::context::{Context, FulfilledOrder};
use crate::wizard::form::{Access, Control, Row, StepProblem, field};
use crate::wizard::steps::reader::fits;

/// The name of the file with the heartbeat monitor's URL, beside the configuration.
const HEARTBEAT_FILE: &str = "heartbeat-url";

impl Control {
    /// An API token of ilert's. The live test's step has it, too, to look the test up.
    pub const ACCOUNT_TOKEN: Self = Self {
        row: &Row::new("account-token", "API token", field!(Secret: source.for_me.token))
            .optional()
            .introduced()
            .help(|answers, _| answers.source.for_me.token.note())
            .demo(|demo| &demo.ilert_token),
        at: 0,
    };
    /// The alert source's name.
    pub const SOURCE_NAME: Self = Self {
        row: &Row::new("source-name", "Name", field!(Text: source.for_me.name)).check(is_name),
        at: 0,
    };
    /// Which of the alert sources of that name.
    pub const EXISTING_SOURCE: Self = Self {
        row: &Row::new("existing-source", "Name is taken", Access::Choice(existing, choose_existing)),
        at: 0,
    };
    /// Who is called.
    pub const POLICY: Self = Self {
        row: &Row::new(
            "policy",
            "Escalation",
            Access::Pick {
                filter: |answers| &answers.source.for_me.filter,
                edit: |answers| &mut answers.source.for_me.filter,
                get: policies,
                set: choose_policy,
            },
        ),
        at: 0,
    };
    /// Time of grouping.
    pub const WINDOW: Self =
        Self { row: &Row::new("window", "Time window", Access::Choice(windows, choose_window)), at: 0 };
    /// How alike alerts are that are grouped.
    pub const THRESHOLD: Self =
        Self { row: &Row::new("threshold", "Similarity", field!(Text: source.for_me.threshold)), at: 0 };
    /// When ilert resolves by itself.
    pub const AUTO_RESOLUTION: Self = Self {
        row: &Row::new(
            "auto-resolution",
            "Auto-resolve",
            Access::Choice(auto_resolutions, choose_auto_resolution),
        ),
        at: 0,
    };
    /// A heartbeat monitor, too.
    pub const HEARTBEAT: Self = Self {
        row: &Row::new(
            "heartbeat",
            "",
            Access::Tick(
                |answers, _, _| {
                    let label = "add a heartbeat monitor: ilert alerts when the sender stops";
                    (label.to_owned(), answers.source.for_me.heartbeat)
                },
                |answers, _, _, on| answers.source.for_me.heartbeat = on,
            ),
        ),
        at: 0,
    };
}

/// The token, where one was given.
#[must_use]
pub fn token(answers: &Answers) -> Option<Secret> {
    let field = &answers.source.for_me.token;
    (!field.is_empty()).then(|| field.secret())
}

/// A token; once that is known, what to make with it.
#[must_use]
pub fn controls(answers: &Answers, context: &Context) -> Vec<Control> {
    let mut controls = vec![Control::ACCOUNT_TOKEN];
    if overview(answers, context).is_none() {
        return controls;
    }
    controls.push(Control::SOURCE_NAME);
    if !named(answers, context).is_empty() {
        controls.push(Control::EXISTING_SOURCE);
    }
    // An existing alert source keeps its settings.
    if matches!(wanted(answers, context), Wanted::New { .. }) {
        controls.extend([Control::POLICY, Control::GROUPING]);
        match answers.source.grouping {
            GroupingChoice::PerWindow => controls.push(Control::WINDOW),
            GroupingChoice::Intelligent => controls.extend([Control::WINDOW, Control::THRESHOLD]),
            _ => {}
        }
        controls.push(Control::AUTO_RESOLUTION);
    }
    // Nothing pings where Netdata Cloud delivers.
    if !answers.is_cloud() {
        controls.push(Control::HEARTBEAT);
    }
    controls
}

fn is_name(answers: &Answers, _: &Context) -> Result<(), StepProblem> {
    fits(Control::SOURCE_NAME, answers.source.for_me.name.value())
}

/// Whether the way to ilert is one, as far as that can be told before it is gone.
pub fn reached(answers: &Answers, context: &Context) -> Result<(), StepProblem> {
    more::controls(answers).into_iter().try_for_each(|control| control.check(answers, context))
}

/// What is wanted of ilert, or what is missing for it.
pub fn order(answers: &Answers, context: &Context) -> Result<Order, StepProblem> {
    let for_me = &answers.source.for_me;
    let Some(overview) = overview(answers, context) else {
        let message = "paste an ilert API token and press enter";
        return Err(StepProblem::new(Control::ACCOUNT_TOKEN, message));
    };
    let name = for_me.name.value().trim().to_owned();
    if name.is_empty() {
        return Err(StepProblem::new(Control::SOURCE_NAME, "the alert source needs a name"));
    }
    fits(Control::SOURCE_NAME, &name)?;
    let source = wanted(answers, context);
    let policy = match &source {
        Wanted::New { .. } => policy(answers, context).cloned().ok_or_else(|| {
            let message = if overview.policies.is_empty() {
                "the token sees no escalation policy: create one in ilert first"
            } else {
                "no escalation policy has this name"
            };
            StepProblem::new(Control::POLICY, message)
        })?,
        Wanted::This(id) => policy_of(overview, *id),
    };
    Ok(Order {
        name,
        policy,
        grouping: grouping(answers)?,
        auto_resolution: for_me.auto_resolution,
        source,
        heartbeat: (for_me.heartbeat && !answers.is_cloud())
            .then(|| format!("{} (sender on {})", for_me.name.value().trim(), context.place.host)),
    })
}

/// The escalation policy of an existing alert source: it is kept.
fn policy_of(overview: &Overview, id: i64) -> EscalationPolicy {
    let source = overview.sources.iter().find(|source| source.id == id);
    let policy = source.and_then(|source| source.escalation_policy.clone());
    policy.unwrap_or(EscalationPolicy { id: 0, name: String::new() })
}

fn grouping(answers: &Answers) -> Result<account::Grouping, StepProblem> {
    let window = answers.source.for_me.window;
    Ok(match answers.source.grouping {
        GroupingChoice::None => account::Grouping::None,
        GroupingChoice::OneOpen => account::Grouping::OneOpen,
        GroupingChoice::OnePending => account::Grouping::OnePending,
        GroupingChoice::PerSummary => account::Grouping::PerSummary,
        GroupingChoice::OnExtraction => account::Grouping::OnExtraction,
        GroupingChoice::PerWindow => account::Grouping::PerWindow(window),
        GroupingChoice::Intelligent => {
            account::Grouping::Intelligent { window, threshold: threshold(answers)? }
        }
    })
}

fn threshold(answers: &Answers) -> Result<f64, StepProblem> {
    let text = answers.source.for_me.threshold.value().trim().replace(',', ".");
    text.parse().ok().filter(|threshold| (0.0..=1.0).contains(threshold)).ok_or_else(|| {
        StepProblem::new(
            Control::THRESHOLD,
            "a number from 0 to 1, such as 0.9: the higher, the less is grouped",
        )
    })
}

/// What was made of the order as it is now.
#[must_use]
pub fn made<'a>(answers: &Answers, context: &'a Context) -> Option<&'a FulfilledOrder> {
    let made = context.account.made.as_ref().filter(|_| way(answers, context) == Way::ForMe)?;
    (order(answers, context).ok().as_ref() == Some(&made.order)).then_some(made)
}

/// The alert source must be there.
pub fn check(answers: &Answers, context: &Context) -> Result<(), StepProblem> {
    order(answers, context)?;
    match made(answers, context) {
        Some(_) => Ok(()),
        None => Err(StepProblem::new(Control::SOURCE_NAME, "press enter: nothing is set up in ilert yet")),
    }
}

/// The heartbeat monitor that was made.
fn monitor<'a>(answers: &Answers, context: &'a Context) -> Option<&'a HeartbeatMonitor> {
    made(answers, context).filter(|_| !answers.is_cloud())?.fulfilled.heartbeat.as_ref()?.as_ref().ok()
}

/// Where the configuration will say that the heartbeat monitor's URL is.
#[must_use]
pub fn heartbeat(answers: &Answers, context: &Context) -> Option<SecretSource> {
    let old = context.base(answers.start.existing).heartbeat.url.as_ref();
    let Some(monitor) = monitor(answers, context) else { return old.cloned() };
    Some(match old {
        Some(SecretSource::Literal(_)) => SecretSource::Literal(monitor.url.clone()),
        Some(SecretSource::File(path)) if context.edited(answers.start.existing).is_some() => {
            SecretSource::File(path.clone())
        }
        _ => SecretSource::File(context.place.beside(HEARTBEAT_FILE)),
    })
}

/// The heartbeat monitor's URL, which must be written to a file of its own, and where.
#[must_use]
pub fn to_write(answers: &Answers, context: &Context) -> Option<(PathBuf, Secret)> {
    match heartbeat(answers, context)? {
        SecretSource::File(path) => Some((path, monitor(answers, context)?.url.clone())),
        _ => None,
    }
}

/// What will be set up in ilert.
#[must_use]
pub fn ordering(answers: &Answers, context: &Context) -> String {
    let Ok(order) = order(answers, context) else { return String::new() };
    let source = match &order.source {
        Wanted::This(id) => format!(
            "The alert source `{}` (id {id}) is used as it is. Only its API key is taken from ilert.",
            order.name
        ),
        Wanted::New { .. } => {
            let resolved = match order.auto_resolution {
                None => "never resolved by ilert itself".to_owned(),
                Some(after) => format!("resolved by ilert itself after {}", after.label()),
            };
            format!(
                "The alert source `{}` is created in ilert: type API, priority rule HIGH, escalation policy {}, alert \
                 grouping: {}, {resolved}.",
                order.name,
                NamedPolicy(&order.policy),
                grouped(answers, &order.grouping)
            )
        }
    };
    match &order.heartbeat {
        None => source,
        Some(name) => {
            format!("{source}\n\nThe heartbeat monitor `{name}` is created, too, or used if it exists.")
        }
    }
}

/// Which events share an alert: "by time window, within 15 minutes".
fn grouped(answers: &Answers, grouping: &account::Grouping) -> String {
    let rule = answers.source.grouping.short();
    match grouping {
        account::Grouping::PerWindow(window) => format!("{rule}, within {}", window.label()),
        account::Grouping::Intelligent { window, threshold } => {
            format!("{rule}, within {}, similarity {threshold}", window.label())
        }
        _ => rule.to_owned(),
    }
}
