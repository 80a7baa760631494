//! *Preview*: what ilert will show and get, and the templates that make it.

pub mod page;

use super::configuration::config;
use super::{agent, key};
use crate::alert::{AlertDetails, Status};
use crate::config::{Config, Notify, Templates};
use crate::ilert::Event;
use crate::payload::{
    Action, KeyKind, Notice, Rendered, Renderer, ResolveReason, Subject, TemplateError, Which, samples,
};
use crate::preview::{MaskedEvent, MaskedKey};
use crate::wizard::answers::{Answers, TemplateChoice};
use crate::wizard::context::Context;
use crate::wizard::form::{Access, Control, Evidence, Row, StepProblem, field, one_of};
use crate::wizard::memo::Memo;

impl Control {
    /// The payloads. Which of them is shown, and copied, is no answer: the model knows it.
    pub const PAYLOAD: Self = Self { row: &Row::new("payload", "Payload", Access::Look), at: 0 };
    /// Built-in templates or one's own.
    pub const TEMPLATES: Self =
        Self { row: &Row::new("templates", "Templates", one_of!(preview.words)).check(do_render), at: 0 };
    /// Template of the summary.
    pub const SUMMARY: Self =
        Self { row: &Row::new("summary", "Summary", field!(Area: preview.summary)), at: 0 };
    /// Template of the details.
    pub const DETAILS: Self =
        Self { row: &Row::new("details", "Details", field!(Area: preview.details)), at: 0 };
}

/// At most so many alerts are shown; the rest look the same.
pub const MOST: usize = 50;

/// One payload.
#[derive(Clone, Debug)]
pub struct Payload {
    /// Which of how many, and what it does: "2 of 5: RESOLVE".
    pub title: String,
    /// The event.
    pub event: Event,
    /// The event as JSON, the key masked.
    pub json: String,
    /// What is wrong with the templates, where the event is the built-in minimal one.
    pub problem: Option<TemplateError>,
}

/// What is shown in turn: each raised alert and how it is resolved, then a node that goes and comes back, and a storm;
/// as far as these types of notification are chosen.
#[must_use]
pub fn notices(answers: &Answers, context: &Context) -> Vec<Notice> {
    let notify = answers.notification.notify;
    let all = all_notices(context);
    let mut chosen = all.clone();
    chosen.retain(|notice| is_chosen(notify, notice));
    // With no type chosen, nothing would be sent; *Notification* says so.
    if chosen.is_empty() { all } else { chosen }
}

/// Whether such a notice is sent where these types of notification are chosen.
fn is_chosen(notify: Notify, notice: &Notice) -> bool {
    match (&notice.action, notice.kind) {
        (Action::Resolve(_), KeyKind::Unreachable) => notify.reachable,
        (_, KeyKind::Unreachable) => notify.unreachable,
        (Action::Resolve(_), _) => notify.clear,
        (_, KeyKind::Critical) => notify.critical,
        (_, KeyKind::Warning) => notify.warning,
    }
}

fn all_notices(context: &Context) -> Vec<Notice> {
    let samples = samples(context.place.now);
    let raised = match &context.agent.notices {
        Some(Ok(notices)) if !notices.is_empty() => notices,
        _ => return samples,
    };
    let mut notices = Vec::new();
    for notice in raised.iter().take(MOST) {
        notices.push(notice.clone());
        if matches!(notice.action, Action::Alert(_)) && matches!(notice.subject, Subject::Alert(_)) {
            notices.push(cleared(notice));
        }
    }
    let node = notices.first().map(|notice| notice.subject.node().clone());
    // What real alerts do not show: nodes that come and go, and a storm.
    let others = samples.into_iter().filter(|notice| !matches!(notice.subject, Subject::Alert(_)));
    notices.extend(others.map(|notice| match &node {
        Some(node) if !notice.subject.is_storm() => Notice { subject: Subject::Node(node.clone()), ..notice },
        _ => notice,
    }));
    notices
}

