//! What an account leaves to choose: who is called, how alerts are grouped, which alert source of a name.

use super::{Chosen, overview};
use crate::ilert::account::{self, AlertSource, AutoResolution, EscalationPolicy, Wanted, Window};
use crate::wizard::control::Widget;
use crate::wizard::model::Model;

/// The escalation policies that are called what is looked for, or have that id.
fn policies(model: &Model) -> Vec<&EscalationPolicy> {
    let wanted = model.source.for_me.filter.value().trim().to_lowercase();
    let all = overview(model).map_or(&[][..], |overview| &overview.policies);
    let fits = |policy: &&EscalationPolicy| {
        policy.name.to_lowercase().contains(&wanted) || policy.id.to_string() == wanted
    };
    all.iter().filter(fits).collect()
}

/// The escalation policy that is chosen, or the first one.
pub(super) fn policy(model: &Model) -> Option<&EscalationPolicy> {
    let policies = policies(model);
    let chosen = policies.iter().find(|policy| Some(policy.id) == model.source.for_me.policy);
    chosen.or(policies.first()).copied()
}

/// The alert sources of the name.
pub(super) fn named(model: &Model) -> Vec<&AlertSource> {
    let sources = overview(model).map_or(&[][..], |overview| &overview.sources);
    account::sources_named(sources, model.source.for_me.name.value())
}

/// The alert source that is wanted: the chosen one of the name, else the first of them, else a new one.
pub(super) fn wanted(model: &Model) -> Wanted {
    let known: Vec<i64> = named(model).iter().map(|source| source.id).collect();
    match (model.source.for_me.chosen, known.first()) {
        (Some(Chosen::This(id)), _) if known.contains(&id) => Wanted::This(id),
        (Some(Chosen::New), _) | (_, None) => Wanted::New { known },
        (_, Some(first)) => Wanted::This(*first),
    }
}

/// The escalation policies, as a list that can be narrowed down.
#[must_use]
pub fn policy_list(model: &Model) -> Widget<'_> {
    let policies = policies(model);
    let chosen = model.source.for_me.policy;
    Widget::Pick {
        filter: &model.source.for_me.filter,
        selected: policies.iter().position(|policy| Some(policy.id) == chosen).unwrap_or(0),
        options: policies.iter().map(|policy| format!("{} (id {})", policy.name, policy.id)).collect(),
    }
}

/// Chooses an escalation policy.
pub fn choose_policy(model: &mut Model, at: usize) {
    if let Some(id) = policies(model).get(at).map(|policy| policy.id) {
        model.source.for_me.policy = Some(id);
    }
}

/// Times of grouping, as a choice.
#[must_use]
pub fn windows(model: &Model) -> Widget<'static> {
    Widget::Choice {
        selected: Window::ALL.iter().position(|window| *window == model.source.for_me.window).unwrap_or(0),
        options: Window::ALL.iter().map(|window| window.label()).collect(),
    }
}

/// Chooses a time of grouping.
pub fn choose_window(model: &mut Model, at: usize) {
    if let Some(window) = Window::ALL.get(at) {
        model.source.for_me.window = *window;
    }
}

/// When ilert resolves by itself, as a choice: never, or after some time.
#[must_use]
pub fn auto_resolutions(model: &Model) -> Widget<'static> {
    let chosen = model.source.for_me.auto_resolution;
    let after = AutoResolution::ALL.iter().map(|after| format!("after {}", after.label()));
    Widget::Choice {
        selected: AutoResolution::ALL.iter().position(|after| Some(*after) == chosen).map_or(0, |at| at + 1),
        options: [("never (recommended)".to_owned())].into_iter().chain(after).collect(),
    }
}

/// Chooses when ilert resolves by itself.
pub fn choose_auto_resolution(model: &mut Model, at: usize) {
    if at <= AutoResolution::ALL.len() {
        model.source.for_me.auto_resolution =
            at.checked_sub(1).and_then(|at| AutoResolution::ALL.get(at)).copied();
    }
}

/// The alert sources of the name, and another one, as a choice.
#[must_use]
pub fn existing(model: &Model) -> Widget<'static> {
    let named = named(model);
    let use_it = |source: &&AlertSource| {
        let called = source.escalation_policy.as_ref().map(|policy| format!(", calls {}", policy.name));
        format!("use it (id {}{})", source.id, called.unwrap_or_default())
    };
    let selected = match wanted(model) {
        Wanted::This(id) => named.iter().position(|source| source.id == id).unwrap_or(0),
        Wanted::New { .. } => named.len(),
    };
    let another = "create another of this name".to_owned();
    Widget::Choice { selected, options: named.iter().map(use_it).chain([another]).collect() }
}

/// Chooses one of the alert sources of the name, or another one.
pub fn choose_existing(model: &mut Model, at: usize) {
    let ids: Vec<i64> = named(model).iter().map(|source| source.id).collect();
    if at <= ids.len() {
        model.source.for_me.chosen = Some(ids.get(at).map_or(Chosen::New, |id| Chosen::This(*id)));
    }
}
