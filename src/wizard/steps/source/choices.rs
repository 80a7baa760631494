//! What can be chosen in an account: who is called, how alerts are grouped, which alert source of a name.

use crate::ilert::account::{
    self, AlertSource, AutoResolution, EscalationPolicy, GroupingWindow, Overview, Wanted,
};
use crate::wizard::answers::{AlertSourceChoice, Answers};
use crate::wizard::context::Context;
use crate::wizard::form::Choice;

/// What ilert said to the token that is given now.
#[must_use]
pub fn overview<'a>(answers: &Answers, context: &'a Context) -> Option<&'a Overview> {
    let known = context.account.known.as_ref()?;
    let present =
        answers.source.for_me.token.holds(&known.token) && known.ilert == super::ilert(answers, context);
    present.then_some(&known.overview)
}

/// The escalation policies whose name holds the text searched for, or whose id it is.
fn found<'a>(answers: &Answers, context: &'a Context) -> Vec<&'a EscalationPolicy> {
    let wanted = answers.source.for_me.filter.value().trim().to_lowercase();
    let all = overview(answers, context).map_or(&[][..], |overview| &overview.policies);
    let fits = |policy: &&EscalationPolicy| {
        policy.name.to_lowercase().contains(&wanted) || policy.id.to_string() == wanted
    };
    all.iter().filter(fits).collect()
}

/// The escalation policy that is chosen, or the first one.
pub(super) fn policy<'a>(answers: &Answers, context: &'a Context) -> Option<&'a EscalationPolicy> {
    let policies = found(answers, context);
    let chosen = policies.iter().find(|policy| Some(policy.id) == answers.source.for_me.policy);
    chosen.or(policies.first()).copied()
}

/// The alert sources of the name.
pub(super) fn named<'a>(answers: &Answers, context: &'a Context) -> Vec<&'a AlertSource> {
    let sources = overview(answers, context).map_or(&[][..], |overview| &overview.sources);
    account::sources_named(sources, answers.source.for_me.name.value())
}

/// The alert source that is wanted: the chosen one of the name, else the one that was set up, else the first, else a
/// new one.
pub(super) fn wanted(answers: &Answers, context: &Context) -> Wanted {
    let known: Vec<i64> = named(answers, context).iter().map(|source| source.id).collect();
    let set_up = answers.source.for_me.set_up.as_ref().map(|set_up| set_up.id);
    let likely = set_up.filter(|id| known.contains(id)).or(known.first().copied());
    match (answers.source.for_me.chosen, likely) {
        (Some(AlertSourceChoice::This(id)), _) if known.contains(&id) => Wanted::This(id),
        (Some(AlertSourceChoice::New), _) | (_, None) => Wanted::New { known },
        (_, Some(likely)) => Wanted::This(likely),
    }
}

/// The escalation policies, as a list that can be narrowed down.
pub(super) fn policies(answers: &Answers, context: &Context) -> Choice {
    let policies = found(answers, context);
    let chosen = answers.source.for_me.policy;
    Choice {
        selected: policies.iter().position(|policy| Some(policy.id) == chosen).unwrap_or(0),
        options: policies.iter().map(|policy| format!("{} (id {})", policy.name, policy.id)).collect(),
    }
}

/// Chooses an escalation policy.
pub(super) fn choose_policy(answers: &mut Answers, context: &Context, at: usize) {
    if let Some(id) = found(answers, context).get(at).map(|policy| policy.id) {
        answers.source.for_me.policy = Some(id);
    }
}

/// Times of grouping, as a choice.
pub(super) fn windows(answers: &Answers, _: &Context) -> Choice {
    Choice {
        selected: GroupingWindow::ALL
            .iter()
            .position(|window| *window == answers.source.for_me.window)
            .unwrap_or(0),
        options: GroupingWindow::ALL.iter().map(|window| window.label()).collect(),
    }
}

/// Chooses a time of grouping.
pub(super) fn choose_window(answers: &mut Answers, _: &Context, at: usize) {
    if let Some(window) = GroupingWindow::ALL.get(at) {
        answers.source.for_me.window = *window;
    }
}

/// When ilert resolves by itself, as a choice: never, or after some time.
pub(super) fn auto_resolutions(answers: &Answers, _: &Context) -> Choice {
    let chosen = answers.source.for_me.auto_resolution;
    let after = AutoResolution::ALL.iter().map(|after| format!("after {}", after.label()));
    Choice {
        selected: AutoResolution::ALL.iter().position(|after| Some(*after) == chosen).map_or(0, |at| at + 1),
        options: [("never (recommended)".to_owned())].into_iter().chain(after).collect(),
    }
}

/// Chooses when ilert resolves by itself.
pub(super) fn choose_auto_resolution(answers: &mut Answers, _: &Context, at: usize) {
    if at <= AutoResolution::ALL.len() {
        answers.source.for_me.auto_resolution =
            at.checked_sub(1).and_then(|at| AutoResolution::ALL.get(at)).copied();
    }
}

/// The alert sources of the name, and another one, as a choice.
pub(super) fn existing(answers: &Answers, context: &Context) -> Choice {
    let named = named(answers, context);
    let use_it = |source: &&AlertSource| {
        let policy = source.escalation_policy.as_ref().filter(|policy| !policy.name.trim().is_empty());
        let called = policy.map(|policy| format!(" (calls {})", policy.name));
        format!("use the one with id {}{}", source.id, called.unwrap_or_default())
    };
    let selected = match wanted(answers, context) {
        Wanted::This(id) => named.iter().position(|source| source.id == id).unwrap_or(0),
        Wanted::New { .. } => named.len(),
    };
    let another = "create another with this name".to_owned();
    Choice { selected, options: named.iter().map(use_it).chain([another]).collect() }
}

/// Chooses one of the alert sources of the name, or another one.
pub(super) fn choose_existing(answers: &mut Answers, context: &Context, at: usize) {
    let ids: Vec<i64> = named(answers, context).iter().map(|source| source.id).collect();
    if at <= ids.len() {
        answers.source.for_me.chosen =
            Some(ids.get(at).map_or(AlertSourceChoice::New, |id| AlertSourceChoice::This(*id)));
    }
}