/// How a raised alert would be resolved: cleared from what it is now, to a value that nobody knows yet.
fn cleared(raised: &Notice) -> Notice {
    let facts = AlertDetails {
        status: Status::Clear,
        old_status: Some(raised.facts.status),
        value: None,
        value_text: crate::text::Shown::default(),
        old_value: raised.facts.value,
        duration: None,
        ..raised.facts.clone()
    };
    Notice { action: Action::Resolve(ResolveReason::Cleared), facts, ..raised.clone() }
}

/// Whether the samples are shown, for want of real alerts.
#[must_use]
pub fn is_sample(context: &Context) -> bool {
    !matches!(&context.agent.notices, Some(Ok(notices)) if !notices.is_empty())
}

thread_local! {
    static RENDERED: Memo<(Config, String, Notice), Rendered> = const { Memo::new() };
}

/// The payload at a place among the [`notices`], or the last one.
#[must_use]
pub fn payload(answers: &Answers, context: &Context, at: usize) -> Option<Payload> {
    let notices = notices(answers, context);
    let at = at.min(notices.len().saturating_sub(1));
    let version = agent::probe(answers, context).map_or("", |probe| probe.agent.version.as_str());
    let question = (config(answers, context), version.to_owned(), notices.get(at)?.clone());
    let render =
        |(config, version, notice): &(Config, String, Notice)| Renderer::new(config, version).event(notice);
    let rendered = RENDERED.with(|memo| memo.answer(question, render));
    let key = MaskedKey::of(key::secret(answers, context).as_ref());
    let wire = MaskedEvent { event: &rendered.event, key: &key };
    let what = match serde_json::to_value(rendered.event.event_type) {
        Ok(serde_json::Value::String(kind)) => kind,
        _ => String::new(),
    };
    Some(Payload {
        title: format!("{} of {}: {what}", at + 1, notices.len()),
        json: serde_json::to_string_pretty(&wire).unwrap_or_default(),
        problem: rendered.problem,
        event: rendered.event,
    })
}

/// The payloads, and the templates where they are one's own. Netdata Cloud uses none.
#[must_use]
pub fn controls(answers: &Answers, _: &Context) -> Vec<Control> {
    if answers.is_cloud() {
        return vec![Control::PAYLOAD];
    }
    let mut controls = vec![Control::PAYLOAD, Control::TEMPLATES];
    if answers.preview.words == TemplateChoice::Own {
        controls.extend([Control::SUMMARY, Control::DETAILS]);
    }
    controls
}

/// Whether somebody looked at it. What Netdata Cloud will send nobody can see here.
#[must_use]
pub fn evidence(answers: &Answers, context: &Context) -> Evidence {
    if answers.is_cloud() {
        Evidence::Untried("what Netdata Cloud will send is not known here")
    } else if context.previewed {
        Evidence::Proven
    } else {
        Evidence::Untried("nobody has looked at it this time")
    }
}

/// What the menu says of it.
#[must_use]
pub fn holds(answers: &Answers, _: &Context) -> String {
    match answers.preview.words {
        TemplateChoice::BuiltIn => "built-in words",
        TemplateChoice::Own => "words of your own",
    }
    .to_owned()
}

thread_local! {
    static PROBLEMS: Memo<Templates, Option<TemplateError>> = const { Memo::new() };
}

/// Templates must render every kind of alert.
fn do_render(answers: &Answers, _: &Context) -> Result<(), StepProblem> {
    let check = |templates: &Templates| Renderer::check(templates).err();
    let Some(problem) = PROBLEMS.with(|memo| memo.answer(answers.preview.templates(), check)) else {
        return Ok(());
    };
    let control = match problem.which {
        Which::Summary => Control::SUMMARY,
        Which::Details => Control::DETAILS,
    };
    Err(StepProblem::new(control, problem.of(control.label())))
}
